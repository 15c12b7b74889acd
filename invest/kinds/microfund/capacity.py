"""Mikrofonder: what a microfund can still carry, and how well it has done."""

from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from invest.kinds.refusals import BadTerms
from pools.money import half_up


@dataclass(frozen=True, slots=True)
class Exposure:
    """A guarantee: `cover_pct` of a bank loan's balance; it falls as the loan is repaid."""

    loan_balance_minor: int
    cover_pct: int

    def __post_init__(self) -> None:
        """Refuse a cover of more than the whole loan."""
        if self.loan_balance_minor < 0 or not 0 <= self.cover_pct <= 100:
            raise BadTerms(field="cover_pct", reason=_("a cover is from 0 to 100 per cent"))

    @property
    def amount_minor(self) -> int:
        """What the fund may be called for, half up to the öre."""
        return half_up(Fraction(self.loan_balance_minor * self.cover_pct, 100))


@dataclass(frozen=True, slots=True)
class FundState:
    """A microfund on a day, in öre. `committed_minor` leaves nothing out: loans outstanding,
    guaranteed exposure, shares at cost, and what is approved but not yet paid out.
    """

    stakes_minor: int
    subordinated_minor: int
    donations_minor: int
    retained_minor: int
    losses_minor: int
    loans_minor: int
    guarantees: tuple[Exposure, ...] = ()
    equity_at_cost_minor: int = 0
    approved_minor: int = 0
    buffer_minor: int = 0

    @property
    def capital_minor(self) -> int:
        """Stakes, subordinated stakes, donations and what was kept, less losses."""
        given = self.stakes_minor + self.subordinated_minor + self.donations_minor
        return given + self.retained_minor - self.losses_minor

    @property
    def committed_minor(self) -> int:
        """What is out or promised."""
        exposure = sum(guarantee.amount_minor for guarantee in self.guarantees)
        return self.loans_minor + exposure + self.equity_at_cost_minor + self.approved_minor

    @property
    def free_minor(self) -> int:
        """Capital − committed − liquidity buffer; below zero: too much is promised."""
        return self.capital_minor - self.committed_minor - self.buffer_minor

    @property
    def utilisation(self) -> Fraction:
        """Committed ÷ capital."""
        return self._of_capital(self.committed_minor)

    @property
    def leverage(self) -> Fraction:
        """Guaranteed loan volume ÷ capital: at 90 % cover backed by cash at most 1/0.9."""
        return self._of_capital(sum(given.loan_balance_minor for given in self.guarantees))

    def _of_capital(self, amount_minor: int) -> Fraction:
        if self.capital_minor < 1:
            raise BadTerms(reason=_("there is no capital"))
        return Fraction(amount_minor, self.capital_minor)


def net_loss_rate(
    *, calls_minor: int, written_off_minor: int, recovered_minor: int, placed_minor: int
) -> Fraction:
    """(Calls paid + write-offs − recoveries) ÷ all that was ever lent and guaranteed."""
    if placed_minor < 1:
        raise BadTerms(reason=_("nothing was ever lent"))
    return Fraction(calls_minor + written_off_minor - recovered_minor, placed_minor)


def revolving_factor(placed_minor: int, average_capital_minor: int) -> Fraction:
    """How many times the capital has been put to work."""
    if average_capital_minor < 1:
        raise BadTerms(reason=_("there is no capital"))
    return Fraction(placed_minor, average_capital_minor)


@dataclass(frozen=True, slots=True)
class DefaultRate:
    """Loans that defaulted within a window ÷ loans sound at its start: both are published."""

    defaulted: int
    sound_at_start: int

    @property
    def share(self) -> Fraction | None:
        """None where no loan was sound at the start."""
        return Fraction(self.defaulted, self.sound_at_start) if self.sound_at_start else None


def average_default_rate(windows: tuple[DefaultRate, ...]) -> Fraction | None:
    """The simple average over windows that do not overlap, of those that had loans.

    Delegated Regulation (EU) 2022/2115, article 2.
    """
    shares = [window.share for window in windows if window.share is not None]
    return sum(shares, Fraction(0)) / len(shares) if shares else None
