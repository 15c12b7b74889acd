"""The bee-keepers pay back in honey: vouchers given, used, and lapsed, in the book all the way."""

from datetime import date

import pytest

from invest import audit
from invest.kinds.refusals import BadTerms, NotEnough, NothingNew, TooMuch
from invest.kinds.vouchers import batches
from invest.vehicles import actions
from pools import balances
from pools.audit import run
from pools.models import Account
from tests import factories as make

START, SPRING, SUMMER, LAST = (date(2026, month, 1) for month in (2, 4, 6, 9))
TERMS = {"schedule_type": "on-notice", "day_count": "ACT/365F", "notice_months": 3}


@pytest.fixture
def bees(db):
    """Ada has lent 1 000 kr, Bo 500."""
    offering = make.loan_offering(**TERMS)
    for name, amount in (("Ada", 1000), ("Bo", 500)):
        make.paid(offering, amount, name, START)
    return offering.vehicle


def give(bees, holder: int, minor: int, on=SPRING, until=LAST, of="loan"):
    facts = {"holder": holder, "amount": minor, "until": until, "of": of}
    return make.did(bees, "give-vouchers", on, **facts)


def booked(code: str) -> int:
    account = Account.objects.get(code=code)
    return balances.balances([account])[account.pk]


def test_a_part_of_the_loan_comes_back_in_vouchers(bees):
    """200 kr of Ada's 1 000: 800 outstanding, 200 vouchers, and the debt of 1 500 is the same."""
    give(bees, 1, 20_000)

    now = actions.standing(bees, SPRING)
    assert (now.held_by("loan", 1), now.held_by("voucher", 1)) == (80_000, 200)
    assert booked("liabilities:vouchers") == 20_000
    assert make.sheet(bees, "vouchers", SPRING) == [(1, SPRING, LAST, 200, 0, 200)]
    assert run(audit.CHECKS) == []


def test_the_oldest_are_used_first_and_each_once(bees):
    give(bees, 1, 10_000, until=date(2026, 7, 1))
    give(bees, 1, 10_000)

    make.did(bees, "use-vouchers", SUMMER, holder=1, number=150)

    assert [batch.left for batch in batches(actions.standing(bees, SUMMER))] == [0, 50]
    assert (booked("liabilities:vouchers"), booked("income:result")) == (5_000, 15_000)
    with pytest.raises(NotEnough, match="50"):
        make.did(bees, "use-vouchers", SUMMER, holder=1, number=51)
    with pytest.raises(NotEnough):
        make.did(bees, "use-vouchers", SUMMER, holder=2, number=1)


def test_after_its_last_day_a_voucher_buys_nothing_and_lapses(bees):
    give(bees, 1, 10_000, until=date(2026, 7, 1))
    give(bees, 2, 5_000)
    after = date(2026, 7, 2)
    with pytest.raises(NotEnough):
        make.did(bees, "use-vouchers", after, holder=1, number=1)

    make.did(bees, "lapse-vouchers", after)

    assert actions.standing(bees, after).held("voucher") == {1: 0, 2: 50}
    assert (booked("liabilities:vouchers"), booked("income:lapsed")) == (5_000, 10_000)
    assert run(audit.CHECKS) == []
    with pytest.raises(NothingNew):
        make.did(bees, "lapse-vouchers", after)


def test_no_more_comes_back_than_was_lent_and_in_whole_kronor(bees):
    with pytest.raises(TooMuch, match="500"):
        give(bees, 2, 50_100)
    with pytest.raises(BadTerms):
        give(bees, 2, 10_050)
    with pytest.raises(BadTerms):
        give(bees, 2, 100, until=SPRING)


def test_a_planned_loan_comes_back_by_its_plan(db):
    offering = make.loan_offering()
    make.paid(offering, 1000, "Ada", START)
    with pytest.raises(BadTerms):
        give(offering.vehicle, 1, 10_000)
