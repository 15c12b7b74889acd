"""A loan's plan: made, made anew by other terms or for other lenders, and what it asks for.

A plan made anew drops nothing. What fell due and is unpaid stays due; interest since the last due
day counts day by day on what was really out, each stretch at the rate of then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cached_property

from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from invest.kinds.accrual import in_force, integral
from invest.kinds.kind import Replanned
from invest.kinds.refusals import BadTerms, NothingOwed
from invest.kinds.schedules import Due
from invest.models import Holding, Instalment, Plan, Repayment, Vehicle
from invest.payouts.refusals import DatedBack, TermsSince
from invest.vehicles import holdings as vehicle_holdings
from invest.vehicles import offerings
from invest.vehicles.refusals import BeforeItBegan
from pools.money import half_up


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


@transaction.atomic
def make_plan(*, vehicle: Vehicle, on: date, reason: str = "", restructured: bool = False) -> Plan:
    """Plan the repayment of what the lenders have paid in by `on`, by the terms then in force.

    A new version when there is a plan already; the old one stays on record. Due days stay where
    the terms say the same of them and it is no restructuring; else the plan begins on the day, and
    interest so far is due then. Raises BeforeItBegan, DatedBack, TermsSince, NothingOwed, and
    BadTerms where the terms plan nothing.
    """
    Vehicle.objects.select_for_update().get(pk=vehicle.pk)
    newest = vehicle.plans.in_force().first()
    refuse_before(newest.made_on if newest else offerings.first_day(vehicle), on)
    refuse_dated_back(vehicle, on)
    principal = outstanding(vehicle, on)
    if principal < 1:
        raise NothingOwed
    kind = offerings.terms(vehicle, on)
    rows = kind.schedule(principal, on)
    if not rows:
        raise BadTerms(reason=_("it is repaid on notice, not by a plan"))
    if newest is not None and isinstance(kind, Replanned):
        now = Position(newest, on)
        _refuse_past_terms(now)
        keeps = not restructured and now.keeps_days(kind)
        rows = _kept(now, kind, principal) if keeps else _begun(now, rows)
    return put(vehicle, on, principal, rows, reason=reason, restructured=restructured)


@transaction.atomic
def restructure(*, vehicle: Vehicle, terms: Mapping[str, object], on: date, reason: str) -> Plan:
    """The borrower cannot keep the plan: new terms, and a new plan for all that is left.

    What was agreed and what was paid stay on record. Raises NothingOwed, BadTerms.
    """
    offerings.change_terms(vehicle=vehicle, terms=terms, on=on, reason=reason)
    return make_plan(vehicle=vehicle, on=on, reason=reason, restructured=True)


def refuse_before(began_on: date, on: date) -> None:
    """Nothing is dated before what it is about. Raises BeforeItBegan."""
    if on < began_on:
        raise BeforeItBegan(on=began_on)


def refuse_dated_back(vehicle: Vehicle, on: date) -> None:
    """No plan is dated before a repayment that stands. Raises DatedBack."""
    last = last_paid(vehicle)
    if last is not None and on < last:
        raise DatedBack(on=last)


def last_paid(vehicle: Vehicle) -> date | None:
    """The day of the last repayment that stands; None where there is none."""
    paid = Repayment.objects.standing().filter(instalment__plan__vehicle=vehicle)
    last = paid.order_by("-paid_on").first()
    return last.paid_on if last else None


def holdings_of(vehicle: Vehicle, on: date) -> Sequence[Holding]:
    """The lenders' holdings, by number."""
    role = offerings.terms(vehicle, on).money_role
    held = Holding.objects.filter(vehicle=vehicle, role=role)
    return list(held.select_related("account").order_by("number"))


def outstanding(vehicle: Vehicle, on: date) -> int:
    """What all lenders together have out at the end of a day, in öre."""
    role = offerings.terms(vehicle, on).money_role
    return sum(vehicle_holdings.held(vehicle, role, on).values())


