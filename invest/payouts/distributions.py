"""Payouts to holders: computed by one person, approved by another, then paid.

Parts follow what each held at the end of the record day, or how long it was held, exact to the öre,
with fractions carried from one payout of the vehicle to the next. A part too small to be paid stays
a debt until it is enough.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from moneyed import Money

from invest.kinds.actions import Snapshot
from invest.kinds.refusals import NothingHeld, NothingOwed, OverCeiling
from invest.models import Distribution, DistributionLine, Holding, User, Vehicle
from invest.once import Sent
from invest.payouts.refusals import ComputeAgain, NotReceived, TooLittle
from invest.refusals import SecondPersonNeeded, WrongState
from invest.treasury.queries import available_minor
from invest.vehicles import actions, books, holdings, offerings
from pools import book
from pools.models import Account
from pools.money import SplitResult, kronor, ore


@transaction.atomic
def compute(
    *,
    vehicle: Vehicle,
    total: Money,
    record_on: date,
    reason: str,
    by: User,
    key: str,
    held_since: date | None = None,
    least: Money | None = None,
    at: datetime | None = None,
) -> Distribution:
    """Share `total` among those who held at the end of `record_on`. Nothing is booked yet.

    With `held_since` a part follows what was held on each day from then on, added up. Parts under
    `least` are owed until next time. The same key with the same content returns the one already
    there. Raises KeyReused, OverCeiling, NothingHeld where nobody held anything, and TooLittle
    where it is less than an öre for each share.
    """
    vehicle = Vehicle.objects.select_for_update().get(pk=vehicle.pk)
    decided, least_minor = ore(total), ore(least) if least else 0
    told = {
        "vehicle_id": vehicle.pk,
        "record_on": record_on,
        "decided_minor": decided,
        "reason": reason,
        "held_since": held_since,
        "least_minor": least_minor,
    }
    if earlier := Sent(key, told).earlier(Distribution.objects.all()):
        return earlier
    _refuse_over_ceiling(vehicle, decided, record_on)
    weights = _weights(vehicle, record_on, held_since)
    if not any(weights.values()):
        raise NothingHeld
    before = _before(vehicle)
    carries = [before.get(held.pk, _NOTHING).carry for held in weights]
    kind = offerings.terms(vehicle, record_on)
    shared = kind.share_out(
        decided, list(weights.values()), carries, by_days=held_since is not None
    )
    if not any(shared.parts):
        raise TooLittle
    distribution = Distribution.objects.create(
        vehicle=vehicle,
        record_on=record_on,
        held_since=held_since,
        total_minor=sum(shared.parts),
        kept_minor=decided - sum(shared.parts),
        least_minor=least_minor,
        reason=reason,
        key=key,
        computed_by=by,
        computed_at=at or timezone.now(),
    )
    DistributionLine.objects.bulk_create(_lines(distribution, weights, shared, before))
    return distribution


def _weights(vehicle: Vehicle, record_on: date, since: date | None) -> dict[Holding, int]:
    """Holding → what it weighs: the balance on the record day, or its sum over the days since."""
    role = offerings.terms(vehicle, record_on).weight_role
    held = list(
        Holding.objects.filter(vehicle=vehicle, role=role)
        .select_related("account")
        .order_by("number")
    )
    if since is None:
        standing = holdings.held(vehicle, role, record_on)
        return {holding: standing.get(holding.number, 0) for holding in held}
    now = actions.snapshot(vehicle, record_on)
    return {holding: days_held(now, role, holding.number, since) for holding in held}


def days_held(now: Snapshot, role: str, number: int, since: date) -> int:
    """Units times days from `since` to the end of the standing's day, both included."""
    end = now.as_of + timedelta(days=1)
    total = 0
    for change in now.changes:
        if change.role == role and change.number == number:
            total += change.amount * (end - max(change.on, since)).days
    return total


def _refuse_over_ceiling(vehicle: Vehicle, total_minor: int, on: date) -> None:
    now = actions.snapshot(vehicle, on)
    room = now.kind.ceiling(now)
    if room is not None and total_minor > room:
        raise OverCeiling(room=kronor(room))


@transaction.atomic
def approve(
    *, distribution: Distribution, by: User, on: date, at: datetime | None = None
) -> Distribution:
    """A second person agrees: the total becomes a debt to the holders.

    Raises WrongState, SecondPersonNeeded, OverCeiling, NotReceived where there is not so much
    money, and ComputeAgain where another payout was approved in between.
    """
    row = Distribution.objects.select_for_update(of=("self",)).get(pk=distribution.pk)
    if row.state != Distribution.State.COMPUTED:
        raise WrongState(state=row.state.label)
    if row.computed_by_id == by.pk:
        raise SecondPersonNeeded
    Vehicle.objects.select_for_update().get(pk=row.vehicle_id)
    if row.vehicle.distributions.filter(approved_at__gt=row.computed_at).exists():
        raise ComputeAgain
    _refuse_over_ceiling(row.vehicle, row.total_minor, on)
    ledger = row.vehicle.pool.ledger
    if row.total_minor > (there := available_minor(ledger)):
        raise NotReceived(left=kronor(max(0, there)))
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
    """The treasurer has paid it at the bank; what was too little to be paid is still owed."""
    row = Distribution.objects.select_for_update(of=("self",)).get(pk=distribution.pk)
    if row.state != Distribution.State.APPROVED:
        raise WrongState(state=row.state.label)
    ledger = row.vehicle.pool.ledger
    paid = row.lines.aggregate(total=Sum("paid_minor"))["total"] or 0
    if not paid:
        raise NothingOwed
    row.paid_entry = book.post(
        ledger=ledger,
        on=on,
        kind="distribution-paid",
        moves=[
            book.Move(
                debit=Account.objects.get(ledger=ledger, code="liabilities:payable"),
                credit=books.in_transit(ledger, on),
                amount_minor=paid,
            )
        ],
        key=f"distribution:{row.pk}:paid",
        by=f"user:{by.pk}",
    )
    row.save(update_fields=["paid_entry"])
    return row


@dataclass(frozen=True, slots=True)
class _Before:
    """What earlier payouts left: a fraction of an öre, and öre owed but too few to be paid."""

    carry: Fraction
    owed_minor: int


_NOTHING = _Before(Fraction(0), 0)


def _before(vehicle: Vehicle) -> dict[int, _Before]:
    """Holding → what approved payouts left. One that was never approved leaves nothing."""
    lines = DistributionLine.objects.filter(
        distribution__vehicle=vehicle, distribution__decided_entry__isnull=False
    ).order_by("distribution__approved_at", "distribution_id")
    left: dict[int, _Before] = {}
    for line in lines:
        owed = left.get(line.holding_id, _NOTHING).owed_minor
        left[line.holding_id] = _Before(
            Fraction(line.carry), owed + line.amount_minor - line.paid_minor
        )
    return left


def _lines(
    distribution: Distribution,
    weights: Mapping[Holding, int],
    shared: SplitResult,
    before: Mapping[int, _Before],
) -> Iterator[DistributionLine]:
    """Each holder's part, and what is paid now: with what was owed, if it is enough."""
    for i, (held, weight) in enumerate(weights.items()):
        due = before.get(held.pk, _NOTHING).owed_minor + shared.parts[i]
        yield DistributionLine(
            distribution=distribution,
            holding=held,
            weight=weight,
            amount_minor=shared.parts[i],
            paid_minor=due if due >= distribution.least_minor else 0,
            carry=str(shared.carry[i]),
        )
