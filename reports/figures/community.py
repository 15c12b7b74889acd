"""All projects over the years: the only reader of the database for the community page.

All amounts are whole öre, kilowatt-hours are whole, help is in its own units; each is a measure by
itself and none is ever added to another. Sixteen queries, however many projects.
Formulas: docs/glossary.md, "Figures of the community page".
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd
from django.db.models import OuterRef, Q, Subquery

from invest.fairs.queries.outcomes import GIVEN, help_by_year
from invest.models import (
    Action,
    ActionEvent,
    Holding,
    Plan,
    PledgeEvent,
    Project,
    Repayment,
    Setting,
    StageEvent,
)
from invest.models.standing import stands
from invest.progress import sums
from invest.progress.disclosure import Figure
from pools.models import Transfer
from reports.figures.tables import as_frame
from reports.figures.tellable import Cut, Tellable, tellable

MEASURES = ("committed", "received", "enabled", "lent", "repaid", "kwh")
MOST_YEARS = 20  # Told one by one; sums hold all there ever was.
POTENTIAL = "potential-"  # Before a sector's code: the key of a setting, in kronor a year.
_PLEDGE = "pledge__offering__vehicle__project"


@dataclass(frozen=True)
class CommunityFrames:
    """All that the page tells of, as of a day.

    projects: project, slug, name, sector, municipality. facts: measure, project, year, person (−1:
    nobody, or forgotten), amount, sector, municipality. stages: project, on, stage. firsts:
    project, on (of the first promise that counts), savers. paid_out: project, on. help_: year,
    unit, promised, given (NaN: not told). potential: sector, valid_from, kronor, source.
    """

    as_of: date
    projects: pd.DataFrame
    facts: pd.DataFrame
    stages: pd.DataFrame
    firsts: pd.DataFrame
    paid_out: pd.DataFrame
    help_: pd.DataFrame
    potential: pd.DataFrame

    @cached_property
    def years(self) -> list[int]:
        """From the first in which something happened to the day's own, none left out."""
        first = self.facts["year"].min() if len(self.facts) else self.as_of.year
        return list(range(max(int(first), self.as_of.year - MOST_YEARS + 1), self.as_of.year + 1))

    @cached_property
    def municipalities(self) -> list[str]:
        """Where there are projects, by name."""
        return sorted(set(self.projects["municipality"]))

    @cached_property
    def tellable(self) -> dict[str, Tellable]:
        """What may be told of each measure: the same whatever part of it somebody asks for."""
        cuts = list(self._cuts())
        by_measure = dict(list(self.facts.groupby("measure")))
        return {
            measure: tellable(
                by_measure.get(measure, self.facts.iloc[:0]), cuts, open_to_all=measure == "enabled"
            )
            for measure in MEASURES
        }

    def _cuts(self) -> Iterator[Cut]:
        """Every part that some address tells, what matters most first."""
        places, sectors = self.municipalities, sorted(Project.Sector.values)
        yield Cut()
        yield from (Cut(year=year) for year in self.years)
        yield from (Cut(until=year) for year in self.years)
        yield from (Cut(municipality=place) for place in places)
        yield from (Cut(sector=sector) for sector in sectors)
        for place in places:
            yield from (Cut(municipality=place, year=year) for year in self.years)
            yield from (Cut(municipality=place, until=year) for year in self.years)
            yield from (Cut(municipality=place, sector=sector) for sector in sectors)
        for sector in sectors:
            yield from (Cut(sector=sector, year=year) for year in self.years)


def community_frames(as_of: date) -> CommunityFrames:
    """Read all projects as of a day."""
    columns = ["project", "slug", "name", "sector", "municipality"]
    rows = Project.objects.order_by("pk").values_list("pk", *columns[1:])
    projects = as_frame(rows, columns, ["project"])
    promises = _promises(as_of)
    plans = _plans(as_of)
    holders = _holders()
    facts = [
        *(("committed", project, on, person, minor) for project, on, person, minor in promises),
        *_receipts(as_of),
        *_enabled(as_of),
        *_with_holders("lent", plans, holders),
        *_with_holders("repaid", _repayments(as_of), holders),
        *_fund_loans(as_of),
        *_with_holders("kwh", _readings(as_of), holders),
    ]
    stages = StageEvent.objects.filter(on__lte=as_of).order_by("project", "number")
    return CommunityFrames(
        as_of=as_of,
        projects=projects,
        facts=_facts(facts, projects),
        stages=as_frame(
            stages.values_list("project_id", "on", "to_state"), ["project", "on", "stage"]
        ),
        firsts=_firsts(promises),
        paid_out=as_frame(
            ((project, on) for project, _vehicle, on, _minor in plans), ["project", "on"]
        ),
        help_=_help(as_of),
        potential=_potential(as_of),
    )


_Fact = tuple[str, int, date, int | None, int]  # Measure, project, day, person, amount.
_Of = tuple[int, int, date, int]  # Project, vehicle, day, amount.


def _facts(rows: Iterable[_Fact], projects: pd.DataFrame) -> pd.DataFrame:
    listed = [
        (measure, project, on.year, -1 if person is None else person, amount)
        for measure, project, on, person, amount in rows
    ]
    columns = ["measure", "project", "year", "person", "amount"]
    frame = as_frame(listed, columns, columns[1:])
    return frame.merge(projects[["project", "sector", "municipality"]], on="project")


