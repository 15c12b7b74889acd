"""The ceiling of an AB (svb), year by year, as a snapshot tells it."""

from datetime import date
from decimal import Decimal
from typing import Protocol

from invest.kinds.actions import Done, SnapshotOf
from invest.kinds.company_shares.dividends import SvbYear


class Priced(Protocol):
    """What the ceiling asks of the terms."""

    @property
    def price_minor(self) -> int:
        """What a share costs, in öre."""


def svb_years(now: SnapshotOf[Priced]) -> dict[int, SvbYear]:
    """Each year's base, rate and payouts, from the first with paid-in capital to this one.

    Base: paid in for shares at the end of the year before; rate: the state loan rate of the year
    before (dated setting `state-loan-rate-pct`).
    """
    if not now.changes:
        return {}
    first = min(change.on for change in now.changes).year
    years = {}
    for year in range(first, now.as_of.year + 1):
        before = date(year - 1, 12, 31)
        paid_in = now.all_held("capital", before) + now.own("premium", before)
        rate = Decimal(str(now.setting("state-loan-rate-pct", before)))
        paid_out = sum(p.amount for p in now.payouts if p.on.year == year)
        paid_out += sum(_above_paid_in(d, now) for d in now.of("redeem") if d.on.year == year)
        margin = Decimal(str(now.setting("svb-margin-pct", before)))
        years[year] = SvbYear(paid_in, rate, paid_out, margin)
    return years


def _above_paid_in(redeemed: Done, now: SnapshotOf[Priced]) -> int:
    kind, facts = now.kind_on(redeemed.on), redeemed.facts
    above: int = (facts["last"] - facts["first"] + 1) * (facts["price"] - kind.price_minor)
    return max(0, above)
