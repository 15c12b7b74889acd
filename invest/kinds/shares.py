"""What every kind that is held in whole shares has in common."""

from abc import ABC
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from invest.kinds.actions import UNITS, AccountRole
from invest.kinds.kind import Kind
from invest.kinds.refusals import UnitStep
from invest.kinds.schedules import Due
from pools.money import kronor


@dataclass(frozen=True)
class WholeShares(Kind, ABC):
    """`price_minor` buys one share. Holders have kronor in the association and the shares."""

    money_role: ClassVar[str] = "capital"
    weight_role: ClassVar[str] = "units"
    units_role: ClassVar[str] = "units"
    # BAS 2083: medlemsinsatser.
    bas: ClassVar[str] = "2083"

    price_minor: int

    @classmethod
    def accounts(cls) -> tuple[AccountRole, ...]:
        """What was paid in, and the shares themselves; neither below zero."""
        return (
            AccountRole("capital", "equity", cls.bas, floored=True, label=_("Paid in")),
            AccountRole("units", "liability", "", book=UNITS, floored=True, label=_("Shares")),
        )

    def units_for(self, amount_minor: int) -> int:
        """Whole shares only."""
        units, rest = divmod(amount_minor, self.price_minor)
        if rest:
            raise UnitStep(price=kronor(self.price_minor))
        return units

    def schedule(self, principal_minor: int, start: date) -> list[Due]:
        """Shares are not repaid by plan."""
        return []

    def suggestions(self) -> tuple[int, ...]:
        """One, two, five or ten shares."""
        return tuple(number * self.price_minor for number in (1, 2, 5, 10))
