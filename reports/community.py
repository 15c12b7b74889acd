"""All projects together as one frozen value: what the community page, its CSV and its JSON tell."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from invest.fairs.queries.outcomes import FairOutcomes, Sum, outcomes_of_fairs
from invest.models import Fair
from invest.web.wording import quantity_text
from pools.wording import kronor_text
from reports.charts import SAVERS, SUMS, Chart, community, community_works
from reports.charts.community import HIDDEN, LENT, money, people
from reports.charts.community_works import kwh_text
from reports.fair import Tile
from reports.figures import community_sums
from reports.figures.community import CommunityFrames, community_frames
from reports.figures.community_sums import Part

_CHAPTERS = {
    "raised": (gettext_lazy("What was raised"), (community.years, community.so_far)),
    "where": (gettext_lazy("Where, and for what"), (community.places, community.sectors)),
    "could": (gettext_lazy("What the community could do"), (community.potential,)),
    "gave": (
        gettext_lazy("What it gave"),
        (community.lent, community_works.energy, community_works.helped),
    ),
    "projects": (
        gettext_lazy("The projects"),
        (community_works.stages, community_works.timeline),
    ),
}


@dataclass(frozen=True)
class Chapter:
    """Pictures under a heading."""

    code: str
    title: str
    charts: tuple[Chart, ...]


@dataclass(frozen=True, slots=True)
class EarlierFair:
    """What became of a fair, in words: its projects, and those that run or have ended well."""

    fair: Fair
    projects: int
    running: int
    promised: str
    confirmed: str
    paid: str
    help_: str


@dataclass(frozen=True)
class Community:
    """All projects as of a day, or the part that was asked for, in the language in force."""

    part: Part
    as_of: date
    tiles: tuple[Tile, ...]
    chapters: tuple[Chapter, ...]
    fairs: tuple[EarlierFair, ...]
    municipalities: tuple[str, ...]
    years: tuple[int, ...]
    is_empty: bool

    @property
    def charts(self) -> tuple[Chart, ...]:
        """All pictures, in order."""
        return tuple(chart for chapter in self.chapters for chart in chapter.charts)


def community_report(frames: CommunityFrames, part: Part) -> Community:
    """Tell a part of what was read. Five queries, for the fairs."""
    return Community(
        part=part,
        as_of=frames.as_of,
        tiles=tuple(_tiles(frames, part)),
        chapters=tuple(_chapters(frames, part)),
        fairs=tuple(_fairs(frames, part)),
        municipalities=tuple(frames.municipalities),
        years=tuple(frames.years[::-1]),
        is_empty=frames.facts.empty,
    )


def read(as_of: date) -> CommunityFrames:
    """All that the page tells of, as of a day."""
    return community_frames(as_of)


def _tiles(frames: CommunityFrames, part: Part) -> Iterator[Tile]:
    # Sums with meanings of their own stand beside each other; nothing adds them.
    row = community_sums.sums(frames, {"": part.cut}).iloc[0]
    for code, label in {**SUMS, **LENT}.items():
        yield Tile(code, str(label), money(row[f"{code}_minor"]))
    yield Tile("", _("Electricity produced"), kwh_text(row["kwh"]))
    yield Tile("", str(SAVERS), people(row["savers"]))
    projects = community_sums.timeline(frames, part)
    yield Tile("", _("Projects"), str(len(projects)))


def _chapters(frames: CommunityFrames, part: Part) -> Iterator[Chapter]:
    """In order; a picture that has nothing to compare or to tell there is left out."""
    for code, (title, draws) in _CHAPTERS.items():
        charts = tuple(
            draw(frames, part) for draw in draws if _belongs(draw.__name__, frames, part)
        )
        told = tuple(chart for chart in charts if chart.data.rows)
        if told:
            yield Chapter(code, str(title), told)


def _belongs(name: str, frames: CommunityFrames, part: Part) -> bool:
    if name == "places":
        return part.municipality is None and len(frames.municipalities) > 1
    return name != "potential" or part.municipality is None


def _fairs(frames: CommunityFrames, part: Part) -> Iterator[EarlierFair]:
    """Those that have begun, newest first."""
    chosen = Fair.objects.filter(starts_at__date__lte=frames.as_of).order_by("-starts_at")
    if part.municipality:
        chosen = chosen.filter(municipality=part.municipality)
    if part.year:
        chosen = chosen.filter(starts_at__year=part.year)
    stages = community_sums.stages_on(frames, frames.as_of)
    for row in outcomes_of_fairs(list(chosen), frames.as_of):
        yield EarlierFair(
            fair=row.fair,
            projects=len(row.projects),
            running=sum(stages.get(project) in _WENT_WELL for project in row.projects),
            promised=_in_words(row.promised),
            confirmed=_in_words(row.confirmed),
            paid=_in_words(row.paid),
            help_=_help(row),
        )


_WENT_WELL = frozenset({"operating", "repaying", "completed"})


def _in_words(total: Sum) -> str:
    """What is held back of some projects is not in it: then it is told as the least it is."""
    if total.total is None or not (total.total or total.is_whole):
        return str(HIDDEN)
    words = kronor_text(int(total.total))
    return words if total.is_whole else _("at least %(sum)s") % {"sum": words}


def _help(row: FairOutcomes) -> str:
    """Each unit by itself."""
    told = [
        quantity_text(Decimal(total.total), unit)
        for unit, total in row.help_promised
        if total.total
    ]
    if not told or len(told) == len(row.help_promised):
        return ", ".join(told) or ("–" if not row.help_promised else str(HIDDEN))
    return _("at least %(sum)s") % {"sum": ", ".join(told)}
