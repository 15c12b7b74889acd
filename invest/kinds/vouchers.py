"""Värdebevis: a debt to holders paid in vouchers for the borrower's own goods, a krona each.

Until it is used a voucher is a debt still (BAS 2421); after its last day it lapses. The oldest are
used first. A kind that pays so adds `ACCOUNTS`, `OWN_ACCOUNTS`, `acts` and `SHEET` to its own.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from invest.kinds.actions import (
    RIGHTS,
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
)
from invest.kinds.refusals import BadTerms, NotEnough, NothingNew, TooMuch
from pools.money import kronor

UNIT = "VOUCHER"
ACCOUNTS = (
    AccountRole("voucher", "liability", "", RIGHTS, floored=True, label=_("Vouchers to use")),
)
OWN_ACCOUNTS = (
    AccountRole("printed", "asset", "", RIGHTS),
    AccountRole("redeemed", "liability", "", RIGHTS, floored=True),
)
_DEBT = At("liabilities:vouchers")


@dataclass(frozen=True, slots=True)
class Batch:
    """Vouchers given to a holder, the last day they are good for, and how many are left."""

    holder: int
    on: date
    until: date
    given: int
    left: int


def batches(now: Snapshot) -> list[Batch]:
    """All that were given, with what use and lapse left of each; the oldest are used first."""
    gone: dict[int, int] = {}
    for done in now.of("use-vouchers"):
        gone[done.facts["holder"]] = gone.get(done.facts["holder"], 0) + done.facts["number"]
    lapsed = max((done.on for done in now.of("lapse-vouchers")), default=date.min)
    told = []
    for done in sorted(now.of("give-vouchers"), key=lambda d: (d.facts["until"], d.number)):
        holder, number = done.facts["holder"], done.facts["amount"] // 100
        used = min(number, gone.get(holder, 0))
        gone[holder] = gone.get(holder, 0) - used
        left = 0 if done.facts["until"] < lapsed else number - used
        told.append(Batch(holder, done.on, done.facts["until"], number, left))
    return told


def _give(kind: Any, facts: Facts, now: Snapshot) -> list[Posting]:
    holder, minor = facts["holder"], facts["amount"]
    if minor % 100:
        raise BadTerms(field="amount", reason=_("vouchers are of whole kronor"))
    if facts["until"] <= now.as_of:
        raise BadTerms(field="until", reason=_("it ends before it begins"))
    if facts["of"] == kind.money_role and kind.schedule(minor, now.as_of):
        raise BadTerms(field="of", reason=_("this loan is repaid by its plan"))
    if minor > (owed := now.held_by(facts["of"], holder)):
        raise TooMuch(left=kronor(owed))
    return [
        Posting(At(facts["of"], holder), _DEBT, minor),
        Posting(At("printed"), At("voucher", holder), minor // 100, RIGHTS),
    ]


def _use(kind: Any, facts: Facts, now: Snapshot) -> list[Posting]:
    valid = sum(
        batch.left
        for batch in batches(now)
        if batch.holder == facts["holder"] and batch.until >= now.as_of
    )
    if facts["number"] > valid:
        raise NotEnough(left=kronor(100 * valid), wanted=kronor(100 * facts["number"]))
    return [
        Posting(At("voucher", facts["holder"]), At("redeemed"), facts["number"], RIGHTS),
        Posting(_DEBT, At("income:result"), 100 * facts["number"]),
    ]


def _lapse(kind: Any, facts: Facts, now: Snapshot) -> list[Posting]:
    over = [batch for batch in batches(now) if batch.left and batch.until < now.as_of]
    if not over:
        raise NothingNew
    return [
        posting
        for batch in over
        for posting in (
            Posting(At("voucher", batch.holder), At("redeemed"), batch.left, RIGHTS),
            Posting(_DEBT, At("income:lapsed"), 100 * batch.left),
        )
    ]


def acts(role: str, owed_as: tuple[tuple[str, Any], ...]) -> tuple[ActionType, ...]:
    """Giving, using and lapsing; `owed_as` names the holders' accounts that vouchers may settle."""
    holder = Question("holder", _("Holder"), Answer.HOLDER, role=role)
    return (
        ActionType(
            "give-vouchers",
            _("Paid back in vouchers"),
            _("For the borrower's own goods or work, a krona each. A debt until they are used."),
            (
                holder,
                Question("of", _("In place of"), Answer.CHOICE, choices=owed_as),
                Question("amount", _("Amount, in kronor"), Answer.KRONOR),
                Question("until", _("Last day"), Answer.DAY),
            ),
            _give,
            needs_evidence=True,
        ),
        ActionType(
            "use-vouchers",
            _("Vouchers are used"),
            _("The oldest first; each once, and not after its last day."),
            (holder, Question("number", _("Kronor in vouchers"), Answer.WHOLE)),
            _use,
        ),
        ActionType(
            "lapse-vouchers",
            _("Vouchers lapse"),
            _("Those whose last day has passed are a debt no more."),
            (),
            _lapse,
            needs_second=True,
        ),
    )


def _rows(kind: Any, now: Snapshot) -> list[Row]:
    return [(b.holder, b.on, b.until, b.given, b.given - b.left, b.left) for b in batches(now)]


SHEET = Sheet(
    "vouchers",
    _("Vouchers"),
    _("A krona each, the oldest used first"),
    (
        Column("holder", _("Holder"), Shape.HOLDER),
        Column("on", _("Given"), Shape.DAY),
        Column("until", _("Last day"), Shape.DAY),
        Column("given", _("Number"), Shape.NUMBER, is_summed=True),
        Column("gone", _("Used or lapsed"), Shape.NUMBER, is_summed=True),
        Column("left", _("Left"), Shape.NUMBER, is_summed=True),
    ),
    _rows,
    for_holders=True,
)
