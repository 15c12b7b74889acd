"""What the plain-text formats share: entries in order, account names, exact amounts.

In both formats debits are positive and credits negative; every posting of a transfer is written
as two lines, and every account's closing balance is asserted at the end, so that the program that
reads the file recomputes and agrees, or says where it does not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from pools import balances
from pools.models import Account, Entry, Ledger, Transfer
from pools.money import format_minor

ROOTS = {
    Account.Kind.ASSET: "Assets",
    Account.Kind.LIABILITY: "Liabilities",
    Account.Kind.EQUITY: "Equity",
    Account.Kind.INCOME: "Income",
    Account.Kind.EXPENSE: "Expenses",
}


@dataclass(frozen=True, slots=True)
class Posting:
    """One line of a transaction: debit above zero, credit below, in minor units."""

    account: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Closing:
    """An account's name and its debits less credits at the end."""

    account: str
    amount_minor: int


def account_name(account: Account) -> str:
    """A colon path under one of the five roots, safe in both formats.

    Parts begin with a capital or a digit and hold letters, digits and dashes only.
    """
    parts = [part for part in account.code.split(":") if part]
    root = ROOTS[Account.Kind(account.kind)]
    if parts[0].capitalize() == root:
        parts = parts[1:]
    clean = [re.sub(r"[^A-Za-z0-9-]", "-", part) for part in parts]
    return ":".join([root, *(part[:1].upper() + part[1:] for part in clean)])


def entries(
    ledger: Ledger, *, since: date | None, until: date | None
) -> Iterator[tuple[Entry, list[Posting]]]:
    """Entries dated `since` to `until`, both inclusive, by day then sequence, with postings."""
    chosen = Entry.objects.filter(ledger=ledger).order_by("booked_on", "seq")
    if since is not None:
        chosen = chosen.filter(booked_on__gte=since)
    if until is not None:
        chosen = chosen.filter(booked_on__lte=until)
    transfers = Transfer.objects.order_by("ordinal").select_related("debit", "credit")
    for entry in chosen.prefetch_related(Prefetch("transfers", transfers)).iterator(1000):
        postings = []
        for transfer in entry.transfers.all():
            postings.append(Posting(account_name(transfer.debit), transfer.amount_minor))
            postings.append(Posting(account_name(transfer.credit), -transfer.amount_minor))
        yield entry, postings


def closings(ledger: Ledger, *, since: date | None, until: date | None) -> list[Closing]:
    """What moved on each account in the span, by name."""
    accounts = list(ledger.accounts.order_by("code"))
    moved = balances.totals(accounts, as_of=until)
    before = (
        balances.totals(accounts, as_of=date.fromordinal(since.toordinal() - 1)) if since else {}
    )
    answer = []
    for account in accounts:
        now, then = moved[account.pk], before.get(account.pk, balances.Totals())
        net = (now.debited_minor - then.debited_minor) - (now.credited_minor - then.credited_minor)
        answer.append(Closing(account_name(account), net))
    return sorted(answer, key=lambda closing: closing.account)


def amount(minor: int, ledger: Ledger) -> str:
    """Exact decimals and the unit, such as `-12.50 SEK`."""
    return f"{format_minor(minor, scale=ledger.unit.scale)} {ledger.unit_id}"
