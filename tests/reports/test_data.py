"""A report as numbers: CSV and JSON, the same bytes from the same facts."""

import csv
import io
import json

import pytest
from django.utils import translation

from reports.fair import fair_report
from reports.figures import known_now
from reports.render import data
from tests import factories as make
from tests.reports.small_fair import AS_OF, RUNS, SCRIPT, more_is_booked, small_fair


@pytest.fixture
def fair(db):
    return small_fair()


def rows(text: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.decode("utf-8-sig"), newline="")))


def test_csv_holds_ore_and_codes_and_nothing_that_is_hidden(fair):
    raised = rows(data.csv_files(fair_report(fair, AS_OF))["raised"])

    told = dict(zip(raised[0], raised[1], strict=True))
    assert told["committed_minor"] == told["received_minor"] == "2800000"
    # One saver alone is not told; nor are the seven, or the one would be found by taking away.
    assert [dict(zip(raised[0], row, strict=True))["savers"] for row in raised[1:]] == ["", ""]


def test_csv_is_rfc_4180_in_utf_8(fair):
    text = data.csv_files(fair_report(fair, AS_OF))["local"]

    assert text.startswith("\ufeffplace,savers,amount_minor\r\n".encode())
    assert text.endswith(b"\r\n")


@pytest.mark.fault("F56")
def test_a_name_that_a_sheet_would_run_is_text_in_csv(fair):
    raised = rows(data.csv_files(fair_report(fair, AS_OF))["raised"])

    assert raised[2][0] == f"'{RUNS}"


def test_csv_is_the_same_in_every_language_and_json_says_which(fair):
    swedish = fair_report(fair, AS_OF)
    with translation.override("en"):
        english = fair_report(fair, AS_OF)
        told = json.loads(data.report_json(english))

    assert data.csv_files(swedish) == data.csv_files(english)
    assert told["language"] == "en"
    assert json.loads(data.report_json(swedish))["language"] == "sv"


def test_json_holds_the_whole_report_and_no_words_of_the_organiser(fair):
    report = fair_report(fair, AS_OF)
    told = json.loads(data.report_json(report))

    assert told["type"] == "byakassan.fair-report/1"
    assert (told["fair"]["slug"], told["as_of"]) == ("massan", "2026-11-23")
    assert [part["code"] for part in told["parts"]] == [part.code for part in report.parts]
    assert [tile["value"] for tile in told["tiles"]] == [tile.value for tile in report.tiles]
    charts = {chart["id"]: chart for part in told["parts"] for chart in part["charts"]}
    assert {chart.id for chart in report.charts} == set(charts)
    assert charts["raised"]["rows"][1][0] == RUNS
    assert SCRIPT not in json.dumps(told, ensure_ascii=False)
    with_entries = {code for code, seq in told["known_to"]["ledgers"].items() if seq}
    assert {head["ledger"] for head in told["heads"]} == with_entries


def test_s12_the_same_day_and_knowledge_give_the_same_bytes_however_much_is_booked(fair):
    before = fair_report(fair, AS_OF)
    kept = data.known_json(before)

    more_is_booked(fair)
    as_of, known = data.read_known(kept, fair)
    again, new = fair_report(fair, as_of, known), fair_report(fair, AS_OF)

    assert data.csv_files(again) == data.csv_files(before)
    assert data.report_json(again) == data.report_json(before)
    assert data.known_json(again) == kept
    assert again.charts == before.charts
    assert data.csv_files(new)["raised"] != data.csv_files(before)["raised"]
    assert data.report_json(new) != data.report_json(before)


def test_what_was_known_is_read_back(fair):
    assert data.read_known(data.known_json(fair_report(fair, AS_OF)), fair) == (
        AS_OF,
        known_now(fair),
    )


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ("massan", "annan", "of the fair annan"),
        ("known-to/1", "fair-report/1", "does not say what was known"),
        ('"event"', '"x"', "does not say what was known"),
        ('"seq": ', '"seq": "a', "does not say what was known"),
        ("2026-11-23", "2026-13-23", "month must be"),
        ('"seal": "', '"seal": "0', "another seal"),
        ("energi-sek", "annan-sek", "has no entry"),
    ],
)
def test_a_file_of_what_was_known_that_is_not_ours_is_refused(fair, was, becomes, says):
    text = data.known_json(fair_report(fair, AS_OF)).decode()
    assert was in text

    with pytest.raises(data.NotKnown, match=says):
        data.read_known(text.replace(was, becomes).encode(), fair)


def test_a_report_before_the_first_entry_is_numbers_too(db):
    roof = make.share_offering()
    fair = make.fair(owner=roof.vehicle.organisation, of=(roof.vehicle.project,))

    report = fair_report(fair, AS_OF)

    assert json.loads(data.report_json(report))["heads"] == []
    assert rows(data.csv_files(report)["velocity"]) == [["on", "amount_minor"]]
    assert data.read_known(data.known_json(report), fair) == (AS_OF, report.known_to)
