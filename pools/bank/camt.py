"""Reads camt.053 statements and camt.054 notifications, versions 001.02 to 001.13.

Banks differ in version and namespace, so elements are found by their local name. A file is read
whole or refused: nothing half. Untrusted XML: no document type, no entities, bounded size, depth
and number of lines. Source: ISO 20022 message definitions; docs/how-to/import-a-bank-file.md.
"""

import hashlib
import io
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser
from defusedxml.ElementTree import iterparse as safe_iterparse

from pools.errors import FileTooLarge, NotFile, UnevenFile, UnsafeXml
from pools.money import MOST_MINOR

MOST_BYTES = 20 * 1024 * 1024
MOST_ENTRIES = 200_000
MOST_DEPTH = 64

_AMOUNT = re.compile(r"(?P<whole>[0-9]{1,15})(?:\.(?P<part>[0-9]{1,5}))?")


@dataclass(frozen=True, slots=True)
class Line:
    """One payment. `amount_minor` is signed: plus into the account, minus out of it."""

    key: str
    amount_minor: int
    currency: str
    booked_on: date
    value_on: date | None
    is_reversal: bool
    reference: str
    ordinal: int
    ocr: str
    message: str
    end_to_end: str
    payer_name: str
    payer_account: str
    is_named_by_bank: bool = True  # False: `key` comes from the content, the payer's name too.


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement or notification of one account. Balances only where the file tells them."""

    identification: str
    kind: str
    account: str
    currency: str
    opening_minor: int | None
    closing_minor: int | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class StatementFile:
    """A whole file."""

    message_id: str
    created_at: datetime | None
    statements: tuple[Statement, ...]


def read(data: bytes) -> StatementFile:
    """Read a file. Raises FileTooLarge, UnsafeXml, NotFile and UnevenFile; see `pools.errors`."""
    root = _parse(data)
    body = next(iter(root), None)
    if body is None or _name(body) not in {"BkToCstmrStmt", "BkToCstmrDbtCdtNtfctn"}:
        raise NotFile(reason="camt.053/camt.054?")
    created = _text(body, "GrpHdr/CreDtTm")
    return StatementFile(
        message_id=_text(body, "GrpHdr/MsgId"),
        created_at=_moment(created) if created else None,
        statements=tuple(_statement(node) for node in body if _name(node) in {"Stmt", "Ntfctn"}),
    )


def _parse(data: bytes) -> Element:
    if len(data) > MOST_BYTES:
        raise FileTooLarge(most="20 MiB")
    entries = 0
    try:
        # The parser forbids a document type before it reads any further.
        parser = DefusedXMLParser(forbid_dtd=True, forbid_entities=True, forbid_external=True)
        events = safe_iterparse(
            io.BytesIO(data), events=("start", "end"), parser=parser, forbid_dtd=True
        )
        # A file with no element is a ParseError already, so there is a first one: the root.
        root: Element = next(events)[1]
        depth = 1
        for event, node in events:
            if event == "start":
                depth += 1
                entries += _name(node) in {"Ntry", "TxDtls"}
                if depth > MOST_DEPTH:
                    raise UnsafeXml(reason=f"> {MOST_DEPTH} levels")
                if entries > MOST_ENTRIES:
                    raise FileTooLarge(most=f"{MOST_ENTRIES} lines")
            else:
                depth -= 1
    except DefusedXmlException as error:
        raise UnsafeXml(reason=type(error).__name__) from error
    except (ParseError, UnicodeDecodeError, ValueError) as error:
        place = getattr(error, "position", (1, 0))
        raise NotFile(reason=f"XML {place[0]}:{place[1]}") from error
    return root


def _statement(node: Element) -> Statement:
    kind = "053" if _name(node) == "Stmt" else "054"
    account = _text(node, "Acct/Id/IBAN") or _text(node, "Acct/Id/Othr/Id")
    seen: dict[str, int] = defaultdict(int)
    lines = tuple(
        line
        for entry in _all(node, "Ntry")
        if _status(entry) == "BOOK"
        for line in _lines(entry, account, seen)
    )
    statement = Statement(
        identification=_text(node, "Id"),
        kind=kind,
        account=account.replace(" ", ""),
        currency=_text(node, "Acct/Ccy"),
        opening_minor=_balance(node, "OPBD"),
        closing_minor=_balance(node, "CLBD"),
        lines=lines,
    )
    _refuse_uneven(statement)
    return statement


def _refuse_uneven(statement: Statement) -> None:
    if statement.opening_minor is None or statement.closing_minor is None:
        return
    moved = sum(line.amount_minor for line in statement.lines)
    if statement.opening_minor + moved != statement.closing_minor:
        raise UnevenFile(
            reason=f"{statement.opening_minor} + {moved} ≠ {statement.closing_minor} (öre)"
        )


def _status(entry: Element) -> str:
    """Text in version 02, a code inside later. A notification may leave it out: booked."""
    return _text(entry, "Sts/Cd") or _text(entry, "Sts") or "BOOK"


def _lines(entry: Element, account: str, seen: dict[str, int]) -> Iterator[Line]:
    """The payments of an entry: one, or a batch split into its parts."""
    total, currency = _amount(_one(entry, "Amt"))
    sign = -1 if _text(entry, "CdtDbtInd") == "DBIT" else 1
    details = [tx for block in _all(entry, "NtryDtls") for tx in _all(block, "TxDtls")]
    if len(details) > 1:
        parts = [_amount(_detail_amount(detail)) for detail in details]
        if sum(amount for amount, _ in parts) != total:
            raise UnevenFile(reason=f"{_text(entry, 'AcctSvcrRef')}: {total} (öre)")
    else:
        details = details or [entry]
        parts = [(total, currency)]
    reference = _text(entry, "AcctSvcrRef")
    for ordinal, (detail, (amount, of_currency)) in enumerate(
        zip(details, parts, strict=True), start=1
    ):
        own = reference or _text(detail, "Refs/AcctSvcrRef")
        yield _line(entry, detail, sign * amount, of_currency, own, ordinal, account, seen)


def _line(
    entry: Element,
    detail: Element,
    amount: int,
    currency: str,
    reference: str,
    ordinal: int,
    account: str,
    seen: dict[str, int],
) -> Line:
    booked_on = _day(entry, "BookgDt") or _day(entry, "ValDt")
    if booked_on is None or amount == 0:
        raise NotFile(reason="BookgDt/Amt")
    ocr = _text(detail, "RmtInf/Strd/CdtrRefInf/Ref").replace(" ", "")
    messages = [part.text.strip() for part in _walk(detail, "RmtInf/Ustrd") if part.text]
    payer = "Dbtr" if amount > 0 else "Cdtr"
    name = _text(detail, f"RltdPties/{payer}/Nm") or _text(detail, f"RltdPties/{payer}/Pty/Nm")
    payer_account = _text(detail, f"RltdPties/{payer}Acct/Id/IBAN") or _text(
        detail, f"RltdPties/{payer}Acct/Id/Othr/Id"
    )
    end_to_end = _text(detail, "Refs/EndToEndId")
    is_named_by_bank = True
    if not reference:
        # No bank reference: content names it, and equal payments are told apart by their order.
        content = [booked_on.isoformat(), str(amount), currency, ocr, end_to_end, *messages]
        reference = hashlib.sha256("\n".join([*content, name]).encode()).hexdigest()[:24]
        seen[reference] += 1
        ordinal = seen[reference]
        is_named_by_bank = False
    return Line(
        is_named_by_bank=is_named_by_bank,
        key=f"camt:{account.replace(' ', '')}:{reference}:{ordinal}"[:200],
        amount_minor=amount,
        currency=currency,
        booked_on=booked_on,
        value_on=_day(entry, "ValDt"),
        is_reversal=_text(entry, "RvslInd") == "true",
        reference=reference,
        ordinal=ordinal,
        ocr=ocr,
        message=" ".join(messages),
        end_to_end=end_to_end,
        payer_name=name,
        payer_account=payer_account,
    )


def _detail_amount(detail: Element) -> Element | None:
    found = _one(detail, "AmtDtls/TxAmt/Amt")
    return found if found is not None else _one(detail, "Amt")


def _amount(node: Element | None) -> tuple[int, str]:
    """(öre ≥ 0, currency). More than two decimals must be zeros."""
    found = _AMOUNT.fullmatch((node.text or "").strip()) if node is not None else None
    if found is None or node is None:
        raise NotFile(reason="Amt")
    part = (found["part"] or "").ljust(2, "0")
    if part[2:].strip("0"):
        raise NotFile(reason=f"Amt {node.text}")
    minor = int(found["whole"]) * 100 + int(part[:2])
    if minor > MOST_MINOR:
        raise NotFile(reason="Amt")
    return minor, node.get("Ccy", "")


def _balance(node: Element, code: str) -> int | None:
    for balance in _all(node, "Bal"):
        if _text(balance, "Tp/CdOrPrtry/Cd") == code:
            amount, _ = _amount(_one(balance, "Amt"))
            return -amount if _text(balance, "CdtDbtInd") == "DBIT" else amount
    return None


def _day(node: Element, name: str) -> date | None:
    text = _text(node, f"{name}/Dt") or _text(node, f"{name}/DtTm")
    return _moment(text).date() if text else None


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise NotFile(reason=f"date {text}") from error


def _name(node: Element) -> str:
    return str(node.tag).rpartition("}")[2]


def _all(node: Element, name: str) -> Iterator[Element]:
    return (child for child in node if _name(child) == name)


def _walk(node: Element, path: str) -> list[Element]:
    found = [node]
    for name in path.split("/"):
        found = [child for parent in found for child in _all(parent, name)]
    return found


def _one(node: Element, path: str) -> Element | None:
    return next(iter(_walk(node, path)), None)


def _text(node: Element, path: str) -> str:
    found = _one(node, path)
    return (found.text or "").strip() if found is not None else ""
