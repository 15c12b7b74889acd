"""What happens, for those who follow: Atom feeds of what was told, calendars of what is to come."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Max, Q
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.formats import date_format
from django.utils.html import linebreaks
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from invest.links import absolute
from invest.models import Gathering, Milestone, Offering, Project
from invest.projects.queries import Happening, happenings
from reports import publish
from reports.models import PublicationRevision
from reports.public import plain
from reports.views.open_data import asked_language, open_data

MOST_ENTRIES = 60
SINCE = 2026  # The year in the tags (RFC 4151): they name the same entry for ever.


class SteadyFeed(Atom1Feed):
    """Atom whose `updated` is its newest entry's, and where there is none, a day that stays."""

    def latest_post_date(self) -> datetime:
        """Not the clock: the same entries are the same bytes."""
        dates = [entry["updateddate"] for entry in self.items]
        return max(dates, default=datetime(SINCE, 1, 1, tzinfo=timezone.get_current_timezone()))


@open_data
def feed(request: HttpRequest) -> HttpResponse:
    """What every project tells, newest first."""
    with translation.override(asked_language(request)):
        made = _feed(
            _("What the projects tell"), "/projects/", reverse("feed"), settings.SITE_NAME, "feed"
        )
        _fill(made, Q(), publish.newest(timezone.now()))
        return _answer(made)


@open_data
def project_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """What one project tells: stages, milestones reached, news and publications."""
    project = get_object_or_404(Project.objects.select_related("organisation"), slug=slug)
    own = publish.newest(timezone.now()).filter(publication__project=project)
    with translation.override(asked_language(request)):
        made = _feed(
            project.name,
            project.get_absolute_url(),
            reverse("project_feed", args=[slug]),
            project.organisation.name,
            f"projects/{slug}",
            subtitle=plain(project.summary),
        )
        _fill(made, Q(project=project), own)
        return _answer(made)


@open_data
def gatherings_feed(request: HttpRequest) -> HttpResponse:
    """Invitations, newest first: a gathering when it was opened, and again when it was moved."""
    with translation.override(asked_language(request)):
        path = reverse("gatherings_feed")
        made = _feed(_("Gatherings"), "/gatherings/", path, settings.SITE_NAME, "gatherings")
        told = Gathering.objects.select_related("organisation", "place").annotate(
            told_at=Coalesce(Max("changes__at"), "opened_at")
        )
        for each in told.order_by("-told_at", "-pk")[:MOST_ENTRIES]:
            made.add_item(pubdate=each.opened_at, updateddate=each.told_at, **_invited(each))
        return _answer(made)


@open_data
def deadlines(request: HttpRequest) -> HttpResponse:
    """The days of every project for a calendar."""
    with translation.override(asked_language(request)):
        return _calendar(_("Days of the projects"), "deadlines", Q())


@open_data
def project_deadlines(request: HttpRequest, slug: str) -> HttpResponse:
    """The days of one project: when savers may promise, and what is planned."""
    project = get_object_or_404(Project, slug=slug)
    with translation.override(asked_language(request)):
        return _calendar(project.name, f"{slug}-deadlines", Q(pk=project.pk))


# --- Atom (RFC 4287) ------------------------------------------------------------------------------


def _feed(title: str, page: str, path: str, author: str, tag: str, subtitle: str = "") -> Atom1Feed:
    language = translation.get_language()
    return SteadyFeed(
        title=plain(title),
        link=absolute(page),
        description="",
        subtitle=subtitle or None,
        language=language,
        author_name=plain(author),
        feed_url=absolute(f"{path}?lang={language}"),
        feed_guid=_tag(f"{tag}/{language}"),
    )


def _fill(made: Atom1Feed, which: Q, revisions: Iterable[PublicationRevision]) -> None:
    """Entries, newest first; a milestone when it was reached, on that day."""
    told = [each for each in happenings(which, timezone.localdate()) if _day(each)]
    projects = Project.objects.select_related("organisation").in_bulk(
        {each.project for each in told}
    )
    entries = [
        (_midnight(_day(each) or each.on), _happened(each, projects[each.project])) for each in told
    ]
    entries += [
        (timezone.localtime(each.published_from), _published(each))
        for each in revisions
        if publish.is_genuine(each)
    ]
    entries.sort(key=lambda entry: (entry[0], entry[1]["unique_id"]), reverse=True)
    for at, words in entries[:MOST_ENTRIES]:
        made.add_item(pubdate=at, updateddate=at, **words)


