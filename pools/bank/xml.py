"""Untrusted XML, parsed safely, and finding in it by local names.

No document type, no entities, bounded size, depth and number of entries. Banks differ in version
and namespace, so elements are found by their local name.
"""

import codecs
import io
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError
from xml.parsers.expat import errors as expat

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser
from defusedxml.ElementTree import iterparse as safe_iterparse

from pools.errors import CutFile, FileTooLarge, NotFile, UnsafeXml, WrongEncoding

MOST_BYTES = 20 * 1024 * 1024
MOST_ENTRIES = 200_000
MOST_DEPTH = 64

_SPACE = b" \t\r\n"
_UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_ONE_BYTE = ("ISO-8859", "ISO8859", "WINDOWS-125", "CP125", "LATIN")
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_CUT = {
    expat.codes[text]
    for text in (
        expat.XML_ERROR_NO_ELEMENTS,
        expat.XML_ERROR_UNCLOSED_TOKEN,
        expat.XML_ERROR_UNCLOSED_CDATA_SECTION,
        expat.XML_ERROR_PARTIAL_CHAR,
    )
}
_ENCODING = {
    expat.codes[text]
    for text in (expat.XML_ERROR_UNKNOWN_ENCODING, expat.XML_ERROR_INCORRECT_ENCODING)
}


def parse(data: bytes) -> Element:
    """The root. Raises FileTooLarge, UnsafeXml, WrongEncoding, CutFile or NotFile."""
    if len(data) > MOST_BYTES:
        raise FileTooLarge(most="20 MiB")
    data = trimmed(data)
    _refuse_wrong_encoding(data)
    try:
        return _root(data)
    except DefusedXmlException as error:
        raise UnsafeXml(reason=type(error).__name__) from error
    except ParseError as error:
        if error.code in _CUT:
            raise CutFile(line=error.position[0]) from error
        if error.code in _ENCODING:
            raise WrongEncoding(declared=_declared(data)) from error
        raise NotFile(reason=f"XML {error.position[0]}:{error.position[1]}") from error
    except (LookupError, ValueError) as error:  # An encoding that Python does not know either.
        raise WrongEncoding(declared=_declared(data)) from error


def trimmed(data: bytes) -> bytes:
    """Without what may stand before the declaration but must not: marks, spaces, line breaks."""
    for mark, order in _UTF_16.items():
        if data.startswith(mark):
            spaces = {sign.encode(order) for sign in "\ufeff \t\r\n"}
            start = 2
            while data[start : start + 2] in spaces:
                start += 2
            return mark + data[start:]
    return data.lstrip(_SPACE).removeprefix(codecs.BOM_UTF8).lstrip(_SPACE)


def _root(data: bytes) -> Element:
    # The parser forbids a document type before it reads any further.
    parser = DefusedXMLParser(forbid_dtd=True, forbid_entities=True, forbid_external=True)
    events = safe_iterparse(
        io.BytesIO(data), events=("start", "end"), parser=parser, forbid_dtd=True
    )
    # A file with no element is a ParseError already, so there is a first one: the root.
    root: Element = next(events)[1]
    entries, depth = 0, 1
    for event, node in events:
        if event == "end":
            depth -= 1
            continue
        depth += 1
        entries += local_name(node) in {"Ntry", "TxDtls"}
        if depth > MOST_DEPTH:
            raise UnsafeXml(reason=f"> {MOST_DEPTH} levels")
        if entries > MOST_ENTRIES:
            raise FileTooLarge(most=f"{MOST_ENTRIES} lines")
    return root


def _refuse_wrong_encoding(data: bytes) -> None:
    """A file whose bytes are not in the encoding it declares would lose its å, ä and ö."""
    if data.startswith(tuple(_UTF_16)) or b"\0" in data[:2]:
        return  # The parser itself checks both kinds of UTF-16.
    declared = _declared(data)
    is_utf_8 = _is_utf_8(data)
    if declared == "UTF-8" and not is_utf_8:
        raise WrongEncoding(declared=declared)
    if declared.startswith("UTF-16"):
        raise WrongEncoding(declared=declared)
    # Å in UTF-8 would be read as two other letters, and what is no ASCII is seldom both.
    if declared.startswith(_ONE_BYTE) and is_utf_8 and not data.isascii():
        raise WrongEncoding(declared=declared)


def _is_utf_8(data: bytes) -> bool:
    try:
        codecs.utf_8_decode(data, "strict", False)  # A last letter may have been cut off.
    except UnicodeDecodeError:
        return False
    return True


def _declared(data: bytes) -> str:
    found = _DECLARED.match(data)
    return (found[1].decode("ascii") if found else "UTF-8").upper()


def local_name(node: Element) -> str:
    """The name without its namespace."""
    return str(node.tag).rpartition("}")[2]


def children(node: Element, name: str) -> Iterator[Element]:
    """Its children of that name."""
    return (child for child in node if local_name(child) == name)


def walk(node: Element, path: str) -> list[Element]:
    """Every element at the end of the path, in order."""
    found = [node]
    for name in path.split("/"):
        found = [child for parent in found for child in children(parent, name)]
    return found


def one(node: Element, path: str) -> Element | None:
    """The first element at the end of the path."""
    return next(iter(walk(node, path)), None)


def text_of(node: Element) -> str:
    """Its text, every row of spaces one; empty where other elements stand inside it."""
    return "" if len(node) else " ".join((node.text or "").split())


def texts(node: Element, path: str) -> list[str]:
    """Every text at the end of the path, in order, each once; empty ones left out."""
    return list(dict.fromkeys(text for found in walk(node, path) if (text := text_of(found))))


def text(node: Element, *paths: str) -> str:
    """The first text at the end of the first path that has one."""
    return next((found[0] for path in paths if (found := texts(node, path))), "")


def compact(node: Element, *paths: str) -> str:
    """The first text without any spaces, as numbers of accounts and references are kept."""
    return text(node, *paths).replace(" ", "")
