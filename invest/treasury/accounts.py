"""An organisation's bank accounts: opened, changed and ended by two, and where the book begins."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import count

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from invest.models import BankAccountChange, Organisation, User
from invest.once import Sent
from invest.people import plain
from invest.refusals import SecondPersonNeeded, WrongState
from invest.treasury import queries
from invest.treasury.agreement import Opening, book_minor, missing_opening
from invest.treasury.refusals import (
    AccountTaken,
    AlreadyProposed,
    NoBooks,
    NotAnAccount,
    NotAnOwnAccount,
    NothingToConfirm,
    StillCallsHere,
    StillExpects,
    StillHolds,
    StillWaits,
    UnknownMode,
)
from invest.vehicles import books
from pools import book
from pools.bank.accounts import read_iban
from pools.bank.references import is_bankgiro, is_plusgiro
from pools.models import Account, BankAccount, BankMode, Entry, Ledger
from pools.money import kronor

Kind, State = BankAccountChange.Kind, BankAccountChange.State


@dataclass(frozen=True, slots=True)
class Told:
    """What an account shall be. Giros and Swish may be empty; the mode counts from a day."""

    iban: str
    payee: str
    mode: str
    since: str  # ISO 8601, as it is kept
    bankgiro: str = ""
    plusgiro: str = ""
    swish: str = ""
    asks_here: bool = False  # calls ask to be paid to it


def told_of(account: BankAccount, on: date) -> Told:
    """What an account is now."""
    ledger = account.account.ledger_id
    asked = books.asked_to_pay([ledger]).get(ledger)
    return Told(
        iban=account.iban,
        payee=account.payee,
        mode=books.mode_on(account, on),
        since=on.isoformat(),
        bankgiro=account.bankgiro,
        plusgiro=account.plusgiro,
        swish=account.swish,
        asks_here=asked is not None and asked.pk == account.pk,
    )


@transaction.atomic
def propose(
    *,
    organisation: Organisation,
    kind: str,
    account: BankAccount | None,
    told: Told | None,
    by: User,
    key: str,
    at: datetime | None = None,
) -> BankAccountChange:
    """Ask a second person for an account to be opened, changed or ended.

    Refused at once where it could not be done. Raises KeyReused, AlreadyProposed, NotAnAccount,
    AccountTaken, and for an end what `_refuse_end` raises.
    """
    now = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if now.ledger_id is None:
        raise NoBooks
    values = asdict(checked(told, account)) if told is not None else {}
    columns = {
        "organisation_id": now.pk,
        "kind": kind,
        "proposed_by_id": by.pk,
    }
    if kind != Kind.OPEN:
        columns["bank_account_id"] = account.pk if account else None
    sent = Sent(key=key, columns={**columns, "values": values})
    if earlier := sent.earlier(BankAccountChange.objects.all()):
        return earlier
    _refuse_proposed(now, account, values)
    if account is not None:
        _refuse_ended(account)
    if kind == Kind.END and account is not None:
        _refuse_end(account)
    return BankAccountChange.objects.create(
        key=key,
        proposed_at=at or timezone.now(),
        bank_account=account,
        values=values,
        organisation=now,
        kind=kind,
        proposed_by=by,
    )


@transaction.atomic
def agree(
    *, change: BankAccountChange, by: User, on: date, at: datetime | None = None
) -> BankAccountChange:
    """A second person agrees, and it is so from then on. Raises SecondPersonNeeded, WrongState."""
    change = _to_decide(change, by)
    if change.kind == Kind.OPEN:
        change.bank_account = _open(change.organisation, Told(**change.values), on)
    elif change.kind == Kind.CHANGE:
        _change(_own(change), Told(**change.values), on)
    else:
        _end(_own(change), on)
    return _decided(change, by, True, at)


@transaction.atomic
def refuse(*, change: BankAccountChange, by: User, at: datetime | None = None) -> BankAccountChange:
    """A second person says no. Raises SecondPersonNeeded, WrongState."""
    return _decided(_to_decide(change, by), by, False, at)


@transaction.atomic
def take_back(
    *, change: BankAccountChange, by: User, at: datetime | None = None
) -> BankAccountChange:
    """Whoever proposed it does not want it any more. Raises WrongState, also for anybody else."""
    change = _locked(change)
    if change.state != State.PROPOSED or change.proposed_by_id != by.pk:
        raise WrongState(state=change.state.label)
    change.taken_back_at = at or timezone.now()
    change.save(update_fields=["taken_back_at"])
    return change


@transaction.atomic
def confirm_opening(*, account: BankAccount, by: str) -> Entry | None:
    """Book what stood at the bank before the first statement; from then on book is bank.

    On the day before the statement opens, or the first open day. Once; anew where an older
    statement has come since, and then what was booked is reversed. Raises NothingToConfirm.
    """
    account = BankAccount.objects.select_for_update(of=("self",)).get(pk=account.pk)
    found, old = missing_opening(account), account.opening
    if found is None:
        if old is None:
            raise NothingToConfirm
        return old
    ledger = account.account.ledger
    if old is not None:
        back_on = book.first_open_day(ledger, old.booked_on)
        book.reverse(entry=old, on=back_on, key=f"{old.key}:anew"[:200], by=by)
    account.opening = _booked_opening(account, ledger, found, by) if found.minor else None
    account.save(update_fields=["opening"])
    return account.opening


def _booked_opening(account: BankAccount, ledger: Ledger, found: Opening, by: str) -> Entry:
    against = books.chart_account(ledger, books.OPENING, found.on)
    is_in_credit = found.minor > 0
    after = account.opening_id or 0
    return book.post(
        ledger=ledger,
        on=book.first_open_day(ledger, found.on),
        kind="bank-opening",
        moves=[
            book.Move(
                debit=account.account if is_in_credit else against,
                credit=against if is_in_credit else account.account,
                amount_minor=abs(found.minor),
            )
        ],
        key=f"bank:{account.pk}:opening:{after}",
        by=by,
    )


def checked(told: Told, account: BankAccount | None) -> Told:
    """As it is kept. Raises NotAnAccount, AccountTaken where another account has a number."""
    if told.mode not in BankMode.Mode.values:
        raise UnknownMode(field="mode")
    date.fromisoformat(told.since)
    if not (number := read_iban(told.iban)):
        raise NotAnAccount(field="iban", what="IBAN")
    clean = Told(
        iban=number,
        payee=plain(told.payee),
        mode=told.mode,
        since=told.since,
        bankgiro=_giro(told.bankgiro, "bankgiro"),
        plusgiro=_giro(told.plusgiro, "plusgiro"),
        swish=_swish(told.swish),
        asks_here=told.asks_here,
    )
    others = BankAccount.objects.exclude(pk=account.pk if account else 0)
    for name in ("iban", "bankgiro", "plusgiro"):
        value = getattr(clean, name)
        if value and others.filter(**{name: value}).exists():
            raise AccountTaken(field=name, number=value)
    return clean


# What a giro's number is, and how many digits stand after its dash.
_GIROS = {"bankgiro": (is_bankgiro, 4), "plusgiro": (is_plusgiro, 1)}


def _giro(typed: str, name: str) -> str:
    is_one, tail = _GIROS[name]
    digits = "".join(sign for sign in typed if sign not in " -\u2010\u2011\u2013")
    if not digits:
        return ""
    if not is_one(digits):
        raise NotAnAccount(field=name, what=name)
    return f"{digits[:-tail]}-{digits[-tail:]}"


def _swish(typed: str) -> str:
    digits = "".join(typed.split()).replace("-", "")
    if digits and not (digits.isascii() and digits.isdigit() and len(digits) == 10):
        raise NotAnAccount(field="swish", what="Swish")
    return digits


def _locked(change: BankAccountChange) -> BankAccountChange:
    Organisation.objects.select_for_update(of=("self",)).get(pk=change.organisation_id)
    rows = BankAccountChange.objects.select_for_update(of=("self",))
    return rows.select_related("organisation__ledger", "bank_account").get(pk=change.pk)


def _to_decide(change: BankAccountChange, by: User) -> BankAccountChange:
    change = _locked(change)
    if change.state != State.PROPOSED:
        raise WrongState(state=change.state.label)
    if change.proposed_by_id == by.pk:
        raise SecondPersonNeeded
    return change


def _decided(
    change: BankAccountChange, by: User, is_agreed: bool, at: datetime | None
) -> BankAccountChange:
    change.decided_by, change.decided_at = by, at or timezone.now()
    change.is_agreed = is_agreed
    change.save()
    return change


def _own(change: BankAccountChange) -> BankAccount:
    if change.bank_account is None or (
        change.bank_account.account.ledger_id != change.organisation.ledger_id
    ):
        raise NotAnOwnAccount
    account = BankAccount.objects.select_for_update(of=("self",)).get(pk=change.bank_account.pk)
    _refuse_ended(account)
    return account


def _open(organisation: Organisation, told: Told, on: date) -> BankAccount:
    told = checked(told, None)
    ledger = Ledger.objects.select_for_update().get(organisation=organisation)
    taken = set(Account.objects.filter(ledger=ledger).values_list("code", flat=True))
    number = next(n for n in count(2) if not _codes(n).intersection(taken))
    own = {}
    for code in (books.BANK, books.UNMATCHED):
        kind, bas = books.CHART[code]
        own[code] = book.open_account(
            ledger=ledger, code=f"{code}:{number}", kind=kind, bas=bas, on=on
        )
    account = BankAccount.objects.create(
        account=own[books.BANK],
        unmatched=own[books.UNMATCHED],
        **_columns(told),
    )
    _follow(account, told, on)
    return account


def _codes(number: int) -> set[str]:
    return {f"{books.BANK}:{number}", f"{books.UNMATCHED}:{number}"}


def _change(account: BankAccount, told: Told, on: date) -> None:
    told = checked(told, account)
    for name, value in _columns(told).items():
        setattr(account, name, value)
    account.save()
    _follow(account, told, on)


def _columns(told: Told) -> Mapping[str, str]:
    names = ("iban", "payee", "bankgiro", "plusgiro", "swish")
    return {name: getattr(told, name) for name in names}


def _follow(account: BankAccount, told: Told, on: date) -> None:
    """The mode from its day, and where calls ask to be paid: the one chosen last, and no other."""
    since = date.fromisoformat(told.since)
    if told.mode != books.mode_on(account, since):
        account.modes.update_or_create(since=since, defaults={"mode": told.mode})
    if told.asks_here:
        ledger = account.account.ledger_id
        others = BankAccount.objects.filter(account__ledger=ledger, calls_since__gte=on)
        others.exclude(pk=account.pk).update(calls_since=None)
        BankAccount.objects.filter(pk=account.pk).update(calls_since=on)


def _end(account: BankAccount, on: date) -> None:
    _refuse_end(account)
    account.ended_on = on
    account.save(update_fields=["ended_on"])


def _refuse_proposed(
    organisation: Organisation, account: BankAccount | None, values: Mapping[str, object]
) -> None:
    """One question of an account at a time; a new one is known by its IBAN."""
    waits = organisation.bank_account_changes.filter(is_agreed=None, taken_back_at=None)
    if account is not None:
        asked = waits.filter(bank_account=account).exists()
    else:
        asked = values.get("iban") in [row.values.get("iban") for row in waits]
    if asked:
        raise AlreadyProposed


def _refuse_ended(account: BankAccount) -> None:
    if account.ended_on is not None:
        raise WrongState(state=_("ended"))


def _refuse_end(account: BankAccount) -> None:
    """An account ends when nothing waits on it, it is empty, and nobody is asked to pay to it."""
    if queries.waiting(account) or queries.asked(account).exists():
        raise StillWaits
    if holds := book_minor(account, None):
        raise StillHolds(amount=kronor(holds))
    ledger = account.account.ledger
    standing = BankAccount.objects.filter(account__ledger=ledger, ended_on=None)
    if standing.exclude(pk=account.pk).exists():
        return
    if queries.in_transit(ledger):
        raise StillExpects
    if queries.open_calls(ledger):
        raise StillCallsHere