def _happened(each: Happening, project: Project) -> dict[str, Any]:
    title = each.title
    if each.what == "milestone":
        title = _("Milestone reached: %(aim)s") % {"aim": title}
    return {
        "title": plain(f"{project.name}: {title}"),
        "link": absolute(project.get_absolute_url()),
        "description": linebreaks(plain(each.text or project.summary), autoescape=True),
        "author_name": plain(project.organisation.name),
        "unique_id": _tag(f"{each.what}/{each.pk}"),
    }


def _published(revision: PublicationRevision) -> dict[str, Any]:
    told = revision.publication
    by = told.organisation.name
    title = _("signed figures, revision %(number)s") % {"number": revision.number}
    words = _("%(by)s has published figures that anyone can verify.") % {"by": by}
    return {
        "title": plain(f"{told.project.name if told.project else by}: {title}"),
        "link": absolute(told.get_absolute_url()),
        "description": linebreaks(plain(words), autoescape=True),
        "author_name": plain(by),
        "unique_id": _tag(f"publication/{told.pk}"),
    }


def _invited(each: Gathering) -> dict[str, Any]:
    hours = date_format(timezone.localtime(each.starts_at), "DATETIME_FORMAT")
    where = f"{hours}, {each.venue}, {each.municipality}"
    if each.cancelled_at:
        where = _("Cancelled: %(where)s") % {"where": where}
    return {
        "title": plain(f"{each.name}: {where}"),
        "link": absolute(each.get_absolute_url()),
        "description": linebreaks(plain(each.about or where), autoescape=True),
        "author_name": plain(each.organisation.name),
        "unique_id": _tag(f"gathering/{each.pk}"),
    }


def _answer(made: Atom1Feed) -> HttpResponse:
    answer = HttpResponse(made.writeString("utf-8"), content_type=made.content_type)
    answer["Content-Language"] = str(translation.get_language())
    return answer


def _day(each: Happening) -> date | None:
    """The day it happened; None for a milestone to come."""
    return each.reached_on if each.what == "milestone" else each.on


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _host() -> str:
    return urlsplit(settings.PUBLIC_URL).hostname or "localhost"


def _tag(name: str) -> str:
    return f"tag:{_host()},{SINCE}:{name}"


# --- Calendars (RFC 5545) -------------------------------------------------------------------------


def _calendar(name: str, file: str, which: Q) -> HttpResponse:
    """Whole days: a UID stays, so that a day which is moved moves in the reader's calendar."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.SITE_NAME}//{translation.get_language()}")
    calendar.add("version", "2.0")
    calendar.add("name", plain(name))
    calendar.add("x-wr-calname", plain(name))
    calendar.add("x-wr-timezone", settings.TIME_ZONE)
    for event in _days(which):
        calendar.add_component(event)
    answer = HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{file}.ics"'
    answer["Content-Language"] = str(translation.get_language())
    return answer


def _days(which: Q) -> Iterator[Event]:
    chosen = Project.objects.filter(which).values("pk")
    offerings = Offering.objects.filter(vehicle__project__in=chosen).select_related(
        "vehicle__project__organisation"
    )
    for offering in offerings.order_by("pk"):
        project, name = offering.vehicle.project, offering.vehicle.name
        code = f"offering-{offering.pk}"
        opens, closes = _("%(name)s opens"), _("Last day of %(name)s")
        yield _event(f"{code}-opens", offering.opens_on, opens % {"name": name}, project)
        yield _event(f"{code}-closes", offering.closes_on, closes % {"name": name}, project)
    waiting = Milestone.objects.filter(project__in=chosen, reached_on__isnull=True)
    for aim in waiting.select_related("project__organisation").order_by("pk"):
        yield _event(f"milestone-{aim.pk}", aim.planned_on, aim.text, aim.project)


def _event(code: str, on: date, what: str, project: Any) -> Event:
    event = Event()
    event.add("uid", f"{code}@{_host()}")
    # The day of the figures, not the clock: the same days are the same bytes.
    event.add("dtstamp", _midnight(timezone.localdate()))
    event.add("dtstart", on)
    event.add("summary", plain(f"{project.name}: {what}"))
    event.add("location", plain(project.municipality))
    event.add("url", absolute(project.get_absolute_url()))
    event.add("transp", "TRANSPARENT")
    return event
