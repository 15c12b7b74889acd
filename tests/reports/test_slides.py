"""The deck: native charts with the report's numbers, words, notes, and nothing that is hidden."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from pptx import Presentation

from reports.charts import Chart, Native, Series, Shape
from reports.fair import FairReport, Part, fair_report
from reports.models import Chapter
from reports.render import native_chart
from reports.render.master import TOKENS
from reports.render.slides import MOST_BARS, MOST_ROWS, MOST_WORDS, report_deck
from tests.reports.small_fair import AS_OF, RUNS, SCRIPT, empty_fair, one_report


def opened(report: FairReport):
    return Presentation(io.BytesIO(report_deck(report)))


@pytest.fixture(scope="module")
def report(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[FairReport]:
    with one_report(django_db_blocker) as told:
        yield told


@pytest.fixture(scope="module")
def deck(report):
    return opened(report)


def titles(deck) -> list[str]:
    return [slide.shapes.title.text for slide in deck.slides]


def of(deck, title: str):
    return next(slide for slide in deck.slides if slide.shapes.title.text == title)


def graphics(slide) -> list:
    return [shape for shape in slide.shapes if shape.has_chart or shape.has_table]


def texts(deck) -> str:
    return "\n".join(
        shape.text_frame.text
        for slide in deck.slides
        for shape in slide.shapes
        if shape.has_text_frame
    )


def made_of(*charts: Chart, report: FairReport) -> FairReport:
    part = Part("raised", "Delen", "", charts)
    return FairReport(
        report.fair,
        report.as_of,
        report.known_to,
        report.tiles,
        (part,),
        report.ledger_heads,
        False,
    )


def test_the_deck_tells_each_finding_each_project_and_what_it_rests_on(report, deck):
    shown = titles(deck)

    assert deck.slide_width / deck.slide_height == pytest.approx(16 / 9, abs=0.001)
    assert shown[0] == "Massan"
    for chart in report.charts:
        assert chart.finding in shown
    assert {"Soltaket", RUNS} <= set(shown)
    assert all(
        head.seal in deck.slides[-1].notes_slide.notes_text_frame.text
        for head in report.ledger_heads
    )


def test_native_charts_hold_the_numbers_of_the_report(report, deck):
    compared = 0
    for chart in report.charts:
        if chart.native is None or chart.figure is None:
            continue
        if not any(value for series in chart.native.series for value in series.values):
            assert len(graphics(of(deck, chart.finding))) == 1  # Its table says that it is nothing.
            continue
        (frame,) = graphics(of(deck, chart.finding))
        plot = frame.chart.plots[0]
        told = {series.name: tuple(series.values) for series in plot.series}
        assert tuple(plot.categories) == chart.native.categories
        assert told == {series.name: series.values for series in chart.native.series}
        compared += 1
    assert compared >= 4


def test_every_graphic_says_what_it_shows_and_every_slide_has_notes(report, deck):
    for slide in list(deck.slides)[1:]:
        assert slide.notes_slide.notes_text_frame.text.strip(), slide.shapes.title.text
        for graphic in graphics(slide):
            assert graphic._element.nvGraphicFramePr.cNvPr.get("descr"), graphic.name
    raised = report.charts[0]
    notes = of(deck, raised.finding).notes_slide.notes_text_frame.text
    assert raised.finding in notes
    assert raised.note in notes
    assert all(cell in notes for row in raised.rows for cell in row)


@pytest.mark.fault("F65")
def test_the_organisers_words_are_text_and_stand_before_their_part(report, deck):
    shown = texts(deck)

    assert SCRIPT in shown
    assert "Andra stycket." in shown
    assert titles(deck).index(report.parts[0].title) < titles(deck).index(report.charts[0].finding)


def test_what_the_organiser_hides_is_nowhere_in_the_deck(db, report):
    Chapter.objects.update_or_create(
        fair=report.fair, code="raised", defaults={"is_shown": False, "words_sv": "Dolt."}
    )
    hidden = opened(fair_report(report.fair, AS_OF))

    notes = "\n".join(slide.notes_slide.notes_text_frame.text for slide in hidden.slides)
    assert "Dolt." not in texts(hidden) + notes
    assert RUNS not in texts(hidden) + notes
    assert report.charts[0].finding not in titles(hidden)


def test_a_chart_without_a_drawing_of_its_own_is_a_table(db, report):
    rows = tuple((f"Rad {n}", str(n)) for n in range(MOST_ROWS + 2))
    chart = Chart("x", "Titel", "Fynd.", "Not.", None, ("Vad", "Antal"), rows)

    deck = opened(made_of(chart, report=report))

    tables = [g.table for slide in deck.slides for g in graphics(slide) if g.has_table][:-1]
    told = [tuple(cell.text for cell in row.cells) for table in tables for row in table.rows]
    assert told == [chart.columns, *rows[:MOST_ROWS], chart.columns, *rows[MOST_ROWS:]]


def test_many_bars_go_on_to_the_next_slide(db, report):
    names = tuple(f"Projekt {n}" for n in range(MOST_BARS + 1))
    series = (Series("Utlovat", tuple(float(n) for n in range(MOST_BARS + 1)), "committed"),)
    native = Native(Shape.BARS, names, series)
    chart = Chart("x", "Titel", "Fynd.", "Not.", {}, ("Vad",), (("a",),), native=native)

    deck = opened(made_of(chart, report=report))

    drawn = [g.chart.plots[0] for slide in deck.slides for g in graphics(slide) if g.has_chart]
    assert [tuple(plot.categories) for plot in drawn] == [names[:MOST_BARS], names[MOST_BARS:]]
    assert tuple(drawn[1].series[0].values) == (float(MOST_BARS),)


def test_words_without_end_go_on_to_the_next_slide(db, report):
    fair = report.fair
    words = "ord " * 999
    Chapter.objects.update_or_create(fair=fair, code="savers", defaults={"words_sv": words})
    part = next(part for part in report.parts if part.code == "savers")

    deck = opened(fair_report(fair, AS_OF))

    pieces = [s for s in deck.slides if s.shapes.title.text == part.title]
    assert len(pieces) == -(-len(words) // MOST_WORDS)
    told = " ".join(slide.notes_slide.notes_text_frame.text for slide in pieces)
    assert told.split() == words.split()


def test_what_is_hidden_is_a_gap_in_the_chart(db, report):
    series = (Series("Sparare", (7.0, None, 12.0), "pine"),)
    native = Native(Shape.COLUMNS, ("a", "b", "c"), series, "#,##0")
    chart = Chart("x", "Titel", "Fynd.", "Not.", {}, ("Vad",), (("a",),), native=native)

    deck = opened(made_of(chart, report=report))

    drawn = next(g.chart for s in deck.slides for g in graphics(s) if g.has_chart)
    assert tuple(drawn.plots[0].series[0].values) == (7.0, None, 12.0)


def test_a_fair_without_promises_is_a_deck_that_says_so(db, report):
    deck = opened(fair_report(empty_fair(report.fair), AS_OF))

    assert "Ingen har lovat något än" in texts(deck)


def test_numbers_on_the_wall_are_swedish_wherever_the_file_is_opened():
    wanted = native_chart.number_format('#,##0 "kr"')

    assert "," not in wanted
    assert '"\u00a0kr"' in wanted
    assert native_chart.number_format("0.00") == "0.00"


def test_colours_of_the_deck_are_those_of_the_site():
    tokens = Path(settings.BASE_DIR, "config/static/site/tokens.css").read_text("utf-8")
    light = re.search(r":root.*?\{(.*?)\n\}", tokens, re.DOTALL)[1]
    site = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))

    assert {name: site.get(name) for name in TOKENS} == TOKENS
