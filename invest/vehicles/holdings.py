"""Holdings: who the numbers of a vehicle are, and the account that each of them holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from invest import identity
from invest.kinds import KINDS
from invest.kinds.actions import MONEY, ActionType, Answer, At, Posting
from invest.models import Holding, Person, Vehicle
from invest.vehicles.books import book_of, chart_account, in_transit
from invest.vehicles.refusals import HolderGone
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


def refuse_gone(vehicle: Vehicle, act: ActionType, facts: Mapping[str, Any]) -> None:
    """Holders who are named must be somebody: not forgotten, and with an account still open."""
    for asked in act.questions:
        number = facts.get(asked.name)
        if asked.answer not in {Answer.HOLDER, Answer.PERSON} or number is None:
            continue
        held = Holding.objects.filter(vehicle=vehicle, number=number)
        if not held.filter(person__isnull=False, account__closed_on__isnull=True).exists():
            raise HolderGone


class Accounts:
    """The accounts that postings name on a day; a holder's is opened when first needed."""

    def __init__(self, vehicle: Vehicle, on: date) -> None:
        self.vehicle, self.on = vehicle, on
        self.own_roles = {role.role for role in KINDS[vehicle.kind].own_accounts()}
        held = Holding.objects.filter(vehicle=vehicle).select_related("account", "person")
        self.known: dict[tuple[At, str], Account] = {}
        self.people: dict[int, Person | None] = {}
        roles = {role.role: role.book for role in KINDS[vehicle.kind].accounts()}
        for row in held:
            self.people[row.number] = row.person
            self.known[At(row.role, row.number), roles[row.role]] = row.account

    def moves(self, postings: Iterable[Posting], which: str) -> list[book.Move]:
        """What the postings move in one of the vehicle's books. Raises HolderGone."""
        return [
            book.Move(
                debit=self._at(posting.debit, which),
                credit=self._at(posting.credit, which),
                amount_minor=posting.amount,
            )
            for posting in postings
            if posting.book == which and posting.amount
        ]

    def _at(self, at: At, which: str) -> Account:
        if (at, which) not in self.known:
            self.known[at, which] = self._opened(at) if at.number else self._own(at.role, which)
        return self.known[at, which]

    def _opened(self, at: At) -> Account:
        person = self.people.get(at.number)
        if person is None:
            raise HolderGone
        return holding(person=person, vehicle=self.vehicle, role=at.role, on=self.on).account

    def _own(self, role: str, which: str) -> Account:
        ledger = book_of(self.vehicle, which)
        if role in self.own_roles:
            return Account.objects.get(ledger=ledger, code=f"{self.vehicle.slug}:{role}")
        return (
            in_transit(ledger, self.on) if role == "bank" else chart_account(ledger, role, self.on)
        )
