"""What was promised, what was paid, and how fast."""

from collections.abc import Iterable
from datetime import timedelta

import numpy as np
import pandas as pd

from invest.progress import sums
from invest.progress.disclosure import FEWEST_SHOWN
from reports.figures.frames import FairFrames
from reports.figures.hiding import are_few, days_to_show, hidden_groups, persons
from reports.figures.tables import as_frame

COHORT_DAYS = (30, 90, 180, 365)
FUNNEL = ("submitted", "confirmed", "called", "paid")


def committed(frames: FairFrames) -> pd.DataFrame:
    """The promises to the scope's projects that count (state confirmed … paid)."""
    pledges = frames.pledges
    return pledges[pledges["is_here"] & (pledges["counts_as"] == sums.COMMITTED)]


def raised_by_project(frames: FairFrames) -> pd.DataFrame:
    """One row a project in order: project, name, sector, committed_minor (promises that count),
    received_minor (pairings that stand), enabled_minor (bank loans signed), goal_min_minor,
    goal_max_minor, savers (distinct persons; −1 where they are too few to tell).
    """
    promised = committed(frames)
    by_project = promised.groupby("project")
    loans = frames.finance[frames.finance["is_enabled"]]
    kept = ["name", "sector", "goal_min_minor", "goal_max_minor"]
    table = frames.projects.set_index("project")[kept]
    table["committed_minor"] = by_project["amount_minor"].sum()
    table["received_minor"] = frames.receipts.groupby("project")["amount_minor"].sum()
    table["enabled_minor"] = loans.groupby("project")["amount_minor"].sum()
    table["savers"] = by_project["person"].nunique()
    whole = ["committed_minor", "received_minor", "enabled_minor", "savers"]
    table[whole] = table[whole].fillna(0).astype("int64")
    hidden = hidden_groups(promised, "project").reindex(table.index, fill_value=False)
    table.loc[hidden.astype(bool), "savers"] = -1
    return table.reset_index()


def goal_moves(frames: FairFrames) -> pd.DataFrame:
    """Each time a project's least goal was moved: project, name, on, was_minor, now_minor.

    A project's goal is the sum of its offerings'; a new offering is no move.
    """
    names = frames.projects.set_index("project")["name"].to_dict()
    standing: dict[int, dict[int, int]] = {}
    rows = []
    for goal in frames.goals.itertuples():
        offered = standing.setdefault(goal.project, {})
        was = sum(offered.values())
        is_move = offered.get(goal.offering, goal.goal_min_minor) != goal.goal_min_minor
        offered[goal.offering] = goal.goal_min_minor
        if is_move:
            now = sum(offered.values())
            rows.append((goal.project, names[goal.project], goal.on, was, now))
    return as_frame(rows, ["project", "name", "on", "was_minor", "now_minor"])


def by_sector(frames: FairFrames) -> pd.DataFrame:
    """One row a sector, most promised first: sector, projects, committed_minor, received_minor,
    enabled_minor. Of projects' own sums, which are public one by one.
    """
    table = raised_by_project(frames)
    sums = dict.fromkeys(("committed_minor", "received_minor", "enabled_minor"), "sum")
    grouped = table.groupby("sector", as_index=False).agg({"project": "count", **sums})
    grouped = grouped.rename(columns={"project": "projects"})
    return grouped.sort_values(
        ["committed_minor", "sector"], ascending=[False, True], ignore_index=True
    )


def funnel(frames: FairFrames) -> pd.DataFrame:
    """submitted → confirmed → called → paid: step, pledges, amount_minor. Each step is a part of
    the one before; a withdrawn promise counts in the steps it had passed. Of fewer than five savers
    both are −1, too few to tell; so is the amount of a step that differs from another sum that is
    told by the promises of fewer than five.
    """
    here = frames.pledges[frames.pledges["is_here"]]
    told = [set(committed(frames)["pledge"])]
    rows = []
    for step in FUNNEL:
        passed = here[here[f"{step}_on"].notna()]
        if are_few(passed):
            rows.append((step, -1, -1))
            continue
        those = set(passed["pledge"])
        apart = (here[here["pledge"].isin(those ^ others)] for others in told)
        points = any(are_few(rest) for rest in apart)
        if not points:
            told.append(those)
        rows.append((step, len(passed), -1 if points else int(passed["amount_minor"].sum())))
    return as_frame(rows, ["step", "pledges", "amount_minor"], ["pledges", "amount_minor"])


