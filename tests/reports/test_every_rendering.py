"""Every figure on every rendering is the one that `reports.figures` counts, to the öre."""

import csv
import io
import json
import re
from collections.abc import Iterator
from html import unescape

import openpyxl
import pandas as pd
import pytest
from django.utils import translation
from pptx import Presentation
from pypdf import PdfReader

from invest.models import Fair
from pools.wording import kronor_text
from reports import figures
from reports.charts import Chart
from reports.fair import FairReport, fair_report
from reports.render import html, pdf, posters
from reports.render.data import csv_files, report_json
from reports.render.sheets import report_sheets
from reports.render.slides import report_deck
from tests.conftest import STORY_DAY

# What each chart rests on, counted anew. (savers' marks of what is hidden are told as nothing)
ANEW = {
    "raised": figures.raised_by_project,
    "velocity": figures.velocity,
    "funnel": figures.funnel,
    "histogram": figures.histogram,
    "local": figures.local_share,
    "lorenz": figures.lorenz,
    "finance": figures.finance_mix,
    "outstanding": figures.outstanding,
    "arrears": figures.arrears,
    "cohorts": figures.cohorts,
}
SUMS = ("committed_minor", "received_minor", "enabled_minor")


@pytest.fixture(scope="module")
def fair(valley) -> Fair:
    return Fair.objects.select_related("organisation").get(slug="fjarde-massan")


@pytest.fixture(scope="module")
def frames(fair) -> figures.FairFrames:
    return figures.fair_frames(fair, STORY_DAY, figures.known_now(fair))


@pytest.fixture(scope="module")
def report(fair) -> Iterator[FairReport]:
    with translation.override("sv"):
        yield fair_report(fair, STORY_DAY)


@pytest.fixture(scope="module")
def sums(frames) -> dict[str, int]:
    table = figures.raised_by_project(frames)
    return {code: int(table[code].sum()) for code in SUMS}


def plain(value: object) -> object:
    """As JSON would hold it; what must not be told, or is none, is None."""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if value is None or value != value or value == -1:
        return None
    return value


def counted(frame: pd.DataFrame, columns: list[str]) -> list[tuple]:
    hidden = frame.get("is_hidden", pd.Series(False, index=frame.index))
    return [
        tuple(None if hide and isinstance(v, int | float) else v for v in map(plain, row))
        for row, hide in zip(frame[columns].itertuples(index=False, name=None), hidden, strict=True)
    ]


def minors(chart: Chart) -> set[int]:
    """All öre that a chart tells."""
    places = [i for i, name in enumerate(chart.data.columns) if name.endswith("_minor")]
    return {row[i] for row in chart.data.rows for i in places if row[i] is not None}


def told(chart: Chart) -> set[float]:
    return {cell for row in chart.data.rows for cell in row if isinstance(cell, int | float)}


def is_told(text: str, minor: int) -> bool:
    """Whether the kronor stand there on their own, not as the end of a longer number."""
    wanted = r"\s".join(map(re.escape, kronor_text(minor).split("\u00a0")))
    return re.search(rf"(?<![\d,])(?<!\d\u00a0){wanted}", text) is not None


def read(made: bytes) -> str:
    """A PDF's text. (A cell's blanks stay as they are, and lines end where cells do.)"""
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)


@pytest.mark.parametrize("chart_id", ANEW)
def test_s12_json_and_csv_tell_what_figures_counts(report, frames, chart_id):
    chart = next(chart for chart in report.charts if chart.id == chart_id)
    anew = ANEW[chart_id](frames)
    columns = list(chart.data.columns)
    if chart_id == "histogram":  # There an edge is no number of persons.
        anew["savers"] = anew["savers"].mask(anew.pop("is_hidden"), -1)

    wanted = counted(anew, columns)

    of_json = {
        told["id"]: [tuple(row) for row in told["rows"]]
        for part in json.loads(report_json(report))["parts"]
        for told in part["charts"]
    }[chart_id]
    assert of_json == [row for row in wanted if row in of_json]
    # By month or quarter the last day stands for all; everything else is told row by row.
    assert len(of_json) == len(wanted) or chart_id in {"velocity", "outstanding"}
    assert of_json[-1] == wanted[-1]
    text = csv_files(report)[chart_id].decode("utf-8-sig")
    (_head, *of_csv) = csv.reader(io.StringIO(text, newline=""))
    assert of_csv == [["" if v is None else str(v) for v in row] for row in of_json]


