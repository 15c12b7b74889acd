"""The valley's microfund over three years: contributions, loans, a guarantee, losses, by hand."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from invest import audit
from invest.kinds.microfund.capacity import DefaultRate
from invest.kinds.microfund.fund import default_windows, fund_state
from invest.kinds.microfund.lending import stories
from invest.kinds.microfund.terms import Microfund
from invest.kinds.refusals import AlreadyRecorded, BadTerms, NothingOwed, OverCapacity, TooMuch
from invest.vehicles import actions, offerings
from pools import balances
from pools.audit import run
from pools.models import Account
from tests import factories as make
from tests.factories import sek

TERMS = {"buffer_pct": 10, "most_per_borrower_minor": 20_000_000, "most_cover_pct": 80}
START = date(2024, 1, 1)
PLAN = {
    "plan": "straight",
    "rate": "6",
    "periods": 10,
    "months_per_period": 1,
    "grace": None,
    "fee": None,
}
PLAIN = {"early": "no", "costs": None, "late": None}


@pytest.fixture
def fund(db):
    """Ada puts in 200 000 kr of stakes, Bo 50 000 subordinated, the savings bank gives 50 000."""
    offering = make.offering("microfund", TERMS, since=START)
    vehicle = offering.vehicle
    make.paid(offering, 200_000, "Ada", START)
    for role, name in (("subordinated", "Bo"), ("gift", "Sparbanken")):
        more = offerings.open_offering(
            vehicle=vehicle,
            opens_on=START,
            closes_on=date(2030, 1, 1),
            minimum=sek(1),
            goal_min=sek(10_000),
            goal_max=sek(100_000),
            role=role,
            restricted_to="Landsbygdsföretag" if role == "gift" else "",
        )
        make.paid(more, 50_000, name, START)
    return vehicle


def granted(fund, minor: int, on=START, override=None, only=None) -> int:
    """An application of so much, granted: the decision's number."""
    asked = make.did(fund, "application", on, enquiry=None, what="Cykelverkstad", amount=minor)
    facts = {"application": asked.number, "says": "granted", "amount": minor}
    return make.did(fund, "decision", on, override=override, bound_to=only, **facts).number


def lent(fund, minor: int, on=START, name="Cem", **plan) -> int:
    """A loan of so much at 6 % in ten months: its number."""
    borrower = actions.number_for(person=make.person(name), vehicle=fund, role="lent", on=on)
    facts = {"decision": granted(fund, minor, on), "borrower": borrower, "principal": minor}
    return make.did(fund, "lend", on, **facts, **{**PLAN, **plan}).number


def pays(fund, loan: int, minor: int, on: date, **more):
    return make.did(fund, "receipt", on, loan=loan, amount=minor, **{**PLAIN, **more})


def rows(fund, name: str, on: date) -> dict:
    return {str(row[0]): row[1:] for row in make.sheet(fund, name, on)}


# --- Capital and capacity -------------------------------------------------------------------------


def test_s4_contributions_stand_by_rank(fund):
    assert [row[2:] for row in make.sheet(fund, "contributions", START)] == [
        (1, "Landsbygdsföretag", 5_000_000),
        (2, "", 20_000_000),
        (3, "", 5_000_000),
    ]
    assert fund_state(actions.snapshot(fund, START)).capital_minor == 30_000_000


def test_s4_free_capacity_is_capital_less_what_is_out_and_the_buffer(fund):
    """300 000 kr, 30 000 in hand, 100 000 lent: 170 000 free."""
    lent(fund, 10_000_000)

    state = fund_state(actions.snapshot(fund, START))
    assert (state.capital_minor, state.buffer_minor, state.free_minor) == (
        30_000_000,
        3_000_000,
        17_000_000,
    )
    assert state.utilisation == Fraction(1, 3)


def test_12b_6_no_more_is_granted_than_is_free(fund):
    with pytest.raises(OverCapacity, match="200 000".replace(" ", "\xa0")):
        granted(fund, 20_000_001)  # The most for one borrower.
    granted(fund, 20_000_000)
    with pytest.raises(OverCapacity, match="20 000".replace(" ", "\xa0")):
        granted(fund, 2_000_001)  # 300 000 − 30 000 − 200 000 granted − 50 000 given for firms.
    granted(fund, 2_000_001, override="Extra stämma § 3")