def promises_kept(frames: FairFrames) -> float | None:
    """Infriandegrad: of what was confirmed 90 days ago or more and not released, the part (by
    amount) that is paid. None where fewer than five savers had confirmed.
    """
    confirmed = committed(frames)
    ripe = frames.as_of - timedelta(days=90)
    old = confirmed[confirmed["confirmed_on"] <= ripe]
    if not len(old) or are_few(old):
        return None
    paid = old[old["paid_on"].notna()]
    return float(paid["amount_minor"].sum() / old["amount_minor"].sum())


def days_to_pay(frames: FairFrames) -> int | None:
    """Median of days from confirmed to paid in full; None for fewer than five savers."""
    here = frames.pledges[frames.pledges["is_here"]]
    paid = here[here["paid_on"].notna() & here["confirmed_on"].notna()]
    if not len(paid) or are_few(paid):
        return None
    days = [
        (end - start).days for start, end in zip(paid["confirmed_on"], paid["paid_on"], strict=True)
    ]
    return int(np.median(days))


def velocity(frames: FairFrames) -> pd.DataFrame:
    """Promised so far, by day of confirmation: on, amount_minor (cumulative), oldest first.

    Only days on which five savers or more have promised something since the day before in the
    table: a step never is one person's promise.
    """
    confirmed = committed(frames)
    daily = confirmed.groupby("confirmed_on")["amount_minor"].sum().sort_index().cumsum()
    told = daily[daily.index.isin(days_to_show(confirmed, "confirmed_on"))]
    return told.rename_axis("on").reset_index()


def week(frames: FairFrames) -> int | None:
    """Takt: öre confirmed in the seven days up to the day; None: of fewer than five savers."""
    confirmed = committed(frames)
    since = frames.as_of - timedelta(days=6)
    new = confirmed[confirmed["confirmed_on"] >= since]
    return None if are_few(new) else int(new["amount_minor"].sum())


def days_to_goal(frames: FairFrames) -> tuple[int, int | None, int | None]:
    """(projects, median days to half of the least goal, to all of it): days from a project's first
    promise until that much of the goal in force was confirmed. Of projects with a goal that it was
    reached for; None where none has come so far.
    """
    goals = frames.projects.set_index("project")["goal_min_minor"]
    half: list[int] = []
    whole: list[int] = []
    for project, rows in committed(frames).groupby("project"):
        goal = int(goals.get(project, 0))
        daily = rows.groupby("confirmed_on")["amount_minor"].sum().sort_index().cumsum()
        for share, into in ((50, half), (100, whole)):
            reached = daily[daily * 100 >= goal * share]
            if goal and len(reached):
                into.append((reached.index[0] - rows["submitted_on"].min()).days)
    middles = [int(np.median(days)) if days else None for days in (half, whole)]
    return len(half), middles[0], middles[1]


def cohorts(frames: FairFrames) -> pd.DataFrame:
    """For each fair, what of its promises was paid within 30, 90, 180 and 365 days.

    Columns: fair_name, pledged_minor, then one a span: share 0…1 in whole per cent (float), NaN
    while the span has not passed, −1 where fewer than five have paid. Promises made at the fair, by
    amount; fairs with fewer than five savers are left out.
    """
    rows = []
    for fair in frames.fairs.itertuples():
        made = frames.pledges[frames.pledges["fair"] == fair.fair]
        if persons(made) < FEWEST_SHOWN:
            continue
        held_on = fair.fair_on.date()
        paid = made[made["paid_on"].notna()]
        in_days = pd.Series([(day - held_on).days for day in paid["paid_on"]], index=paid.index)
        pledged = int(made["amount_minor"].sum())
        shares = [
            _share(paid[in_days <= days], pledged)
            if (frames.as_of - held_on).days >= days
            else np.nan
            for days in COHORT_DAYS
        ]
        rows.append((fair.fair_name, pledged, *shares))
    return as_frame(rows, ["fair_name", "pledged_minor", *map(str, COHORT_DAYS)], ["pledged_minor"])


