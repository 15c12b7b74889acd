"""A fair's report as one frozen value: all that a page, a PDF or a deck needs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from invest.models import Fair
from invest.progress.sums import KnownTo
from invest.web.wording import in_language
from pools.models import Entry
from pools.wording import kronor_text, number_text, percent_text
from reports import charts, figures
from reports.charts import Chart, Fact
from reports.figures import FairFrames, Formula
from reports.models import Chapter


@dataclass(frozen=True, slots=True)
class LedgerHead:
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
class Part:
    """A chapter of the report: the organiser's words, its single figures, then its pictures."""

    code: str
    title: str
    words: str
    charts: tuple[Chart, ...]
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True)
class FairReport:
    """A fair as of a day, in the language in force when it was made. `formulas` is the appendix:
    the figures of the parts that are told, each with how it is counted.
    """

    fair: Fair
    as_of: date
    known_to: KnownTo
    tiles: tuple[Tile, ...]
    parts: tuple[Part, ...]
    ledger_heads: tuple[LedgerHead, ...]
    is_empty: bool
    formulas: tuple[Formula, ...] = ()

    @property
    def charts(self) -> tuple[Chart, ...]:
        """All pictures, in order."""
        return tuple(chart for part in self.parts for chart in part.charts)


def fair_report(fair: Fair, as_of: date, known_to: KnownTo | None = None) -> FairReport:
    """Make the report. `known_to` None: all that is recorded now."""
    known = known_to or figures.known_now(fair)
    frames = figures.fair_frames(fair, as_of, known)
    parts = tuple(_parts(fair, frames))
    told = {part.code for part in parts}
    return FairReport(
        fair=fair,
        as_of=as_of,
        known_to=known,
        tiles=tuple(_tiles(frames)),
        parts=parts,
        ledger_heads=tuple(_ledger_heads(known)),
        is_empty=not frames.pledges["is_here"].any(),
        formulas=tuple(formula for formula in figures.FORMULAS if formula.part in told),
    )


def _parts(fair: Fair, frames: FairFrames) -> Iterator[Part]:
    """What the organiser lets be shown, in order; a part with nothing to tell is left out."""
    decided = {chapter.code: chapter for chapter in Chapter.objects.filter(fair=fair)}
    for code, (title, _draws) in charts.CHAPTERS.items():
        chapter = decided.get(code)
        if chapter is not None and not chapter.is_shown:
            continue
        words = in_language(chapter.words_sv, chapter.words_en) if chapter else ""
        if pictures := charts.drawn(frames, code):
            yield Part(code, str(title), words, pictures, charts.facts_of(frames, code))


def _tiles(frames: FairFrames) -> list[Tile]:
    # Three sums with three meanings stand beside each other; nothing adds them.
    raised = figures.raised_by_project(frames)
    people = figures.returning(frames)
    tiles = [
        Tile(code, str(label), kronor_text(int(raised[f"{code}_minor"].sum())))
        for code, label in charts.SUMS.items()
    ]
    few = figures.are_few(figures.committed(frames))
    shown = charts.few_text() if few else number_text(people["savers"])
    tiles.append(Tile("", str(charts.SAVERS), shown))
    if middle := figures.middle(frames):
        tiles.append(Tile("", str(charts.MEDIAN), kronor_text(middle[0])))
    at_risk = figures.portfolio_at_risk(frames, 30)
    if at_risk is not None:
        tiles.append(Tile("", str(charts.AT_RISK), percent_text(round(100 * at_risk))))
    return tiles


def _ledger_heads(known: KnownTo) -> list[LedgerHead]:
    """The books the report rests on, each as it stood when it was made. One query."""
    last = Q(pk__in=[])
    for ledger, seq in known.ledgers.items():
        last |= Q(ledger=ledger, seq=seq)
    rows = Entry.objects.filter(last).order_by("ledger__code")
    return [LedgerHead(*row) for row in rows.values_list("ledger__code", "seq", "seal")]
