"""What a vehicle's sheets tell, as data frames: registers, points, production, capacity."""

from datetime import date

import pandas as pd

from invest import deeds
from invest.models import Vehicle
from invest.vehicles.deeds import Shape

_WHOLE = {Shape.KRONOR, Shape.NUMBER, Shape.HOLDER}
_SHARES = {Shape.DECIMAL, Shape.PERCENT}


def sheet_frame(vehicle: Vehicle, name: str, as_of: date) -> pd.DataFrame:
    """A sheet at the end of a day, one column for each of its own, by name and in order.

    Kronor are whole öre and numbers whole (both Int64, so that nothing there stays nothing),
    decimals and per cent float64, days as dates, the rest text. Holders are numbers, never names.
    Raises KeyError where the kind has no such sheet.
    """
    now = deeds.standing(vehicle, as_of)
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
