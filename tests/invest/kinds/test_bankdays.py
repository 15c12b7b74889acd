"""Swedish banking days, against the calendar of 2026."""

from datetime import date

import pytest

from invest.kinds.schedules import following, is_bank_day


@pytest.mark.parametrize(
    ("month", "day"),
    [(1, 1), (1, 6), (4, 3), (4, 6), (5, 1), (5, 14), (6, 19), (12, 24), (12, 25), (12, 31)],
)
def test_s7_4o_banks_are_closed_on_holidays_and_their_eves(month, day):
    assert not is_bank_day(date(2026, month, day))


@pytest.mark.parametrize(("month", "day"), [(1, 5), (4, 2), (5, 15), (6, 18), (10, 30), (12, 23)])
def test_s7_4o_banks_are_open_on_the_days_before_and_between(month, day):
    assert is_bank_day(date(2026, month, day))


def test_s7_4o_a_free_day_moves_to_the_next_banking_day():
    assert following(date(2026, 12, 24)) == date(2026, 12, 28)
    assert following(date(2026, 12, 23)) == date(2026, 12, 23)
