"""Shares and texts in two languages, as the reader of the request reads them."""

from django.utils.translation import get_language, ngettext

from pools.wording import number_text


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
