"""Mikrofonder: money that goes out as loans and guarantees, comes back, and goes out again.

What the fund can still carry is its capital less what is out or promised and a buffer. A guarantee
is a promise: its exposure falls with the bank's loan, and only a call moves money.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Self

from django.utils.translation import gettext_lazy as _

from invest.kinds.actions import (
    AccountRole,
    ActionType,
    Agreement,
    Answer,
    ByItself,
    Done,
    Question,
    Sheet,
    Snapshot,
    Text,
)
from invest.kinds.kind import Kind, whole
from invest.kinds.microfund.fund import claim_left, fund_state
from invest.kinds.microfund.lending import paid_by_itself, stories
from invest.kinds.microfund.rules import ACTS
from invest.kinds.microfund.sheets import SHEETS
from invest.kinds.refusals import UndoLaterFirst
from invest.kinds.schedules import Due
from pools.errors import Refused
from pools.money import MOST_MINOR
from pools.wording import kronor_text, percent_text


@dataclass(frozen=True)
class Microfund(Kind):
    """How much is kept in hand, the most for one borrower, the most guaranteed of a loan."""

    kind: ClassVar[str] = "microfund"
    label: ClassVar[Text] = _("Microfund")
    instrument: ClassVar[Text] = _("contribution to the fund")
    explanation: ClassVar[Text] = _(
        "You put money in a fund of the village. It lends and guarantees to small enterprises "
        "nearby, comes back, and goes out again."
    )
    risk: ClassVar[Text] = _(
        "A contribution to a fund is no savings account: there is no deposit guarantee, and "
        "losses on its loans and guarantees are borne by those who put money in."
    )
    money_role: ClassVar[str] = "stake"
    weight_role: ClassVar[str] = "stake"
    offered_roles: ClassVar[tuple[str, ...]] = ("stake", "subordinated", "gift")
    pools_money: ClassVar[bool] = True
    lends: ClassVar[bool] = True
    moves_by_itself: ClassVar[bool] = True

    buffer_pct: int
    most_per_borrower_minor: int
    most_cover_pct: int

    @classmethod
    def accounts(cls) -> tuple[AccountRole, ...]:
        """Contributions by rank (gifts bear losses first), loans out, and claims after calls."""
        return (
            AccountRole("stake", "equity", "2083", floored=True, label=_("Stakes")),
            AccountRole("subordinated", "equity", "2084", floored=True, label=_("Subordinated")),
            AccountRole("gift", "equity", "2070", floored=True, label=_("Gifts")),
            AccountRole("lent", "asset", "1381", floored=True, label=_("Lent")),
            AccountRole("claim", "asset", "1684", floored=True, label=_("Claims")),
        )

    @classmethod
    def parse(cls, raw: Mapping[str, object]) -> Self:
        """Read stored terms."""
        return cls(
            buffer_pct=whole(raw, "buffer_pct", 0, 100),
            most_per_borrower_minor=whole(raw, "most_per_borrower_minor", 1, MOST_MINOR),
            most_cover_pct=whole(raw, "most_cover_pct", 0, 100),
        )

    @classmethod
    def questions(cls) -> tuple[Question, ...]:
        """Buffer, the most for one, the most of a loan."""
        return (
            Question(
                "buffer_pct", _("Kept in hand, per cent"), Answer.WHOLE, initial="10", least=0
            ),
            Question("most_per_borrower_minor", _("Most for one borrower"), Answer.KRONOR),
            Question(
                "most_cover_pct",
                _("Most that is guaranteed of a loan, per cent"),
                Answer.WHOLE,
                initial="80",
            ),
        )

    def units_for(self, amount_minor: int) -> int:
        """A contribution counts no units."""
        return 0

    def schedule(self, principal_minor: int, start: date) -> list[Due]:
        """Contributions are not repaid by plan."""
        return []

    def suggestions(self) -> tuple[int, ...]:
        """500, 1 000, 5 000 and 10 000 kr."""
        return (50_000, 100_000, 500_000, 1_000_000)

    def describe(self) -> list[tuple[Text, Text]]:
        """Buffer, the most for one, the most of a loan."""
        return [
            (_("Kept in hand"), percent_text(self.buffer_pct)),
            (_("Most for one borrower"), kronor_text(self.most_per_borrower_minor)),
            (_("Guarantees at most"), percent_text(self.most_cover_pct)),
        ]

    @classmethod
    def acts(cls) -> tuple[ActionType, ...]:
        """From enquiry to loan or guarantee, and all that may become of them."""
        return ACTS

    @classmethod
    def sheets(cls) -> tuple[Sheet, ...]:
        """Loans, guarantees, the funnel, capacity, and the default rate."""
        return SHEETS

    def key_figures(self, standing: Snapshot) -> list[tuple[Text, Text]]:
        """Capital, what is out, and what is free."""
        state = fund_state(standing)
        return [
            (_("Capital"), kronor_text(state.capital_minor)),
            (_("Lent"), kronor_text(standing.all_held("lent"))),
            (_("Guaranteed"), kronor_text(sum(g.amount_minor for g in state.guarantees))),
            (_("Free to lend"), kronor_text(state.free_minor)),
        ]

    def by_itself(self, standing: Snapshot) -> Sequence[ByItself]:
        """What borrowers paid ahead pays what falls due, on its day."""
        return paid_by_itself(standing)

    def why_not_undo(self, done: Done, standing: Snapshot) -> Refused | None:
        """Later steps of the same loan rest on it, and whatever names it."""
        later = [
            action
            for action in standing.done
            if (action.on, action.number) > (done.on, done.number) and _rests(action, done)
        ]
        last = max(later, key=lambda d: (d.on, d.number), default=None)
        return None if last is None else UndoLaterFirst(number=last.number)

    def agreements(self, standing: Snapshot) -> list[Agreement]:
        """Loans and claims by their stories are what the borrowers' accounts hold."""
        lent: dict[int, int] = defaultdict(int)
        for story in stories(standing).values():
            lent[story.action.facts["borrower"]] += story.left_minor
        claims: dict[int, int] = defaultdict(int)
        for action in standing.of("guarantee"):
            claims[action.facts["debtor"]] += claim_left(standing, action.number)
        return [
            Agreement(_("%(what)s of holder %(n)s") % {"what": what, "n": who}, told[who], minor)
            for what, told, role in ((_("loans"), lent, "lent"), (_("claims"), claims, "claim"))
            for who, minor in standing.held(role).items()
        ]

    def publish(self, standing: Snapshot) -> list[tuple[Text, Text]]:
        """The same for everybody: sums, of nobody in particular."""
        return self.key_figures(standing)


def _rests(action: Done, on: Done) -> bool:
    """Whether an action names another, or is a step of the same loan."""
    asked = [q for q in next(a for a in ACTS if a.name == action.act).questions if q.of]
    if any(action.facts[q.name] == on.number and q.of == on.act for q in asked):
        return True
    in_order = [q.name for q in asked if q.in_order]
    return any(name in on.facts and on.facts[name] == action.facts[name] for name in in_order)
