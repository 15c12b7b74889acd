"""Who somebody is on a desk's page."""

from django import template

from invest.treasury.suggesting import name_of

register = template.Library()

register.filter("person_name", name_of)