def _share(paid: pd.DataFrame, pledged: int) -> float:
    return -1.0 if are_few(paid) else round(int(paid["amount_minor"].sum()) / pledged, 2)


def by_year(frames: FairFrames) -> pd.DataFrame:
    """Years side by side, oldest first: year, then for what happened in it committed_minor (by day
    of confirmation, standing now), received_minor, enabled_minor (bank loans signed), lent_minor,
    repaid_minor (principal), by the scope's own projects. −1: of fewer than five savers. No sum
    over columns has a meaning.
    """
    promised = committed(frames)
    loans = frames.finance[frames.finance["is_enabled"]]
    plans = frames.instalments[frames.instalments["project"].isin(frames.projects["project"])]
    table = pd.DataFrame(
        {
            "committed_minor": _yearly(promised, "confirmed_on", "amount_minor", hide=True),
            "received_minor": _yearly(frames.receipts, "on", "amount_minor", hide=True),
            "enabled_minor": _yearly(loans, "signed_on", "amount_minor"),
            "lent_minor": _yearly(plans.drop_duplicates("vehicle"), "made_on", "plan_minor"),
            "repaid_minor": _yearly(plans, "paid_on", "paid_principal_minor"),
        }
    )
    if frames.since is not None:
        table = table[table.index >= frames.since.year]
    if not len(table):
        return as_frame([], ["year", *table.columns])
    years = range(int(table.index.min()), frames.as_of.year + 1)
    told = table.reindex(years).fillna(0).astype("int64")
    return told.rename_axis("year").reset_index()


def _yearly(rows: pd.DataFrame, day: str, amount: str, *, hide: bool = False) -> "pd.Series[int]":
    if not len(rows):
        return pd.Series(dtype="int64")
    dated = rows[rows[day].notna()]
    years = _years(dated[day])
    sums = dated.groupby(years)[amount].sum()
    if hide:
        hidden = hidden_groups(dated.assign(year=years), "year")
        sums[hidden] = -1
    return sums


def _years(days: "Iterable[object]") -> "pd.Series[int]":
    listed = pd.Series(days)
    return pd.Series([day.year for day in listed], index=listed.index, dtype="int64")


def finance_mix(frames: FairFrames) -> pd.DataFrame:
    """From need to gap, source by source: kind, amount_minor.

    `need`: what the projects say they need in money (their least goal where they say nothing);
    `savers`: promised; then signed sources by kind; `beyond`: what some projects have more than
    they need, which fills no other's gap; `gap`: what is left, project by project.
    """
    needed = _needed(frames)
    signed = frames.finance[frames.finance["is_signed"]]
    kinds = signed.groupby("kind")["amount_minor"].sum()
    promised = committed(frames).groupby("project")["amount_minor"].sum()
    covered = promised.add(signed.groupby("project")["amount_minor"].sum(), fill_value=0)
    left = needed.sub(covered, fill_value=0).astype("int64")
    rows = [
        ("need", int(needed.sum())),
        ("savers", int(promised.sum())),
        *((kind, int(kinds.get(kind, 0))) for kind in ("bank-loan", "grant", "own", "gift")),
        ("beyond", int(-left.clip(upper=0).sum())),
        ("gap", int(left.clip(lower=0).sum())),
    ]
    return as_frame(rows, ["kind", "amount_minor"], ["amount_minor"])


def _needed(frames: FairFrames) -> "pd.Series[int]":
    goals = frames.projects.set_index("project")["goal_min_minor"]
    told = frames.needs[frames.needs["money_minor"] > 0].groupby("project")["money_minor"].sum()
    return told.reindex(goals.index).fillna(goals).astype("int64")
