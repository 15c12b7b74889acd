"""Interest as what it is: a balance over time, each stretch at the rate and day count of then."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Protocol, TypeVar

from invest.kinds.schedules import DAY_COUNTS


class Rated(Protocol):
    """What is asked of the terms."""

    @property
    def rate_pct(self) -> Decimal:
        """Interest that accrues, per cent a year."""

    @property
    def day_count(self) -> str:
        """A key of `DAY_COUNTS`."""


R = TypeVar("R")


def in_force(terms: Sequence[tuple[date, R]], on: date) -> R:
    """The newest terms that were valid on a day; the first ones before that."""
    return next((kind for since, kind in reversed(terms) if since <= on), terms[0][1])


def integral(
    moves: Sequence[tuple[date, int]],
    terms: Sequence[tuple[date, Rated]],
    since: date,
    until: date,
) -> Fraction:
    """Exact öre of interest from a day to the day before another.

    `moves` are (day, what the balance changed by): it earns from the day it comes and not on the
    day it goes. `terms` are (day from which they hold, terms), as they were given.
    """
    turns = {since, until, *(day for day, _minor in moves), *(day for day, _kind in terms)}
    total = Fraction(0)
    for first, last in pairwise(sorted(day for day in turns if since <= day <= until)):
        kind = in_force(terms, first)
        balance = sum(minor for day, minor in moves if day <= first)
        share = DAY_COUNTS[kind.day_count](first, last)
        total += balance * Fraction(kind.rate_pct) / 100 * share
    return total
