"""What the home page and the pages of fairs show."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from invest.models import Fair, GatheringChange, Pitch, Project
from invest.progress.evening import Evening, evening
from invest.progress.listed import ListedProject, listed_projects
from invest.progress.stages import with_stage


@dataclass(frozen=True)
class FairPage:
    """A fair with its programme in order: the projects that have accepted."""

    fair: Fair
    cancelled: GatheringChange | None
    cards: tuple[ListedProject, ...]
    evening: Evening
    as_of: date


def fair_page(fair: Fair, as_of: date) -> FairPage:
    """The page of one fair, read with its gathering. Eight queries, and one if it is cancelled."""
    on_stage = Project.objects.filter(pitches__fair=fair, pitches__accepted_on__isnull=False)
    pitched = with_stage(on_stage, as_of)
    ordered = pitched.select_related("organisation").order_by("pitches__position")
    return FairPage(
        fair=fair,
        cancelled=_cancelled(fair),
        cards=tuple(listed_projects(ordered, as_of)),
        evening=evening(fair, as_of),
        as_of=as_of,
    )


def _cancelled(fair: Fair) -> GatheringChange | None:
    """What cancelled its gathering, where anything did."""
    gathering = getattr(fair, "gathering", None)
    if gathering is None or gathering.cancelled_at is None:
        return None
    return GatheringChange.objects.filter(gathering=gathering).order_by("-pk").first()


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
