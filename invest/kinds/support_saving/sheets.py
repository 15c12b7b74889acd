"""What can be read off support savings: what was seen, points, coverage, a pool's decisions."""

from collections import defaultdict
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from invest.kinds.actions import Column, Row, Shape, Sheet, Snapshot
from invest.kinds.support_saving.rules import ACTS, YES_NO
from invest.kinds.support_saving.saved import (
    PointTerms,
    booked,
    coverage,
    factor_on,
    months_seen,
    points_of_month,
    savers,
    seen,
)
from pools.money import half_up

STALE_DAYS = 90


def _register(kind: PointTerms, now: Snapshot) -> list[Row]:
    rows = []
    for opened in now.of("open"):
        steps = [step for step in seen(now, opened.facts["holder"]) if step[0] <= now.as_of]
        on, minor = steps[-1] if steps else (None, 0)
        stale = on is None or (now.as_of - on).days > STALE_DAYS
        holder = opened.facts["holder"]
        rows.append((holder, opened.on, minor, on, _("old") if stale else "", booked(now, holder)))
    return rows


def _observations(kind: PointTerms, now: Snapshot) -> list[Row]:
    labels = {act.name: act.label for act in ACTS}
    rows = []
    for action in now.of("observe", "withdraw", "close"):
        holder = action.facts["holder"]
        minor = next(m for day, m in reversed(seen(now, holder)) if day <= action.on)
        rows.append((holder, action.on, labels[action.act], minor, action.evidence))
    return rows


def _points(kind: PointTerms, now: Snapshot) -> list[Row]:
    """Month by month what was saved by all, and what it gives, exactly."""
    rows, total = [], Fraction(0)
    for month in months_seen(now, now.as_of):
        of_month = sum((points_of_month(now, who, month) for who in savers(now)), Fraction(0))
        total += of_month
        factor = factor_on(now, month)
        saved = int(100 * of_month / factor)
        rows.append((month.strftime("%Y-%m"), saved, factor, half_up(of_month), half_up(total)))
    return rows


def _by_saver(kind: PointTerms, now: Snapshot) -> list[Row]:
    years: dict[tuple[int, int], Fraction] = defaultdict(Fraction)
    for month in months_seen(now, now.as_of):
        for holder in savers(now):
            years[holder, month.year] += points_of_month(now, holder, month)
    return [
        (holder, str(year), half_up(points)) for (holder, year), points in sorted(years.items())
    ]


def _covers(kind: PointTerms, now: Snapshot) -> list[Row]:
    told = coverage(now)
    if told is None:
        return []
    return [
        (_("Points the loan uses in all"), told.points_used, None),
        (_("Points there are, used ones included"), told.there, None),
        (_("Points to come, if what is saved stays"), told.to_come, None),
        (_("Carried now, per cent"), int(100 * told.now), None),
        (_("Carried in the end, per cent"), int(100 * told.projected), None),
        (_("After-saving a month, if no more points come"), None, told.after_saving_now_minor),
        (_("After-saving a month, if what is saved stays"), None, told.after_saving_minor),
    ]


def applications(kind: PointTerms, now: Snapshot) -> list[Row]:
    """Who asked a pool for points, and what was granted; the points are last."""
    decided = {d.facts["application"]: d for d in now.of("decide")}
    rows = []
    for asked in now.of("apply"):
        answer = decided.get(asked.number)
        says = dict(YES_NO)[answer.facts["says"]] if answer else _("not yet")
        granted = 0
        if answer and answer.facts["says"] == "yes":
            granted = answer.facts["points"] or asked.facts["points"]
        meets = dict(YES_NO)[asked.facts["meets"]]
        rows.append((asked.facts["what"], asked.on, asked.facts["points"], meets, says, granted))
    return rows


REGISTER = Sheet(
    "register",
    _("Register"),
    _("The savers' own money at the bank, as last seen: never counted as raised"),
    (
        Column("holder", _("Saver"), Shape.HOLDER),
        Column("since", _("Since"), Shape.DAY),
        Column("balance", _("Saved"), Shape.KRONOR, is_summed=True),
        Column("seen_on", _("Seen on"), Shape.DAY),
        Column("stale", _("Remark")),
        Column("points", _("Points given"), Shape.NUMBER, is_summed=True),
    ),
    _register,
)

SHEETS = (
    Sheet(
        "observations",
        _("What was seen"),
        _("Balances with the paper that shows them"),
        (
            Column("holder", _("Saver"), Shape.HOLDER),
            Column("on", _("Day"), Shape.DAY),
            Column("what", _("What")),
            Column("balance", _("Balance"), Shape.KRONOR),
            Column("evidence", _("Rests on")),
        ),
        _observations,
        for_holders=True,
    ),
    Sheet(
        "points",
        _("Points by month"),
        _("Kronor that stayed the whole month, times the factor of the month"),
        (
            Column("month", _("Month")),
            Column("saved", _("Saved"), Shape.KRONOR),
            Column("factor", _("Factor"), Shape.DECIMAL),
            Column("points", _("Points"), Shape.NUMBER),
            Column("total", _("In all"), Shape.NUMBER),
        ),
        _points,
    ),
    Sheet(
        "points-by-saver",
        _("Points by saver"),
        _("Each saver's points, year by year"),
        (
            Column("holder", _("Saver"), Shape.HOLDER),
            Column("year", _("Year")),
            Column("points", _("Points"), Shape.NUMBER, is_summed=True),
        ),
        _by_saver,
        for_holders=True,
    ),
    Sheet(
        "coverage",
        _("How far the points carry the loan"),
        _("One point for each krona owed at the start of each month"),
        (
            Column("what", _("What")),
            Column("points", _("Number"), Shape.NUMBER),
            Column("kronor", _("Kronor"), Shape.KRONOR),
        ),
        _covers,
    ),
    Sheet(
        "applications",
        _("Applications to the pool"),
        _("Who asked, and what was decided"),
        (
            Column("what", _("Who, and for what")),
            Column("on", _("Day"), Shape.DAY),
            Column("asked", _("Points asked for"), Shape.NUMBER),
            Column("meets", _("Meets the criteria")),
            Column("granted", _("Granted")),
            Column("points", _("Points"), Shape.NUMBER, is_summed=True),
        ),
        applications,
    ),
)
