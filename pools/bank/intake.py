"""Bank files in: kept as received, every payment once, booked between the bank and `unmatched`.

So the book's bank account moves just as the bank's does, on the bank's days, and what is not yet
placed stands where everyone can see it. What a payment became is invest's work. Which lines tell
one payment is decided in `identity`; what cannot be decided waits, unbooked, for a person.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from pools import uploads
from pools.bank import accounts, camt, movements
from pools.bank.identity import Told, name_of
from pools.errors import AlreadyImported, Refused, WrongAccount, WrongCurrency
from pools.models import BankAccount, BankFile, BankStatement, Movement, Part


@dataclass(slots=True)
class Intake:
    """What a file brought. Numbers are those of the entries in the file."""

    file: BankFile
    new: list[Movement] = field(default_factory=list)
    known: int = 0
    asked: list[Movement] = field(default_factory=list)  # perhaps told twice: not booked
    parts: list[Part] = field(default_factory=list)  # booked, and new or told more of
    refused: list[tuple[int, Refused]] = field(default_factory=list)
    remarks: list[tuple[int, Refused]] = field(default_factory=list)  # taken, but odd
    other_accounts: list[str] = field(default_factory=list)
    statements: list[BankStatement] = field(default_factory=list)


def read_and_take_in(
    *,
    data: bytes,
    file_name: str,
    bank_accounts: Sequence[BankAccount],
    by: str,
    at: datetime | None = None,
) -> Intake:
    """Read a file, keep it and take it in; raises what `camt.read` and `take_in` raise."""
    file = camt.read(data)
    return take_in(
        file=file,
        sha256=uploads.keep(data),
        size=len(data),
        file_name=file_name,
        bank_accounts=bank_accounts,
        by=by,
        at=at,
    )


@transaction.atomic
def take_in(
    *,
    file: camt.StatementFile,
    sha256: str,
    file_name: str,
    bank_accounts: Sequence[BankAccount],
    by: str,
    size: int = 0,
    at: datetime | None = None,
) -> Intake:
    """Store what a file tells of these accounts and book what is new, all or nothing.

    The same file again raises AlreadyImported with when and by whom; a file of other accounts
    alone raises WrongAccount. A line in another currency is refused by itself.
    """
    owned = movements.lock(BankAccount.objects.filter(pk__in=[row.pk for row in bank_accounts]))
    whose = [(told, _account_of(told, owned)) for told in file.statements]
    touched = {account.pk for _told, account in whose if account}
    if not touched:
        names = [told.account for told in file.statements]
        own = ", ".join(account.iban for account in owned)
        raise WrongAccount(account=", ".join(names) or "–", own=own)
    row = _keep(sha256, file_name, size, by, at)
    known = set(row.statements.values_list("bank_account", flat=True))
    if touched <= known:
        raise AlreadyImported(on=timezone.localdate(row.received_at), by=row.received_by)
    intake = Intake(file=row)
    intake.other_accounts = [told.account for told, account in whose if account is None]
    for account in owned:
        if account.pk in touched - known:
            mine = [told for told, other in whose if other and other.pk == account.pk]
            _take(account, mine, intake, by)
    return intake


def _account_of(told: camt.Statement, owned: Iterable[BankAccount]) -> BankAccount | None:
    for account in owned:
        if accounts.is_same(
            told.account,
            iban=account.iban,
            bankgiro=account.bankgiro,
            plusgiro=account.plusgiro,
        ):
            return account
    return None


def _keep(sha256: str, name: str, size: int, by: str, at: datetime | None) -> BankFile:
    row, _created = BankFile.objects.get_or_create(
        sha256=sha256,
        defaults={
            "name": name[-255:],
            "size": size,
            "received_at": at or timezone.now(),
            "received_by": by,
        },
    )
    return row


def _take(
    account: BankAccount, statements: Sequence[camt.Statement], intake: Intake, by: str
) -> None:
    """Everything that a file tells of one account."""
    coming: list[movements.Coming] = []
    for told in statements:
        row = _store(told, account, intake.file)
        intake.statements.append(row)
        for note in told.notes:
            (intake.remarks if note.is_taken else intake.refused).append(
                (note.position, note.reason)
            )
        before = told.opening_minor if told.closing_minor is not None else None
        for line in told.lines:
            if line.currency != account.account.ledger.unit_id:
                refusal = WrongCurrency(currency=line.currency)
                intake.refused.append((line.position, refusal))
                continue
            coming.append(movements.Coming(line, row, _told(told, line, before)))
            before = None if before is None else before + line.amount_minor
    outcome = movements.tell(account, coming, by)
    intake.new += outcome.new
    intake.known += outcome.known
    intake.asked += outcome.asked
    intake.parts += outcome.parts


def _store(told: camt.Statement, account: BankAccount, file: BankFile) -> BankStatement:
    days = [line.booked_on for line in told.lines]
    # An opening balance is often dated the day before: what a statement covers begins later.
    first = told.from_on or min(days, default=told.opens_on)
    closes = [day for day in (told.closes_on, told.to_on, *days) if day]
    return BankStatement.objects.create(
        file=file,
        bank_account=account,
        kind=told.kind,
        identification=told.identification[:80],
        made_at=_aware(told.created_at),
        opening_minor=told.opening_minor,
        opens_on=first,
        closing_minor=told.closing_minor,
        closes_on=max(closes, default=None),
    )


def _aware(moment: datetime | None) -> datetime | None:
    if moment is None or timezone.is_aware(moment):
        return moment
    return timezone.make_aware(moment)


def _told(statement: camt.Statement, line: camt.Line, before: int | None) -> Told:
    texts = [
        "|".join(
            [
                str(part.amount_minor),
                part.ocr,
                *part.references,
                part.message,
                part.end_to_end,
                part.payer_name,
                part.payer_account,
                part.on_behalf_of,
            ]
        )
        for part in line.parts
    ]
    marks = {mark for part in line.parts for mark in (part.ocr, part.end_to_end, *part.references)}
    names = {part.payer_name.casefold() for part in line.parts}
    return Told(
        kind=statement.kind,
        statement=name_of(statement.identification[:80], _aware(statement.created_at)),
        reference=line.reference,
        entry_reference=line.entry_reference,
        text="\n".join([line.message, *texts]),
        marks=frozenset(marks - {""}),
        names=frozenset(names - {""}),
        before_minor=before,
        opening_minor=statement.opening_minor,
        closing_minor=statement.closing_minor,
    )
