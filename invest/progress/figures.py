"""The figures of projects as they stood on a day: goals, promised, received, enabled, savers.

Four queries, whatever the number of projects. Promised, received and enabled are three sums with
three meanings; nothing here adds them together.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum

from invest.kinds import BOUGHT, KINDS, RAISED, SAVED
from invest.kinds.kind import Kind
from invest.models import (
    Action,
    Consent,
    FinanceSource,
    GoalRevision,
    Match,
    Offering,
    Person,
    PledgeEvent,
    Project,
    StageEvent,
    VehicleTerms,
)
from invest.vehicles.offerings import closing_actions
from invest.web.wording import in_language
from pools.money import ore

FEWEST_SHOWN = 5  # A smaller group of savers is told as "fewer than 5": it could point at somebody.
_PROJECT = "pledge__offering__vehicle__project"


@dataclass(frozen=True, slots=True)
class Sums:
    """Öre and heads. `pending` is promised but not yet confirmed: it counts in no other sum.

    `saving` is promised support savings, which stay the savers' own: they stand beside the rest.
    """

    committed_minor: int = 0
    received_minor: int = 0
    enabled_minor: int = 0
    pending_minor: int = 0
    saving_minor: int = 0
    savers: int = 0
    local_minor: int = 0
    known_place_minor: int = 0

    @property
    def savers_are_few(self) -> bool:
        """Whether the number of savers is too small to be told."""
        return 0 < self.savers < FEWEST_SHOWN

    @property
    def local_pct(self) -> int | None:
        """How much of what is promised comes from the project's own municipality.

        Of the part whose home is known; None where none is, or where the group is too small.
        """
        if not self.known_place_minor or self.savers < FEWEST_SHOWN:
            return None
        return round(100 * self.local_minor / self.known_place_minor)


@dataclass(frozen=True, slots=True)
class Goal:
    """An aim from a day on, in öre, and why it was moved."""

    on: date
    goal_min_minor: int
    goal_max_minor: int
    reason_sv: str
    reason_en: str

    @property
    def reason(self) -> str:
        """Why, in the reader's language."""
        return in_language(self.reason_sv, self.reason_en)


