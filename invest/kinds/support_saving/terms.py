"""Stödspar: savers' own deposits at a member bank earn savings points that carry a project's loan.

A point is one krona saved for one month, times a factor; a loan uses one point for each krona owed
for one month. All points are whole; kronor are whole minor units. Rules: the points system of JAK
Medlemsbank (its price lists and members' handbook; factors differ by era and account).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, Self

from django.utils.translation import gettext_lazy as _

from invest.kinds.actions import (
    UNITS,
    AccountRole,
    ActionType,
    Agreement,
    Answer,
    Question,
    Sheet,
    Snapshot,
    Text,
)
from invest.kinds.kind import Kind, chosen, exact, text
from invest.kinds.schedules import Due
from invest.kinds.support_saving.rules import ACTS
from invest.kinds.support_saving.saved import balances_on, booked, coverage, earned, savers
from invest.kinds.support_saving.sheets import REGISTER, SHEETS, applications
from pools.wording import kronor_text, number_text


@dataclass(frozen=True)
class SupportSaving(Kind):
    """Savers keep their own money at a member bank; its points go to a project or to a pool.

    `factor` is the account's own number of points for a krona and a month; 0: what the bank's terms
    of the day say (the dated setting `jak-terms`). A pool is shared out by `criteria`.
    """

    kind: ClassVar[str] = "support-saving"
    label: ClassVar[Text] = _("Support savings")
    instrument: ClassVar[Text] = _("support savings account")
    explanation: ClassVar[Text] = _(
        "You save on an account of your own at the bank. The money stays yours; the savings "
        "points that it earns go to the project, and carry its loan at the bank."
    )
    risk: ClassVar[Text] = _(
        "The money is on your own account under the state deposit guarantee, and earns no "
        "interest. The bank, not you, bears the risk of the loan. Binding times follow the "
        "bank's price list."
    )
    money_role: ClassVar[str] = ""
    weight_role: ClassVar[str] = "points"
    units_role: ClassVar[str] = "points"
    unit: ClassVar[str] = "POINT"
    units_on_payment: ClassVar[bool] = False

    bank: str
    counts_by: str
    factor: Decimal = Decimal(0)
    criteria: str = ""

    @classmethod
    def accounts(cls) -> tuple[AccountRole, ...]:
        """Points a saver has earned and not yet given."""
        return (
            AccountRole("points", "liability", "", UNITS, floored=True, label=_("Points kept")),
        )

    @classmethod
    def own_accounts(cls) -> tuple[AccountRole, ...]:
        """Where points come from, those free to use, those a loan has used, those given on."""
        return (
            AccountRole("issued", "asset", "", UNITS),
            AccountRole("free", "liability", "", UNITS, floored=True),
            AccountRole("used", "liability", "", UNITS, floored=True),
            AccountRole("assigned", "liability", "", UNITS, floored=True),
        )

    @classmethod
    def parse(cls, raw: Mapping[str, object]) -> Self:
        """Read stored terms."""
        return cls(
            bank=text(raw, "bank", 80),
            counts_by=chosen(raw, "counts_by", ("month", "day")),
            factor=exact({"factor": "0", **raw}, "factor", 10),
            criteria=text(raw, "criteria"),
        )

    @classmethod
    def questions(cls) -> tuple[Question, ...]:
        """Bank, how points are counted, and what a pool is for."""
        return (
            Question("bank", _("Bank"), Answer.TEXT, initial="JAK Medlemsbank"),
            Question(
                "counts_by",
                _("Points are counted by"),
                Answer.CHOICE,
                choices=(("month", _("whole months")), ("day", _("days"))),
            ),
            Question(
                "factor",
                _("Points for a krona a month"),
                Answer.DECIMAL,
                help=_("As the account's price list says. 0: as the bank's terms of the day."),
                initial="0",
            ),
            Question(
                "criteria",
                _("A pool: whom it may be given to"),
                Answer.TEXT,
                help=_("Empty where all points go to one project."),
                is_optional=True,
            ),
        )

    def units_for(self, amount_minor: int) -> int:
        """Points come with time, not with the promise."""
        return 0

    def schedule(self, principal_minor: int, start: date) -> list[Due]:
        """Nothing is repaid to the savers: the money never left them."""
        return []

    def suggestions(self) -> tuple[int, ...]:
        """1 000, 5 000, 10 000 and 25 000 kr."""
        return (100_000, 500_000, 1_000_000, 2_500_000)

    def describe(self) -> list[tuple[Text, Text]]:
        """Bank, factor, and the pool's criteria."""
        return [
            (_("Bank"), self.bank),
            (
                _("Points for a krona a month"),
                f"{self.factor}".replace(".", ",") if self.factor else _("by the bank's terms"),
            ),
            (_("Counted by"), _("whole months") if self.counts_by == "month" else _("days")),
            *([(_("Given to"), self.criteria)] if self.criteria else []),
        ]

    @classmethod
    def acts(cls) -> tuple[ActionType, ...]:
        """Accounts and what stands on them, points, the loan, and a pool's decisions."""
        return ACTS

    @classmethod
    def register(cls) -> Sheet:
        """Who saves, and what was last seen on the account."""
        return REGISTER

    @classmethod
    def sheets(cls) -> tuple[Sheet, ...]:
        """What was seen, points, coverage, and a pool's decisions."""
        return SHEETS

    def key_figures(self, standing: Snapshot) -> list[tuple[Text, Text]]:
        """Savings, points and how far they carry the loan."""
        carried = coverage(standing)
        saving = {who: minor for who, minor in balances_on(standing).items() if minor}
        return [
            (_("Saved at the bank"), kronor_text(sum(saving.values()))),
            (_("Support savers"), number_text(len(saving))),
            (_("Points earned"), number_text(earned(standing))),
            (_("Points free"), number_text(standing.own("free"))),
            *([(_("Loan carried"), f"{int(100 * carried.projected)} %")] if carried else []),
        ]

    def agreements(self, standing: Snapshot) -> list[Agreement]:
        """Points given by others and counted for each saver are those on the accounts."""
        given = sum(done.facts["points"] for done in standing.of("donate"))
        counted = sum(booked(standing, who) for who in savers(standing))
        assigned = sum(row[-1] for row in applications(self, standing))
        assigned += sum(done.facts["points"] for done in standing.of("reassign"))
        return [
            Agreement(_("points earned"), given + counted, standing.own("issued")),
            Agreement(_("points given on"), assigned, standing.own("assigned")),
        ]

    def publish(self, standing: Snapshot) -> list[tuple[Text, Text]]:
        """The same: sums of savings, and of nobody in particular."""
        return self.key_figures(standing)