def moves_of(vehicle: Vehicle, held: Sequence[Holding]) -> dict[int, list[tuple[date, int]]]:
    """Holding → (day it counts, what its balance changed by), oldest first.

    What was undone never was; what the bank took back was there until then.
    """
    moves: dict[int, list[tuple[date, int]]] = {row.pk: [] for row in held}
    whose = {row.number: row.pk for row in held}
    lasts = Q(entry__reversed_by=None, entry__reverses=None)
    paid_in = Q(entry__placement__isnull=False) | Q(entry__reverses__placement__isnull=False)
    for role in {row.role for row in held}:
        for change in vehicle_holdings.changes(vehicle, date.max, lasts | paid_in, role=role):
            moves[whose[change.number]].append((change.on, change.amount))
    return moves


@dataclass(frozen=True)
class Position:
    """Where a plan stands on a day: what fell due, what is to come, and what has been earned."""

    plan: Plan
    on: date

    @cached_property
    def rows(self) -> list[Owed]:
        """Every row with what is open on it."""
        return [owed_on(row) for row in self.plan.instalments.order_by("period")]

    @cached_property
    def fallen(self) -> list[Owed]:
        """What is due by now and not paid in full."""
        return [row for row in self.rows if row.instalment.due_on <= self.on and row.total_minor]

    @cached_property
    def coming(self) -> list[Owed]:
        """Rows to come that are not paid in full."""
        return [row for row in self.rows if row.instalment.due_on > self.on and row.total_minor]

    @cached_property
    def since(self) -> date:
        """The day from which interest is not asked for yet: the last due day."""
        due = [row.instalment.due_on for row in self.rows if row.instalment.due_on <= self.on]
        return max([began(self.plan), *due])

    @cached_property
    def terms(self) -> list[tuple[date, Replanned]]:
        """(day from which they hold, terms), as they were given."""
        versions = self.plan.vehicle.terms.order_by("version")
        told = [(row.valid_from, offerings.read(row)) for row in versions]
        return [(valid_from, kind) for valid_from, kind in told if isinstance(kind, Replanned)]

    @property
    def prepaid_minor(self) -> int:
        """Interest and fees that were paid on rows before they fell due."""
        ahead = [row for row in self.rows if row.instalment.due_on > self.on]
        asked = sum(r.instalment.interest_minor + r.instalment.fee_minor for r in ahead)
        return asked - sum(row.interest_minor for row in ahead)

    def keeps_days(self, kind: Replanned) -> bool:
        """Whether something is to come, and the terms say the same of when as they did."""
        return (
            bool(self.coming) and in_force(self.terms, self.plan.made_on).due_days == kind.due_days
        )

    def earned(self, since: date, until: date, *, left_minor: int | None = None) -> Fraction:
        """Exact öre of interest on what was really out; with `left_minor` on that."""
        if left_minor is None:
            held = holdings_of(self.plan.vehicle, self.on)
            moves = [move for one in moves_of(self.plan.vehicle, held).values() for move in one]
        else:
            moves = [(since, left_minor)]
        return integral(moves, self.terms, since, until)

    @cached_property
    def terms_since(self) -> date | None:
        """The day that other terms began after the plan was made; None: none did by now."""
        made = in_force(self.terms, self.plan.made_on)
        days = (
            valid_from
            for valid_from, kind in self.terms
            if self.plan.made_on < valid_from <= self.on and kind.planned_by != made.planned_by
        )
        return next(days, None)


def _refuse_past_terms(now: Position) -> None:
    """What fell due after the terms changed is reckoned anew from that day, where it can be."""
    since = now.terms_since
    if since is not None and since < now.since and since >= (last_paid(now.plan.vehicle) or since):
        raise TermsSince(on=since)


def _before(plan: Plan) -> Plan | None:
    return plan.vehicle.plans.in_force().filter(version__lt=plan.version).first()


