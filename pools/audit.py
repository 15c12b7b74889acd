"""Checks that recompute everything from the transfers. Each returns findings; none repairs.

Used by the command, by tests, and every ten minutes in production. Other apps add checks of what
they promise by extending the list they hand to `run`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Max, Sum
from django.db.models.functions import TruncMonth

from pools import seal
from pools.models import Account, AccountMonth, Entry, Ledger, Transfer


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it must be."""

    check: str
    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.check}: {self.where}: {self.message}"


Check = Callable[[], Iterator[Finding]]


def run(checks: Iterable[Check]) -> list[Finding]:
    """Run every check to its end and return all that they found."""
    return [finding for check in checks for finding in check()]


def entries_are_whole() -> Iterator[Finding]:
    """An entry has as many transfers as it says, numbered 1 … size."""
    for entry in Entry.objects.annotate(
        found=Count("transfers"), last=Max("transfers__ordinal")
    ).exclude(found=F("size"), last=F("size")):
        yield Finding("entries_are_whole", str(entry), f"{entry.found} of {entry.size} transfers")


def sequences_have_no_gaps() -> Iterator[Finding]:
    """A ledger's entries are numbered 1 … head."""
    for ledger in Ledger.objects.annotate(found=Count("entries"), last=Max("entries__seq")):
        if (ledger.found, ledger.last or 0) != (ledger.head_seq, ledger.head_seq):
            yield Finding(
                "sequences_have_no_gaps",
                ledger.code,
                f"{ledger.found} entries, the last {ledger.last}, the head {ledger.head_seq}",
            )


def transfers_stay_in_their_ledger() -> Iterator[Finding]:
    """Both accounts of a transfer belong to its entry's ledger."""
    for transfer in Transfer.objects.exclude(
        debit__ledger=F("entry__ledger"), credit__ledger=F("entry__ledger")
    ):
        yield Finding("transfers_stay_in_their_ledger", str(transfer), "crosses ledgers")


def month_totals_follow_transfers() -> Iterator[Finding]:
    """Every month total equals the sum of the transfers of that month."""
    truth: dict[tuple[int, date], tuple[int, int, int]] = {}
    for side in ("debit", "credit"):
        rows = (
            Transfer.objects.annotate(month=TruncMonth("entry__booked_on"))
            .order_by()
            .values_list(side, "month")
            .annotate(Sum("amount_minor"), Count("pk"))
        )
        for pk, month, amount, number in rows:
            debited, credited, transfers = truth.get((pk, month), (0, 0, 0))
            truth[pk, month] = (
                debited + (amount if side == "debit" else 0),
                credited + (amount if side == "credit" else 0),
                transfers + number,
            )
    kept = {
        (month.account_id, month.month): (
            month.debited_minor,
            month.credited_minor,
            month.transfers,
        )
        for month in AccountMonth.objects.all()
    }
    for where in sorted(truth.keys() | kept.keys(), key=str):
        if truth.get(where) != kept.get(where):
            yield Finding(
                "month_totals_follow_transfers",
                f"account {where[0]} {where[1]}",
                f"kept {kept.get(where)}, transfers say {truth.get(where)}",
            )


def kept_balances_follow_transfers() -> Iterator[Finding]:
    """A floored account's kept balance equals its transfers and is not below its floor."""
    floored = list(Account.objects.filter(floor_minor__isnull=False))
    moved = {account.pk: 0 for account in floored}
    for side, sign in (("debit", 1), ("credit", -1)):
        rows = Transfer.objects.filter(**{f"{side}__floor_minor__isnull": False})
        for pk, amount in rows.order_by().values_list(side).annotate(Sum("amount_minor")):
            moved[pk] += sign * amount
    for account in floored:
        truth = account.sign * moved[account.pk]
        if account.balance_minor != truth:
            yield Finding(
                "kept_balances_follow_transfers",
                account.code,
                f"kept {account.balance_minor}, transfers say {truth}",
            )


def reversals_mirror_their_entries() -> Iterator[Finding]:
    """A reversal moves exactly what its entry moved, the other way."""
    reversals = Entry.objects.filter(reverses__isnull=False).select_related("reverses")
    for entry in reversals.prefetch_related("transfers", "reverses__transfers").iterator(1000):
        there = sorted((t.debit_id, t.credit_id, t.amount_minor) for t in entry.transfers.all())
        back = sorted(
            (t.credit_id, t.debit_id, t.amount_minor)
            for t in entry.reverses.transfers.all()  # type: ignore[union-attr] # filtered
        )
        if there != back:
            yield Finding("reversals_mirror_their_entries", str(entry), "is no mirror image")


def chains_verify() -> Iterator[Finding]:
    """The chain of every ledger verifies to its head."""
    for ledger in Ledger.objects.order_by("code"):
        for sentence in seal.verify(ledger):
            yield Finding("chains_verify", ledger.code, sentence)


CHECKS: list[Check] = [
    entries_are_whole,
    sequences_have_no_gaps,
    transfers_stay_in_their_ledger,
    month_totals_follow_transfers,
    kept_balances_follow_transfers,
    reversals_mirror_their_entries,
    chains_verify,
]
