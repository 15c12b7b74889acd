"""Book and promises as data frames: the only reader of the database in `reports`.

All amounts are whole öre (int64), all days are business days. Everything is as of a day and as
known to a point (`KnownTo`): the same two give the same frames, whatever is booked, backdated or
given a new goal later. What cannot be bounded, since it is kept as it is now: names, homes, and
whose a promise was (a person who is forgotten becomes one for each promise, of no known home);
the days and amounts of sources of finance and of pitches; and what a need asks for. Eleven queries
for a fair, and nine for each vehicle with a register that figures are read from.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from invest.kinds import SAVED
from invest.kinds.actions import SnapshotOf
from invest.kinds.kind import Kind
from invest.models import (
    Fair,
    FinanceSource,
    Instalment,
    Plan,
    PledgeEvent,
    Vehicle,
)
from invest.progress import goals, local, sums
from invest.progress.sums import KnownTo
from reports.figures.help_frames import help_frame, needs_frame
from reports.figures.scope import Scope, of_fair, pitches
from reports.figures.tables import as_frame
from reports.figures.vehicles import standings

State = PledgeEvent.State
# A promise that got this far also passed the steps before it.
_CONFIRMED_ON = [*PledgeEvent.COMMITTED, State.UNFULFILLED]
_CALLED_ON = [State.CALLED, State.PART_PAID, State.PAID, State.CONVERTED, State.UNFULFILLED]
_PAID_ON = [State.PAID, State.CONVERTED]
_PROJECT_FIELDS = ("pk", "name", "sector", "municipality")


def _none() -> pd.DataFrame:
    return pd.DataFrame()


@dataclass(frozen=True)
class FairFrames:
    """The facts of a fair or any other scope, one frame a noun. See the functions for columns."""

    as_of: date
    projects: pd.DataFrame
    pledges: pd.DataFrame
    receipts: pd.DataFrame
    finance: pd.DataFrame
    instalments: pd.DataFrame
    fairs: pd.DataFrame
    goals: pd.DataFrame = field(default_factory=_none)
    help: pd.DataFrame = field(default_factory=_none)
    needs: pd.DataFrame = field(default_factory=_none)
    vehicles: tuple[tuple[Vehicle, SnapshotOf[Kind]], ...] = ()
    # As `pledges`, of support savings: in no sum of money, but their savers have come before.
    saved: pd.DataFrame = field(default_factory=_none)
    since: date | None = None
    is_of_fair: bool = True


def fair_frames(fair: Fair, as_of: date, known_to: KnownTo | None = None) -> FairFrames:
    """Read a fair: its projects, their promises and money, and what became of earlier fairs."""
    return scope_frames(of_fair(fair), as_of, known_to)


def scope_frames(scope: Scope, as_of: date, known_to: KnownTo | None = None) -> FairFrames:
    """Read any scope: see `Scope`."""
    pitched = _pitches(scope, known_to)
    if scope.fair is not None:
        here = pitched[pitched["fair"] == scope.fair.pk]
        behind = pitched["project"].unique().tolist()
    else:
        here = _projects(scope)
        behind = here["project"].tolist()
    wanted = here["project"].tolist()
    aims = _goals(scope, wanted, as_of, known_to)
    promised = _pledges(scope, wanted, as_of, known_to)
    is_saved = promised["kind"].isin(SAVED)
    return FairFrames(
        as_of=as_of,
        projects=_with_goals(here, aims),
        pledges=promised[~is_saved].drop(columns="kind").reset_index(drop=True),
        receipts=_receipts(scope, wanted, as_of, known_to),
        finance=_finance(scope, wanted, as_of, known_to),
        instalments=_instalments(scope, behind, as_of, known_to),
        fairs=pitched[["fair", "fair_name", "fair_on"]].drop_duplicates(ignore_index=True),
        goals=aims,
        help=help_frame(scope, wanted, as_of, known_to),
        needs=needs_frame(wanted, known_to),
        vehicles=standings(scope, behind, as_of, known_to),
        saved=promised[is_saved].reset_index(drop=True),
        since=scope.since,
        is_of_fair=scope.fair is not None,
    )


def _pitches(scope: Scope, known_to: KnownTo | None) -> pd.DataFrame:
    """One row a pitch, in order."""
    fields = ("fair_id", "fair__name", "fair__starts_at")
    rows = pitches(scope, known_to).values_list(
        *fields, *(f"project__{name}" for name in _PROJECT_FIELDS)
    )
    columns = ["fair", "fair_name", "fair_on", "project", *_PROJECT_FIELDS[1:]]
    return as_frame(rows, columns, ["fair", "project"])


def _projects(scope: Scope) -> pd.DataFrame:
    """One row a project, by name."""
    rows = scope.here.values_list(*_PROJECT_FIELDS)
    return as_frame(rows, ["project", *_PROJECT_FIELDS[1:]], ["project"])


def _goals(
    scope: Scope, projects: list[int], as_of: date, known_to: KnownTo | None
) -> pd.DataFrame:
    """One row a goal of an offering that money is paid in to: project, offering, number, on,
    goal_min_minor, goal_max_minor; oldest first.
    """
    revisions = goals.so_far(as_of, known_to).filter(
        scope.of_kind("offering__vehicle"), offering__vehicle__project__in=projects
    )
    rows = revisions.values_list(
        "offering__vehicle__project", "offering", "number", "on", "goal_min", "goal_max"
    )
    whole = ["goal_min_minor", "goal_max_minor"]
    frame = as_frame(rows, ["project", "offering", "number", "on", *whole])
    for name in whole:
        frame[name] = [int(kronor * 100) for kronor in frame[name]]
    return frame.astype(dict.fromkeys(["project", "offering", *whole], "int64"))


def _with_goals(projects: pd.DataFrame, goals: pd.DataFrame) -> pd.DataFrame:
    """One row a project: project, name, sector, municipality, goal_min_minor, goal_max_minor.

    The goals in force on the day, summed over a project's offerings; 0 before the first.
    """
    columns = ["goal_min_minor", "goal_max_minor"]
    last = goals.groupby(["project", "offering"], as_index=False).last()
    summed = last.groupby("project", as_index=False)[columns].sum()
    joined = projects.merge(summed, on="project", how="left").fillna(dict.fromkeys(columns, 0))
    return joined.astype(dict.fromkeys(columns, "int64"))


def _pledges(
    scope: Scope, projects: list[int], as_of: date, known_to: KnownTo | None
) -> pd.DataFrame:
    """One row a promise as it stood: its state and amount are its last event's.

    Columns: pledge, person (forgotten: −pledge), project, fair (0: none), place (of
    `invest.progress.local`), submitted_on, state, counts_as (the sum it is in, of
    `invest.progress.sums`), amount_minor, confirmed_on, called_on, paid_on (None: never), is_here:
    made to a project of the scope, in its time, kind (of the vehicle). Of a fair, also the promises
    made at every other fair. Money to be raised and support savings: what else is promised is in no
    sum of it.
    """
    here = Q(pledge__offering__vehicle__project__in=projects)
    if scope.fair is not None:
        here |= Q(pledge__fair__isnull=False)
    vehicle = "pledge__offering__vehicle"
    of_kinds = sums.raised(vehicle) | Q(**{f"{vehicle}__kind__in": SAVED})
    steps = sums.steps(as_of, known_to).filter(here, scope.of_kind(vehicle), of_kinds)
    columns = ["pledge", "on", "state", "amount_minor", "person", "project", "fair"]
    rows = steps.values_list(
        "pledge_id",
        "on",
        "to_state",
        "amount_minor",
        "pledge__person_id",
        f"{vehicle}__project_id",
        "pledge__fair_id",
        f"{vehicle}__kind",
        "pledge__person__municipality",
        f"{vehicle}__project__municipality",
    )
    frame = as_frame(rows, [*columns, "kind", "home", "here"]).fillna({"home": "", "fair": 0})
    frame["person"] = frame["person"].fillna(-frame["pledge"])
    by_pledge = frame.groupby("pledge", as_index=False)
    pledges = by_pledge.last()
    pledges["counts_as"] = list(map(sums.counts_as, pledges["state"], pledges["kind"]))
    pledges["place"] = list(map(local.place_of, pledges["home"], pledges["here"]))
    pledges = pledges.drop(columns=["on", "home", "here"])
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
    if scope.since is not None:
        pledges["is_here"] &= pledges["submitted_on"] >= scope.since
    return pledges


def _receipts(
    scope: Scope, projects: list[int], as_of: date, known_to: KnownTo | None
) -> pd.DataFrame:
    """One row a pairing that stands: project, person (forgotten: −pledge), on, amount_minor."""
    vehicle = "call__pledge__offering__vehicle"
    standing = sums.received(as_of, known_to).filter(
        scope.of_kind(vehicle),
        **{f"{vehicle}__project__in": projects},
        counts_from__gte=scope.since or date.min,
    )
    rows = standing.order_by("pk").values_list(
        f"{vehicle}__project_id",
        "call__pledge__person_id",
        "call__pledge_id",
        "counts_from",
        "amount_minor",
    )
    frame = as_frame(rows, ["project", "person", "pledge", "on", "amount_minor"])
    frame["person"] = frame["person"].fillna(-frame["pledge"])
    return frame.astype(dict.fromkeys(["project", "person", "amount_minor"], "int64"))


def _standing(frame: pd.DataFrame, as_of: date, known_to: KnownTo | None) -> pd.DataFrame:
    """Leave out what was undone by the day, and what was not yet known."""
    undone = frame["undone_on"].notna() & (frame["undone_on"].fillna(date.max) <= as_of)
    if known_to is not None:
        limit = frame["ledger"].map(known_to.ledgers).fillna(0)
        undone &= frame["undone_seq"].fillna(0) <= limit
        frame = frame[frame["seq"].fillna(0) <= limit]
    return frame[~undone.reindex(frame.index)]


def _finance(
    scope: Scope, projects: list[int], as_of: date, known_to: KnownTo | None
) -> pd.DataFrame:
    """One row a source: project, kind, amount_minor, signed_on, is_signed (in the scope's time),
    is_enabled: signed so, and a bank loan.
    """
    sources: QuerySet[FinanceSource, Any] = FinanceSource.objects.filter(project__in=projects)
    if known_to is not None:
        sources = sources.filter(known_to.bound(FinanceSource))
    rows = sources.order_by("pk").values_list("project_id", "kind", "amount_minor", "signed_on")
    columns = ["project", "kind", "amount_minor", "signed_on"]
    frame = as_frame(rows, columns, ["project", "amount_minor"])
    first = scope.since or date.min
    signed = [day is not None and first <= day <= as_of for day in frame["signed_on"]]
    frame["is_signed"] = pd.Series(signed, dtype=bool)
    told = zip(frame["kind"], frame["signed_on"], strict=True)
    loans = [sums.is_enabled(kind, day, as_of) for kind, day in told]
    frame["is_enabled"] = frame["is_signed"] & pd.Series(loans, dtype=bool)
    return frame


# Column → where it is read, of an instalment.
_INSTALMENT = {
    "project": "plan__vehicle__project_id",
    "vehicle": "plan__vehicle_id",
    "vehicle_name": "plan__vehicle__name",
    "plan_minor": "plan__principal_minor",
    "made_on": "plan__made_on",
    "is_restructured": "plan__restructured",
    "instalment": "pk",
    "due_on": "due_on",
    "principal_minor": "principal_minor",
    "interest_minor": "interest_minor",
    "fee_minor": "fee_minor",
    "paid_on": "repayments__paid_on",
    "paid_principal_minor": "repayments__principal_minor",
    "paid_interest_minor": "repayments__interest_minor",
    "ledger": "repayments__entry__ledger_id",
    "seq": "repayments__entry__seq",
    "undone_on": "repayments__entry__reversed_by__booked_on",
    "undone_seq": "repayments__entry__reversed_by__seq",
    "is_replaced": "is_replaced",
}


def _instalments(
    scope: Scope, projects: list[int], as_of: date, known_to: KnownTo | None
) -> pd.DataFrame:
    """One row an instalment and repayment of a plan (an instalment unpaid has one row, paid 0).

    Columns: project, vehicle, vehicle_name, plan_minor, made_on, is_restructured, instalment,
    due_on, principal_minor, interest_minor (with the fee, as it is paid), paid_on,
    paid_principal_minor, paid_interest_minor. Of a plan that a later one has replaced only what was
    paid is left; `plan_minor` of the first row is what was lent.
    """
    known = Q() if known_to is None else known_to.bound(Plan)
    in_force = Plan.objects.in_force(as_of, known_to.ledgers if known_to else None)
    newer = in_force.filter(
        known,
        vehicle=OuterRef("plan__vehicle"),
        version__gt=OuterRef("plan__version"),
        made_on__lte=as_of,
    )
    no_longer = Q(Exists(newer)) | ~Q(Exists(in_force.filter(pk=OuterRef("plan"))))
    rows = (
        Instalment.objects.filter(
            Q() if known_to is None else known_to.bound(Plan, "plan__pk"),
            scope.of_kind("plan__vehicle"),
            plan__vehicle__project__in=projects,
            plan__made_on__lte=as_of,
        )
        .annotate(is_replaced=ExpressionWrapper(no_longer, output_field=BooleanField()))
        .order_by("plan__vehicle", "plan__version", "period", "repayments")
        .values_list(*_INSTALMENT.values())
    )
    frame = as_frame(rows, list(_INSTALMENT))
    frame["interest_minor"] += frame.pop("fee_minor")
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
