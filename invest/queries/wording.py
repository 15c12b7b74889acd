"""How an amount, a share or a text in two languages reads in the language of the request."""

from babel.numbers import format_decimal, format_percent
from django.utils.translation import get_language, ngettext
from moneyed.l10n import format_money

from pools.money import kronor

_LOCALES = {"sv": "sv_SE", "en": "en_GB"}


def locale() -> str:
    """The Babel locale of the request."""
    return _LOCALES[get_language() or "sv"]


def money_text(minor: int) -> str:
    """Öre as kronor, with öre only where there are any: 12 500 kr; 12 500,50 kr; 12,500 SEK."""
    digits = "#,##0" if minor % 100 == 0 else "#,##0.00"
    text: str = format_money(
        kronor(minor), format=f"{digits}\u00a0¤", locale=locale(), currency_digits=False
    )
    return text


def number_text(number: int) -> str:
    """A whole number with its thousands parted."""
    text: str = format_decimal(number, locale=locale())
    return text


def shares_text(number: int) -> str:
    """A number of shares."""
    return ngettext("%(n)s share", "%(n)s shares", number) % {"n": number_text(number)}


def percent_text(percent: int) -> str:
    """A whole number of percent."""
    text: str = format_percent(percent / 100, locale=locale())
    return text


def in_language(swedish: str, english: str) -> str:
    """The text in the reader's language."""
    return english if get_language() == "en" else swedish