def began(plan: Plan) -> date:
    """The day from which a plan's first row counts interest.

    A plan that keeps the days of the one before counts from the last of them: its first row
    includes what was earned before it was made.
    """
    if (before := _before(plan)) is None:
        return plan.made_on
    due = set(before.instalments.values_list("due_on", flat=True))
    own = set(plan.instalments.filter(due_on__gt=plan.made_on).values_list("due_on", flat=True))
    begins_now = plan.instalments.filter(period=0).exists()
    if not begins_now and not (own and own <= due):
        return plan.made_on
    return max([began(before), *(day for day in due if day <= plan.made_on)])


def earning_days(row: Instalment) -> tuple[date, date]:
    """The days whose interest a row asks for: from one, to the day before another."""
    plan, before = row.plan, _before(row.plan)
    if before is not None and row.due_on <= plan.made_on:  # What was due when the plan was made.
        fallen = before.instalments.filter(due_on__lte=row.due_on).order_by("-due_on")
        if row.period and (same := fallen.filter(due_on=row.due_on).first()):
            return earning_days(same)
        unpaid = [] if row.principal_minor else [r for r in fallen if owed_on(r).total_minor]
        if unpaid:
            return earning_days(unpaid[-1])[0], row.due_on
    earlier = plan.instalments.filter(due_on__lt=row.due_on).order_by("-due_on").first()
    return max([began(plan), *([earlier.due_on] if earlier else [])]), row.due_on


def _kept(now: Position, kind: Replanned, principal: int) -> list[Due]:
    """What is due stays due on its day; what is to come is reckoned anew on the days it had."""
    carried = [
        Due(0, row.instalment.due_on, row.principal_minor, row.interest_minor, 0, 0)
        for row in now.fallen
    ]
    left = principal - sum(due.principal_minor for due in carried)
    rest = replanned(now, kind, left, level_minor=0, shorter=False, settled=False)
    return [replace(due, period=n) for n, due in enumerate([*carried, *rest], start=1)]


def replanned(
    now: Position, kind: Replanned, left: int, *, level_minor: int, shorter: bool, settled: bool
) -> list[Due]:
    """The rows to come on the days they had, with interest since the last due day in the first; or,
    where that is `settled`, from the day on. What was paid before it fell due is not asked again.
    """
    days = [row.instalment.due_on for row in now.coming]
    rows = kind.replan(left, now.on, days, level_minor, shorter)
    if not rows:
        return []
    so_far = now.earned(now.since, now.on)
    to_come = now.earned(now.on, days[0], left_minor=left)
    first = half_up(to_come if settled else so_far + to_come)
    credit = max(0, now.prepaid_minor - half_up(so_far)) if settled else now.prepaid_minor
    asked = _less([first, *(row.interest_minor for row in rows[1:])], credit)
    return [replace(row, interest_minor=minor) for row, minor in zip(rows, asked, strict=True)]


def _less(asked: Sequence[int], credit: int) -> list[int]:
    """What is asked, after what was paid beforehand."""
    told = []
    for minor in asked:
        used = min(minor, credit)
        credit -= used
        told.append(minor - used)
    return told


def _begun(now: Position, rows: Sequence[Due]) -> list[Due]:
    """A plan that begins on the day: interest and fees so far are due at once."""
    due = sum(row.interest_minor for row in now.fallen)
    due += half_up(now.earned(now.since, now.on))
    settled = due - now.prepaid_minor
    if settled > 0:
        return [Due(0, now.on, 0, settled, 0, 0), *rows]
    asked = _less([row.interest_minor for row in rows], -settled)
    return [replace(r, interest_minor=minor) for r, minor in zip(rows, asked, strict=True)]


def put(
    vehicle: Vehicle,
    on: date,
    principal: int,
    rows: Sequence[Due],
    *,
    reason: str,
    restructured: bool = False,
) -> Plan:
    """Keep a plan as the newest version."""
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
