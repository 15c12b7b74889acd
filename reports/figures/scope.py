"""What figures are told of, from which day, and what was known when they were made."""

from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import F, Max, Model, Q, QuerySet, Value

from invest.models import (
    ActionEvent,
    Fair,
    FinanceSource,
    GoalRevision,
    InKindEvent,
    Need,
    Organisation,
    Pitch,
    Plan,
    PledgeEvent,
    Project,
    Setting,
    VehicleTerms,
)
from invest.progress.sums import KnownTo
from pools.models import Ledger

# What is kept in rows of its own beside the books: bounded by the last row there was.
_BOUND: tuple[type[Model], ...] = (
    ActionEvent,
    FinanceSource,
    GoalRevision,
    InKindEvent,
    Need,
    Pitch,
    Plan,
    Setting,
    VehicleTerms,
)


@dataclass(frozen=True, slots=True)
class Scope:
    """The projects that are told of, and the first day whose flows count (None: all).

    What was promised, paid, signed and delivered from `since` on is told; what stands (a balance,
    what is outstanding or late) is told as of the last day. A fair's own projects are told together
    with the loans, plants, funds and promises of earlier fairs. `kind` keeps to one kind of
    vehicle.
    """

    projects: Q
    since: date | None = None
    fair: Fair | None = None
    kind: str = ""

    @property
    def here(self) -> QuerySet[Project]:
        """The projects told of."""
        return Project.objects.filter(self.projects).order_by("name").distinct()

    def of_kind(self, path: str) -> Q:
        """Only the kind of vehicle that is told of; `path` leads to the vehicle."""
        return Q(**{f"{path}__kind": self.kind}) if self.kind else Q()


def of_fair(fair: Fair, since: date | None = None) -> Scope:
    """The projects that pitched at a fair, with what became of earlier fairs."""
    pitched = Pitch.objects.filter(fair=fair, accepted_on__isnull=False)
    return Scope(Q(pk__in=pitched.values("project")), since, fair)


def of_project(project: Project, since: date | None = None) -> Scope:
    """One project."""
    return Scope(Q(pk=project.pk), since)


def of_organisation(organisation: Organisation, since: date | None = None) -> Scope:
    """All projects of an organisation."""
    return Scope(Q(organisation=organisation), since)


def of_kind(kind: str, since: date | None = None) -> Scope:
    """All projects with a kind of vehicle, by what that kind raised."""
    return Scope(Q(vehicles__kind=kind), since, kind=kind)


def of_all(since: date | None = None) -> Scope:
    """The whole community."""
    return Scope(Q(), since)


def pitches(scope: Scope, known_to: KnownTo | None = None) -> QuerySet[Pitch]:
    """At this and earlier fairs; for any other scope those of its projects. In order."""
    told = Pitch.objects.filter(accepted_on__isnull=False)
    if scope.fair is not None:
        told = told.filter(fair__starts_at__lte=scope.fair.starts_at)
    else:
        told = told.filter(project__in=scope.here.order_by().values("pk"))
    if known_to is not None:
        told = told.filter(known_to.bound(Pitch))
    return told.order_by("fair__starts_at", "position")


def known_now(of: Fair | Scope) -> KnownTo:
    """All that is recorded now. Three queries."""
    scope = of if isinstance(of, Scope) else of_fair(of)
    projects = Q(pk__in=scope.here.order_by().values("pk"))
    if scope.fair is not None:
        projects = Q(pk__in=pitches(scope).order_by().values("project"))
    told = Project.objects.filter(projects).order_by()
    event = PledgeEvent.objects.aggregate(last=Max("pk"))["last"] or 0
    ways = ("organisation__projects", "vehicle__project", "rights_of__project")
    whose = (Ledger.objects.filter(**{f"{way}__in": told}) for way in ways)
    ledgers = Ledger.objects.filter(
        reduce(or_, (Q(pk__in=books.order_by().values("pk")) for books in whose))
    )
    first, *rest = (
        model._default_manager.order_by()
        .annotate(name=Value(model.__name__))
        .values("name")
        .annotate(last=Max(F("pk")))
        .values_list("name", "last")
        for model in _BOUND
    )
    # Of a table that was empty nothing was known: not the same as one that is not named.
    rows = {name: last or 0 for name, last in first.union(*rest)}
    rows = dict.fromkeys((model.__name__ for model in _BOUND), 0) | rows
    return KnownTo(event, dict(ledgers.values_list("pk", "head_seq")), rows)
