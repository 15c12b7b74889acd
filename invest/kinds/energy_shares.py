"""Energiandelar: shares in a local energy company that carry a right to kilowatt-hours.

Production is read month by month and shared by shares held; what a holder uses at the members'
tariff instead of the market's is the benefit. kWh_i = production · units_i / units.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Self

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from invest.kinds.actions import (
    RIGHTS,
    UNITS,
    AccountRole,
    ActionType,
    Agreement,
    Answer,
    At,
    Change,
    Column,
    Done,
    Facts,
    Posting,
    Question,
    Row,
    Shape,
    Sheet,
    Snapshot,
    Text,
)
from invest.kinds.kind import whole
from invest.kinds.refusals import (
    AlreadyRecorded,
    LaterMonthRead,
    NotEnough,
    NothingHeld,
    TooEarly,
    UndoLaterFirst,
)
from invest.kinds.schedules import months_after
from invest.kinds.shares import WholeShares
from pools.errors import Refused
from pools.money import MOST_MINOR, half_up, split_with_carry
from pools.wording import kronor_text, number_text


@dataclass(frozen=True)
class EnergyShares(WholeShares):
    """`price_minor` buys one share; each gives `kwh_per_unit` a year when the plant runs."""

    kind: ClassVar[str] = "energy-shares"
    label: ClassVar[Text] = _("Energy shares")
    instrument: ClassVar[Text] = _("share")
    explanation: ClassVar[Text] = _(
        "You become part-owner: each share gives a right to electricity from the plant, "
        "and a part of the surplus when the members decide on one."
    )
    risk: ClassVar[Text] = _(
        "Shares are no savings account: there is no deposit guarantee, the value can fall, "
        "and you can lose all that you put in."
    )
    right: ClassVar[str] = "KWH"

    kwh_per_unit: int

    @classmethod
    def accounts(cls) -> tuple[AccountRole, ...]:
        """Paid in, the shares, and kilowatt-hours not yet used."""
        return (
            *super().accounts(),
            AccountRole("kwh", "liability", "", RIGHTS, floored=True, label=_("kWh to use")),
        )

    @classmethod
    def own_accounts(cls) -> tuple[AccountRole, ...]:
        """Where shares come from; what was produced; what was used or has lapsed."""
        return (
            AccountRole("issued", "asset", "", UNITS),
            AccountRole("produced", "asset", "", RIGHTS),
            AccountRole("used", "liability", "", RIGHTS, floored=True),
        )

    @classmethod
    def parse(cls, raw: Mapping[str, object]) -> Self:
        """Read stored terms."""
        return cls(
            price_minor=whole(raw, "price_minor", 1, MOST_MINOR),
            kwh_per_unit=whole(raw, "kwh_per_unit", 0, 1_000_000),
        )

    @classmethod
    def questions(cls) -> tuple[Question, ...]:
        """Price and kilowatt-hours."""
        return (
            Question("price_minor", _("Price per share"), Answer.KRONOR),
            Question(
                "kwh_per_unit",
                _("Kilowatt-hours per share and year"),
                Answer.WHOLE,
                least=0,
                help=_("What each share gives a right to when the plant runs."),
            ),
        )

    def describe(self) -> list[tuple[Text, Text]]:
        """Price and kilowatt-hours."""
        return [
            (_("Price per share"), kronor_text(self.price_minor)),
            (
                _("Electricity per share"),
                ngettext("%(n)d kWh a year", "%(n)d kWh a year", self.kwh_per_unit)
                % {"n": self.kwh_per_unit},
            ),
        ]

    @classmethod
    def acts(cls) -> tuple[ActionType, ...]:
        """The plant, its readings, the tariff, and what each holder used."""
        return _ACTS

    @classmethod
    def sheets(cls) -> tuple[Sheet, ...]:
        """Production by month, kilowatt-hours of each holder, and the benefit."""
        return _SHEETS

    def key_figures(self, standing: Snapshot) -> list[tuple[Text, Text]]:
        """The last twelve months: kWh, specific yield, carbon dioxide."""
        return self.publish(standing)

    def publish(self, standing: Snapshot) -> list[tuple[Text, Text]]:
        """The same for everybody: the plant is everybody's to see."""
        last = last_year_kwh(standing)
        if not last:
            return []
        power, kg = power_w(standing), carbon_kg(standing)
        return [
            (_("Produced in 12 months"), _("%(n)s kWh") % {"n": number_text(last)}),
            *(
                [(_("kWh for each kilowatt installed"), number_text(1000 * last // power))]
                if power
                else []
            ),
            (_("Carbon dioxide avoided"), _("%(n)s kg") % {"n": number_text(kg)}),
        ]

    def agreements(self, standing: Snapshot) -> list[Agreement]:
        """What was read is what was shared out."""
        read = sum(done.facts["kwh"] for done in readings(standing).values())
        return [Agreement(_("kilowatt-hours produced"), read, standing.own("produced"))]

    def why_not_undo(self, done: Done, standing: Snapshot) -> Refused | None:
        """Fractions of a kWh are carried from month to month: the last reading goes first."""
        later = [d for d in standing.of("reading") if d.number > done.number]
        rests = done.act == "reading" and later
        return UndoLaterFirst(number=later[-1].number) if rests else None


# --- Figures ---


def month_of(day: date) -> date:
    """The first day of a day's month."""
    return day.replace(day=1)


def readings(now: Snapshot) -> dict[date, Done]:
    """Month → its reading, oldest first."""
    return {month_of(d.facts["month"]): d for d in sorted(now.of("reading"), key=_month)}


def _month(done: Done) -> date:
    month: date = done.facts["month"]
    return month


def last_year_kwh(now: Snapshot) -> int:
    """kWh of the twelve months up to the last reading."""
    kept = readings(now)
    if not kept:
        return 0
    since = months_after(max(kept), -11)
    return sum(d.facts["kwh"] for month, d in kept.items() if month >= since)


def power_w(now: Snapshot) -> int:
    """Installed peak power in watts, as last put on record."""
    plants = now.of("plant")
    return int(1000 * plants[-1].facts["kw"]) if plants else 0


def carbon_kg(now: Snapshot) -> int:
    """kWh · factor of the month it was produced (dated setting `co2-g-per-kwh`), in whole kg."""
    grams = sum(
        (
            d.facts["kwh"] * Fraction(str(now.setting("co2-g-per-kwh", month)))
            for month, d in readings(now).items()
        ),
        Fraction(0),
    )
    return half_up(grams / 1000)


def tariff_on(now: Snapshot, day: date) -> Done | None:
    """The tariff in force on a day."""
    return next((d for d in reversed(now.of("tariff")) if d.on <= day), None)


def carried(now: Snapshot, until: date) -> dict[int, Fraction]:
    """Holder → the fraction of a kWh that the months before `until` left, by replaying them."""
    carry: dict[int, Fraction] = defaultdict(Fraction)
    for month, done in readings(now).items():
        if month < until:
            weights = weights_of(now, month)
            shared = split_with_carry(
                done.facts["kwh"], list(weights.values()), [carry[who] for who in weights]
            )
            carry.update(zip(weights, shared.carry, strict=True))
    return carry


def weights_of(now: Snapshot, month: date) -> dict[int, int]:
    """Holder → shares at the end of a month."""
    last = months_after(month, 1) - timedelta(days=1)
    return {who: units for who, units in now.held("units", last).items() if units}


# --- Rules ---


def _reading(kind: EnergyShares, facts: Facts, now: Snapshot) -> list[Posting]:
    """Shares a month's production by shares held at its end, exactly, fractions carried on."""
    month = month_of(facts["month"])
    kept = readings(now)
    if month in kept:
        raise AlreadyRecorded(what=_("the reading of %(month)s") % {"month": f"{month:%Y-%m}"})
    if later := [d for m, d in kept.items() if m > month]:
        last = later[-1]
        raise LaterMonthRead(month=f"{_month(last):%Y-%m}", number=last.number)
    if now.as_of < (over := months_after(month, 1)):
        raise TooEarly(on=over)
    weights = weights_of(now, month)
    if not weights:
        raise NothingHeld
    carry = carried(now, month)
    shared = split_with_carry(
        facts["kwh"], list(weights.values()), [carry.get(who, Fraction(0)) for who in weights]
    )
    return [
        Posting(At("produced"), At("kwh", who), kwh, RIGHTS)
        for who, kwh in zip(weights, shared.parts, strict=True)
    ]


def _use(kind: EnergyShares, facts: Facts, now: Snapshot) -> list[Posting]:
    """What a holder used: never more than the right to it."""
    left = now.held_by("kwh", facts["holder"])
    if facts["kwh"] > left:
        raise NotEnough(
            left=_("%(n)s kWh") % {"n": number_text(left)},
            wanted=_("%(n)s kWh") % {"n": number_text(facts["kwh"])},
        )
    return [Posting(At("kwh", facts["holder"]), At("used"), facts["kwh"], RIGHTS)]


def _lapse(kind: EnergyShares, facts: Facts, now: Snapshot) -> list[Posting]:
    """Rights of earlier years that nobody used."""
    left = {who: kwh for who, kwh in now.held("kwh", facts["until"]).items() if kwh and who}
    still = now.held("kwh")
    ends = {who: min(kwh, still[who]) for who, kwh in left.items()}
    if not any(ends.values()):
        raise NothingHeld
    return [Posting(At("kwh", who), At("used"), kwh, RIGHTS) for who, kwh in ends.items()]


# --- What can be read ---


def _production(kind: EnergyShares, now: Snapshot) -> list[Row]:
    rows = []
    for month, done in readings(now).items():
        units = sum(weights_of(now, month).values())
        budget = done.facts["budget"]
        source = done.facts["source"]
        rows.append(
            (
                f"{month:%Y-%m}",
                done.facts["kwh"],
                budget,
                Fraction(done.facts["kwh"], units) if units else None,
                _("estimated") if done.facts["estimated"] == "yes" else "",
                source or "",
            )
        )
    return rows


def _rights(kind: EnergyShares, now: Snapshot) -> list[Row]:
    """Each holder, year by year: given, used or lapsed."""
    months = {d.number: _month(d) for d in now.of("reading")}
    given: dict[tuple[int, int], int] = defaultdict(int)
    used: dict[tuple[int, int], int] = defaultdict(int)
    for change in now.changes:
        if change.role != "kwh":
            continue
        year = months.get(change.action, change.on).year
        into = given if _is(change, "reading") else used
        into[change.number, year] += change.amount if into is given else -change.amount
    return [
        (who, str(year), given[who, year], used[who, year])
        for who, year in sorted(given.keys() | used.keys())
    ]


def _is(change: Change, act: str) -> bool:
    return change.why.removesuffix("-reversed") == act


def _benefit(kind: EnergyShares, now: Snapshot) -> list[Row]:
    """What each holder's used kWh saved: kWh · (market − members' price), by the tariff then."""
    rows: list[Row] = []
    for done in now.of("use"):
        tariff = tariff_on(now, done.on)
        if tariff is None:
            continue
        own, market = Fraction(tariff.facts["own"]), Fraction(tariff.facts["market"])
        kwh = done.facts["kwh"]
        minor = half_up(kwh * (market - own))
        rows.append(
            (done.facts["holder"], done.on, kwh, Decimal(tariff.facts["own"]),
             Decimal(tariff.facts["market"]), minor)
        )  # fmt: skip
    return rows


_YES_NO = (("no", _("no")), ("yes", _("yes")))
_HOLDER = Question("holder", _("Holder"), Answer.HOLDER, role="units")
_ACTS = (
    ActionType(
        "plant",
        _("The plant"),
        _("What is installed from a day on, and where."),
        (
            Question("kw", _("Installed power, kilowatts"), Answer.DECIMAL),
            Question("place", _("Municipality and price area"), Answer.TEXT),
        ),
    ),
    ActionType(
        "reading",
        _("A month's production"),
        _("Shares the kilowatt-hours among the holders by shares at the end of the month."),
        (
            Question("month", _("A day in the month"), Answer.DAY),
            Question("kwh", _("Kilowatt-hours"), Answer.WHOLE, least=0),
            Question("budget", _("Budgeted kilowatt-hours"), Answer.WHOLE, is_optional=True),
            Question("estimated", _("Estimated"), Answer.CHOICE, choices=_YES_NO),
            Question("source", _("Where it was read"), Answer.TEXT, is_optional=True),
        ),
        _reading,
    ),
    ActionType(
        "tariff",
        _("A new tariff"),
        _("What members pay for a kilowatt-hour from a day on, and what others pay."),
        (
            Question("own", _("Members' price, öre a kWh"), Answer.DECIMAL, least=0),
            Question("market", _("Market price, öre a kWh"), Answer.DECIMAL, least=0),
        ),
        needs_evidence=True,
    ),
    ActionType(
        "use",
        _("A holder used electricity"),
        _("Kilowatt-hours credited on the bill; the benefit follows the tariff of the day."),
        (_HOLDER, Question("kwh", _("Kilowatt-hours"), Answer.WHOLE)),
        _use,
    ),
    ActionType(
        "lapse",
        _("Unused rights lapse"),
        _("Kilowatt-hours given up to a day and not used since then are used no more."),
        (Question("until", _("Given up to"), Answer.DAY),),
        _lapse,
        needs_second=True,
        needs_evidence=True,
    ),
)
_SHEETS = (
    Sheet(
        "production",
        _("Production"),
        _("Month by month, with the budget beside it"),
        (
            Column("month", _("Month")),
            Column("kwh", _("kWh"), Shape.NUMBER, is_summed=True),
            Column("budget", _("Budget"), Shape.NUMBER),
            Column("per_share", _("For each share"), Shape.DECIMAL),
            Column("estimated", _("Remark")),
            Column("source", _("Source")),
        ),
        _production,
    ),
    Sheet(
        "rights",
        _("Kilowatt-hours"),
        _("Each holder's right, and what was used of it"),
        (
            Column("holder", _("Holder"), Shape.HOLDER),
            Column("year", _("Year")),
            Column("given", _("Given, kWh"), Shape.NUMBER, is_summed=True),
            Column("used", _("Used, kWh"), Shape.NUMBER, is_summed=True),
        ),
        _rights,
        for_holders=True,
    ),
    Sheet(
        "benefit",
        _("Benefit"),
        _("Used kilowatt-hours times what members pay less than the market, öre a kWh"),
        (
            Column("holder", _("Holder"), Shape.HOLDER),
            Column("on", _("Day"), Shape.DAY),
            Column("kwh", _("kWh"), Shape.NUMBER, is_summed=True),
            Column("own", _("Members' price"), Shape.DECIMAL),
            Column("market", _("Market price"), Shape.DECIMAL),
            Column("benefit", _("Benefit"), Shape.KRONOR, is_summed=True),
        ),
        _benefit,
        for_holders=True,
    ),
)
