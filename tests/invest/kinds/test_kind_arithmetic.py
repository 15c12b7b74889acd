"""The arithmetic of each form of investing, against published and hand-made examples."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invest.kinds.company_shares.dividends import (
    RULES,
    SvbYear,
    allot,
    dividend_per_share_minor,
    svb_room_minor,
)
from invest.kinds.microfund.capacity import (
    DefaultRate,
    Exposure,
    FundState,
    average_default_rate,
    net_loss_rate,
    revolving_factor,
)
from invest.kinds.refusals import BadTerms
from invest.kinds.schedules import Loan, plan
from invest.kinds.simple_partnership.settlement import interest_rate_pct, settle
from invest.kinds.support_saving.points import (
    CarriedLoan,
    months_to_release,
    points_by_days,
    points_earned,
)
from pools.money import half_up

# --- Stödspar ------------------------------------------------------------


@given(st.integers(1, 10**6), st.integers(1, 120))
def test_s1_3_a_loan_uses_what_is_owed_at_the_start_of_each_month(a_month, months):
    principal = 100 * a_month * months
    loan = Loan(principal, Decimal(0), months, date(2026, 1, 1))

    rows = plan("straight", loan)

    owed = [principal, *(row.balance_minor for row in rows[:-1])]
    assert CarriedLoan(principal, months).points_used == half_up(Fraction(sum(owed), 100))


def test_s1_3a_points_used_by_the_loan_of_100000_in_120_months():
    assert CarriedLoan(10_000_000, 120).points_used == 6_050_000


def test_s1_3b_after_saving_as_published_is_590_kronor():
    saved = [1_500_00 * month for month in range(1, 49)]
    loan = CarriedLoan(10_000_000, 120)

    assert points_earned(saved) == 1_764_000
    assert loan.after_saving_minor(1_764_000) == 59_036  # 4 286 000 / 7 260 = 590.36 kr


def test_s1_3c_without_points_the_loan_is_saved_once_more():
    loan = CarriedLoan(20_000_000, 120)

    assert loan.after_saving_minor(0) == 166_667  # L/n


def test_s1_3f_the_village_halls_solar_roof():
    loan = CarriedLoan(20_000_000, 120)
    before = points_earned([8_500_000] * 36)

    assert loan.points_used == 12_100_000
    assert before == 3_060_000
    assert loan.after_saving_minor(before) == 124_518
    through = loan.carried_by(8_500_000, 36)
    assert through == 13_260_000
    assert round(100 * loan.coverage(through), 1) == Fraction("109.6")
    assert loan.after_saving_minor(through) == 0


def test_s1_3j_a_factor_of_the_first_era():
    assert points_earned([100_00], Fraction("0.9")) == 90


def test_s1_3d_after_saving_is_released_when_points_balance():
    assert round(float(months_to_release(377_833, 78_800_00)), 2) == 4.79


@pytest.mark.parametrize(
    ("kronor", "fee_pct", "each_month", "told_pct"),
    [(100_000, "1.296", 10_800, "1.30"), (200_000, "1.5", 25_000, "1.50")],
)
def test_s1_3e_a_years_fees_as_published(kronor, fee_pct, each_month, told_pct):
    loan = Loan(kronor * 100, Decimal(0), 120, date(2026, 1, 1), fee_pct=Decimal(fee_pct))

    rows = plan("fee-flat", loan)

    year = sum(row.fee_minor for row in rows[:12])
    assert {row.fee_minor for row in rows} == {each_month}
    assert round(Decimal(100 * year) / (kronor * 100), 2) == Decimal(told_pct)


def test_s1_3e_a_month_of_the_published_loan_costs_1917_kronor():
    """200 000 kr over ten years: 1 667 to pay back, 250 in fee, nothing to save; 30 000 in all."""
    loan = Loan(20_000_000, Decimal(0), 120, date(2026, 1, 1), fee_pct=Decimal("1.5"))

    rows = plan("fee-flat", loan)

    assert rows[0].payment_minor == 166_667 + 25_000
    assert sum(row.fee_minor for row in rows) == 3_000_000


def test_s1_3g_after_saving_when_all_withdraw_at_pay_out():
    loan = CarriedLoan(20_000_000, 120)

    before = points_earned([8_500_000] * 36)

    assert loan.points_used - before == 9_040_000
    assert loan.after_saving_minor(before) == 124_518  # 9 040 000 / 7 260 = 1 245.18 kr


def test_s1_3i_by_the_day_a_year_is_twelve_months():
    assert points_by_days([100_00] * 365) == points_earned([100_00] * 12)


@given(st.lists(st.integers(0, 10**9), max_size=60), st.fractions(0, 10, max_denominator=100))
def test_12b_8_points_are_whole_and_rounded_once(balances, factor):
    points = points_earned(balances, factor)

    assert isinstance(points, int)
    assert abs(points - Fraction(sum(balances), 100) * factor) <= Fraction(1, 2)


@given(st.integers(100, 10**10), st.integers(1, 480))
def test_s1_3h_the_carrying_balance_carries(principal, months):
    loan = CarriedLoan(principal, months)

    points = points_earned([loan.balance_to_carry_minor()] * months)

    assert abs(points - loan.points_used) <= months / 200 + 1


@pytest.mark.parametrize(
    "wrong", [(0, 12, 1), (100, 0, 1), (100, 601, 1), (100, 12, 0), (100, 12, 11), (-5, 12, 1)]
)
def test_a_loan_that_cannot_be_is_refused(wrong):
    with pytest.raises(BadTerms):
        CarriedLoan(wrong[0], wrong[1], Fraction(wrong[2]))


def test_a_balance_below_zero_earns_nothing_but_a_refusal():
    with pytest.raises(BadTerms):
        points_earned([-1])


# --- Lokala bolag ------------------------------------------------------------


def test_s2_2a_svb_ceiling_with_five_years_unused_room():
    rates = ["0.5", "1.5", "2.6", "2.0", "2.5", "2.5"]
    years = {2021 + i: SvbYear(40_000_000, Decimal(rate)) for i, rate in enumerate(rates)}

    assert [year.own_limit_minor for year in years.values()][:5] == [
        600_000,
        1_000_000,
        1_440_000,
        1_200_000,
        1_400_000,
    ]
    assert svb_room_minor(years, 2026) == 7_040_000


def test_s2_2_svb_room_is_used_oldest_first_and_lapses_after_five_years():
    years = {year: SvbYear(10_000_000, Decimal(1)) for year in range(2020, 2028)}
    years[2025] = SvbYear(10_000_000, Decimal(1), paid_out_minor=250_000)

    assert svb_room_minor(years, 2024) == 5 * 200_000
    # 2020's room and a quarter of 2021's are used in 2025; in 2026 only 2020 would have lapsed.
    assert svb_room_minor(years, 2025) == 6 * 200_000 - 250_000
    assert svb_room_minor(years, 2026) == 6 * 200_000 - 50_000
    assert svb_room_minor(years, 2027) == 6 * 200_000


def test_s2_2b_a_negative_rate_gives_no_room_below_zero():
    assert SvbYear(10_000_000, Decimal("-1.5")).own_limit_minor == 0


def test_s2_2c_dividend_is_whole_ore_a_share():
    assert dividend_per_share_minor(1_000_000, 3) == 333_333
    with pytest.raises(BadTerms):
        dividend_per_share_minor(1, 0)


@pytest.mark.parametrize(
    ("rule", "asked", "shares"),
    [
        ("first-come", [50, 30, 30, 40], [50, 30, 20, 0]),
        ("pro-rata", [50, 30, 30, 40], [33, 20, 20, 27]),
        ("equal", [50, 40, 30, 10], [30, 30, 30, 10]),
    ],
)
def test_an_over_subscribed_issue_is_shared_out_by_its_rule(rule, asked, shares):
    assert allot(asked, 100, rule=rule) == shares


@given(
    st.lists(st.integers(1, 500), min_size=1, max_size=20),
    st.integers(0, 5000),
    st.sampled_from(sorted(RULES)),
)
def test_allotment_gives_out_all_there_is_and_nobody_more_than_asked(asked, available, rule):
    given_out = allot(asked, available, rule=rule)

    assert sum(given_out) == min(sum(asked), available)
    assert all(0 <= part <= number for part, number in zip(given_out, asked, strict=True))


# --- Enkla bolag ------------------------------------------------------------


def test_s3i_a_partnership_with_a_surplus():
    paid_in = [6_000_000, 2_000_000, 1_000_000]

    done = settle(contributions_minor=paid_in, assets_minor=15_000_000, debts_minor=3_000_000)

    assert done.out_minor == (7_000_000, 3_000_000, 2_000_000)
    assert done.result_minor == 3_000_000


def test_s3j_a_partnership_with_a_loss():
    paid_in = [6_000_000, 2_000_000, 1_000_000]

    done = settle(contributions_minor=paid_in, assets_minor=6_000_000, debts_minor=0)

    assert done.out_minor == (5_000_000, 1_000_000, 0)
    assert done.result_minor == -3_000_000


@given(
    st.lists(st.integers(0, 10**8), min_size=2, max_size=8), st.integers(0, 10**9),
    st.integers(0, 10**9), st.integers(0, 10**8),
)  # fmt: skip
def test_s3_a_settlement_adds_up_to_what_is_left(contributions, assets, debts, provisions):
    done = settle(
        contributions_minor=contributions,
        assets_minor=assets,
        debts_minor=debts,
        provisions_minor=provisions,
    )

    assert sum(done.out_minor) == assets - debts - provisions


def test_s3k_partners_may_owe_and_agree_on_other_shares():
    done = settle(contributions_minor=[100, 0], assets_minor=0, debts_minor=200, shares=[1, 2])

    assert done.out_minor == (0, -200)
    with pytest.raises(BadTerms):
        settle(contributions_minor=[100], assets_minor=0, debts_minor=0)
    with pytest.raises(BadTerms):
        settle(contributions_minor=[1, 1], assets_minor=0, debts_minor=0, shares=[0, 0])


def test_interest_on_outlays_and_late_contributions():
    assert interest_rate_pct(Fraction(2), Fraction(2)) == 4
    assert interest_rate_pct(Fraction(2), Fraction(8)) == 10


# --- Mikrofonder ------------------------------------------------------------


def fund(**more) -> FundState:
    return FundState(
        **{
            "stakes_minor": 80_000_000,
            "subordinated_minor": 30_000_000,
            "donations_minor": 25_000_000,
            "retained_minor": 6_000_000,
            "losses_minor": 1_000_000,
            "loans_minor": 20_000_000,
            "guarantees": (Exposure(30_000_000, 90), Exposure(10_000_000, 50)),
            "buffer_minor": 10_000_000,
            **more,
        }
    )


def test_what_a_fund_can_carry():
    state = fund()

    assert state.capital_minor == 140_000_000
    assert state.committed_minor == 20_000_000 + 27_000_000 + 5_000_000
    assert state.free_minor == 78_000_000
    assert state.utilisation == Fraction(52, 140)
    assert state.leverage == Fraction(40, 140)


def test_exposure_falls_with_the_loan_and_never_covers_more_than_it():
    assert [Exposure(left, 90).amount_minor for left in (20_000_000, 10_000_000, 0)] == [
        18_000_000,
        9_000_000,
        0,
    ]
    with pytest.raises(BadTerms):
        Exposure(100, 101)


def test_cash_backed_at_ninety_per_cent_leverage_ends_at_one_and_a_ninth():
    loans = Fraction(140_000_000 * 10, 9)
    state = fund(guarantees=(Exposure(int(loans), 90),), loans_minor=0, buffer_minor=0)

    assert round(float(state.leverage), 2) == 1.11
    assert 0 <= state.free_minor <= 1


def test_losses_and_turns():
    lost = net_loss_rate(
        calls_minor=50, written_off_minor=30, recovered_minor=20, placed_minor=6000
    )

    assert lost == Fraction(1, 100)
    assert revolving_factor(300, 100) == 3


def test_default_rate_is_the_plain_average_of_its_windows():
    windows = (DefaultRate(1, 20), DefaultRate(0, 30), DefaultRate(0, 0), DefaultRate(3, 20))

    assert average_default_rate(windows) == (Fraction(1, 20) + 0 + Fraction(3, 20)) / 3
    assert average_default_rate((DefaultRate(0, 0),)) is None
