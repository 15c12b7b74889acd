"""A loan that a fund gives, followed through payments, early ones, restructuring and losses.

Everything is reckoned again from the deeds each time: what is owed on a day, how late it is, and
when it defaulted (more than 90 days past due on a material amount, or written off; Delegated
Regulation (EU) 2022/2115, article 1).
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from invest.kinds.actions import Done, Standing
from invest.kinds.microfund.receipts import Parts, allocate
from invest.kinds.plans import loan_of
from invest.kinds.schedules import DAY_COUNTS, Due, Loan, months_after, plan, rest_of
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

    deed: Done
    left_minor: int
    versions: list[Version]
    advance_minor: int = 0
    written_off_minor: int = 0
    recovered_minor: int = 0
    received: list[tuple[date, Parts]] = field(default_factory=list)
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
        """Interest since the last day that fell due, on what is left."""
        since = max([self.now.since, *(row.due_on for row in self.now.rows if row.due_on <= on)])
        share = DAY_COUNTS[self.now.loan.day_count](since, on)
        return half_up(self.left_minor * Fraction(self.now.loan.rate_pct) / 100 * share)

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


def stories(now: Standing) -> dict[int, LoanStory]:
    """Number of the deed that lent → the loan's story up to the standing's day."""
    told = {deed.number: _begin(deed) for deed in now.of("lend") if deed.on <= now.as_of}
    later = now.of(*_STEPS)
    for deed in sorted(later, key=lambda d: (d.on, d.number)):
        if deed.on <= now.as_of and (story := told.get(deed.facts["loan"])):
            _STEPS[deed.act](story, deed)
    return told


def _begin(deed: Done) -> LoanStory:
    principal = deed.facts["principal"]
    loan = loan_of(deed.facts, principal, deed.on)
    kind = deed.facts["plan"]
    return LoanStory(deed, principal, [Version(deed.on, kind, plan(kind, loan), loan)])


def receipt_parts(story: LoanStory, deed: Done) -> Parts:
    """What a payment settles: what is due first; with `early` the rest goes off the principal."""
    facts, owed = deed.facts, story.owed(deed.on)
    early = facts["early"] == "yes"
    owed = Parts(
        costs_minor=facts["costs"] or 0,
        late_minor=facts["late"] or 0,
        interest_minor=owed.interest_minor + (story.accrued_minor(deed.on) if early else 0),
        fee_minor=owed.fee_minor,
        principal_minor=story.left_minor if early else owed.principal_minor,
    )
    return allocate(facts["amount"] + story.advance_minor, owed)


def _receive(story: LoanStory, deed: Done) -> None:
    due, parts = story.owed(deed.on), receipt_parts(story, deed)
    story.received.append((deed.on, parts))
    story.now.paid.append((deed.on, parts))
    story.left_minor -= parts.principal_minor
    story.advance_minor = parts.over_minor
    early = deed.facts["early"] == "yes" and parts.principal_minor > due.principal_minor
    coming = [row for row in story.now.rows if row.due_on > deed.on]
    if early and story.left_minor and coming:
        last = months_after(coming[0].due_on, -story.now.loan.months_per_period)
        rest = rest_of(story.now.loan, story.left_minor, len(coming), last)
        # On what is left, interest up to today is paid already.
        paid = Parts(interest_minor=story.accrued_minor(deed.on))
        _replace(story, Version(deed.on, story.now.kind, plan(story.now.kind, rest), rest))
        story.now.paid.append((deed.on, paid))


def _replace(story: LoanStory, version: Version) -> None:
    """A new version of the plan; the one before is over, and kept."""
    story.now.until = version.since
    story.versions.append(version)


def _restructure(story: LoanStory, deed: Done) -> None:
    """The principal that is left is planned anew; interest up to the day is still owed."""
    loan, kind = loan_of(deed.facts, story.left_minor, deed.on), deed.facts["plan"]
    owed = story.owed(deed.on)
    brought = Parts(
        interest_minor=owed.interest_minor + story.accrued_minor(deed.on), fee_minor=owed.fee_minor
    )
    story.restructured_on = deed.on
    _replace(story, Version(deed.on, kind, plan(kind, loan), loan, brought))


def _write_off(story: LoanStory, deed: Done) -> None:
    story.left_minor -= deed.facts["amount"]
    story.written_off_minor += deed.facts["amount"]
    story.written_off_on = story.written_off_on or deed.on


def _recover(story: LoanStory, deed: Done) -> None:
    story.recovered_minor += deed.facts["amount"]


def _give_back(story: LoanStory, deed: Done) -> None:
    story.advance_minor = 0


_STEPS = {
    "receipt": _receive,
    "give-back": _give_back,
    "restructure": _restructure,
    "write-off": _write_off,
    "recover": _recover,
}
