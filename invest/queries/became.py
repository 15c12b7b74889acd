"""What became of a fair's promises, for everybody: by project, and never of fewer than five givers.

Kronor and each unit of help stand by themselves: nothing here adds them together.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from invest import in_kind
from invest.in_kind import ACCEPTED_STATES, OPEN_STATES, State
from invest.models import Fair, FollowUp, InKind, Project
from invest.pledges import COMMITTED_STATES
from invest.pledges import OPEN_STATES as OPEN_PLEDGES
from invest.queries.figures import FEWEST_SHOWN, latest_events, standing_matches
from invest.queries.wording import quantity_text, unit_label
from invest.vehicles import RAISED
from pools.wording import kronor_text, number_text

_PROJECT = "pledge__offering__vehicle__project"
# How far help has come, each with the states in which it has come so far.
STEPS: tuple[frozenset[str], ...] = (
    OPEN_STATES,
    ACCEPTED_STATES,
    frozenset({State.DELIVERED, State.VERIFIED}),
    frozenset({State.VERIFIED}),
)


@dataclass(frozen=True, slots=True)
class Told:
    """A figure, in words, and of how many givers it is."""

    text: str
    givers: int

    @property
    def shown(self) -> str:
        """The figure, or that it is of too few for anybody to be told."""
        return _("fewer than 5") if 0 < self.givers < FEWEST_SHOWN else self.text


@dataclass(frozen=True, slots=True)
class Helped:
    """One unit of help: offered, accepted, delivered, verified."""

    unit: str
    steps: tuple[Told, ...]


@dataclass(frozen=True)
class Became:
    """What became of the promises to one project."""

    project: Project
    promised: Told
    confirmed: Told
    paid: Told
    saving: Told | None
    help_: tuple[Helped, ...] = ()
    answers: tuple[tuple[str, Told], ...] = ()


@dataclass(slots=True)
class _Sum:
    """A sum in the making, and whose it is. Whoever is forgotten is counted as nobody."""

    quantity: Decimal = Decimal(0)
    people: set[int] = field(default_factory=set)


def became(fair: Fair, as_of: date) -> list[Became]:
    """Each project of the fair, in the programme's order, on a day. Five queries."""
    projects = Project.objects.filter(pitches__fair=fair, pitches__accepted_on__isnull=False)
    promised, paid = _promised(fair, as_of), _paid(fair, as_of)
    helped, answers = _helped(fair, as_of), _answers(fair, as_of)
    return [
        Became(
            project=project,
            promised=_kronor(promised[project.pk], "promised"),
            confirmed=_kronor(promised[project.pk], "confirmed"),
            paid=paid.get(project.pk, Told(kronor_text(0), 0)),
            saving=_kronor(promised[project.pk], "saving")
            if promised[project.pk].get("saving_givers")
            else None,
            help_=tuple(helped[project.pk]),
            answers=tuple(answers[project.pk]),
        )
        for project in projects.order_by("pitches__position")
    ]


def _promised(fair: Fair, as_of: date) -> dict[int, dict[str, Any]]:
    raised = Q(pledge__offering__vehicle__kind__in=RAISED)
    wanted = {
        "promised": raised,
        "confirmed": raised & Q(to_state__in=COMMITTED_STATES),
        "saving": ~raised,
    }
    sums = {name: Sum("amount_minor", filter=which, default=0) for name, which in wanted.items()}
    givers = {
        f"{name}_givers": Count("pledge__person", filter=which, distinct=True)
        for name, which in wanted.items()
    }
    rows = (
        latest_events(as_of)
        .filter(pledge__fair=fair, to_state__in=OPEN_PLEDGES)
        .values(_PROJECT)
        .annotate(**sums, **givers)
    )
    return defaultdict(dict, {row[_PROJECT]: row for row in rows})


def _kronor(row: dict[str, Any], name: str) -> Told:
    return Told(kronor_text(row.get(name, 0)), row.get(f"{name}_givers", 0))


def _paid(fair: Fair, as_of: date) -> dict[int, Told]:
    project = f"call__{_PROJECT}"
    rows = (
        standing_matches(as_of)
        .filter(call__pledge__fair=fair)
        .order_by()
        .values(project)
        .annotate(minor=Sum("amount_minor"), givers=Count("call__pledge__person", distinct=True))
    )
    return {row[project]: Told(kronor_text(row["minor"]), row["givers"]) for row in rows}


def _helped(fair: Fair, as_of: date) -> dict[int, list[Helped]]:
    rows = in_kind.with_latest(InKind.objects.filter(fair=fair), as_of=as_of).filter(
        state__in=OPEN_STATES
    )
    sums: dict[int, dict[str, list[_Sum]]] = defaultdict(
        lambda: defaultdict(lambda: [_Sum() for _step in STEPS])
    )
    for project, unit, quantity, state, person in rows.values_list(
        "project", "unit", "quantity_now", "state", "person"
    ):
        for step, states in zip(sums[project][unit], STEPS, strict=True):
            if state in states:
                step.quantity += quantity
                step.people |= {person} if person else set()
    told: dict[int, list[Helped]] = defaultdict(list)
    for project, units in sums.items():
        told[project] = [
            Helped(unit_label(unit), _steps(unit, units[unit])) for unit in sorted(units)
        ]
    return told


def _steps(unit: str, sums: Iterable[_Sum]) -> tuple[Told, ...]:
    return tuple(
        # A quantity of nobody who is known is told of nobody: it counts as too few.
        Told(quantity_text(step.quantity, unit), len(step.people) or int(step.quantity > 0))
        for step in sums
    )


def _answers(fair: Fair, as_of: date) -> dict[int, list[tuple[str, Told]]]:
    """The last answer about each promise, counted."""
    rows = (
        FollowUp.objects.filter(fair=fair, done_on__lte=as_of)
        .select_related("pledge__offering__vehicle", "in_kind")
        .order_by("days")
    )
    last = {(row.pledge_id, row.in_kind_id): row for row in rows}
    counted: dict[int, dict[str, list[int | None]]] = defaultdict(lambda: defaultdict(list))
    for row in last.values():
        promise = row.pledge or row.in_kind
        if promise is None:
            continue
        about = row.pledge.offering.vehicle if row.pledge else row.in_kind
        project = about.project_id if about else None
        if project:
            counted[project][row.found].append(promise.person_id)
    told: dict[int, list[tuple[str, Told]]] = defaultdict(list)
    for project, found in counted.items():
        told[project] = [
            (str(kind.label), _counted(found[kind])) for kind in FollowUp.Found if kind in found
        ]
    return told


def _counted(people: list[int | None]) -> Told:
    return Told(number_text(len(people)), len(set(people) - {None}) or 1)
