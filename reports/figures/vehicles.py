"""What a vehicle's sheets tell, as data frames: registers, points, production, capacity."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
from django.db.models import Exists, OuterRef, Q

from invest.kinds import KINDS
from invest.kinds.actions import Shape, Snapshot, SnapshotOf
from invest.kinds.kind import Kind
from invest.models import Action, Setting, Vehicle
from invest.progress.sums import KnownTo
from invest.vehicles import actions
from reports.figures.scope import Scope

_WHOLE = {Shape.KRONOR, Shape.NUMBER, Shape.HOLDER}
_SHARES = {Shape.DECIMAL, Shape.PERCENT}
# What a report tells of vehicles one by one, by the sheet that makes a kind tell it.
PRODUCTION, CAPACITY, POINTS = "production", "capacity", "points"
_WITH_SHEETS = [
    code
    for code, kind in KINDS.items()
    if {sheet.name for sheet in kind.sheets()} & {PRODUCTION, CAPACITY, POINTS}
]


def standings(
    scope: Scope, projects: list[int], as_of: date, known_to: KnownTo | None
) -> tuple[tuple[Vehicle, SnapshotOf[Kind]], ...]:
    """The vehicles whose sheets are told, with what is on record of them on the day, by name."""
    told = (
        Vehicle.objects.filter(
            Q(kind=scope.kind) if scope.kind else Q(), project__in=projects, kind__in=_WITH_SHEETS
        )
        .filter(Exists(Action.objects.filter(vehicle=OuterRef("pk"), on__lte=as_of)))
        .select_related("pool")
        .order_by("name")
    )
    known, value = known_to.actions if known_to else None, _settings(known_to)
    read = ((vehicle, actions.snapshot(vehicle, as_of, known)) for vehicle in told)
    return tuple((vehicle, replace(now, setting=value)) for vehicle, now in read if now.done)


def _settings(known_to: KnownTo | None) -> Callable[[str, date], Any]:
    """Every dated setting as it was known, read once; asks like `invest.settings.value`."""
    rows = Setting.objects.filter(known_to.bound(Setting) if known_to else Q())
    kept = list(rows.order_by("key", "valid_from").values_list("key", "valid_from", "value"))

    def value(key: str, on: date) -> Any:
        held = [told for name, since, told in kept if name == key and since <= on]
        if not held:
            raise Setting.DoesNotExist
        return held[-1]

    return value


def with_sheet(
    vehicles: tuple[tuple[Vehicle, SnapshotOf[Kind]], ...], name: str
) -> list[tuple[Vehicle, Snapshot]]:
    """Those whose kind has a sheet of the name: from here on the sheet tells which kind it is."""
    return [
        (vehicle, now)
        for vehicle, now in vehicles
        if any(sheet.name == name for sheet in now.kind.sheets())
    ]


def sheet_frame(vehicle: Vehicle, name: str, as_of: date) -> pd.DataFrame:
    """A sheet at the end of a day; see `sheet_of`."""
    return sheet_of(actions.snapshot(vehicle, as_of), name)


def sheet_of(now: SnapshotOf[Kind], name: str) -> pd.DataFrame:
    """A sheet of a vehicle, one column for each of its own, by name and in order.

    Kronor are whole öre and numbers whole (both Int64, so that nothing there stays nothing),
    decimals and per cent float64, days as dates, the rest text. Holders are numbers, never names.
    Raises KeyError where the kind has no such sheet.
    """
    sheets = {sheet.name: sheet for sheet in now.kind.all_sheets()}
    sheet = sheets[name]
    rows = sheet.rule(now.kind, now)
    told = {}
    for i, column in enumerate(sheet.columns):
        values = [row[i] for row in rows]
        if column.shape in _WHOLE:
            told[column.name] = pd.array(values, dtype="Int64")
        elif column.shape in _SHARES:
            told[column.name] = pd.array(
                [None if value is None else float(value) for value in values], dtype="float64"
            )
        elif column.shape is Shape.DAY:
            told[column.name] = pd.array(values, dtype=object)
        else:
            told[column.name] = pd.array([str(value) for value in values], dtype=object)
    return pd.DataFrame(told)