@dataclass(frozen=True)
class Offer:
    """An offering with its vehicle, terms and every goal so far, oldest first."""

    offering: Offering
    project: Project
    stage: str
    kind: Kind
    goals: tuple[Goal, ...]
    has_actions: bool = False  # Whether more than promises and payments is on record.
    is_ordered: bool = False  # Or off: whether nobody can join any more.

    @property
    def goal(self) -> Goal:
        """The one in force."""
        return self.goals[-1]

    @property
    def signed_up(self) -> str:
        """How much is signed up for, in the units of the kind."""
        return self.kind.units_text(self.kind.units_for(self.offering.pledged_minor))

    @property
    def lacking(self) -> str:
        """How much more it takes to reach the least; empty where it is reached."""
        minor = self.goal.goal_min_minor - self.offering.pledged_minor
        return self.kind.units_text(-(-minor // self.kind.one_minor)) if minor > 0 else ""

    def is_open(self, on: date) -> bool:
        """Whether savers may promise on the day; both ends inclusive, until it is ordered."""
        return self.offering.opens_on <= on <= self.offering.closes_on and not self.is_ordered


@dataclass(frozen=True)
class Progress:
    """How far a project has come on `as_of`, over all its offerings."""

    as_of: date
    sums: Sums = Sums()
    offers: tuple[Offer, ...] = ()
    finance: tuple[FinanceSource, ...] = ()

    @property
    def raising(self) -> tuple[Offer, ...]:
        """Offerings that raise money: only they have a goal that money reaches."""
        return tuple(o for o in self.offers if o.offering.vehicle.kind in RAISED)

    @property
    def buying(self) -> tuple[Offer, ...]:
        """Offerings of goods, in no sum of what is raised."""
        return tuple(o for o in self.offers if o.offering.vehicle.kind in BOUGHT)

    @property
    def goal_min_minor(self) -> int:
        """The least that is needed, in öre."""
        return sum(offer.goal.goal_min_minor for offer in self.raising)

    @property
    def goal_max_minor(self) -> int:
        """The most that can be used, in öre."""
        return sum(offer.goal.goal_max_minor for offer in self.raising)

    @property
    def committed_pct(self) -> int:
        """Promised of the least goal, rounded down; above 100 when it is passed."""
        return 100 * self.sums.committed_minor // self.goal_min_minor if self.raising else 0

    @property
    def received_pct(self) -> int:
        """Received of the least goal, rounded down; above 100 when it is passed."""
        return 100 * self.sums.received_minor // self.goal_min_minor if self.raising else 0

    @property
    def open_offer(self) -> Offer | None:
        """The offering that takes promises on the day."""
        return next((offer for offer in self.offers if offer.is_open(self.as_of)), None)

    @property
    def next_offer(self) -> Offer | None:
        """The first offering that has not opened yet."""
        coming = [offer for offer in self.offers if offer.offering.opens_on > self.as_of]
        return min(coming, key=lambda offer: offer.offering.opens_on, default=None)

    @property
    def days_left(self) -> int | None:
        """Days to the last day inclusive: 0 on the last day itself. None when nothing is open."""
        offer = self.open_offer
        return (offer.offering.closes_on - self.as_of).days if offer else None

    @property
    def goals_moved(self) -> bool:
        """Whether a goal has ever been revised."""
        return any(len(offer.goals) > 1 for offer in self.offers)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """What savers are offered."""
        return tuple(offer.kind for offer in self.offers)


def progress(projects: Q, as_of: date) -> dict[int, Progress]:
    """Project pk → its progress, for the projects that `projects` selects and that have offerings.

    `projects` is a condition on Project, such as `Q(pk=3)`; `Q()` selects all.
    """
    chosen = Project.objects.filter(projects).order_by().values("pk")
    offers = _offers(chosen, as_of)
    sums = _sums(chosen, as_of)
    finance = defaultdict(list)
    for source in FinanceSource.objects.filter(project__in=chosen):
        finance[source.project_id].append(source)
    return {
        pk: Progress(
            as_of=as_of,
            sums=replace(sums[pk], enabled_minor=_enabled(finance[pk], as_of)),
            offers=tuple(offers[pk]),
            finance=tuple(finance[pk]),
        )
        for pk in offers.keys() | finance.keys()
    }


def progress_of(project: Project, as_of: date) -> Progress:
    """One project's progress; empty where savers were never invited."""
    return progress(Q(pk=project.pk), as_of).get(project.pk, Progress(as_of))


def offers_of(project: Project, as_of: date) -> Progress:
    """What a project offers, with none of its sums: one query, for the form of a full hall."""
    chosen = Project.objects.filter(pk=project.pk).order_by().values("pk")
    return Progress(as_of, offers=tuple(_offers(chosen, as_of)[project.pk]))


def offer_of(offering: Offering, as_of: date) -> Offer:
    """One offering by itself."""
    listed = offers_of(cast(Project, offering.vehicle.project), as_of).offers
    return next(offer for offer in listed if offer.offering.pk == offering.pk)


def total(parts: Iterable[Progress], *, savers: int) -> Sums:
    """Each sum over many projects; `savers` is counted by itself, since people join twice."""
    listed = [part.sums for part in parts]
    return Sums(
        committed_minor=sum(sums.committed_minor for sums in listed),
        received_minor=sum(sums.received_minor for sums in listed),
        enabled_minor=sum(sums.enabled_minor for sums in listed),
        pending_minor=sum(sums.pending_minor for sums in listed),
        saving_minor=sum(sums.saving_minor for sums in listed),
        savers=savers,
        local_minor=sum(sums.local_minor for sums in listed),
        known_place_minor=sum(sums.known_place_minor for sums in listed),
    )


def count_savers(as_of: date, which: Q) -> int:
    """Persons with a promise of money that counts; `which` is a condition on PledgeEvent."""
    committed = PledgeEvent.objects.newest(as_of).filter(
        which, to_state__in=PledgeEvent.COMMITTED, pledge__offering__vehicle__kind__in=RAISED
    )
    counted: int = committed.aggregate(n=Count("pledge__person", distinct=True))["n"]
    return counted


def with_stage(projects: QuerySet[Project], as_of: date) -> Any:
    """Annotate `stage` and `stage_on` as of the day; both None before the first step."""
    stages = StageEvent.objects.of(OuterRef("pk"), as_of)
    return projects.annotate(
        stage=Subquery(stages.values("to_state")[:1]),
        stage_on=Subquery(stages.values("on")[:1]),
    )


def public_names(project: Project, as_of: date) -> list[str]:
    """Names of savers whose promise counts and who let them be shown, in the order they came."""
    committed = PledgeEvent.objects.newest(as_of).filter(
        pledge__offering__vehicle__project=project, to_state__in=PledgeEvent.COMMITTED
    )
    agreed = Consent.objects.filter(
        person=OuterRef("pk"), kind=Consent.Kind.PUBLISH_NAME, withdrawn_at__isnull=True
    )
    people = Person.objects.filter(
        Exists(agreed), pk__in=committed.values("pledge__person")
    ).exclude(name="")
    return list(people.order_by("pk").values_list("name", flat=True))


def _offers(projects: QuerySet[Project, Any], as_of: date) -> dict[int, list[Offer]]:
    terms = VehicleTerms.objects.filter(vehicle=OuterRef("offering__vehicle")).order_by("-version")
    stages = StageEvent.objects.of(OuterRef("offering__vehicle__project"), as_of)
    revisions = (
        # The first goal and the first terms are told even before they are in force.
        GoalRevision.objects.filter(Q(on__lte=as_of) | Q(number=1))
        .filter(offering__vehicle__project__in=projects)
        .annotate(
            terms=Subquery(
                terms.filter(Q(valid_from__lte=as_of) | Q(version=1)).values("terms")[:1]
            ),
            stage=Subquery(stages.values("to_state")[:1]),
            has_actions=Exists(Action.objects.filter(vehicle=OuterRef("offering__vehicle"))),
            is_ordered=Exists(
                closing_actions().filter(vehicle=OuterRef("offering__vehicle"), on__lte=as_of)
            ),
        )
        .select_related("offering__vehicle__project__organisation")
        .order_by("offering__opens_on", "offering", "number")
    )
    goals: dict[int, list[Goal]] = defaultdict(list)
    firsts: dict[int, Any] = {}
    for revision in revisions:
        firsts.setdefault(revision.offering_id, revision)
        goals[revision.offering_id].append(_goal(revision))
    offers: dict[int, list[Offer]] = defaultdict(list)
    for pk, first in firsts.items():
        vehicle = first.offering.vehicle
        offers[vehicle.project.pk].append(
            Offer(
                offering=first.offering,
                project=vehicle.project,
                stage=first.stage or "",
                kind=KINDS[vehicle.kind].parse(first.terms),
                goals=tuple(goals[pk]),
                has_actions=first.has_actions,
                is_ordered=first.is_ordered,
            )
        )
    return offers


def _goal(revision: GoalRevision) -> Goal:
    return Goal(
        on=revision.on,
        goal_min_minor=ore(revision.goal_min),
        goal_max_minor=ore(revision.goal_max),
        reason_sv=revision.reason_sv,
        reason_en=revision.reason_en,
    )


def _sums(projects: QuerySet[Project, Any], as_of: date) -> dict[int, Sums]:
    counts = Q(to_state__in=PledgeEvent.COMMITTED)
    raised = Q(pledge__offering__vehicle__kind__in=RAISED)
    saved = Q(pledge__offering__vehicle__kind__in=SAVED)
    home = "pledge__person__municipality"
    promised = (
        PledgeEvent.objects.newest(as_of)
        .filter(**{f"{_PROJECT}__in": projects, "to_state__in": PledgeEvent.OPEN})
        .values(_PROJECT)
        .annotate(
            committed=Sum("amount_minor", filter=counts & raised, default=0),
            pending=Sum("amount_minor", filter=~counts & raised, default=0),
            saving=Sum("amount_minor", filter=counts & saved, default=0),
            savers=Count("pledge__person", filter=counts & raised, distinct=True),
            local=Sum(
                "amount_minor",
                filter=counts & raised & Q(**{home: F(f"{_PROJECT}__municipality")}),
                default=0,
            ),
            known=Sum("amount_minor", filter=counts & raised & Q(**{f"{home}__gt": ""}), default=0),
        )
    )
    project = "call__pledge__offering__vehicle__project"
    received = (
        Match.objects.standing(as_of)
        .filter(**{f"{project}__in": projects}, call__pledge__offering__vehicle__kind__in=RAISED)
        .order_by()
        .values_list(project)
        .annotate(Sum("amount_minor"))
    )
    sums: dict[int, Sums] = defaultdict(Sums)
    for row in promised:
        sums[row[_PROJECT]] = Sums(
            committed_minor=row["committed"],
            pending_minor=row["pending"],
            saving_minor=row["saving"],
            savers=row["savers"],
            local_minor=row["local"],
            known_place_minor=row["known"],
        )
    for pk, minor in received:
        sums[pk] = replace(sums[pk], received_minor=minor)
    return sums


def _enabled(finance: Iterable[FinanceSource], as_of: date) -> int:
    return sum(
        source.amount_minor
        for source in finance
        if source.kind == FinanceSource.Kind.BANK_LOAN
        and source.signed_on is not None
        and source.signed_on <= as_of
    )
