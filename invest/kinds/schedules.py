"""Repayment schedules, day counts and Swedish banking days: whole öre, dates, exact fractions.

Formulas are those of ordinary loan practice; `docs/glossary.md` names them in Swedish.
"""

import calendar
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _
from holidays.countries.sweden import Sweden

from invest.kinds.refusals import BadTerms
from pools.money import MOST_MINOR, half_up, split

_PUBLIC = Sweden(include_sundays=False)
_FRIDAY = 4


def is_bank_day(day: date) -> bool:
    """Whether Swedish banks book payments on a day: also the three eves are free."""
    is_midsummer_eve = day.month == 6 and 19 <= day.day <= 25 and day.weekday() == _FRIDAY
    is_eve = is_midsummer_eve or (day.month, day.day) in {(12, 24), (12, 31)}
    return day.weekday() <= _FRIDAY and day not in _PUBLIC and not is_eve


def following(day: date) -> date:
    """The day itself, or the next banking day."""
    while not is_bank_day(day):
        day += timedelta(days=1)
    return day


MOST_PERIODS = 1200
_MOST = {"n": MOST_PERIODS}


@dataclass(frozen=True, slots=True)
class Due:
    """One row of a plan, in minor units. `balance_minor` is what is left after it."""

    period: int
    due_on: date
    principal_minor: int
    interest_minor: int
    fee_minor: int
    balance_minor: int
    saving_minor: int = 0  # The borrower's own after-saving: set aside, not paid to anybody.
    units: int = 0  # Of a plan in kind: what is handed over; the principal is its value.

    @property
    def payment_minor(self) -> int:
        """All that is paid this time; the borrower's own saving is no payment."""
        return self.principal_minor + self.interest_minor + self.fee_minor


@dataclass(frozen=True, slots=True)
class Loan:
    """What a schedule is made of. `rate_pct` is per year; `start` is the day of pay-out.

    `fee_pct` is per year of the original loan, or of what is left of it (`fee_on`). The first
    `grace` periods repay no principal. `weights` part the principal of a weighted plan, one for
    each period after the grace; `revenue_minor` is what a revenue-share plan expects each period.
    `saving_minor` is set aside beside each payment; `units` are handed over in all by a plan in
    kind. With `rolls` a day that is no banking day moves to the next one; interest does not.

    The rest of a loan keeps the days of the whole: `past` payments have been, interest of the first
    to come runs from `accrues_from`, and a fee on the whole loan is on `fee_base_minor`.
    """

    principal_minor: int
    rate_pct: Decimal
    periods: int
    start: date
    day_count: str = "30E/360"
    months_per_period: int = 1
    fee_pct: Decimal = Decimal(0)
    fee_on: str = "principal"
    grace: int = 0
    weights: tuple[int, ...] = ()
    revenue_minor: tuple[int, ...] = ()
    revenue_pct: Decimal = Decimal(0)
    saving_minor: int = 0
    units: int = 0
    rolls: bool = False
    past: int = 0
    accrues_from: date | None = None
    fee_base_minor: int = 0

    def __post_init__(self) -> None:
        """Refuse terms that contradict themselves, before anything is computed."""
        if not 1 <= self.principal_minor <= MOST_MINOR:
            raise BadTerms(field="principal", reason=_("a loan is an amount above zero"))
        if not self.rate_pct.is_finite() or not 0 <= self.rate_pct <= 100:
            raise BadTerms(field="rate", reason=_("a rate is from 0 to 100 per cent a year"))
        if not 1 <= self.periods <= MOST_PERIODS:
            raise BadTerms(field="periods", reason=_("there are 1 to %(n)s payments") % _MOST)
        if not self.fee_pct.is_finite() or not 0 <= self.fee_pct <= 100:
            raise BadTerms(field="fee", reason=_("a fee is from 0 to 100 per cent a year"))
        if self.fee_on not in {"principal", "balance"}:
            raise BadTerms(field="fee_on", reason=_("choose one of the alternatives"))
        if not 0 <= self.grace < self.periods:
            raise BadTerms(field="grace", reason=_("at least one payment must be of principal"))
        if not self.revenue_pct.is_finite() or not 0 <= self.revenue_pct <= 100:
            raise BadTerms(field="share", reason=_("a share is from 0 to 100 per cent"))
        if min((self.saving_minor, self.units, *self.weights, *self.revenue_minor)) < 0:
            raise BadTerms(reason=_("no number may be below zero"))
        if self.months_per_period not in {1, 2, 3, 4, 6, 12}:
            raise BadTerms(
                field="months_per_period",
                reason=_("between payments there are 1, 2, 3, 4, 6 or 12 months"),
            )
        if self.day_count not in DAY_COUNTS:
            raise BadTerms(field="day_count", reason=_("choose one of the alternatives"))
        if self.start.year + self.periods * self.months_per_period // 12 > 2999:
            raise BadTerms(field="start", reason=_("the plan ends after the year 2999"))

    def due_on(self, period: int) -> date:
        """The day of a period, on the start's day of the month or the month's last."""
        return months_after(self.start, (self.past + period) * self.months_per_period)

    def interest(self, balance_minor: int, period: int) -> int:
        """Interest on a balance over a period, half up to the öre."""
        first = self.accrues_from if period == 1 else None
        since = first or self.due_on(period - 1)
        share = DAY_COUNTS[self.day_count](since, self.due_on(period))
        return half_up(balance_minor * Fraction(self.rate_pct) / 100 * share)

    def fee(self, balance_minor: int) -> int:
        """The fee of a period, half up to the öre."""
        whole = self.fee_base_minor or self.principal_minor
        base = whole if self.fee_on == "principal" else balance_minor
        return half_up(base * Fraction(self.fee_pct) / 100 * self.months_per_period / 12)

    @property
    def repaying_periods(self) -> int:
        """Those after the grace."""
        return self.periods - self.grace


