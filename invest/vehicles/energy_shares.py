"""Energiandelar: shares in a local energy company that carry a right to kilowatt-hours."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from invest.vehicles.kind import Answer, Question, Text, whole
from invest.vehicles.shares import WholeShares
from pools.money import MOST_MINOR
from pools.wording import kronor_text


@dataclass(frozen=True)
class EnergyShares(WholeShares):
    """`price_minor` buys one share; each gives `kwh_per_unit` a year when the plant runs."""

    kind: ClassVar[str] = "energy-shares"
    label: ClassVar[Text] = _("Energy shares")
    instrument: ClassVar[Text] = _("share")
    explanation: ClassVar[Text] = _(
        "You become part-owner: each share gives a right to electricity from the plant, "
        "and a part of the surplus when the members decide on one."
    )
    risk: ClassVar[Text] = _(
        "Shares are no savings account: there is no deposit guarantee, the value can fall, "
        "and you can lose all that you put in."
    )
    kwh_per_unit: int

    @classmethod
    def parse(cls, raw: Mapping[str, object]) -> Self:
        """Read stored terms."""
        return cls(
            price_minor=whole(raw, "price_minor", 1, MOST_MINOR),
            kwh_per_unit=whole(raw, "kwh_per_unit", 0, 1_000_000),
        )

    @classmethod
    def questions(cls) -> tuple[Question, ...]:
        """Price and kilowatt-hours."""
        return (
            Question("price_minor", _("Price per share"), Answer.KRONOR),
            Question(
                "kwh_per_unit",
                _("Kilowatt-hours per share and year"),
                Answer.WHOLE,
                help=_("What each share gives a right to when the plant runs."),
            ),
        )

    def describe(self) -> list[tuple[Text, Text]]:
        """Price and kilowatt-hours."""
        return [
            (_("Price per share"), kronor_text(self.price_minor)),
            (
                _("Electricity per share"),
                ngettext("%(n)d kWh a year", "%(n)d kWh a year", self.kwh_per_unit)
                % {"n": self.kwh_per_unit},
            ),
        ]
