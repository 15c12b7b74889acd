"""Aktier i ett lokalt bolag: AB, or AB (svb) with its limit on what may be paid out.

Aktiebolagslagen (2005:551): chapter 4 (shares, pre-emption), 5 (the share register), 13 (issues),
20 (redemption), 32 (svb). Shares are numbered without gaps, and the register can be told for any
day, for as long as the company lives and ten years more.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar, Self

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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
from invest.kinds.company_shares.ceiling import svb_years
from invest.kinds.company_shares.dividends import dividend_per_share_minor, svb_room_minor
from invest.kinds.company_shares.numbers import NUMBERED, blocks
from invest.kinds.company_shares.rules import ACTS, PRICE
from invest.kinds.company_shares.sheets import SHARES, SHEETS
from invest.kinds.kind import chosen, whole
from invest.kinds.refusals import BadTerms, UndoLaterFirst
from invest.kinds.shares import WholeShares
from pools.errors import Refused
from pools.money import MOST_MINOR, SplitResult
from pools.wording import kronor_text, number_text


@dataclass(frozen=True)
class CompanyShares(WholeShares):
    """A share costs `price_minor`, of which `quota_minor` is share capital (kvotvärde).

    With `hembud_days` the owners have so long to take over shares before they go to somebody new;
    0 where the articles say nothing of it.
    """

    kind: ClassVar[str] = "company-shares"
    label: ClassVar[Text] = _("Shares in a local company")
    instrument: ClassVar[Text] = pgettext_lazy("in a company", "share")
    explanation: ClassVar[Text] = _(
        "You become part-owner of the company: a vote for each share, and a part of what the "
        "meeting decides to pay out."
    )
    risk: ClassVar[Text] = _(
        "Shares are no savings account: there is no deposit guarantee, they can be hard to sell, "
        "and you can lose all that you put in."
    )
    money_role: ClassVar[str] = "paid"
    units_on_payment: ClassVar[bool] = False
    legal_reviews: ClassVar[tuple[str, ...]] = ("public-offer",)
    is_security: ClassVar[bool] = True
    certificate: ClassVar[Text] = _("Extract from the share register")
    certificate_sheet: ClassVar[str] = "aktiebok"
    kept_for_ever: ClassVar[bool] = True
    pools_money: ClassVar[bool] = True

    quota_minor: int
    limit: str
    hembud_days: int = 0
    share_class: str = ""

    @classmethod
    def accounts(cls) -> tuple[AccountRole, ...]:
        """Paid but not registered (BAS 2082), share capital (2081), and the shares themselves."""
        return (
            AccountRole("paid", "equity", "2082", floored=True, label=_("Paid, not registered")),
            AccountRole("capital", "equity", "2081", floored=True, label=_("Share capital")),
            AccountRole("units", "liability", "", UNITS, floored=True, label=SHARES),
        )

    @classmethod
    def own_accounts(cls) -> tuple[AccountRole, ...]:
        """Where shares come from, and what was paid above the quota value (BAS 2097)."""
        return (
            AccountRole("issued", "asset", "", UNITS),
            AccountRole("premium", "equity", "2097"),
        )

    @classmethod
    def parse(cls, raw: Mapping[str, object]) -> Self:
        """Read stored terms."""
        read = cls(
            price_minor=whole(raw, "price_minor", 1, MOST_MINOR),
            quota_minor=whole(raw, "quota_minor", 1, MOST_MINOR),
            limit=chosen(raw, "limit", ("none", "svb")),
            hembud_days=whole({"hembud_days": 0, **raw}, "hembud_days", 0, 366),
            share_class=chosen({"share_class": "", **raw}, "share_class", ("", "A", "B")),
        )
        if read.quota_minor > read.price_minor:
            raise BadTerms(reason=_("a share cannot cost less than its quota value"))
        return read

    @classmethod
    def questions(cls) -> tuple[Question, ...]:
        """Price, quota value, and what the articles say."""
        return (
            Question("price_minor", PRICE, Answer.KRONOR),
            Question(
                "quota_minor",
                _("Quota value per share"),
                Answer.KRONOR,
                help=_("Share capital divided by the number of shares."),
            ),
            Question(
                "limit",
                _("Limit on what may be paid out"),
                Answer.CHOICE,
                choices=(("svb", _("AB (svb): the law's ceiling")), ("none", _("AB: none"))),
            ),
            Question(
                "hembud_days",
                _("Days the owners have to take over shares"),
                Answer.WHOLE,
                help=_("Hembud in the articles; 0: none."),
                initial="60",
            ),
            Question(
                "share_class",
                _("Class of shares"),
                Answer.CHOICE,
                choices=(("", _("one class only")), ("A", "A"), ("B", "B")),
                is_optional=True,
            ),
        )

    def describe(self) -> list[tuple[Text, Text]]:
        """Price, quota value, ceiling and pre-emption."""
        return [
            (PRICE, kronor_text(self.price_minor)),
            (_("Quota value"), kronor_text(self.quota_minor)),
            *([(_("Class"), self.share_class)] if self.share_class else []),
            (
                _("Paid out at most"),
                _("the ceiling of AB (svb)") if self.limit == "svb" else _("no special limit"),
            ),
            *(
                [(_("Pre-emption for owners"), _("%(n)s days") % {"n": self.hembud_days})]
                if self.hembud_days
                else []
            ),
        ]

    @classmethod
    def acts(cls) -> tuple[ActionType, ...]:
        """Registration, pre-emption, transfer, redemption, certificates."""
        return ACTS

    @classmethod
    def sheets(cls) -> tuple[Sheet, ...]:
        """The share register by numbers, its history, and the room for dividends."""
        return SHEETS

    def key_figures(self, standing: Snapshot) -> list[tuple[Text, Text]]:
        """Shares, capital, and the room for this year."""
        room = self.ceiling(standing)
        return [
            (_("Shares registered"), number_text(standing.all_held("units"))),
            (_("Share capital"), kronor_text(standing.all_held("capital"))),
            (_("Paid, not registered"), kronor_text(standing.all_held("paid"))),
            *([(_("May be paid out this year"), kronor_text(room))] if room is not None else []),
        ]

    def ceiling(self, standing: Snapshot) -> int | None:
        """Öre that law lets be paid out this year; None where it sets no special limit."""
        if self.limit != "svb":
            return None
        years = svb_years(standing)
        return svb_room_minor(years, standing.as_of.year) if years else 0

    def share_out(
        self, total_minor: int, weights: Sequence[int], carry: Sequence[Fraction], *, by_days: bool
    ) -> SplitResult:
        """All shares give the same: whole öre each, and the rest stays in the company.

        Aktiebolagslagen (2005:551) 4:1. By days held nobody has the same: then as in other kinds.
        """
        if by_days:
            return super().share_out(total_minor, weights, carry, by_days=by_days)
        each = dividend_per_share_minor(total_minor, sum(weights))
        return SplitResult([each * weight for weight in weights], [Fraction(0)] * len(weights))

    def agreements(self, standing: Snapshot) -> list[Agreement]:
        """Numbered shares, of each and in all, are the shares on the accounts."""
        numbered: dict[int, int] = defaultdict(int)
        for block in blocks(standing):
            numbered[block.holder] += block.shares
        redeemed, held = numbered.pop(0, 0), standing.held("units")
        issued = sum(numbered.values()) + redeemed
        last = max((block.last for block in blocks(standing)), default=0)
        return [
            *(
                Agreement(_("numbered shares of holder %(n)s") % {"n": who}, numbered[who], units)
                for who, units in held.items()
            ),
            Agreement(_("numbered shares in all"), sum(numbered.values()), standing.own("issued")),
            Agreement(_("the last number"), last, issued),
        ]

    def why_not_undo(self, done: Done, standing: Snapshot) -> Refused | None:
        """Numbers given later rest on those given before."""
        later = [d for d in standing.of(*NUMBERED) if d.number > done.number]
        rests = done.act in NUMBERED and later
        return UndoLaterFirst(number=later[-1].number) if rests else None
