"""Amounts and numbers in templates, in the reader's language."""

from django import template
from moneyed import Money

from invest.queries.wording import money_text, number_text, percent_text
from pools.money import ore

register = template.Library()

register.filter("kr", money_text)
register.filter("number", number_text)
register.filter("percent", percent_text)


@register.filter
def money(amount: Money) -> str:
    """Money as the other amounts of a page."""
    return money_text(ore(amount))