def _promises(as_of: date) -> list[tuple[int, date, int | None, int]]:
    """Project, day, person, öre of each promise that counts; its day is when it began to."""
    began = PledgeEvent.objects.filter(
        pledge=OuterRef("pledge"), to_state__in=PledgeEvent.COMMITTED
    ).order_by("number")
    rows = (
        sums.committed(as_of)
        .filter(pledge__offering__vehicle__project__isnull=False)
        .annotate(since=Subquery(began.values("on")[:1]))
        .order_by("pledge")
    )
    return list(rows.values_list(_PLEDGE, "since", "pledge__person", "amount_minor"))


def _firsts(promises: list[tuple[int, date, int | None, int]]) -> pd.DataFrame:
    frame = as_frame(promises, ["project", "on", "person", "amount"])
    by_project = frame.groupby("project")
    table = pd.DataFrame({"on": by_project["on"].min(), "savers": by_project["person"].nunique()})
    return table.reset_index()


def _receipts(as_of: date) -> Iterator[_Fact]:
    """What was paid in for projects."""
    project = "call__pledge__offering__vehicle__project"
    rows = sums.received(as_of).filter(**{f"{project}__isnull": False}).order_by("pk")
    told = rows.values_list(project, "counts_from", "call__pledge__person", "amount_minor")
    return (("received", *row) for row in told)


def _enabled(as_of: date) -> Iterator[_Fact]:
    """Signed bank loans: a bank's, and nobody's in particular."""
    told = sums.enabled(as_of).order_by("pk").values_list("project_id", "signed_on", "amount_minor")
    return (("enabled", project, on, None, minor) for project, on, minor in told if on)


def _plans(as_of: date) -> list[_Of]:
    """What was lent by plan: a later plan is the same loan anew."""
    rows = Plan.objects.filter(version=1, made_on__lte=as_of, vehicle__project__isnull=False)
    told = rows.order_by("made_on", "vehicle")
    return list(told.values_list("vehicle__project", "vehicle", "made_on", "principal_minor"))


def _repayments(as_of: date) -> list[_Of]:
    rows = Repayment.objects.standing(as_of).filter(
        instalment__plan__vehicle__project__isnull=False
    )
    vehicle = "instalment__plan__vehicle"
    told = rows.values_list(f"{vehicle}__project", vehicle, "paid_on", "principal_minor")
    return list(told.order_by("pk"))


def _fund_loans(as_of: date) -> Iterator[_Fact]:
    """What funds lent and got back, of whoever borrowed. Two queries."""
    for measure, side, kind in (("lent", "debit", "lend"), ("repaid", "credit", "receipt")):
        held = f"{side}__holding__vehicle__project"
        rows = Transfer.objects.filter(
            stands(as_of=as_of),
            **{f"{side}__holding__role": "lent", f"{held}__isnull": False},
            entry__kind=kind,
        )
        told = rows.order_by("pk").values_list(
            held, "entry__booked_on", f"{side}__holding__person", "amount_minor"
        )
        for row in told:
            yield measure, *row


def _readings(as_of: date) -> list[_Of]:
    """Kilowatt-hours by the month they were produced, of readings that stand."""
    rows = (
        ActionEvent.objects.newest()
        .filter(
            to_state=ActionEvent.State.DONE,
            action__act="reading",
            action__on__lte=as_of,
            action__vehicle__project__isnull=False,
        )
        .order_by("action")
        .values_list("action__vehicle__project", "action__vehicle", "action__coded")
    )
    return [
        (project, vehicle, date.fromisoformat(coded["month"]), int(coded["kwh"]))
        for project, vehicle, coded in rows
    ]


def _holders() -> dict[int, list[int]]:
    """Vehicle → the persons who hold or held in it, of loans by plan and plants that are read."""
    of_plans, of_plants = Plan.objects.values("vehicle"), Action.objects.filter(act="reading")
    rows = (
        Holding.objects.filter(person__isnull=False)
        .filter(Q(vehicle__in=of_plans) | Q(vehicle__in=of_plants.values("vehicle")))
        .order_by("vehicle", "person")
        .values_list("vehicle", "person")
        .distinct()
    )
    holders: dict[int, list[int]] = {}
    for vehicle, person in rows:
        holders.setdefault(vehicle, []).append(person)
    return holders


def _with_holders(
    measure: str, rows: Iterable[_Of], holders: dict[int, list[int]]
) -> Iterator[_Fact]:
    """The amounts, and for each year the persons whose they are, with nought of their own."""
    seen = set()
    for project, vehicle, on, amount in rows:
        yield measure, project, on, None, amount
        if (vehicle, on.year) not in seen:
            seen.add((vehicle, on.year))
            yield from ((measure, project, on, person, 0) for person in holders.get(vehicle, ()))


def _help(as_of: date) -> pd.DataFrame:
    rows = [
        (year, unit, *(_quantity(steps[step]) for step in (0, GIVEN)))
        for year, units in help_by_year(as_of).items()
        for unit, steps in sorted(units.items())
    ]
    return as_frame(rows, ["year", "unit", "promised", "given"])


def _quantity(figure: Figure) -> float:
    return float("nan") if figure.total is None else float(figure.total)


def _potential(as_of: date) -> pd.DataFrame:
    """Settings `potential-<sector>` by the day; what is no whole number above nought is none."""
    rows = Setting.objects.filter(key__startswith=POTENTIAL, valid_from__lte=as_of)
    told = [
        (key.removeprefix(POTENTIAL), since, value, source)
        for key, since, value, source in rows.order_by("key", "valid_from").values_list(
            "key", "valid_from", "value", "source"
        )
        if type(value) is int and value > 0
    ]
    return as_frame(told, ["sector", "valid_from", "kronor", "source"], ["kronor"])
