"""Asking what became of the promises of a fair: a month, a quarter, half a year and a year after.

A question is one row for each promise and time. Whoever promised is reminded by mail, once; what
was found is written down by the organiser.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from invest.fairs.queries import after
from invest.letters import about, outbox
from invest.models import (
    Fair,
    FollowUp,
    InKind,
    InKindEvent,
    Letter,
    Person,
    Pledge,
    PledgeEvent,
)
from invest.people import plain
from invest.refusals import WrongState
from pools.errors import NotAnAmount

DAYS = (30, 90, 180, 365)
Link = Callable[[Pledge | InKind], str]


@dataclass(frozen=True)
class Question:
    """A promise in a letter, with the link to it."""

    row: after.Row
    link: str


@transaction.atomic
def plan_for(fair: Fair) -> int:
    """Make the questions for every promise of the fair that stands. Returns how many are new.

    Safe to repeat: a promise is asked about once for each time, and a late promise is caught up.
    """
    Fair.objects.select_for_update().get(pk=fair.pk)
    day = timezone.localdate(fair.starts_at)
    asked = set(fair.follow_ups.values_list("pledge", "in_kind", "days"))
    fresh = [
        FollowUp(fair=fair, days=days, due_on=day + timedelta(days=days), **{field: promise})
        for field, promise in _standing(fair)
        for days in DAYS
        if (*_pair(field, promise.pk), days) not in asked
    ]
    FollowUp.objects.bulk_create(fresh)
    return len(fresh)


def due(on: date) -> QuerySet[FollowUp]:
    """Questions whose day has come, that are not answered, and whose promise still stands.

    A promise is asked about once at a time: a later question takes the place of an earlier one.
    """
    later = FollowUp.objects.filter(
        Q(pledge=OuterRef("pledge")) | Q(in_kind=OuterRef("in_kind")),
        days__gt=OuterRef("days"),
        due_on__lte=on,
    )
    return (
        FollowUp.objects.filter(~Exists(later), due_on__lte=on, done_on__isnull=True)
        .filter(_stands())
        .select_related(
            "fair__organisation",
            "pledge__person",
            "pledge__offering__vehicle__project",
            "pledge__offering__vehicle__organisation",
            "in_kind__person",
            "in_kind__project__organisation",
        )
        .order_by("due_on", "pk")
    )


def remind(*, on: date, link: Link, at: datetime) -> int:
    """Mail those who promised and were not yet asked, one letter a person. Returns how many."""
    waiting: dict[tuple[int, int], list[FollowUp]] = defaultdict(list)
    for row in due(on).filter(reminded_at__isnull=True):
        if (person := after.promise_of(row).person) and person.email:
            waiting[person.pk, row.fair_id].append(row)
    return sum(_write(rows, link, at) for rows in waiting.values())


@transaction.atomic
def answer(
    *,
    follow_up: FollowUp,
    found: str,
    on: date,
    by: str,
    value_minor: int | None = None,
    comment: str = "",
) -> FollowUp:
    """Write down what became of it, once: `value_minor` is what it came to in öre, if told.

    Raises WrongState where it is answered already, NotAnAmount, UnsafeText and TextTooLong.
    """
    row = FollowUp.objects.select_for_update().get(pk=follow_up.pk)
    if row.done_on is not None:
        raise WrongState(state=row.get_found_display())
    if value_minor is not None and value_minor < 1:
        raise NotAnAmount
    row.found, row.done_on, row.actor = FollowUp.Found(found), on, by
    row.value_minor, row.comment = value_minor, plain(comment, most=300)
    row.save()
    return row


@transaction.atomic
def _write(rows: list[FollowUp], link: Link, at: datetime) -> bool:
    """One letter about a person's promises at a fair; False where another run was faster."""
    claimed = FollowUp.objects.filter(
        pk__in=[row.pk for row in rows], reminded_at__isnull=True
    ).update(reminded_at=at)
    if not claimed:
        return False
    person, fair = _person(rows), rows[0].fair
    with translation.override(person.language):
        subject = _("What became of your promise at %(fair)s?") % {"fair": fair.name}
    promises = [after.promise_of(row) for row in rows]
    context = {
        "person": person,
        "fair": fair,
        "questions": [Question(after.row_of(promise), link(promise)) for promise in promises],
    }
    topic = about.fair(fair)
    letter = outbox.send(
        person,
        Letter.Kind.FOLLOW_UP,
        subject,
        "fairs/letters/follow_up",
        context,
        organisation=after.whose(fair, promises),
        about=topic,
        key=f"{topic}:follow-up:{rows[-1].pk}",
    )
    return letter is not None


def _person(rows: Iterable[FollowUp]) -> Person:
    return next(person for row in rows if (person := after.promise_of(row).person))


def _standing(fair: Fair) -> list[tuple[str, Pledge | InKind]]:
    money = Pledge.objects.filter(fair=fair).with_state().filter(state__in=PledgeEvent.OPEN)
    helping = InKind.objects.filter(fair=fair).with_state().filter(state__in=InKindEvent.OPEN)
    return [
        *(("pledge", promise) for promise in money.order_by("pk")),
        *(("in_kind", promise) for promise in helping.order_by("pk")),
    ]


def _pair(field: str, pk: int) -> tuple[int | None, int | None]:
    return (pk, None) if field == "pledge" else (None, pk)


def _stands() -> Q:
    """A condition on FollowUp: its promise still stands."""
    money = Pledge.objects.with_state().filter(state__in=PledgeEvent.OPEN)
    helping = InKind.objects.with_state().filter(state__in=InKindEvent.OPEN)
    return Q(pledge__in=money.values("pk")) | Q(in_kind__in=helping.values("pk"))
