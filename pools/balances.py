"""Readers of the book: balances, statements and month totals, as of any day.

A balance is the months before plus that month's transfers, so a page costs the same however long
the book grows. `known_to` (a ledger's `seq`) reads the book as it stood after that entry, however
much is booked later: the same `as_of` and `known_to` give the same answer for ever.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet, Sum

from pools.models import Account, AccountMonth, Ledger, Transfer


@dataclass(frozen=True, slots=True)
class Totals:
    """What was debited and credited, in minor units; both ≥ 0."""

    debited_minor: int = 0
    credited_minor: int = 0

    def balance(self, account: Account) -> int:
        """On the account's normal side, in minor units."""
        return account.sign * (self.debited_minor - self.credited_minor)


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One movement on an account: change and running balance on its normal side."""

    booked_on: date
    seq: int
    kind: str
    other: str
    change_minor: int
    balance_minor: int


def totals(
    accounts: Iterable[Account] | QuerySet[Account],
    *,
    as_of: date | None = None,
    known_to: int | None = None,
) -> dict[int, Totals]:
    """Account pk → what moved on it, entries dated `as_of` included (None: all).

    `known_to` leaves out entries with a higher `seq`; all accounts must then share a ledger. Every
    account asked for is in the answer. At most three queries.
    """
    wanted = [account.pk for account in accounts]
    debited: dict[int, int] = defaultdict(int)
    credited: dict[int, int] = defaultdict(int)
    months = AccountMonth.objects.filter(account__in=wanted)
    if as_of is not None:
        months = months.filter(month__lt=as_of.replace(day=1))
    for pk, debit, credit in months.values_list("account").annotate(
        Sum("debited_minor"), Sum("credited_minor")
    ):
        debited[pk] += debit
        credited[pk] += credit
    # Add this month's part up to the day; take away what was recorded after `known_to`.
    if as_of is not None:
        this_month = Q(entry__booked_on__gte=as_of.replace(day=1), entry__booked_on__lte=as_of)
        _add(debited, credited, wanted, this_month, 1)
    if known_to is not None:
        later = Q(entry__seq__gt=known_to)
        if as_of is not None:
            later &= Q(entry__booked_on__lte=as_of)
        _add(debited, credited, wanted, later, -1)
    return {pk: Totals(debited[pk], credited[pk]) for pk in wanted}


def _add(
    debited: dict[int, int], credited: dict[int, int], wanted: list[int], which: Q, factor: int
) -> None:
    for side, into in (("debit", debited), ("credit", credited)):
        moved = Transfer.objects.filter(which, **{f"{side}__in": wanted})
        for pk, amount in moved.order_by().values_list(side).annotate(Sum("amount_minor")):
            into[pk] += factor * amount


def balance(account: Account, *, as_of: date | None = None, known_to: int | None = None) -> int:
    """One account's balance on its normal side, in minor units."""
    return totals([account], as_of=as_of, known_to=known_to)[account.pk].balance(account)


def balances(
    accounts: Iterable[Account] | QuerySet[Account],
    *,
    as_of: date | None = None,
    known_to: int | None = None,
) -> dict[int, int]:
    """Account pk → balance on its normal side, in minor units; see `totals`."""
    listed = list(accounts)
    moved = totals(listed, as_of=as_of, known_to=known_to)
    return {account.pk: moved[account.pk].balance(account) for account in listed}


def trial_balance(
    ledger: Ledger, *, as_of: date | None = None, known_to: int | None = None
) -> list[tuple[Account, Totals]]:
    """Every account of a ledger with its totals, by code. Debits and credits sum to the same."""
    accounts = list(ledger.accounts.order_by("code"))
    moved = totals(accounts, as_of=as_of, known_to=known_to)
    return [(account, moved[account.pk]) for account in accounts]


def statement(
    account: Account, *, since: date | None = None, until: date | None = None
) -> list[StatementLine]:
    """Movements from `since` to `until`, both inclusive, oldest first, with running balance."""
    moves = (
        Transfer.objects.filter(Q(debit=account) | Q(credit=account))
        .order_by("entry__booked_on", "entry__seq", "ordinal")
        .select_related("entry", "debit", "credit")
    )
    if until is not None:
        moves = moves.filter(entry__booked_on__lte=until)
    lines: list[StatementLine] = []
    running = 0
    for move in moves:
        is_debit = move.debit_id == account.pk
        change = account.sign * (move.amount_minor if is_debit else -move.amount_minor)
        running += change
        if since is None or move.entry.booked_on >= since:
            lines.append(
                StatementLine(
                    booked_on=move.entry.booked_on,
                    seq=move.entry.seq,
                    kind=move.entry.kind,
                    other=(move.credit if is_debit else move.debit).code,
                    change_minor=change,
                    balance_minor=running,
                )
            )
    return lines


def month_matrix(
    accounts: QuerySet[Account], *, until: date | None = None
) -> list[tuple[int, date, int, int]]:
    """(account pk, month, debited minor, credited minor), by month then account; whole months."""
    months = AccountMonth.objects.filter(account__in=accounts)
    if until is not None:
        months = months.filter(month__lte=until)
    return list(
        months.order_by("month", "account").values_list(
            "account_id", "month", "debited_minor", "credited_minor"
        )
    )


def heads() -> dict[str, tuple[int, str]]:
    """Ledger code → (last seq, seal): what `known_to` and published figures name."""
    return {
        ledger.code: (ledger.head_seq, ledger.head_seal)
        for ledger in Ledger.objects.order_by("code")
    }