def plan(kind: str, loan: Loan) -> list[Due]:
    """The rows of a schedule. Principal sums to the loan and the last balance is 0.

    Of a `dividend` nothing is repaid: the rows tell what a stake gives each period at a rate, by
    days held over 365. Raises BadTerms for an unknown kind.
    """
    if kind not in TYPES:
        raise BadTerms(field="kind", reason=_("choose one of the alternatives"))
    if kind in INTEREST_FREE and loan.rate_pct:
        raise BadTerms(field="rate", reason=_("this plan carries no interest: leave the rate at 0"))
    if loan.units and kind not in IN_KIND:
        raise BadTerms(field="units", reason=_("only a plan in kind counts units"))
    if kind in NEVER_REPAID:
        loan = replace(loan, day_count="ACT/365F")
    balance = loan.principal_minor
    rows: list[Due] = []
    level = TYPES[kind](loan)
    units = split(loan.units, [1] * loan.repaying_periods)
    for period in range(1, loan.periods + 1):
        interest, fee = loan.interest(balance, period), loan.fee(balance)
        turn = period - loan.grace
        principal = level(turn, balance, interest) if turn > 0 else 0
        balance -= principal
        due_on = following(loan.due_on(period)) if loan.rolls else loan.due_on(period)
        handed = units[turn - 1] if turn > 0 else 0
        rows.append(
            Due(period, due_on, principal, interest, fee, balance, loan.saving_minor, handed)
        )
    return rows


def rest_of(loan: Loan, left_minor: int, periods: int, start: date) -> Loan:
    """The same loan for what is left of it, over its last `periods` periods, from a day on."""
    grace = max(0, loan.grace - (loan.periods - periods))
    last = slice(-(periods - grace), None)
    return replace(
        loan,
        principal_minor=left_minor,
        periods=periods,
        start=start,
        grace=grace,
        weights=loan.weights[last],
        revenue_minor=loan.revenue_minor[last],
    )


def rest_from(loan: Loan, left_minor: int, coming: Sequence[Due], on: date) -> Loan:
    """What is left of a loan from a day on: the payments to come keep their days and are as many.

    Interest of the first of them runs from the day; a fee on the whole loan stays what it was.
    """
    rest = rest_of(loan, left_minor, len(coming), loan.start)
    return replace(
        rest,
        past=loan.past + loan.periods - len(coming),
        accrues_from=on,
        fee_base_minor=loan.fee_base_minor or loan.principal_minor,
        units=sum(row.units for row in coming),
    )


# A type answers, for (period after the grace, balance, interest), how much is repaid then.
Level = Callable[[int, int, int], int]


def _straight(loan: Loan) -> Level:
    """Rak amortering: equal principal, the odd öre first."""
    parts = split(loan.principal_minor, [1] * loan.repaying_periods)
    return lambda period, balance, interest: parts[period - 1]


