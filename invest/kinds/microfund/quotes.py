"""What it takes to be free of a fund's loan on a day, part by part; and what lateness may cost."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from invest.kinds.actions import Snapshot
from invest.kinds.microfund.lending import LoanStory
from pools.money import half_up

# Dated settings: the reference rate, and what räntelagen (1975:635) 6 § adds to it.
REFERENCE, MARGIN = "reference-rate-pct", "late-margin-pct"


@dataclass(frozen=True, slots=True)
class Quote:
    """Öre that pay off a loan on a day. Late interest stands beside: the fund claims it or not."""

    principal_minor: int
    due_minor: int  # Interest and fees that have fallen due.
    accrued_minor: int  # Interest since.
    ahead_minor: int  # What is paid ahead already.
    late_minor: int

    @property
    def total_minor(self) -> int:
        """What is to be paid, without late interest."""
        return self.principal_minor + self.due_minor + self.accrued_minor - self.ahead_minor


def quote(now: Snapshot, story: LoanStory) -> Quote:
    """What pays off a loan on the standing's day; nothing where nothing is left."""
    if not story.left_minor:
        return Quote(0, 0, 0, 0, 0)
    owed = story.owed(now.as_of)
    return Quote(
        story.left_minor,
        owed.interest_minor + owed.fee_minor,
        story.accrued_minor(now.as_of),
        story.advance_minor,
        late_interest_minor(now, story),
    )


def late_interest_minor(now: Snapshot, story: LoanStory) -> int:
    """Interest on what is late, from its due day, that was not claimed yet: ACT/365, rounded once.

    At the reference rate of each half-year and the margin of law.
    """
    days = {row.due_on for version in story.versions for row in version.rows}
    days |= {on for on, _parts in story.received} | {version.since for version in story.versions}
    years = range(story.action.on.year, now.as_of.year + 1)
    days |= {date(year, month, 1) for year in years for month in (1, 7)}
    turns = sorted({day for day in days if story.action.on <= day < now.as_of} | {now.as_of})
    total = Fraction(0)
    for since, until in pairwise(turns):
        late = story.version_on(since).owed(since).total_minor
        if late:
            rates = (Fraction(str(now.setting(key, since) or 0)) for key in (REFERENCE, MARGIN))
            total += late * sum(rates, Fraction(0)) / 100 * (until - since).days / 365
    return max(0, half_up(total) - sum(parts.late_minor for _on, parts in story.received))
