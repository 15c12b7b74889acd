"""Loans without a plan: interest once a year, notice, and what is settled when somebody leaves.

Every day has one balance and one rate. Money earns from the day it comes and not on the day it
goes; interest that is added earns from 1 January, whenever the year was settled.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from invest.kinds import vouchers
from invest.kinds.accrual import integral
from invest.kinds.actions import (
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
    SnapshotOf,
)
from invest.kinds.refusals import (
    AlreadyRecorded,
    BadTerms,
    NothingOwed,
    SettleFirst,
    TooEarly,
    TooMuch,
    UndoLaterFirst,
    YearSettled,
)
from invest.kinds.schedules import months_after
from pools.errors import Refused
from pools.money import half_up, kronor

ON_NOTICE = "on-notice"


class NoticeTerms(Protocol):
    """What is asked of the terms."""

    @property
    def schedule_type(self) -> str:
        """`ON_NOTICE`, or how it is planned."""

    @property
    def rate_pct(self) -> Decimal:
        """Interest, per cent a year."""

    @property
    def day_count(self) -> str:
        """A key of `DAY_COUNTS`."""

    @property
    def notice_months(self) -> int:
        """Between notice and payment."""

    @property
    def interest(self) -> str:
        """`paid` or `added`, once a year."""


Snapshot = SnapshotOf[NoticeTerms]
# A day, and what the balance changed by from it on.
Moves = list[tuple[date, int]]


# --- Interest, day by day ---


def accrued(now: Snapshot, holder: int, until: date) -> list[tuple[int, int]]:
    """(year, öre) of a lender's interest that is not settled yet, up to the day before `until`.

    Each year is rounded half up, once. Of a year that is over, interest that is to be added earns
    from 1 January on, settled or not: to settle late costs nobody anything.
    """
    moves = _moves(now, holder)
    if not moves:
        return []
    start = max(_settled_to(now, holder), min(day for day, _minor in moves))
    told = []
    for year in range(start.year, until.year + 1):
        turn = date(year + 1, 1, 1)
        minor = half_up(integral(moves, now.terms, max(start, date(year, 1, 1)), min(until, turn)))
        if minor:
            told.append((year, minor))
        if turn <= until and now.kind_on(date(year, 12, 31)).interest == "added":
            moves.append((turn, minor))
    return told


def _moves(now: Snapshot, holder: int) -> Moves:
    """What a lender had out, by the day from which it earns.

    Added interest earns from the turn of its year. A settlement that was undone is as if it had
    not been.
    """
    years = _settled(now)
    moves = []
    for change in now.changes:
        if change.role != "loan" or change.number != holder:
            continue
        if not change.why.startswith("year-interest"):
            moves.append((change.on, change.amount))
        elif change.action in years:
            moves.append((date(years[change.action] + 1, 1, 1), change.amount))
    return moves


def _settled(now: Snapshot) -> dict[int, int]:
    """Action → the year that it settled."""
    return {done.number: done.facts["year"] for done in now.of("year-interest")}


def _settled_to(now: Snapshot, holder: int) -> date:
    """The first day whose interest is not settled: after the last year, or the last leaving."""
    turns = [date(year + 1, 1, 1) for year in _settled(now).values()]
    left = [d.on for d in _leavings(now) if now.action(d.facts["notice"]).facts["holder"] == holder]
    return max([*turns, *left], default=date.min)


def _leavings(now: Snapshot) -> list[Done]:
    """Payments that settled the interest too: those that posted any."""
    posted = {c.action for c in now.changes if c.why == "pay-notice" and c.amount > 0}
    return [done for done in now.of("pay-notice") if done.number in posted]


# --- Rules ---


def _refuse_planned(kind: NoticeTerms) -> None:
    if kind.schedule_type != ON_NOTICE:
        raise BadTerms(reason=_("this loan is repaid by its plan"))


def _refuse_settled(now: Snapshot) -> None:
    """Money that goes on a day of a settled year would change its interest."""
    for number, year in _settled(now).items():
        if now.as_of.year <= year:
            raise YearSettled(year=str(year), number=number, on=date(year + 1, 1, 1))


def _year_interest(kind: NoticeTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    """Each lender's interest for a year that is over: added to the loan, or a debt to be paid."""
    _refuse_planned(kind)
    year = facts["year"]
    settled = set(_settled(now).values())
    if year in settled:
        raise AlreadyRecorded(what=_("the interest of %(year)s") % facts)
    if now.as_of < date(year, 12, 31):
        raise TooEarly(on=date(year, 12, 31))
    if settled and year < max(settled):
        raise AlreadyRecorded(what=_("the interest of %(year)s") % {"year": max(settled)})
    turn = date(year + 1, 1, 1)
    told = {holder: dict(accrued(now, holder, turn)) for holder in now.held("loan") if holder}
    if before := [y for years in told.values() for y in years if y < year]:
        raise SettleFirst(year=str(min(before)))
    owed = {holder: years[year] for holder, years in told.items() if year in years}
    if not owed:
        raise NothingOwed
    added = now.kind_on(date(year, 12, 31)).interest == "added"
    role = "loan" if added else "interest"
    return [
        Posting(At("expenses:interest"), At(role, holder), minor) for holder, minor in owed.items()
    ]


