"""What a loan's plan, a payout and a saver's claims look like on a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import floor

from django.db.models import F, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from invest.kinds import KINDS
from invest.kinds.actions import Column, Shape, Sheet
from invest.models import (
    Distribution,
    DistributionLine,
    Holding,
    Instalment,
    Plan,
    Repayment,
    RepaymentLine,
    Vehicle,
)
from invest.models.standing import stands
from invest.payouts import repayments as payouts_repayments
from invest.vehicles.registers import ShownSheet, show_sheet
from pools import balances
from pools.models import Transfer

_SHEET = Sheet(
    name="proof",
    label=_("Proof sheet"),
    caption=_("Exact to the öre; fractions are carried to the next payout"),
    columns=(
        Column("holder", _("Saver"), Shape.HOLDER),
        Column("weight", _("Weight"), Shape.NUMBER, is_summed=True),
        Column("quota", _("Exact part, öre"), Shape.DECIMAL, is_summed=True),
        Column("carried_in", _("Carried in, öre"), Shape.DECIMAL, is_summed=True),
        Column("amount", _("Part"), Shape.KRONOR, is_summed=True),
        Column("raised", _("Odd öre"), Shape.NUMBER, is_summed=True),
        Column("carried_out", _("Carried on, öre"), Shape.DECIMAL, is_summed=True),
        Column("paid", _("Paid out"), Shape.KRONOR, is_summed=True),
    ),
    rule=lambda kind, standing: [],
)


def proof(distribution: Distribution) -> ShownSheet:
    """Weight, exact part, what was carried in, what it came to, what is carried on; sums below.

    Who had the largest remainders got the odd öre. Part = exact part + carried in − carried on, so
    that whoever doubts can add it up.
    """
    lines = list(distribution.lines.select_related("holding").order_by("holding__number"))
    weights = sum(line.weight for line in lines)
    rows = []
    for line in lines:
        quota = Fraction(distribution.total_minor * line.weight, weights)
        carry = Fraction(line.carry)
        carried_in = line.amount_minor + carry - quota
        rows.append(
            (
                line.holding.number,
                line.weight,
                quota,
                carried_in,
                line.amount_minor,
                max(0, line.amount_minor - max(0, floor(quota + carried_in))),
                carry,
                line.paid_minor,
            )
        )
    return show_sheet(distribution.vehicle, _SHEET, distribution.record_on, rows)


_PARTS = Sheet(
    name="parts",
    label=_("To each"),
    caption=_("What each had out before, got, and has out after"),
    columns=(
        Column("holder", _("Lender"), Shape.HOLDER),
        Column("before", _("Outstanding before"), Shape.KRONOR, is_summed=True),
        Column("principal", _("Principal"), Shape.KRONOR, is_summed=True),
        Column("interest", _("Interest"), Shape.KRONOR, is_summed=True),
        Column("total", _("In all"), Shape.KRONOR, is_summed=True),
        Column("after", _("Outstanding after"), Shape.KRONOR, is_summed=True),
    ),
    rule=lambda kind, standing: [],
)


def parts(repayment: Repayment) -> ShownSheet:
    """What each lender got of a repayment, in parts, with what each had out before and after."""
    lines = list(repayment.lines.select_related("holding__account").order_by("holding__number"))
    accounts = {line.holding.account_id: line.holding.account for line in lines}
    after = dict.fromkeys(accounts, 0)
    known = Transfer.objects.filter(entry__seq__lte=repayment.entry.seq)
    for side, sign in (("debit", 1), ("credit", -1)):
        rows = known.filter(**{f"{side}__in": accounts}).order_by().values_list(side)
        for account, minor in rows.annotate(Sum("amount_minor")):
            after[account] += sign * accounts[account].sign * minor
    vehicle = repayment.instalment.plan.vehicle
    before = {pk: after[line.holding.account_id] + line.principal_minor for pk, line in _by(lines)}
    return show_sheet(vehicle, _PARTS, repayment.paid_on, _part_rows(lines, before))


def parts_to_come(row: Instalment, on: date) -> ShownSheet:
    """What each lender gets if all that is open on a row is paid on a day: a preview."""
    owed = payouts_repayments.owed_on(row)
    lines = payouts_repayments.share(
        row, on, principal=owed.principal_minor, interest=owed.interest_minor
    )
    standing = balances.balances([line.holding.account for line in lines])
    before = {pk: standing[line.holding.account_id] for pk, line in _by(lines)}
    return show_sheet(row.plan.vehicle, _PARTS, on, _part_rows(lines, before))


def _by(lines: Sequence[RepaymentLine]) -> list[tuple[int, RepaymentLine]]:
    return [(line.holding_id, line) for line in lines]


def _part_rows(
    lines: Sequence[RepaymentLine], before: Mapping[int, int]
) -> list[tuple[int, int, int, int, int, int]]:
    return [
        (
            line.holding.number,
            before[line.holding_id],
            line.principal_minor,
            line.interest_minor,
            line.principal_minor + line.interest_minor,
            before[line.holding_id] - line.principal_minor,
        )
        for line in lines
        if before[line.holding_id] or line.interest_minor
    ]


_STANDS = stands("repayments__entry")


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
    plan = holding.vehicle.plans.in_force().first()
    rows = _open_rows(plan.instalments.all()) if plan else []
    if not rows:
        return None
    (first, principal, interest), last = rows[0], rows[-1][0]
    mine = _my_part(holding, first, on, principal, interest)
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


def _my_part(
    holding: Holding, row: Instalment, on: date, principal: int, interest: int
) -> tuple[int, int]:
    """What a holder gets if it is repaid now, to the öre: as `repayments.repay` shares it."""
    lines = payouts_repayments.share(row, on, principal=principal, interest=interest)
    mine = next(line for line in lines if line.holding_id == holding.pk)
    return mine.principal_minor, mine.interest_minor


@dataclass(frozen=True, slots=True)
class PlanRow:
    """An instalment in öre: what it asks for, what is still open, and how many days late."""

    instalment: Instalment
    open_minor: int
    late_days: int

    @property
    def asked_minor(self) -> int:
        """Principal, interest and fee."""
        row = self.instalment
        return row.principal_minor + row.interest_minor + row.fee_minor

    @property
    def interest_and_fee_minor(self) -> int:
        """What is asked beside principal."""
        return self.instalment.interest_minor + self.instalment.fee_minor

    @property
    def tone(self) -> str:
        """The class that colours it."""
        if not self.open_minor:
            return "is-good"
        return "is-bad" if self.late_days else "is-quiet"


@dataclass(frozen=True)
class PlanPage:
    """The plan in force, those before it, and what was paid last."""

    vehicle: Vehicle
    plan: Plan | None
    rows: tuple[PlanRow, ...]
    earlier: tuple[Plan, ...]
    repayments: tuple[Repayment, ...]
    outstanding_minor: int

    @property
    def next_row(self) -> PlanRow | None:
        """The first that is not paid in full."""
        return next((row for row in self.rows if row.open_minor), None)

    @property
    def late_minor(self) -> int:
        """All that is due and unpaid."""
        return sum(row.open_minor for row in self.rows if row.late_days)


def plan_page(vehicle: Vehicle, on: date) -> PlanPage:
    """A vehicle's plan on a day."""
    plans = list(vehicle.plans.in_force())
    plan = plans[0] if plans else None
    rows = []
    for row in plan.instalments.order_by("period") if plan else []:
        owed = payouts_repayments.owed_on(row).total_minor
        late = max(0, (on - row.due_on).days) if owed else 0
        rows.append(PlanRow(row, owed, late))
    paid = Repayment.objects.standing().filter(instalment__plan__vehicle=vehicle)
    return PlanPage(
        vehicle=vehicle,
        plan=plan,
        rows=tuple(rows),
        earlier=tuple(plans[1:]),
        repayments=tuple(paid.order_by("-paid_on", "-pk")[:12]),
        outstanding_minor=payouts_repayments.outstanding(vehicle, on),
    )
