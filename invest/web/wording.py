"""Shares and texts in two languages, as the reader of the request reads them."""

from decimal import Decimal

from django.utils.translation import get_language, ngettext, ngettext_lazy

from invest.kinds.kind import shares_text
from pools.wording import decimal_text, number_text


def counted_text(number: int, unit: str) -> str:
    """A number of what a ledger counts beside money, by the unit's code."""
    words = {
        "POINT": ngettext("%(n)s point", "%(n)s points", number),
        "KWH": ngettext("%(n)s kWh", "%(n)s kWh", number),
        "GOODS": ngettext("%(n)s unit of goods", "%(n)s units of goods", number),
        "VOUCHER": ngettext("%(n)s voucher", "%(n)s vouchers", number),
    }
    told = words.get(unit)
    return told % {"n": number_text(number)} if told else shares_text(number)


def in_language(swedish: str, english: str) -> str:
    """The text in the reader's language."""
    return english if get_language() == "en" else swedish


UNIT_LABELS = {
    "HOUR": ngettext_lazy("hour", "hours"),
    "DAY": ngettext_lazy("day", "days"),
    "PIECE": ngettext_lazy("piece", "pieces"),
    "KG": ngettext_lazy("kilogram", "kilograms"),
    "METRE": ngettext_lazy("metre", "metres"),
    "SQM": ngettext_lazy("square metre", "square metres"),
    "PERSON": ngettext_lazy("person", "persons"),
    "INTRO": ngettext_lazy("introduction", "introductions"),
    "POST": ngettext_lazy("post", "posts"),
    "KLOVER": ngettext_lazy("klöver", "klöver"),
    "SEK": ngettext_lazy("krona", "kronor"),
}


def unit_label(code: str, number: int = 2) -> str:
    """A unit of help in the reader's language; many of it unless told otherwise."""
    label = UNIT_LABELS.get(code)
    return str(label % number) if label else code


def quantity_text(quantity: Decimal, unit: str) -> str:
    """A quantity of help with its unit: 8 hours; 2,5 days."""
    is_whole = quantity == quantity.to_integral_value()
    number = number_text(int(quantity)) if is_whole else decimal_text(float(quantity)).rstrip("0")
    return f"{number} {unit_label(unit, 1 if quantity == 1 else 2)}"
