"""The spreadsheet: numbers as numbers, texts that run nothing, charts to work on."""

import io
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

import openpyxl
import pytest

from reports.charts import Chart, Data
from reports.fair import FairReport, fair_report
from reports.render.sheets import DAY, KRONOR, MOST_NAME, PERCENT, WHOLE, numbers, report_sheets
from tests.reports.small_fair import AS_OF, RUNS, SCRIPT, empty_fair, one_report


@pytest.fixture(scope="module")
def report(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[FairReport]:
    with one_report(django_db_blocker) as told:
        yield told


def opened(report: FairReport) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(report_sheets(report)))


@pytest.fixture(scope="module")
def book(report) -> openpyxl.Workbook:
    return opened(report)


def test_there_is_a_cover_a_sheet_for_each_chart_and_what_it_rests_on(report, book):
    assert len(book.sheetnames) == len(report.charts) + 2
    assert [sheet["A1"].value for sheet in book.worksheets[1:-1]] == [
        chart.finding for chart in report.charts
    ]
    assert all(len(name) <= MOST_NAME for name in book.sheetnames)
    seals = [row[2].value for row in book.worksheets[-1].iter_rows()]
    assert {head.seal for head in report.ledger_heads} <= set(seals)


def test_kronor_are_numbers_to_the_ore_under_a_head_that_stays(report, book):
    sheet = book.worksheets[1]
    heads = [cell.value for cell in sheet[4]]
    promised = sheet.cell(5, heads.index("Utlovat") + 1)

    assert tuple(heads[: len(report.charts[0].columns)]) == report.charts[0].columns
    assert (promised.value, promised.number_format) == (28_000, KRONOR)
    assert sheet.freeze_panes == "B5"
    assert sheet.cell(5, heads.index("Sparare") + 1).value == report.charts[0].rows[0][-1]


@pytest.mark.fault("F56")
@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_text_is_a_formula(db, report, start):
    project = report.fair.pitches.get(position=2).project
    project.name = f"{start}1+1"
    project.save()

    book = opened(fair_report(report.fair, AS_OF))

    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"n", "s", "d"}
    texts = [cell.value for cell in cells if isinstance(cell.value, str)]
    assert any(text.startswith("'") and text.endswith("1+1") for text in texts)
    assert not [text for text in texts if text.startswith(("=", "+", "-", "@", "\t", "\r"))]


@pytest.mark.fault("F65")
def test_the_organisers_words_are_text_on_the_cover(book):
    texts = [cell.value for row in book.worksheets[0].iter_rows() for cell in row]

    assert f"{SCRIPT}\n\nAndra stycket." in texts
    assert RUNS not in texts


def test_each_drawing_rests_on_numbers_in_its_own_sheet(report, book):
    drawn = 0
    for chart, sheet in zip(report.charts, book.worksheets[1:-1], strict=True):
        if chart.native is None or chart.figure is None:
            assert not sheet._charts
            continue
        (picture,) = sheet._charts
        assert len(picture.series) == len(chart.native.series)
        for series, wanted in zip(picture.series, chart.native.series, strict=True):
            first, last = series.val.numRef.f.split("!")[1].replace("$", "").partition(":")[::2]
            cells = [row[0].value for row in sheet[f"{first}:{last or first}"]]
            assert tuple(cells) == wanted.values
        drawn += 1
    assert drawn >= 5


def test_a_cell_is_a_number_where_the_data_has_one_that_reads_so():
    chart = Chart(
        id="x",
        title="Titel",
        finding="Fynd.",
        note="",
        figure=None,
        columns=("Dag", "Belopp", "Antal", "Del", "Sagt", "Text"),
        rows=(
            ("2026-01-31", "1\u00a0234,50\u00a0kr", "7", "33\u00a0%", "78\u00a0%", "färre än 5"),
        ),
        data=Data(("on", "share", "n", "a_minor"), (("2026-01-31", 1 / 3, 7, 123_450),)),
    )

    (row,) = numbers(chart)

    assert row == [
        (datetime(2026, 1, 31), DAY),  # noqa: DTZ001 -- a day
        (Decimal("1234.50"), KRONOR),
        (7, WHOLE),
        (1 / 3, PERCENT),
        (Decimal("0.78"), PERCENT),
        ("färre än 5", ""),
    ]


def test_the_same_report_is_the_same_workbook(db, report):
    assert report_sheets(report) == report_sheets(report)


def test_a_fair_without_promises_is_a_workbook_that_says_so(db, report):
    book = opened(fair_report(empty_fair(report.fair), AS_OF))

    texts = [cell.value for row in book.worksheets[0].iter_rows() for cell in row]
    assert any(str(text).startswith("Ingen har lovat något än") for text in texts)


def test_two_charts_of_the_same_title_have_a_sheet_each(db, report):
    one = Chart("a", "En [titel]: som är längre än 31 tecken", "Fynd.", "", None, ("x",), ())
    two = Chart("b", one.title, "Fynd.", "", None, ("x",), ())
    part = type(report.parts[0])("raised", "Delen", "", (one, two))
    twice = FairReport(
        report.fair,
        report.as_of,
        report.known_to,
        report.tiles,
        (part,),
        report.ledger_heads,
        False,
    )

    names = opened(twice).sheetnames[1:-1]

    assert len({name.casefold() for name in names}) == len(names) == 2
