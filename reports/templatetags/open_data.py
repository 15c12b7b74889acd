"""What a page's head tells programs: schema.org as JSON-LD, and the addresses of the open data."""

import json
from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from invest.links import absolute
from invest.models import Project
from invest.places.queries.directory import Listing
from reports.markup import Frame, Thing, described, framed, listed

register = template.Library()
# As Django's json_script: nothing in a text can end the element.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.simple_tag
def schema_org(thing: Thing) -> SafeString:
    """A thing as schema.org describes such, in the reader's language. Data: no browser runs it."""
    return _data(described(thing))


@register.simple_tag
def schema_org_listings(listings: Iterable[Listing]) -> SafeString:
    """A directory as schema.org's local businesses."""
    return _data(listed(listings))


def _data(told: dict[str, Any]) -> SafeString:
    text = json.dumps(told, ensure_ascii=False).translate(_ESCAPES)
    return format_html(
        '<script type="application/ld+json">{}</script>',
        mark_safe(text),  # noqa: S308 -- escaped just above
    )


@register.simple_tag
def frame_of(project: Project) -> Frame:
    """The widget of a project as HTML for other people's pages."""
    return framed(project)


@register.filter
def absolute_url(path: str) -> str:
    """A path of ours with the site's public address before it."""
    return absolute(path)
