"""Gemensamt inköp: a group orders together, pays beforehand, and gets back what was not used.

What the buyers pay in is a debt to them (BAS 2420, förskott från kunder) until the supplier's
invoice is shared among them by the units each has ordered, largest remainder, so that no öre is
lost. Nothing of it is raised for a project, and none is lent: it is goods or money back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Self

from django.utils.translation import gettext_lazy as _

from invest.kinds.actions import (
    UNITS,
    AccountRole,
    ActionType,
    Agreement,
    Answer,
    Done,
    Question,
    Sheet,
    Snapshot,
    Text,
)
from invest.kinds.joint_purchase.rules import ACTS, LOOSE, arrived, ready, weights
from invest.kinds.joint_purchase.sheets import SHEETS
from invest.kinds.kind import Kind, text, whole
from invest.kinds.refusals import BadTerms, UndoLaterFirst, WholeUnits
from invest.kinds.schedules import Due
from pools.errors import Refused
from pools.money import MOST_MINOR, kronor
from pools.wording import kronor_text, number_text

MOST_UNITS = 1_000_000


@dataclass(frozen=True)
class JointPurchase(Kind):
    """`item` is sold by the `unit` for `price_minor`; at least `least` are ordered, or none."""

    kind: ClassVar[str] = "joint-purchase"
    label: ClassVar[Text] = _("Joint purchase")
    instrument: ClassVar[Text] = _("order")
    explanation: ClassVar[Text] = _(
        "We buy together: you say how much you want, pay before the order is placed, and fetch "
        "your part when it has come."
    )
    risk: ClassVar[Text] = _(
        "You buy goods; you invest nothing. Too few orders and all get their money back. What you "
        "pay beforehand is held for these goods only, never lent out and never given interest, so "
        "it is no deposit and has no deposit guarantee: if the supplier fails after the order, it "
        "can be lost."
    )
    asks: ClassVar[Text] = _("How much do you want to buy?")
    says_yes: ClassVar[Text] = _("Count me in")
    enough: ClassVar[Text] = _("Enough to place the order.")
    money_role: ClassVar[str] = "prepaid"
    weight_role: ClassVar[str] = "units"
    units_role: ClassVar[str] = "units"
    unit: ClassVar[str] = "GOODS"
    units_on_payment: ClassVar[bool] = False
    is_raised: ClassVar[bool] = False
    sets_goals: ClassVar[bool] = True
    for_goods: ClassVar[bool] = True
    certificate: ClassVar[Text] = _("Proof of order")
    certificate_sheet: ClassVar[str] = "orders"

    item: str
    unit_word: str
    price_minor: int
    least: int
    most: int

    @classmethod
    def accounts(cls) -> tuple[AccountRole, ...]:
        """Paid beforehand (BAS 2420), and what is ordered and not yet fetched."""
        return (
            AccountRole(
                "prepaid", "liability", "2420", floored=True, label=_("Paid in advance for goods")
            ),
            AccountRole("units", "liability", "", UNITS, floored=True, label=_("To fetch")),
        )

    @classmethod
    def own_accounts(cls) -> tuple[AccountRole, ...]:
        """The supplier (BAS 2440), and where goods come from and go."""
        return (
            AccountRole("supplier", "liability", "2440"),
            AccountRole("issued", "asset", "", UNITS),
            AccountRole("rest", "liability", "", UNITS, floored=True),
            AccountRole("fetched", "liability", "", UNITS, floored=True),
        )

    @classmethod
    def parse(cls, raw: Mapping[str, object]) -> Self:
        """Read stored terms."""
        read = cls(
            item=text(raw, "item", 80).strip(),
            unit_word=text(raw, "unit_word", 30).strip(),
            price_minor=whole(raw, "price_minor", 1, MOST_MINOR),
            least=whole(raw, "least", 1, MOST_UNITS),
            most=whole(raw, "most", 1, MOST_UNITS),
        )
        for name in ("item", "unit_word"):
            if not getattr(read, name):
                raise BadTerms(field=name, reason=_("say what is bought, and by which unit"))
        if read.most < read.least:
            raise BadTerms(field="most", reason=_("the most is less than the least"))
        return read

    @classmethod
    def questions(cls) -> tuple[Question, ...]:
        """What, by which unit and price, and how many."""
        return (
            Question("item", _("What we buy"), Answer.TEXT),
            Question(
                "unit_word", _("Unit"), Answer.TEXT, help=_("Such as: sack of 25 kg, box, m³.")
            ),
            Question("price_minor", _("Price per unit"), Answer.KRONOR),
            Question(
                "least",
                _("Least number to order"),
                Answer.WHOLE,
                help=_("With fewer nothing is ordered, and all get their money back."),
            ),
            Question("most", _("Most that can be ordered"), Answer.WHOLE),
        )

    def describe(self) -> list[tuple[Text, Text]]:
        """What, price, least and most."""
        return [
            (_("What we buy"), self.item),
            (_("Price"), _("%(price)s per %(unit)s") % {"price": kronor_text(self.price_minor),
                                                        "unit": self.unit_word}),
            (_("Ordered when there are"), self.units_text(self.least)),
            (_("At most"), self.units_text(self.most)),
        ]  # fmt: skip

    @property
    def one_minor(self) -> int:
        """A number of units is asked for."""
        return self.price_minor

    def units_text(self, number: int) -> str:
        """So many, in the unit of the purchase."""
        return f"{number_text(number)} × {self.unit_word}"

    def units_for(self, amount_minor: int) -> int:
        """Whole units only."""
        units, rest = divmod(amount_minor, self.price_minor)
        if rest:
            raise WholeUnits(unit=self.unit_word, price=kronor(self.price_minor))
        return units

    def schedule(self, principal_minor: int, start: date) -> list[Due]:
        """Nothing is repaid by plan."""
        return []

    def suggestions(self) -> tuple[int, ...]:
        """One, two, three or five units."""
        return tuple(number * self.price_minor for number in (1, 2, 3, 5) if number <= self.most)

    def goals_minor(self) -> tuple[int, int]:
        """What the least and the most cost."""
        return self.least * self.price_minor, self.most * self.price_minor

    @classmethod
    def acts(cls) -> tuple[ActionType, ...]:
        """Order, invoice, goods, money back, and the end."""
        return ACTS

    @classmethod
    def sheets(cls) -> tuple[Sheet, ...]:
        """Who ordered, who fetches, and how it was settled."""
        return SHEETS

    def key_figures(self, standing: Snapshot) -> list[tuple[Text, Text]]:
        """Units and money in each place, none of them added together."""
        return [
            (
                _("Paid for, not ordered"),
                number_text(sum(ready(self, standing).values())),
            ),
            (_("Ordered"), number_text(sum(weights(standing).values()))),
            (_("Came"), number_text(arrived(standing))),
            (_("Fetched"), number_text(standing.own("fetched"))),
            (_("Paid in advance"), kronor_text(standing.all_held("prepaid"))),
            (_("Owed to the supplier"), kronor_text(standing.own("supplier"))),
        ]

    def publish(self, standing: Snapshot) -> list[tuple[Text, Text]]:
        """How far the goods have come."""
        return [
            (_("Ordered"), number_text(sum(weights(standing).values()))),
            (_("Came"), number_text(arrived(standing))),
        ]

    def agreements(self, standing: Snapshot) -> list[Agreement]:
        """What was fetched, and what the supplier is owed, by the actions and by the accounts."""
        out = sum(d.facts["number"] for d in standing.of("fetch", "rest"))
        billed = sum(d.facts["amount"] for d in standing.of("invoice"))
        credited = sum(d.facts["amount"] for d in standing.of("credit"))
        paid = standing.moved("supplier", "pay-supplier").get(0, 0)
        return [
            Agreement(_("units fetched"), out, standing.own("fetched")),
            Agreement(_("owed to supplier"), billed - credited + paid, standing.own("supplier")),
        ]

    def why_not_undo(self, done: Done, standing: Snapshot) -> Refused | None:
        """Later steps rest on earlier ones; one fetch does not rest on another."""
        among = ("close",) if done.act in LOOSE else tuple(act.name for act in ACTS)
        later = [d for d in standing.of(*among) if d.number > done.number and d.act != "pay-more"]
        return UndoLaterFirst(number=later[-1].number) if later else None
