"""Förlagsinsatser: capital in an economic association that ranks after its other creditors.

Lag (2018:672) om ekonomiska föreningar, chapter 11: paid back at the earliest five years after it
was put in, and after two years' notice; the dividend goes before the members', and what was missed
may be made up for where the terms say so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Self

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from invest.kinds.actions import (
    UNITS,
    ActionType,
    Answer,
    At,
    Column,
    Done,
    Facts,
    Posting,
    Question,
    Row,
    Shape,
    Sheet,
    Snapshot,
    Text,
)
from invest.kinds.kind import chosen, exact, whole
from invest.kinds.refusals import AlreadyRecorded, HoldsNothing, TooEarly
from invest.kinds.schedules import months_after
from invest.kinds.shares import WholeShares
from pools.money import MOST_MINOR, half_up
from pools.wording import kronor_text

LEAST_YEARS = 5


@dataclass(frozen=True)
class SubordinatedStakes(WholeShares):
    """A stake each for `price_minor`, bound for `years`, then `notice_months` of notice."""

    kind: ClassVar[str] = "subordinated-stakes"
    label: ClassVar[Text] = _("Subordinated stakes")
    instrument: ClassVar[Text] = _("subordinated stake")
    explanation: ClassVar[Text] = _(
        "You put in capital for at least five years without being a member, and go before the "
        "members when surplus is shared."
    )
    register_by_law: ClassVar[bool] = True
    certificate: ClassVar[Text] = _("Certificate of subordinated stake")
    certificate_sheet: ClassVar[str] = "terms-by-holder"
    risk: ClassVar[Text] = _(
        "A subordinated stake is no savings account: there is no deposit guarantee. If the "
        "association fails, all other creditors are paid before you, and you can lose all of it."
    )
    bas: ClassVar[str] = "2084"

    years: int
    notice_months: int
    dividend_pct: Decimal
    missed: str

    @classmethod
    def parse(cls, raw: Mapping[str, object]) -> Self:
        """Read stored terms."""
        return cls(
            price_minor=whole(raw, "price_minor", 1, MOST_MINOR),
            years=whole(raw, "years", LEAST_YEARS, 60),
            notice_months=whole(raw, "notice_months", 0, 60),
            dividend_pct=exact(raw, "dividend_pct", 100),
            missed=chosen(raw, "missed", ("made-up", "lost")),
        )

    @classmethod
    def questions(cls) -> tuple[Question, ...]:
        """Price, binding, notice and dividend: what the certificate must say."""
        return (
            Question("price_minor", _("Price per stake"), Answer.KRONOR),
            Question(
                "years",
                _("Years until it may be paid back"),
                Answer.WHOLE,
                help=_("At least five, by law."),
                initial=str(LEAST_YEARS),
            ),
            Question("notice_months", _("Months of notice"), Answer.WHOLE, initial="24"),
            Question("dividend_pct", _("Dividend, per cent a year"), Answer.PERCENT),
            Question(
                "missed",
                _("A dividend that was missed"),
                Answer.CHOICE,
                choices=(("made-up", _("is made up for later")), ("lost", _("is lost"))),
            ),
        )

    def describe(self) -> list[tuple[Text, Text]]:
        """As on the certificate."""
        years = ngettext("%(n)d year", "%(n)d years", self.years)
        months = ngettext("%(n)d month", "%(n)d months", self.notice_months)
        made_up = _("is made up for later") if self.missed == "made-up" else _("is lost")
        return [
            (_("Price per stake"), kronor_text(self.price_minor)),
            (_("Bound for"), years % {"n": self.years}),
            (_("Notice"), months % {"n": self.notice_months}),
            (_("Dividend"), f"{self.dividend_pct} %".replace(".", ",")),
            (_("A dividend that was missed"), made_up),
        ]

    @classmethod
    def acts(cls) -> tuple[ActionType, ...]:
        """Notice, and paying back when both times are over."""
        return (
            ActionType(
                "notice",
                _("A holder gives notice"),
                _("In writing. It is paid back when the years and the notice are both over."),
                (Question("holder", _("Holder"), Answer.HOLDER, role="units"),),
                _notice,
                needs_evidence=True,
            ),
            ActionType(
                "redeem",
                _("Pay back a subordinated stake"),
                _("When the years and the notice are over."),
                (Question("notice", _("Notice"), Answer.ACTION, of="notice", among=_open),),
                _redeem,
                needs_second=True,
                needs_evidence=True,
            ),
        )

    @classmethod
    def sheets(cls) -> tuple[Sheet, ...]:
        """When each stake may be paid back, and the dividend of the year."""
        return (
            Sheet(
                "terms-by-holder",
                _("When it may be paid back"),
                _("Each stake by the day it was put in"),
                (
                    Column("holder", _("Holder"), Shape.HOLDER),
                    Column("since", _("Put in"), Shape.DAY),
                    Column("amount", _("Amount"), Shape.KRONOR, is_summed=True),
                    Column("earliest", _("Paid back from"), Shape.DAY),
                    Column("dividend", _("Dividend a year"), Shape.KRONOR, is_summed=True),
                ),
                _by_holder,
                for_holders=True,
            ),
        )


def _unpaid(now: Snapshot) -> list[Done]:
    paid = {d.facts["notice"] for d in now.of("redeem")}
    return [d for d in now.of("notice") if d.number not in paid]


def _open(now: Snapshot) -> set[int]:
    return {d.number for d in _unpaid(now)}


def free_on(now: Snapshot, holder: int, notice_on: date | None = None) -> date:
    """The first day a holder may be paid back: the last stake's years, and the notice."""
    kind = now.kind
    put_in = [
        c.on for c in now.changes if c.role == "capital" and c.number == holder and c.amount > 0
    ]
    if not isinstance(kind, SubordinatedStakes) or not put_in:
        raise HoldsNothing
    bound = months_after(max(put_in), 12 * kind.years)
    return max(bound, months_after(notice_on, kind.notice_months)) if notice_on else bound


def _notice(kind: SubordinatedStakes, facts: Facts, now: Snapshot) -> list[Posting]:
    if not all(now.held_by("units", facts["holder"], on) for on in (now.as_of, date.max)):
        raise HoldsNothing
    if any(d.facts["holder"] == facts["holder"] for d in _unpaid(now)):
        raise AlreadyRecorded(what=_("the notice of this holder"))
    return []


def _redeem(kind: SubordinatedStakes, facts: Facts, now: Snapshot) -> list[Posting]:
    notice = now.action(facts["notice"])
    if notice.number not in {d.number for d in _unpaid(now)}:
        raise AlreadyRecorded(what=_("the payment"))
    who = notice.facts["holder"]
    if now.as_of < (free := free_on(now, who, notice.on)):
        raise TooEarly(on=free)
    return [
        Posting(At("capital", who), At("bank"), now.held_by("capital", who)),
        Posting(At("units", who), At("issued"), now.held_by("units", who), UNITS),
    ]


def _by_holder(kind: SubordinatedStakes, now: Snapshot) -> list[Row]:
    given = {d.facts["holder"]: d.on for d in _unpaid(now)}
    rows = []
    for who, minor in now.held("capital").items():
        if not minor:
            continue
        since = min(c.on for c in now.changes if c.role == "capital" and c.number == who)
        dividend = half_up(minor * Fraction(kind.dividend_pct) / 100)
        rows.append((who, since, minor, free_on(now, who, given.get(who)), dividend))
    return rows
