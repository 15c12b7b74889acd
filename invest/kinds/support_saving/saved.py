"""What stood on the savers' accounts, which points it gave, and how far they carry the loan."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from invest.kinds.actions import Snapshot, SnapshotOf
from invest.kinds.schedules import Loan, months_after, plan
from invest.kinds.support_saving.points import CarriedLoan, points_earned


class PointTerms(Protocol):
    """What is asked of the terms of support savings."""

    @property
    def factor(self) -> Decimal:
        """Points for a krona and a month; 0: by the bank's terms."""

    @property
    def counts_by(self) -> str:
        """Whether points are counted by the `month` or by the `day`."""


def seen(now: Snapshot, holder: int) -> list[tuple[date, int]]:
    """(day, öre) each time the balance of a saver changed as far as is known, oldest first."""
    steps: list[tuple[date, int]] = []
    for action in now.of("observe", "withdraw", "close"):
        if action.facts["holder"] == holder:
            last = steps[-1][1] if steps else 0
            now_minor = {
                "observe": action.facts.get("balance"),
                "withdraw": last - (action.facts.get("amount") or 0),
                "close": 0,
            }[action.act]
            steps.append((action.on, now_minor or 0))
    return steps


def savers(now: Snapshot) -> list[int]:
    """Holders with an account, in the order it was opened."""
    return [action.facts["holder"] for action in now.of("open")]


def balances_on(now: Snapshot, on: date | None = None) -> dict[int, int]:
    """Saver → öre on the account as last seen by a day."""
    on = on or now.as_of
    last = {}
    for holder in savers(now):
        known = [minor for day, minor in seen(now, holder) if day <= on]
        last[holder] = known[-1] if known else 0
    return last


def _least_in_month(steps: list[tuple[date, int]], first: date) -> int:
    """What stayed the whole month: points accrue only while the money does."""
    last = months_after(first, 1) - timedelta(days=1)
    before = [minor for day, minor in steps if day <= first]
    within = [minor for day, minor in steps if first < day <= last]
    return min([before[-1] if before else 0, *within])


def _by_days(steps: list[tuple[date, int]], first: date) -> Fraction:
    """The month's share of kronor·months by days: Σ B·12/365, in öre."""
    total, day = 0, first
    following = months_after(first, 1)
    while day < following:
        total += next((minor for on, minor in reversed(steps) if on <= day), 0)
        day += timedelta(days=1)
    return Fraction(total * 12, 365)


def factor_on(now: SnapshotOf[PointTerms], month: date) -> Fraction:
    """Points for a krona and a month: the account's own, else the bank's terms of the day."""
    own = now.kind_on(month).factor
    return Fraction(own) or Fraction(str((now.setting("jak-terms", month) or {}).get("factor", 1)))


def points_of_month(now: SnapshotOf[PointTerms], holder: int, month: date) -> Fraction:
    """Exact points of one saver for the month that begins on a day."""
    steps = seen(now, holder)
    by_day = now.kind_on(month).counts_by == "day"
    minor = _by_days(steps, month) if by_day else Fraction(_least_in_month(steps, month))
    return factor_on(now, month) * minor / 100


def months_seen(now: Snapshot, until: date) -> list[date]:
    """First days of the whole months from the first thing seen until a day."""
    if not now.of("observe"):
        return []
    month = min(action.on for action in now.of("observe")).replace(day=1)
    months = []
    while months_after(month, 1) - timedelta(days=1) <= until:
        months.append(month)
        month = months_after(month, 1)
    return months


def earned(now: Snapshot) -> int:
    """All points that savings have earned and others have given, as booked."""
    return now.own("issued")


def booked(now: Snapshot, holder: int) -> int:
    """Points that a saver's own savings have been booked to earn."""
    counts = {done.number for done in now.of("points")}
    moved = (c for c in now.changes if c.number == holder and c.role == "points")
    return sum(c.amount for c in moved if c.action in counts and c.amount > 0)


def owed_each_month(now: Snapshot) -> list[tuple[date, int]]:
    """(first day, öre owed at its start) for every month of the loan; empty before there is one."""
    loans = now.of("loan")
    if not loans:
        return []
    told = loans[-1]
    loan = Loan(told.facts["principal"], Decimal(0), told.facts["months"], told.on)
    left = told.facts["principal"]
    rows = []
    for due in plan("straight", loan):
        rows.append((months_after(told.on, due.period - 1), left))
        left = due.balance_minor
    return rows


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far points carry a loan, now and if what is saved stays all through it."""

    points_used: int
    there: int
    to_come: int
    now: Fraction
    projected: Fraction
    after_saving_now_minor: int
    after_saving_minor: int


def coverage(now: SnapshotOf[PointTerms]) -> Coverage | None:
    """None before there is a loan. Points there are those free and those the loan has used."""
    loans = now.of("loan")
    if not loans:
        return None
    told = loans[-1]
    factor = factor_on(now, now.as_of)
    loan = CarriedLoan(told.facts["principal"], told.facts["months"], factor)
    there = now.own("free") + now.own("used")
    left = sum(1 for first, _owed in owed_each_month(now) if first > now.as_of)
    saved = sum(balances_on(now).values())
    to_come = points_earned([saved] * left, factor)
    return Coverage(
        points_used=loan.points_used,
        there=there,
        to_come=to_come,
        now=loan.coverage(there),
        projected=loan.coverage(there + to_come),
        after_saving_now_minor=loan.after_saving_minor(there),
        after_saving_minor=loan.after_saving_minor(there + to_come),
    )
