"""Random lives of loans: all interest equals an integral of the balance that knows nothing of ours.

The integral counts day by day, in whole numbers, by its own reading of docs/rules.md s7_7.
"""

import calendar
from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from invest import audit
from invest.kinds.actions import Change, Done, SnapshotOf
from invest.kinds.direct_loan import DirectLoan
from invest.kinds.direct_loan.on_notice import accrued
from invest.models import Repayment, RepaymentLine
from invest.payouts import repayments
from invest.payouts.repayments import Then
from invest.vehicles import offerings
from pools.audit import run
from tests import factories as make
from tests.strategies import examples

START, ONE = date(2026, 1, 1), timedelta(days=1)
COUNTS = ["30E/360", "ACT/360", "ACT/365F", "ACT/ACT"]
RATES = st.sampled_from(["0", "1.25", "3", "7.5", "12"])


def weight(count: str, day: date) -> Fraction:
    """What one day is of a year."""
    if count == "30E/360":
        after = day + ONE
        months = 12 * (after.year - day.year) + after.month - day.month
        return Fraction(30 * months + min(after.day, 30) - min(day.day, 30), 360)
    if count == "ACT/ACT":
        return Fraction(1, 366 if calendar.isleap(day.year) else 365)
    return Fraction(1, 360 if count == "ACT/360" else 365)


def rounded(exact: Fraction) -> int:
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


def whole(told: dict) -> int:
    """Balances times rates, over the days that share one weight."""
    return rounded(sum((part * share for share, part in told.items()), Fraction(0)) / 10_000)


class Integral:
    """A balance, a rate in hundredths of a per cent, and what the days so far have earned."""

    def __init__(self, count: str) -> None:
        self.count, self.day, self.balance, self.rate = count, START, 0, 0
        self.days: dict[Fraction, int] = {}

    def until(self, day: date) -> None:
        while self.day < day:
            share = weight(self.count, self.day)
            self.days[share] = self.days.get(share, 0) + self.balance * self.rate
            self.day += ONE

    def settle(self) -> int:
        told, self.days = whole(self.days), {}
        return told


# --- On notice: by the rules alone ----------------------------------------------------------------


class Life:
    """A loan on notice as its rules see it, with no database under it."""

    def __init__(self, terms: dict) -> None:
        self.terms = [(START, DirectLoan.parse(terms))]
        self.changes: list[Change] = []
        self.done: list[Done] = []

    def now(self, on: date) -> SnapshotOf:
        changes = tuple(sorted(self.changes, key=lambda change: change.on))
        return SnapshotOf(on, tuple(self.terms), tuple(self.done), changes)

    def pay_in(self, minor: int, on: date) -> None:
        self.changes.append(Change(on, "loan", 1, minor, "pay-in"))

    def do(self, act: str, on: date, **facts) -> int:
        number, now = len(self.done) + 1, self.now(on)
        for posting in now.kind.act(act).rule(now.kind, facts, now):
            for at, sign in ((posting.debit, -1), (posting.credit, 1)):
                if at.number and posting.amount:
                    moved = Change(on, at.role, 1, sign * posting.amount, act, number)
                    self.changes.append(moved)
        self.done.append(Done(number, act, on, facts))
        return number

    def interest(self, until: date) -> int:
        """All that was posted, and what has not been settled yet."""
        posted = [c for c in self.changes if c.why in {"year-interest", "pay-notice"}]
        to_come = accrued(self.now(until), 1, until)
        return sum(c.amount for c in posted if c.amount > 0) + sum(minor for _y, minor in to_come)

    def held(self) -> int:
        return self.now(date.max).held_by("loan", 1)


MOVES = st.lists(
    st.tuples(
        st.integers(1, 200),  # days since the last
        st.sampled_from(["in", "in", "part", "leave", "rate"]),
        st.integers(1, 5_000_000),
        RATES,
    ),
    max_size=8,
)


@given(
    MOVES,
    st.sampled_from(COUNTS),
    st.sampled_from(["added", "paid"]),
    RATES,
    st.lists(st.integers(0, 300), min_size=4, max_size=4),
)
def test_s7_7_interest_on_notice_is_the_integral_of_the_balance(moves, count, what, rate, late):
    """Paid in, drawn in part and in whole, the rate changed, every year settled early or late."""
    terms = {
        "schedule_type": "on-notice", "rate_pct": rate, "periods": 1, "months_per_period": 1,
        "day_count": count, "notice_months": 0, "interest": what,
    }  # fmt: skip
    life, mine, told = Life(terms), Integral(count), 0
    mine.rate = int(Fraction(rate) * 100)
    settling = [(date(2026 + n, 12, 31) + n_late * ONE, "settle", 2026 + n, "")
                for n, n_late in enumerate(late)]  # fmt: skip
    on, happened = START, []
    for days, act, minor, new in moves:
        on += days * ONE
        happened.append((on, act, minor, new))
    settling = [(max(day, date(y, 12, 31)), act, y, new) for day, act, y, new in settling]
    for on, act, minor, new in sorted([*happened, *_in_order(settling)], key=lambda h: h[0]):
        told += _to(mine, on, what)
        if act == "settle":
            _settle(life, minor, on)
        elif act == "in":
            life.pay_in(minor, on)
            mine.balance += minor
        elif act == "rate":
            life.terms.append((on, DirectLoan.parse({**terms, "rate_pct": new})))
            mine.rate = int(Fraction(new) * 100)
        elif life.held():
            told += _draw(life, mine, minor if act == "part" else life.held(), on)
    end = date(2031, 3, 1)
    told += _to(mine, end, what) + mine.settle()
    assert life.interest(end) == told


