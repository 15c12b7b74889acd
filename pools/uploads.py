"""Files as they were received: kept under `DATA_DIR` by the SHA-256 of their bytes.

A file is written whole before anything points at it, and is never overwritten. One that nothing
points at, since the transaction that received it failed, is harmless and serves the next attempt.
"""

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings


def keep(data: bytes) -> str:
    """Keep the bytes, whole and on disk, and return their SHA-256 in hex."""
    sha256 = hashlib.sha256(data).hexdigest()
    place = path_of(sha256)
    if place.exists():
        return sha256
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=f".part-{sha256}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _put(Path(name), place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    for left in place.parent.glob(f".part-{sha256}-*"):
        left.unlink(missing_ok=True)  # Of a process that was killed.
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return sha256


def _put(part: Path, place: Path) -> None:
    """Two who keep the same bytes at once: the first may have tidied the second's part away."""
    try:
        part.replace(place)
    except FileNotFoundError:
        if not place.exists():
            raise


def read(sha256: str) -> bytes | None:
    """The bytes, or None where they are not kept here (a story's file, a lost disk)."""
    try:
        return path_of(sha256).read_bytes()
    except FileNotFoundError:
        return None


def path_of(sha256: str) -> Path:
    """Where the file lies: two letters to a folder. Raises ValueError for what is no SHA-256."""
    if len(sha256) != 64 or set(sha256) - set("0123456789abcdef"):
        raise ValueError("that is no SHA-256")
    return Path(settings.DATA_DIR) / "uploads" / sha256[:2] / sha256
