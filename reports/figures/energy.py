"""What the plants have given: kilowatt-hours, carbon dioxide, and what members saved by it."""

from dataclasses import dataclass

import pandas as pd

from invest.kinds.energy_shares import carbon_kg, last_year_kwh, power_w
from invest.progress.disclosure import FEWEST_SHOWN
from reports.figures.frames import FairFrames
from reports.figures.tables import as_frame
from reports.figures.vehicles import PRODUCTION, sheet_of, with_sheet


@dataclass(frozen=True, slots=True)
class Energy:
    """All plants together: kWh of the last twelve months read, installed watts of the plants whose
    power is known and the kWh of those, carbon dioxide avoided in whole kg since the start, and the
    members' benefit in öre (None: of fewer than five holders, or nobody has used any).
    """

    year_kwh: int
    power_w: int
    year_kwh_of_known: int
    carbon_kg: int
    benefit_minor: int | None

    @property
    def specific_yield(self) -> int | None:
        """kWh in twelve months for each kilowatt installed."""
        return 1000 * self.year_kwh_of_known // self.power_w if self.power_w else None


def production(frames: FairFrames) -> pd.DataFrame:
    """Month by month, all plants together: month (YYYY-MM), kwh, budget_kwh (0: none), total_kwh
    (cumulative). From the sheet `production`; months from the scope's first day on.
    """
    sheets = [
        sheet_of(now, "production") for _vehicle, now in with_sheet(frames.vehicles, PRODUCTION)
    ]
    sheets = [sheet for sheet in sheets if len(sheet)]
    columns = ["month", "kwh", "budget_kwh", "total_kwh"]
    if not sheets:
        return as_frame([], columns)
    every = pd.concat(sheets).fillna({"budget": 0}).rename(columns={"budget": "budget_kwh"})
    table = every.groupby("month", as_index=False)[["kwh", "budget_kwh"]].sum()
    if frames.since is not None:
        table = table[table["month"] >= f"{frames.since:%Y-%m}"].reset_index(drop=True)
    table["total_kwh"] = table["kwh"].cumsum()
    return table.astype(dict.fromkeys(columns[1:], "int64"))


def energy(frames: FairFrames) -> Energy | None:
    """The plants' own figures added up (kWh are one unit); None where nothing has been read."""
    plants = with_sheet(frames.vehicles, PRODUCTION)
    read = [now for _vehicle, now in plants if last_year_kwh(now)]
    if not read:
        return None
    known = [now for now in read if power_w(now)]
    benefits = [sheet_of(now, "benefit").assign(vehicle=i) for i, now in enumerate(read)]
    used = pd.concat(benefits)
    holders = used.groupby(["vehicle", "holder"]).ngroups if len(used) else 0
    return Energy(
        year_kwh=sum(last_year_kwh(now) for now in read),
        power_w=sum(power_w(now) for now in known),
        year_kwh_of_known=sum(last_year_kwh(now) for now in known),
        carbon_kg=sum(carbon_kg(now) for now in read),
        benefit_minor=int(used["benefit"].sum()) if holders >= FEWEST_SHOWN else None,
    )