def _in_order(settling: list[tuple]) -> list[tuple]:
    """No year before the one before it."""
    last = START
    told = []
    for day, act, year, new in settling:
        last = max(last, day)
        told.append((last, act, year, new))
    return told


def _to(mine: Integral, day: date, what: str) -> int:
    """Interest of the years that end before a day; added, it earns from 1 January."""
    told = 0
    while mine.day.year < day.year:
        mine.until(date(mine.day.year + 1, 1, 1))
        minor = mine.settle()
        mine.balance += minor if what == "added" else 0
        told += minor
    mine.until(day)
    return told


def _settle(life: Life, year: int, on: date) -> None:
    if any(accrued(life.now(on), 1, date(year + 1, 1, 1))):
        life.do("year-interest", on, year=year)


def _draw(life: Life, mine: Integral, minor: int, on: date) -> int:
    """What leaving settles; nothing for a part. Not on a day of a settled year."""
    minor = min(minor, life.held())
    if any(on.year <= done.facts["year"] for done in life.done if done.act == "year-interest"):
        return 0
    is_all = minor == life.held()
    notice = life.do("notice", on, holder=1, amount=minor)
    life.do("pay-notice", on, notice=notice)
    mine.balance -= mine.balance if is_all else minor
    return mine.settle() if is_all else 0


# --- By a plan: through the verbs and the book ----------------------------------------------------

PLANNED = {"schedule_type": "straight", "months_per_period": 1, "periods": 8}


@pytest.mark.django_db
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "early", "rate", "in"]),
            st.integers(1, 26),
            st.integers(20, 90),
            RATES,
            st.sampled_from(list(Then)),
        ),
        min_size=1,
        max_size=7,
    ),
    st.sampled_from(COUNTS),
    st.sampled_from(["straight", "annuity", "bullet"]),
)
@examples(20, deadline=None)
def test_s7_7_interest_of_a_plan_is_the_integral_of_the_balance(months, count, plan):
    """Paid on time and early, the rate changed and lenders come inside a month; then paid off."""
    with transaction.atomic():
        terms = {**PLANNED, "schedule_type": plan, "day_count": count, "rate_pct": "6"}
        loan, mine = Planned(terms), Integral(count)
        mine.rate, mine.balance = 600, 1_000_000
        told = sum(loan.month(mine, *month) for month in months)
        told += loan.pay_off(mine)

        paid = Repayment.objects.all()
        assert sum(one.interest_minor for one in paid) == told
        assert sum(line.interest_minor for line in RepaymentLine.objects.all()) == told
        assert repayments.outstanding(loan.vehicle, date.max) == 0
        assert run(audit.CHECKS) == []
        transaction.set_rollback(True)


class Planned:
    """A loan of 10 000 kr that is paid as its plan says, with something else each month."""

    def __init__(self, terms: dict) -> None:
        self.terms, self.number = terms, 0
        self.offering = make.offering("direct-loan", terms)
        self.vehicle = self.offering.vehicle
        make.paid(self.offering, 10_000, "Ada", START)
        repayments.make_plan(vehicle=self.vehicle, on=START)

    def month(self, mine: Integral, act: str, day: int, share: int, rate: str, then: str) -> int:
        """What falls due: at an early payment, and on the due day."""
        if not mine.balance:
            return 0
        told, on = 0, mine.day + day * ONE
        mine.until(on)
        if act == "rate" and rate != self.terms["rate_pct"]:
            self.terms = {**self.terms, "rate_pct": rate}
            offerings.change_terms(vehicle=self.vehicle, terms=self.terms, on=on, reason="r")
            mine.rate = int(Fraction(rate) * 100)
            repayments.make_plan(vehicle=self.vehicle, on=on, reason="Ny ränta")
        elif act == "in":
            self.number += 1
            make.paid(self.offering, 1_000, f"Bo{self.number}", on)
            mine.balance += 100_000
            repayments.make_plan(vehicle=self.vehicle, on=on, reason="Fler lånar ut")
        elif act == "early":
            told += self.early(mine, mine.balance * share // 100, then)
        return told + self.due(mine)

    def early(self, mine: Integral, principal: int, then: str = Then.LOWER) -> int:
        interest = mine.settle()
        self.number += 1
        paid = repayments.repay_early(
            vehicle=self.vehicle, amount_minor=principal + interest, on=mine.day, then=then,
            by="t", key=f"early {self.number}",
        )  # fmt: skip
        mine.balance -= paid.principal_minor
        return interest

    def due(self, mine: Integral) -> int:
        """Pay the next row on its day."""
        plan = self.vehicle.plans.in_force()[0]
        row = plan.instalments.filter(due_on__gt=mine.day).order_by("due_on").first()
        if row is None:
            return 0
        mine.until(row.due_on)
        if repayments.owed_on(row).total_minor:
            paid = repayments.repay(instalment=row, on=row.due_on, by="t", key=f"row {row.pk}")
            mine.balance -= paid.principal_minor
        return mine.settle()

    def pay_off(self, mine: Integral) -> int:
        if not mine.balance:
            return 0
        mine.until(mine.day + 11 * ONE)
        return self.early(mine, mine.balance)


def test_the_integral_of_this_page_is_that_of_a_year():
    """A plan of its own: 10 000 kr at 3 % for a year is 300 kr by every count but ACT/360."""
    for count, told in zip(COUNTS, (30_000, 30_417, 30_000, 30_000), strict=True):
        mine = Integral(count)
        mine.balance, mine.rate = 1_000_000, 300
        mine.until(replace_year(START))
        assert mine.settle() == told


def replace_year(day: date) -> date:
    return day.replace(year=day.year + 1)
