"""Enkla bolag: partners who agree to do something together without a company of their own.

Lag (1980:1102) om handelsbolag och enkla bolag, chapters 1, 2 and 4. A simple partnership is no
legal person: a partner keeps the money and the books for all. Only those who took part in a
contract are bound by it; the result is shared equally unless something else is agreed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Self

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from invest.kinds.actions import AccountRole, ActionType, Answer, Question, Sheet, Snapshot, Text
from invest.kinds.kind import Kind, text, whole
from invest.kinds.refusals import BadTerms
from invest.kinds.schedules import Due
from invest.kinds.simple_partnership.partners import partners, to_give
from invest.kinds.simple_partnership.rules import ACTS
from invest.kinds.simple_partnership.sheets import SHEETS
from pools.wording import kronor_text, number_text


@dataclass(frozen=True)
class SimplePartnership(Kind):
    """What the agreement says: who keeps the assets, and how long notice is."""

    kind: ClassVar[str] = "simple-partnership"
    label: ClassVar[Text] = _("Simple partnership")
    instrument: ClassVar[Text] = _("contribution")
    explanation: ClassVar[Text] = _(
        "You join an agreement to do something together. Everyone decides, everyone may put in "
        "money, things or work, and the result is shared."
    )
    risk: ClassVar[Text] = _(
        "A partnership is no savings account: what you put in can be lost, and you answer with "
        "all that you own for the contracts you take part in."
    )
    money_role: ClassVar[str] = "contribution"
    weight_role: ClassVar[str] = "contribution"

    keeper: str
    agreement: str
    notice_months: int

    @classmethod
    def accounts(cls) -> tuple[AccountRole, ...]:
        """What each has put in, share of results not drawn, and outlays to be repaid."""
        return (
            AccountRole("contribution", "equity", "2010", floored=True, label=_("Contribution")),
            AccountRole("result", "equity", "2019", label=_("Share of results")),
            AccountRole(
                "outlay", "liability", "2893", floored=True, label=_("Outlays to be repaid")
            ),
        )

    @classmethod
    def parse(cls, raw: Mapping[str, object]) -> Self:
        """Read stored terms."""
        read = cls(
            keeper=text(raw, "keeper", 120),
            agreement=text(raw, "agreement"),
            notice_months=whole(raw, "notice_months", 0, 60),
        )
        if not read.keeper or not read.agreement:
            raise BadTerms(reason=_("say who keeps the assets, and which paper the agreement is"))
        return read

    @classmethod
    def questions(cls) -> tuple[Question, ...]:
        """Keeper, paper, notice."""
        return (
            Question(
                "keeper",
                _("Who keeps the assets and the bank account"),
                Answer.TEXT,
                help=_("A simple partnership is no legal person: a partner must."),
            ),
            Question("agreement", _("The agreement: which paper, of what day"), Answer.TEXT),
            Question("notice_months", _("Months of notice"), Answer.WHOLE, initial="6", least=0),
        )

    def units_for(self, amount_minor: int) -> int:
        """A contribution counts no units."""
        return 0

    def schedule(self, principal_minor: int, start: date) -> list[Due]:
        """Nothing is repaid by plan."""
        return []

    def suggestions(self) -> tuple[int, ...]:
        """1 000, 5 000, 10 000 and 20 000 kr."""
        return (100_000, 500_000, 1_000_000, 2_000_000)

    def describe(self) -> list[tuple[Text, Text]]:
        """Keeper, paper, notice."""
        months = ngettext("%(n)d month", "%(n)d months", self.notice_months)
        return [
            (_("Keeps the assets"), self.keeper),
            (_("The agreement"), self.agreement),
            (_("Notice"), months % {"n": self.notice_months}),
        ]

    @classmethod
    def acts(cls) -> tuple[ActionType, ...]:
        """Partners in and out, decisions, contracts, outlays, results and settlement."""
        return ACTS

    @classmethod
    def sheets(cls) -> tuple[Sheet, ...]:
        """Partners, decisions, who is bound, outlays, results."""
        return SHEETS

    def key_figures(self, standing: Snapshot) -> list[tuple[Text, Text]]:
        """Partners, what they have put in, and what is still to come."""
        return [
            (_("Partners"), number_text(len(partners(standing)))),
            (_("Put in"), kronor_text(standing.all_held("contribution"))),
            (_("Still to put in"), kronor_text(sum(to_give(standing).values()))),
            (_("Outlays to be repaid"), kronor_text(standing.all_held("outlay"))),
        ]
