"""What was lent, what came back, and what is late."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from invest.kinds.schedules import months_after
from reports.figures.frames import FairFrames
from reports.figures.tables import as_frame

AGES = ((1, 30), (31, 60), (61, 90), (91, None))  # days past due


@dataclass(frozen=True, slots=True)
class Repaid:
    """Principal in öre: lent, due by the day, and repaid."""

    lent_minor: int
    due_minor: int
    repaid_minor: int

    @property
    def of_lent(self) -> float | None:
        """Repaid ÷ lent, 0…1."""
        return self.repaid_minor / self.lent_minor if self.lent_minor else None

    @property
    def of_due(self) -> float | None:
        """Collection rate: repaid ÷ due by the day; above 1 where some paid early."""
        return self.repaid_minor / self.due_minor if self.due_minor else None


def outstanding(frames: FairFrames) -> pd.DataFrame:
    """Loans of this and earlier fairs by month end: on, lent_minor, repaid_minor (cumulative
    principal), outstanding_minor = lent − repaid, due_minor (principal due by then, by the plans in
    force on the report's day). The last row is the report's own day.
    """
    columns = ["on", "lent_minor", "repaid_minor", "outstanding_minor", "due_minor"]
    if frames.instalments.empty:
        return as_frame([], columns)
    began = min(frames.instalments["made_on"])
    first = max(began, frames.since or began)
    days = pd.date_range(first, frames.as_of, freq="ME").date.tolist()
    now = _so_far(frames)
    told = [(day, now(day)) for day in sorted({*days, frames.as_of})]
    rows = [
        (day, on.lent_minor, on.repaid_minor, on.lent_minor - on.repaid_minor, on.due_minor)
        for day, on in told
    ]
    return as_frame(rows, columns, columns[1:])


def repaid(frames: FairFrames) -> Repaid | None:
    """Lent, due and repaid on the day; None where nothing was lent."""
    return None if frames.instalments.empty else _so_far(frames)(frames.as_of)


def _so_far(frames: FairFrames) -> Callable[[date], Repaid]:
    """What was lent, due and repaid by the end of a day."""
    table = frames.instalments
    lent = _summed(table.drop_duplicates("vehicle"), "made_on", "plan_minor")
    due = _summed(table.drop_duplicates("instalment"), "due_on", "principal_minor")
    paid = _summed(table[table["paid_on"].notna()], "paid_on", "paid_principal_minor")
    return lambda day: Repaid(lent(day), due(day), paid(day))


def _summed(rows: pd.DataFrame, day: str, amount: str) -> Callable[[date], int]:
    """All amounts up to the end of a day, by one sorting."""
    ordered = rows.sort_values(day)
    days, sums = ordered[day].tolist(), [0, *ordered[amount].cumsum().tolist()]
    return lambda on: int(sums[bisect_right(days, on)])


def arrears(frames: FairFrames) -> pd.DataFrame:
    """Due and unpaid by age: from_days, to_days (None: no end), amount_minor."""
    late = _late(frames)
    rows = []
    for first, last in AGES:
        within = (late["days"] >= first) & (late["days"] <= (last or 10**6))
        rows.append((first, last, int(late.loc[within, "owed_minor"].sum())))
    return as_frame(rows, ["from_days", "to_days", "amount_minor"], ["amount_minor"])


def portfolio_at_risk(frames: FairFrames, days: int) -> float | None:
    """PAR: the whole balance of loans with anything more than `days` late ÷ all balances.

    Balance-weighted, 0…1; None where nothing is outstanding. A loan that was restructured counts as
    late for twelve months: a new plan does not make it sound. (CGAP, Measuring Results of
    Microfinance Institutions, 2009.)
    """
    table = frames.instalments
    lent = table.drop_duplicates("vehicle").set_index("vehicle")["plan_minor"]
    balance = lent - table.groupby("vehicle")["paid_principal_minor"].sum()
    late = _late(frames)
    risky = set(late.loc[(late["days"] > days) & (late["owed_minor"] > 0), "vehicle"])
    anew = table[table["is_restructured"].astype(bool)]
    risky |= {
        row.vehicle for row in anew.itertuples() if frames.as_of < months_after(row.made_on, 12)
    }
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
