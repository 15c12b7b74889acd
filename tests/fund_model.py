"""A fund's loan reckoned day by day, by the rules of docs/rules.md alone: no code of the book."""

import calendar
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

DAY = timedelta(days=1)


def rounded(minor: Fraction) -> int:
    """Half up to the öre."""
    return int((2 * minor + 1) // 2)


def share_of_a_night(night: date, count: str) -> Fraction:
    """What a night is of a year: from a day to the next."""
    if count == "30E/360":
        to = night + DAY
        months = 12 * (to.year - night.year) + to.month - night.month
        return Fraction(30 * months + min(to.day, 30) - min(night.day, 30), 360)
    leap = count == "ACT/ACT" and calendar.isleap(night.year)
    return Fraction(1, 360 if count == "ACT/360" else 366 if leap else 365)


@dataclass
class Model:
    """A loan in equal parts (or all at the end), from the day it was paid out."""

    day: date
    left: int
    rate: Fraction
    periods: int
    count: str
    bullet: bool = False
    advance: int = 0
    interest_due: int = 0
    principal_due: int = 0
    interest_paid: int = 0
    accrued: Fraction = Fraction(0)
    coming: list[tuple[date, int]] = field(default_factory=list)
    balance: int = 0

    def __post_init__(self) -> None:
        self.agree(self.rate, self.periods)

    def agree(self, rate: Fraction, periods: int) -> None:
        """A plan from today; what had been earned so far is due."""
        self.interest_due += rounded(self.accrued)
        self.accrued, self.principal_due, self.rate = Fraction(0), 0, rate
        days = []
        for n in range(1, periods + 1):
            year, month = divmod(12 * self.day.year + self.day.month - 1 + n, 12)
            last = calendar.monthrange(year, month + 1)[1]
            days.append(date(year, month + 1, min(self.day.day, last)))
        self.share(days)
        self.pay_from_advance()

    def share(self, days: list[date]) -> None:
        """What is left on so many days, the odd öre first."""
        self.balance = self.left
        equal, odd = divmod(self.left, len(days)) if days else (0, 0)
        parts = [equal + (n < odd) for n in range(len(days))]
        if self.bullet:
            parts = [0] * (len(days) - 1) + [self.left]
        self.coming = list(zip(days, parts, strict=True)) if self.left else []

    def live_until(self, day: date) -> None:
        """Night after night; in the morning of a due day it falls due, and an advance pays."""
        while self.day < day:
            self.accrued += self.balance * self.rate / 100 * share_of_a_night(self.day, self.count)
            self.day += DAY
            if self.coming and self.coming[0][0] == self.day:
                _day, part = self.coming.pop(0)
                self.interest_due += rounded(self.accrued)
                self.accrued = Fraction(0)
                self.principal_due += part
                self.balance -= part
                self.pay_from_advance()

    def pay_from_advance(self) -> None:
        """Interest, then principal."""
        interest = min(self.advance, self.interest_due)
        principal = min(self.advance - interest, self.principal_due)
        self.advance -= interest + principal
        self.interest_due -= interest
        self.interest_paid += interest
        self.principal_due -= principal
        self.left -= principal

    def receive(self, minor: int, early: bool) -> None:
        """What is due; then, if early, interest to the day and principal."""
        self.advance += minor
        self.pay_from_advance()
        so_far = rounded(self.accrued)
        if early and self.left and self.advance > so_far:
            principal = min(self.advance - so_far, self.left)
            self.advance -= so_far + principal
            self.interest_paid += so_far
            self.left -= principal
            self.accrued = Fraction(0)
            self.share([day for day, _part in self.coming])
