"""Goals in force on a day.

A goal is in force from the day of its revision, that day included, until a later one of the same
offering is; the first comes into force the day the offering opens. So an offering still to open has
no goal in force: what it will ask for is told beside the day it opens, and is in no goal that
promises are measured against. A closed offering keeps its last goal.

A project's goal is the sum over its offerings that raise money, least and most each by itself, in
öre. Goods have goals of their own (how many it takes to order), which are no project's goal; nor
are those of support savings, which nobody is paid.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Self

from django.db.models import Q, QuerySet

from invest.models import GoalRevision, Offering
from invest.progress.sums import KnownTo, raised
from invest.web.wording import in_language
from pools.money import ore


@dataclass(frozen=True, slots=True)
class Goal:
    """An aim from a day on, in öre, and why it was moved."""

    on: date
    goal_min_minor: int
    goal_max_minor: int
    reason_sv: str
    reason_en: str

    @classmethod
    def of(cls, revision: GoalRevision) -> Self:
        """A goal as it is kept."""
        return cls(
            on=revision.on,
            goal_min_minor=ore(revision.goal_min),
            goal_max_minor=ore(revision.goal_max),
            reason_sv=revision.reason_sv,
            reason_en=revision.reason_en,
        )

    @property
    def reason(self) -> str:
        """Why, in the reader's language."""
        return in_language(self.reason_sv, self.reason_en)


def so_far(as_of: date, known_to: KnownTo | None = None) -> QuerySet[GoalRevision]:
    """Goals that have been in force by the end of the day, of projects' offerings that raise money,
    oldest first: of each offering the last one is in force.
    """
    known = Q() if known_to is None else known_to.bound(GoalRevision)
    revisions = GoalRevision.objects.filter(known, raised("offering__vehicle"), on__lte=as_of)
    of_projects = revisions.filter(offering__vehicle__project__isnull=False)
    return of_projects.order_by("on", "offering", "number").with_words()


def announced(as_of: date) -> QuerySet[GoalRevision]:
    """Goals to tell beside their days, of any kind of vehicle: those so far, and the one that an
    offering still to open will open with. By offering, in the order they open, oldest first.
    """
    told = GoalRevision.objects.filter(Q(on__lte=as_of) | Q(number=1)).with_words()
    return told.order_by("offering__opens_on", "offering", "number")


def revision_on(offering: Offering, as_of: date) -> GoalRevision:
    """The one of an offering that is in force on the day. Raises DoesNotExist before the first."""
    return offering.goals.filter(on__lte=as_of).latest("number")


def in_force(goals: Iterable[Goal], as_of: date) -> Goal | None:
    """Of one offering's goals, oldest first, the one in force; None while it is still to open."""
    return next((goal for goal in reversed(tuple(goals)) if goal.on <= as_of), None)
