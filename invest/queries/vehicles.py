"""A vehicle for who keeps it and for who holds in it: its sheets on any day, deeds and terms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from invest import access, deeds
from invest.models import (
    Deed,
    DeedEvent,
    Holding,
    Organisation,
    Person,
    Role,
    Vehicle,
    VehicleTerms,
)
from invest.vehicles import KINDS, Kind
from invest.vehicles.deeds import MONEY, UNITS, Act, Answer, Column, Shape, Sheet, Standing, Text
from pools import balances
from pools.models import Account
from pools.money import format_minor
from pools.wording import day_text, decimal_text, kronor_text, number_text

# Who may look at vehicles and registers, who may do something with one, and who may approve.
REGISTER_KINDS = (Role.Kind.REGISTER_KEEPER, Role.Kind.TREASURER, Role.Kind.AUDITOR)
VEHICLE_KINDS = (*REGISTER_KINDS, Role.Kind.APPROVER)
ACT_KINDS = (Role.Kind.REGISTER_KEEPER, Role.Kind.TREASURER)
APPROVE_KINDS = (Role.Kind.TREASURER, Role.Kind.APPROVER)
UPRIGHT_COLUMNS = 6


@dataclass(frozen=True, slots=True)
class Holder:
    """Who a number is, as a register tells it. Empty where the person was forgotten."""

    number: int
    name: str = ""
    municipality: str = ""

    def __str__(self) -> str:
        return f"{self.number} · {self.name or '–'}"


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of a sheet: as its reader reads it, and as a program does."""

    text: str
    plain: tuple[object, ...]
    shape: Shape

    @property
    def is_number(self) -> bool:
        """Whether it stands to the right."""
        return self.shape in {Shape.KRONOR, Shape.NUMBER, Shape.DECIMAL, Shape.PERCENT}


@dataclass(frozen=True)
class ToldSheet:
    """A sheet of a vehicle at the end of `as_of`, with every value in words and for programs."""

    vehicle: Vehicle
    sheet: Sheet
    as_of: date
    rows: tuple[tuple[Cell, ...], ...]
    sums: tuple[Cell | None, ...]

    @property
    def is_wide(self) -> bool:
        """Whether it needs a paper that lies down."""
        return len(self.sheet.columns) > UPRIGHT_COLUMNS

    @property
    def has_sums(self) -> bool:
        """Whether some column is added up."""
        return any(self.sums)

    def table(self) -> list[list[object]]:
        """For a file: a heading, the rows, and the sums where there are any.

        Kronor with two decimals and a point, days as ISO 8601; a holder takes three columns.
        """
        head: list[object] = []
        for column in self.sheet.columns:
            is_holder = column.shape is Shape.HOLDER
            head += [_("No."), _("Name"), _("Municipality")] if is_holder else [str(column.label)]
        table = [head, *([v for cell in row for v in cell.plain] for row in self.rows)]
        if self.has_sums:
            last: list[object] = []
            for column, cell in zip(self.sheet.columns, self.sums, strict=True):
                is_holder = column.shape is Shape.HOLDER
                last += ["", _("In all"), ""] if is_holder else list(cell.plain if cell else [""])
            table.append(last)
        return table


@dataclass(frozen=True)
class VehiclePage:
    """A vehicle for its keeper."""

    vehicle: Vehicle
    kind: Kind
    as_of: date
    figures: tuple[tuple[Text, Text], ...]
    sheets: tuple[Sheet, ...]
    acts: tuple[Act, ...]
    deeds: tuple["ToldDeed", ...]
    terms: tuple[VehicleTerms, ...]
    agrees: bool

    @property
    def waiting(self) -> list["ToldDeed"]:
        """What waits for a second person."""
        return [told for told in self.deeds if told.state == DeedEvent.State.PROPOSED]

    @property
    def done(self) -> list["ToldDeed"]:
        """What was done, refused or undone."""
        return [told for told in self.deeds if told.state != DeedEvent.State.PROPOSED]


@dataclass(frozen=True)
class ToldDeed:
    """A deed with its facts in words."""

    deed: Deed
    act: Act
    facts: tuple[tuple[Text, str], ...]
    events: tuple[DeedEvent, ...]

    @property
    def state(self) -> DeedEvent.State:
        """What the last event says."""
        return DeedEvent.State(self.events[-1].to_state)

    @property
    def proposed_by(self) -> str:
        """The actor of the first event."""
        return self.events[0].actor

    @property
    def why(self) -> str:
        """Why it was refused or undone."""
        return self.events[-1].reason


