"""Who takes part, and how evenly: counted by distinct persons, small groups hidden."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from invest.queries.figures import FEWEST_SHOWN
from reports.figures.frames import FairFrames
from reports.figures.promises import committed, hide_few

HISTOGRAM_EDGES = (0, 500, 1_000, 2_500, 5_000, 10_000, 25_000)  # kronor, lower bounds


def histogram(frames: FairFrames) -> pd.DataFrame:
    """Savers by how much each promised to the fair's projects: from_kr, to_kr (None: no end),
    savers, is_hidden. Bounds include the lower and exclude the upper.
    """
    per_saver = committed(frames).groupby("person")["amount_minor"].sum() / 100
    edges = [*HISTOGRAM_EDGES, float("inf")]
    counts, _ = np.histogram(per_saver, bins=edges)
    table = pd.DataFrame(
        {
            "from_kr": HISTOGRAM_EDGES,
            "to_kr": [*HISTOGRAM_EDGES[1:], None],
            "savers": counts.astype("int64"),
        }
    )
    table["is_hidden"] = hide_few(table["savers"])
    return table


def middle(frames: FairFrames) -> tuple[int, int] | None:
    """(median, mean) promised per saver in öre; None for groups too small to tell."""
    per_saver = committed(frames).groupby("person")["amount_minor"].sum()
    if len(per_saver) < FEWEST_SHOWN:
        return None
    return int(per_saver.median()), int(per_saver.mean())


def local_share(frames: FairFrames) -> pd.DataFrame:
    """Savers and öre by home: place (own, elsewhere, unknown), savers, amount_minor, is_hidden.

    "Own" is the municipality of the fair's projects.
    """
    own = set(frames.projects["municipality"])
    promised = committed(frames).copy()
    promised["place"] = [
        "unknown" if not home else "own" if home in own else "elsewhere"
        for home in promised["municipality"]
    ]
    grouped = promised.groupby("place")
    table = pd.DataFrame(
        {"savers": grouped["person"].nunique(), "amount_minor": grouped["amount_minor"].sum()}
    ).reindex(["own", "elsewhere", "unknown"], fill_value=0)
    table["is_hidden"] = hide_few(table["savers"])
    return table.rename_axis("place").reset_index()


def returning(frames: FairFrames) -> dict[str, int]:
    """Savers at the fair's projects: total, and those who had promised at an earlier fair."""
    here = set(committed(frames)["person"]) - {-1}
    this_fair = frames.fairs["fair"].iloc[-1] if len(frames.fairs) else 0
    at_fairs = frames.pledges[~frames.pledges["fair"].isin([0, this_fair])]
    return {"savers": len(here), "returning": len(here & set(at_fairs["person"]))}


def gini(amounts: Sequence[int]) -> float | None:
    """Concentration: G = 2·Σ i·x(i) / (n·Σx) − (n+1)/n over amounts in ascending order, 0…1.

    None without amounts. [500, 1000, 1000, 2500, 5000] gives 0.42.
    """
    ordered = sorted(amounts)
    total = sum(ordered)
    if total == 0:
        return None
    weighted = sum(i * amount for i, amount in enumerate(ordered, start=1))
    n = len(ordered)
    return 2 * weighted / (n * total) - (n + 1) / n


def lorenz(frames: FairFrames) -> pd.DataFrame:
    """Share of savers against share of öre, smallest first: savers_share, amount_share (0…1)
    in ten steps; empty for groups too small to tell. Steps hide the single saver.
    """
    per_saver = np.sort(committed(frames).groupby("person")["amount_minor"].sum().to_numpy())
    if len(per_saver) < FEWEST_SHOWN * 10:
        return pd.DataFrame({"savers_share": [], "amount_share": []})
    cumulative = np.concatenate([[0], np.cumsum(per_saver)])
    places = [round(len(per_saver) * step / 10) for step in range(11)]
    return pd.DataFrame(
        {
            "savers_share": [step / 10 for step in range(11)],
            "amount_share": [cumulative[place] / cumulative[-1] for place in places],
        }
    )
