"""A loan's plan as who pays it back sees it: every row, what is paid, and what is late."""

from dataclasses import dataclass
from datetime import date

from invest import repayments
from invest.models import Instalment, Plan, Repayment, Vehicle


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
    plans = list(vehicle.plans.order_by("-version"))
    plan = plans[0] if plans else None
    rows = []
    for row in plan.instalments.order_by("period") if plan else []:
        owed = repayments.owed_on(row).total_minor
        late = max(0, (on - row.due_on).days) if owed else 0
        rows.append(PlanRow(row, owed, late))
    paid = Repayment.objects.filter(
        instalment__plan__vehicle=vehicle, entry__reversed_by__isnull=True
    )
    return PlanPage(
        vehicle=vehicle,
        plan=plan,
        rows=tuple(rows),
        earlier=tuple(plans[1:]),
        repayments=tuple(paid.order_by("-paid_on", "-pk")[:12]),
        outstanding_minor=repayments.outstanding(vehicle, on),
    )
