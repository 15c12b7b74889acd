"""What was promised, what was paid, and what else the projects rest on."""

import numpy as np
import pandas as pd

from invest.pledges import COMMITTED_STATES
from invest.queries.figures import FEWEST_SHOWN
from reports.figures.frames import FairFrames, as_frame

COHORT_DAYS = (30, 90, 180, 365)


def hide_few(counts: pd.Series) -> pd.Series:
    """Which groups of a partition must not be told: those of 1 to 4 savers, and one more where a
    single hidden group could be found by taking the others from the total. Boolean, same index.
    """
    few = (counts > 0) & (counts < FEWEST_SHOWN)
    if few.any() and counts[few].sum() < FEWEST_SHOWN and (counts > 0).sum() > few.sum():
        told = counts[(counts > 0) & ~few]
        few[told.idxmin()] = True
    return few


def committed(frames: FairFrames) -> pd.DataFrame:
    """The promises to the fair's projects that count (state confirmed … paid)."""
    pledges = frames.pledges
    return pledges[pledges["is_here"] & pledges["state"].isin(list(COMMITTED_STATES))]


def raised_by_project(frames: FairFrames) -> pd.DataFrame:
    """One row a project in pitch order: name, committed_minor, received_minor, enabled_minor,
    goal_min_minor, goal_max_minor, savers (distinct persons; −1 where they are too few to tell).
    """
    promised = committed(frames).groupby("project")
    loans = frames.finance[frames.finance["is_signed"] & (frames.finance["kind"] == "bank-loan")]
    table = frames.projects.set_index("project")[["name", "goal_min_minor", "goal_max_minor"]]
    table["committed_minor"] = promised["amount_minor"].sum()
    table["received_minor"] = frames.receipts.groupby("project")["amount_minor"].sum()
    table["enabled_minor"] = loans.groupby("project")["amount_minor"].sum()
    table["savers"] = promised["person"].nunique()
    whole = ["committed_minor", "received_minor", "enabled_minor", "savers"]
    table[whole] = table[whole].fillna(0).astype("int64")
    table.loc[hide_few(table["savers"]), "savers"] = -1
    return table.reset_index()


def funnel(frames: FairFrames) -> pd.DataFrame:
    """submitted → confirmed → called → paid: step, pledges, amount_minor. Each step is a part of
    the one before; a withdrawn promise counts in the steps it had passed. Of fewer than five savers
    both are −1: too few to tell.
    """
    here = frames.pledges[frames.pledges["is_here"]]
    rows = []
    for step in ("submitted", "confirmed", "called", "paid"):
        passed = here[here[f"{step}_on"].notna()]
        if 0 < passed["person"].nunique() < FEWEST_SHOWN:
            rows.append((step, -1, -1))
        else:
            rows.append((step, len(passed), int(passed["amount_minor"].sum())))
    return as_frame(rows, ["step", "pledges", "amount_minor"], ["pledges", "amount_minor"])


def velocity(frames: FairFrames) -> pd.DataFrame:
    """Promised so far, by day of confirmation: on, amount_minor (cumulative), oldest first."""
    confirmed = committed(frames)
    daily = confirmed.groupby("confirmed_on")["amount_minor"].sum().sort_index().cumsum()
    return daily.rename_axis("on").reset_index()


def cohorts(frames: FairFrames) -> pd.DataFrame:
    """For each fair, what of its promises was paid within 30, 90, 180 and 365 days.

    Columns: fair_name, pledged_minor, then one a span: share 0…1 (float), NaN while the span has
    not passed or the group is too small. Promises made at the fair, by amount.
    """
    rows = []
    for fair in frames.fairs.itertuples():
        made = frames.pledges[frames.pledges["fair"] == fair.fair]
        pledged = int(made["amount_minor"].sum())
        if made["person"].nunique() < FEWEST_SHOWN:
            continue
        held_on = fair.fair_on.date()
        shares = []
        for days in COHORT_DAYS:
            if (frames.as_of - held_on).days < days:
                shares.append(np.nan)
                continue
            paid = made[made["paid_on"].notna()]
            in_time = [(day - held_on).days <= days for day in paid["paid_on"]]
            shares.append(int(paid.loc[in_time, "amount_minor"].sum()) / pledged)
        rows.append((fair.fair_name, pledged, *shares))
    return as_frame(rows, ["fair_name", "pledged_minor", *map(str, COHORT_DAYS)], ["pledged_minor"])


def finance_mix(frames: FairFrames) -> pd.DataFrame:
    """What the projects rest on, beside each other and never summed: kind, amount_minor.

    `need` is the least goals; `savers` what savers have promised; then the signed sources.
    """
    signed = frames.finance[frames.finance["is_signed"]].groupby("kind")["amount_minor"].sum()
    rows = [
        ("need", int(frames.projects["goal_min_minor"].sum())),
        ("savers", int(committed(frames)["amount_minor"].sum())),
        *((kind, int(signed.get(kind, 0))) for kind in ("bank-loan", "grant", "own", "gift")),
    ]
    return as_frame(rows, ["kind", "amount_minor"], ["amount_minor"])
