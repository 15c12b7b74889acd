"""The board on the wall: each project of a fair as it stands this second, in few queries."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Max, Q, QuerySet

from invest.in_kind.queries import Helped, helped
from invest.models import (
    Consent,
    Fair,
    GoalRevision,
    InKind,
    InKindEvent,
    Pitch,
    Placement,
    Pledge,
    PledgeEvent,
    Project,
)
from invest.progress import sums
from invest.progress.evening import Evening, evening
from invest.progress.listed import Thermometer, thermometer
from invest.progress.progress import Progress, progress
from invest.web.wording import quantity_text
from pools.wording import kronor_text

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    from invest.models.in_kind import InKindNow
    from invest.models.pledges import PledgeNow

NEWEST = 6


@dataclass(frozen=True)
class BoardRow:
    """A project on the wall. Kronor, help and needs are told apart and never added."""

    project: Project
    code: str
    progress: Progress
    helped: Helped

    @property
    def bars(self) -> Thermometer | None:
        """Promised, paid in, enabled: on one scale that holds what is beyond the goal."""
        return thermometer(self.progress) if self.progress.raising else None

    @property
    def pending_minor(self) -> int:
        """Promised and not yet confirmed."""
        return self.progress.sums.pending_minor


@dataclass(frozen=True, slots=True)
class Newest:
    """A promise whose giver lets it be shown."""

    who: str
    project: str
    what: str
    at: datetime


@dataclass(frozen=True)
class Board:
    """Everything on the wall, and a mark that changes when any of it does."""

    fair: Fair
    rows: tuple[BoardRow, ...]
    newest: tuple[Newest, ...]
    evening: Evening
    at: datetime


def mark(fair: Fair, language: str, on: date) -> str:
    """Changes when anything on the board does: a promise, a payment, a step, a hold."""
    projects = Pitch.objects.filter(fair=fair).values("project")
    of_projects = Q(pledge__offering__vehicle__project__in=projects) | Q(pledge__fair=fair)
    facts = [
        on,
        language,
        PledgeEvent.objects.filter(of_projects).aggregate(Max("pk"), Count("pk")),
        InKindEvent.objects.filter(in_kind__project__in=projects).aggregate(Max("pk"), Count("pk")),
        Placement.objects.filter(call__pledge__offering__vehicle__project__in=projects).aggregate(
            Max("pk"), Count("entry__reversed_by")
        ),
        Pledge.objects.filter(fair=fair, is_held_back=True).count(),
        InKind.objects.filter(fair=fair, is_held_back=True).count(),
        Consent.objects.filter(withdrawn_at__isnull=False).count(),
        GoalRevision.objects.filter(offering__vehicle__project__in=projects).count(),
        list(sums.enabled(on).filter(project__in=projects).values_list("pk", "amount_minor")),
        list(Pitch.objects.filter(fair=fair).values_list("pk", "position", "accepted_on")),
    ]
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:20]


def board(fair: Fair, on: date, at: datetime) -> Board:
    """The board of a fair. About a dozen queries, whatever the number of promises."""
    pitches = list(
        Pitch.objects.filter(fair=fair, accepted_on__isnull=False)
        .select_related("project__organisation")
        .order_by("position")
    )
    found = progress(Q(pk__in=[p.project_id for p in pitches]), on)
    help_ = helped([pitch.project_id for pitch in pitches])
    rows = tuple(
        BoardRow(
            project=pitch.project,
            code=pitch.code,
            progress=found.get(pitch.project_id, Progress(on)),
            helped=help_[pitch.project_id],
        )
        for pitch in pitches
    )
    return Board(
        fair=fair,
        rows=rows,
        newest=_newest(fair),
        evening=evening(fair, on),
        at=at,
    )


def _here(
    fair: Fair,
) -> tuple[
    "QuerySet[WithAnnotations[Pledge, PledgeNow]]",
    "QuerySet[WithAnnotations[InKind, InKindNow]]",
]:
    """What was promised at the fair and stands."""
    money = Pledge.objects.filter(fair=fair).with_state()
    kind = InKind.objects.filter(fair=fair).with_state()
    return (
        money.filter(state__in=PledgeEvent.OPEN),
        kind.filter(state__in=InKindEvent.OPEN),
    )


def to_moderate(fair: Fair, most: int = 100) -> "list[ToModerate]":
    """Promises whose giver wants to be named, newest first."""
    money, kind = _here(fair)
    pledged = money.exclude(shown_as="").select_related("offering__vehicle__project")
    offered = kind.exclude(shown_as="").select_related("project")
    told = [
        ToModerate(
            "pledge",
            p.pk,
            p.person_id,
            p.is_held_back,
            Newest(
                p.shown_as,
                str(p.offering.vehicle.project or ""),
                kronor_text(p.amount_now_minor),
                p.submitted_at,
            ),
        )
        for p in pledged.order_by("-submitted_at")[:most]
    ]
    told += [
        ToModerate(
            "in-kind",
            k.pk,
            k.person_id,
            k.is_held_back,
            Newest(
                k.shown_as,
                k.project.name,
                quantity_text(k.quantity_now, k.unit_id),
                k.submitted_at,
            ),
        )
        for k in offered.order_by("-submitted_at")[:most]
    ]
    return sorted(told, key=lambda row: row.newest.at, reverse=True)[:most]


def _newest(fair: Fair) -> tuple[Newest, ...]:
    """Only of those who let their name be shown, and still do; held-back ones wait."""
    shown = [row for row in to_moderate(fair) if not row.is_held_back]
    people = {row.person for row in shown if row.person}
    willing = set(
        Consent.objects.filter(
            person__in=people, kind=Consent.Kind.PUBLISH_NAME, withdrawn_at__isnull=True
        ).values_list("person", flat=True)
    )
    return tuple(row.newest for row in shown if row.person in willing)[:NEWEST]


@dataclass(frozen=True)
class ToModerate:
    """A promise whose giver wants to be named, and whether it is held back."""

    what: str
    pk: int
    person: int | None
    is_held_back: bool
    newest: Newest
