"""Help in kind: how far it has come, what it is worth, and which needs it meets.

Units are never added to each other, nor any of them to kronor. What is told of a unit follows
`invest.queries.disclosure`: a sum differs from those beside it by five givers or more, or is not
told.
"""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pandas as pd

from invest.fairs.queries.outcomes import STEPS
from invest.in_kind.in_kind import State
from invest.models import InKindEvent
from invest.progress.disclosure import FEWEST_SHOWN, Fact, in_steps
from reports.figures.frames import FairFrames
from reports.figures.hiding import are_few, hidden_groups, persons
from reports.figures.promises import COHORT_DAYS
from reports.figures.tables import as_frame

STEP_NAMES = ("offered", "accepted", "delivered", "verified")
_DONE = [State.DELIVERED, State.VERIFIED]


@dataclass(frozen=True, slots=True)
class Worth:
    """Verified help: öre where somebody has said what a unit is worth (None: not told), how many
    promises of help that is, and how many have no value.
    """

    amount_minor: int | None
    valued: int
    unvalued: int


@dataclass(frozen=True, slots=True)
class NeedsMet:
    """Needs of help in kind, and those with accepted help of their whole quantity or more."""

    needs: int
    met: int


def help_steps(frames: FairFrames) -> pd.DataFrame:
    """How far help has come, one row a unit: unit, then offered, accepted, delivered, verified
    (float quantity; −1 where it could point at somebody). Each step is a part of the one before.
    """
    rows = []
    for unit, steps in _here(frames).groupby("unit"):
        facts = [
            Fact(row.at, row.help, _person(row.person), _amounts(row.state, row.quantity))
            for row in steps.itertuples()
        ]
        # As on the board it is told as it stands: at one moment, of five givers or more.
        told = in_steps(facts, len(STEPS), [max(fact.at for fact in facts)])
        rows.append((unit, *(-1.0 if f.total is None else float(f.total) for f in told)))
    return as_frame(rows, ["unit", *STEP_NAMES])


def fulfilment(frames: FairFrames) -> pd.DataFrame:
    """Verified ÷ accepted by unit: unit, share (0…1), where both may be told."""
    table = help_steps(frames)
    told = table[(table["verified"] >= 0) & (table["accepted"] > 0)]
    return told.assign(share=told["verified"] / told["accepted"])[["unit", "share"]]


def help_by_sort(frames: FairFrames) -> pd.DataFrame:
    """Promises of help that stand, by sort: sort, offers, is_hidden; most first."""
    now = _now(frames)
    now = now[now["state"].isin(list(InKindEvent.OPEN))]
    table = now.groupby("sort")["help"].count().rename("offers").reset_index()
    hidden = hidden_groups(now, "sort")
    table["is_hidden"] = hidden.reindex(table["sort"]).astype(bool).to_numpy()
    return table.sort_values(["offers", "sort"], ascending=[False, True], ignore_index=True)


def help_worth(frames: FairFrames) -> Worth:
    """Σ quantity · value of a unit over verified help with a value, and how many have none.

    The value is the giver's or the standard hour's, frozen when it was offered: for information.
    """
    now = _now(frames)
    verified = now[now["state"] == State.VERIFIED]
    valued = verified[verified["unit_value_minor"].notna()]
    worth = sum(
        int(row.quantity * Decimal(int(row.unit_value_minor))) for row in valued.itertuples()
    )
    amount_minor = None if are_few(valued) else worth
    return Worth(amount_minor, len(valued), len(verified) - len(valued))


def needs_met(frames: FairFrames) -> NeedsMet:
    """Needs with accepted help ≥ their quantity ÷ all needs of help in kind."""
    needs = frames.needs[frames.needs["quantity"].notna()]
    now = _now(frames)
    accepted = now[now["state"].isin(list(InKindEvent.ACCEPTED)) & (now["need"] > 0)]
    given = accepted.groupby("need")["quantity"].sum()
    met = [given.get(row.need, Decimal(0)) >= row.quantity for row in needs.itertuples()]
    return NeedsMet(len(needs), sum(met))


def help_cohorts(frames: FairFrames) -> pd.DataFrame:
    """For each fair, what of the help offered there was delivered within 30, 90, 180, 365 days.

    Columns: fair_name, offers, then one a span: share 0…1 in whole per cent, by number of offers,
    since units cannot be added; NaN while the span has not passed, −1 where fewer than five have
    delivered. Fairs with fewer than five givers are left out.
    """
    rows = []
    for fair in frames.fairs.itertuples():
        steps = frames.help[frames.help["fair"] == fair.fair]
        if persons(steps) < FEWEST_SHOWN:
            continue
        held_on = fair.fair_on.date()
        offers = steps["help"].nunique()
        done = steps[steps["state"].isin(_DONE)].drop_duplicates("help")
        days = pd.Series([(day - held_on).days for day in done["on"]], index=done.index)
        shares = []
        for span in COHORT_DAYS:
            if (frames.as_of - held_on).days < span:
                shares.append(np.nan)
                continue
            in_time = done[days <= span]
            shares.append(-1.0 if are_few(in_time) else round(len(in_time) / offers, 2))
        rows.append((fair.fair_name, offers, *shares))
    return as_frame(rows, ["fair_name", "offers", *map(str, COHORT_DAYS)], ["offers"])


def _here(frames: FairFrames) -> pd.DataFrame:
    return frames.help[frames.help["is_here"]]


def _now(frames: FairFrames) -> pd.DataFrame:
    """The last step of each promise of help."""
    return _here(frames).groupby("help", as_index=False).last()


def _person(person: int) -> int | None:
    return person if person > 0 else None


def _amounts(state: str, quantity: Decimal) -> tuple[Decimal, ...]:
    return tuple(quantity if state in states else Decimal(0) for states in STEPS)
