"""CSV that a spreadsheet shows and never runs."""

import csv
import io

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
