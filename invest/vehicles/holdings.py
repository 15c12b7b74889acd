"""Holdings: who the numbers of a vehicle are, the account that each holds, and what moved on it.

What a holder paid counts from the bank's day and until the bank took it back, on whatever day it
could be booked (`Placement`), and so do the units that it gave. All else counts on the book's own
day. `changes` is the one reading of that day: interest, days held, weights, plans and registers
rest on it; who reads the book reads the book.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Q
from django.utils.translation import gettext as _

from invest import identity
from invest.kinds import KINDS
from invest.kinds.actions import MONEY, ActionType, Answer, At, Change, Posting
from invest.models import Holding, Person, Placement, Vehicle
from invest.vehicles.books import book_of, chart_account, in_transit
from invest.vehicles.refusals import HolderGone
from pools import book
from pools.models import Account, Entry, Transfer

# The units' book knows no payment; the day they count is told in the entry's key, where it is not
# the day they could be booked on. So the seal holds it.
_DAY = re.compile(r"(?:place|undo):\d+:units:(\d{4}-\d{2}-\d{2})")


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


# --- What moved, each on the day it counts ---


def changes(
    vehicle: Vehicle, as_of: date, known: Q | None = None, *, role: str = ""
) -> list[Change]:
    """What counted by the end of a day on the accounts of holders and of the vehicle itself.

    Oldest first. `known` leaves out entries; with `role` only what holders have in it.
    """
    whose = _accounts(vehicle, role)
    paid = _paid(vehicle)
    numbers = dict(vehicle.actions.values_list("pk", "number"))
    found: list[Change] = []
    for debit, credit, amount, booked, why, key, entry, reverses in _moves(
        whose, as_of, known or Q(), paid.days
    ):
        on = paid.days.get(entry) or day_in(key) or booked
        if on > as_of:
            continue
        action = numbers[int(key.split(":")[1])] if key.startswith("deed:") else 0
        other = booked if booked != on else None
        for moved, side in ((debit, 1), (credit, -1)):
            if moved in whose:
                at, number, sign = whose[moved]
                bound_to = paid.bound.get(reverses or entry, "")
                minor = side * sign * amount
                found.append(Change(on, at, number, minor, why, action, bound_to, other))
    return sorted(found, key=lambda change: change.on)


def held(vehicle: Vehicle, role: str, as_of: date) -> dict[int, int]:
    """Holder → what stood on the account of a role at the end of a day; who had none is out."""
    standing: dict[int, int] = {}
    for change in changes(vehicle, as_of, role=role):
        standing[change.number] = standing.get(change.number, 0) + change.amount
    return standing


def units_key(key: str, *, counts_on: date, booked_on: date) -> str:
    """The key of an entry of units, which tells the day it counts where that is another."""
    return key if counts_on == booked_on else f"{key}:{counts_on.isoformat()}"


def units_day(entry: Entry) -> date:
    """The day that an entry of units counts."""
    return day_in(entry.key) or entry.booked_on


def day_in(key: str) -> date | None:
    """The day that a key of `units_key` tells; None: it tells none.

    >>> day_in("place:7:units:2025-11-30")
    datetime.date(2025, 11, 30)
    """
    told = _DAY.fullmatch(key)
    return date.fromisoformat(told[1]) if told else None


@dataclass(frozen=True, slots=True)
class _Paid:
    """Entry → the day it counts, where it is not the book's; and what its money is bound to."""

    days: Mapping[int, date]
    bound: Mapping[int, str]


def _paid(vehicle: Vehicle) -> _Paid:
    paid = Placement.objects.filter(call__pledge__offering__vehicle=vehicle).order_by()
    early = ~Q(counts_from=F("entry__booked_on"))
    undone = Q(counted_until__isnull=False)
    bound = ~Q(call__pledge__offering__restricted_to="")
    rows = paid.filter(early | undone | bound).values_list(
        "entry_id",
        "counts_from",
        "entry__booked_on",
        "entry__reversed_by",
        "counted_until",
        "entry__reversed_by__booked_on",
        "call__pledge__offering__restricted_to",
    )
    days: dict[int, date] = {}
    only: dict[int, str] = {}
    for entry, since, booked_on, reversal, until, undone_on, bound_to in rows:
        if since != booked_on:
            days[entry] = since
        if reversal and until and until != undone_on:
            days[reversal] = until
        if bound_to:
            only[entry] = bound_to
    return _Paid(days, only)


def _accounts(vehicle: Vehicle, role: str) -> dict[int, tuple[str, int, int]]:
    """Account → its role, the holder's number (0: the vehicle's own) and its sign."""
    only = Q(role=role) if role else Q()
    rows = Holding.objects.filter(only, vehicle=vehicle).select_related("account")
    whose = {row.account_id: (row.role, row.number, row.account.sign) for row in rows}
    if role:
        return whose
    codes = {f"{vehicle.slug}:{r.role}": r.role for r in KINDS[vehicle.kind].own_accounts()}
    ledgers = [vehicle.pool.ledger_id, vehicle.units_ledger_id, vehicle.rights_ledger_id]
    for account in Account.objects.filter(ledger__in=ledgers, code__in=codes):
        whose[account.pk] = (codes[account.code], 0, account.sign)
    return whose


def _moves(
    whose: Mapping[int, object], as_of: date, known: Q, days: Mapping[int, date]
) -> Iterable[tuple[Any, ...]]:
    """The transfers that may count by the day, in the book's order."""
    by_then = Q()
    if as_of != date.max:
        other = [entry for entry, day in days.items() if day <= as_of]
        by_then = (
            Q(entry__booked_on__lte=as_of) | Q(entry__in=other) | Q(entry__key__contains=":units:")
        )
    return (
        Transfer.objects.filter(Q(debit__in=whose) | Q(credit__in=whose))
        .filter(known, by_then)
        .order_by("entry__booked_on", "entry_id", "ordinal")
        .values_list(
            "debit_id",
            "credit_id",
            "amount_minor",
            "entry__booked_on",
            "entry__kind",
            "entry__key",
            "entry_id",
            "entry__reverses_id",
        )
    )


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
