"""The books of an organisation and of a vehicle: ledgers and accounts, opened when first needed."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from invest.kinds.actions import MONEY, UNITS
from invest.kinds.refusals import BadTerms
from invest.models import Organisation, Vehicle
from invest.vehicles.refusals import AheadOfTime, BeforeItBegan
from pools import book
from pools.errors import PeriodLocked
from pools.models import Account, BankAccount, BankMode, Entry, Ledger, Unit

# The accounts an organisation's money ledger may have: code → (kind, BAS number).
CHART = {
    "assets:bank": (Account.Kind.ASSET, "1930"),
    "assets:opening": (Account.Kind.ASSET, "1689"),
    "assets:bookkeeper": (Account.Kind.ASSET, "1689"),
    "assets:property": (Account.Kind.ASSET, "1200"),
    "liabilities:unmatched": (Account.Kind.LIABILITY, "2999"),
    "liabilities:in-transit": (Account.Kind.LIABILITY, "2899"),
    "liabilities:held": (Account.Kind.LIABILITY, "2890"),
    "liabilities:payable": (Account.Kind.LIABILITY, "2898"),
    "liabilities:advance": (Account.Kind.LIABILITY, "2420"),
    "liabilities:vouchers": (Account.Kind.LIABILITY, "2421"),
    "equity:retained": (Account.Kind.EQUITY, "2091"),
    "income:interest": (Account.Kind.INCOME, "8310"),
    "income:fees": (Account.Kind.INCOME, "3900"),
    "income:result": (Account.Kind.INCOME, "3000"),
    "income:lapsed": (Account.Kind.INCOME, "3990"),
    "expenses:bank": (Account.Kind.EXPENSE, "6570"),
    "expenses:goods": (Account.Kind.EXPENSE, "4000"),
    "expenses:interest": (Account.Kind.EXPENSE, "8410"),
    "expenses:losses": (Account.Kind.EXPENSE, "8271"),
    "expenses:running": (Account.Kind.EXPENSE, "6990"),
    "expenses:work": (Account.Kind.EXPENSE, "7010"),
    "expenses:refunds": (Account.Kind.EXPENSE, "8840"),
}
# What the book says has gone or come, until the bank tells the same.
IN_TRANSIT = "liabilities:in-transit"
BANK, UNMATCHED, OPENING = "assets:bank", "liabilities:unmatched", "assets:opening"
# Those that every book has from its first day; the others are opened when first needed.
FIRST_ACCOUNTS = (
    "assets:bank",
    "liabilities:unmatched",
    "liabilities:payable",
    "equity:retained",
    "expenses:interest",
)


@transaction.atomic
def open_books(
    *,
    organisation: Organisation,
    on: date,
    iban: str,
    payee: str,
    bankgiro: str = "",
    swish: str = "",
) -> BankAccount:
    """Open an organisation's money ledger, with a bank account and a place for strays."""
    ledger = book.open_ledger(
        code=f"{organisation.slug}-sek",
        name=organisation.name,
        unit=Unit.objects.get(pk="SEK"),
    )
    accounts = {code: chart_account(ledger, code, on) for code in FIRST_ACCOUNTS}
    organisation.ledger = ledger
    organisation.save(update_fields=["ledger"])
    account = BankAccount.objects.create(
        account=accounts["assets:bank"],
        unmatched=accounts["liabilities:unmatched"],
        iban=iban,
        bankgiro=bankgiro,
        swish=swish,
        payee=payee,
    )
    account.modes.create(mode=BankMode.Mode.CAPITAL, since=on)
    return account


def mode_on(account: BankAccount, on: date) -> str:
    """How an account is kept on a day; for capital alone where nobody said."""
    newest = account.modes.filter(since__lte=on).order_by("-since").first()
    return newest.mode if newest else BankMode.Mode.CAPITAL


def asked_to_pay(ledgers: Iterable[int | None]) -> dict[int, BankAccount]:
    """Ledger → the account that its calls ask to be paid to: the one chosen last, else the first
    that stands.
    """
    rows = (
        BankAccount.objects.filter(account__ledger__in=ledgers, ended_on=None)
        .select_related("account")
        .order_by(F("calls_since").asc(nulls_first=True), "-pk")
    )
    return {row.account.ledger_id: row for row in rows}


