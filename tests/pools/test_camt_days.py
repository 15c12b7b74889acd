"""Days and moments in every form of XML Schema, on Stockholm's calendar."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pools.bank import camt
from pools.bank.days import STOCKHOLM, to_day, to_moment
from pools.errors import DayFromStatement, DayFromValue, NoDay, UnreadEntry
from tests.pools.camt_elements import balance, entry, file


def read(data: bytes) -> camt.Statement:
    return camt.read(data).statements[0]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-23", "2026-11-23"),
        ("2026-11-23Z", "2026-11-23"),
        ("2026-11-23+01:00", "2026-11-23"),
        ("2026-11-23-05:00", "2026-11-23"),
        ("2026-11-23T18:00:00", "2026-11-23"),
        ("2026-11-23T23:59:59", "2026-11-23"),
        ("2026-11-23T23:30:00Z", "2026-11-24"),
        ("2026-11-23T22:59:59Z", "2026-11-23"),
        ("2026-06-23T22:00:00Z", "2026-06-24"),
        ("2026-06-23T21:59:59.999999999Z", "2026-06-23"),
        ("2026-12-31T23:30:00Z", "2027-01-01"),
        ("2027-01-01T00:30:00+02:00", "2026-12-31"),
        ("2026-11-23T18:00:00.123456789+01:00", "2026-11-23"),
        ("2026-11-23T18:00:00.1", "2026-11-23"),
        ("2026-12-31T24:00:00", "2027-01-01"),
        ("2026-12-31T24:00:00.000Z", "2027-01-01"),
    ],
)
def test_a_day_in_every_form_is_stockholms(text, day):
    told = entry(day=f"<BookgDt><DtTm>{text}</DtTm></BookgDt>")

    assert to_day(text) == date.fromisoformat(day)
    assert [line.booked_on for line in read(file(told)).lines] == [date.fromisoformat(day)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "2026-13-40",
        "2026-02-29",
        "20261123",
        "2026-11-23T25:00:00",
        "2026-11-23T24:00:01",
        "2026-11-23T24:00:00.5",
        "2026-11-23T18:00",
        "2026-11-23T18:60:00",
        "2026-11-23T18:00:00+99:00",
        "2026-11-23 18:00:00",
        "0001-01-01T00:00:00Z",
        "9999-12-31T24:00:00Z",
        "２０２６-11-23",
        "2026-11-23+",
    ],
)
def test_what_is_no_day_is_none(text):
    assert to_day(text) is None
    assert to_moment(text) is None


def test_a_moment_without_a_zone_is_as_told():
    assert to_moment("2026-11-23T18:00:00") == datetime(2026, 11, 23, 18, tzinfo=STOCKHOLM)
    assert to_moment("2026-11-23T17:00:00Z") == datetime(2026, 11, 23, 18, tzinfo=STOCKHOLM)


def test_midnight_that_ends_a_period_belongs_to_its_day():
    period = (
        "<FrToDt><FrDtTm>2026-11-01T00:00:00</FrDtTm><ToDtTm>2026-11-30T24:00:00</ToDtTm></FrToDt>"
    )

    found = read(file(period, entry()))

    assert (found.from_on, found.to_on) == (date(2026, 11, 1), date(2026, 11, 30))
    assert found.closes_on == date(2026, 11, 30)


@given(st.text("0123456789-T:.Z+", max_size=40))
def test_any_text_is_a_day_or_none(text):
    day = to_day(text)

    assert day is None or date(1900, 1, 1) <= day <= date(2200, 1, 1)


def test_a_missing_booking_day_is_the_value_day_and_said():
    found = read(file(entry(day="<ValDt><Dt>2026-11-24</Dt></ValDt>")))

    assert [(line.booked_on, line.day_from) for line in found.lines] == [
        (date(2026, 11, 24), "value")
    ]
    assert [(n.position, type(n.reason), n.is_taken) for n in found.notes] == [
        (1, DayFromValue, True)
    ]


@pytest.mark.parametrize(
    "told",
    [
        balance("CLBD", "100.00", day="2026-11-25"),
        "<FrToDt><ToDtTm>2026-11-25T23:59:59</ToDtTm></FrToDt>",
        "<CreDtTm>2026-11-25T18:00:00+01:00</CreDtTm>",
    ],
)
@pytest.mark.parametrize("day", ["", "<BookgDt/>", "<BookgDt><Dt>2026-13-40</Dt></BookgDt>"])
def test_without_any_day_of_its_own_the_statements_last_day_is_taken_and_said(told, day):
    found = read(file(told, entry(day=day)))

    assert [(line.booked_on, line.day_from) for line in found.lines] == [
        (date(2026, 11, 25), "closing")
    ]
    assert [(type(n.reason), n.is_taken) for n in found.notes] == [(DayFromStatement, True)]


def test_an_entry_without_any_day_at_all_is_told_and_the_others_taken():
    found = read(file(entry(day=""), entry("5.00")))

    assert [(line.position, line.amount_minor) for line in found.lines] == [(2, 500)]
    assert [(n.position, type(n.reason), n.is_taken) for n in found.notes] == [(1, NoDay, False)]


def test_a_day_missing_where_balances_without_days_need_the_line_refuses_the_file():
    ends = (balance("OPBD", "0.00", day=""), balance("CLBD", "100.00", day=""))

    with pytest.raises(UnreadEntry) as refusal:
        camt.read(file(*ends, entry(day="")))

    assert refusal.value.facts["entry"] == 1
