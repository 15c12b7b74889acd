"""A mill of three owners: readings become kilowatt-hours, and what is used becomes a benefit."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invest import audit
from invest.kinds.actions import Change, Done, Standing
from invest.kinds.energy_shares import EnergyShares, _reading, carbon_kg
from invest.kinds.refusals import (
    AlreadyRecorded,
    LaterMonthRead,
    NotEnough,
    NothingHeld,
    TooEarly,
    UndoLaterFirst,
)
from invest.kinds.schedules import months_after
from invest.models import Setting
from invest.vehicles import actions
from pools.audit import run
from tests import factories as make
from tests.factories import DAY

TERMS = {"price_minor": 50_000, "kwh_per_unit": 100}
JAN, FEB, MAR, APR = (date(2027, month, 15) for month in (1, 2, 3, 4))


@pytest.fixture
def mill(db):
    """Ada holds five shares, Bo three, Cem two."""
    offering = make.offering("energy-shares", TERMS)
    for name, amount in (("Ada", 2500), ("Bo", 1500), ("Cem", 1000)):
        make.paid(offering, amount, name)
    return offering.vehicle


def read(mill, month, kwh, on=None):
    facts = {"month": month, "kwh": kwh, "budget": None, "estimated": "no", "source": None}
    return make.did(mill, "reading", on or months_after(month.replace(day=1), 1), **facts)


def test_s5_kilowatt_hours_follow_shares(mill):
    read(mill, JAN, 7000)

    # 7 000 · 5/10, 3/10, 2/10.
    assert make.sheet(mill, "rights", MAR) == [
        (1, "2027", 3500, 0),
        (2, "2027", 2100, 0),
        (3, "2027", 1400, 0),
    ]
    assert run(audit.CHECKS) == []


def test_fractions_of_a_kilowatt_hour_are_carried_to_the_next_month(mill):
    for month in (JAN, FEB, MAR):
        read(mill, month, 5)  # 2.5, 1.5 and 1 a month

    given_kwh = {row[0]: row[2] for row in make.sheet(mill, "rights", APR)}
    assert sum(given_kwh.values()) == 15
    assert given_kwh[3] == 3
    assert abs(given_kwh[1] - Fraction(15, 2)) < 1


def test_a_month_is_read_once_and_in_order(mill):
    read(mill, FEB, 100)
    with pytest.raises(AlreadyRecorded, match="2027-02"):
        read(mill, date(2027, 2, 28), 100, MAR)
    with pytest.raises(LaterMonthRead, match="2027-02"):
        read(mill, JAN, 100, MAR)


def test_a_month_is_read_when_it_is_over(mill):
    with pytest.raises(TooEarly, match="1 februari 2027"):
        read(mill, JAN, 100, JAN)


def test_before_anybody_holds_nothing_is_shared(mill):
    with pytest.raises(NothingHeld):
        read(mill, date(2019, 1, 1), 100, date(2020, 1, 2))


def test_s5_benefit_is_for_what_is_used_at_the_tariff_of_the_day(mill):
    make.did(mill, "tariff", JAN, own="23", market="94.5")
    read(mill, JAN, 7000)
    make.did(mill, "use", FEB, holder=1, kwh=3000)
    make.did(mill, "tariff", MAR, own="25", market="60")
    make.did(mill, "use", date(2027, 4, 1), holder=1, kwh=500)

    rows = make.sheet(mill, "benefit", date(2027, 4, 1))

    # 3 000 · (94.5 − 23) öre = 2 145.00 kr; 500 · (60 − 25) öre = 175.00 kr.
    assert [(row[2], row[5]) for row in rows] == [(3000, 214_500), (500, 17_500)]
    with pytest.raises(NotEnough, match="0 kWh"):
        make.did(mill, "use", date(2027, 4, 2), holder=1, kwh=1)


def test_unused_rights_lapse_when_the_members_say_so(mill):
    read(mill, JAN, 1000)
    read(mill, FEB, 1000)
    make.did(mill, "use", FEB, holder=1, kwh=100)

    make.did(mill, "lapse", MAR, until=date(2027, 2, 1))

    assert actions.standing(mill, MAR).held("kwh") == {1: 400, 2: 300, 3: 200}


def test_s5_specific_yield_and_carbon_with_the_factor_of_the_month(mill):
    Setting.objects.create(
        key="co2-g-per-kwh", valid_from=date(2027, 2, 1), value="30", source="test"
    )
    make.did(mill, "plant", JAN, kw="10", place="Björkdalen, SE2")
    read(mill, JAN, 1000)
    read(mill, FEB, 500)

    now = actions.standing(mill, MAR)
    # 1 000 kWh · 90 g + 500 kWh · 30 g = 105 kg; 1 500 kWh / 10 kW = 150.
    assert carbon_kg(now) == 105
    told = [value.replace("\xa0", " ") for _label, value in now.kind.publish(now)]
    assert told == ["1 500 kWh", "150", "105 kg"]


def test_a_wrong_reading_is_undone_from_the_last(mill):
    first, second = read(mill, JAN, 1000), read(mill, FEB, 900)
    with pytest.raises(UndoLaterFirst):
        actions.undo(deed=first, on=MAR, by="user:1", why="Fel mätare")

    actions.undo(deed=second, on=MAR, by="user:1", why="Fel mätare")

    assert sum(actions.standing(mill, MAR).held("kwh").values()) == 1000
    assert sum(actions.standing(mill, date(2027, 3, 14)).held("kwh").values()) == 1900
    assert run(audit.CHECKS) == []


@given(
    shares=st.dictionaries(st.integers(1, 6), st.integers(1, 50), min_size=1),
    months=st.lists(st.integers(0, 500), min_size=1, max_size=12),
)
def test_12b_5_every_month_is_shared_whole_and_nobody_drifts(shares, months):
    kind = EnergyShares.parse(TERMS)
    bought = tuple(Change(DAY, "units", who, n, "issue") for who, n in shares.items())
    now = Standing(as_of=DAY, terms=((DAY, kind),), changes=bought)
    got = dict.fromkeys(shares, 0)

    for number, kwh in enumerate(months, start=1):
        month = date(2027, number, 1)
        facts, now = {"month": month, "kwh": kwh}, replace(now, as_of=months_after(month, 1))
        postings = _reading(kind, facts, now)
        assert sum(p.amount for p in postings) == kwh
        for posting in postings:
            got[posting.credit.number] += posting.amount
        done = Done(number, "reading", now.as_of, facts)
        now = replace(now, done=(*now.done, done))

    for who, units in shares.items():
        exact = Fraction(sum(months) * units, sum(shares.values()))
        assert abs(got[who] - exact) < 1
