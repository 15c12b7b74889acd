"""What the home page and the pages of fairs show."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum

from invest.kinds import RAISED
from invest.models import Fair, GatheringChange, Pitch, PledgeEvent, Project
from invest.progress.cards import ProjectCard, cards
from invest.progress.figures import FEWEST_SHOWN, with_stage


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
    counts = Q(to_state__in=PledgeEvent.COMMITTED)
    row = (
        PledgeEvent.objects.newest(as_of)
        # Support savings stay the savers' own: they are promised to no project.
        .filter(
            pledge__fair=fair,
            to_state__in=PledgeEvent.OPEN,
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
