"""Reads camt.053 statements and camt.054 notifications, versions 001.02 to 001.13.

A sign or an amount is never guessed: such an entry is not taken, and where the balances would not
hold without it the whole file is refused with the entry named. One odd entry costs no other.
Source: ISO 20022 message definitions; docs/how-to/import-a-bank-file.md.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from xml.etree.ElementTree import Element

from pools.bank import amounts
from pools.bank.balances import Balances, balances, unit_of
from pools.bank.days import to_day, to_moment
from pools.bank.formats import describe
from pools.bank.parts import details_of, parts_of
from pools.bank.statements import Line, Note, Part, Statement, StatementFile
from pools.bank.xml import MOST_BYTES, children, compact, parse, text, texts
from pools.errors import (
    DayFromStatement,
    DayFromValue,
    FileTooLarge,
    NoAmount,
    NoDay,
    NoDirection,
    NotFile,
    NothingMoved,
    NothingMovedInAll,
    OtherCurrency,
    PartsUneven,
    Refused,
    UnevenFile,
    UnknownStatus,
    UnreadEntry,
)
from pools.money import format_minor

__all__ = ["MOST_BYTES", "Line", "Note", "Part", "Statement", "StatementFile", "read"]

_BODIES = {"BkToCstmrStmt", "BkToCstmrDbtCdtNtfctn"}
_KINDS = {"Stmt": "053", "Ntfctn": "054"}
_NOT_YET_BOOKED = {"PDNG", "INFO", "FUTR"}
_MOST_LABEL = 80


def read(data: bytes) -> StatementFile:
    """Read a file. Raises FileTooLarge, UnsafeXml, NotFile and UnevenFile and their children."""
    if len(data) > MOST_BYTES:
        raise FileTooLarge(most="20 MiB")
    other = describe(data)
    if other is not None:
        raise other
    root = parse(data)
    bodies = [node for node in root.iter() if node.tag in _BODIES]
    if not bodies:
        raise NotFile(reason="camt.053/camt.054?")
    found = [(body, node) for body in bodies for node in body if node.tag in _KINDS]
    if sum(len(children(node, "Ntry")) for _body, node in found) != len(list(root.iter("Ntry"))):
        raise NotFile(reason="Ntry?")  # One that stands elsewhere would be lost.
    created = text(bodies[0], "GrpHdr/CreDtTm")
    positions = count(1)
    return StatementFile(
        message_id=text(bodies[0], "GrpHdr/MsgId"),
        created_at=to_moment(created),
        statements=tuple(
            _statement(node, text(body, "GrpHdr/CreDtTm"), positions) for body, node in found
        ),
    )


@dataclass(slots=True)
class _Entry:
    """A booked entry while it is read: `odd` says why it cannot be taken."""

    node: Element
    position: int
    amount_minor: int = 0
    currency: str = ""
    odd: Refused | None = None
    notes: list[Note] = field(default_factory=list)

    @property
    def label(self) -> str:
        """What a person finds the entry by."""
        told = [
            text(self.node, "AcctSvcrRef") or text(self.node, "NtryRef"),
            text(self.node, "Amt"),
        ]
        told += [
            *texts(self.node, "AddtlNtryInf"),
            *texts(self.node, "NtryDtls/TxDtls/RmtInf/Ustrd"),
        ]
        return " · ".join(word for word in told if word)[:_MOST_LABEL] or "—"


@dataclass(frozen=True, slots=True)
class _About:
    """What a statement lends its entries."""

    account: str
    last_day: date | None


def _statement(node: Element, file_created: str, positions: Iterator[int]) -> Statement:
    account = compact(
        node, *(f"Acct/Id/{path}" for path in ("IBAN", "Othr/Id", "BBAN", "PrtryAcct/Id"))
    )
    currency = text(node, "Acct/Ccy") or unit_of(node)
    entries = [_entry(child, next(positions), currency) for child in children(node, "Ntry")]
    booked = [entry for entry in entries if entry is not None]
    moved: Counter[str] = Counter()
    for entry in booked:
        if entry.currency:
            moved[entry.currency] += entry.amount_minor
    told = balances(node, currency=currency, moved=moved)
    created = text(node, "CreDtTm")
    to_on = to_day(text(node, "FrToDt/ToDtTm", "FrToDt/ToDt"), is_end=True)
    closes_on = told.closing.on if told.closing else None
    last_day = closes_on or to_on or to_day(created) or to_day(file_created)
    lines = [_line(entry, _About(account, last_day)) for entry in booked]
    _refuse_broken(told, booked)
    return Statement(
        identification=text(node, "Id"),
        kind=_KINDS[node.tag],
        account=account,
        currency=told.currency or _only(moved),
        opening_minor=told.opening.amount_minor if told.opening else None,
        opens_on=told.opening.on if told.opening else None,
        closing_minor=told.closing.amount_minor if told.closing else None,
        closes_on=closes_on or to_on,
        lines=tuple(line for line in lines if line),
        notes=tuple(note for entry in booked for note in entry.notes),
        created_at=to_moment(created),
        from_on=to_day(text(node, "FrToDt/FrDtTm", "FrToDt/FrDt")),
        to_on=to_on,
    )


def _only(moved: Counter[str]) -> str:
    """The currency of the entries, where they share one."""
    return next(iter(moved)) if len(moved) == 1 else ""


def _entry(node: Element, position: int, own_currency: str) -> _Entry | None:
    """A booked entry with its sign and amount, or what is odd; None for what is not yet booked."""
    entry = _Entry(node, position)
    told = _status(node)
    if told in _NOT_YET_BOOKED:
        return None
    if told != "BOOK":
        entry.notes.append(Note(position, UnknownStatus(text=entry.label, told=told)))
        return entry
    found, sign = amounts.amount(node), amounts.sign(node)
    currency = (found.currency or own_currency) if found else ""
    if found is None or not currency:
        entry.odd = NoAmount(text=entry.label, told=" ".join(texts(node, "Amt")) or "—")
    elif found.amount_minor and sign is None:
        entry.odd = NoDirection(text=entry.label, told=" ".join(texts(node, "CdtDbtInd")) or "—")
    else:
        entry.amount_minor, entry.currency = found.amount_minor * (sign or 1), currency
    return entry


def _status(node: Element) -> str:
    """Text in version 02, a code inside later. A notification may leave it out: booked."""
    told = (" ".join(texts(node, path)) for path in ("Sts/Cd", "Sts", "Sts/Prtry"))
    return next(filter(None, told), "BOOK")


def _refuse_broken(told: Balances, booked: list[_Entry]) -> None:
    """Refuse a file whose balances would not hold without what was not taken."""
    if told.holds is None or told.opening is None or told.closing is None:
        return
    for entry in booked:
        if entry.odd is not None:
            raise UnreadEntry(entry=entry.position, reason=entry.odd)
    if told.holds:
        return
    for entry in booked:
        if entry.amount_minor and entry.currency != told.currency:
            reason: Refused = OtherCurrency(
                text=entry.label, currency=entry.currency, own=told.currency
            )
            raise UnreadEntry(entry=entry.position, reason=reason)
    for entry in booked:
        for note in entry.notes:
            if isinstance(note.reason, UnknownStatus):
                raise UnreadEntry(entry=entry.position, reason=note.reason)
    start, end = (format_minor(b.amount_minor, scale=2) for b in (told.opening, told.closing))
    moved = sum(entry.amount_minor for entry in booked if entry.currency == told.currency)
    step = format_minor(moved, scale=2)
    raise UnevenFile(reason=f"{start} + {step} ≠ {end} {told.currency}")


def _line(entry: _Entry, about: _About) -> Line | None:
    """The line of a booked entry; None for one that is not taken, with a note that says why."""
    if not entry.notes and entry.odd is None and entry.amount_minor == 0:
        is_netted = len(details_of(entry.node)) > 1
        reason = NothingMovedInAll if is_netted else NothingMoved
        entry.notes.append(Note(entry.position, reason(text=entry.label)))
    booked_on, day_from = _day(entry.node, about.last_day)
    if not entry.notes and entry.odd is None and booked_on is None:
        entry.odd = NoDay(text=entry.label)
    if entry.odd is not None:
        entry.notes.append(Note(entry.position, entry.odd))
    if entry.notes or booked_on is None:
        return None
    if day_from != "booked":
        remark = DayFromValue if day_from == "value" else DayFromStatement
        entry.notes.append(Note(entry.position, remark(on=booked_on), is_taken=True))
    return _built(entry, about, booked_on, day_from)


def _built(entry: _Entry, about: _About, booked_on: date, day_from: str) -> Line:
    node = entry.node
    found = parts_of(
        node, amount_minor=entry.amount_minor, currency=entry.currency, account=about.account
    )
    if found.is_doubtful:
        entry.notes.append(Note(entry.position, PartsUneven(), is_taken=True))
    details = details_of(node)
    only = amounts.reference(details[0], "Refs/AcctSvcrRef") if len(details) == 1 else ""
    told = [*texts(node, "AddtlNtryInf"), found.message]
    return Line(
        position=entry.position,
        amount_minor=entry.amount_minor,
        currency=entry.currency,
        booked_on=booked_on,
        parts=found.parts,
        day_from=day_from,
        value_on=_day_in(node, "ValDt"),
        is_reversal=amounts.is_true(node, "RvslInd"),
        reference=amounts.reference(node, "AcctSvcrRef") or only,
        entry_reference=amounts.reference(node, "NtryRef"),
        message=" ".join(word for word in told if word),
    )


def _day(node: Element, last_day: date | None) -> tuple[date | None, str]:
    """The bank's day and what it was told as."""
    if booked := _day_in(node, "BookgDt"):
        return booked, "booked"
    if value := _day_in(node, "ValDt"):
        return value, "value"
    return last_day, "closing"


def _day_in(node: Element, name: str) -> date | None:
    return to_day(text(node, f"{name}/Dt", f"{name}/DtTm"))
