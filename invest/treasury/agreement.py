"""Whether the book agrees with the bank: the chain of statements, and the last balance told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet, Sum

from pools import balances
from pools.bank.identity import STATEMENT
from pools.models import BankAccount, BankStatement, Movement


@dataclass(frozen=True, slots=True)
class Gap:
    """Two statements that do not meet: what moved between them, in öre, that no file has told."""

    after: date
    before: date
    missing_minor: int


@dataclass(frozen=True)
class Agreement:
    """An account's last closing balance beside the book's on that day, in öre, and the gaps."""

    bank_account: BankAccount
    last: BankStatement | None
    book_minor: int
    gaps: tuple[Gap, ...]

    @property
    def differs_minor(self) -> int | None:
        """The bank's balance less the book's; None where no statement tells one."""
        if self.last is None or self.last.closing_minor is None:
            return None
        return self.last.closing_minor - self.book_minor

    @property
    def agrees(self) -> bool:
        """Whether balance and chain both hold."""
        return self.differs_minor == 0 and not self.gaps


def agreement(account: BankAccount) -> Agreement:
    """How an account stands, by the bank's days."""
    statements = list(chain(account))
    last = statements[-1] if statements else None
    until = last.closes_on if last else None
    return Agreement(account, last, book_minor(account, until), tuple(_gaps(statements)))


def book_minor(account: BankAccount, until: date | None) -> int:
    """What the book has on the account by the bank's days: the opening and every movement."""
    movements = Movement.objects.filter(bank_account=account, entry__isnull=False)
    if until is None:
        return balances.balance(account.account)
    moved = movements.filter(booked_on__lte=until).aggregate(minor=Sum("amount_minor"))["minor"]
    return (moved or 0) + opening_minor(account)


def opening_minor(account: BankAccount) -> int:
    """What was booked as standing there before the first statement."""
    if account.opening is None:
        return 0
    return sum(
        transfer.amount_minor if transfer.debit_id == account.account_id else -transfer.amount_minor
        for transfer in account.opening.transfers.all()
    )


@dataclass(frozen=True, slots=True)
class Opening:
    """What stood at the bank before the first statement, by that statement, in öre.

    `minor` is the whole of it, less what notifications had told before; `missing_minor` is what of
    it the book lacks.
    """

    statement: BankStatement
    on: date
    minor: int
    missing_minor: int


def missing_opening(account: BankAccount) -> Opening | None:
    """What the treasurer has yet to confirm, also anew once an older statement is fetched."""
    first = next(iter(chain(account)), None)
    if first is None or first.opens_on is None or first.opening_minor is None:
        return None
    before = first.opens_on - timedelta(days=1)
    missing = first.opening_minor - book_minor(account, before)
    return Opening(first, before, missing + opening_minor(account), missing) if missing else None


def chain(account: BankAccount) -> QuerySet[BankStatement]:
    """Statements that tell both balances, in the bank's order."""
    rows = account.statements.filter(
        kind=STATEMENT, opening_minor__isnull=False, closing_minor__isnull=False
    )
    return rows.prefetch_related("lines").order_by("closes_on", "opens_on", "made_at", "pk")


def _gaps(statements: Iterable[BankStatement]) -> Iterable[Gap]:
    reached: set[int | None] = set()
    before: BankStatement | None = None
    for statement in statements:
        if before is not None and before.closes_on and statement.opens_on:
            is_later = statement.opens_on > before.closes_on
            meets = {before.closing_minor} if is_later else reached
            if statement.opening_minor not in meets:
                missing = (statement.opening_minor or 0) - (before.closing_minor or 0)
                yield Gap(before.closes_on, statement.opens_on, missing)
        reached |= {line.before_minor for line in statement.lines.all()}
        reached |= {statement.opening_minor, statement.closing_minor}
        before = statement
