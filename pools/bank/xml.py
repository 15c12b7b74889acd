"""Untrusted XML, parsed safely, and finding in it by local names.

No document type, no entities, bounded size, depth and number of entries. Banks differ in version
and namespace, so elements are found by their local name.
"""

import codecs
import re
from xml.etree.ElementTree import Element, ParseError, TreeBuilder
from xml.parsers.expat import errors as expat

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

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
    parser = DefusedXMLParser(
        target=_Bounded(), forbid_dtd=True, forbid_entities=True, forbid_external=True
    )
    parser.feed(data)
    root: Element = parser.close()
    return root


class _Bounded:
    """Builds the tree by local names, and stops at what is too deep or too much."""

    def __init__(self) -> None:
        self._builder = TreeBuilder()
        self._depth = self._entries = 0
        self.data = self._builder.data
        self.close = self._builder.close

    def start(self, tag: str, attributes: dict[str, str]) -> Element:
        """An element begins."""
        name = tag.rpartition("}")[2]
        self._depth += 1
        self._entries += name in {"Ntry", "TxDtls"}
        if self._depth > MOST_DEPTH:
            raise UnsafeXml(reason=f"> {MOST_DEPTH} levels")
        if self._entries > MOST_ENTRIES:
            raise FileTooLarge(most=f"{MOST_ENTRIES} lines")
        return self._builder.start(name, attributes)

    def end(self, tag: str) -> Element:
        """An element ends."""
        self._depth -= 1
        return self._builder.end(tag.rpartition("}")[2])


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


def children(node: Element, name: str) -> list[Element]:
    """Its children of that name."""
    return node.findall(name)


def walk(node: Element, path: str) -> list[Element]:
    """Every element at the end of the path, in order."""
    found = [node]
    for name in path.split("/"):
        found = [child for parent in found for child in parent.findall(name)]
        if not found:
            break
    return found


def one(node: Element, path: str) -> Element | None:
    """The first element at the end of the path."""
    found = walk(node, path)
    return found[0] if found else None


def text_of(node: Element) -> str:
    """Its text, every row of spaces one; empty where other elements stand inside it."""
    return "" if len(node) else " ".join((node.text or "").split())


def texts(node: Element, path: str) -> list[str]:
    """Every text at the end of the path, in order, each once; empty ones left out."""
    return list(dict.fromkeys(text for found in walk(node, path) if (text := text_of(found))))


def text(node: Element, *paths: str) -> str:
    """The first text at the end of the first path that has one."""
    for path in paths:
        for found in walk(node, path):
            if told := text_of(found):
                return told
    return ""


def compact(node: Element, *paths: str) -> str:
    """The first text without any spaces, as numbers of accounts and references are kept."""
    return text(node, *paths).replace(" ", "")
