"""Medlemsinsatser: stakes of members in an economic association (ekonomisk förening).

Lag (2018:672) om ekonomiska föreningar, chapter 10: a member who leaves gets the stake back after
the time in the law and the bylaws, as far as the association's own capital allows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from invest.vehicles.kind import Answer, Question, Text, whole
from invest.vehicles.shares import WholeShares
from pools.money import MOST_MINOR
from pools.wording import kronor_text

LEAST_MONTHS = 6


@dataclass(frozen=True)
class CoopStakes(WholeShares):
    """A stake each for `price_minor`; paid back `exit_months` after a member has left."""

    kind: ClassVar[str] = "coop-stakes"
    label: ClassVar[Text] = _("Member stakes")
    instrument: ClassVar[Text] = _("stake")
    explanation: ClassVar[Text] = _(
        "You become a member of the association and own it together with the others: "
        "one member, one vote, however many stakes."
    )
    risk: ClassVar[Text] = _(
        "A stake is no savings account: there is no deposit guarantee. It is paid back when you "
        "leave, after a time and only as far as the association's own capital allows."
    )

    exit_months: int

    @classmethod
    def parse(cls, raw: Mapping[str, object]) -> Self:
        """Read stored terms."""
        return cls(
            price_minor=whole(raw, "price_minor", 1, MOST_MINOR),
            exit_months=whole(raw, "exit_months", LEAST_MONTHS, 120),
        )

    @classmethod
    def questions(cls) -> tuple[Question, ...]:
        """The price, and when who leaves is paid."""
        return (
            Question("price_minor", _("Price per stake"), Answer.KRONOR),
            Question(
                "exit_months",
                _("Months until a stake is paid back"),
                Answer.WHOLE,
                help=_("After the member has left; at least six."),
                initial=str(LEAST_MONTHS),
            ),
        )

    def describe(self) -> list[tuple[Text, Text]]:
        """Price, and how one gets out."""
        months = ngettext("%(n)d month", "%(n)d months", self.exit_months)
        return [
            (_("Price per stake"), kronor_text(self.price_minor)),
            (_("Paid back after leaving"), months % {"n": self.exit_months}),
        ]
