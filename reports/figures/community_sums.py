"""What the community page tells, table by table. In every table −1 means: too few to tell."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from invest.models import Project, StageEvent
from invest.progress.disclosure import FEWEST_SHOWN
from reports.figures.community import MEASURES, CommunityFrames
from reports.figures.tables import as_frame
from reports.figures.tellable import Cut

_COLUMNS = tuple(f"{name}_minor" if name != "kwh" else name for name in MEASURES)
Stage = StageEvent.Stage
# A project's steps that everybody understands, each with the stages that are that step. The first
# promise is read from its promises, and the money's day also from its plan of repayment.
STEPS: dict[str, frozenset[str]] = {
    "begun": frozenset(),
    "promised": frozenset(),
    "reached": frozenset({Stage.FUNDED}),
    "paid_out": frozenset({Stage.CONTRACTING, Stage.BUILDING}),
    "running": frozenset({Stage.OPERATING, Stage.REPAYING}),
    "repaid": frozenset({Stage.COMPLETED}),
    "ended": frozenset({Stage.FAILED, Stage.WOUND_UP}),
}


@dataclass(frozen=True, slots=True)
class Part:
    """What a reader asks for: one municipality, one year, both, or neither."""

    municipality: str | None = None
    year: int | None = None

    @property
    def cut(self) -> Cut:
        """The same as a cut of the facts."""
        return Cut(municipality=self.municipality, year=self.year)

    def last_day(self, as_of: date) -> date:
        """The day its standing is told for: the year's last, or today."""
        return min(as_of, date(self.year, 12, 31)) if self.year else as_of


def sums(frames: CommunityFrames, cuts: Mapping[str, Cut]) -> pd.DataFrame:
    """One row a cut, in order: name, committed_minor, received_minor, enabled_minor, lent_minor,
    repaid_minor, kwh, savers (distinct persons whose promise counts).
    """
    rows = [
        (
            name,
            *(_known(frames.tellable[measure].total(cut)) for measure in MEASURES),
            _known(frames.tellable["committed"].people(cut)),
        )
        for name, cut in cuts.items()
    ]
    return as_frame(rows, ["name", *_COLUMNS, "savers"], [*_COLUMNS, "savers"])


def _known(figure: int | None) -> int:
    return -1 if figure is None else figure


def by_year(frames: CommunityFrames, part: Part) -> pd.DataFrame:
    """The years beside each other, newest first, of the part's municipality. As `sums`."""
    place = part.municipality
    return sums(
        frames, {str(year): Cut(municipality=place, year=year) for year in frames.years[::-1]}
    )


def so_far(frames: CommunityFrames, part: Part) -> pd.DataFrame:
    """All there was up to each year's end, oldest first, of the part's municipality. As `sums`."""
    place = part.municipality
    return sums(frames, {str(year): Cut(municipality=place, until=year) for year in frames.years})


def by_municipality(frames: CommunityFrames, part: Part) -> pd.DataFrame:
    """The municipalities beside each other, by name, of the part's year. As `sums`."""
    places = frames.municipalities
    return sums(frames, {place: Cut(municipality=place, year=part.year) for place in places})


def by_sector(frames: CommunityFrames, part: Part) -> pd.DataFrame:
    """Sectors that have projects there, by code; a part with both a municipality and a year has
    none: a group of one sector, place and year is mostly too small. As `sums`.
    """
    if part.municipality and part.year:
        return sums(frames, {})
    found = sorted(set(projects_of(frames, part)["sector"]))
    place, year = part.municipality, part.year
    return sums(frames, {code: Cut(municipality=place, sector=code, year=year) for code in found})


