"""Groups too small to tell, and series whose steps would tell of them."""

import pandas as pd

from invest.progress.disclosure import FEWEST_SHOWN


def hide_few(counts: pd.Series) -> pd.Series:
    """Which groups of a partition must not be told: those of 1 to 4 savers, and one more where a
    single hidden group could be found by taking the others from the total. Boolean, same index.
    """
    few = (counts > 0) & (counts < FEWEST_SHOWN)
    if few.any() and counts[few].sum() < FEWEST_SHOWN and (counts > 0).sum() > few.sum():
        told = counts[(counts > 0) & ~few]
        few[told.idxmin()] = True
    return few


def persons(rows: pd.DataFrame) -> int:
    """How many persons rows are of. The forgotten (person below 0) make no group larger."""
    return int(rows.loc[rows["person"] > 0, "person"].nunique())


def are_few(rows: pd.DataFrame) -> bool:
    """Whether rows are of somebody, and of fewer than five persons."""
    return len(rows) > 0 and persons(rows) < FEWEST_SHOWN


def hidden_groups(rows: pd.DataFrame, by: str) -> pd.Series:
    """Which groups of rows must not be told, as `hide_few` says. Index: the groups."""
    counts = rows.groupby(by)["person"].nunique()
    known = rows[rows["person"] > 0].groupby(by)["person"].nunique()
    # A group of the forgotten alone is a group of somebody: one, never none.
    return hide_few(known.reindex(counts.index, fill_value=0).clip(lower=1))


def days_to_show(rows: pd.DataFrame, day: str) -> list[object]:
    """Days on which a growing sum may be told: five persons or more have something new since the
    one before. The last day is always told, since the whole sum is; a shorter last step takes the
    day before it along. `rows` has a person and a day each.
    """
    days: list[object] = []
    new: set[int] = set()
    for on, together in rows.sort_values(day).groupby(day):
        new |= set(together["person"][together["person"] > 0])
        if len(new) >= FEWEST_SHOWN:
            days.append(on)
            new = set()
    last = rows[day].max() if len(rows) else None
    if last is not None and (not days or days[-1] != last):
        days = [*days[:-1], last]
    return days
