"""Exact arithmetic on money."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moneyed import Money

from pools.errors import AmountTooLarge, NotAnAmount, NotKronor, UnevenMoney
from pools.money import (
    format_minor,
    from_minor,
    half_up,
    kronor,
    ore,
    parse_amount,
    split,
    split_with_carry,
    to_minor,
)
from pools.wording import kronor_text
from tests.strategies import weights


@given(st.integers(-(10**14), 10**14))
def test_minor_units_survive_the_doors(minor):
    assert to_minor(from_minor(minor, unit="SEK", scale=2), scale=2) == minor
    assert ore(kronor(minor)) == minor
    assert Decimal(format_minor(minor, scale=2)) * 100 == minor


@pytest.mark.fault("F54")
def test_money_finer_than_an_ore_is_refused():
    with pytest.raises(UnevenMoney):
        ore(Money("0.005", "SEK"))


@pytest.mark.parametrize("amount", ["1e15", "-1e15"])
@pytest.mark.fault("F53")
def test_money_beyond_the_bound_is_refused(amount):
    with pytest.raises(AmountTooLarge):
        ore(Money(amount, "SEK"))


@pytest.mark.fault("F52")
@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_no_money(amount):
    with pytest.raises(NotAnAmount):
        ore(Money(Decimal(amount), "SEK"))


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("1500", 150_000),
        ("1 500", 150_000),
        ("1\u00a0500,50 kr", 150_050),
        ("1\u202f500.5", 150_050),
        (" 12 500 SEK ", 1_250_000),
        ("2 tkr", 200_000),
        ("1,5 mkr", 150_000_000),
        ("0,50", 50),
        ("1\u00a0500:\u2013", 150_000),
        ("1 500:- kr", 150_000),
        ("12 500,\u2013", 1_250_000),
    ],
)
def test_amounts_are_read_as_people_write_them(text, minor):
    assert parse_amount(text, scale=2) == minor


@pytest.mark.fault("F52")
@pytest.mark.parametrize(
    "text",
    [
        *("", "-5", "0", "0,00", "NaN", "Infinity", "1e6", "1_000", "１２３", "007", "0x10"),
        *(
            "1 00",
            "1,",
            "\u2013",
            "\u20135",
            "5:",
            ",5",
            "+5",
            "1.000,00",
            "5 EUR",
            "١٢",
            "1\n500",
            "True",
        ),
        *(None, 500, 0.5, True),
    ],
)
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(NotAnAmount):
        parse_amount(text, scale=2)


@pytest.mark.fault("F53")
@pytest.mark.parametrize("text", ["1000000000000000", "9" * 40, "10000000000 mkr"])
def test_amounts_beyond_the_bound_are_refused(text):
    with pytest.raises(AmountTooLarge):
        parse_amount(text, scale=2)


@pytest.mark.fault("F54")
def test_fine_amounts_are_refused():
    with pytest.raises(UnevenMoney):
        parse_amount("0,005", scale=2)


@given(st.text())
def test_any_text_is_an_amount_or_refused(text):
    try:
        minor = parse_amount(text, scale=2)
    except (NotAnAmount, UnevenMoney, AmountTooLarge):
        return
    assert 0 < minor <= 10**14


@pytest.mark.parametrize(("value", "whole"), [("1/2", 1), ("-1/2", -1), ("3/2", 2), ("49/100", 0)])
def test_halves_go_up(value, whole):
    assert half_up(Fraction(value)) == whole


@pytest.mark.fault("F54")
def test_s7_6a_split_fixture_of_five_savers():
    parts = split(1_000_000, [5000, 2500, 1250, 750, 333])

    assert parts == [508_492, 254_246, 127_123, 76_274, 33_865]


@pytest.mark.fault("F54")
@given(total=st.integers(0, 10**14), by=weights)
def test_s7_6f_split_loses_nothing_and_is_fair_to_one_unit(total, by):
    parts = split(total, by)

    assert sum(parts) == total
    whole = sum(by)
    for part, weight in zip(parts, by, strict=True):
        assert abs(part * whole - total * weight) < whole


@pytest.mark.parametrize(("total", "by"), [(-1, [1]), (1, []), (1, [0, 0]), (1, [1, -1])])
def test_split_refuses_what_cannot_be_shared(total, by):
    with pytest.raises(ValueError, match="split"):
        split(total, by)


def test_a_split_needs_room_for_its_total():
    assert split_with_carry(3, [1, 1], [Fraction(0)] * 2, most=[1, 2]).parts == [1, 2]

    with pytest.raises(ValueError, match="room"):
        split_with_carry(4, [1, 1], [Fraction(0)] * 2, most=[1, 2])


def test_nobody_gives_back_to_settle_what_others_are_owed():
    owed = [Fraction(2), Fraction(2), Fraction(-4)]

    shared = split_with_carry(2, [1, 1, 1], owed)

    assert shared.parts == [1, 1, 0]
    third = Fraction(666_666_667, 10**9)
    assert shared.carry == [1 + third, 1 + third, -4 + Fraction(666_666_666, 10**9)]


@given(totals=st.lists(st.integers(0, 10**6), min_size=1, max_size=30), by=weights)
def test_s7_6_carried_splits_never_drift(totals, by):
    carry = [Fraction(0)] * len(by)
    paid = [0] * len(by)

    for total in totals:
        shared = split_with_carry(total, by, carry)
        assert sum(shared.parts) == total
        assert min(shared.parts) >= 0
        paid = [a + b for a, b in zip(paid, shared.parts, strict=True)]
        carry = shared.carry

    assert sum(carry) == 0
    exact = [Fraction(sum(totals) * weight, sum(by)) for weight in by]
    # A billionth a run is all that rounding the carries may cost anybody.
    for owed, e, p in zip(carry, exact, paid, strict=True):
        assert abs(e - p - owed) <= Fraction(len(totals), 10**9)
    assert all(owed.denominator <= 10**9 for owed in carry)
    assert all(abs(owed) < 2 for owed in carry)


def test_s7_6b_plain_splits_drift_over_sixty_payouts():
    paid = [0, 0, 0]

    for _ in range(60):
        paid = [a + b for a, b in zip(paid, split(100, [1, 1, 1]), strict=True)]

    assert paid == [2040, 1980, 1980]


def test_s7_6b_sixty_payouts_to_three_equal_savers_end_equal():
    carry, paid = [Fraction(0)] * 3, [0, 0, 0]

    for _ in range(60):
        shared = split_with_carry(100, [1, 1, 1], carry)
        carry, paid = shared.carry, [a + b for a, b in zip(paid, shared.parts, strict=True)]

    assert paid == [2000, 2000, 2000]


def test_s7_6c_a_larger_total_split_anew_takes_from_somebody():
    weights = [6, 6, 2]

    assert split(10, weights) == [4, 4, 2]
    assert split(11, weights) == [5, 5, 1]


def test_s7_6c_carried_fractions_take_from_nobody():
    weights = [6, 6, 2]

    first = split_with_carry(10, weights, [Fraction(0)] * 3)
    second = split_with_carry(1, weights, first.carry)

    assert first.parts == [4, 4, 2]
    assert second.parts == [1, 0, 0]
    assert sum(first.carry) == sum(second.carry) == 0


@given(st.integers(1, 10**14))
def test_12b_14_what_is_shown_in_kronor_can_be_typed_again(minor):
    text = kronor_text(minor)

    assert parse_amount(text, scale=2) == minor


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=12), st.lists(st.integers(1, 10**6)))
def test_s7_6e_nobody_is_repaid_more_than_is_out(lent, repayments):
    out, carry = lent, [Fraction(0)] * len(lent)

    for repayment in [*repayments, sum(lent)]:
        total = min(repayment, sum(out))
        if total:
            shared = split_with_carry(total, out, carry, most=out)
            assert all(0 <= part <= most for part, most in zip(shared.parts, out, strict=True))
            out = [most - part for most, part in zip(out, shared.parts, strict=True)]
            carry = shared.carry

    assert set(out) == {0}


def test_12b_14_kronor_are_no_other_currency():
    with pytest.raises(NotKronor, match="EUR"):
        ore(Money(100, "EUR"))
