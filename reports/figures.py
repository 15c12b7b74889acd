"""Book and promises as data frames: the only reader of the database in `reports`.

All amounts are whole öre (int64), all days are business days. Everything is as of a day and as
known to a point: the same two give the same promises and money, however much is booked later;
goals, sources and the programme are read as they are kept, by their own days. Five queries for a
fair. Formulas: docs/glossary.md, "Figures of a fair report".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from django.db.models import Q

from invest.models import Fair, FinanceSource, GoalRevision, Instalment, Match, Pitch, PledgeEvent
from invest.pledges import COMMITTED_STATES
from invest.queries.figures import FEWEST_SHOWN

State = PledgeEvent.State
HISTOGRAM_EDGES = (0, 500, 1_000, 2_500, 5_000, 10_000, 25_000)  # kronor, lower bounds
COHORT_DAYS = (30, 90, 180, 365)
AGES = ((1, 30), (31, 60), (61, 90), (91, None))  # days past due
# A promise that got this far also passed the steps before it.
_CONFIRMED_ON = [*COMMITTED_STATES, State.UNFULFILLED]
_CALLED_ON = [State.CALLED, State.PART_PAID, State.PAID, State.CONVERTED, State.UNFULFILLED]
_PAID_ON = [State.PAID, State.CONVERTED]


@dataclass(frozen=True, slots=True)
class KnownTo:
    """What had been recorded: the last event of a promise, and each ledger's last entry."""

    event: int
    ledgers: dict[int, int]


@dataclass(frozen=True)
class FairFrames:
    """The facts of a fair, one frame a noun. See the functions for columns."""

    as_of: date
    projects: pd.DataFrame
    pledges: pd.DataFrame
    receipts: pd.DataFrame
    finance: pd.DataFrame
    instalments: pd.DataFrame
    fairs: pd.DataFrame


def fair_frames(fair: Fair, as_of: date, known_to: KnownTo | None = None) -> FairFrames:
    """Read a fair: its projects, their promises and money, and the loans of earlier fairs."""
    pitches = _pitches(fair)
    here = pitches[pitches["fair"] == fair.pk]
    wanted = here["project"].tolist()
    earlier = pitches["project"].unique().tolist()
    return FairFrames(
        as_of=as_of,
        projects=_with_goals(here, as_of),
        pledges=_pledges(wanted, as_of, known_to),
        receipts=_receipts(wanted, as_of, known_to),
        finance=_finance(wanted, as_of),
        instalments=_instalments(earlier, as_of, known_to),
        fairs=pitches[["fair", "fair_name", "fair_on"]].drop_duplicates(ignore_index=True),
    )


# --- From the database ----------------------------------------------------------------------------


def _frame(rows: Any, columns: Sequence[str], whole: Sequence[str] = ()) -> pd.DataFrame:
    """Rows as a frame; the columns named `whole` as int64, the rest as they come."""
    frame = pd.DataFrame(list(rows), columns=list(columns))
    return frame.astype(dict.fromkeys(whole, "int64"))


def _pitches(fair: Fair) -> pd.DataFrame:
    """One row a pitch at this or an earlier fair, in order."""
    rows = (
        Pitch.objects.filter(fair__starts_at__lte=fair.starts_at)
        .order_by("fair__starts_at", "position")
        .values_list(
            "fair_id",
            "fair__name",
            "fair__starts_at",
            "project_id",
            "project__name",
            "project__sector",
            "project__municipality",
        )
    )
    columns = ["fair", "fair_name", "fair_on", "project", "name", "sector", "municipality"]
    return _frame(rows, columns, ["fair", "project"])


