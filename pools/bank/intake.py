"""Bank files in: every line once, booked at once between the bank and the unmatched account.

So the book's bank account moves just as the bank's does, and what is not yet paired stands where
everyone can see it. Pairing with promises is invest's work.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from pools import book
from pools.bank import camt
from pools.errors import AlreadyImported, Refused, WrongAccount, WrongCurrency
from pools.models import BankAccount, BankLine, BankStatement


@dataclass(slots=True)
class Intake:
    """What a file brought: new lines, how many were known, and lines refused with the reason."""

    new: list[BankLine] = field(default_factory=list)
    known: int = 0
    refused: list[tuple[camt.Line, Refused]] = field(default_factory=list)


def read_and_take_in(
    *,
    data: bytes,
    file_name: str,
    bank_account: BankAccount,
    by: str,
    at: datetime | None = None,
) -> Intake:
    """Read a camt file and take it in; raises what `camt.read` and `take_in` raise."""
    return take_in(
        file=camt.read(data),
        sha256=hashlib.sha256(data).hexdigest(),
        file_name=file_name,
        bank_account=bank_account,
        by=by,
        at=at,
    )


@transaction.atomic
def take_in(
    *,
    file: camt.StatementFile,
    sha256: str,
    file_name: str,
    bank_account: BankAccount,
    by: str,
    at: datetime | None = None,
) -> Intake:
    """Store and book every new line of a file, all or nothing.

    The same file again raises AlreadyImported with when and by whom; a statement of another
    account raises WrongAccount. Lines known from an overlapping file are counted, not booked.
    """
    BankAccount.objects.select_for_update().get(pk=bank_account.pk)
    if earlier := BankStatement.objects.filter(file_sha256=sha256).first():
        raise AlreadyImported(on=timezone.localdate(earlier.imported_at), by=earlier.imported_by)
    intake = Intake()
    for statement in file.statements:
        if not _is_of(statement, bank_account):
            raise WrongAccount(account=statement.account, own=bank_account.iban)
        row = _store(statement, bank_account, sha256, file_name, by, at or timezone.now())
        for line in statement.lines:
            _take_line(line, row, bank_account, by, intake)
    return intake


def _is_of(statement: camt.Statement, bank_account: BankAccount) -> bool:
    digits = bank_account.bankgiro.replace("-", "")
    return statement.account in {bank_account.iban, digits} - {""}


def _store(
    statement: camt.Statement,
    bank_account: BankAccount,
    sha256: str,
    file_name: str,
    by: str,
    at: datetime,
) -> BankStatement:
    row, _ = BankStatement.objects.get_or_create(
        bank_account=bank_account,
        identification=statement.identification,
        defaults={
            "file_name": file_name[-255:],
            "file_sha256": sha256,
            "imported_at": at,
            "imported_by": by,
            "closing_minor": statement.closing_minor,
            "closes_on": max((line.booked_on for line in statement.lines), default=None),
        },
    )
    return row


def _take_line(
    line: camt.Line, row: BankStatement, bank_account: BankAccount, by: str, intake: Intake
) -> None:
    bank, unmatched = bank_account.account, bank_account.unmatched
    if line.currency != bank.ledger.unit_id:
        intake.refused.append((line, WrongCurrency(currency=line.currency)))
        return
    if BankLine.objects.filter(key=line.key).exists():
        intake.known += 1
        return
    coming_in = line.amount_minor > 0
    entry = book.post(
        ledger=bank.ledger,
        on=line.booked_on,
        kind="bank-in" if coming_in else "bank-out",
        moves=[
            book.Move(
                debit=bank if coming_in else unmatched,
                credit=unmatched if coming_in else bank,
                amount_minor=abs(line.amount_minor),
            )
        ],
        # What names a line by its content names its payer too: in the book only under our secret.
        key=line.key
        if line.is_named_by_bank
        else f"camt:{salted_hmac('pools.bank', line.key, algorithm='sha256').hexdigest()}",
        by=by,
    )
    intake.new.append(
        BankLine.objects.create(
            statement=row,
            key=line.key,
            amount_minor=line.amount_minor,
            booked_on=line.booked_on,
            ocr=line.ocr[:25],
            message=line.message,
            payer_name=line.payer_name[:140],
            payer_account=line.payer_account[:34],
            is_reversal=line.is_reversal,
            entry=entry,
        )
    )
