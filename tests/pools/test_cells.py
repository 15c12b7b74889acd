"""CSV that a spreadsheet shows and never runs."""

import csv
import io
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest

from pools.exports import cells


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+46", "-5", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "＝1", "＠x"],
)
def test_a_text_that_would_run_gets_an_apostrophe(text):
    assert cells.is_formula(text)
    assert cells.neutral(text) == f"'{text}"


@pytest.mark.parametrize("cell", ["Åsa", "a=b", "", 5, -5, 0, cells.Number("-5.00")])
def test_what_runs_nothing_stays_as_it_is(cell):
    assert cells.neutral(cell) == cell


def test_nothing_is_an_empty_cell():
    assert cells.neutral(None) == ""


def test_rows_are_told_as_excel_and_every_reader_of_csv_read_them():
    rows = [["Namn", "Kronor"], ['Åsa "Ås", Öberg', cells.Number("-5.00")], ["=1+1", None]]

    text = cells.csv_text(rows)

    assert text.startswith("\ufeffNamn,Kronor\r\n")
    assert list(csv.reader(io.StringIO(text[1:], newline=""))) == [
        ["Namn", "Kronor"],
        ['Åsa "Ås", Öberg', "-5.00"],
        ["'=1+1", ""],
    ]


ROWS = [
    ["Namn", "Kronor", "Antal", "Dag", "När"],
    ["Åsa", Decimal("-5.50"), 3, date(2026, 11, 30), datetime(2026, 11, 30, 18, 5)],  # noqa: DTZ001
    ["=1+1", cells.Number("7.25"), True, None, ""],
]


def test_a_swedish_excel_finds_semicolons_and_decimal_commas():
    assert cells.swedish_csv_text(ROWS) == (
        "\ufeffNamn;Kronor;Antal;Dag;När\r\n"
        "Åsa;-5,50;3;2026-11-30;2026-11-30 18:05:00\r\n"
        "'=1+1;7,25;True;;\r\n"
    )


def test_a_workbook_has_numbers_as_numbers_and_days_as_days():
    book = openpyxl.load_workbook(io.BytesIO(cells.workbook(ROWS, "Löften [nu]")))

    sheet = book["Löften nu"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ROWS[0],
        ["Åsa", -5.5, 3, datetime(2026, 11, 30), datetime(2026, 11, 30, 18, 5)],  # noqa: DTZ001
        ["'=1+1", 7.25, "True", None, None],
    ]
    assert sheet.freeze_panes == "A2"
