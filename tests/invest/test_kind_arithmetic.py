"""The arithmetic of each form of investing, against published and hand-made examples."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invest.vehicles.company import RULES, SvbYear, allot, dividend_per_share_minor, svb_room_minor
from invest.vehicles.fund import (
    DefaultRate,
    Exposure,
    FundState,
    average_default_rate,
    net_loss_rate,
    revolving_factor,
)
from invest.vehicles.partnership import interest_rate_pct, settle
from invest.vehicles.support_saving import (
    CarriedLoan,
    months_to_release,
    points_by_days,
    points_earned,
)
from pools.errors import BadTerms

# --- Stödspar ------------------------------------------------------------


def test_points_used_by_the_loan_of_100000_in_120_months():
    assert CarriedLoan(10_000_000, 120).points_used == 6_050_000


def test_after_saving_as_published_is_590_kronor():
    saved = [1_500_00 * month for month in range(1, 49)]
    loan = CarriedLoan(10_000_000, 120)

    assert points_earned(saved) == 1_764_000
    assert loan.after_saving_minor(1_764_000) == 59_036


def test_without_points_the_loan_is_saved_once_more():
    loan = CarriedLoan(20_000_000, 120)

    assert loan.after_saving_minor(0) == 166_667  # L/n


def test_the_village_halls_solar_roof():
    loan = CarriedLoan(20_000_000, 120)
    before = points_earned([8_500_000] * 36)

    assert loan.points_used == 12_100_000
    assert before == 3_060_000
    assert loan.after_saving_minor(before) == 124_518
    through = loan.carried_by(8_500_000, 36)
    assert through == 13_260_000
    assert round(100 * loan.coverage(through), 1) == Fraction("109.6")
    assert loan.after_saving_minor(through) == 0


def test_a_factor_of_the_first_era():
    assert points_earned([100_00], Fraction("0.9")) == 90


def test_after_saving_is_released_when_points_balance():
    assert round(float(months_to_release(377_833, 78_800_00)), 2) == 4.79


def test_by_the_day_a_year_is_twelve_months():
    assert points_by_days([100_00] * 365) == points_earned([100_00] * 12)


@given(st.integers(100, 10**10), st.integers(1, 480))
def test_the_carrying_balance_carries(principal, months):
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


def test_svb_ceiling_with_five_years_unused_room():
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


def test_svb_room_is_used_oldest_first_and_lapses_after_five_years():
    years = {year: SvbYear(10_000_000, Decimal(1)) for year in range(2020, 2028)}
    years[2025] = SvbYear(10_000_000, Decimal(1), paid_out_minor=250_000)

    assert svb_room_minor(years, 2024) == 5 * 200_000
    # 2020's room and a quarter of 2021's are used in 2025; in 2026 only 2020 would have lapsed.
    assert svb_room_minor(years, 2025) == 6 * 200_000 - 250_000
    assert svb_room_minor(years, 2026) == 6 * 200_000 - 50_000
    assert svb_room_minor(years, 2027) == 6 * 200_000


def test_a_negative_rate_gives_no_room_below_zero():
    assert SvbYear(10_000_000, Decimal("-1.5")).own_limit_minor == 0


def test_dividend_is_whole_ore_a_share():
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


def test_a_partnership_with_a_surplus_and_with_a_loss():
    paid_in = [6_000_000, 2_000_000, 1_000_000]

    surplus = settle(contributions_minor=paid_in, assets_minor=15_000_000, debts_minor=3_000_000)
    loss = settle(contributions_minor=paid_in, assets_minor=6_000_000, debts_minor=0)

    assert surplus.out_minor == (7_000_000, 3_000_000, 2_000_000)
    assert loss.out_minor == (5_000_000, 1_000_000, 0)
    assert (surplus.result_minor, loss.result_minor) == (3_000_000, -3_000_000)


@given(
    st.lists(st.integers(0, 10**8), min_size=2, max_size=8), st.integers(0, 10**9),
    st.integers(0, 10**9), st.integers(0, 10**8),
)  # fmt: skip
def test_a_settlement_adds_up_to_what_is_left(contributions, assets, debts, provisions):
    done = settle(
        contributions_minor=contributions,
        assets_minor=assets,
        debts_minor=debts,
        provisions_minor=provisions,
    )

    assert sum(done.out_minor) == assets - debts - provisions


def test_partners_may_owe_and_agree_on_other_shares():
    done = settle(contributions_minor=[100, 0], assets_minor=0, debts_minor=200, shares=[1, 2])

    assert done.out_minor == (0, -200)
    with pytest.raises(BadTerms):
        settle(contributions_minor=[100], assets_minor=0, debts_minor=0)
    with pytest.raises(BadTerms):
        settle(contributions_minor=[1, 1], assets_minor=0, debts_minor=0, shares=[0, 0])


def test_interest_on_outlays_and_late_contributions():
    assert interest_rate_pct(Fraction(2), late_contribution=False) == 4
    assert interest_rate_pct(Fraction(2), late_contribution=True) == 10


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
    assert [Exposure(left, 90).minor for left in (20_000_000, 10_000_000, 0)] == [
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
