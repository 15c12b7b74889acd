"""What was lent, what came back, and what is late."""

from dataclasses import dataclass

import pandas as pd

from invest.schedules import months_after
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
    loans = frames.instalments.drop_duplicates("vehicle")
    paid = frames.instalments[frames.instalments["paid_on"].notna()]
    due = frames.instalments.drop_duplicates("instalment")
    if loans.empty:
        return as_frame([], columns)
    first = max(min(loans["made_on"]), frames.since or min(loans["made_on"]))
    days = pd.date_range(first, frames.as_of, freq="ME").date.tolist()
    rows = []
    for day in sorted({*days, frames.as_of}):
        lent = int(loans.loc[loans["made_on"] <= day, "plan_minor"].sum())
        repaid = int(paid.loc[paid["paid_on"] <= day, "paid_principal_minor"].sum())
        owed = int(due.loc[due["due_on"] <= day, "principal_minor"].sum())
        rows.append((day, lent, repaid, lent - repaid, owed))
    return as_frame(rows, columns, columns[1:])


def repaid(frames: FairFrames) -> Repaid | None:
    """Lent, due and repaid on the day; None where nothing was lent."""
    table = outstanding(frames)
    if not len(table):
        return None
    last = table.iloc[-1]
    return Repaid(int(last["lent_minor"]), int(last["due_minor"]), int(last["repaid_minor"]))


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
    Microfinance Institutions, 2009; DOMAIN §12.)
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
