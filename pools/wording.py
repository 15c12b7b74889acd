"""How an amount, a number, a share or a day reads in the language of the request. No ORM."""

from datetime import date
from decimal import Decimal

from babel.numbers import format_decimal, format_percent
from django.utils import formats
from django.utils.translation import get_language
from moneyed import Money
from moneyed.l10n import format_money

_LOCALES = {"sv": "sv_SE", "en": "en_GB"}


def locale() -> str:
    """The Babel locale of the request; Swedish outside of one."""
    return _LOCALES[get_language() or "sv"]


def money_text(money: Money) -> str:
    """With decimals only where there are any: 12 500 kr; 12 500,50 kr; 12,500 SEK."""
    digits = "#,##0" if money.amount == money.amount.to_integral_value() else "#,##0.00"
    text: str = format_money(
        money, format=f"{digits}\u00a0¤", locale=locale(), currency_digits=False
    )
    return text


def kronor_text(minor: int) -> str:
    """Öre as kronor; see `money_text`."""
    return money_text(Money(Decimal(minor).scaleb(-2), "SEK"))


def number_text(number: int) -> str:
    """A whole number with its thousands parted."""
    text: str = format_decimal(number, locale=locale())
    return text


def decimal_text(number: float) -> str:
    """An index with two decimals: 0,42 or 0.42."""
    text: str = format_decimal(number, format="0.00", locale=locale())
    return text


def percent_text(percent: int) -> str:
    """A whole number of percent."""
    text: str = format_percent(percent / 100, locale=locale())
    return text


def day_text(day: date) -> str:
    """A day in a table: ISO 8601, as Swedes write it."""
    return day.isoformat()


def fact_text(fact: object) -> object:
    """A fact in a sentence: amounts and days in the reader's language, anything else as it is."""
    if isinstance(fact, Money):
        return money_text(fact)
    if isinstance(fact, date):
        return formats.date_format(fact)
    return fact
