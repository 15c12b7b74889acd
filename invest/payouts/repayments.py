"""What a borrower pays back: the plan, each repayment shared among the lenders, and arrears."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db import transaction
from django.db.models import Sum, TextChoices
from django.utils.translation import gettext_lazy as _

from invest.kinds.kind import Replanned
from invest.kinds.refusals import BadTerms, NothingOwed, TooMuch
from invest.kinds.schedules import Due
from invest.models import Holding, Instalment, Plan, Repayment, RepaymentLine, Vehicle
from invest.once import Sent
from invest.payouts.refusals import ArrearsFirst, TooLate
from invest.vehicles import books, holdings, offerings
from invest.vehicles.refusals import BeforeItBegan
from pools import balances, book
from pools.errors import KeyReused
from pools.models import Account, Entry
from pools.money import kronor, split_with_carry


@dataclass(frozen=True, slots=True)
class Owed:
    """An instalment and what is still open on it, in minor units."""

    instalment: Instalment
    interest_minor: int
    principal_minor: int

    @property
    def total_minor(self) -> int:
        """Interest and principal together: one debt, one unit."""
        return self.interest_minor + self.principal_minor


@transaction.atomic
def make_plan(*, vehicle: Vehicle, on: date, reason: str = "", restructured: bool = False) -> Plan:
    """Plan the repayment of what the lenders have paid in by `on`, by the terms then in force.

    A new version when there is a plan already; the old one stays. Raises BeforeItBegan,
    NothingOwed, and BadTerms where the terms plan nothing.
    """
    Vehicle.objects.select_for_update().get(pk=vehicle.pk)
    newest = vehicle.plans.order_by("-version").first()
    _refuse_before(newest.made_on if newest else offerings.first_day(vehicle), on)
    principal = outstanding(vehicle, on)
    if principal < 1:
        raise NothingOwed
    rows = offerings.terms(vehicle, on).schedule(principal, on)
    if not rows:
        raise BadTerms(reason=_("it is repaid on notice, not by a plan"))
    return _put(vehicle, on, principal, rows, reason=reason, restructured=restructured)


def _refuse_before(began_on: date, on: date) -> None:
    if on < began_on:
        raise BeforeItBegan(on=began_on)


def outstanding(vehicle: Vehicle, on: date) -> int:
    """What all lenders together have out at the end of a day, in öre."""
    return sum(holdings.held(vehicle, offerings.terms(vehicle, on).money_role, on).values())


def _put(
    vehicle: Vehicle,
    on: date,
    principal: int,
    rows: Sequence[Due],
    *,
    reason: str,
    restructured: bool = False,
) -> Plan:
    plan = Plan.objects.create(
        vehicle=vehicle,
        version=vehicle.plans.count() + 1,
        made_on=on,
        principal_minor=principal,
        reason=reason,
        restructured=restructured,
    )
    Instalment.objects.bulk_create(
        Instalment(
            plan=plan,
            period=due.period,
            due_on=due.due_on,
            principal_minor=due.principal_minor,
            interest_minor=due.interest_minor,
            fee_minor=due.fee_minor,
        )
        for due in rows
    )
    return plan


@transaction.atomic
def restructure(*, vehicle: Vehicle, terms: Mapping[str, object], on: date, reason: str) -> Plan:
    """The borrower cannot keep the plan: new terms, and a new plan for all that is left.

    What was agreed and what was paid stay on record. Raises NothingOwed, BadTerms.
    """
    offerings.change_terms(vehicle=vehicle, terms=terms, on=on, reason=reason)
    return make_plan(vehicle=vehicle, on=on, reason=reason, restructured=True)


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
    plan = vehicle.plans.order_by("-version").first()
    _refuse_before(offerings.first_day(vehicle), on)
    principal = outstanding(vehicle, on)
    if plan is None or principal < 1:
        raise NothingOwed
    _refuse_before(plan.made_on, on)
    rows = list(plan.instalments.order_by("period"))
    if any(owed_on(row).total_minor for row in rows if row.due_on <= on):
        raise ArrearsFirst
    coming = [row for row in rows if row.due_on > on and row.principal_minor + row.interest_minor]
    kind = offerings.terms(vehicle, on)
    if not isinstance(kind, Replanned):
        raise NothingOwed
    since = max([plan.made_on, *(row.due_on for row in rows if row.due_on <= on)])
    interest = kind.interest_between(principal, since, on)
    if amount_minor <= interest:
        raise TooLate(interest=kronor(interest))
    if amount_minor > principal + interest:
        raise TooMuch(left=kronor(principal + interest))
    left = principal - (amount_minor - interest)
    first = Due(0, on, amount_minor - interest, interest, 0, left)
    rest = kind.replan(left, on, [row.due_on for row in coming], _level(coming), then == "shorter")
    made = _put(vehicle, on, principal, [first, *rest], reason=str(Then(then).label))
    return repay(instalment=made.instalments.get(period=0), on=on, by=by, key=key)


def _level(coming: Sequence[Instalment]) -> int:
    """What each payment to come was, principal and interest."""
    return coming[0].principal_minor + coming[0].interest_minor if coming else 0


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
    _refuse_before(instalment.plan.made_on, on)
    owed = owed_on(instalment)
    amount = owed.total_minor if amount_minor is None else amount_minor
    if owed.total_minor == 0:
        raise NothingOwed
    if not 0 < amount <= owed.total_minor:
        raise TooMuch(left=kronor(owed.total_minor))
    interest = min(amount, owed.interest_minor)
    lines = _share(vehicle, on, principal=amount - interest, interest=interest)
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


def owed_on(instalment: Instalment) -> Owed:
    """What is open on an instalment after all repayments that stand."""
    paid = instalment.repayments.standing().aggregate(
        principal=Sum("principal_minor"), interest=Sum("interest_minor")
    )
    return Owed(
        instalment=instalment,
        interest_minor=instalment.interest_minor + instalment.fee_minor - (paid["interest"] or 0),
        principal_minor=instalment.principal_minor - (paid["principal"] or 0),
    )


def _sent_before(key: str, **told: object) -> Repayment | None:
    """The repayment whose entry has the key. Raises KeyReused where it, or the entry, is other."""
    if (entry := Sent(key).earlier(Entry.objects.all())) is None:
        return None
    repaid = Repayment.objects.filter(entry=entry).select_related("instalment__plan").first()
    if repaid is None or not Sent(key, told).is_in(repaid):
        raise KeyReused
    return repaid


def _holdings(vehicle: Vehicle, role: str) -> Sequence[Holding]:
    return list(
        Holding.objects.filter(vehicle=vehicle, role=role)
        .select_related("account")
        .order_by("number")
    )


def _share(vehicle: Vehicle, on: date, *, principal: int, interest: int) -> list[RepaymentLine]:
    held = _holdings(vehicle, offerings.terms(vehicle, on).money_role)
    outstanding = balances.balances([holding.account for holding in held])
    weights = [outstanding[holding.account_id] for holding in held]
    last = _last_carries(held)
    carried = [last.get(holding.pk, (Fraction(0), Fraction(0))) for holding in held]
    # Nobody is repaid more than is out, whatever fractions were carried.
    principals = split_with_carry(principal, weights, [carry[0] for carry in carried], most=weights)
    interests = split_with_carry(interest, weights, [carry[1] for carry in carried])
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
