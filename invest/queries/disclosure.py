"""What may be told to everybody about people: nothing that fewer than five of them make up.

The group of a figure is those whose part makes it differ from another figure. A figure is told when
it differs from nought, from every other told with it and from every one told before by the parts
of five persons or more, or not at all. So nobody is found by taking one public figure from another,
however often somebody looks. (The threshold rule of statistical disclosure control, applied to
differences: Hundepool et al., Statistical Disclosure Control, 2012, §4.)
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from operator import attrgetter

from invest.queries.figures import FEWEST_SHOWN

_Part = tuple[Hashable, int | None, Decimal]  # Whose thing, whose, and how much of it.


@dataclass(frozen=True, slots=True)
class Fact:
    """What a promise came to at a moment: how much of it has come to each step, in one unit.

    `person` None: whoever gave it is forgotten, and makes no group large enough.
    """

    at: datetime
    promise: Hashable
    person: int | None
    amounts: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A sum that may be told, or (`total` None) may not."""

    total: Decimal | None
    givers: int = 0


def in_steps(facts: Iterable[Fact], steps: int) -> tuple[Figure, ...]:
    """The figures of `steps` steps as everybody may read them once all the facts are known.

    Facts count when five persons have something new between them; what fewer have waits. Each such
    moment is played over again, so the same facts always tell the same.
    """
    shown: set[frozenset[_Part]] = {frozenset()}
    standing: dict[Hashable, Fact] = {}
    waiting: list[Fact] = []
    people: set[int | None] = set()
    figures = (Figure(Decimal(0)),) * steps
    in_order = sorted(facts, key=attrgetter("at"))
    for _at, together in groupby(in_order, key=attrgetter("at")):
        waiting += together
        people |= {fact.person for fact in waiting} - {None}
        if len(people) >= FEWEST_SHOWN:
            standing |= {fact.promise: fact for fact in waiting}
            waiting, people = [], set()
            figures = tuple(_figure(standing.values(), step, shown) for step in range(steps))
    if not standing and waiting:
        return (Figure(None),) * steps
    return figures


def points_at_nobody(one: frozenset[_Part], other: frozenset[_Part]) -> bool:
    """Whether two sums differ by nobody's part, or by those of five persons or more."""
    parts = one ^ other
    return not parts or len({who for _what, who, _much in parts} - {None}) >= FEWEST_SHOWN


def _figure(facts: Iterable[Fact], step: int, shown: set[frozenset[_Part]]) -> Figure:
    parts = frozenset(
        (fact.promise, fact.person, fact.amounts[step]) for fact in facts if fact.amounts[step]
    )
    if not all(points_at_nobody(parts, told) for told in shown):
        return Figure(None)
    shown.add(parts)
    givers = len({who for _what, who, _much in parts} - {None})
    return Figure(sum((much for *_whose, much in parts), Decimal(0)), givers)


def one_of(many: Sequence[Hashable], chosen: Hashable) -> tuple[Decimal, ...]:
    """Amounts that count a thing once, at the step that is its own."""
    return tuple(Decimal(step == chosen) for step in many)
