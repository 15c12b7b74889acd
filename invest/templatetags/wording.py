"""Amounts and numbers in templates, in the reader's language."""

from django import template

from pools.wording import kronor_text, money_text, number_text, percent_text

register = template.Library()

register.filter("kr", kronor_text)
register.filter("money", money_text)
register.filter("number", number_text)
register.filter("percent", percent_text)
