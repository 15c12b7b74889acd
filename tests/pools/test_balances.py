"""Readers of the book."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pools import balances
from tests import factories as make


@pytest.fixture
def bank(db):
    return make.account(make.ledger(), "bank")


@pytest.fixture
def ada(bank):
    return make.account(bank.ledger, "saver", make.LIABILITY)


def test_balances_as_of_days_and_as_known(bank, ada):
    make.post(bank, ada, 100, "a", on=date(2026, 1, 31))
    make.post(bank, ada, 10, "b", on=date(2026, 2, 1))
    make.post(bank, ada, 1, "late", on=date(2026, 1, 15))

    def told(**when):
        return balances.balance(ada, **when)

    assert [told(as_of=date(2026, 1, d)) for d in (14, 15, 31)] == [0, 1, 101]
    assert told(as_of=date(2026, 2, 1)) == told() == 111
    assert told(as_of=date(2026, 1, 31), known_to=2) == 100
    assert told(known_to=1) == 100


def test_a_statement_runs_and_may_begin_later(bank, ada):
    make.post(bank, ada, 100, "a", on=date(2026, 1, 31))
    make.post(ada, bank, 30, "b", on=date(2026, 2, 1))
    make.post(bank, ada, 5, "c", on=date(2026, 3, 1))

    lines = balances.statement(ada, since=date(2026, 2, 1), until=date(2026, 2, 28))

    assert lines == [
        balances.StatementLine(
            booked_on=date(2026, 2, 1),
            seq=2,
            kind="test",
            other="bank",
            change_minor=-30,
            balance_minor=70,
        )
    ]
    assert [line.balance_minor for line in balances.statement(bank)] == [100, 70, 75]


def test_12b_1_a_trial_balance_has_equal_sides(bank, ada):
    make.post(bank, ada, 100, "a")

    rows = balances.trial_balance(bank.ledger)

    assert [(a.code, t.debited_minor, t.credited_minor) for a, t in rows] == [
        ("bank", 100, 0),
        ("saver", 0, 100),
    ]


def test_month_totals_and_heads(bank, ada):
    entry = make.post(bank, ada, 100, "a", on=date(2026, 1, 31))
    make.post(bank, ada, 7, "b", on=date(2026, 2, 3))

    rows = balances.month_matrix(bank.ledger.accounts.filter(pk=ada.pk), until=date(2026, 1, 31))

    assert rows == [(ada.pk, date(2026, 1, 1), 0, 100)]
    assert len(balances.month_matrix(bank.ledger.accounts.all())) == 4
    assert balances.heads()["book"][0] == entry.seq + 1


def test_reading_many_accounts_takes_three_queries(bank, ada, django_assert_max_num_queries):
    make.post(bank, ada, 100, "a")

    with django_assert_max_num_queries(5):
        assert balances.balances([bank, ada], as_of=make.DAY, known_to=1)[ada.pk] == 100


@given(st.integers(-(10**12), 10**12), st.integers(0, 10**12))
def test_totals_know_their_normal_side(debited, credited):
    totals = balances.Totals(debited, credited)

    class Side:
        def __init__(self, sign):
            self.sign = sign

    assert totals.balance(Side(1)) == -totals.balance(Side(-1)) == debited - credited
