"""What the microfunds have put to work, by their own sheets and arithmetic."""

from dataclasses import dataclass

import pandas as pd

from invest.kinds.microfund.capacity import FundState, revolving_factor
from invest.kinds.microfund.fund import default_windows, fund_state, loss_rate, placed_minor
from reports.figures.frames import FairFrames
from reports.figures.tables import as_frame
from reports.figures.vehicles import CAPACITY, sheet_of, with_sheet

PARTS = ("lent", "guaranteed", "approved", "buffer", "free")


@dataclass(frozen=True, slots=True)
class Fund:
    """A fund on the day: ratios 0…; None without capital, or where nothing was ever placed.

    utilisation: out or promised ÷ capital. leverage: bank loans guaranteed ÷ capital. revolving:
    all ever lent and guaranteed ÷ capital on the day. net_loss: losses less recoveries ÷ all ever
    placed.
    """

    name: str
    capital_minor: int
    utilisation: float | None
    leverage: float | None
    revolving: float | None
    net_loss: float | None


def funds(frames: FairFrames) -> list[Fund]:
    """Each fund by name."""
    told = []
    for vehicle, now in with_sheet(frames.vehicles, CAPACITY):
        state, placed = fund_state(now), placed_minor(now)
        has_capital = state.capital_minor > 0
        revolving = revolving_factor(placed, state.capital_minor) if has_capital else None
        told.append(
            Fund(
                name=vehicle.name,
                capital_minor=state.capital_minor,
                utilisation=float(state.utilisation) if has_capital else None,
                leverage=float(state.leverage) if has_capital else None,
                revolving=None if revolving is None else float(revolving),
                net_loss=float(loss_rate(now)) if placed else None,
            )
        )
    return told


def capacity(frames: FairFrames) -> pd.DataFrame:
    """Where the funds' capital is, fund by fund: fund, capital_minor, then lent_minor (with claims
    after calls), guaranteed_minor (exposure: no money has moved), approved_minor, buffer_minor,
    free_minor. capital = lent + guaranteed + approved + buffer + free, by definition of free.
    """
    rows = []
    for vehicle, now in with_sheet(frames.vehicles, CAPACITY):
        state = fund_state(now)
        rows.append((vehicle.name, state.capital_minor, *_parts(state)))
    columns = ["capital_minor", *(f"{part}_minor" for part in PARTS)]
    return as_frame(rows, ["fund", *columns], columns)


def _parts(state: FundState) -> tuple[int, ...]:
    exposure = sum(given.amount_minor for given in state.guarantees)
    return (
        state.loans_minor,
        exposure,
        state.approved_minor,
        state.buffer_minor,
        state.free_minor,
    )


def fund_funnel(frames: FairFrames) -> pd.DataFrame:
    """Enquiries → applications → granted, all funds and years: step, number. Sheet `funnel`."""
    sheets = [sheet_of(now, "funnel") for _vehicle, now in with_sheet(frames.vehicles, CAPACITY)]
    steps = ("enquiries", "applications", "granted")
    rows = [(step, sum(int(sheet[step].sum()) for sheet in sheets)) for step in steps]
    return as_frame(rows if sheets else [], ["step", "number"], ["number"])


def default_rates(frames: FairFrames) -> pd.DataFrame:
    """One-year default rate, window by window: fund, since, until, defaulted, sound (loans sound at
    the start). Delegated Regulation (EU) 2022/2115, article 2, by `microfund.default_windows`.
    """
    rows = [
        (vehicle.name, start, end, rate.defaulted, rate.sound_at_start)
        for vehicle, now in with_sheet(frames.vehicles, CAPACITY)
        for start, end, rate in default_windows(now)
    ]
    return as_frame(rows, ["fund", "since", "until", "defaulted", "sound"], ["defaulted", "sound"])
