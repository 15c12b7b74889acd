"""Who the numbers of a vehicle are."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from invest import identity
from invest.models import Holding, Person, Vehicle


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