def test_s4_money_given_for_one_thing_goes_to_nothing_else(fund):
    """50 000 kr were given for rural firms: lent to them, they are there again when repaid."""
    granted(fund, 20_000_000)
    with pytest.raises(OverCapacity, match="70 000".replace(" ", "\xa0")):
        granted(fund, 7_000_001, only="Landsbygdsföretag")
    granted(fund, 5_000_000, only="Landsbygdsföretag")

    told = make.sheet(fund, "capacity", START)
    assert [row[1] for row in told if "Landsbygdsföretag" in str(row[0])] == [0]
    with pytest.raises(BadTerms, match="Landsbygdsföretag"):
        granted(fund, 100, only="Kultur")


@pytest.mark.parametrize(
    ("plan", "first"),
    [
        ({"plan": "weighted", "rate": "0", "periods": 3, "weights": [1, 1, 2]}, 250_000),
        (
            {
                "plan": "revenue-share",
                "rate": "0",
                "periods": 3,
                "share": "10",
                "revenue": [20_000, 20_000, 1],
            },
            200_000,
        ),
        ({"plan": "saving-linked", "rate": "0", "periods": 4, "saving": 10_000}, 250_000),
        ({"plan": "in-kind", "rate": "0", "periods": 4, "units": 40}, 250_000),
        ({"plan": "bullet", "rate": "12", "periods": 4, "day_count": "ACT/360"}, 10_333),
    ],
)
def test_s7_4_a_fund_lends_by_every_plan(fund, plan, first):
    loan = lent(fund, 1_000_000, **plan)

    due = stories(actions.snapshot(fund, date(2024, 2, 1)))[loan].owed(date(2024, 2, 1))
    assert due.total_minor == first


def test_a_payment_in_kind_becomes_the_funds_property(fund):
    loan = lent(fund, 1_000_000, plan="in-kind", rate="0", periods=4, units=40)

    pays(fund, loan, 250_000, date(2024, 2, 1), how="kind")

    property_account = Account.objects.get(code="assets:property")
    assert balances.balances([property_account])[property_account.pk] == 250_000
    assert stories(actions.snapshot(fund, date(2024, 2, 1)))[loan].left_minor == 750_000
    assert run(audit.CHECKS) == []


def test_no_more_is_lent_than_was_granted_and_once(fund):
    decision = granted(fund, 1_000_000)
    borrower = actions.number_for(person=make.person("Cem"), vehicle=fund, role="lent", on=START)
    facts = {"decision": decision, "borrower": borrower, **PLAN}
    with pytest.raises(TooMuch):
        make.did(fund, "lend", START, principal=1_000_001, **facts)
    with pytest.raises(BadTerms):
        make.did(fund, "lend", START, principal=1_000_000, **{**facts, "grace": 10})
    make.did(fund, "lend", START, principal=1_000_000, **facts)
    with pytest.raises(AlreadyRecorded):
        make.did(fund, "lend", START, principal=1, **facts)


def test_s4_the_funnel_of_a_year(fund):
    """25 enquiries, 14 applications, 7 granted (as Mikrofonden Väst in 2017)."""
    asked = [make.did(fund, "enquiry", START, what="Bageri").number for _ in range(25)]
    applied = [
        make.did(fund, "application", START, enquiry=e, what="Bageri", amount=100).number
        for e in asked[:14]
    ]
    for i, number in enumerate(applied):
        says = "granted" if i < 7 else "declined"
        make.did(fund, "decision", START, application=number, says=says, amount=100, override=None)

    assert make.sheet(fund, "funnel", START) == [("2024", 25, 14, 7, 7)]
    with pytest.raises(AlreadyRecorded):
        make.did(
            fund, "decision", START, application=applied[0], says="declined", amount=1,
            override=None,
        )  # fmt: skip


# --- Loans ----------------------------------------------------------------------------------------


def test_a_loan_is_paid_as_planned(fund):
    """100 000 kr over ten months at 6 %: 10 000 a month and 500 kr of interest the first time."""
    loan = lent(fund, 10_000_000)

    pays(fund, loan, 1_050_000, date(2024, 2, 1))

    now = actions.snapshot(fund, date(2024, 2, 1))
    story = stories(now)[loan]
    assert (story.left_minor, story.advance_minor) == (9_000_000, 0)
    assert now.all_held("lent") == 9_000_000
    assert make.sheet(fund, "loans", date(2024, 2, 1))[0][-1] == "enligt plan"
    assert run(audit.CHECKS) == []


def test_s7_5_costs_and_late_interest_come_before_interest_and_principal(fund):
    loan = lent(fund, 10_000_000)

    pays(fund, loan, 70_000, date(2024, 2, 20), costs=6_000, late=2_500)

    # 60 kr costs, 25 kr late interest, 500 kr interest, 115 kr of principal.
    _on, parts = stories(actions.snapshot(fund, date(2024, 2, 20)))[loan].received[0]
    assert (parts.costs_minor, parts.late_minor, parts.interest_minor, parts.principal_minor) == (
        6_000,
        2_500,
        50_000,
        11_500,
    )


