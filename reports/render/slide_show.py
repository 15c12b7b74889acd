"""What is told on the hall's screen, slide by slide: large figures, then a finding at a time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from pools.bank.references import qr_svg
from reports.charts import SUMS, Chart
from reports.fair import FairReport, Tile

MOST_WORDS = 45  # More cannot be read in twelve seconds.


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide. `kind` names its look; `picture` is inline SVG, empty where a browser draws."""

    kind: str
    eyebrow: str = ""
    title: str = ""
    text: str = ""
    tiles: tuple[Tile, ...] = ()
    chart: Chart | None = None
    picture: SafeString | str = ""
    address: str = ""


def slides(report: FairReport, pictures: Mapping[str, SafeString] | None = None) -> list[Slide]:
    """The slides in order. `pictures` None: the charts are drawn where they are shown; else a chart
    without a picture is left out.
    """
    return [*_opening(report), *_parts(report, pictures), _closing(report)]


def _opening(report: FairReport) -> Iterator[Slide]:
    yield Slide("opening")
    # The three sums stand beside each other, never added; people come after.
    sums = tuple(tile for tile in report.tiles if tile.code in SUMS)
    others = tuple(tile for tile in report.tiles if tile.code not in SUMS)
    if not report.is_empty:
        for tiles in (sums, others):
            if tiles:
                yield Slide("tiles", tiles=tiles)


def _parts(report: FairReport, pictures: Mapping[str, SafeString] | None) -> Iterator[Slide]:
    for part in report.parts:
        if part.words:
            words = Truncator(part.words).words(MOST_WORDS, truncate=" …")
            yield Slide("words", title=part.title, text=words)
        for chart in part.charts:
            if chart.figure and (pictures is None or chart.id in pictures):
                picture = pictures[chart.id] if pictures else ""
                yield Slide("chart", part.title, chart.finding, chart.note, (), chart, picture)


def _closing(report: FairReport) -> Slide:
    address = settings.PUBLIC_URL.rstrip("/") + reverse("fair_report", args=[report.fair.slug])
    told = address.split("://", 1)[-1].rstrip("/")
    # Drawn here, from an address of ours.
    code = mark_safe(qr_svg(address, title=told))  # noqa: S308
    return Slide("closing", picture=code, address=told)
