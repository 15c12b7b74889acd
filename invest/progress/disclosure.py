"""What may be told to everybody about people: nothing that fewer than five of them make up.

The group of a figure is those whose part makes it differ from another figure. A figure is told when
it differs from nought, from every other told with it and from every one told before by the parts
of five persons or more, or not at all. So nobody is found by taking one public figure from another,
however often somebody looks. (The threshold rule of statistical disclosure control, applied to
differences: Hundepool et al., Statistical Disclosure Control, 2012, §4.)
"""

from bisect import bisect_left
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from operator import attrgetter

FEWEST_SHOWN = 5  # A smaller group is told as "fewer than 5": it could point at somebody.

_Part = tuple[Hashable, int | None, Decimal]  # Which thing, whose, and how much of it.
_Parts = frozenset[_Part]


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
    """A sum that may be told, or (`total` None) may not.

    `is_near`: five persons or more have a part in it, and it differs from one told beside it by the
    parts of fewer; that may be said, without saying how much.
    """

    total: Decimal | None
    givers: int = 0
    is_near: bool = False


def in_steps(facts: Iterable[Fact], steps: int, moments: Sequence[datetime]) -> tuple[Figure, ...]:
    """The figures of `steps` steps as everybody may read them once all the facts are known.

    They are told at the moments `moments`, in order, and facts count when five persons have
    something new between them; what fewer have, and what came after the last moment, waits. Each
    such moment is played over again, so the same facts always tell the same. The first step, when
    it may not be told anew, stays as it was told last.
    """
    coming = sorted(facts, key=attrgetter("at"))
    shown: set[_Parts] = {frozenset()}
    standing: dict[Hashable, Fact] = {}
    waiting: list[Fact] = []
    figures = (Figure(None if coming else Decimal(0)),) * steps
    first: _Parts | None = None
    for index, together in groupby(coming, key=lambda fact: bisect_left(moments, fact.at)):
        if index == len(moments):
            break
        waiting += together
        if len({fact.person for fact in waiting} - {None}) < FEWEST_SHOWN:
            continue
        standing |= {fact.promise: fact for fact in waiting}
        waiting = []
        parts = [_parts(standing.values(), step) for step in range(steps)]
        told: list[_Parts] = []
        for one in parts:
            if all(points_at_nobody(one, other) for other in shown):
                shown.add(one)
                told.append(one)
        first = parts[0] if parts[0] in told else first
        figures = (
            Figure(None) if first is None else _sum(first),
            *(_sum(one) if one in told else _beside(one, first) for one in parts[1:]),
        )
    return figures


def points_at_nobody(one: frozenset[_Part], other: frozenset[_Part]) -> bool:
    """Whether two sums differ by nobody's part, or by those of five persons or more."""
    parts = one ^ other
    return not parts or len({who for _what, who, _much in parts} - {None}) >= FEWEST_SHOWN


def _parts(facts: Iterable[Fact], step: int) -> _Parts:
    return frozenset(
        (fact.promise, fact.person, fact.amounts[step]) for fact in facts if fact.amounts[step]
    )


def _sum(parts: _Parts) -> Figure:
    givers = len({who for _what, who, _much in parts} - {None})
    return Figure(sum((much for *_whose, much in parts), Decimal(0)), givers)


def _beside(parts: _Parts, told: _Parts | None) -> Figure:
    """A sum that is not told, by how it stands to one that is."""
    is_of_many = points_at_nobody(parts, frozenset())
    is_near = is_of_many and told is not None and not points_at_nobody(parts, told)
    return Figure(None, is_near=is_near)


def one_of(many: Sequence[Hashable], chosen: Hashable) -> tuple[Decimal, ...]:
    """Amounts that count a thing once, at the step that is its own."""
    return tuple(Decimal(step == chosen) for step in many)
