"""Medlemsinsatser: stakes of members in an economic association (ekonomisk förening).

Lag (2018:672) om ekonomiska föreningar, chapter 10: a member who leaves gets the stake back after
the time in the law and the bylaws, as far as the association's own capital allows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Self

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from invest.kinds.actions import (
    AccountRole,
    ActionType,
    Answer,
    At,
    Column,
    Facts,
    Posting,
    Question,
    Row,
    Shape,
    Sheet,
    Snapshot,
    Text,
)
from invest.kinds.kind import whole
from invest.kinds.refusals import (
    AlreadyRecorded,
    BadTerms,
    HoldsNothing,
    NothingHeld,
    NothingOwed,
    TooEarly,
)
from invest.kinds.schedules import months_after
from invest.kinds.shares import WholeShares
from pools.money import MOST_MINOR, split
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
    register_by_law: ClassVar[bool] = True
    certificate: ClassVar[Text] = _("Proof of membership")
    risk: ClassVar[Text] = _(
        "A stake is no savings account: there is no deposit guarantee. It is paid back when you "
        "leave, after a time and only as far as the association's own capital allows."
    )

    exit_months: int

    @classmethod
    def accounts(cls) -> tuple[AccountRole, ...]:
        """Stakes paid, surplus credited to them (BAS 2087), refunds not yet paid (BAS 2890)."""
        return (
            *super().accounts(),
            AccountRole("credited", "equity", "2087", floored=True, label=_("Credited")),
            AccountRole("refund", "liability", "2890", floored=True, label=_("Refund to be paid")),
        )

    @classmethod
    def acts(cls) -> tuple[ActionType, ...]:
        """Leaving, surplus credited to stakes, and refunds by trade."""
        return (
            ActionType(
                "leave",
                _("A member leaves"),
                _("Starts the time after which the stake is paid back."),
                (Question("holder", _("Member"), Answer.HOLDER, role="units"),),
                _leave,
            ),
            ActionType(
                "pay-back-stake",
                _("Pay back a stake"),
                _("When the time has run out, as far as the association's own capital allows."),
                (Question("leaving", _("Who left"), Answer.ACTION, of="leave", among=_waiting),),
                _pay_back,
                needs_second=True,
                needs_evidence=True,
            ),
            ActionType(
                "credit-surplus",
                _("Credit surplus to the stakes"),
                _("The meeting moves surplus to the members' stakes, by stakes held."),
                (Question("total", _("In all, in kronor"), Answer.KRONOR),),
                _credit_surplus,
                needs_second=True,
                needs_evidence=True,
            ),
            ActionType(
                "trade",
                _("A member's trade in a year"),
                _("What a member bought from or sold to the association: refunds follow it."),
                (
                    Question("holder", _("Member"), Answer.HOLDER, role="units"),
                    Question("year", _("Year"), Answer.YEAR),
                    Question("amount", _("Trade, in kronor"), Answer.KRONOR),
                ),
                _trade,
            ),
            ActionType(
                "refund",
                _("Refund by trade"),
                _("Shares a refund among the members by their trade in a year."),
                (
                    Question("year", _("Year"), Answer.YEAR),
                    Question("total", _("In all, in kronor"), Answer.KRONOR),
                ),
                _refund,
                needs_second=True,
                needs_evidence=True,
            ),
            ActionType(
                "pay-refunds",
                _("Refunds are paid"),
                _("All that members have to get, paid at the bank."),
                (),
                _pay_refunds,
            ),
        )

    @classmethod
    def sheets(cls) -> tuple[Sheet, ...]:
        """Who leaves and when they are paid; trade and what it gave."""
        return (
            Sheet(
                "leaving",
                _("Members who leave"),
                _("By the day the stake may be paid back"),
                (
                    Column("holder", _("Member"), Shape.HOLDER),
                    Column("left_on", _("Left"), Shape.DAY),
                    Column("due_on", _("Paid back from"), Shape.DAY),
                    Column("capital", _("Stake"), Shape.KRONOR, is_summed=True),
                ),
                _leaving,
                for_holders=True,
            ),
            Sheet(
                "refunds",
                _("Trade and refunds"),
                _("Each refund with the trade it rests on"),
                (
                    Column("holder", _("Member"), Shape.HOLDER),
                    Column("year", _("Year")),
                    Column("trade", _("Trade"), Shape.KRONOR, is_summed=True),
                    Column("refund", _("Refund"), Shape.KRONOR, is_summed=True),
                ),
                _refunds,
                for_holders=True,
            ),
        )

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


def _leave(kind: CoopStakes, facts: Facts, now: Snapshot) -> list[Posting]:
    # Later payments are known too: nobody leaves on a day before the stake was paid.
    if not all(now.held_by("units", facts["holder"], on) for on in (now.as_of, date.max)):
        raise HoldsNothing
    if any(left.facts["holder"] == facts["holder"] for left in _still_leaving(now)):
        raise AlreadyRecorded(what=_("the leaving of this member"))
    return []


def _still_leaving(now: Snapshot) -> list[Any]:
    paid = {paid.facts["leaving"] for paid in now.of("pay-back-stake")}
    return [left for left in now.of("leave") if left.number not in paid]


def _waiting(now: Snapshot) -> set[int]:
    return {left.number for left in _still_leaving(now)}


def due_on(now: Snapshot, left_on: date) -> date:
    """When the stake of who left on a day may be paid back, by the terms of that day."""
    kind = now.kind_on(left_on)
    return months_after(left_on, kind.exit_months if isinstance(kind, CoopStakes) else 0)


def _pay_back(kind: CoopStakes, facts: Facts, now: Snapshot) -> list[Posting]:
    """Stake and credited surplus back, stakes taken back; not before the time has run out."""
    left = now.action(facts["leaving"])
    if left.number not in {action.number for action in _still_leaving(now)}:
        raise AlreadyRecorded(what=_("the payment"))
    if now.as_of < (due := due_on(now, left.on)):
        raise TooEarly(on=due)
    who = left.facts["holder"]
    return [
        Posting(At("capital", who), At("bank"), now.held_by("capital", who)),
        Posting(At("credited", who), At("bank"), now.held_by("credited", who)),
        Posting(At("units", who), At("issued"), now.held_by("units", who), book="units"),
    ]


def _credit_surplus(kind: CoopStakes, facts: Facts, now: Snapshot) -> list[Posting]:
    """Insatsemission: by stakes held on the day, largest remainder."""
    held = {who: units for who, units in now.held("units", now.as_of).items() if who and units}
    if not held:
        raise NothingHeld
    parts = split(facts["total"], list(held.values()))
    return [
        Posting(At("equity:retained"), At("credited", who), part)
        for who, part in zip(held, parts, strict=True)
    ]


def _trade(kind: CoopStakes, facts: Facts, now: Snapshot) -> list[Posting]:
    same = (facts["holder"], facts["year"])
    if any((d.facts["holder"], d.facts["year"]) == same for d in now.of("trade")):
        raise AlreadyRecorded(what=_("the trade of this member in %(year)s") % facts)
    return []


def trade_of(now: Snapshot, year: int) -> dict[int, int]:
    """Member → öre traded in a year."""
    traded = [d.facts for d in now.of("trade") if d.facts["year"] == year]
    return {facts["holder"]: facts["amount"] for facts in traded}


def _refund(kind: CoopStakes, facts: Facts, now: Snapshot) -> list[Posting]:
    """Gottgörelse: by trade, largest remainder; a debt until it is paid."""
    if any(d.facts["year"] == facts["year"] for d in now.of("refund")):
        raise AlreadyRecorded(what=_("the refund of %(year)s") % facts)
    if now.as_of < (over := date(facts["year"], 12, 31)):
        raise TooEarly(on=over)
    traded = trade_of(now, facts["year"])
    if not traded:
        raise BadTerms(field="year", reason=_("no trade of that year is on record"))
    parts = split(facts["total"], list(traded.values()))
    return [
        Posting(At("expenses:refunds"), At("refund", who), part)
        for who, part in zip(traded, parts, strict=True)
    ]


def _pay_refunds(kind: CoopStakes, facts: Facts, now: Snapshot) -> list[Posting]:
    owed = {who: minor for who, minor in now.held("refund").items() if minor}
    if not owed:
        raise NothingOwed
    return [Posting(At("refund", who), At("bank"), minor) for who, minor in owed.items()]


def _leaving(kind: CoopStakes, now: Snapshot) -> list[Row]:
    rows = [
        (d.facts["holder"], d.on, due_on(now, d.on), now.held_by("capital", d.facts["holder"]))
        for d in _still_leaving(now)
    ]
    return sorted(rows, key=lambda row: row[2])


def _refunds(kind: CoopStakes, now: Snapshot) -> list[Row]:
    """Trade by year, and what each refund gave: read off the book."""
    years = {d.number: d.facts["year"] for d in now.of("refund")}
    given: dict[tuple[int, int], int] = {}
    for change in now.changes:
        if change.role == "refund" and change.action in years:
            given[change.number, years[change.action]] = change.amount
    return [
        (
            d.facts["holder"],
            d.facts["year"],
            d.facts["amount"],
            given.get((d.facts["holder"], d.facts["year"]), 0),
        )
        for d in now.of("trade")
    ]
