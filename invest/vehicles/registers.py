"""A vehicle for who keeps it and for who holds in it: its sheets on any day, actions and terms."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from invest import access, identity
from invest.kinds import KINDS
from invest.kinds.actions import MONEY, ActionType, Column, Shape, Sheet, SnapshotOf, Text
from invest.kinds.kind import Kind
from invest.models import Organisation, Vehicle, VehicleTerms
from invest.vehicles import actions
from invest.vehicles.holdings import Holder, holders
from invest.vehicles.labels import DescribedAction, described_actions
from pools.exports.cells import Number
from pools.money import format_minor
from pools.wording import day_text, decimal_text, kronor_text, number_text

UPRIGHT_COLUMNS = 6


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
class ShownSheet:
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
    acts: tuple[ActionType, ...]
    waiting: tuple[DescribedAction, ...]
    done: tuple[DescribedAction, ...]
    terms: tuple[VehicleTerms, ...]
    grew_into: tuple[Vehicle, ...]
    agrees: bool

    @property
    def gives_codes(self) -> bool:
        """Whether vouchers with codes come of it."""
        return any(act.gives_codes for act in self.acts)


def vehicles_of(organisation: Organisation) -> QuerySet[Vehicle]:
    """The organisation's, by name."""
    return organisation.vehicles.select_related(
        "project",
        "organisation",
        "pool__ledger",
        "units_ledger",
        "rights_ledger",
        "grew_from__organisation",
    ).order_by("name")


def vehicle_page(vehicle: Vehicle, as_of: date) -> VehiclePage:
    """All that the keeper's page shows; `labels.with_books` tells what the actions moved."""
    now = actions.snapshot(vehicle, as_of)
    waits, done = described_actions(vehicle, holders(vehicle))
    return VehiclePage(
        vehicle=vehicle,
        kind=now.kind,
        as_of=as_of,
        figures=tuple(now.kind.key_figures(now)),
        sheets=now.kind.all_sheets(),
        acts=now.kind.acts(),
        waiting=waits,
        done=done,
        terms=tuple(vehicle.terms.with_words().order_by("-version")),
        grew_into=tuple(vehicle.grew_into.select_related("organisation")),
        agrees=agrees(vehicle, now),
    )


def shown_sheet(
    vehicle: Vehicle, name: str, as_of: date, *, holder: int | None = None, in_full: bool = False
) -> ShownSheet | None:
    """A sheet by name on a day; None where the kind has none. With `holder` only that one's.

    Personal numbers lack their last digits, and addresses are left out, unless it is `in_full`.
    """
    now = actions.snapshot(vehicle, as_of)
    sheet = next((s for s in now.kind.all_sheets() if s.name == name), None)
    if sheet is None or (holder is not None and not sheet.for_holders):
        return None
    rows = [row for row in sheet.rule(now.kind, now) if holder is None or row[0] == holder]
    return show_sheet(vehicle, sheet, as_of, rows, in_full=in_full)


def show_sheet(
    vehicle: Vehicle,
    sheet: Sheet,
    as_of: date,
    rows: Sequence[tuple[Any, ...]],
    *,
    in_full: bool = False,
) -> ShownSheet:
    """Rows of a rule, dressed for readers."""
    who = holders(vehicle)
    if not in_full:
        who = {
            n: replace(h, identity=identity.shown(h.identity), address="") for n, h in who.items()
        }
    sums = [
        _cell(column, sum(row[i] or 0 for row in rows), who) if column.is_summed and rows else None
        for i, column in enumerate(sheet.columns)
    ]
    told = [
        tuple(_cell(c, value, who) for c, value in zip(sheet.columns, row, strict=True))
        for row in rows
    ]
    return ShownSheet(vehicle, sheet, as_of, tuple(told), tuple(sums))


