"""From page to page of a long list."""

from collections.abc import Iterator
from typing import Any

from django import template
from django.core.paginator import Page

from invest.web.tables import DeskTable

register = template.Library()


@register.filter
def elided(page: "Page[object]") -> "Iterator[int | str]":
    """The first page, those beside this one, and the last; `…` for those between."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)


@register.simple_tag
def sort_address(table: DeskTable, column: Any) -> str:
    """The address of a list sorted by a head; by the same head again, the other way round."""
    return table.sorted_by(column)
