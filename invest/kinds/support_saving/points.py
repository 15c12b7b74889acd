"""The arithmetic of savings points: what a balance earns, and what a loan uses."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from invest.kinds.refusals import BadTerms
from pools.money import MOST_MINOR, half_up

MOST_MONTHS = 600


@dataclass(frozen=True, slots=True)
class CarriedLoan:
    """A loan that savings points carry: straight amortisation over `months`.

    `factor` is how many points a krona saved for a month gives. Raises BadTerms.
    """

    principal_minor: int
    months: int
    factor: Fraction = Fraction(1)

    def __post_init__(self) -> None:
        """Refuse terms that contradict themselves."""
        if not 1 <= self.principal_minor <= MOST_MINOR:
            raise BadTerms(field="principal", reason=_("a loan is an amount above zero"))
        if not 1 <= self.months <= MOST_MONTHS:
            raise BadTerms(field="months", reason=_("from 1 to %(n)s months") % {"n": MOST_MONTHS})
        if not 0 < self.factor <= 10:
            raise BadTerms(field="factor", reason=_("a factor is above 0, and 10 at most"))

    @property
    def points_used(self) -> int:
        """U = L·(n+1)/2: the sum of what is owed at the start of each month."""
        return half_up(Fraction(self.principal_minor, 100) * (self.months + 1) / 2)

    def after_saving_minor(self, points: int) -> int:
        """What the borrower must save each month beside the amortisation, in öre, half up.

        s = max(0, (U − P) / (f·n·(n+1)/2)); without any points s = L/n.
        """
        missing = max(0, self.points_used - points)
        return half_up(
            Fraction(100 * missing) / (self.factor * self.months * (self.months + 1) / 2)
        )

    def balance_to_carry_minor(self) -> int:
        """The balance that alone carries the loan if it stays all the time: U/(f·n), in öre."""
        return half_up(Fraction(100 * self.points_used) / (self.factor * self.months))

    def coverage(self, points: int) -> Fraction:
        """C = points there are and will be ÷ points used; 1 carries the loan."""
        return Fraction(points, self.points_used)

    def carried_by(self, balance_minor: int, months_before: int) -> int:
        """Points of a balance kept so many months before the loan and all through it."""
        return points_earned([balance_minor] * (months_before + self.months), self.factor)


def points_earned(balances_minor: Sequence[int], factor: Fraction = Fraction(1)) -> int:
    """P = f·Σ B: one balance for each whole month, in öre; whole points, half up once, on the sum.

    Raises BadTerms for a balance below zero.
    """
    if balances_minor and min(balances_minor) < 0:
        raise BadTerms(field="balance", reason=_("no number may be below zero"))
    return half_up(Fraction(sum(balances_minor), 100) * factor)


def points_by_days(balances_minor: Sequence[int], factor: Fraction = Fraction(1)) -> int:
    """P = f·Σ B·12/365: one balance for each day, in öre; for terms that count by the day."""
    if balances_minor and min(balances_minor) < 0:
        raise BadTerms(field="balance", reason=_("no number may be below zero"))
    return half_up(Fraction(sum(balances_minor), 100) * factor * 12 / 365)


def months_to_release(missing_points: int, after_saving_minor: int) -> Fraction:
    """Months after the last payment until the after-saving is free: missing ÷ saved kronor."""
    if after_saving_minor < 1:
        raise BadTerms(reason=_("nothing is saved afterwards"))
    return Fraction(max(0, missing_points) * 100, after_saving_minor)