def proof_sheet(vehicle: Vehicle, number: int, as_of: date) -> "ShownSheet | None":
    """The rows that a holder's certificate tells; None where the kind has none."""
    name = KINDS[vehicle.kind].certificate_sheet
    return shown_sheet(vehicle, name, as_of, holder=number, in_full=True) if name else None


def own_vehicles(user: access.Visitor) -> QuerySet[Vehicle]:
    """Vehicles that a saver holds in."""
    return (
        Vehicle.objects.filter(holdings__in=access.holdings_of(user))
        .select_related("project", "organisation", "pool__ledger", "units_ledger", "rights_ledger")
        .distinct()
    )


def agrees(vehicle: Vehicle, now: SnapshotOf[Kind]) -> bool:
    """Whether the register is what the book says, in kronor and in units."""
    return not actions.disagreements(vehicle, now)


def _cell(column: Column, value: Any, who: dict[int, Holder]) -> Cell:
    shape = column.shape
    if shape is Shape.HOLDER:
        if value is None:
            return Cell("–", ("", "", ""), shape)
        holder = who.get(value, Holder(value))
        plain: tuple[object, ...] = (holder.number, holder.name, holder.municipality)
        return Cell(str(holder), plain, shape)
    if value is None:
        return Cell("–", ("",), shape)
    match shape:
        case Shape.HOLDERS:
            names = ", ".join(str(who.get(number, Holder(number))) for number in value)
            return Cell(names or "–", (names,), shape)
        case Shape.IDENTITY | Shape.ADDRESS:
            holder = who.get(value, Holder(value))
            told = holder.identity if shape is Shape.IDENTITY else holder.address
            return Cell(told or "–", (told,), shape)
        case Shape.KRONOR:
            return Cell(kronor_text(value), (Number(format_minor(value, scale=2)),), shape)
        case Shape.NUMBER:
            return Cell(number_text(value), (value,), shape)
        case Shape.DECIMAL:
            return Cell(decimal_text(float(value)), (Number(f"{float(value):.2f}"),), shape)
        case Shape.PERCENT:
            return Cell(f"{decimal_text(float(value))} %", (Number(f"{float(value):.2f}"),), shape)
        case Shape.DAY:
            return Cell(day_text(value), (value,), shape)
        case _:
            return Cell(str(value), (str(value),), shape)


@dataclass(frozen=True)
class HoldingPage:
    """All that one holds in a vehicle. Amounts by account, each in its own unit."""

    vehicle: Vehicle
    kind: Kind
    as_of: date
    number: int
    held: tuple[tuple[Text, Cell], ...]
    sheets: tuple[ShownSheet, ...]


def holding_page(vehicle: Vehicle, number: int, as_of: date) -> HoldingPage:
    """The page of one holder; other holders are nowhere in it."""
    now = actions.snapshot(vehicle, as_of)
    kind = now.kind
    shapes = {MONEY: Shape.KRONOR}
    held = [
        (role.label, _cell(_column(role.role, shapes.get(role.book, Shape.NUMBER)), minor, {}))
        for role in kind.accounts()
        if (minor := now.held_by(role.role, number))
    ]
    sheets = [
        show_sheet(vehicle, told, as_of, [row for row in told.rule(kind, now) if row[0] == number])
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
    kind, new = KINDS[vehicle.kind], kept[version]
    # One that never came into force is not what the holders know.
    known = [row for row in kept.values() if row.version < version]
    old = next((row for row in reversed(known) if row.valid_from <= new.valid_from), kept[1])
    before = dict(kind.parse(old.terms).describe())
    after = dict(kind.parse(new.terms).describe())
    rows = [(label, before.get(label, "–"), after.get(label, "–")) for label in {**before, **after}]
    now = actions.snapshot(vehicle, kept[version].valid_from)
    holding = {row[0] for row in kind.all_sheets()[0].rule(now.kind, now)}
    told = [holder for number, holder in holders(vehicle).items() if number in holding]
    return Letter(vehicle, kept[version], tuple(rows), tuple(told))