def test_s12_the_tiles_are_the_sums_of_the_projects(report, sums):
    assert [tile.value for tile in report.tiles[:3]] == [kronor_text(sums[code]) for code in SUMS]


def test_s12_the_deck_draws_what_figures_counts(report, sums):
    deck = Presentation(io.BytesIO(report_deck(report)))
    drawn = {
        slide.shapes.title.text: shape.chart.plots[0]
        for slide in deck.slides
        for shape in slide.shapes
        if shape.has_chart
    }
    for chart in report.charts:
        if chart.native is None:
            continue
        if not any(value for series in chart.native.series for value in series.values):
            assert chart.finding not in drawn  # There is nothing to draw: its table says so.
            continue
        known = told(chart)
        for series in drawn[chart.finding].series:
            for value in series.values:
                assert value is None or value in known or round(value * 100) in known, chart.id
    raised = next(chart for chart in report.charts if chart.id == "raised")
    of_raised = [sum(series.values) for series in drawn[raised.finding].series][:3]
    assert [round(total * 100) for total in of_raised] == list(sums.values())
    texts = {
        shape.text_frame.text
        for slide in deck.slides
        for shape in slide.shapes
        if shape.has_text_frame
    }
    assert {kronor_text(minor) for minor in sums.values()} <= texts


def test_s12_the_sheets_hold_what_figures_counts(report, sums):
    book = openpyxl.load_workbook(io.BytesIO(report_sheets(report)))
    for chart, sheet in zip(report.charts, book.worksheets[1:-1], strict=True):
        rows = sheet.iter_rows(min_row=5, max_row=4 + len(chart.rows))
        cells = {cell.value for row in rows for cell in row if isinstance(cell.value, int | float)}
        ore = {round(cell * 100) for cell in cells}
        assert minors(chart) <= ore, chart.id
        # What is no number of the data is a whole percent that is only told.
        assert all(round(c * 100) in told(chart) or c in told(chart) or c <= 1 for c in cells)
    (names, *rows) = book.worksheets[1].iter_rows(min_row=4, max_row=8, values_only=True)
    for code, label in zip(sums, ("Utlovat", "Inbetalt", "Möjliggjorda banklån"), strict=True):
        place = names.index(label)
        assert sum(round(row[place] * 100) for row in rows) == sums[code]


def test_s12_the_paper_tells_what_figures_counts(report, sums):
    text = read(pdf.report_pdf(report, {}))

    for chart in report.charts:
        for minor in minors(chart):
            assert is_told(text, minor), (chart.id, minor)
    assert all(is_told(text, minor) for minor in sums.values())
    assert not is_told(text, sum(sums.values()))


def test_s12_the_offline_page_and_the_loop_tell_what_figures_counts(report, sums):
    page = re.sub(r"<[^>]*>", "\n", unescape(html.offline_page(report, {}).decode()))
    loop = re.sub(r"<[^>]*>", "\n", unescape(html.slide_loop(report, {}).decode()))

    for chart in report.charts:
        assert all(is_told(page, minor) for minor in minors(chart)), chart.id
    assert all(is_told(loop, minor) for minor in sums.values())


def test_s12_the_posters_tell_what_figures_counts(report, frames):
    for row in figures.raised_by_project(frames).itertuples():
        text = read(posters.poster_pdf(report, row.project, {}))
        for code in SUMS:
            assert is_told(text, getattr(row, code)), (row.name, code)
