"""The opening and closing balance of a camt statement, and whether its entries lead between them.

Booked balances only: OPBD, else PRCD (the previous closing); CLBD; interim ones (ITBD) where the
file is a page of a longer statement. Available and forward balances (CLAV, FWAV …) never count, nor
does a credit line: a booked balance is without it, unless the entries fit only with it taken out.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from xml.etree.ElementTree import Element

from pools.bank.amounts import amount, is_true, sign
from pools.bank.days import to_day
from pools.bank.xml import children, text

_OPENING, _CLOSING, _INTERIM = ("OPBD", "PRCD"), ("CLBD",), "ITBD"
_BOOKED = {*_OPENING, *_CLOSING, _INTERIM}


@dataclass(frozen=True, slots=True)
class Balance:
    """One reading of a balance; `place` is where in the statement it stands."""

    code: str
    place: int
    amount_minor: int
    currency: str
    on: date | None
    moment: str


@dataclass(frozen=True, slots=True)
class Balances:
    """What a statement opens and closes with, where it says; `holds` is None where it does not."""

    currency: str
    opening: Balance | None
    closing: Balance | None
    holds: bool | None


def balances(statement: Element, *, currency: str, moved: Mapping[str, int]) -> Balances:
    """The balances in `currency`, with `moved` by currency in öre.

    Where several could be meant, those that the entries lead between are.
    """
    nodes = list(children(statement, "Bal"))
    codes = {text(node, "Tp/CdOrPrtry/Cd") for node in nodes}
    told = [reading for place, node in enumerate(nodes) for reading in _readings(node, place)]
    told = [balance for balance in told if balance.currency in {currency, ""}]
    opens = _first(told, codes, _OPENING)
    closes = _first(told, codes, _CLOSING)
    return _fitting(currency, list(opens), list(closes), moved.get(currency, 0))


def unit_of(statement: Element) -> str:
    """The currency of the first booked balance that tells one, for an account that does not."""
    nodes = (n for n in children(statement, "Bal") if text(n, "Tp/CdOrPrtry/Cd") in _BOOKED)
    told = (amount(node) for node in nodes)
    return next((found.currency for found in told if found and found.currency), "")


def _fitting(currency: str, opens: list[Balance], closes: list[Balance], moved: int) -> Balances:
    interims_only = [b for b in (*opens[:1], *closes[:1]) if b.code == _INTERIM]
    if len(interims_only) == 2 and len({b.place for b in opens}) == 1:
        opens = []  # A single interim balance is how it stood, not where it began.
    if not opens or not closes:
        return Balances(currency, _head(opens), _head(closes), None)
    by_minor: dict[int, Balance] = {}
    for closing in closes:
        by_minor.setdefault(closing.amount_minor, closing)
    for opening in opens:
        found = by_minor.get(opening.amount_minor + moved)
        if found is not None and found.place != opening.place:
            return Balances(currency, opening, found, holds=True)
    return Balances(currency, opens[0], closes[0], holds=False)


def _head(found: list[Balance]) -> Balance | None:
    return found[0] if found else None


def _readings(node: Element, place: int) -> Iterator[Balance]:
    """As it stands, then without the credit line that it says it includes: the chain tells."""
    told, direction = amount(node), sign(node)
    if told is None or (direction is None and told.amount_minor):
        return  # Its sign is not guessed. Zero has none.
    minor = told.amount_minor * (direction or 1)
    lines = [amount(line) for line in children(node, "CdtLine") if is_true(line, "Incl")]
    credit = sum(line.amount_minor for line in lines if line and line.currency == told.currency)
    moment = text(node, "Dt/DtTm", "Dt/Dt")
    for read in dict.fromkeys((minor, minor - credit)):
        yield Balance(
            code=text(node, "Tp/CdOrPrtry/Cd"),
            place=place,
            amount_minor=read,
            currency=told.currency,
            on=to_day(text(node, "Dt/Dt", "Dt/DtTm")),
            moment=moment,
        )


def _first(told: list[Balance], codes: set[str], wanted: tuple[str, ...]) -> Iterable[Balance]:
    """Those of the first kind that is told, the likeliest first; interim ones as the last resort.

    The earliest opening and the latest of what came before it or closes; in the order of the file
    where days do not tell.
    """
    for code in wanted:
        if found := [balance for balance in told if balance.code == code]:
            return _by_time(found, is_latest_first=code != "OPBD")
    if codes & set(wanted):
        return []  # It is told, but cannot be read: no other balance stands in for it.
    found = [balance for balance in told if balance.code == _INTERIM]
    return _by_time(found, is_latest_first=wanted == _CLOSING)


def _by_time(found: list[Balance], *, is_latest_first: bool) -> list[Balance]:
    readings = sorted(found, key=lambda b: (b.on or date.min, b.moment, b.place))
    if not is_latest_first:
        return readings
    # Stable, so that the readings of one balance keep their order.
    return sorted(readings, key=lambda b: (b.on or date.min, b.moment, b.place), reverse=True)
