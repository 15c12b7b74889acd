"""Shares and texts in two languages, as the reader of the request reads them."""

from decimal import Decimal

from django.utils.translation import get_language, gettext_lazy, ngettext

from pools.wording import decimal_text, number_text


def shares_text(number: int) -> str:
    """A number of shares."""
    return ngettext("%(n)s share", "%(n)s shares", number) % {"n": number_text(number)}


def counted_text(number: int, unit: str) -> str:
    """A number of what a ledger counts beside money, by the unit's code."""
    words = {
        "POINT": ngettext("%(n)s point", "%(n)s points", number),
        "KWH": ngettext("%(n)s kWh", "%(n)s kWh", number),
        "VOUCHER": ngettext("%(n)s voucher", "%(n)s vouchers", number),
    }
    told = words.get(unit)
    return told % {"n": number_text(number)} if told else shares_text(number)


def in_language(swedish: str, english: str) -> str:
    """The text in the reader's language."""
    return english if get_language() == "en" else swedish


UNIT_LABELS = {
    "HOUR": gettext_lazy("hours"),
    "DAY": gettext_lazy("days"),
    "PIECE": gettext_lazy("pieces"),
    "KG": gettext_lazy("kilograms"),
    "METRE": gettext_lazy("metres"),
    "SQM": gettext_lazy("square metres"),
    "PERSON": gettext_lazy("persons"),
    "INTRO": gettext_lazy("introductions"),
    "POST": gettext_lazy("posts"),
    "KLOVER": gettext_lazy("klöver"),
    "SEK": gettext_lazy("kronor"),
}


def unit_label(code: str) -> str:
    """A unit of help, many of it, in the reader's language."""
    return str(UNIT_LABELS.get(code, code))


def quantity_text(quantity: Decimal, unit: str) -> str:
    """A quantity of help with its unit: 8 hours; 2,5 days."""
    is_whole = quantity == quantity.to_integral_value()
    number = number_text(int(quantity)) if is_whole else decimal_text(float(quantity)).rstrip("0")
    return f"{number} {unit_label(unit)}"
