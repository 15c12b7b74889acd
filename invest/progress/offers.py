"""What a project offers on a day: its vehicles' terms, days and goals."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from invest.kinds import KINDS
from invest.kinds.kind import Kind
from invest.models import Action, GoalRevision, Offering, Project, VehicleTerms
from invest.progress import goals, room
from invest.progress.goals import Goal
from invest.progress.stages import stages
from invest.vehicles.offerings import closing_actions


@dataclass(frozen=True)
class Offer:
    """An offering with its vehicle, terms and every goal so far, oldest first.

    Of one still to open: the terms and the goal that it will open with.
    """

    offering: Offering
    project: Project
    stage: str
    kind: Kind
    goals: tuple[Goal, ...]
    in_force: Goal | None  # None while it is still to open.
    has_actions: bool = False  # Whether more than promises and payments is on record.
    is_ordered: bool = False  # Or off: whether nobody can join any more.

    @property
    def goal(self) -> Goal:
        """The one in force, or the one that it will open with."""
        return self.in_force or self.goals[0]

    @property
    def signed_up(self) -> str:
        """How much is signed up for, in the units of the kind."""
        return self.kind.units_text(self.kind.units_for(room.taken_minor(self.offering)))

    @property
    def lacking(self) -> str:
        """How much more it takes to reach the least; empty where it is reached."""
        minor = room.lacking_minor(self.offering, self.goal.goal_min_minor)
        return self.kind.units_text(-(-minor // self.kind.one_minor)) if minor else ""

    def is_open(self, on: date) -> bool:
        """Whether savers may promise on the day; both ends inclusive, until it is ordered."""
        return self.offering.opens_on <= on <= self.offering.closes_on and not self.is_ordered


def offers(projects: QuerySet[Project, Any], as_of: date) -> dict[int, list[Offer]]:
    """Project pk → its offers in the order they open, as they stood on the day. One query."""
    told: dict[int, list[Goal]] = defaultdict(list)
    firsts: dict[int, Any] = {}
    for revision in _revisions(projects, as_of):
        firsts.setdefault(revision.offering_id, revision)
        told[revision.offering_id].append(Goal.of(revision))
    found: dict[int, list[Offer]] = defaultdict(list)
    for pk, first in firsts.items():
        vehicle = first.offering.vehicle
        found[vehicle.project.pk].append(
            Offer(
                offering=first.offering,
                project=vehicle.project,
                stage=first.stage or "",
                kind=KINDS[vehicle.kind].parse(first.terms),
                goals=tuple(told[pk]),
                in_force=goals.in_force(told[pk], as_of),
                has_actions=first.has_actions,
                is_ordered=first.is_ordered,
            )
        )
    return found


def offer_of(offering: Offering, as_of: date) -> Offer:
    """One offering by itself."""
    project = Project.objects.filter(pk=cast(Project, offering.vehicle.project).pk).order_by()
    listed = offers(project.values("pk"), as_of)
    return next(o for each in listed.values() for o in each if o.offering.pk == offering.pk)


def _revisions(projects: QuerySet[Project, Any], as_of: date) -> QuerySet[GoalRevision]:
    terms = VehicleTerms.objects.filter(vehicle=OuterRef("offering__vehicle")).order_by("-version")
    # The first terms are told even before they are in force.
    terms = terms.filter(Q(valid_from__lte=as_of) | Q(version=1))
    ordered = closing_actions().filter(vehicle=OuterRef("offering__vehicle"), on__lte=as_of)
    step = stages(OuterRef("offering__vehicle__project"), as_of)
    return (
        goals.announced(as_of)
        .filter(offering__vehicle__project__in=projects)
        .annotate(
            terms=Subquery(terms.values("terms")[:1]),
            stage=Subquery(step.values("to_state")[:1]),
            has_actions=Exists(Action.objects.filter(vehicle=OuterRef("offering__vehicle"))),
            is_ordered=Exists(ordered),
        )
        .select_related("offering__vehicle__project__organisation")
    )