def test_s7_5_what_is_over_is_an_advance_for_the_next_payment(fund):
    loan = lent(fund, 10_000_000)
    pays(fund, loan, 1_100_000, date(2024, 2, 1))
    assert stories(actions.snapshot(fund, date(2024, 2, 1)))[loan].advance_minor == 50_000

    # March: 10 000 kr and 450 kr of interest; 500 kr are there already.
    pays(fund, loan, 995_000, date(2024, 3, 1))

    story = stories(actions.snapshot(fund, date(2024, 3, 1)))[loan]
    assert (story.left_minor, story.advance_minor) == (8_000_000, 0)
    assert run(audit.CHECKS) == []


def test_s7_4_paying_off_early_settles_interest_to_the_day(fund):
    loan = lent(fund, 10_000_000)
    pays(fund, loan, 1_050_000, date(2024, 2, 1))

    # 15 days on 90 000 kr at 6 %: 225 kr.
    pays(fund, loan, 9_022_500, date(2024, 2, 16), early="yes")

    story = stories(actions.snapshot(fund, date(2024, 2, 16)))[loan]
    assert (story.left_minor, story.advance_minor) == (0, 0)
    assert make.sheet(fund, "loans", date(2024, 2, 16))[0][-1] == "återbetalt"
    with pytest.raises(NothingOwed):
        pays(fund, loan, 1, date(2024, 2, 17))
    assert run(audit.CHECKS) == []


def test_s7_4_a_part_paid_early_makes_the_rest_smaller(fund):
    loan = lent(fund, 10_000_000)
    pays(fund, loan, 1_050_000, date(2024, 2, 1))
    pays(fund, loan, 4_522_500, date(2024, 2, 16), early="yes")  # 225 kr interest, 45 000 kr off

    story = stories(actions.snapshot(fund, date(2024, 3, 1)))[loan]
    # 45 000 kr over nine months: 5 000 kr; interest of half a month: 112.50 kr.
    assert story.left_minor == 4_500_000
    owed = story.owed(date(2024, 3, 1))
    assert (owed.principal_minor, owed.interest_minor) == (500_000, 11_250)


def test_a_late_loan_is_told_by_its_days_and_restructured(fund):
    loan = lent(fund, 10_000_000)
    told = {}
    for day in (20, 40, 70, 95):
        on = date(2024, 2, 1) + timedelta(days=day)
        told[day] = make.sheet(fund, "loans", on)[0][6:]
    assert [days for days, _label in told.values()] == [20, 40, 70, 95]
    assert "90 dagar" in str(told[95][1])

    facts = {**PLAN, "loan": loan, "periods": 20}
    make.did(fund, "restructure", date(2024, 6, 1), **facts)

    after = make.sheet(fund, "loans", date(2024, 6, 30))[0]
    # The five months' interest that was not paid is owed still: 500 + 450 + 400 + 350 + 300 kr.
    assert (after[4], after[5], after[6]) == (10_000_000, 200_000, 0)
    assert after[7] == "omförhandlat"
    story = stories(actions.snapshot(fund, date(2024, 6, 30)))[loan]
    assert [len(version.rows) for version in story.versions] == [10, 20]


def test_a_loss_is_written_off_and_some_of_it_comes_back(fund):
    loan = lent(fund, 10_000_000)
    with pytest.raises(TooMuch):
        make.did(fund, "write-off", date(2024, 12, 1), loan=loan, amount=10_000_001)
    make.did(fund, "write-off", date(2024, 12, 1), loan=loan, amount=10_000_000)
    with pytest.raises(TooMuch):
        make.did(fund, "recover", date(2025, 3, 1), loan=loan, amount=10_000_001)
    make.did(fund, "recover", date(2025, 3, 1), loan=loan, amount=1_500_000)

    day = date(2025, 3, 1)
    assert fund_state(actions.snapshot(fund, day)).losses_minor == 8_500_000
    capacity = {row[0]: row[1:] for row in make.sheet(fund, "capacity", day)}
    assert capacity["Kapital"] == (21_500_000, None)
    assert capacity["Nettoförlust, procent av allt placerat"][1] == 85
    assert make.sheet(fund, "loans", day)[0][-1] == "avskrivet"
    assert run(audit.CHECKS) == []