def vehicles_of(organisation: Organisation) -> QuerySet[Vehicle]:
    """The organisation's, by name."""
    return organisation.vehicles.select_related(
        "project", "organisation", "pool__ledger", "units_ledger", "rights_ledger"
    ).order_by("name")


def vehicle_page(vehicle: Vehicle, as_of: date) -> VehiclePage:
    """All that the keeper's page shows."""
    now = deeds.standing(vehicle, as_of)
    who = holders(vehicle)
    done = vehicle.deeds.filter(on__lte=as_of).prefetch_related("events").order_by("-on", "-number")
    return VehiclePage(
        vehicle=vehicle,
        kind=now.kind,
        as_of=as_of,
        figures=tuple(now.kind.tell(now)),
        sheets=now.kind.all_sheets(),
        acts=now.kind.acts(),
        deeds=tuple(tell_deed(deed, who) for deed in done[:40]),
        terms=tuple(vehicle.terms.order_by("-version")),
        agrees=agrees(vehicle, now),
    )


def told_sheet(
    vehicle: Vehicle, name: str, as_of: date, *, holder: int | None = None
) -> ToldSheet | None:
    """A sheet by name on a day; None where the kind has none. With `holder` only that one's."""
    now = deeds.standing(vehicle, as_of)
    sheet = next((s for s in now.kind.all_sheets() if s.name == name), None)
    if sheet is None or (holder is not None and not sheet.for_holders):
        return None
    rows = [row for row in sheet.rule(now.kind, now) if holder is None or row[0] == holder]
    return tell_sheet(vehicle, sheet, as_of, rows)


def tell_sheet(
    vehicle: Vehicle, sheet: Sheet, as_of: date, rows: Sequence[tuple[Any, ...]]
) -> ToldSheet:
    """Rows of a rule, dressed for readers."""
    who = holders(vehicle)
    sums = [
        _cell(column, sum(row[i] or 0 for row in rows), who) if column.is_summed and rows else None
        for i, column in enumerate(sheet.columns)
    ]
    told = [
        tuple(_cell(c, value, who) for c, value in zip(sheet.columns, row, strict=True))
        for row in rows
    ]
    return ToldSheet(vehicle, sheet, as_of, tuple(told), tuple(sums))


def holders(vehicle: Vehicle) -> dict[int, Holder]:
    """Number → who it is."""
    held = Holding.objects.filter(vehicle=vehicle).select_related("person")
    return {
        holding.number: Holder(holding.number, person.name, person.municipality)
        if (person := holding.person)
        else Holder(holding.number)
        for holding in held
    }


def number_of(person: Person, vehicle: Vehicle) -> int | None:
    """The number a person has in a vehicle."""
    held = Holding.objects.filter(person=person, vehicle=vehicle).first()
    return held.number if held else None


def own_vehicles(user: access.Visitor) -> QuerySet[Vehicle]:
    """Vehicles that a saver holds in."""
    return (
        Vehicle.objects.filter(holdings__in=access.holdings_of(user))
        .select_related("project", "organisation", "pool__ledger", "units_ledger", "rights_ledger")
        .distinct()
    )


def tell_deed(deed: Deed, who: dict[int, Holder]) -> ToldDeed:
    """A deed with its facts in words; what was left empty is left out."""
    act = KINDS[deed.vehicle.kind].act(deed.act)
    read = deeds.read_facts(act, deed.facts)
    facts = [
        (asked.label, _fact_text(asked.answer, read[asked.name], dict(asked.choices), who))
        for asked in act.questions
        if read[asked.name] is not None
    ]
    return ToldDeed(deed, act, tuple(facts), tuple(deed.events.all()))


def agrees(vehicle: Vehicle, now: Standing) -> bool:
    """Whether the register adds up to what the month totals say, in kronor and in units."""
    kind = KINDS[vehicle.kind]
    for book, ledger in ((MONEY, vehicle.pool.ledger_id), (UNITS, vehicle.units_ledger_id)):
        roles = [role for role in kind.accounts() if role.book == book]
        for role in roles:
            accounts = Account.objects.filter(
                ledger=ledger, code__startswith=f"{vehicle.slug}:{role.role}:"
            )
            booked = sum(balances.balances(accounts, as_of=now.as_of).values())
            if booked != now.all_held(role.role):
                return False
    return True


