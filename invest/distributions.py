"""Payouts to holders: computed by one person, approved by another, then paid.

Parts follow what each held at the end of the record day, exact to the öre, with fractions carried
from one payout of the vehicle to the next.
"""

from datetime import date, datetime
from fractions import Fraction

from django.db import transaction
from django.utils import timezone
from moneyed import Money

from invest import offerings
from invest.models import Distribution, DistributionLine, Holding, User, Vehicle
from pools import balances, book
from pools.errors import KeyReused, NothingHeld, SecondPersonNeeded, WrongState
from pools.models import Account, BankAccount
from pools.money import ore, split_with_carry


@transaction.atomic
def compute(
    *,
    vehicle: Vehicle,
    total: Money,
    record_on: date,
    reason: str,
    by: User,
    key: str,
    at: datetime | None = None,
) -> Distribution:
    """Share `total` among those who held at the end of `record_on`. Nothing is booked yet.

    The same key with the same content returns the one already there. Raises KeyReused, and
    NothingHeld where nobody held anything.
    """
    vehicle = Vehicle.objects.select_for_update().get(pk=vehicle.pk)
    if earlier := Distribution.objects.filter(key=key).first():
        same = (vehicle.pk, record_on, ore(total), reason)
        if same != (earlier.vehicle_id, earlier.record_on, earlier.total_minor, earlier.reason):
            raise KeyReused
        return earlier
    role = offerings.terms(vehicle, record_on).weight_role
    held = list(
        Holding.objects.filter(vehicle=vehicle, role=role)
        .select_related("account")
        .order_by("number")
    )
    standing = balances.balances([holding.account for holding in held], as_of=record_on)
    weights = [standing[holding.account_id] for holding in held]
    if not any(weights):
        raise NothingHeld
    last = _last_carries(vehicle)
    shared = split_with_carry(
        ore(total), weights, [last.get(holding.pk, Fraction(0)) for holding in held]
    )
    distribution = Distribution.objects.create(
        vehicle=vehicle,
        record_on=record_on,
        total_minor=ore(total),
        reason=reason,
        key=key,
        computed_by=by,
        computed_at=at or timezone.now(),
    )
    DistributionLine.objects.bulk_create(
        DistributionLine(
            distribution=distribution,
            holding=holding,
            weight=weights[i],
            amount_minor=shared.parts[i],
            carry=str(shared.carry[i]),
        )
        for i, holding in enumerate(held)
    )
    return distribution


@transaction.atomic
def approve(
    *, distribution: Distribution, by: User, on: date, at: datetime | None = None
) -> Distribution:
    """A second person agrees: the total becomes a debt to the holders."""
    row = Distribution.objects.select_for_update(of=("self",)).get(pk=distribution.pk)
    if row.state != Distribution.State.COMPUTED:
        raise WrongState(state=row.state.label)
    if row.computed_by_id == by.pk:
        raise SecondPersonNeeded
    ledger = row.vehicle.pool.ledger
    accounts = {a.code: a for a in Account.objects.filter(ledger=ledger, pool__isnull=True)}
    row.decided_entry = book.post(
        ledger=ledger,
        on=on,
        kind="distribution-decided",
        moves=[
            book.Move(
                debit=accounts["equity:retained"],
                credit=accounts["liabilities:payable"],
                amount_minor=row.total_minor,
            )
        ],
        key=f"distribution:{row.pk}:decided",
        by=f"user:{by.pk}",
    )
    row.approved_by, row.approved_at = by, at or timezone.now()
    row.save(update_fields=["decided_entry", "approved_by", "approved_at"])
    return row


@transaction.atomic
def pay(*, distribution: Distribution, by: User, on: date) -> Distribution:
    """The treasurer has paid it at the bank: the debt is gone."""
    row = Distribution.objects.select_for_update(of=("self",)).get(pk=distribution.pk)
    if row.state != Distribution.State.APPROVED:
        raise WrongState(state=row.state.label)
    ledger = row.vehicle.pool.ledger
    row.paid_entry = book.post(
        ledger=ledger,
        on=on,
        kind="distribution-paid",
        moves=[
            book.Move(
                debit=Account.objects.get(ledger=ledger, code="liabilities:payable"),
                credit=BankAccount.objects.get(account__ledger=ledger).unmatched,
                amount_minor=row.total_minor,
            )
        ],
        key=f"distribution:{row.pk}:paid",
        by=f"user:{by.pk}",
    )
    row.save(update_fields=["paid_entry"])
    return row


def _last_carries(vehicle: Vehicle) -> dict[int, Fraction]:
    lines = DistributionLine.objects.filter(distribution__vehicle=vehicle)
    return {line.holding_id: Fraction(line.carry) for line in lines.order_by("distribution_id")}
