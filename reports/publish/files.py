"""What is carried away and can be checked anywhere: `signed.json`, and the paper it lies in.

`signed.json` holds the signed text to the letter, so nothing is rebuilt before it is verified. A
PDF gets a last line of its own, after its end, with a signature over all that comes before: a
paper whose print was changed is found even if the file inside was not.
"""

import json
import re
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from typing import Any

from pools.models import Entry, Ledger
from reports.models import PublicationRevision
from reports.publish.freeze import TYPE, Content
from reports.publish.signature import Signed, canonical, holds, our_keys, sign

FILE_TYPE = "byakassan.signed/1"
PAPER_TYPE = "byakassan.paper/1"
MOST_BYTES = 8 << 20
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_SEAL = re.compile(rb"%byakassan\.paper/1 ([0-9a-f]{64}) ([0-9a-f]{128})\n\Z")


class Unreadable(ValueError):
    """Neither a signed file of ours nor a paper that holds one."""


class Verdict(Enum):
    """What can be said of a file: which field was changed cannot be known."""

    GENUINE = "genuine"
    CHANGED = "changed"
    NOT_OURS = "not-ours"


@dataclass(frozen=True)
class SignedFile:
    """A signed text as it was carried here; `is_whole` False for a paper that was changed."""

    signed: Signed
    is_whole: bool = True

    @property
    def content(self) -> Content:
        """What is signed. Raises Unreadable where it is no publication."""
        try:
            content = json.loads(self.signed.text)
        except ValueError as stray:
            raise Unreadable from stray
        if not isinstance(content, dict) or content.get("type") != TYPE:
            raise Unreadable
        return content


def signed_file(revision: PublicationRevision, verify: str) -> bytes:
    """`signed.json`: the text that is signed, its signature and key, and where to verify it."""
    told = {
        "type": FILE_TYPE,
        "algorithm": "Ed25519",
        "key": revision.key,
        "signature": revision.signature,
        "signed": revision.signed,
        "verify": verify,
    }
    return canonical(told).encode() + b"\n"


def seal_paper(pdf: bytes) -> bytes:
    """The PDF with its last line: a comment to readers of PDFs, a seal to us."""
    seal = sign(_paper_text(pdf))
    return pdf + f"%{PAPER_TYPE} {seal.key} {seal.signature}\n".encode()


def read_file(data: bytes) -> SignedFile:
    """Read `signed.json` or a paper. Raises Unreadable for anything else."""
    if len(data) > MOST_BYTES:
        raise Unreadable
    if data.lstrip()[:5] == b"%PDF-":
        return _read_paper(data)
    return SignedFile(_read_json(data))


def check_file(file: SignedFile, keys: Collection[str] | None = None) -> Verdict:
    """Whether it is genuine. `keys`: public keys that count as ours (None: those we know)."""
    if not holds(file.signed) or not file.is_whole:
        return Verdict.CHANGED
    known = our_keys() if keys is None else {key.lower() for key in keys}
    return Verdict.GENUINE if file.signed.key.lower() in known else Verdict.NOT_OURS


def verdict_on(data: bytes, keys: Collection[str] | None = None) -> tuple[Verdict, Content]:
    """Both in one: what can be said of a file, and what it says. Raises Unreadable."""
    file = read_file(data)
    return check_file(file, keys), file.content


def wrong_heads(content: Content) -> list[str]:
    """Ledgers whose entry of the number named in a publication has another seal here, or is
    missing. Ledgers that are not here at all are left out. Two queries.
    """
    heads = {head["ledger"]: head for head in content["heads"]}
    here = set(Ledger.objects.filter(code__in=heads).values_list("code", flat=True))
    numbers = {head["seq"] for head in heads.values()}
    entries = Entry.objects.filter(ledger__code__in=here, seq__in=numbers)
    seals = {
        (code, seq): seal for code, seq, seal in entries.values_list("ledger__code", "seq", "seal")
    }
    return sorted(c for c in here if seals.get((c, heads[c]["seq"])) != heads[c]["seal"])


def _paper_text(pdf: bytes) -> str:
    return f"{PAPER_TYPE} {sha256(pdf).hexdigest()}"


def _read_json(data: bytes) -> Signed:
    try:
        told: Any = json.loads(data)
    except (ValueError, RecursionError) as stray:
        raise Unreadable from stray
    names = ("signed", "signature", "key")
    is_ours = isinstance(told, dict) and told.get("type") == FILE_TYPE
    if not is_ours or not all(isinstance(told.get(name), str) for name in names):
        raise Unreadable
    return Signed(*(told[name] for name in names))


def _read_paper(data: bytes) -> SignedFile:
    """The attached file, found without a reader of PDFs, and whether the paper is as we made it."""
    seal = _SEAL.search(data)
    pdf = data[: seal.start()] if seal else data
    is_whole = bool(
        seal
        and seal[1].decode() in our_keys()
        and holds(Signed(_paper_text(pdf), seal[2].decode(), seal[1].decode()))
    )
    for stream in _streams(pdf):
        try:
            return SignedFile(_read_json(stream), is_whole)
        except Unreadable:
            continue
    raise Unreadable


def _streams(pdf: bytes) -> Iterator[bytes]:
    """Streams that may be JSON, unpacked up to our limit: a bomb stays folded."""
    for found in _STREAM.finditer(pdf):
        try:
            opened = zlib.decompressobj().decompress(found[1], MOST_BYTES)
        except zlib.error:
            opened = found[1]
        if opened.startswith(b"{"):
            yield opened
