"""Whether the book agrees with the bank: the chain of statements, and the last balance told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

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
    chain = list(_chain(account))
    last = chain[-1] if chain else None
    until = last.closes_on if last else None
    return Agreement(account, last, book_minor(account, until), tuple(_gaps(chain)))


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


def unconfirmed_opening(account: BankAccount) -> BankStatement | None:
    """The first statement, where it opens with money that the book has not been told of."""
    if account.opening_id is not None:
        return None
    first = next(iter(_chain(account)), None)
    return first if first and first.opening_minor else None


def _chain(account: BankAccount) -> Iterable[BankStatement]:
    """Statements that tell both balances, in the bank's order."""
    rows = account.statements.filter(
        kind=STATEMENT, opening_minor__isnull=False, closing_minor__isnull=False
    )
    return rows.prefetch_related("lines").order_by("closes_on", "opens_on", "made_at", "pk")


def _gaps(chain: Iterable[BankStatement]) -> Iterable[Gap]:
    reached: set[int | None] = set()
    before: BankStatement | None = None
    for statement in chain:
        if before is not None and before.closes_on and statement.opens_on:
            is_later = statement.opens_on > before.closes_on
            meets = {before.closing_minor} if is_later else reached
            if statement.opening_minor not in meets:
                missing = (statement.opening_minor or 0) - (before.closing_minor or 0)
                yield Gap(before.closes_on, statement.opens_on, missing)
        reached |= {line.before_minor for line in statement.lines.all()}
        reached |= {statement.opening_minor, statement.closing_minor}
        before = statement
