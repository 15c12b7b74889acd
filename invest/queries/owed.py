"""What a saver is owed: instalments to come, payouts not yet paid, and parts kept as a debt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from invest.models import DistributionLine, Holding, Instalment, RepaymentLine, Vehicle
from invest.vehicles import KINDS
from pools import balances
from pools.money import split_with_carry

_STANDS = Q(repayments__entry__reversed_by__isnull=True)


@dataclass(frozen=True, slots=True)
class Coming:
    """The next instalment of a loan: what is open on it of mine, and what comes after, in öre."""

    vehicle: Vehicle
    due_on: date
    principal_minor: int
    interest_minor: int
    payments: int
    last_on: date
    outstanding_minor: int
    late_days: int

    @property
    def total_minor(self) -> int:
        """Principal and interest: one debt, one unit."""
        return self.principal_minor + self.interest_minor


@dataclass(frozen=True, slots=True)
class Due:
    """An amount of one vehicle's that waits for me, in öre; the day it was decided, where one."""

    vehicle: Vehicle
    amount_minor: int
    decided_on: date | None = None


@dataclass(frozen=True, slots=True)
class Owed:
    """All that is owed to one saver. What is decided and what is planned are never added."""

    coming: tuple[Coming, ...] = ()
    payouts: tuple[Due, ...] = ()
    kept: tuple[Due, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is."""
        return bool(self.coming or self.payouts or self.kept)


def owed(standing: Mapping[Holding, int], on: date) -> Owed:
    """What is owed on holdings (each with its balance) on a day. A few queries for each loan."""
    lent = [
        (holding, minor)
        for holding, minor in standing.items()
        if minor > 0 and KINDS[holding.vehicle.kind].money_role == holding.role
    ]
    coming = [_coming(holding, minor, on) for holding, minor in lent]
    lines = list(
        DistributionLine.objects.filter(
            holding__in=list(standing), distribution__decided_entry__isnull=False
        )
        .select_related("distribution__vehicle", "distribution__decided_entry")
        .order_by("distribution__approved_at", "pk")
    )
    return Owed(
        coming=tuple(sorted((c for c in coming if c), key=lambda found: found.due_on)),
        payouts=tuple(_payouts(lines)),
        kept=tuple(_kept(lines)),
    )


def _payouts(lines: Sequence[DistributionLine]) -> list[Due]:
    """Decided, and not yet paid at the bank."""
    return [
        Due(line.distribution.vehicle, line.paid_minor, line.distribution.decided_entry.booked_on)
        for line in lines
        if line.paid_minor and not line.distribution.paid_entry_id
        if line.distribution.decided_entry is not None
    ]


def _kept(lines: Sequence[DistributionLine]) -> list[Due]:
    """Parts too small to be paid yet: a debt until they are enough."""
    left: dict[Vehicle, int] = {}
    for line in lines:
        vehicle = line.distribution.vehicle
        left[vehicle] = left.get(vehicle, 0) + line.amount_minor - line.paid_minor
    return [Due(vehicle, minor) for vehicle, minor in left.items() if minor > 0]


def _coming(holding: Holding, outstanding_minor: int, on: date) -> Coming | None:
    """None where no plan says that anything comes."""
    plan = holding.vehicle.plans.order_by("-version").first()
    rows = _open_rows(plan.instalments.all()) if plan else []
    if not rows:
        return None
    (first, principal, interest), last = rows[0], rows[-1][0]
    mine = _my_part(holding, principal, interest)
    return Coming(
        vehicle=holding.vehicle,
        due_on=first.due_on,
        principal_minor=mine[0],
        interest_minor=mine[1],
        payments=len(rows),
        last_on=last.due_on,
        outstanding_minor=outstanding_minor,
        late_days=max(0, (on - first.due_on).days),
    )


def _open_rows(instalments: QuerySet[Instalment]) -> list[tuple[Instalment, int, int]]:
    """Instalments with what is open on each, principal and interest, in order."""
    rows = instalments.annotate(
        open_principal=F("principal_minor")
        - Coalesce(Sum("repayments__principal_minor", filter=_STANDS), 0),
        open_interest=F("interest_minor")
        + F("fee_minor")
        - Coalesce(Sum("repayments__interest_minor", filter=_STANDS), 0),
    ).order_by("period")
    return [
        (row, row.open_principal, row.open_interest)
        for row in rows
        if row.open_principal + row.open_interest > 0
    ]


def _my_part(holding: Holding, principal: int, interest: int) -> tuple[int, int]:
    """What a holder gets if it is repaid now, to the öre: as `repayments.repay` shares it."""
    held = list(
        Holding.objects.filter(vehicle=holding.vehicle, role=holding.role)
        .select_related("account")
        .order_by("number")
    )
    standing = balances.balances([one.account for one in held])
    weights = [standing[one.account_id] for one in held]
    lines = RepaymentLine.objects.filter(
        holding__in=held, repayment__entry__reversed_by__isnull=True
    ).order_by("repayment_id")
    last = {line.holding_id: (line.principal_carry, line.interest_carry) for line in lines}
    mine = held.index(holding)
    parts = []
    for i, total in enumerate((principal, interest)):
        carry = [Fraction(last[one.pk][i]) if one.pk in last else Fraction(0) for one in held]
        parts.append(split_with_carry(total, weights, carry).parts[mine])
    return parts[0], parts[1]
