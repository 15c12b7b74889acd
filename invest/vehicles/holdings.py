"""Holdings: who the numbers of a vehicle are, and the account that each of them holds."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from invest import identity
from invest.kinds import KINDS
from invest.kinds.actions import MONEY
from invest.models import Holding, Person, Vehicle
from invest.vehicles.books import book_of
from pools import book
from pools.models import Account


@dataclass(frozen=True, slots=True)
class Holder:
    """Who a number is, as a register tells it. Empty where the person was forgotten.

    Of a protected person the name, number and address are nowhere: the keeper has them on paper.
    """

    number: int
    name: str = ""
    municipality: str = ""
    identity: str = ""
    address: str = ""

    def __str__(self) -> str:
        return f"{self.number} · {self.name or '–'}"

    @property
    def masked(self) -> str:
        """The identity number as a screen shows it."""
        return identity.shown(self.identity)


def holders(vehicle: Vehicle) -> dict[int, Holder]:
    """Number → who it is."""
    held = Holding.objects.filter(vehicle=vehicle).select_related("person")
    return {holding.number: _who(holding) for holding in held}


def _who(holding: Holding) -> Holder:
    person = holding.person
    if person is None:
        return Holder(holding.number)
    if person.is_protected:
        return Holder(holding.number, _("protected identity"))
    sealed = identity.unseal(person.identity_sealed)
    return Holder(holding.number, person.name, person.municipality, sealed, person.postal_address)


def person_of(vehicle: Vehicle, number: int) -> Person | None:
    """Who a number is; None where nobody is, or was forgotten."""
    held = Holding.objects.filter(vehicle=vehicle, number=number).select_related("person")
    return next((holding.person for holding in held if holding.person), None)


def number_of(person: Person, vehicle: Vehicle) -> int | None:
    """The number a person has in a vehicle."""
    held = Holding.objects.filter(person=person, vehicle=vehicle).first()
    return held.number if held else None


@transaction.atomic
def holding(*, person: Person | None, vehicle: Vehicle, role: str, on: date) -> Holding:
    """A person's holding of one role in a vehicle, with its account, opened when first needed.

    The account is named by the holder's number: the book never learns who it is.
    """
    if standing := Holding.objects.filter(person=person, vehicle=vehicle, role=role).first():
        return standing
    Vehicle.objects.select_for_update().get(pk=vehicle.pk)
    # Two first payments at once: the second to come in finds what the first has opened.
    if standing := Holding.objects.filter(person=person, vehicle=vehicle, role=role).first():
        return standing
    account_role = next(r for r in KINDS[vehicle.kind].accounts() if r.role == role)
    number = _number_of(person, vehicle)
    account = book.open_account(
        ledger=book_of(vehicle, account_role.book),
        pool=vehicle.pool if account_role.book == MONEY else None,
        code=f"{vehicle.slug}:{role}:{number:05d}",
        kind=Account.Kind(account_role.kind),
        bas=account_role.bas,
        floor_minor=0 if account_role.floored else None,
        on=on,
    )
    return Holding.objects.create(
        person=person, vehicle=vehicle, role=role, number=number, account=account
    )


def _number_of(person: Person | None, vehicle: Vehicle) -> int:
    """The number a person has in a vehicle, the same in every role; the next one for a new one."""
    held = Holding.objects.filter(vehicle=vehicle)
    if person is not None and (own := held.filter(person=person).first()):
        return own.number
    return (held.aggregate(last=Max("number"))["last"] or 0) + 1