def _pay_interest(kind: NoticeTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    owed = {holder: minor for holder, minor in now.held("interest").items() if minor}
    if not owed:
        raise NothingOwed
    return [Posting(At("interest", holder), At("bank"), minor) for holder, minor in owed.items()]


def _notice(kind: NoticeTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    _refuse_planned(kind)
    who = facts["holder"]
    waiting = sum(d.facts["amount"] for d in _unpaid(now) if d.facts["holder"] == who)
    # Later movements are known too: no notice of what has gone, nor of what was not there yet.
    left = min(now.held_by("loan", who, on) for on in (now.as_of, date.max)) - waiting
    if facts["amount"] > left:
        raise TooMuch(left=kronor(max(0, left)))
    return []


def _unpaid(now: Snapshot) -> list[Done]:
    paid = {d.facts["notice"] for d in now.of("pay-notice")}
    return [d for d in now.of("notice") if d.number not in paid]


def _open(now: Snapshot) -> set[int]:
    return {d.number for d in _unpaid(now)}


def due_after_notice(now: Snapshot, given_on: date) -> date:
    """When notice given on a day falls due, by the terms of that day."""
    return months_after(given_on, now.kind_on(given_on).notice_months)


def _pay_notice(kind: NoticeTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    notice = now.action(facts["notice"])
    if notice.number not in {d.number for d in _unpaid(now)}:
        raise AlreadyRecorded(what=_("the payment"))
    if now.as_of < (due := due_after_notice(now, notice.on)):
        raise TooEarly(on=due)
    _refuse_settled(now)
    who = notice.facts["holder"]
    if notice.facts["amount"] + _added_since(notice, now) < now.held_by("loan", who):
        return [Posting(At("loan", who), At("bank"), notice.facts["amount"])]
    return _leave(kind, who, now)


def _added_since(notice: Done, now: Snapshot) -> int:
    """Interest that was added to the lender's loan after the notice: the notice is of it too."""
    later = {number for number in _settled(now) if number > notice.number}
    who = notice.facts["holder"]
    return sum(
        c.amount
        for c in now.changes
        if c.role == "loan" and c.number == who and c.action in later and c.amount > 0
    )


def _leave(kind: NoticeTerms, who: int, now: Snapshot) -> list[Posting]:
    """All that a lender has, with the interest up to the day: the last settlement."""
    interest = sum(minor for _year, minor in accrued(now, who, now.as_of))
    loan, owed = now.held_by("loan", who), now.held_by("interest", who)
    if not loan + owed + interest:
        raise NothingOwed
    added = kind.interest == "added"
    at_bank, cost = At("bank"), At("expenses:interest")
    return [
        Posting(cost, At("loan" if added else "interest", who), interest),
        Posting(At("interest", who), at_bank, owed + (0 if added else interest)),
        Posting(At("loan", who), at_bank, loan + (interest if added else 0)),
    ]


def what_rests_on(done: Done, now: Snapshot) -> Refused | None:
    """Why a settlement or a payment is not undone: a later year, or the year that it was in."""
    if done.act == "year-interest":
        later = [n for n, year in _settled(now).items() if year > done.facts["year"]]
        later += [d.number for d in _leavings(now) if d.on.year > done.facts["year"]]
    elif done.act == "pay-notice":
        later = [n for n, year in _settled(now).items() if year >= done.on.year]
    else:
        return None
    return UndoLaterFirst(number=max(later)) if later else None


def _guarded(act: ActionType) -> ActionType:
    """Vouchers in place of the loan are money that goes: not on a day of a settled year."""
    if act.name != "give-vouchers":
        return act

    def rule(kind: NoticeTerms, facts: Facts, now: Snapshot) -> Sequence[Posting]:
        if facts["of"] == "loan" and kind.schedule_type == ON_NOTICE:
            _refuse_settled(now)
        return act.rule(kind, facts, now)

    return replace(act, rule=rule)


# --- What can be read ---


def _interest(kind: NoticeTerms, now: Snapshot) -> list[Row]:
    """Settled years as they were booked, and the running year up to the day: a preview."""
    rows: list[Row] = []
    settled, left = _settled(now), {done.number: done.on.year for done in _leavings(now)}
    for change in now.changes:
        if change.amount < 0 or change.why.endswith("-reversed"):
            continue
        if change.action in settled:
            what = _("added to the loan") if change.role == "loan" else _("to be paid")
            rows.append((change.number, str(settled[change.action]), change.amount, what))
        elif change.action in left:
            year = str(left[change.action])
            rows.append((change.number, year, change.amount, _("paid when the lender left")))
    if kind.schedule_type == ON_NOTICE:
        until = now.as_of + timedelta(days=1)
        to_come = [
            (year, holder, minor)
            for holder in now.held("loan")
            for year, minor in accrued(now, holder, until)
        ]
        rows += [
            (h, str(year), minor, _("so far, not settled")) for year, h, minor in sorted(to_come)
        ]
    return rows


def _notices(kind: NoticeTerms, now: Snapshot) -> list[Row]:
    unpaid = {d.number for d in _unpaid(now)}
    return [
        (
            d.facts["holder"],
            d.on,
            due_after_notice(now, d.on),
            d.facts["amount"],
            "" if d.number in unpaid else _("paid"),
        )
        for d in now.of("notice")
    ]


ACTS = (
    ActionType(
        "year-interest",
        _("Interest of a year"),
        _("Settles every lender's interest for a year that is over. See the sheet first."),
        (Question("year", _("Year"), Answer.YEAR),),
        _year_interest,
        needs_second=True,
    ),
    ActionType(
        "pay-interest",
        _("Interest is paid"),
        _("All interest that lenders have to get, paid at the bank."),
        (),
        _pay_interest,
    ),
    ActionType(
        "notice",
        _("A lender gives notice"),
        _("Starts the time after which the money is paid back."),
        (
            Question("holder", _("Lender"), Answer.HOLDER, role="loan"),
            Question("amount", _("Amount, in kronor"), Answer.KRONOR),
        ),
        _notice,
    ),
    ActionType(
        "pay-notice",
        _("Pay what notice was given of"),
        _("When the time of notice is over. Who leaves gets the interest up to the day too."),
        (Question("notice", _("Notice"), Answer.ACTION, of="notice", among=_open),),
        _pay_notice,
    ),
    *map(
        _guarded, vouchers.acts("loan", (("loan", _("the loan")), ("interest", _("the interest"))))
    ),
)
SHEETS = (
    Sheet(
        "interest",
        _("Interest by year"),
        _("Settled years, and what the running year has come to"),
        (
            Column("holder", _("Lender"), Shape.HOLDER),
            Column("year", _("Year")),
            Column("interest", _("Interest"), Shape.KRONOR, is_summed=True),
            Column("what", _("Remark")),
        ),
        _interest,
        for_holders=True,
    ),
    Sheet(
        "notices",
        _("Notice given"),
        _("And when it falls due"),
        (
            Column("holder", _("Lender"), Shape.HOLDER),
            Column("on", _("Given"), Shape.DAY),
            Column("due_on", _("Falls due"), Shape.DAY),
            Column("amount", _("Amount"), Shape.KRONOR, is_summed=True),
            Column("paid", _("Remark")),
        ),
        _notices,
        for_holders=True,
    ),
    vouchers.SHEET,
)
