"""Who the partners are on a day, by which basis they share, and what each is late with or owed."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise

from invest.kinds.actions import Done, Snapshot
from invest.kinds.simple_partnership.settlement import LATE_MARGIN, OUTLAY_MARGIN, interest_rate_pct
from pools.money import half_up

_REFERENCE = "reference-rate-pct"


def joined(now: Snapshot) -> dict[int, Done]:
    """Every partner there was → how they joined."""
    return {d.facts["holder"]: d for d in now.of("partner-in")}


def left(now: Snapshot) -> dict[int, date]:
    """Who has left → the day it was settled."""
    notices = {d.number: d.facts["holder"] for d in now.of("leave")}
    return {notices[d.facts["leaving"]]: d.on for d in now.of("settle-exit")}


def partners(now: Snapshot, on: date | None = None) -> list[int]:
    """Those who are partners on a day, in the order they joined."""
    day = on or now.as_of
    gone = left(now)
    return [
        who
        for who, action in joined(now).items()
        if action.on <= day and not (who in gone and gone[who] <= day)
    ]


def to_give(now: Snapshot) -> dict[int, int]:
    """Partner → öre agreed and not yet put in."""
    given = now.held("contribution")
    gone = left(now)
    return {
        who: max(0, action.facts["amount"] - given.get(who, 0)) if who not in gone else 0
        for who, action in joined(now).items()
    }


def keys(now: Snapshot, who: Sequence[int], *, loss: bool) -> list[int]:
    """The agreed basis: profit and loss; where only one is agreed it serves for both (2:8)."""
    told = joined(now)
    name, other = ("loss_key", "profit_key") if loss else ("profit_key", "loss_key")
    return [told[w].facts[name] or told[w].facts[other] or 1 for w in who]


def outlay_interest(now: Snapshot, who: int, until: date) -> int:
    """Öre of simple interest on a partner's outlays since it was last reckoned, ACT/365.

    Reference rate of each day + 2 percentage points (2:4 by 4:2, räntelagen 5 §).
    """
    last = [d.on for d in now.of("outlay-interest")]
    first = min((c.on for c in now.changes if c.role == "outlay"), default=until)
    since = max(last, default=first)
    turns = {since, until} | {c.on for c in now.changes if c.role == "outlay"}
    turns |= {date(y, m, 1) for y in range(since.year, until.year + 1) for m in (1, 7)}
    days = sorted(day for day in turns if since <= day <= until)
    total = Fraction(0)
    for start, end in pairwise(days):
        rate = interest_rate_pct(_reference(now, start), _margin(now, OUTLAY_MARGIN, start))
        total += now.held_by("outlay", who, start) * rate / 100 * (end - start).days / 365
    return half_up(total)


def _reference(now: Snapshot, on: date) -> Fraction:
    return Fraction(str(now.setting(_REFERENCE, on)))


def _margin(now: Snapshot, key: str, on: date) -> Fraction:
    return Fraction(str(now.setting(key, on)))


def late_interest(now: Snapshot, who: int) -> int:
    """Öre on what a partner should have put in by the agreed day: reference rate + 8 points."""
    told = joined(now)[who]
    due = told.facts["due_on"]
    missing = to_give(now)[who]
    if due is None or due >= now.as_of or not missing:
        return 0
    rate = interest_rate_pct(_reference(now, due), _margin(now, LATE_MARGIN, due))
    return half_up(missing * rate / 100 * (now.as_of - due).days / 365)
