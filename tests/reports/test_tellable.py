"""What may be told of a table with several headings, attacked with all the arithmetic there is."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from invest.progress.disclosure import FEWEST_SHOWN
from reports.figures.tellable import AXES, Cut, tellable

COLUMNS = [*AXES, "person", "amount"]
PLACES, SECTORS, YEARS = ["Björkdalen", "Skogsby"], ["energy", "food"], [2024, 2025, 2026]


def every_cut() -> list[Cut]:
    return [
        Cut(),
        *(Cut(year=year) for year in YEARS),
        *(Cut(until=year) for year in YEARS),
        *(Cut(municipality=place) for place in PLACES),
        *(Cut(sector=sector) for sector in SECTORS),
        *(Cut(municipality=place, year=year) for place in PLACES for year in YEARS),
        *(Cut(municipality=place, until=year) for place in PLACES for year in YEARS),
        *(Cut(municipality=place, sector=sector) for place in PLACES for sector in SECTORS),
        *(Cut(sector=sector, year=year) for sector in SECTORS for year in YEARS),
    ]


def facts(rows: list[tuple[str, str, int, int, int]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS).astype({"person": "int64", "amount": "int64"})


def fits(cut: Cut, place: str, sector: str, year: int) -> bool:
    return (
        cut.municipality in (None, place)
        and cut.sector in (None, sector)
        and cut.year in (None, year)
        and (cut.until is None or year <= cut.until)
    )


def groups_found(table: pd.DataFrame, told: list[Cut]) -> list[set[int]]:
    """Every group of fewer than five that some combination of the told sums is about alone.

    Such a combination lies in the told sums' span and is nought outside the group's cells: the span
    loses rank when those cells are left out.
    """
    cells = {key: set(rows["person"]) - {-1} for key, rows in table.groupby(list(AXES))}
    matrix = np.array([[float(fits(cut, *key)) for key in cells] for cut in told])
    if not told:
        return []
    small = [i for i, people in enumerate(cells.values()) if len(people) < FEWEST_SHOWN]
    people = list(cells.values())
    found = []
    for size in range(1, len(small) + 1):
        for group in combinations(small, size):
            who = set().union(*(people[i] for i in group))
            if len(who) < FEWEST_SHOWN:
                rest = [i for i in range(len(people)) if i not in group]
                without = np.linalg.matrix_rank(matrix[:, rest]) if rest else 0
                if np.linalg.matrix_rank(matrix) > without:
                    found.append(who)
    return found


people_in_cells = st.dictionaries(
    st.tuples(st.sampled_from(PLACES), st.sampled_from(SECTORS), st.sampled_from(YEARS)),
    st.sets(st.integers(0, 25), min_size=1, max_size=8),
)


@pytest.mark.fault("F67")
@given(people_in_cells)
def test_no_arithmetic_on_what_is_told_finds_fewer_than_five(cells):
    table = facts([(*key, who, 100 + who) for key, group in cells.items() for who in group])

    told = tellable(table, every_cut())

    assert groups_found(table, list(told.sums)) == []
    for cut, total in told.sums.items():
        inside = [fits(cut, *key) for key in zip(*(table[axis] for axis in AXES), strict=True)]
        assert total == table.loc[inside, "amount"].sum()
        assert told.people(cut) in {table.loc[inside, "person"].nunique(), None}


def test_the_attack_finds_what_is_told_carelessly():
    many = [("Björkdalen", "energy", 2025, who, 100) for who in range(9)]
    table = facts([*many, ("Skogsby", "energy", 2025, 99, 700)])

    assert groups_found(table, [Cut(), Cut(municipality="Björkdalen")]) == [{99}]
    assert groups_found(table, [Cut(), Cut(year=2025)]) == []


@pytest.mark.fault("F67")
def test_one_municipality_from_the_total_leaves_nobody():
    many = [("Björkdalen", "energy", 2025, who, 100) for who in range(9)]
    told = tellable(facts([*many, ("Skogsby", "energy", 2025, 99, 700)]), every_cut())

    assert told.total(Cut()) == 1600
    assert told.total(Cut(municipality="Skogsby")) is None
    assert told.total(Cut(municipality="Björkdalen")) is None
    assert told.people(Cut()) == 10


@pytest.mark.fault("F67")
def test_the_same_few_in_two_places_are_still_few():
    few = [(place, "food", 2025, who, 10) for place in PLACES for who in (1, 2, 3)]
    many = [("Sjövik", "food", 2025, who, 10) for who in range(10, 20)]
    cuts = [Cut(), *(Cut(municipality=place) for place in (*PLACES, "Sjövik"))]

    told = tellable(facts([*few, *many]), cuts)

    # Three and three are six rows, but three persons: the third place would give them away.
    assert set(told.sums) == {Cut()}


def test_where_groups_are_large_all_is_told():
    rows = [
        (place, sector, year, who, 1)
        for place in PLACES
        for sector in SECTORS
        for year in YEARS
        for who in range(5)
    ]

    told = tellable(facts(rows), every_cut())

    assert set(told.sums) == set(every_cut())
    assert told.total(Cut(until=2025)) == 40


@pytest.mark.parametrize("savers", [1, 4])
def test_fewer_than_five_in_all_are_not_told_at_all(savers):
    told = tellable(facts([("Skogsby", "food", 2025, who, 5) for who in range(savers)]), [Cut()])

    assert told.total(Cut()) is None
    assert told.people(Cut()) is None


def test_what_the_forgotten_gave_makes_no_group():
    told = tellable(facts([("Skogsby", "food", 2025, -1, 5)] * 9), [Cut()])

    assert told.total(Cut()) is None


def test_nothing_is_nought():
    told = tellable(facts([]), every_cut())

    assert told.total(Cut()) == 0
    assert told.people(Cut(year=2024)) == 0


def test_what_is_nobodys_is_open_to_all():
    one = facts([("Skogsby", "food", 2025, -1, 5)])

    assert tellable(one, [Cut()], open_to_all=True).total(Cut()) == 5
