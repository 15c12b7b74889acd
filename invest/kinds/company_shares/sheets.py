"""What can be read off a company's shares: the register, its history, the room for dividends."""

from typing import Protocol

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from invest.kinds.actions import Column, Row, Shape, Sheet, Snapshot
from invest.kinds.company_shares.ceiling import Priced, svb_years
from invest.kinds.company_shares.dividends import svb_room_minor
from invest.kinds.company_shares.numbers import NUMBERED, blocks, gave
from invest.kinds.company_shares.rules import ACTS
from invest.kinds.sheets import BY_LAW


class RegisterTerms(Priced, Protocol):
    """What the sheets ask of the terms."""

    @property
    def limit(self) -> str:
        """`svb` where the law's ceiling holds."""

    @property
    def share_class(self) -> str:
        """A or B, or nothing where there is one class only."""


# Aktier, where an association and an energy company have andelar.
SHARES = pgettext_lazy("in a company", "Shares")


def _share_register(kind: RegisterTerms, now: Snapshot) -> list[Row]:
    class_ = kind.share_class or "–"
    return [
        (b.holder, b.first, b.last, b.shares, class_, b.since, b.note, b.holder, b.holder)
        for b in blocks(now)
        if b.holder
    ]


def _history(kind: RegisterTerms, now: Snapshot) -> list[Row]:
    """Every entry in the register, oldest first."""
    labels = {act.name: act.label for act in ACTS}
    rows: list[Row] = []
    for action in now.of(*NUMBERED):
        if action.act == "register-issue":
            rows += [
                (c.number, action.on, labels[action.act], "", c.amount, None, action.evidence)
                for c in now.changes
                if gave(c, action.number)
            ]
            continue
        facts = action.facts
        numbers = f"{facts['first']}–{facts['last']}"
        holder = facts["buyer"] if action.act == "transfer" else facts["holder"]
        to = facts["seller"] if action.act == "transfer" else None
        shares = facts["last"] - facts["first"] + 1
        rows.append((holder, action.on, labels[action.act], numbers, shares, to, action.evidence))
    return rows


def _svb(kind: RegisterTerms, now: Snapshot) -> list[Row]:
    if kind.limit != "svb":
        return []
    years = svb_years(now)
    return [
        (
            str(year),
            told.paid_in_minor,
            told.state_loan_rate_pct,
            told.own_limit_minor,
            told.paid_out_minor,
            svb_room_minor(years, year),
        )
        for year, told in years.items()
    ]


SHEETS = (
    Sheet(
        "aktiebok",
        _("Share register"),
        _("Aktiebok: anyone has the right to see it"),
        (
            Column("holder", _("Owner"), Shape.HOLDER),
            Column("first", _("From no."), Shape.NUMBER),
            Column("last", _("To no."), Shape.NUMBER),
            Column("shares", SHARES, Shape.NUMBER, is_summed=True),
            Column("class", _("Class")),
            Column("since", _("Entered"), Shape.DAY),
            Column("note", _("Remark")),
            *BY_LAW,
        ),
        _share_register,
        for_holders=True,
    ),
    Sheet(
        "share-history",
        _("History of the share register"),
        _("Every entry, oldest first"),
        (
            Column("holder", _("Owner"), Shape.HOLDER),
            Column("on", _("Day"), Shape.DAY),
            Column("what", _("What")),
            Column("numbers", _("Numbers")),
            Column("shares", SHARES, Shape.NUMBER),
            Column("seller", _("From holder"), Shape.HOLDER),
            Column("evidence", _("Rests on")),
        ),
        _history,
    ),
    Sheet(
        "svb-room",
        _("Room for dividends"),
        _("Paid in · (state loan rate + 1 percentage point), and five years' unused room"),
        (
            Column("year", _("Year")),
            Column("paid_in", _("Paid in for shares"), Shape.KRONOR),
            Column("rate", _("State loan rate"), Shape.PERCENT),
            Column("limit", _("The year's own room"), Shape.KRONOR),
            Column("paid_out", _("Paid out"), Shape.KRONOR),
            Column("room", _("Room left"), Shape.KRONOR),
        ),
        _svb,
    ),
)
