"""What a borrower pays back: each repayment shared among the lenders, or undone."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from math import lcm

from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from invest.kinds.accrual import integral
from invest.kinds.kind import Replanned
from invest.kinds.refusals import NothingOwed, TooMuch
from invest.kinds.schedules import Due
from invest.models import Holding, Instalment, Placement, Repayment, RepaymentLine, Vehicle
from invest.once import Sent
from invest.payouts.plans import (
    Owed,
    Position,
    earning_days,
    holdings_of,
    make_plan,
    moves_of,
    outstanding,
    owed_on,
    put,
    refuse_before,
    refuse_dated_back,
    replanned,
    restructure,
)
from invest.payouts.refusals import (
    ArrearsFirst,
    BankTold,
    LaterRepaymentFirst,
    OutsidePlan,
    PlanRests,
    TermsSince,
    TooLate,
)
from invest.refusals import WrongState
from invest.vehicles import books, offerings
from pools import balances, book
from pools.errors import KeyReused
from pools.models import Account, Entry
from pools.money import half_up, kronor, split_with_carry

__all__ = [
    "Owed",
    "Then",
    "make_plan",
    "outstanding",
    "owed_on",
    "refuse_old_plan",
    "repay",
    "repay_early",
    "restructure",
    "share",
    "undo",
]


class Then(TextChoices):
    """What an early repayment does to the rest of the plan."""

    SHORTER = "shorter", _("pay as much each time, and be done sooner")
    LOWER = "lower", _("pay less each time, and be done on the same day")


@transaction.atomic
def repay_early(
    *, vehicle: Vehicle, amount_minor: int, on: date, then: str, by: str, key: str
) -> Repayment:
    """More than what is due: interest up to the day first, the rest off the principal, at once.

    A new version of the plan begins with this payment; rows to come are reckoned anew and keep
    their days. Raises ArrearsFirst while something due is unpaid, BeforeItBegan, NothingOwed,
    TooLate where it is no more than the interest so far, TooMuch.
    """
    vehicle = Vehicle.objects.select_for_update().get(pk=vehicle.pk)
    if earlier := _sent_before(key, paid_on=on, amount_minor=amount_minor):
        return earlier
    plan = vehicle.plans.in_force().first()
    refuse_before(offerings.first_day(vehicle), on)
    principal = outstanding(vehicle, on)
    if plan is None or principal < 1:
        raise NothingOwed
    refuse_before(plan.made_on, on)
    refuse_dated_back(vehicle, on)
    now = Position(plan, on)
    if now.fallen:
        raise ArrearsFirst
    kind = offerings.terms(vehicle, on)
    if not isinstance(kind, Replanned):
        raise NothingOwed
    interest = max(0, half_up(now.earned(now.since, on)) - now.prepaid_minor)
    if amount_minor <= interest:
        raise TooLate(interest=kronor(interest))
    if amount_minor > principal + interest:
        raise TooMuch(left=kronor(principal + interest))
    left = principal - (amount_minor - interest)
    first = Due(0, on, amount_minor - interest, interest, 0, left)
    level, shorter = _level(now.coming), then == Then.SHORTER
    rest = replanned(now, kind, left, level_minor=level, shorter=shorter, settled=True)
    made = put(vehicle, on, principal, [first, *rest], reason=str(Then(then).label))
    return repay(instalment=made.instalments.get(period=0), on=on, by=by, key=key)


def _level(coming: Sequence[Owed]) -> int:
    """What each payment to come was, principal and interest."""
    return (
        coming[0].instalment.principal_minor + coming[0].instalment.interest_minor if coming else 0
    )


@transaction.atomic
def repay(
    *, instalment: Instalment, on: date, by: str, key: str, amount_minor: int | None = None
) -> Repayment:
    """Book a repayment of an instalment (None: all that is open on it) and share it out.

    Interest is settled before principal. Each lender's part follows what the lender has
    outstanding, exact to the öre with carried fractions (docs/accounting.md). The same key again
    returns the repayment already there. Raises BeforeItBegan, NothingOwed, TooMuch, KeyReused.
    """
    vehicle = Vehicle.objects.select_for_update().get(pk=instalment.plan.vehicle_id)
    told = {"instalment_id": instalment.pk, "paid_on": on}
    told |= {} if amount_minor is None else {"amount_minor": amount_minor}
    if earlier := _sent_before(key, **told):
        return earlier
    refuse_before(instalment.plan.made_on, on)
    refuse_old_plan(instalment, on)
    owed = owed_on(instalment)
    amount = owed.total_minor if amount_minor is None else amount_minor
    if owed.total_minor == 0:
        raise NothingOwed
    if not 0 < amount <= owed.total_minor:
        raise TooMuch(left=kronor(owed.total_minor))
    interest = min(amount, owed.interest_minor)
    lines = share(instalment, on, principal=amount - interest, interest=interest)
    entry = _book(vehicle, lines, interest, on=on, key=key, by=by)
    repayment = Repayment.objects.create(
        instalment=instalment,
        paid_on=on,
        principal_minor=amount - interest,
        interest_minor=interest,
        entry=entry,
    )
    for line in lines:
        line.repayment = repayment
    RepaymentLine.objects.bulk_create(lines)
    return repayment


def refuse_old_plan(row: Instalment, on: date) -> None:
    """What the plan does not know is not shared by it. Raises OutsidePlan, TermsSince, NothingOwed.

    A plan that was replaced asks for nothing any more.
    """
    plan = row.plan
    now = Position(plan, on)
    if plan != plan.vehicle.plans.in_force().first():
        raise NothingOwed
    planned = sum(owed.principal_minor for owed in now.rows)
    if planned != (there := outstanding(plan.vehicle, date.max)):
        raise OutsidePlan(now=kronor(there), planned=kronor(planned))
    if now.terms_since is not None and now.terms_since < row.due_on:
        raise TermsSince(on=now.terms_since)


@transaction.atomic
def undo(*, repayment: Repayment, on: date, by: str) -> Repayment:
    """Reverse a repayment from a day on: the last one first. The book and the fractions carried go
    back to what they were, and a plan that it began is in force no more.

    Raises WrongState where it is undone, LaterRepaymentFirst, PlanRests, BankTold, and the book's
    own refusals.
    """
    plan = repayment.instalment.plan
    vehicle = Vehicle.objects.select_for_update().get(pk=plan.vehicle_id)
    standing = Repayment.objects.standing().filter(instalment__plan__vehicle=vehicle)
    last = standing.order_by("-pk").first()
    if on < repayment.paid_on or not standing.filter(pk=repayment.pk).exists():
        raise WrongState(state=_("undone"))
    if last is not None and last != repayment:
        raise LaterRepaymentFirst(on=last.paid_on, amount=kronor(last.amount_minor))
    newest = vehicle.plans.in_force().first()
    if newest is not None and newest != plan:
        raise PlanRests(on=newest.made_on)
    entry = repayment.entry
    if Placement.objects.standing().filter(confirms=entry).exists():
        raise BankTold
    book.reverse(entry=entry, on=on, key=f"{entry.key}:undone", by=by)
    return repayment


def _sent_before(key: str, **told: object) -> Repayment | None:
    """The repayment whose entry has the key. Raises KeyReused where it, or the entry, is other."""
    if (entry := Sent(key).earlier(Entry.objects.all())) is None:
        return None
    repaid = Repayment.objects.filter(entry=entry).select_related("instalment__plan").first()
    if repaid is None or not Sent(key, told).is_in(repaid):
        raise KeyReused
    return repaid


def share(row: Instalment, on: date, *, principal: int, interest: int) -> list[RepaymentLine]:
    """Each lender's part of a payment of a row, not kept yet."""
    held = holdings_of(row.plan.vehicle, on)
    outstanding = balances.balances([holding.account for holding in held])
    weights = [outstanding[holding.account_id] for holding in held]
    last = _last_carries(held)
    carried = [last.get(holding.pk, (Fraction(0), Fraction(0))) for holding in held]
    # Nobody is repaid more than is out, whatever fractions were carried.
    principals = split_with_carry(principal, weights, [carry[0] for carry in carried], most=weights)
    earned = _earned(row, held) or weights
    interests = split_with_carry(interest, earned, [carry[1] for carry in carried])
    return [
        RepaymentLine(
            holding=holding,
            principal_minor=principals.parts[i],
            interest_minor=interests.parts[i],
            principal_carry=str(principals.carry[i]),
            interest_carry=str(interests.carry[i]),
        )
        for i, holding in enumerate(held)
    ]


