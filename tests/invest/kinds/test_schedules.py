"""Repayment schedules: fixtures from practice, and what must hold for every loan."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invest.kinds.refusals import BadTerms
from invest.kinds.schedules import DAY_COUNTS, Loan, months_after, plan
from tests.strategies import days

loans = st.builds(
    Loan,
    principal_minor=st.integers(1, 10**11),
    rate_pct=st.decimals(0, 30, places=2),
    periods=st.integers(1, 120),
    start=days,
    day_count=st.sampled_from(sorted(DAY_COUNTS)),
    months_per_period=st.sampled_from([1, 3, 12]),
)


def loan(**more) -> Loan:
    return Loan(
        **{
            "principal_minor": 5_000_000,
            "rate_pct": Decimal(4),
            "periods": 24,
            "start": date(2026, 1, 1),
            **more,
        }
    )


def test_s7_4a_straight_fixture_of_50000_at_4_percent():
    rows = plan("straight", loan())

    assert [row.principal_minor for row in rows] == [208_334] * 8 + [208_333] * 16
    assert sum(row.interest_minor for row in rows) == 208_333


def test_s7_4b_annuity_fixture_of_50000_at_4_percent():
    rows = plan("annuity", loan())

    assert {row.payment_minor for row in rows[:-1]} == {217_125}
    assert rows[-1].payment_minor == 217_113
    assert sum(row.interest_minor for row in rows) == 210_988


def test_s7_4c_bullet_pays_interest_each_period_and_all_at_the_end():
    rows = plan("bullet", loan(periods=4, months_per_period=3))

    assert [row.payment_minor for row in rows] == [50_000, 50_000, 50_000, 5_050_000]


def test_s7_4e_zero_is_principal_only_and_refuses_a_rate():
    rows = plan("zero", loan(rate_pct=Decimal(0), periods=3))

    assert [row.payment_minor for row in rows] == [1_666_667, 1_666_667, 1_666_666]
    with pytest.raises(BadTerms):
        plan("zero", loan())


def test_s7_4d_a_fee_takes_the_place_of_interest():
    plain = {"principal_minor": 10_000_000, "periods": 120, "rate_pct": Decimal(0)}
    flat = plan("fee-flat", loan(**plain, fee_pct=Decimal("1.296")))
    falling = plan("fee-flat", loan(**plain, fee_pct=Decimal("1.296"), fee_on="balance"))

    assert {row.fee_minor for row in flat} == {10_800}
    assert {row.interest_minor for row in flat} == {0}
    assert falling[0].fee_minor == 10_800
    assert falling[-1].fee_minor == 90
    with pytest.raises(BadTerms):
        plan("fee-flat", loan())


def test_s7_4g_a_weighted_plan_of_twenty_five_years_with_two_of_grace():
    rows = plan(
        "weighted",
        loan(
            principal_minor=10_000, rate_pct=Decimal(0), periods=25, months_per_period=12,
            grace=1, weights=(*[1] * 23, 2),
        ),
    )  # fmt: skip

    assert [row.payment_minor for row in rows] == [0, *[400] * 23, 800]


def test_s7_4f_grace_pays_interest_only_and_then_all_is_repaid():
    rows = plan("annuity", loan(grace=6, periods=30))

    assert [row.principal_minor for row in rows[:6]] == [0] * 6
    assert {row.interest_minor for row in rows[:6]} == {16_667}
    assert {row.payment_minor for row in rows[6:-1]} == {217_125}
    assert rows[-1].balance_minor == 0


def test_s7_4h_a_share_of_revenue_is_paid_and_the_rest_falls_due_last():
    revenue = (1_000_000, 4_000_000, 0, 500_000)
    rows = plan(
        "revenue-share",
        loan(
            principal_minor=300_000, rate_pct=Decimal(0), periods=4, months_per_period=3,
            revenue_minor=revenue, revenue_pct=Decimal(5),
        ),
    )  # fmt: skip

    assert [row.principal_minor for row in rows] == [50_000, 200_000, 0, 50_000]


def test_s7_4i_after_saving_stands_beside_the_payment_and_is_none():
    rows = plan("saving-linked", loan(rate_pct=Decimal(0), saving_minor=124_518))

    assert {row.saving_minor for row in rows} == {124_518}
    assert rows[-1].payment_minor == 208_333


def test_s7_4m_a_plan_in_kind_hands_over_whole_units():
    rows = plan("in-kind", loan(rate_pct=Decimal(0), periods=3, units=100))

    assert [row.units for row in rows] == [34, 33, 33]
    assert [row.principal_minor for row in rows] == [1_666_667, 1_666_667, 1_666_666]
    with pytest.raises(BadTerms):
        plan("in-kind", loan(rate_pct=Decimal(0), periods=3, units=2))


def test_s7_4n_a_dividend_follows_the_days_held():
    """6 % of 250.00: 181 days to the first of July, 184 to the end of the year."""
    stake = loan(principal_minor=25_000, rate_pct=Decimal(6), periods=2, months_per_period=6)

    rows = plan("dividend", stake)

    assert [row.interest_minor for row in rows] == [744, 756]
    assert [(row.principal_minor, row.balance_minor) for row in rows] == [(0, 25_000)] * 2


def test_s7_4o_a_due_day_moves_and_interest_does_not():
    start = date(2026, 5, 19)  # A month later is midsummer eve, a Friday.

    fixed, moved = (plan("straight", loan(start=start, rolls=rolls)) for rolls in (False, True))

    assert [rows[0].due_on for rows in (fixed, moved)] == [date(2026, 6, 19), date(2026, 6, 22)]
    assert [row.interest_minor for row in fixed] == [row.interest_minor for row in moved]


@given(
    loan=loans,
    grace=st.integers(0, 30),
    kind=st.sampled_from(["straight", "annuity", "bullet", "saving-linked"]),
)
def test_s7_4_principal_sums_and_the_last_balance_is_zero(loan, grace, kind):
    loan = replace(loan, grace=min(grace, loan.periods - 1))
    rows = plan(kind, loan)

    assert sum(row.principal_minor for row in rows) == loan.principal_minor
    assert rows[-1].balance_minor == 0
    assert len(rows) == loan.periods
    assert all(min(row.principal_minor, row.interest_minor, row.balance_minor) >= 0 for row in rows)
    assert [row.due_on for row in rows] == sorted({row.due_on for row in rows})


def test_s7_4l_due_days_keep_the_end_of_the_month():
    assert [months_after(date(2026, 1, 31), n) for n in (1, 2, 13)] == [
        date(2026, 2, 28),
        date(2026, 3, 31),
        date(2027, 2, 28),
    ]


@pytest.mark.parametrize(
    ("code", "since", "until", "share"),
    [
        ("30E/360", date(2026, 1, 31), date(2026, 2, 28), Fraction(28, 360)),
        ("30E/360", date(2026, 1, 1), date(2027, 1, 1), Fraction(1)),
        ("ACT/360", date(2026, 1, 1), date(2026, 2, 1), Fraction(31, 360)),
        ("ACT/365F", date(2024, 1, 1), date(2025, 1, 1), Fraction(366, 365)),
        ("ACT/ACT", date(2024, 1, 1), date(2025, 1, 1), Fraction(1)),
        # The example of the ISDA memorandum: 61/365 + 121/366.
        ("ACT/ACT", date(2003, 11, 1), date(2004, 5, 1), Fraction(61, 365) + Fraction(121, 366)),
    ],
)
def test_s7_4j_day_counts(code, since, until, share):
    assert DAY_COUNTS[code](since, until) == share


@given(days, days, days, st.sampled_from(["ACT/360", "ACT/365F", "ACT/ACT"]))
def test_s7_4j_actual_day_counts_add_up(a, b, c, code):
    first, middle, last = sorted([a, b, c])
    count = DAY_COUNTS[code]

    assert count(first, middle) + count(middle, last) == count(first, last)


@pytest.mark.parametrize(
    "wrong",
    [
        {"principal_minor": 0},
        {"principal_minor": 10**15},
        {"rate_pct": Decimal(-1)},
        {"rate_pct": Decimal(101)},
        {"rate_pct": Decimal("NaN")},
        {"periods": 0},
        {"periods": 1201},
        {"months_per_period": 5},
        {"day_count": "ACT/1"},
        {"grace": 24},
        {"grace": -1},
        {"fee_pct": Decimal(-1)},
        {"fee_on": "nothing"},
        {"weights": (1, -1)},
        {"revenue_pct": Decimal("Infinity")},
        {"saving_minor": -1},
        {"start": date(2950, 1, 1), "periods": 1200},
    ],
)
def test_contradictory_terms_are_refused(wrong):
    with pytest.raises(BadTerms):
        loan(**wrong)


def test_an_unknown_type_is_refused():
    with pytest.raises(BadTerms):
        plan("pyramid", loan())
    with pytest.raises(BadTerms):
        plan("weighted", loan(weights=(1, 2)))
    with pytest.raises(BadTerms):
        plan("revenue-share", loan())
