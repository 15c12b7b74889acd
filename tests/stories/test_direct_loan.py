"""Loans of neighbours: by a plan that is paid early, late or anew, and on notice without a plan."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invest import audit
from invest.kinds.direct_loan import DirectLoan
from invest.kinds.refusals import (
    AlreadyRecorded,
    BadTerms,
    NothingOwed,
    SettleFirst,
    TooEarly,
    TooMuch,
    UndoLaterFirst,
    YearSettled,
)
from invest.models import Action, ActionEvent, Plan
from invest.payouts import repayments
from invest.payouts.refusals import ArrearsFirst
from invest.payouts.repayments import Then, owed_on
from invest.vehicles import actions, offerings
from pools.audit import run
from pools.errors import KeyReused
from pools.models import Transfer
from tests import factories as make

ON_NOTICE = {
    "schedule_type": "on-notice",
    "rate_pct": "3",
    "periods": 1,
    "months_per_period": 1,
    "day_count": "ACT/365F",
    "notice_months": 3,
    "interest": "added",
}
STRAIGHT = {
    "schedule_type": "straight",
    "rate_pct": "12",
    "periods": 10,
    "months_per_period": 1,
    "day_count": "30E/360",
}
START = date(2026, 1, 1)


# --- On notice ------------------------------------------------------------------------------------


@pytest.fixture
def friends(db):
    """Ada lends 10 000 kr from 1 January, Bo 5 000 kr from 1 July 2026."""
    offering = make.offering("direct-loan", ON_NOTICE)
    make.paid(offering, 10_000, "Ada", START)
    make.paid(offering, 5_000, "Bo", date(2026, 7, 1))
    return offering.vehicle


def test_a_years_interest_is_seen_before_it_is_settled(friends):
    # Ada 10 000 · 3 % = 300.00; Bo 5 000 · 3 % · 184/365 = 75.6164 → 75.62.
    preview = make.sheet(friends, "interest", date(2026, 12, 31))
    assert [(row[0], row[1], row[2]) for row in preview] == [(1, "2026", 30_000), (2, "2026", 7562)]

    settled = make.did(friends, "year-interest", date(2026, 12, 31), year=2026)

    rows = make.sheet(friends, "register", date(2026, 12, 31))
    assert [row[2] for row in rows] == [1_030_000, 507_562]
    with pytest.raises(AlreadyRecorded):
        make.did(friends, "year-interest", date(2027, 1, 1), year=2026)
    # It is undone by reversal, and then it is as if it had not been.
    actions.undo(action=settled, on=date(2027, 1, 15), by="user:1", why="Fel ränta")
    assert [row[2] for row in make.sheet(friends, "register", date(2027, 1, 15))] == [
        1_000_000,
        500_000,
    ]
    assert Action.objects.get(pk=settled.pk).state == ActionEvent.State.UNDONE
    assert run(audit.CHECKS) == []


def test_the_rate_changes_in_the_middle_of_a_year(friends):
    offerings.change_terms(
        vehicle=friends,
        terms={**ON_NOTICE, "rate_pct": "5"},
        on=date(2026, 10, 1),
        reason="Riksbanken höjde",
    )

    # Ada: 10 000 · (3 % · 273 + 5 % · 92) / 365 = 224.38 + 126.03 = 350.41.
    # Bo: 5 000 · (3 % · 92 + 5 % · 92) / 365 = 37.81 + 63.01 = 100.82.
    preview = make.sheet(friends, "interest", date(2026, 12, 31))
    assert [row[2] for row in preview] == [35_041, 10_082]


def test_interest_can_be_paid_out_instead_of_added(db):
    offering = make.offering("direct-loan", {**ON_NOTICE, "interest": "paid"})
    make.paid(offering, 10_000, "Ada", START)
    vehicle = offering.vehicle

    make.did(vehicle, "year-interest", date(2026, 12, 31), year=2026)
    assert make.sheet(vehicle, "register", date(2026, 12, 31))[0][2:] == (1_000_000, 30_000, 0)
    make.did(vehicle, "pay-interest", date(2027, 1, 10))

    assert make.sheet(vehicle, "register", date(2027, 1, 10))[0][2:] == (1_000_000, 0, 0)
    with pytest.raises(NothingOwed):
        make.did(vehicle, "pay-interest", date(2027, 1, 11))


def test_a_year_is_settled_when_it_is_over_and_in_order(friends):
    with pytest.raises(TooEarly):
        make.did(friends, "year-interest", date(2026, 12, 30), year=2026)
    with pytest.raises(SettleFirst, match="2026"):
        make.did(friends, "year-interest", date(2027, 12, 31), year=2027)
    make.did(friends, "year-interest", date(2027, 12, 31), year=2026)
    make.did(friends, "year-interest", date(2027, 12, 31), year=2027)
    with pytest.raises(AlreadyRecorded):
        make.did(friends, "year-interest", date(2028, 1, 1), year=2026)
    first = friends.actions.get(number=1)
    with pytest.raises(UndoLaterFirst):
        actions.undo(action=first, on=date(2028, 1, 1), by="user:1", why="Fel")


def test_s7_7g_settling_a_year_late_costs_nobody_anything(db):
    """10 000 kr at 10 %, added: 1 000.00 for 2027. All of 2028, with 366 days, earns on 11 000:
    11 000 · 10 % · 366/365 = 1 103.01. From 15 February on only it would be 12.33 less: 1 090.68.
    """
    offering = make.offering("direct-loan", {**ON_NOTICE, "rate_pct": "10"})
    make.paid(offering, 10_000, "Ada", date(2027, 1, 1))
    make.did(offering.vehicle, "year-interest", date(2028, 2, 15), year=2027)

    make.did(offering.vehicle, "year-interest", date(2028, 12, 31), year=2028)

    told = make.sheet(offering.vehicle, "interest", date(2028, 12, 31))
    assert [row[1:3] for row in told] == [("2027", 100_000), ("2028", 110_301)]
    assert run(audit.CHECKS) == []


@pytest.mark.parametrize("interest", ["added", "paid"])
def test_s7_7h_who_leaves_is_settled_with_on_the_day(db, interest):
    """10 000 kr at 3 % from 1 January to 1 July 2026: 181 days, 148.77 kr."""
    offering = make.offering("direct-loan", {**ON_NOTICE, "interest": interest})
    make.paid(offering, 10_000, "Ada", START)
    make.paid(offering, 5_000, "Bo", START)
    friends = offering.vehicle
    notice = make.did(friends, "notice", date(2026, 3, 1), holder=1, amount=1_000_000)

    make.did(friends, "pay-notice", date(2026, 7, 1), notice=notice.number)

    paid = Transfer.objects.filter(credit__code="liabilities:in-transit")
    assert sum(paid.values_list("amount_minor", flat=True)) == 1_014_877
    assert actions.snapshot(friends, date(2026, 7, 1)).held("loan") == {1: 0, 2: 500_000}
    make.did(friends, "year-interest", date(2026, 12, 31), year=2026)
    told = make.sheet(friends, "interest", date(2026, 12, 31))
    assert [row[:3] for row in told] == [(1, "2026", 14_877), (2, "2026", 15_000)]
    assert run(audit.CHECKS) == []


def test_who_leaves_gets_years_not_settled_yet_too_with_interest_on_interest(friends):
    """Ada: 300.00 for 2026, then 10 300 · 3 % · 59/365 = 49.95 to 1 March 2027."""
    notice = make.did(friends, "notice", date(2026, 9, 1), holder=1, amount=1_000_000)

    make.did(friends, "pay-notice", date(2027, 3, 1), notice=notice.number)

    rows = make.sheet(friends, "interest", date(2027, 3, 1))
    assert rows[0][:3] == (1, "2027", 34_995)
    make.did(friends, "year-interest", date(2027, 3, 2), year=2026)
    assert actions.snapshot(friends, date(2027, 3, 2)).held("loan") == {1: 0, 2: 507_562}


def test_s7_7i_a_withdrawal_dated_into_a_settled_year_is_refused_with_the_way(friends):
    notice = make.did(friends, "notice", date(2026, 8, 1), holder=1, amount=400_000)
    settled = make.did(friends, "year-interest", date(2026, 12, 31), year=2026)
    with pytest.raises(YearSettled, match=r"2026 .* 1 januari 2027.* nr 2,"):
        make.did(friends, "pay-notice", date(2026, 11, 1), notice=notice.number)

    actions.undo(action=settled, on=date(2027, 1, 2), by="user:1", why="Uttaget först")
    make.did(friends, "pay-notice", date(2026, 11, 1), notice=notice.number)
    make.did(friends, "year-interest", date(2027, 1, 3), year=2026)

    # Ada: 10 000 for 304 days and 6 000 for 61: 249.86 + 30.08 = 279.95 (rounded once).
    told = make.sheet(friends, "interest", date(2027, 1, 3))
    assert told[0][:3] == (1, "2026", 27_995)
    payment = friends.actions.get(number=3)
    with pytest.raises(UndoLaterFirst):
        actions.undo(action=payment, on=date(2027, 1, 4), by="user:1", why="Fel")


def test_no_notice_is_given_before_they_paid_in(friends):
    with pytest.raises(TooMuch):
        make.did(friends, "notice", date(2026, 6, 30), holder=2, amount=500_000)


def test_a_lender_gives_notice_and_is_paid_when_it_is_over(friends):
    notice = make.did(friends, "notice", date(2026, 8, 31), holder=1, amount=400_000)
    with pytest.raises(TooMuch):
        make.did(friends, "notice", date(2026, 9, 1), holder=1, amount=600_001)
    with pytest.raises(TooEarly, match="30 november"):
        make.did(friends, "pay-notice", date(2026, 11, 29), notice=notice.number)

    make.did(friends, "pay-notice", date(2026, 11, 30), notice=notice.number)

    assert actions.snapshot(friends, date(2026, 11, 30)).held("loan") == {1: 600_000, 2: 500_000}
    with pytest.raises(AlreadyRecorded):
        make.did(friends, "pay-notice", date(2026, 12, 1), notice=notice.number)
    assert run(audit.CHECKS) == []


def test_a_loan_on_notice_has_no_plan_and_a_planned_one_no_notice(friends):
    with pytest.raises(BadTerms):
        repayments.make_plan(vehicle=friends, on=date(2026, 8, 1))
    planned = make.offering("direct-loan", STRAIGHT, make.project("ugnen", friends.organisation))
    make.paid(planned, 1000, "Ada", START)
    with pytest.raises(BadTerms, match="plan"):
        make.did(planned.vehicle, "notice", START, holder=1, amount=1)


# --- By a plan ------------------------------------------------------------------------------------


@pytest.fixture
def oven(db):
    """10 000 kr at 12 % (1 % a month), ten equal parts of 1 000 kr; Ada 6 000, Bo 4 000."""
    offering = make.offering("direct-loan", STRAIGHT)
    make.paid(offering, 6_000, "Ada", START)
    make.paid(offering, 4_000, "Bo", START)
    repayments.make_plan(vehicle=offering.vehicle, on=START)
    return offering.vehicle


def rows(vehicle) -> list[tuple]:
    plan = vehicle.plans.latest("version")
    return [(r.due_on, r.principal_minor, r.interest_minor) for r in plan.instalments.all()]


def pay(vehicle, period: int, on=None, amount=None):
    row = vehicle.plans.latest("version").instalments.get(period=period)
    key = f"pay:{row.pk}:{on}:{amount}"
    return repayments.repay(
        instalment=row, on=on or row.due_on, by="t", key=key, amount_minor=amount
    )


def early(vehicle, minor: int, on: date, then: str = Then.LOWER, key: str = "early"):
    return repayments.repay_early(
        vehicle=vehicle, amount_minor=minor, on=on, then=then, by="t", key=key
    )


def test_s7_4k_an_early_repayment_lowers_what_is_to_come(oven):
    pay(oven, 1)  # 1 February: 1 000 + 100; 9 000 left

    early(oven, 454_500, date(2026, 2, 16))  # 15 days: 9 000 · 12 % · 15/360 = 45.00

    first, *rest = rows(oven)
    assert first == (date(2026, 2, 16), 450_000, 4_500)
    # 4 500 kr over nine months: 500 a month. Half a month's interest to 1 March: 22.50.
    assert rest[0] == (date(2026, 3, 1), 50_000, 2_250)
    assert rest[1] == (date(2026, 4, 1), 50_000, 4_000)
    assert (len(rest), rest[-1][0]) == (9, date(2026, 11, 1))
    assert actions.snapshot(oven, date(2026, 2, 16)).held("loan") == {1: 270_000, 2: 180_000}
    assert Plan.objects.filter(vehicle=oven).count() == 2
    assert run(audit.CHECKS) == []


def test_s7_4k_an_early_repayment_sent_again_is_one_and_another_amount_is_refused(oven):
    pay(oven, 1)
    first = early(oven, 454_500, date(2026, 2, 16))

    assert early(oven, 454_500, date(2026, 2, 16)) == first
    for minor, on in ((454_400, date(2026, 2, 16)), (454_500, date(2026, 2, 17))):
        with pytest.raises(KeyReused):
            early(oven, minor, on)
    assert Plan.objects.filter(vehicle=oven).count() == 2


def test_s7_4k_an_early_repayment_shortens_the_plan(oven):
    pay(oven, 1)

    early(oven, 454_500, date(2026, 2, 16), Then.SHORTER)

    _first, *rest = rows(oven)
    # 1 090 kr was the next payment, and stays it; 22.50 is interest of half a month on 4 500 kr.
    assert [row[1] + row[2] for row in rest] == [109_000] * 4 + [23_605]
    assert rest[0] == (date(2026, 3, 1), 106_750, 2_250)
    assert rest[-1][0] == date(2026, 7, 1)


@pytest.mark.parametrize(
    ("terms", "left", "level", "payments"),
    [
        ({"schedule_type": "zero", "rate_pct": "0"}, 212_700, 86_200, [86_200, 86_200, 40_300]),
        # 5 000 kr in six annuities of 862.74; 21.27, 12.86 and 4.36 kr of interest.
        ({"schedule_type": "annuity"}, 212_700, 86_274, [86_274, 86_274, 44_001]),
        # Nothing but interest is paid until the end: it cannot be done sooner.
        ({"schedule_type": "bullet"}, 212_700, 2_500, [2_127, 2_127, 2_127, 2_127, 214_827]),
    ],
)
def test_s7_4k_as_much_each_time_and_done_sooner(terms, left, level, payments):
    kind = DirectLoan.parse({**STRAIGHT, **terms})
    days = [date(2026, month, 1) for month in range(3, 8)]

    made = kind.replan(left, date(2026, 2, 1), days, level, shorter=True)

    assert [row.payment_minor for row in made] == payments


def test_s7_4k_the_whole_loan_is_paid_early(oven):
    pay(oven, 1)
    with pytest.raises(TooMuch):
        early(oven, 904_501, date(2026, 2, 16))

    early(oven, 904_500, date(2026, 2, 16))

    assert len(rows(oven)) == 1
    assert actions.snapshot(oven, date(2026, 2, 16)).all_held("loan") == 0
    with pytest.raises(NothingOwed):
        early(oven, 1, date(2026, 2, 17), key="again")
    with pytest.raises(NothingOwed):
        repayments.make_plan(vehicle=oven, on=date(2026, 2, 17))


def test_what_is_due_is_paid_before_what_comes_early(oven):
    with pytest.raises(ArrearsFirst):
        early(oven, 500_000, date(2026, 2, 1))


def test_the_same_early_payment_twice_is_once(oven):
    first = early(oven, 200_000, date(2026, 1, 16))

    assert early(oven, 200_000, date(2026, 1, 16)) == first
    assert Plan.objects.filter(vehicle=oven).count() == 2


def test_s7_5_interest_is_settled_before_principal_late_and_in_parts(oven):
    late = date(2026, 2, 20)
    pay(oven, 1, late, 5_000)  # half of the 100 kr of interest
    row = oven.plans.get().instalments.get(period=1)
    assert (owed_on(row).interest_minor, owed_on(row).principal_minor) == (5_000, 100_000)
    pay(oven, 1, late, 30_000)
    assert (owed_on(row).interest_minor, owed_on(row).principal_minor) == (0, 75_000)
    with pytest.raises(TooMuch):
        pay(oven, 1, late, 75_001)


def test_a_restructured_loan_keeps_its_history(oven):
    pay(oven, 1)
    day = date(2026, 6, 15)

    plan = repayments.restructure(
        vehicle=oven,
        terms={**STRAIGHT, "rate_pct": "6", "periods": 18},
        on=day,
        reason="Två vintrar utan snö",
    )

    assert (plan.version, plan.restructured, plan.principal_minor) == (2, True, 900_000)
    # Due and unpaid from March to June: 90 + 80 + 70 + 60; 14 days of 9 000 kr since then: 42.
    assert rows(oven)[:2] == [(day, 0, 34_200), (date(2026, 7, 15), 50_000, 4_500)]
    assert oven.terms.latest("version").reason == "Två vintrar utan snö"
    assert oven.plans.get(version=1).instalments.count() == 10


@given(
    st.integers(1, 9),
    st.integers(2, 899_000),
    st.sampled_from(list(Then)),
    st.sampled_from(["straight", "annuity", "bullet"]),
)
def test_12b_4_the_rows_sum_to_what_is_outstanding(paid, extra, then, schedule_type):
    kind = DirectLoan.parse({**STRAIGHT, "schedule_type": schedule_type})
    plan = kind.schedule(1_000_000, START)
    left = plan[paid - 1].balance_minor
    days = [row.due_on for row in plan[paid:]]
    rest = max(0, left - extra)

    made = kind.replan(
        rest, plan[paid - 1].due_on, days, plan[paid].payment_minor, then == "shorter"
    )

    assert sum(row.principal_minor for row in made) == rest
    assert all(row.principal_minor >= 0 and row.interest_minor >= 0 for row in made)
    assert [row.due_on for row in made] == days[: len(made)]
    assert not made or made[-1].balance_minor == 0