def _cell(column: Column, value: Any, who: dict[int, Holder]) -> Cell:
    shape = column.shape
    if shape is Shape.HOLDER:
        holder = who.get(value, Holder(value or 0))
        plain: tuple[object, ...] = (holder.number, holder.name, holder.municipality)
        return Cell(str(holder), plain, shape)
    if value is None:
        return Cell("–", ("",), shape)
    match shape:
        case Shape.KRONOR:
            return Cell(kronor_text(value), (format_minor(value, scale=2),), shape)
        case Shape.NUMBER:
            return Cell(number_text(value), (value,), shape)
        case Shape.DECIMAL:
            return Cell(decimal_text(float(value)), (f"{float(value):.2f}",), shape)
        case Shape.PERCENT:
            return Cell(f"{decimal_text(float(value))} %", (f"{float(value):.2f}",), shape)
        case Shape.DAY:
            return Cell(day_text(value), (value.isoformat(),), shape)
        case _:
            return Cell(str(value), (str(value),), shape)


def _fact_text(answer: Answer, value: Any, choices: dict[str, Text], who: dict[int, Holder]) -> str:
    match answer:
        case Answer.KRONOR:
            return kronor_text(value)
        case Answer.HOLDER | Answer.PERSON:
            return str(who.get(value, Holder(value)))
        case Answer.DAY:
            return day_text(value)
        case Answer.CHOICE:
            return str(choices.get(value, value))
        case Answer.DEED:
            return _("No. %(n)s") % {"n": value}
        case Answer.WHOLE:
            return number_text(value)
        case Answer.NUMBERS:
            return " ".join(map(str, value))
        case Answer.PERCENT:
            return f"{value} %".replace(".", ",")
        case _:
            return str(value)


@dataclass(frozen=True)
class HoldingPage:
    """All that one holds in a vehicle. Amounts by account, each in its own unit."""

    vehicle: Vehicle
    kind: Kind
    as_of: date
    number: int
    held: tuple[tuple[Text, Cell], ...]
    sheets: tuple[ToldSheet, ...]


def holding_page(vehicle: Vehicle, number: int, as_of: date) -> HoldingPage:
    """The page of one holder; other holders are nowhere in it."""
    now = deeds.standing(vehicle, as_of)
    kind = now.kind
    shapes = {MONEY: Shape.KRONOR}
    held = [
        (role.label, _cell(_column(role.role, shapes.get(role.book, Shape.NUMBER)), minor, {}))
        for role in kind.accounts()
        if (minor := now.held_by(role.role, number))
    ]
    sheets = [
        tell_sheet(vehicle, told, as_of, [row for row in told.rule(kind, now) if row[0] == number])
        for told in kind.all_sheets()
        if told.for_holders
    ]
    return HoldingPage(
        vehicle, kind, as_of, number, tuple(held), tuple(told for told in sheets if told.rows)
    )


def _column(name: str, shape: Shape) -> Column:
    return Column(name, name, shape)


@dataclass(frozen=True)
class Letter:
    """New terms beside the old ones, and everybody who must be told."""

    vehicle: Vehicle
    terms: VehicleTerms
    rows: tuple[tuple[Text, Text, Text], ...]
    holders: tuple[Holder, ...]


def letter(vehicle: Vehicle, version: int) -> Letter | None:
    """The letter of a version of the terms; None for the first, of which nobody needs telling."""
    kept = {row.version: row for row in vehicle.terms.all()}
    if version < 2 or version not in kept:
        return None
    kind = KINDS[vehicle.kind]
    before = dict(kind.parse(kept[version - 1].terms).describe())
    after = dict(kind.parse(kept[version].terms).describe())
    rows = [(label, before.get(label, "–"), after.get(label, "–")) for label in {**before, **after}]
    now = deeds.standing(vehicle, kept[version].valid_from)
    holding = {row[0] for row in kind.all_sheets()[0].rule(now.kind, now)}
    told = [holder for number, holder in holders(vehicle).items() if number in holding]
    return Letter(vehicle, kept[version], tuple(rows), tuple(told))


def deed_choices(vehicle: Vehicle, act: Act) -> dict[str, list[tuple[str, str]]]:
    """For each act that a question chooses a deed of: (number, words) of those that stand."""
    who = holders(vehicle)
    choices: dict[str, list[tuple[str, str]]] = {}
    for name in {asked.of for asked in act.questions if asked.of}:
        rows = deeds.standing_deeds(vehicle).filter(act=name)
        choices[name] = [
            (str(deed.number), _in_short(tell_deed(deed, who))) for deed in rows.order_by("number")
        ]
    return choices


def _in_short(told: ToldDeed) -> str:
    words = ", ".join(text for _label, text in told.facts[:3])
    return f"{told.deed.number} · {told.deed.on.isoformat()} · {words}"