# Code → name, kind and scale of what is counted beside money.
UNITS_COUNTED = {
    "SHARE": ("Andelar", Unit.Kind.COUNT, 0),
    "POINT": ("Sparpoäng", Unit.Kind.POINTS, 0),
    "KWH": ("Kilowattimmar", Unit.Kind.ENERGY, 0),
    "GOODS": ("Varor", Unit.Kind.COUNT, 0),
    "VOUCHER": ("Värdebevis à en krona", Unit.Kind.COUNT, 0),
}


def _open_units(slug: str, name: str, code: str) -> Ledger:
    told, kind, scale = UNITS_COUNTED[code]
    unit, _created = Unit.objects.get_or_create(
        pk=code, defaults={"name": told, "kind": kind, "scale": scale}
    )
    return book.open_ledger(code=f"{slug}-units", name=name, unit=unit)


def in_transit(ledger: Ledger, on: date) -> Account:
    """Where a payout, or money that a step took in, stands until the bank tells of it."""
    return chart_account(ledger, IN_TRANSIT, on)


@transaction.atomic
def chart_account(ledger: Ledger, code: str, on: date) -> Account:
    """An organisation's own account by its code in `CHART`, opened when first needed."""
    kind, bas = CHART[code]
    accounts = Account.objects.filter(ledger=ledger, code=code)
    if standing := accounts.first():
        return standing
    Ledger.objects.select_for_update().get(pk=ledger.pk)
    return accounts.first() or book.open_account(
        ledger=ledger, code=code, kind=kind, bas=bas, on=on
    )


def refuse_day(vehicle: Vehicle, on: date, at: datetime) -> None:
    """An action that posts nothing is dated too: not ahead, not before there was a vehicle."""
    if on > timezone.localdate(at):
        raise AheadOfTime
    if on < (first := vehicle.terms.earliest("version").valid_from):
        raise BeforeItBegan(on=first)
    refuse_locked(vehicle, on)


def refuse_locked(vehicle: Vehicle, on: date) -> None:
    """Nothing is done in a closed period, not even what posts nothing. Raises PeriodLocked."""
    until = Ledger.objects.get(pk=vehicle.pool.ledger_id).locked_until
    if until is not None and on <= until:
        raise PeriodLocked(until=until)


def book_of(vehicle: Vehicle, which: str) -> Ledger:
    """The ledger a vehicle keeps of money, units or rights. Raises BadTerms where it has none."""
    ledgers = {MONEY: vehicle.pool.ledger, UNITS: vehicle.units_ledger}
    ledger = ledgers.get(which, vehicle.rights_ledger)
    if ledger is None:
        raise BadTerms(reason=_("%(what)s has no such book") % {"what": vehicle})
    return ledger


def _ledger_of(organisation: Organisation) -> Ledger:
    if organisation.ledger is None:
        raise BadTerms(reason=_("%(what)s has no such book") % {"what": organisation})
    return organisation.ledger


# The kind of an entry that nobody recorded: money ahead paid what fell due.
BY_ITSELF = "advance-used"


def by_itself(vehicle: Vehicle) -> dict[tuple[int, str], list[Entry]]:
    """(Number of the action, day) → what was booked by itself of it on it, oldest first."""
    found: dict[tuple[int, str], list[Entry]] = defaultdict(list)
    written = Entry.objects.filter(ledger=vehicle.pool.ledger_id, kind=BY_ITSELF)
    for entry in written.filter(key__startswith=f"alone:{vehicle.pk}:").order_by("seq"):
        found[key_of(entry)].append(entry)
    return found


def key_of(entry: Entry) -> tuple[int, str]:
    """The action that an entry by itself is of, and the day it is for."""
    action, day = entry.key.split(":")[2:4]
    return int(action), day


def standing(entries: Iterable[Entry]) -> list[Entry]:
    """Those that were not taken back."""
    told = {entry.pk: entry for entry in entries}
    undone = Entry.objects.filter(reverses__in=told).values_list("reverses", flat=True)
    return [told[pk] for pk in sorted(told.keys() - set(undone))]


def take_back(entry: Entry, since: date, by: str) -> None:
    """Reverse an entry on its own day, or from a later one on."""
    on = max(entry.booked_on, since)
    book.reverse(entry=entry, on=on, key=f"{entry.key}:undone", by=by)
