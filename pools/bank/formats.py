"""What a file is that is no camt.053 or camt.054, told before anything tries to read it.

People send what their bank's web service gave them: a zip, a PDF, a table, the login page. Each
gets one sentence that says what it is and what to fetch instead. Only the beginning is looked at,
and nothing is unpacked or parsed.
"""

import re

from pools.bank.xml import trimmed
from pools.errors import (
    BgMaxFile,
    BookkeepingFile,
    EmptyFile,
    InterimReport,
    JsonFile,
    NotFile,
    OtherMessage,
    PackedFile,
    PaperFile,
    PaymentFile,
    Refused,
    SheetFile,
    SwiftFile,
    TableFile,
    WebPage,
)

_HEAD = 16 * 1024
_OURS = ("BkToCstmrStmt", "BkToCstmrDbtCdtNtfctn")
_PACKED = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\x1f\x8b",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
    b"BZh",
)
_SHEET = (b"xl/", b"[Content_Types].xml", b"opendocument.spreadsheet")
_OLD_SHEET = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The element that each message of ISO 20022 holds; some files come without their namespace.
_INTERIM = "BkToCstmrAcctRpt"
_PAYMENTS = {
    "CstmrCdtTrfInitn": "pain.001",
    "CstmrPmtStsRpt": "pain.002",
    "CstmrPmtRvsl": "pain.007",
    "CstmrDrctDbtInitn": "pain.008",
}
_MESSAGE = re.compile(
    r"(?:xsd:|[\"':/])((?:pain|pacs|camt|auth|acmt|head|admi)\.[0-9]{3})\.[0-9]{3}"
)
_ELEMENT = re.compile(r"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")
_PAGE = re.compile(r"<!doctype\s+html|<html[\s>]|<head>|<body[\s>]", re.IGNORECASE)
_JSON = re.compile(r"\{\s*(?:\"|\}\s*$)|\[\s*(?:[\[{\"\]]|-?[0-9])")
_SWIFT = (re.compile(r"^:20:", re.MULTILINE), re.compile(r"^:2[58][A-Z]?:", re.MULTILINE))
_SIE = re.compile(r"#(?:FLAGGA|SIETYP|PROGRAM|FORMAT)\b")
_ROW = re.compile(r"[^;\n]*;[^;\n]*;|[^\t\n]*\t[^\t\n]*\t|[^,\n]*,[^,\n]*,")


def describe(data: bytes) -> Refused | None:
    """The refusal that says what the file is; None for camt.053, camt.054 and what is unknown."""
    packed = _packed(data)
    if packed is not None:
        return packed
    text = _head(data)
    if not text.strip("\ufeff \t\r\n\0\x1a"):
        return EmptyFile()
    return _xml(data, text) if text.startswith("<") else _plain(text)


def _packed(data: bytes) -> NotFile | None:
    if data.startswith(_OLD_SHEET):
        return SheetFile()
    if data.startswith(_PACKED):
        return (
            SheetFile()
            if any(word in data[:_HEAD] + data[-_HEAD:] for word in _SHEET)
            else PackedFile()
        )
    return PaperFile() if b"%PDF-" in data[:1024] else None


def _head(data: bytes) -> str:
    """The beginning as text; letters beyond ASCII do not matter here."""
    head = trimmed(data[: 2 * _HEAD])
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(mark):
            return head[2:].decode(encoding, "replace").lstrip()
    if head[:1] == b"<" and head[1:2] == b"\0":
        return head.decode("utf-16-le", "replace")
    if head[:2] == b"\0<":
        return head.decode("utf-16-be", "replace")
    return head.decode("latin-1")


def _xml(data: bytes, text: str) -> NotFile | None:
    if any(_holds(data, name) for name in _OURS):
        return None
    if _PAGE.search(text) and "<Document" not in text:
        return WebPage()
    if "<!DOCTYPE" in text:
        return None  # The parser refuses it, and says why.
    elements = _ELEMENT.findall(text)
    named = _MESSAGE.findall(text)
    name = next((n for n in named if not n.startswith("head")), "")
    if _INTERIM in elements or name == "camt.052":
        return InterimReport()
    for element, message in _PAYMENTS.items():
        if element in elements:
            return PaymentFile(name=message)
    if name.startswith("pain"):
        return PaymentFile(name=name)
    if name in {"camt.053", "camt.054"} or not elements or set(elements) == {"Document"}:
        return None
    return OtherMessage(name=name or elements[0][:40])


def _holds(data: bytes, name: str) -> bool:
    """Anywhere, since a header before it may be long; also in UTF-16."""
    return any(name.encode(encoding) in data for encoding in ("ascii", "utf-16-le", "utf-16-be"))


def _plain(text: str) -> NotFile | None:
    if text.startswith("01BGMAX"):
        return BgMaxFile()
    if text.startswith("{1:F01") or all(field.search(text) for field in _SWIFT):
        return SwiftFile()
    if _SIE.match(text):
        return BookkeepingFile()
    if _JSON.match(text):
        return JsonFile()
    if _PAGE.search(text):
        return WebPage()
    is_text = not re.search(r"[\x00-\x08\x0e-\x19]", text)
    rows = [row for row in text.splitlines()[:40] if row.strip()]
    table = sum(_ROW.match(row) is not None for row in rows)
    return TableFile() if is_text and 2 * table >= len(rows) else None
