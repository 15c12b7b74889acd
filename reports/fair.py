"""A fair's report as one frozen value: all that a page, a PDF or a deck needs."""

from dataclasses import dataclass
from datetime import date

from invest.models import Fair, Pitch
from invest.queries.figures import FEWEST_SHOWN
from pools.wording import kronor_text, number_text, percent_text
from reports import charts, figures
from reports.charts import Chart
from reports.figures import FairFrames, KnownTo


@dataclass(frozen=True, slots=True)
class Head:
    """A ledger's last entry when the report was made: what `known_to` means, and its seal."""

    ledger: str
    seq: int
    seal: str


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure in large type. `code` names its colour; empty for none."""

    code: str
    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class FairReport:
    """A fair as of a day."""

    fair: Fair
    as_of: date
    tiles: tuple[Tile, ...]
    charts: tuple[Chart, ...]
    heads: tuple[Head, ...]
    is_empty: bool


def fair_report(fair: Fair, as_of: date, known_to: KnownTo | None = None) -> FairReport:
    """Make the report. `known_to` None: all that is recorded now."""
    frames = figures.fair_frames(fair, as_of, known_to)
    return FairReport(
        fair=fair,
        as_of=as_of,
        tiles=tuple(_tiles(frames)),
        charts=tuple(draw(frames) for draw in charts.ALL),
        heads=tuple(_heads(fair)),
        is_empty=frames.pledges.empty,
    )


def _tiles(frames: FairFrames) -> list[Tile]:
    # Three sums with three meanings stand beside each other; nothing adds them.
    raised = figures.raised_by_project(frames)
    people = figures.returning(frames)
    tiles = [
        Tile(code, str(label), kronor_text(int(raised[f"{code}_minor"].sum())))
        for code, label in charts.SUMS.items()
    ]
    savers = people["savers"]
    few = savers < FEWEST_SHOWN
    shown = charts.few_text() if savers > 0 and few else number_text(savers)
    tiles.append(Tile("", str(charts.SAVERS), shown))
    if middle := figures.middle(frames):
        tiles.append(Tile("", str(charts.MEDIAN), kronor_text(middle[0])))
    at_risk = figures.portfolio_at_risk(frames, 30)
    if at_risk is not None:
        tiles.append(Tile("", str(charts.AT_RISK), percent_text(round(100 * at_risk))))
    return tiles


def _heads(fair: Fair) -> list[Head]:
    """The ledgers of the fair's organisations. One query."""
    ledger = "project__organisation__ledger__"
    rows = (
        Pitch.objects.filter(fair=fair, accepted_on__isnull=False)
        .exclude(project__organisation__ledger=None)
        .order_by(f"{ledger}code")
        .values_list(f"{ledger}code", f"{ledger}head_seq", f"{ledger}head_seal")
        .distinct()
    )
    return [Head(*row) for row in rows]
