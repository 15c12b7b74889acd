"""Support savings: the savers' own money at the bank, and the points that carry a loan.

It is in no sum of what is raised. A day is told only where five savers or more have something new
since the one before, so that no step is one saver's.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import pandas as pd

from invest.kinds.actions import Snapshot
from invest.kinds.support_saving.saved import balances_on, coverage, savers, seen
from invest.kinds.support_saving.sheets import STALE_DAYS
from invest.progress.disclosure import FEWEST_SHOWN
from reports.figures.frames import FairFrames
from reports.figures.hiding import days_to_show
from reports.figures.tables import as_frame
from reports.figures.vehicles import POINTS, with_sheet


@dataclass(frozen=True, slots=True)
class Saving:
    """Support savings on the day: öre as last seen, savers with something saved, how many accounts
    were last seen more than 90 days ago, points earned and used, the points that the loans use in
    all (0: no loan), and the loans in öre. coverage: (points there are + points to come if what is
    saved stays) ÷ points used in all.
    """

    saved_minor: int
    savers: int
    stale: int
    points: int
    used: int
    points_needed: int
    points_to_come: int
    loans_minor: int

    @property
    def coverage(self) -> Fraction | None:
        """0…; 1 carries the loans. None where there is none."""
        whole = self.points_needed
        return Fraction(self.points + self.points_to_come, whole) if whole else None


def saving(frames: FairFrames) -> Saving | None:
    """All support savings of the scope; None where there are none, or of fewer than five savers."""
    told = [now for _vehicle, now in with_sheet(frames.vehicles, POINTS)]
    balances = [minor for now in told for minor in balances_on(now).values() if minor]
    if len(balances) < FEWEST_SHOWN:
        return None
    carried = [cover for now in told if (cover := coverage(now))]
    return Saving(
        saved_minor=sum(balances),
        savers=len(balances),
        stale=sum(_is_stale(now, who) for now in told for who in savers(now)),
        points=sum(now.own("free") + now.own("used") for now in told),
        used=sum(now.own("used") for now in told),
        points_needed=sum(cover.points_used for cover in carried),
        points_to_come=sum(cover.to_come for cover in carried),
        loans_minor=sum(done.facts["principal"] for now in told for done in now.of("loan")),
    )


def _is_stale(now: Snapshot, who: int) -> bool:
    days = [day for day, _minor in seen(now, who) if day <= now.as_of]
    return not days or (now.as_of - max(days)).days > STALE_DAYS


def balances(frames: FairFrames) -> pd.DataFrame:
    """Σ of what was last seen on each account by a day: on, saved_minor."""
    told = [now for _vehicle, now in with_sheet(frames.vehicles, POINTS)]
    steps = [
        (day, i * 10**9 + who)
        for i, now in enumerate(told)
        for who in savers(now)
        for day, _minor in seen(now, who)
        if day <= frames.as_of
    ]
    days = days_to_show(as_frame(steps, ["on", "person"]), "on")
    rows = []
    for day in _with_today(days, frames.as_of):
        saved = sum(sum(balances_on(now, day).values()) for now in told)
        rows.append((day, saved))
    return as_frame(rows, ["on", "saved_minor"], ["saved_minor"])


def points(frames: FairFrames) -> pd.DataFrame:
    """Points earned and used so far: on, earned, used (cumulative). Points that others give count
    as earned. From the points' own book.
    """
    told = [now for _vehicle, now in with_sheet(frames.vehicles, POINTS)]
    changes = [
        (change.on, i * 10**9 + change.number, change.role, change.amount)
        for i, now in enumerate(told)
        for change in now.changes
    ]
    moved = as_frame(changes, ["on", "person", "role", "amount"])
    whose = moved[moved["role"] == "points"]
    days = days_to_show(whose, "on")
    rows = []
    for day in _with_today(days, frames.as_of):
        until = moved[moved["on"] <= day]
        earned, used = (
            int(until.loc[until["role"] == role, "amount"].sum()) for role in ("issued", "used")
        )
        rows.append((day, earned, used))
    return as_frame(rows, ["on", "earned", "used"], ["earned", "used"])


def _with_today(days: list[object], as_of: date) -> list[date]:
    """The days and the report's own; none where nothing may be told."""
    told = [day for day in days if isinstance(day, date)]
    return sorted({*told, as_of}) if told else []