def _earned(row: Instalment, held: Sequence[Holding]) -> list[int] | None:
    """What each earned of a row's interest, as whole weights, where somebody came to the loan while
    it was earned; None where nobody did: then all follows what is outstanding.
    """
    since, until = earning_days(row)
    moves = moves_of(row.plan.vehicle, held)
    if not any(minor > 0 and day > since for one in moves.values() for day, minor in one):
        return None
    terms = Position(row.plan, until).terms
    earned = [integral(moves[holding.pk], terms, since, until) for holding in held]
    scale = lcm(*(exact.denominator for exact in earned))
    return [int(exact * scale) for exact in earned] if any(earned) and min(earned) >= 0 else None


def _last_carries(held: Sequence[Holding]) -> dict[int, tuple[Fraction, Fraction]]:
    lines = RepaymentLine.objects.standing().filter(holding__in=held).order_by("repayment_id")
    return {
        line.holding_id: (Fraction(line.principal_carry), Fraction(line.interest_carry))
        for line in lines
    }


def _book(
    vehicle: Vehicle,
    lines: Sequence[RepaymentLine],
    interest: int,
    *,
    on: date,
    key: str,
    by: str,
) -> Entry:
    ledger = vehicle.pool.ledger
    paid_from = books.in_transit(ledger, on)
    moves = [
        book.Move(debit=line.holding.account, credit=paid_from, amount_minor=line.principal_minor)
        for line in lines
        if line.principal_minor
    ]
    if interest:
        cost = Account.objects.get(ledger=ledger, code="expenses:interest")
        moves.append(book.Move(debit=cost, credit=paid_from, amount_minor=interest))
    return book.post(ledger=ledger, on=on, kind="repayment", moves=moves, key=key, by=by)
