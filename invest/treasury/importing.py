"""A bank's file in: taken in, and paired by reference, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from invest.models import Organisation, User, Vehicle
from invest.treasury import placing
from invest.treasury.agreement import Gap, agreement
from pools.bank import intake
from pools.bank.accounts import is_same
from pools.bank.movements import lock
from pools.errors import AlreadyImported, WrongAccount
from pools.models import BankAccount


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file brought, and what of it was paired at once."""

    intake: intake.Intake
    outcome: placing.Outcome


@transaction.atomic
def import_file(
    *,
    data: bytes,
    file_name: str,
    organisation: Organisation,
    by: str,
    account: str = "",
    at: datetime | None = None,
) -> Imported:
    """Take a file in for an organisation's accounts, or one of them, and pair what is exact.

    All or nothing: after a kill at any moment the same file again completes it. Raises what
    `intake.read_and_take_in` raises, and WrongAccount where the organisation lacks the account.
    """
    own = accounts_of(organisation, account)
    _lock(own)
    try:
        brought = intake.read_and_take_in(
            data=data,
            file_name=file_name,
            bank_accounts=own,
            by=by,
            at=at,
        )
    except AlreadyImported as known:
        raise AlreadyImported(**{**known.facts, "by": _name_of(str(known.facts["by"]))}) from known
    return Imported(brought, placing.pair_by_reference(parts=brought.parts, by=by))


def _lock(own: Sequence[BankAccount]) -> None:
    """Whoever steps, pays or pays out locks the vehicle before the ledger: so must we, who book a
    whole file and open holdings after it.
    """
    locked = lock(BankAccount.objects.filter(pk__in=[row.pk for row in own]))
    ledgers = {row.account.ledger_id for row in locked}
    vehicles = Vehicle.objects.select_for_update(of=("self",)).filter(pool__ledger__in=ledgers)
    list(vehicles.order_by("pk"))


def _name_of(actor: str) -> str:
    """Who it was that the book knows as `user:7`, as people call them."""
    kind, _colon, number = actor.partition(":")
    rows = User.objects.filter(pk=number) if kind == "user" and number.isdigit() else []
    return next((str(user) for user in rows), actor)


def gaps_of(brought: intake.Intake) -> list[Gap]:
    """Where the chain of the accounts that a file told of is broken."""
    own = {row.bank_account_id: row.bank_account for row in brought.statements}
    return [gap for account in own.values() for gap in agreement(account).gaps]


def accounts_of(organisation: Organisation, account: str = "") -> Sequence[BankAccount]:
    """An organisation's accounts, the first opened first; by IBAN, BBAN or giro only that one."""
    own = list(
        BankAccount.objects.filter(account__ledger__organisation=organisation).order_by("pk")
    )
    if not account:
        return own
    named = [
        row
        for row in own
        if is_same(account, iban=row.iban, bankgiro=row.bankgiro, plusgiro=row.plusgiro)
    ]
    if not named:
        raise WrongAccount(account=account, own=", ".join(row.iban for row in own) or "–")
    return named