def _with_goals(pitches: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """One row a project at the fair: project, name, sector, goal_min_minor, goal_max_minor.

    The goals in force on the day, summed over a project's offerings; 0 before the first.
    """
    rows = (
        GoalRevision.objects.filter(
            on__lte=as_of, offering__vehicle__project__in=pitches["project"].tolist()
        )
        .order_by("offering", "number")
        .values_list("offering__vehicle__project", "offering", "goal_min", "goal_max")
    )
    goals = pd.DataFrame(list(rows), columns=["project", "offering", "min", "max"])
    last = goals.groupby(["project", "offering"], as_index=False).last()
    for name in ("min", "max"):
        last[f"goal_{name}_minor"] = [int(kronor * 100) for kronor in last[name]]
    columns = ["goal_min_minor", "goal_max_minor"]
    summed = last.groupby("project", as_index=False)[columns].sum()
    joined = pitches.merge(summed, on="project", how="left").fillna(dict.fromkeys(columns, 0))
    return joined.astype(dict.fromkeys(columns, "int64"))


def _pledges(projects: list[int], as_of: date, known_to: KnownTo | None) -> pd.DataFrame:
    """One row a promise as it stood: its state and amount are its last event's.

    Columns: pledge, person (−1: forgotten), project, fair (0: none), municipality, submitted_on,
    state, amount_minor, confirmed_on, called_on, paid_on (None: never).
    """
    events = PledgeEvent.objects.filter(on__lte=as_of).filter(
        Q(pledge__offering__vehicle__project__in=projects) | Q(pledge__fair__isnull=False)
    )
    if known_to is not None:
        events = events.filter(pk__lte=known_to.event)
    columns = ["pledge", "on", "state", "amount_minor", "person", "municipality", "project", "fair"]
    rows = events.order_by("pledge", "number").values_list(
        "pledge_id",
        "on",
        "to_state",
        "amount_minor",
        "pledge__person_id",
        "pledge__person__municipality",
        "pledge__offering__vehicle__project_id",
        "pledge__fair_id",
    )
    frame = _frame(rows, columns).fillna({"person": -1, "municipality": "", "fair": 0})
    by_pledge = frame.groupby("pledge", as_index=False)
    pledges = by_pledge.last().drop(columns="on")
    pledges["submitted_on"] = by_pledge["on"].first()["on"]
    for name, states in (
        ("confirmed_on", _CONFIRMED_ON),
        ("called_on", _CALLED_ON),
        ("paid_on", _PAID_ON),
    ):
        first = frame[frame["state"].isin(states)].groupby("pledge")["on"].first()
        pledges[name] = pledges["pledge"].map(first).astype(object)
    whole = ["pledge", "amount_minor", "person", "project", "fair"]
    pledges = pledges.astype(dict.fromkeys(whole, "int64"))
    pledges["is_here"] = pledges["project"].isin(projects)
    return pledges


def _receipts(projects: list[int], as_of: date, known_to: KnownTo | None) -> pd.DataFrame:
    """One row a pairing that stands: project, on, amount_minor."""
    rows = Match.objects.filter(
        entry__booked_on__lte=as_of, call__pledge__offering__vehicle__project__in=projects
    ).values_list(
        "call__pledge__offering__vehicle__project_id",
        "entry__booked_on",
        "amount_minor",
        "entry__ledger_id",
        "entry__seq",
        "entry__reversed_by__booked_on",
        "entry__reversed_by__seq",
    )
    columns = ["project", "on", "amount_minor", "ledger", "seq", "undone_on", "undone_seq"]
    frame = _standing(_frame(rows.order_by("pk"), columns), as_of, known_to).reset_index(drop=True)
    return frame.astype({"project": "int64", "amount_minor": "int64"})


def _standing(frame: pd.DataFrame, as_of: date, known_to: KnownTo | None) -> pd.DataFrame:
    """Leave out what was undone by the day, and what was not yet known."""
    undone = frame["undone_on"].notna() & (frame["undone_on"].fillna(date.max) <= as_of)
    if known_to is not None:
        limit = frame["ledger"].map(known_to.ledgers).fillna(0)
        undone &= frame["undone_seq"].fillna(0) <= limit
        frame = frame[frame["seq"].fillna(0) <= limit]
    return frame[~undone.reindex(frame.index)]


def _finance(projects: list[int], as_of: date) -> pd.DataFrame:
    """One row a source: project, kind, amount_minor, is_signed (by the day)."""
    rows = (
        FinanceSource.objects.filter(project__in=projects)
        .order_by("pk")
        .values_list("project_id", "kind", "amount_minor", "signed_on")
    )
    frame = _frame(
        rows, ["project", "kind", "amount_minor", "signed_on"], ["project", "amount_minor"]
    )
    signed = [day is not None and day <= as_of for day in frame.pop("signed_on")]
    frame["is_signed"] = pd.Series(signed, dtype=bool)
    return frame


def _instalments(projects: list[int], as_of: date, known_to: KnownTo | None) -> pd.DataFrame:
    """One row an instalment and repayment of a plan (an instalment unpaid has one row, paid 0).

    Columns: vehicle, vehicle_name, plan_minor, instalment, due_on, principal_minor,
    interest_minor, paid_on, paid_principal_minor, paid_interest_minor.
    """
    rows = (
        Instalment.objects.filter(plan__vehicle__project__in=projects, plan__made_on__lte=as_of)
        .order_by("plan__vehicle", "period", "repayments")
        .values_list(
            "plan__vehicle_id",
            "plan__vehicle__name",
            "plan__principal_minor",
            "plan__made_on",
            "pk",
            "due_on",
            "principal_minor",
            "interest_minor",
            "repayments__paid_on",
            "repayments__principal_minor",
            "repayments__interest_minor",
            "repayments__entry__ledger_id",
            "repayments__entry__seq",
            "repayments__entry__reversed_by__booked_on",
            "repayments__entry__reversed_by__seq",
        )
    )
    columns = [
        "vehicle",
        "vehicle_name",
        "plan_minor",
        "made_on",
        "instalment",
        "due_on",
        "principal_minor",
        "interest_minor",
        "paid_on",
        "paid_principal_minor",
        "paid_interest_minor",
        "ledger",
        "seq",
        "undone_on",
        "undone_seq",
    ]
    frame = _frame(rows, columns)
    paid = frame["paid_on"].notna() & (frame["paid_on"].fillna(date.max) <= as_of)
    paid &= frame.index.isin(_standing(frame, as_of, known_to).index)
    for name in ("paid_principal_minor", "paid_interest_minor"):
        frame[name] = frame[name].where(paid, 0)
    frame["paid_on"] = frame["paid_on"].where(paid, None)
    whole = ["principal_minor", "interest_minor", "paid_principal_minor", "paid_interest_minor"]
    return frame.astype(dict.fromkeys(["plan_minor", *whole], "int64"))


# --- Figures --------------------------------------------------------------------------------------


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
    the one before; a withdrawn promise counts in the steps it had passed.
    """
    here = frames.pledges[frames.pledges["is_here"]]
    rows = []
    for step in ("submitted", "confirmed", "called", "paid"):
        passed = here[here[f"{step}_on"].notna()]
        rows.append((step, len(passed), int(passed["amount_minor"].sum())))
    return _frame(rows, ["step", "pledges", "amount_minor"], ["pledges", "amount_minor"])


def velocity(frames: FairFrames) -> pd.DataFrame:
    """Promised so far, by day of confirmation: on, amount_minor (cumulative), oldest first."""
    confirmed = committed(frames)
    daily = confirmed.groupby("confirmed_on")["amount_minor"].sum().sort_index().cumsum()
    return daily.rename_axis("on").reset_index()


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
    return _frame(rows, ["fair_name", "pledged_minor", *map(str, COHORT_DAYS)], ["pledged_minor"])


def outstanding(frames: FairFrames) -> pd.DataFrame:
    """Loans of this and earlier fairs by month end: on, lent_minor, repaid_minor (cumulative),
    outstanding_minor = lent − repaid. The last row is the report's own day.
    """
    loans = frames.instalments.drop_duplicates("vehicle")
    paid = frames.instalments[frames.instalments["paid_on"].notna()]
    if loans.empty:
        return _frame([], ["on", "lent_minor", "repaid_minor", "outstanding_minor"])
    days = pd.date_range(min(loans["made_on"]), frames.as_of, freq="ME").date.tolist()
    rows = []
    for day in sorted({*days, frames.as_of}):
        lent = int(loans.loc[loans["made_on"] <= day, "plan_minor"].sum())
        repaid = int(paid.loc[paid["paid_on"] <= day, "paid_principal_minor"].sum())
        rows.append((day, lent, repaid, lent - repaid))
    columns = ["on", "lent_minor", "repaid_minor", "outstanding_minor"]
    return _frame(rows, columns, columns[1:])


def arrears(frames: FairFrames) -> pd.DataFrame:
    """Due and unpaid by age: from_days, to_days (None: no end), amount_minor."""
    late = _late(frames)
    rows = []
    for first, last in AGES:
        within = (late["days"] >= first) & (late["days"] <= (last or 10**6))
        rows.append((first, last, int(late.loc[within, "owed_minor"].sum())))
    return _frame(rows, ["from_days", "to_days", "amount_minor"], ["amount_minor"])


def portfolio_at_risk(frames: FairFrames, days: int) -> float | None:
    """PAR: the whole balance of loans with anything more than `days` late ÷ all balances.

    Balance-weighted, 0…1; None where nothing is outstanding.
    """
    table = frames.instalments
    lent = table.drop_duplicates("vehicle").set_index("vehicle")["plan_minor"]
    balance = lent - table.groupby("vehicle")["paid_principal_minor"].sum()
    late = _late(frames)
    risky = late.loc[(late["days"] > days) & (late["owed_minor"] > 0), "vehicle"].unique()
    total = int(balance.sum())
    return int(balance[balance.index.isin(risky)].sum()) / total if total else None


def _late(frames: FairFrames) -> pd.DataFrame:
    """Instalments due before the day: vehicle, days past due, owed_minor."""
    columns = ["paid_principal_minor", "paid_interest_minor"]
    table = frames.instalments
    firsts = ["vehicle", "due_on", "principal_minor", "interest_minor"]
    rows = table.groupby("instalment")[firsts].first()
    rows["owed_minor"] = rows["principal_minor"] + rows["interest_minor"]
    rows["owed_minor"] -= table.groupby("instalment")[columns].sum().sum(axis=1)
    rows["days"] = [(frames.as_of - day).days for day in rows["due_on"]]
    return rows[rows["days"] > 0]


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
    return _frame(rows, ["kind", "amount_minor"], ["amount_minor"])