def test_s9_the_default_rate_shows_numerator_and_denominator(fund):
    """Of two loans sound on 1 January 2024 one pays, one stops: 1 of 2. The next year: 0 of 1."""
    good = lent(fund, 10_000_000, name="Cem", periods=36)
    lent(fund, 5_000_000, name="Dee", periods=36)
    for month in range(1, 36):
        on = date(2024 + month // 12, month % 12 + 1, 1)
        owed = stories(actions.snapshot(fund, on))[good].owed(on).total_minor
        pays(fund, good, owed, on)

    now = actions.snapshot(fund, date(2026, 1, 1))

    assert [rate for _start, _end, rate in default_windows(now)] == [
        DefaultRate(1, 2),
        DefaultRate(0, 1),
    ]
    table = make.sheet(fund, "default-rate", date(2026, 1, 1))
    assert [row[1:] for row in table] == [(1, 2, 50), (0, 1, 0), (None, None, 25)]


# --- Guarantees -----------------------------------------------------------------------------------


@pytest.fixture
def surety(fund):
    """80 % of a bank loan of 100 000 kr, to the end of 2026."""
    debtor = actions.number_for(person=make.person("Cem"), vehicle=fund, role="claim", on=START)
    facts = {
        "decision": granted(fund, 8_000_000),
        "debtor": debtor,
        "lender": "Ekobanken",
        "bank_loan": 10_000_000,
        "cover_pct": 80,
        "until": date(2026, 12, 31),
    }
    with pytest.raises(BadTerms):
        make.did(fund, "guarantee", START, **{**facts, "cover_pct": 81})
    return make.did(fund, "guarantee", START, **facts).number


def exposure(fund, on: date) -> int:
    return sum(g.amount_minor for g in fund_state(actions.snapshot(fund, on)).guarantees)


def test_12b_6_exposure_follows_the_reported_balance(fund, surety):
    assert exposure(fund, START) == 8_000_000

    make.did(fund, "loan-balance", date(2025, 1, 1), guarantee=surety, balance=6_000_000)

    assert exposure(fund, date(2025, 1, 1)) == 4_800_000
    assert exposure(fund, date(2024, 12, 31)) == 8_000_000
    assert exposure(fund, date(2027, 1, 1)) == 0  # It has run out.
    state = fund_state(actions.snapshot(fund, date(2025, 1, 1)))
    assert state.leverage == Fraction(6_000_000, 30_000_000)
    with pytest.raises(TooMuch):
        make.did(fund, "loan-balance", date(2025, 1, 2), guarantee=surety, balance=10_000_001)


def test_a_called_guarantee_becomes_a_claim_that_is_paid_or_lost(fund, surety):
    make.did(fund, "loan-balance", date(2025, 1, 1), guarantee=surety, balance=6_000_000)
    with pytest.raises(TooMuch):
        make.did(fund, "call", date(2025, 5, 1), guarantee=surety, amount=4_800_001)
    make.did(fund, "call", date(2025, 5, 1), guarantee=surety, amount=4_800_000)
    assert exposure(fund, date(2025, 5, 1)) == 0
    assert actions.snapshot(fund, date(2025, 5, 1)).all_held("claim") == 4_800_000

    make.did(fund, "claim-paid", date(2025, 8, 1), guarantee=surety, amount=1_000_000)
    with pytest.raises(TooMuch):
        make.did(fund, "claim-lost", date(2026, 1, 1), guarantee=surety, amount=3_800_001)
    make.did(fund, "claim-lost", date(2026, 1, 1), guarantee=surety, amount=3_800_000)

    day = date(2026, 1, 1)
    row = make.sheet(fund, "guarantees", day)[0]
    assert (str(row[8]), row[9]) == ("infriad", 0)
    assert fund_state(actions.snapshot(fund, day)).capital_minor == 26_200_000
    with pytest.raises(NothingOwed):
        make.did(fund, "release", day, guarantee=surety)
    assert run(audit.CHECKS) == []


def test_a_released_guarantee_frees_the_fund(fund, surety):
    before = fund_state(actions.snapshot(fund, START)).free_minor

    make.did(fund, "release", date(2025, 2, 1), guarantee=surety)

    assert fund_state(actions.snapshot(fund, date(2025, 2, 1))).free_minor == before + 8_000_000


@pytest.mark.parametrize(
    "wrong", [{"buffer_pct": 101}, {"most_cover_pct": 101}, {"most_per_borrower_minor": 0}]
)
def test_terms_that_contradict_are_refused(wrong):
    with pytest.raises(BadTerms):
        Microfund.parse({**TERMS, **wrong})
