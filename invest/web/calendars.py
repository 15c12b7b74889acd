"""Hours for a calendar (RFC 5545), with their time zone."""

from collections.abc import Iterable
from datetime import date, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from icalendar import Calendar, Event

from invest.links import absolute
from invest.models import Fair, Gathering

FIRST, LAST = 1970, 2100  # The years whose summers and winters are told; a calendar asks no more.


def calendar_file(things: Iterable[Fair | Gathering], name: str, at: datetime) -> HttpResponse:
    """Fairs and gatherings as a file. The UID stays: a calendar that reads it again moves the same.

    A gathering's SEQUENCE is how often it was moved (prefetch `changes` of many), and what is
    cancelled says so.
    """
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.SITE_NAME}//sv")
    calendar.add("version", "2.0")
    years = set()
    for thing in things:
        calendar.add_component(_event(thing, at))
        years.add(min(max(thing.starts_at.year, FIRST), LAST))
    if years:
        # Their own years' summers and winters are all that a reader needs.
        calendar.add_missing_timezones(
            first_date=date(min(years), 1, 1), last_date=date(max(years) + 1, 1, 1)
        )
    answer = HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return answer


def _event(thing: Fair | Gathering, at: datetime) -> Event:
    event = Event()
    sort = "fair" if isinstance(thing, Fair) else "gathering"
    event.add("uid", f"{sort}-{thing.slug}@{urlsplit(settings.PUBLIC_URL).hostname}")
    event.add("dtstamp", at)
    event.add("dtstart", timezone.localtime(thing.starts_at))
    event.add("dtend", timezone.localtime(thing.ends_at))
    event.add("summary", thing.name)
    event.add("location", f"{thing.venue}, {thing.municipality}")
    event.add("url", absolute(thing.get_absolute_url()))
    if thing.about:
        event.add("description", thing.about)
    if isinstance(thing, Gathering):
        event.add("sequence", len(thing.changes.all()))
    if thing.cancelled_at:
        event.add("status", "CANCELLED")
    return event
