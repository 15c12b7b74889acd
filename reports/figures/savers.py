"""Who takes part, and how evenly: counted by distinct persons, small groups hidden."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from invest.progress import local
from invest.progress.disclosure import FEWEST_SHOWN
from reports.figures.frames import FairFrames
from reports.figures.hiding import are_few, hidden_groups
from reports.figures.promises import committed
from reports.figures.tables import as_frame

HISTOGRAM_EDGES = (0, 500, 1_000, 2_500, 5_000, 10_000, 25_000)  # kronor, lower bounds
# A quarter, or a tenth, of so many is five savers: fewer would be told one by one.
FEWEST_IN_QUARTERS, FEWEST_IN_TENTHS = 4 * FEWEST_SHOWN, 10 * FEWEST_SHOWN


def per_saver(frames: FairFrames) -> "pd.Series[int]":
    """Öre that each has promised to the scope's projects. Index: person."""
    return committed(frames).groupby("person")["amount_minor"].sum()


def histogram(frames: FairFrames) -> pd.DataFrame:
    """Savers by how much each promised to the scope's projects: from_kr, to_kr (None: no end),
    savers, is_hidden. Bounds include the lower and exclude the upper.
    """
    amounts = per_saver(frames).rename("amount").reset_index()
    edges = [*HISTOGRAM_EDGES, float("inf")]
    amounts["band"] = np.digitize(amounts["amount"] / 100, edges) - 1
    bands = range(len(HISTOGRAM_EDGES))
    counts = amounts.groupby("band")["person"].nunique().reindex(bands, fill_value=0)
    hidden = hidden_groups(amounts, "band").reindex(bands, fill_value=False)
    return pd.DataFrame(
        {
            "from_kr": HISTOGRAM_EDGES,
            "to_kr": [*HISTOGRAM_EDGES[1:], None],
            "savers": counts.astype("int64"),
            "is_hidden": hidden.astype(bool),
        }
    )


def middle(frames: FairFrames) -> tuple[int, int] | None:
    """(median, mean) promised per saver in öre; None for groups too small to tell."""
    promised = committed(frames)
    if not len(promised) or are_few(promised):
        return None
    amounts = per_saver(frames)
    return int(amounts.median()), int(amounts.mean())


def quartiles(frames: FairFrames) -> tuple[int, int, int] | None:
    """Promised per saver in öre: a quarter promised the first or less, half the second, three
    quarters the third (linear interpolation, as numpy's default). None for fewer than twenty.
    """
    amounts = per_saver(frames)
    if int((amounts.index > 0).sum()) < FEWEST_IN_QUARTERS:
        return None
    low, mid, high = (int(value) for value in np.percentile(amounts, [25, 50, 75]))
    return low, mid, high


def local_share(frames: FairFrames) -> pd.DataFrame:
    """Savers and öre by home: place (own, elsewhere, unknown), savers, amount_minor, is_hidden.

    "Own" is the municipality of the project that a promise was made to (`invest.progress.local`).
    """
    promised = committed(frames)
    places = [local.OWN, local.ELSEWHERE, local.UNKNOWN]
    grouped = promised.groupby("place")
    table = pd.DataFrame(
        {"savers": grouped["person"].nunique(), "amount_minor": grouped["amount_minor"].sum()}
    ).reindex(places, fill_value=0)
    hidden = hidden_groups(promised, "place").reindex(places, fill_value=False)
    table["is_hidden"] = hidden.astype(bool)
    return table.rename_axis("place").reset_index()


def returning(frames: FairFrames) -> dict[str, int]:
    """Savers at the scope's projects: total, and those who had promised at a fair before its last
    one, be it money or support savings.
    """
    people = committed(frames)["person"]
    here = set(people[people > 0])
    this_fair = frames.fairs["fair"].iloc[-1] if len(frames.fairs) else 0
    before: set[int] = set()
    for promised in (frames.pledges, frames.saved):
        if len(promised):
            before |= set(promised[~promised["fair"].isin([0, this_fair])]["person"])
    return {"savers": int(people.nunique()), "returning": len(here & before)}


def new_and_returning(frames: FairFrames) -> pd.DataFrame:
    """who (new, returning), savers, is_hidden: by whether a saver promised at an earlier fair."""
    people = returning(frames)
    told = [("new", people["savers"] - people["returning"]), ("returning", people["returning"])]
    table = as_frame(told, ["who", "savers"], ["savers"])
    few = ((table["savers"] > 0) & (table["savers"] < FEWEST_SHOWN)).any()
    # Two groups make the whole: one that is hidden hides the other.
    table["is_hidden"] = bool(few)
    return table


def gini(amounts: Sequence[int]) -> float | None:
    """Concentration: G = 2·Σ i·x(i) / (n·Σx) − (n+1)/n over amounts in ascending order, 0…1.

    None without amounts. [500, 1000, 1000, 2500, 5000] gives 0.42. (Gini 1912, in the form for
    single values.)
    """
    ordered = sorted(amounts)
    total = sum(ordered)
    if total == 0:
        return None
    weighted = sum(i * amount for i, amount in enumerate(ordered, start=1))
    n = len(ordered)
    return 2 * weighted / (n * total) - (n + 1) / n


def top_share(frames: FairFrames) -> float | None:
    """What the ten largest savers promised ÷ all that was promised, 0…1 in whole per cent; None for
    fewer than fifty savers.
    """
    amounts = per_saver(frames)
    if int((amounts.index > 0).sum()) < FEWEST_IN_TENTHS:
        return None
    return round(int(amounts.nlargest(10).sum()) / int(amounts.sum()), 2)


def lorenz(frames: FairFrames) -> pd.DataFrame:
    """Share of savers against share of öre, smallest first: savers_share, amount_share (0…1)
    in ten steps; empty for fewer than fifty savers, so that each step is five of them or more.
    """
    amounts = per_saver(frames)
    if int((amounts.index > 0).sum()) < FEWEST_IN_TENTHS:
        return pd.DataFrame({"savers_share": [], "amount_share": []})
    ordered = np.sort(amounts.to_numpy())
    cumulative = np.concatenate([[0], np.cumsum(ordered)])
    places = [round(len(ordered) * step / 10) for step in range(11)]
    return pd.DataFrame(
        {
            "savers_share": [step / 10 for step in range(11)],
            "amount_share": [cumulative[place] / cumulative[-1] for place in places],
        }
    )
