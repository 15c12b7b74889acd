"""Amounts, signs and the bank's own references in camt: what is told clearly, or None.

Never guessed: an amount or a sign that is missing, told twice in two ways or written otherwise than
ISO 20022 and XML Schema allow is None, and whoever asks says so.
"""

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from pools.bank.xml import children, text, text_of, texts, walk
from pools.money import MOST_MINOR

_AMOUNT = re.compile(r"\+?(?P<whole>[0-9]{0,30})(?:\.(?P<part>[0-9]{0,30}))?")
_SIGNS = {"CRDT": 1, "DBIT": -1}
_NO_REFERENCE = re.compile(r"(?:NON ?REF|NOT ?PROVIDED|NONE|N/?A|[-0. /]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Amount:
    """Whole öre, never below zero: the sign stands apart. The currency may be untold."""

    amount_minor: int
    currency: str


def amount(node: Element, path: str = "Amt") -> Amount | None:
    """The amount at the end of the path, unless none, an odd one or several that differ."""
    told = {(text_of(found), found.get("Ccy", "").strip()) for found in walk(node, path)}
    if len(told) != 1:
        return None
    digits, currency = told.pop()
    minor = _minor(digits)
    return None if minor is None else Amount(minor, currency)


def _minor(digits: str) -> int | None:
    """Öre; None for what is no plain amount, finer than an öre, or beyond what the book takes."""
    found = _AMOUNT.fullmatch(digits)
    if found is None or not (found["whole"] or found["part"]):
        return None
    part = (found["part"] or "").ljust(2, "0")
    minor = int(found["whole"] or "0") * 100 + int(part[:2])
    return None if part[2:].strip("0") or minor > MOST_MINOR else minor


def sign(node: Element) -> int | None:
    """+1 for CRDT, −1 for DBIT; None for neither or both."""
    told = texts(node, "CdtDbtInd")
    return _SIGNS.get(told[0]) if len(told) == 1 else None


def has_sign(node: Element) -> bool:
    """Whether there is an indicator at all, be it a good one or not."""
    return any(True for _found in children(node, "CdtDbtInd"))


def is_true(node: Element, path: str) -> bool:
    """XML Schema writes true as `true` or `1`."""
    return text(node, path) in {"true", "1"}


def reference(node: Element, path: str) -> str:
    """The reference at the end of the path; empty where the bank only says that it has none."""
    told = text(node, path)
    return "" if _NO_REFERENCE.fullmatch(told) else told
