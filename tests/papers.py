"""Reading a PDF back: by poppler where it is found, else just enough of the format."""

import re
import shutil
import subprocess
import zlib

PDFTOTEXT = shutil.which("pdftotext")


def pages(pdf: bytes) -> list[str]:
    """The text of each page, white space squeezed."""
    if not PDFTOTEXT:
        return plain_pages(pdf)
    command = [PDFTOTEXT, "-layout", "-", "-"]
    told = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()
    return [" ".join(page.split()) for page in told.split("\f")[:-1]]


def plain_pages(pdf: bytes) -> list[str]:
    """Each page's pieces of text, told in the letters of every font: one of them is right."""
    streams = opened(pdf)
    fonts = [_letters(stream) for stream in streams if b"beginbfchar" in stream]
    told = []
    for stream in streams:
        if b"] TJ" in stream:
            pieces = [re.findall(rb"<(\w+)>", p) for p in re.findall(rb"\[(.*?)\] TJ", stream)]
            words = ["".join(f.get(glyph, "") for glyph in p) for p in pieces for f in fonts]
            told.append(" ".join(" ".join(words).split()))
    return told


def opened(pdf: bytes) -> list[bytes]:
    """Every stream of a PDF, decompressed."""
    found = re.finditer(rb"stream\r?\n(.*?)\nendstream", pdf, re.DOTALL)
    return [_inflated(stream[1]) for stream in found]


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return stream


def _letters(stream: bytes) -> dict[bytes, str]:
    pairs = re.findall(rb"<(\w{4})> <(\w+)>", stream)
    return {glyph: bytes.fromhex(text.decode()).decode("utf-16-be") for glyph, text in pairs}
