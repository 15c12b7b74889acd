"""A loan that a fund gives, followed through payments, early ones, restructuring and losses.

Everything is reckoned again from the actions each time: what is owed on a day, how late it is, and
when it defaulted (more than 90 days past due on a material amount, or written off; Delegated
Regulation (EU) 2022/2115, article 1).
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction

from invest.kinds.actions import At, ByItself, Done, Posting, Snapshot
from invest.kinds.microfund.receipts import Parts, allocate
from invest.kinds.plans import loan_of
from invest.kinds.schedules import DAY_COUNTS, Due, Loan, plan, rest_from
from pools.money import half_up

DEFAULT_DAYS = 90


@dataclass(slots=True)
class Version:
    """The rows of a kind of plan, from a day on, and what has been paid of them."""

    since: date
    kind: str
    rows: list[Due]
    loan: Loan
    # Interest and fees left unpaid by the plan before it.
    brought: Parts = field(default_factory=Parts)
    until: date = date.max
    paid: list[tuple[date, Parts]] = field(default_factory=list)

    def due(self, on: date) -> Parts:
        """All that has fallen due by a day."""
        rows = [row for row in self.rows if row.due_on <= on]
        return Parts(
            interest_minor=self.brought.interest_minor + sum(row.interest_minor for row in rows),
            fee_minor=self.brought.fee_minor + sum(row.fee_minor for row in rows),
            principal_minor=sum(row.principal_minor for row in rows),
        )

    def settled(self, on: date) -> Parts:
        """What has been paid of it by a day."""
        paid = [parts for day, parts in self.paid if day <= on]
        return Parts(
            interest_minor=sum(parts.interest_minor for parts in paid),
            fee_minor=sum(parts.fee_minor for parts in paid),
            principal_minor=sum(parts.principal_minor for parts in paid),
        )

    def owed(self, on: date) -> Parts:
        """What has fallen due and is not paid."""
        due, settled = self.due(on), self.settled(on)
        return Parts(
            interest_minor=max(0, due.interest_minor - settled.interest_minor),
            fee_minor=max(0, due.fee_minor - settled.fee_minor),
            principal_minor=max(0, due.principal_minor - settled.principal_minor),
        )

    def unpaid_row(self, on: date, material_minor: int) -> Due | None:
        """The oldest row due by a day that is short of more than the material amount."""
        settled, due = self.settled(on).total_minor, self.brought.total_minor
        for row in self.rows:
            if row.due_on > on:
                return None
            due += row.payment_minor
            if due - settled > material_minor:
                return row
        return None


@dataclass(slots=True)
class LoanStory:
    """A loan from the day it was paid out to a day, in öre."""

    action: Done
    left_minor: int
    versions: list[Version]
    advance_minor: int = 0
    written_off_minor: int = 0
    recovered_minor: int = 0
    received: list[tuple[date, Parts]] = field(default_factory=list)
    # What an advance paid by itself, on its day.
    used: list[tuple[date, Parts]] = field(default_factory=list)
    reckoned_to: date = date.min
    written_off_on: date | None = None
    restructured_on: date | None = None

    @property
    def now(self) -> Version:
        """The plan in force."""
        return self.versions[-1]

    def version_on(self, on: date) -> Version:
        """The plan in force on a day."""
        return next(v for v in reversed(self.versions) if v.since <= on or v is self.versions[0])

    def owed(self, on: date) -> Parts:
        """What has fallen due and is not paid, never more principal than is left."""
        owed = self.now.owed(on)
        return Parts(
            interest_minor=owed.interest_minor,
            fee_minor=owed.fee_minor,
            principal_minor=min(owed.principal_minor, self.left_minor),
        )

    def accrued_minor(self, on: date) -> int:
        """Interest since the last day that fell due, on what the plan then leaves.

        Principal that is late earns late interest where the fund claims it, and no other.
        """
        if not self.now.rows:
            return 0
        since, balance = self.now.since, self.now.loan.principal_minor
        for row in self.now.rows:
            if row.due_on <= on:
                since, balance = row.due_on, row.balance_minor
        share = DAY_COUNTS[self.now.loan.day_count](since, on)
        return half_up(balance * Fraction(self.now.loan.rate_pct) / 100 * share)

    def days_late(self, on: date, material_minor: int) -> int:
        """Days since the oldest unpaid row fell due; 0 where nothing is."""
        if not self.left_minor:
            return 0
        row = self.version_on(on).unpaid_row(on, material_minor)
        return (on - row.due_on).days if row else 0

    def default_days(self, until: date, material_minor: int) -> list[date]:
        """Every day up to `until` on which it came into default."""
        days = [] if self.written_off_on is None else [self.written_off_on]
        for version in self.versions:
            for row in version.rows:
                day = row.due_on + timedelta(days=DEFAULT_DAYS + 1)
                if day <= min(until, version.until):
                    oldest = version.unpaid_row(day, material_minor)
                    if oldest is not None and oldest.due_on <= row.due_on:
                        days.append(day)
        return sorted(day for day in days if day <= until)


def stories(now: Snapshot) -> dict[int, LoanStory]:
    """Number of the action that lent → the loan's story up to the standing's day."""
    told = {action.number: _begin(action) for action in now.of("lend") if action.on <= now.as_of}
    later = now.of(*_STEPS)
    for action in sorted(later, key=lambda d: (d.on, d.number)):
        if action.on <= now.as_of and (story := told.get(action.facts["loan"])):
            _reckon(story, action.on)
            _STEPS[action.act](story, action)
            _use_advance(story, action.on)
    for story in told.values():
        _reckon(story, now.as_of)
    return told


def parts_posted(parts: Parts, borrower: int) -> list[Posting]:
    """From the advance to what a payment settles; what is over stays there."""
    advance = At("liabilities:advance")
    return [
        Posting(advance, At("income:fees"), parts.costs_minor + parts.fee_minor),
        Posting(advance, At("income:interest"), parts.late_minor + parts.interest_minor),
        Posting(advance, At("lent", borrower), parts.principal_minor),
    ]


def paid_by_itself(now: Snapshot) -> list[ByItself]:
    """What money ahead has paid on its day, by loan and day."""
    told: dict[tuple[int, date], Parts] = {}
    borrowers = {}
    for number, story in stories(now).items():
        borrowers[number] = story.action.facts["borrower"]
        for on, parts in story.used:
            told[number, on] = told.get((number, on), Parts()) + parts
    return [
        ByItself(number, on, parts_posted(parts, borrowers[number]))
        for (number, on), parts in sorted(told.items(), key=lambda item: item[0][::-1])
    ]


def steps_of(now: Snapshot, loan: int) -> list[Done]:
    """What stands on record of a loan after it was paid out, oldest first."""
    steps = [action for action in now.of(*_STEPS) if action.facts["loan"] == loan]
    return sorted(steps, key=lambda d: (d.on, d.number))


def _reckon(story: LoanStory, until: date) -> None:
    """Let days pass: on each due day what was paid ahead pays what falls due, before all else."""
    for row in story.now.rows:
        if story.reckoned_to < row.due_on <= until:
            _use_advance(story, row.due_on)
    story.reckoned_to = until


def _use_advance(story: LoanStory, on: date) -> None:
    parts = allocate(story.advance_minor, story.owed(on))
    if parts.over_minor < story.advance_minor:
        used = replace(parts, over_minor=0)
        story.used.append((on, used))
        _settle(story, on, used)
        story.advance_minor = parts.over_minor


def _settle(story: LoanStory, on: date, parts: Parts) -> None:
    story.received.append((on, parts))
    story.now.paid.append((on, parts))
    story.left_minor -= parts.principal_minor


def _begin(action: Done) -> LoanStory:
    principal = action.facts["principal"]
    loan = loan_of(action.facts, principal, action.on)
    kind = action.facts["plan"]
    return LoanStory(action, principal, [Version(action.on, kind, plan(kind, loan), loan)])


def receipt_parts(story: LoanStory, action: Done) -> Parts:
    """What a payment settles: what is due first; with `early` the rest goes off the principal.

    Interest up to the day comes before that; where no more than that is over, it is an advance.
    """
    facts = action.facts
    due = replace(
        story.owed(action.on), costs_minor=facts["costs"] or 0, late_minor=facts["late"] or 0
    )
    parts = allocate(facts["amount"] + story.advance_minor, due)
    accrued = story.accrued_minor(action.on)
    if facts["early"] != "yes" or parts.over_minor <= accrued:
        return parts
    left = story.left_minor - parts.principal_minor
    early = allocate(parts.over_minor, Parts(interest_minor=accrued, principal_minor=left))
    return replace(parts, over_minor=0) + early


def _receive(story: LoanStory, action: Done) -> None:
    due, parts = story.owed(action.on), receipt_parts(story, action)
    _settle(story, action.on, parts)
    story.advance_minor = parts.over_minor
    if action.facts["early"] == "yes" and parts.principal_minor > due.principal_minor:
        _replan(story, action.on)


def _replan(story: LoanStory, on: date) -> None:
    """The rows to come for what is left, on the days they had; none where nothing is."""
    now, rows = story.now, []
    coming = [row for row in now.rows if row.due_on > on]
    loan = now.loan
    if story.left_minor and coming:
        loan = rest_from(loan, story.left_minor, coming, on)
        rows = plan(now.kind, loan)
    _replace(story, Version(on, now.kind, rows, loan))


def _replace(story: LoanStory, version: Version) -> None:
    """A new version of the plan; the one before is over, and kept."""
    story.now.until = version.since
    story.versions.append(version)


def _restructure(story: LoanStory, action: Done) -> None:
    """The principal that is left is planned anew; interest up to the day is still owed."""
    loan, kind = loan_of(action.facts, story.left_minor, action.on), action.facts["plan"]
    owed = story.owed(action.on)
    brought = Parts(
        interest_minor=owed.interest_minor + story.accrued_minor(action.on),
        fee_minor=owed.fee_minor,
    )
    story.restructured_on = action.on
    _replace(story, Version(action.on, kind, plan(kind, loan), loan, brought))


def _write_off(story: LoanStory, action: Done) -> None:
    story.left_minor -= action.facts["amount"]
    story.written_off_minor += action.facts["amount"]
    story.written_off_on = story.written_off_on or action.on


def _recover(story: LoanStory, action: Done) -> None:
    story.recovered_minor += action.facts["amount"]


def _give_back(story: LoanStory, action: Done) -> None:
    story.advance_minor = 0


_STEPS = {
    "receipt": _receive,
    "give-back": _give_back,
    "restructure": _restructure,
    "write-off": _write_off,
    "recover": _recover,
}
