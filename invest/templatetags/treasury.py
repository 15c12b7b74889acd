"""Who somebody is, and which account, on the bank desk's pages."""

from django import template
from stdnum import iban

from invest.treasury.suggesting import name_of

register = template.Library()

register.filter("person_name", name_of)
register.filter("iban", iban.format)
