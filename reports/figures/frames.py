"""Book and promises as data frames: the only reader of the database in `reports`.

All amounts are whole öre (int64), all days are business days. Everything is as of a day and as
known to a point: the same two give the same promises and money, however much is booked later;
goals, sources and the programme are read as they are kept, by their own days. Five queries for a
fair.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from django.db.models import Exists, Max, OuterRef, Q

from invest.models import (
    Fair,
    FinanceSource,
    GoalRevision,
    Instalment,
    Match,
    Pitch,
    Plan,
    PledgeEvent,
)
from invest.pledges import COMMITTED_STATES
from invest.vehicles import BOUGHT, RAISED
from pools.models import Ledger

State = PledgeEvent.State
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


def known_now(fair: Fair) -> KnownTo:
    """All that is recorded now of the books of this and earlier fairs. Two queries."""
    event = PledgeEvent.objects.aggregate(last=Max("pk"))["last"] or 0
    pitches = Pitch.objects.filter(fair__starts_at__lte=fair.starts_at, accepted_on__isnull=False)
    ledgers = Ledger.objects.filter(organisation__projects__pitches__in=pitches).values_list(
        "pk", "head_seq"
    )
    return KnownTo(event, dict(ledgers))


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


def as_frame(rows: Any, columns: Sequence[str], whole: Sequence[str] = ()) -> pd.DataFrame:
    """Rows as a frame; the columns named `whole` as int64, the rest as they come."""
    frame = pd.DataFrame(list(rows), columns=list(columns))
    return frame.astype(dict.fromkeys(whole, "int64"))


def _pitches(fair: Fair) -> pd.DataFrame:
    """One row a pitch at this or an earlier fair, in order."""
    rows = (
        Pitch.objects.filter(fair__starts_at__lte=fair.starts_at, accepted_on__isnull=False)
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
    return as_frame(rows, columns, ["fair", "project"])


def _with_goals(pitches: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """One row a project at the fair: project, name, sector, goal_min_minor, goal_max_minor.

    The goals in force on the day, summed over a project's offerings; 0 before the first.
    """
    rows = (
        GoalRevision.objects.filter(
            on__lte=as_of, offering__vehicle__project__in=pitches["project"].tolist()
        )
        # What goods cost is no goal to raise.
        .exclude(offering__vehicle__kind__in=BOUGHT)
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
        Q(pledge__offering__vehicle__project__in=projects) | Q(pledge__fair__isnull=False),
        # Support savings stay the savers' own: they are in no sum of what is raised.
        pledge__offering__vehicle__kind__in=RAISED,
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
    frame = as_frame(rows, columns).fillna({"person": -1, "municipality": "", "fair": 0})
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
        entry__booked_on__lte=as_of,
        call__pledge__offering__vehicle__project__in=projects,
        call__pledge__offering__vehicle__kind__in=RAISED,
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
    frame = _standing(as_frame(rows.order_by("pk"), columns), as_of, known_to).reset_index(
        drop=True
    )
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
    frame = as_frame(
        rows, ["project", "kind", "amount_minor", "signed_on"], ["project", "amount_minor"]
    )
    signed = [day is not None and day <= as_of for day in frame.pop("signed_on")]
    frame["is_signed"] = pd.Series(signed, dtype=bool)
    return frame


def _instalments(projects: list[int], as_of: date, known_to: KnownTo | None) -> pd.DataFrame:
    """One row an instalment and repayment of a plan (an instalment unpaid has one row, paid 0).

    Columns: vehicle, vehicle_name, plan_minor, made_on, is_restructured, instalment, due_on,
    principal_minor, interest_minor, paid_on, paid_principal_minor, paid_interest_minor. Of a plan
    that a later one has replaced only what was paid is left; `plan_minor` of the first row is what
    was lent.
    """
    newer = Plan.objects.filter(
        vehicle=OuterRef("plan__vehicle"),
        version__gt=OuterRef("plan__version"),
        made_on__lte=as_of,
    )
    rows = (
        Instalment.objects.filter(plan__vehicle__project__in=projects, plan__made_on__lte=as_of)
        .annotate(is_replaced=Exists(newer))
        .order_by("plan__vehicle", "plan__version", "period", "repayments")
        .values_list(
            "plan__vehicle_id",
            "plan__vehicle__name",
            "plan__principal_minor",
            "plan__made_on",
            "plan__restructured",
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
            "is_replaced",
        )
    )
    columns = [
        "vehicle",
        "vehicle_name",
        "plan_minor",
        "made_on",
        "is_restructured",
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
        "is_replaced",
    ]
    frame = as_frame(rows, columns)
    paid = frame["paid_on"].notna() & (frame["paid_on"].fillna(date.max) <= as_of)
    paid &= frame.index.isin(_standing(frame, as_of, known_to).index)
    for name in ("paid_principal_minor", "paid_interest_minor"):
        frame[name] = frame[name].where(paid, 0)
        owed = name.removeprefix("paid_")
        settled = frame.groupby("instalment")[name].transform("sum")
        frame[owed] = frame[owed].mask(frame["is_replaced"].astype(bool), settled)
    frame["paid_on"] = frame["paid_on"].where(paid, None)
    whole = ["principal_minor", "interest_minor", "paid_principal_minor", "paid_interest_minor"]
    return frame.astype(dict.fromkeys(["plan_minor", *whole], "int64"))
