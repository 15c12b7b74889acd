"""Registers: who holds what in a vehicle at the end of any day, out of the book."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from invest import access
from invest.models import Holding, Organisation, Role, Vehicle
from invest.vehicles import KINDS, Kind
from pools import balances
from pools.models import Account

# Who may open the registers.
REGISTER_KINDS = (Role.Kind.REGISTER_KEEPER, Role.Kind.TREASURER, Role.Kind.AUDITOR)


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """A holder: the number in the vehicle, since when, öre and units. No contact details."""

    number: int
    name: str
    municipality: str
    since: date
    money_minor: int
    units: int


@dataclass(frozen=True)
class Register:
    """A vehicle's register at the end of `as_of`. Holders of nothing that day are left out."""

    vehicle: Vehicle
    kind: type[Kind]
    as_of: date
    rows: tuple[RegisterRow, ...]
    # What the accounts say, added up without the holdings.
    booked_minor: int
    booked_units: int

    @property
    def money_minor(self) -> int:
        """All holders together, in öre."""
        return sum(row.money_minor for row in self.rows)

    @property
    def units(self) -> int:
        """All holders together."""
        return sum(row.units for row in self.rows)

    @property
    def has_units(self) -> bool:
        """Whether the kind counts units."""
        return bool(self.kind.units_role)

    @property
    def agrees(self) -> bool:
        """Whether the register is what the book says."""
        return (self.money_minor, self.units) == (self.booked_minor, self.booked_units)


def vehicles_of(organisation: Organisation) -> QuerySet[Vehicle]:
    """Those that a register is kept of, by name."""
    return organisation.vehicles.select_related("project", "pool", "units_ledger").order_by("name")


def may_open(user: access.Visitor, organisation: Organisation) -> bool:
    """Whether a role of the user's opens the registers."""
    return access.has_role(user, organisation, *REGISTER_KINDS)


def register(vehicle: Vehicle, as_of: date) -> Register:
    """The register of a vehicle. Seven queries, however many holders."""
    kind = KINDS[vehicle.kind]
    holdings = list(
        Holding.objects.filter(vehicle=vehicle)
        .select_related("account", "person")
        .order_by("role", "number")
    )
    standing = balances.balances([holding.account for holding in holdings], as_of=as_of)
    by_holder: dict[int | str, dict[str, Holding]] = {}
    for holding in holdings:
        # A person who was forgotten keeps the number, so the rows stay apart.
        holder = holding.person_id or f"forgotten:{holding.role}:{holding.number}"
        by_holder.setdefault(holder, {})[holding.role] = holding
    rows = [_row(kind, held, standing) for held in by_holder.values()]
    accounts = Account.objects.filter(pool=vehicle.pool)
    issued = Account.objects.filter(
        ledger=vehicle.units_ledger or -1, code=f"{vehicle.slug}:issued"
    )
    return Register(
        vehicle=vehicle,
        kind=kind,
        as_of=as_of,
        rows=tuple(
            sorted((r for r in rows if r.money_minor or r.units), key=lambda row: row.number)
        ),
        booked_minor=sum(balances.balances(accounts, as_of=as_of).values()),
        booked_units=sum(balances.balances(issued, as_of=as_of).values()),
    )


def _row(kind: type[Kind], held: dict[str, Holding], standing: dict[int, int]) -> RegisterRow:
    first = held.get(kind.money_role) or next(iter(held.values()))
    units = held.get(kind.units_role)
    return RegisterRow(
        number=first.number,
        name=first.person.name if first.person else "",
        municipality=first.person.municipality if first.person else "",
        since=min(holding.account.opened_on for holding in held.values()),
        money_minor=sum(
            standing[h.account_id] for role, h in held.items() if role != kind.units_role
        ),
        units=standing[units.account_id] if units else 0,
    )
