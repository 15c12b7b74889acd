"""Which sums of a table with several headings may be told to everybody.

A sum of one to four persons' things is not told, nor any other that would give it away. Whoever
reads figures can add and take them from each other in any way, so a sum is told only while no
combination of all that is told is about such a small group alone. (Linear audit of cell
suppression: Hundepool et al., Statistical Disclosure Control, 2012, §4.4.) `hide_few` is the same
rule for a single partition.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from invest.progress.disclosure import FEWEST_SHOWN

AXES = ("municipality", "sector", "year")
_NOUGHT = 1e-6
_MOST_TRIED = 400  # Combinations looked through for one sum; it is not told where there are more.
_Vector = NDArray[np.float64]
_Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Cut:
    """A part of all facts: those that fit every heading that is not None; `until` a year, incl."""

    municipality: str | None = None
    sector: str | None = None
    year: int | None = None
    until: int | None = None


@dataclass(frozen=True)
class Tellable:
    """Sums by cut. One that was not asked for, or may not be told, is None."""

    sums: dict[Cut, int]
    persons: dict[Cut, int]

    def total(self, cut: Cut) -> int | None:
        """The sum of a cut, in the facts' own whole unit."""
        return self.sums.get(cut)

    def people(self, cut: Cut) -> int | None:
        """How many persons are behind a sum that is told; None where they are too few to tell."""
        persons = self.persons.get(cut, 0)
        return persons if cut in self.sums and (persons == 0 or persons >= FEWEST_SHOWN) else None


def tellable(facts: pd.DataFrame, cuts: Iterable[Cut], *, open_to_all: bool = False) -> Tellable:
    """The sums of `cuts` over facts: municipality, sector, year, person (−1: nobody), amount (int).

    Cuts come in the order of how much they matter: the first are told first. A fact of nobody is
    the thing of whoever else has something in its cell. `open_to_all`: nobody's, all is told.
    """
    cells = list(facts.groupby(list(AXES), sort=True))
    headings = {axis: np.array([key[i] for key, _rows in cells]) for i, axis in enumerate(AXES)}
    people = [frozenset(rows["person"]) - {-1} for _key, rows in cells]
    amounts = [int(rows["amount"].sum()) for _key, rows in cells]
    asked = {cut: _mask(cut, headings) for cut in cuts}
    is_safe = open_to_all or all(len(who) >= FEWEST_SHOWN for who in people)
    told = asked if is_safe else dict(_apart(asked, people))
    return Tellable(
        {cut: sum(amounts[i] for i in np.flatnonzero(mask)) for cut, mask in told.items()},
        {cut: len(_union(people, np.flatnonzero(mask))) for cut, mask in told.items()},
    )


def _mask(cut: Cut, headings: Mapping[str, NDArray[Any]]) -> _Mask:
    fits = np.ones(len(headings["year"]), dtype=bool)
    for axis in AXES:
        wanted = getattr(cut, axis)
        if wanted is not None:
            fits &= headings[axis] == wanted
    return fits if cut.until is None else fits & (headings["year"] <= cut.until)


def _union(people: Sequence[AbstractSet[int]], inside: Iterable[int]) -> set[int]:
    return set().union(*(people[i] for i in inside))


def _apart(asked: dict[Cut, _Mask], people: list[frozenset[int]]) -> Iterator[tuple[Cut, _Mask]]:
    """The cuts, in order, that may be told after those before them.

    Cells of fewer than five are small. What is told is reduced by Gaussian elimination to `lead`,
    which no combination rids of its large cells, and `left`, which is about small cells alone:
    there every group that can be told apart must be of five persons or more.
    """
    order = sorted(range(len(people)), key=lambda cell: len(people[cell]) < FEWEST_SHOWN)
    people = [people[cell] for cell in order]
    larges = sum(len(who) >= FEWEST_SHOWN for who in people)  # They come first.
    lead = np.zeros((min(len(asked), larges), len(people)))
    leads = 0
    left: list[_Vector] = []
    for cut, mask in asked.items():
        new = mask[order].astype(float)
        for _twice in range(2):  # Once more, or rounding would pile up.
            new -= (lead[:leads, :larges] @ new[:larges]) @ lead[:leads]
        size = float(np.linalg.norm(new[:larges]))
        if size > _NOUGHT:
            lead[leads] = new / size
            leads += 1
        else:
            new[:larges] = 0.0
            rows = np.array([*_touching(new, left), new])
            follows = np.linalg.matrix_rank(rows @ rows.T, tol=_NOUGHT, hermitian=True) < len(rows)
            if not follows:
                if _finds_few(rows, people):
                    continue
                left.append(new)
        yield cut, mask


def _touching(new: _Vector, rows: list[_Vector]) -> list[_Vector]:
    """Those that share a cell with it, or with one that does: the others combine with nothing."""
    reached, found, rest = np.abs(new) > _NOUGHT, [], rows
    while near := [row for row in rest if (np.abs(row[reached]) > _NOUGHT).any()]:
        rest = [row for row in rest if not any(row is one for one in near)]
        found += near
        reached = reached | (np.abs(np.array(near)) > _NOUGHT).any(axis=0)
    return found


def _finds_few(rows: _Vector, people: list[frozenset[int]]) -> bool:
    """Whether some combination of the rows is about fewer than five persons.

    It is enough to look at those of smallest support: a combination of d rows that is nought in
    d − 1 independent columns. Columns that are multiples of each other are nought together.
    """
    told_of = np.flatnonzero((np.abs(rows) > _NOUGHT).any(axis=0))
    cells = rows[:, told_of].T
    firsts = cells[np.arange(len(cells)), (np.abs(cells) > _NOUGHT).argmax(axis=1)]
    columns, group_of = np.unique(
        (cells / firsts[:, np.newaxis]).round(4) + 0.0, axis=0, return_inverse=True
    )
    who: list[set[int]] = [set() for _column in columns]
    for cell, group in zip(told_of, group_of, strict=True):
        who[group] |= people[cell]
    fixed = len(rows) - 1
    if comb(len(columns), fixed) > _MOST_TRIED:
        return True
    for nought in combinations(range(len(columns)), fixed):
        free = _orthogonal(columns[list(nought)], len(rows))
        if free is not None:
            support = np.flatnonzero(np.abs(columns @ free) > _NOUGHT)
            if len(_union(who, support)) < FEWEST_SHOWN:
                return True
    return False


def _orthogonal(columns: _Vector, size: int) -> _Vector | None:
    """The one direction at right angles to all columns; None where there are several."""
    if not len(columns):
        return np.ones(size)
    _u, values, directions = np.linalg.svd(columns)
    return directions[-1] if values[-1] > _NOUGHT else None