def potential(frames: CommunityFrames, part: Part) -> pd.DataFrame:
    """Sector by sector, what could be invested in a year against what was raised in it: sector,
    year, potential_minor, committed_minor, received_minor, enabled_minor, source. The part's year,
    or the day's own. Sectors without a potential by then are left out; a municipality has none.
    """
    year = part.year or frames.as_of.year
    day = Part(year=year).last_day(frames.as_of)
    known = {
        row.sector: row
        for row in frames.potential.itertuples(index=False)
        if row.valid_from <= day and not part.municipality
    }
    found = [code for code in Project.Sector.values if code in known]
    table = sums(frames, {code: Cut(sector=code, year=year) for code in found})
    columns = ["committed_minor", "received_minor", "enabled_minor"]
    table = table[["name", *columns]].rename(columns={"name": "sector"})
    table.insert(1, "year", year)
    table.insert(2, "potential_minor", [known[code].kronor * 100 for code in found])
    table["source"] = [known[code].source for code in found]
    return table


def help_in_kind(frames: CommunityFrames, part: Part) -> pd.DataFrame:
    """Help of the part's year, or of all, each unit by itself: unit, promised, given, is_whole.

    Sums over what is told of each year; NaN where nothing is. `is_whole`: nothing is held back. A
    municipality has none: what few have given would be found by looking again another day.
    """
    rows = []
    for unit, table in frames.help_.groupby("unit"):
        years = table[table["year"] == part.year] if part.year else table
        if len(years) and not part.municipality:
            told = years[["promised", "given"]]
            promised, given = told.sum(min_count=1)
            rows.append((unit, promised, given, not told.isna().to_numpy().any()))
    return as_frame(rows, ["unit", "promised", "given", "is_whole"])


def projects_of(frames: CommunityFrames, part: Part) -> pd.DataFrame:
    """The part's projects: those of its municipality, or all. Columns of `frames.projects`."""
    table = frames.projects
    return table[table["municipality"] == part.municipality] if part.municipality else table


def by_stage(frames: CommunityFrames, part: Part) -> pd.DataFrame:
    """How many of the part's projects stood at each stage on its last day: stage, projects."""
    here = set(projects_of(frames, part)["project"])
    last = stages_on(frames, part.last_day(frames.as_of))
    counts = Counter(stage for project, stage in last.items() if project in here)
    rows = [(code, counts[code]) for code in Stage.values if counts[code]]
    return as_frame(rows, ["stage", "projects"], ["projects"])


def stages_on(frames: CommunityFrames, day: date) -> dict[int, str]:
    """Project → the stage it stood at on a day; without those that had none yet."""
    rows = frames.stages.itertuples(index=False)
    return {row.project: row.stage for row in rows if row.on <= day}


def timeline(frames: CommunityFrames, part: Part) -> pd.DataFrame:
    """The part's projects by their first step: slug, name, then the day of each of `STEPS` or None.

    The first promise is told by its month, as the month's first day, and only of projects that five
    or more have promised to. With a year: those that took a step in it.
    """
    took = _steps(frames)
    rows = []
    for project in projects_of(frames, part).itertuples(index=False):
        days = [took[project.project].get(step) for step in STEPS]
        known = [day for day in days if day]
        if known and (not part.year or any(day.year == part.year for day in known)):
            rows.append((min(known), project.name, project.slug, days))
    told = [(slug, name, *days) for _first, name, slug, days in sorted(rows)]
    return as_frame(told, ["slug", "name", *STEPS]).astype(object)


def _steps(frames: CommunityFrames) -> dict[int, dict[str, date]]:
    """Project → step → the day of it. A loan is paid out when its plan begins."""
    took: dict[int, dict[str, date]] = defaultdict(dict)
    for row in frames.firsts.itertuples(index=False):
        if row.savers >= FEWEST_SHOWN:
            took[row.project]["promised"] = row.on.replace(day=1)
    for row in frames.paid_out.itertuples(index=False):
        took[row.project].setdefault("paid_out", row.on)
    of_stage = {stage: step for step, stages in STEPS.items() for stage in stages}
    for row in frames.stages.itertuples(index=False):
        took[row.project].setdefault("begun", row.on)
        if row.stage in of_stage:
            took[row.project].setdefault(of_stage[row.stage], row.on)
    return took
