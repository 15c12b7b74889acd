"""What the front page shows: the sums, the next fair, what is raising, what is new."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Q, QuerySet
from django.utils import timezone

from invest.fairs.queries.fairs import programme
from invest.models import Fair, Gathering, Project, Update
from invest.progress.listed import ListedProject
from invest.progress.progress import Progress, progress, total
from invest.progress.savers import count_savers
from invest.progress.sums import Sums


@dataclass(frozen=True)
class HomePage:
    """All that the first page shows. `raising` leaves out those that the fair shows."""

    sums: Sums
    fair: Fair | None
    fair_cards: tuple[ListedProject, ...]
    raising: tuple[ListedProject, ...]
    updates: tuple[Update, ...]
    gatherings: tuple[Gathering, ...]
    as_of: date

    @property
    def fair_is_today(self) -> bool:
        """Whether the fair has its day now."""
        return self.fair is not None and timezone.localdate(self.fair.starts_at) <= self.as_of


def home_page(as_of: date) -> HomePage:
    """The first page: ten queries, with what gathers next."""
    found = progress(Q(), as_of)
    fair = next_fair(as_of)
    pitched = programme(fair) if fair else []
    raising = [
        ListedProject(part.open_offer.project, part.open_offer.stage, part)
        for part in found.values()
        if part.open_offer
        and part.open_offer.stage == "raising"
        and part.open_offer.project not in pitched
    ]
    raising.sort(key=lambda card: (card.progress.days_left, card.project.name))
    return HomePage(
        sums=total(found.values(), savers=count_savers(as_of, Q())),
        fair=fair,
        fair_cards=tuple(_card(project, found, as_of) for project in pitched),
        raising=tuple(raising),
        updates=tuple(Update.objects.filter(on__lte=as_of).select_related("project")[:4]),
        gatherings=tuple(_gatherings(fair, as_of)),
        as_of=as_of,
    )


def _gatherings(fair: Fair | None, as_of: date) -> QuerySet[Gathering]:
    """The next three that will be, beside the fair, which has its ticket."""
    midnight = timezone.make_aware(datetime.combine(as_of, time.min))
    to_come = Gathering.objects.filter(ends_at__gte=midnight, cancelled_at__isnull=True)
    if fair is not None:
        to_come = to_come.exclude(fair=fair)
    return to_come.order_by("starts_at", "pk")[:3]


def next_fair(as_of: date) -> Fair | None:
    """The fair of today, or the next one that is not cancelled; None when none is planned."""
    midnight = timezone.make_aware(datetime.combine(as_of, time.min))
    return (
        Fair.objects.filter(ends_at__gte=midnight, gathering__cancelled_at__isnull=True)
        .select_related("organisation")
        .order_by("starts_at")
        .first()
    )


def _card(project: Project, found: dict[int, Progress], as_of: date) -> ListedProject:
    part = found.get(project.pk, Progress(as_of))
    return ListedProject(project, part.offers[0].stage if part.offers else "", part)
