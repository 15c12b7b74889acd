"""How projects stand on a day: goals, promised, paid in, enabled, savers, whatever their number.

What each figure counts is told where it is defined: `sums`, `goals`, `local`, `savers`, `room`.
Here they are read together, in four queries.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from invest.kinds import BOUGHT, RAISED
from invest.kinds.kind import Kind
from invest.models import FinanceSource, Project
from invest.progress import local, sums
from invest.progress.offers import Offer, offers
from invest.progress.sums import COMMITTED, PENDING, SAVING, Sums, counted

_PROJECT = "pledge__offering__vehicle__project"


@dataclass(frozen=True)
class Progress:
    """How far a project has come on `as_of`, over all its offerings."""

    as_of: date
    sums: Sums = field(default_factory=Sums)
    offers: tuple[Offer, ...] = ()
    finance: tuple[FinanceSource, ...] = ()

    @property
    def inviting(self) -> tuple[Offer, ...]:
        """Offerings that raise money, those still to open too."""
        return tuple(o for o in self.offers if o.offering.vehicle.kind in RAISED)

    @property
    def raising(self) -> tuple[Offer, ...]:
        """Those that have opened: only they have a goal in force, which money reaches."""
        return tuple(offer for offer in self.inviting if offer.in_force)

    @property
    def buying(self) -> tuple[Offer, ...]:
        """Offerings of goods, in no sum of what is raised."""
        return tuple(o for o in self.offers if o.offering.vehicle.kind in BOUGHT)

    @property
    def goal_min_minor(self) -> int:
        """The least that is needed, in öre: the goals in force, summed. 0 before the first."""
        return sum(offer.goal.goal_min_minor for offer in self.raising)

    @property
    def goal_max_minor(self) -> int:
        """The most that can be used, in öre, likewise."""
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
    offered = offers(chosen, as_of)
    summed = _sums(chosen, as_of)
    finance = defaultdict(list)
    for source in FinanceSource.objects.filter(project__in=chosen):
        finance[source.project_id].append(source)
    return {
        pk: Progress(
            as_of=as_of,
            sums=replace(summed[pk], enabled_minor=_enabled(finance[pk], as_of)),
            offers=tuple(offered[pk]),
            finance=tuple(finance[pk]),
        )
        for pk in offered.keys() | finance.keys()
    }


def progress_of(project: Project, as_of: date) -> Progress:
    """One project's progress; empty where savers were never invited."""
    return progress(Q(pk=project.pk), as_of).get(project.pk, Progress(as_of))


def offers_of(project: Project, as_of: date) -> Progress:
    """What a project offers, with none of its sums: one query, for the form of a full hall."""
    chosen = Project.objects.filter(pk=project.pk).order_by().values("pk")
    return Progress(as_of, offers=tuple(offers(chosen, as_of)[project.pk]))


def total(parts: Iterable[Progress], *, savers: int) -> Sums:
    """Each sum over many projects; `savers` is counted by itself, since people join twice."""
    listed = [part.sums for part in parts]
    return Sums(
        committed_minor=sum(each.committed_minor for each in listed),
        received_minor=sum(each.received_minor for each in listed),
        enabled_minor=sum(each.enabled_minor for each in listed),
        pending_minor=sum(each.pending_minor for each in listed),
        saving_minor=sum(each.saving_minor for each in listed),
        savers=savers,
        local_minor=sum(each.local_minor for each in listed),
        known_place_minor=sum(each.known_place_minor for each in listed),
    )


def _sums(projects: QuerySet[Project, Any], as_of: date) -> dict[int, Sums]:
    committed = counted(COMMITTED)
    promised = (
        sums.promises(as_of)
        .filter(committed | counted(PENDING) | counted(SAVING), **{f"{_PROJECT}__in": projects})
        .values(_PROJECT)
        .annotate(
            committed=_sum(committed),
            pending=_sum(counted(PENDING)),
            saving=_sum(counted(SAVING)),
            savers=Count("pledge__person", filter=committed, distinct=True),
            own=_sum(committed & local.from_own()),
            known=_sum(committed & local.from_known()),
        )
    )
    project = f"call__{_PROJECT}"
    received = sums.received(as_of).filter(**{f"{project}__in": projects}).order_by()
    found: dict[int, Sums] = defaultdict(Sums)
    for row in promised:
        found[row[_PROJECT]] = Sums(
            committed_minor=row["committed"],
            pending_minor=row["pending"],
            saving_minor=row["saving"],
            savers=row["savers"],
            local_minor=row["own"],
            known_place_minor=row["known"],
        )
    for pk, minor in received.values_list(project).annotate(Sum("amount_minor")):
        found[pk] = replace(found[pk], received_minor=minor)
    return found


def _sum(which: Q) -> Sum:
    return Sum("amount_minor", filter=which, default=0)


def _enabled(finance: Iterable[FinanceSource], as_of: date) -> int:
    return sum(
        source.amount_minor
        for source in finance
        if sums.is_enabled(source.kind, source.signed_on, as_of)
    )
