"""A fund's loans in the book: what the register tells is booked, in order, on every day."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from invest import audit
from invest.kinds.microfund.lending import stories
from invest.kinds.refusals import LaterStepFirst, NothingOwed, UndoLaterFirst
from invest.vehicles import actions
from invest.vehicles.refusals import UndoneSince
from pools.audit import run
from pools.errors import Refused
from pools.models import Entry
from tests import factories as make
from tests.strategies import examples

TERMS = {"buffer_pct": 0, "most_per_borrower_minor": 20_000_000, "most_cover_pct": 80}
START = date(2024, 1, 1)
PLAN = {"plan": "straight", "rate": "12", "periods": 12, "months_per_period": 1}
PLAIN = {"early": "no", "costs": None, "late": None}


def a_fund():
    offering = make.offering("microfund", TERMS, since=START)
    make.paid(offering, 50_000, "Ada", START)
    return offering.vehicle


def lent(fund, on: date = START, minor: int = 1_200_000, **plan) -> int:
    """A loan of so much at 12 % in twelve months: its number."""
    asked = make.did(fund, "application", on, enquiry=None, what="Ugn", amount=minor)
    facts = {"application": asked.number, "says": "granted", "amount": minor}
    granted = make.did(fund, "decision", on, override=None, bound_to=None, **facts).number
    who = actions.number_for(person=make.person("Cem"), vehicle=fund, role="lent", on=on)
    facts = {"decision": granted, "borrower": who, "principal": minor}
    return make.did(fund, "lend", on, **facts, **{**PLAN, **plan}).number


def pays(fund, loan: int, minor: int, on: date, **more):
    return make.did(fund, "receipt", on, loan=loan, amount=minor, **{**PLAIN, **more})


def undo(action, on: date):
    return actions.undo(action=action, on=on, by="user:1", why="Fel belopp")


def register_and_book(fund, loan: int, on: date) -> tuple[int, int]:
    now = actions.snapshot(fund, on)
    return stories(now)[loan].left_minor, now.all_held("lent")


@pytest.fixture
def fund(db):
    return a_fund()


def test_s4a_the_book_moves_on_the_due_day_and_the_loan_is_closed(fund):
    loan = lent(fund, periods=2)
    pays(fund, loan, 612_000, date(2024, 1, 30))
    pays(fund, loan, 606_000, date(2024, 2, 28))

    days = [date(2024, 1, 31), date(2024, 2, 1), date(2024, 2, 29), date(2024, 3, 1)]
    assert [register_and_book(fund, loan, day) for day in days] == [
        (1_200_000, 1_200_000),
        (600_000, 600_000),
        (600_000, 600_000),
        (0, 0),
    ]
    assert make.sheet(fund, "loans", days[-1])[0][-1] == "återbetalt"
    assert run(audit.CHECKS) == []


def test_s4a_each_day_pays_with_money_ahead_what_falls_due(fund):
    today = timezone.localdate()
    loan = lent(fund, today)
    pays(fund, loan, 112_000, today)
    due = stories(actions.snapshot(fund, today))[loan].now.rows[0].due_on
    assert register_and_book(fund, loan, due) == (1_100_000, 1_200_000)

    for _twice in range(2):
        call_command("due", on=due)

    assert register_and_book(fund, loan, due) == (1_100_000, 1_100_000)
    assert Entry.objects.filter(kind="advance-used").count() == 1


def test_s4i_a_payment_dated_before_one_on_record_is_refused_with_what_to_undo(fund):
    loan = lent(fund)
    later = pays(fund, loan, 112_000, date(2024, 3, 1))

    with pytest.raises(LaterStepFirst, match=rf"{later.number} .*1 mars 2024"):
        pays(fund, loan, 112_000, date(2024, 2, 1))

    undo(later, date(2024, 3, 1))
    pays(fund, loan, 112_000, date(2024, 2, 1))
    pays(fund, loan, 111_000, date(2024, 3, 1))
    assert register_and_book(fund, loan, date(2024, 3, 1)) == (1_000_000, 1_000_000)
    assert run(audit.CHECKS) == []


def test_s4i_a_payment_is_not_undone_under_a_later_one(fund):
    loan = lent(fund)
    first = pays(fund, loan, 112_000, date(2024, 2, 1))
    second = pays(fund, loan, 111_000, date(2024, 3, 1))

    for step, under in ((first, second.number), (fund.actions.get(number=loan), second.number)):
        with pytest.raises(UndoLaterFirst, match=str(under)):
            undo(step, date(2024, 3, 2))

    undo(second, date(2024, 3, 1))
    undo(first, date(2024, 3, 1))
    assert run(audit.CHECKS) == []


def test_s4j_what_counted_until_it_was_undone_has_nothing_put_in_before(fund):
    loan = lent(fund)
    wrong = pays(fund, loan, 500_000, date(2024, 1, 20))  # An advance that pays for months.
    undo(wrong, date(2024, 4, 15))

    with pytest.raises(UndoneSince, match="15 april 2024"):
        pays(fund, loan, 112_000, date(2024, 2, 1))
    assert [
        register_and_book(fund, loan, day) for day in (date(2024, 4, 14), date(2024, 4, 15))
    ] == [
        (900_000, 900_000),
        (1_200_000, 1_200_000),
    ]
    assert run(audit.CHECKS) == []


def test_s4j_a_page_undoes_a_payment_from_its_own_day(fund):
    wrong = pays(fund, lent(fund), 112_000, date(2024, 2, 1))

    assert actions.undo_day(wrong, date(2024, 5, 1)) == date(2024, 2, 1)


def test_s4g_interest_of_a_loan_written_off_is_booked_as_income(fund):
    loan = lent(fund)
    make.did(fund, "write-off", date(2024, 2, 10), loan=loan, amount=1_200_000)

    pays(fund, loan, 14_000, date(2024, 2, 20), late=2_000)  # 120 kr by the plan, 20 kr claimed.
    make.did(fund, "recover", date(2024, 2, 21), loan=loan, amount=100_000)

    with pytest.raises(Refused):
        pays(fund, loan, 1_300_000, date(2024, 2, 22))
    assert register_and_book(fund, loan, date(2024, 2, 22)) == (0, 0)
    assert run(audit.CHECKS) == []


steps = st.lists(
    st.tuples(
        st.sampled_from(["receipt", "receipt", "early", "undo", "restructure", "write-off"]),
        st.integers(-20, 50),
        st.integers(1, 400_000),
        st.integers(0, 20),
    ),
    max_size=7,
)


class RandomLives(TestCase):
    """Early, late, partial, over, back-dated, undone, rates changed: refused or right."""

    @examples(50)
    @given(steps, st.sampled_from(["straight", "annuity", "bullet"]))
    def test_s4h_register_is_book_after_every_random_life(self, life, plan):
        fund = a_fund()
        loan = lent(fund, minor=300_000, plan=plan, periods=4)
        on = START
        for what, days, minor, rate in life:
            on = max(START, on + timedelta(days=days))
            try:
                self._step(fund, loan, what, on, minor, rate)
            except (Refused, NothingOwed):
                on = max(step.on for step in fund.actions.all())
        assert run(audit.CHECKS) == []
        for day in {on + timedelta(days=n) for n in (-31, -1, 0, 1, 31, 62, 150)}:
            left, booked = register_and_book(fund, loan, max(day, START))
            assert left == booked

    def _step(self, fund, loan: int, what: str, on: date, minor: int, rate: int) -> None:
        if what == "undo":
            done = [a for a in actions.standing_actions(fund) if a.number > loan]
            if done:
                undo(done[-1 - rate % len(done)], on)
        elif what == "restructure":
            make.did(fund, what, on, loan=loan, **{**PLAN, "rate": str(rate), "periods": 5})
        elif what == "write-off":
            make.did(fund, what, on, loan=loan, amount=minor)
        else:
            pays(fund, loan, minor, on, early="yes" if what == "early" else "no")
