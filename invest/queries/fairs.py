"""What the home page and the pages of fairs show."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from invest.models import Fair, Gathering, GatheringChange, Pitch, Project, Update
from invest.pledges import COMMITTED_STATES, OPEN_STATES
from invest.queries.cards import ProjectCard, cards
from invest.queries.figures import (
    FEWEST_SHOWN,
    Progress,
    Sums,
    count_savers,
    latest_events,
    progress,
    total,
    with_stage,
)
from invest.vehicles import RAISED


@dataclass(frozen=True, slots=True)
class Harvest:
    """What was promised at a fair and still stands: promises, savers, öre."""

    promises: int
    savers: int
    committed_minor: int
    pending_minor: int

    @property
    def is_small(self) -> bool:
        """Whether the group is too small for its number to be told."""
        return self.savers < FEWEST_SHOWN


@dataclass(frozen=True)
class FairPage:
    """A fair with its programme in order: the projects that have accepted."""

    fair: Fair
    cancelled: GatheringChange | None
    cards: tuple[ProjectCard, ...]
    harvest: Harvest
    as_of: date


@dataclass(frozen=True)
class HomePage:
    """All that the first page shows. `raising` leaves out those that the fair shows."""

    sums: Sums
    fair: Fair | None
    fair_cards: tuple[ProjectCard, ...]
    raising: tuple[ProjectCard, ...]
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
        ProjectCard(part.open_offer.project, part.open_offer.stage, part)
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


def fair_page(fair: Fair, as_of: date) -> FairPage:
    """The page of one fair. Seven queries."""
    cancelled = GatheringChange.objects.filter(
        gathering__fair=fair, gathering__cancelled_at__isnull=False
    )
    on_stage = Project.objects.filter(pitches__fair=fair, pitches__accepted_on__isnull=False)
    pitched = with_stage(on_stage, as_of)
    ordered = pitched.select_related("organisation").order_by("pitches__position")
    return FairPage(
        fair=fair,
        cancelled=cancelled.order_by("-pk").first(),
        cards=tuple(cards(ordered, as_of)),
        harvest=harvest(fair, as_of),
        as_of=as_of,
    )


def harvest(fair: Fair, as_of: date) -> Harvest:
    """What a fair brought and still stands. One query."""
    counts = Q(to_state__in=COMMITTED_STATES)
    row = (
        latest_events(as_of)
        # Support savings stay the savers' own: they are promised to no project.
        .filter(
            pledge__fair=fair,
            to_state__in=OPEN_STATES,
            pledge__offering__vehicle__kind__in=RAISED,
        )
        .aggregate(
            promises=Count("pk"),
            savers=Count("pledge__person", distinct=True),
            committed_minor=Sum("amount_minor", filter=counts, default=0),
            pending_minor=Sum("amount_minor", filter=~counts, default=0),
        )
    )
    return Harvest(**row)


def fairs() -> QuerySet[Fair]:
    """All fairs, newest first, with the number of the projects that come."""
    coming = Count("pitches", filter=Q(pitches__accepted_on__isnull=False))
    every = Fair.objects.select_related("organisation", "gathering").annotate(projects=coming)
    return every.order_by("-starts_at")


def programme(fair: Fair) -> list[Project]:
    """Projects that have accepted, in order, with their organisations. One query."""
    pitches = Pitch.objects.filter(fair=fair, accepted_on__isnull=False).select_related(
        "project__organisation"
    )
    return [pitch.project for pitch in pitches.order_by("position")]


def _card(project: Project, found: dict[int, Progress], as_of: date) -> ProjectCard:
    part = found.get(project.pk, Progress(as_of))
    return ProjectCard(project, part.offers[0].stage if part.offers else "", part)