def _annuity(loan: Loan) -> Level:
    """Annuitet: equal payments A = P·i/(1−(1+i)^−n), half up to the öre; the last one adjusts."""
    rate = Fraction(loan.rate_pct) / 100 * loan.months_per_period / 12
    if rate == 0:
        return _straight(loan)
    growth = (1 + rate) ** loan.repaying_periods
    payment = half_up(loan.principal_minor * rate * growth / (growth - 1))

    def level(period: int, balance: int, interest: int) -> int:
        last = period == loan.repaying_periods
        return balance if last else min(balance, max(0, payment - interest))

    return level


def _bullet(loan: Loan) -> Level:
    """Amorteringsfritt: interest each period, all principal at the end."""
    return lambda period, balance, interest: balance if period == loan.repaying_periods else 0


def _weighted(loan: Loan) -> Level:
    """Viktad plan: principal by weights, such as twenty-three ones and a last two."""
    if len(loan.weights) != loan.repaying_periods or not any(loan.weights):
        raise BadTerms(
            field="weights",
            reason=_("write one weight for each payment of principal: %(n)s numbers")
            % {"n": loan.repaying_periods},
        )
    parts = split(loan.principal_minor, loan.weights)
    return lambda period, balance, interest: parts[period - 1]


def _revenue_share(loan: Loan) -> Level:
    """Omsättningsbaserad: a share of each period's revenue; what is left falls due last."""
    if len(loan.revenue_minor) != loan.repaying_periods or not loan.revenue_pct:
        raise BadTerms(
            field="revenue",
            reason=_("write the share, and the expected revenue of each payment: %(n)s numbers")
            % {"n": loan.repaying_periods},
        )
    share = Fraction(loan.revenue_pct) / 100

    def level(period: int, balance: int, interest: int) -> int:
        if period == loan.repaying_periods:
            return balance
        part = half_up(loan.revenue_minor[period - 1] * share)
        return min(balance, max(0, part - interest))

    return level


def _in_kind(loan: Loan) -> Level:
    """Naturaåterbetalning: equal numbers of units; the kronor are what they are worth."""
    if loan.units < loan.repaying_periods:
        raise BadTerms(
            field="units", reason=_("write how many units are handed over in all, one a payment")
        )
    return _straight(loan)


def _never(loan: Loan) -> Level:
    """Utdelning på en insats: nothing is repaid."""
    return lambda period, balance, interest: 0


TYPES: dict[str, Callable[[Loan], Level]] = {
    "straight": _straight,
    "annuity": _annuity,
    "bullet": _bullet,
    "zero": _straight,  # Räntefritt: the rate is 0, so only principal is left.
    "fee-flat": _straight,  # Räntefritt med avgift: the fee takes the place of interest.
    "weighted": _weighted,
    "revenue-share": _revenue_share,
    "saving-linked": _straight,  # Med eftersparande: the borrower saves beside each payment.
    "in-kind": _in_kind,
    "dividend": _never,
}
INTEREST_FREE = frozenset({"zero", "fee-flat", "in-kind"})
NEVER_REPAID = frozenset({"dividend"})
IN_KIND = frozenset({"in-kind"})


def months_after(start: date, months: int) -> date:
    """The same day of the month so many months later, or the month's last day."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def _thirty_e_360(since: date, until: date) -> Fraction:
    """30E/360 (Eurobond): every month has 30 days."""
    days = (
        360 * (until.year - since.year)
        + 30 * (until.month - since.month)
        + min(until.day, 30)
        - min(since.day, 30)
    )
    return Fraction(days, 360)


def _actual_360(since: date, until: date) -> Fraction:
    return Fraction((until - since).days, 360)


def _actual_365_fixed(since: date, until: date) -> Fraction:
    return Fraction((until - since).days, 365)


def _actual_actual(since: date, until: date) -> Fraction:
    """ACT/ACT (ISDA): days in leap years over 366, in other years over 365."""
    share = Fraction(0)
    while since < until:
        turn = min(until, date(since.year, 12, 31) + timedelta(days=1))
        share += Fraction((turn - since).days, 366 if calendar.isleap(since.year) else 365)
        since = turn
    return share


# Code → the share of a year between two days, the first included and the last not.
DAY_COUNTS: dict[str, Callable[[date, date], Fraction]] = {
    "30E/360": _thirty_e_360,
    "ACT/360": _actual_360,
    "ACT/365F": _actual_365_fixed,
    "ACT/ACT": _actual_actual,
}
