"""Which sums of a table with several headings may be told to everybody.

A sum of one to four persons' things is not told, nor any other that would give it away. Whoever
reads figures can add and take them from each other in any way, so a sum is told only while no
untellable one can be written as a combination of all that is told: while it lies outside their
span. (Linear audit of cell suppression: Hundepool et al., Statistical Disclosure Control, 2012,
§4.4.) `hide_few` is the same rule for a single partition.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from invest.queries.figures import FEWEST_SHOWN

AXES = ("municipality", "sector", "year")
_NOUGHT = 1e-6


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
    heads: dict[Cut, int]

    def total(self, cut: Cut) -> int | None:
        """The sum of a cut, in the facts' own whole unit."""
        return self.sums.get(cut)

    def people(self, cut: Cut) -> int | None:
        """How many persons are behind a sum that is told; None where they are too few to tell."""
        heads = self.heads.get(cut, 0)
        return heads if cut in self.sums and (heads == 0 or heads >= FEWEST_SHOWN) else None


def tellable(facts: pd.DataFrame, cuts: Iterable[Cut], *, open_to_all: bool = False) -> Tellable:
    """The sums of `cuts` over facts: municipality, sector, year, person (−1: nobody), amount (int).

    Cuts come in the order of how much they matter: the first are told first. A fact of nobody is
    the thing of whoever else has something in its cell. `open_to_all`: nobody's, all is told.
    """
    cells = list(facts.groupby(list(AXES), sort=True))
    keys = [key for key, _rows in cells]
    people = [frozenset(rows["person"]) - {-1} for _key, rows in cells]
    amounts = [int(rows["amount"].sum()) for _key, rows in cells]
    asked = list(dict.fromkeys(cuts))
    masks = {cut: _mask(cut, keys) for cut in asked}
    within = {cut: np.flatnonzero(mask) for cut, mask in masks.items()}
    heads = {cut: len(_union(people, inside)) for cut, inside in within.items()}
    told = asked
    if not open_to_all and keys:
        secret = _secret(within, heads, people)
        told = list(_outside_span(masks, secret)) if secret else asked
    sums = {cut: sum(amounts[i] for i in within[cut]) for cut in told}
    return Tellable(sums, {cut: heads[cut] for cut in told})


def _mask(cut: Cut, keys: list[tuple[str, str, int]]) -> NDArray[np.bool_]:
    return np.array(
        [
            cut.municipality in (None, municipality)
            and cut.sector in (None, sector)
            and cut.year in (None, year)
            and (cut.until is None or year <= cut.until)
            for municipality, sector, year in keys
        ],
        dtype=bool,
    )


def _union(people: list[frozenset[int]], inside: Iterable[int]) -> set[int]:
    return set().union(*(people[i] for i in inside))


def _secret(
    within: dict[Cut, NDArray[np.intp]], heads: dict[Cut, int], people: list[frozenset[int]]
) -> list[NDArray[np.float64]]:
    """What nobody may find: cells and cuts of fewer than five, and what the small ones along one
    heading make together, since all the others taken from their total leave just that.
    """
    small = {frozenset([i]) for i in range(len(people)) if len(people[i]) < FEWEST_SHOWN}
    along: dict[tuple[Cut, str], set[int]] = defaultdict(set)
    for cut, inside in within.items():
        if len(inside) and heads[cut] < FEWEST_SHOWN:
            small.add(frozenset(inside.tolist()))
            for axis in AXES:
                if getattr(cut, axis) is not None:
                    along[replace(cut, **{axis: None}), axis] |= set(inside.tolist())
    small |= {
        frozenset(inside) for inside in along.values() if len(_union(people, inside)) < FEWEST_SHOWN
    }
    return [_vector(inside, len(people)) for inside in sorted(small, key=sorted)]


def _vector(inside: Iterable[int], size: int) -> NDArray[np.float64]:
    vector = np.zeros(size)
    vector[list(inside)] = 1.0
    return vector


def _outside_span(
    masks: dict[Cut, NDArray[np.bool_]], secret: list[NDArray[np.float64]]
) -> Iterator[Cut]:
    """The cuts, in order, that leave every secret outside the span of those told."""
    left = np.array(secret)  # Of each secret, what the told cannot make.
    basis = np.zeros((0, left.shape[1]))
    for cut, mask in masks.items():
        new = mask.astype(float)
        for _twice in range(2):  # Once more, or rounding would pile up.
            new = new - basis.T @ (basis @ new)
        size = float(new @ new)
        if size < _NOUGHT:  # It follows from what is told already.
            yield cut
            continue
        new /= np.sqrt(size)
        along = left @ new
        if ((left * left).sum(axis=1) - along * along < _NOUGHT).any():
            continue
        left -= np.outer(along, new)
        basis = np.vstack([basis, new])
        yield cut
