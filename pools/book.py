"""The only writer of the book.

`post` is the one way in: whole, once, in order, inside open periods, above every floor; or not at
all. What went wrong is mended by `reverse`, never by changing what stands.
"""

import hashlib
import json
import secrets
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, Sum
from django.utils import timezone

from pools import seal as sealing
from pools.errors import (
    AccountClosed,
    AlreadyReversed,
    AmountTooLarge,
    BelowFloor,
    KeyReused,
    NotAnAmount,
    NotEmpty,
    NotYetThere,
    PeriodLocked,
    PoolClosed,
    SameAccount,
    UnevenLedgers,
)
from pools.models import MOST_MINOR, Account, Entry, Ledger, Memo, Pool, Transfer, Unit


@dataclass(frozen=True, slots=True)
class Move:
    """`amount_minor` whole minor units from the `credit` account to the `debit` account."""

    debit: Account
    credit: Account
    amount_minor: int


def open_ledger(*, code: str, name: str, unit: Unit) -> Ledger:
    """Open a book in one unit. The code is for ever."""
    return Ledger.objects.create(code=code, name=name, unit=unit)


def open_pool(*, ledger: Ledger, code: str, name: str, on: date) -> Pool:
    """Gather the accounts of one purpose."""
    return Pool.objects.create(ledger=ledger, code=code, name=name, opened_on=on)


def open_account(
    *,
    ledger: Ledger,
    code: str,
    kind: Account.Kind,
    on: date,
    pool: Pool | None = None,
    bas: str = "",
    floor_minor: int | None = None,
) -> Account:
    """Open an account. With a floor it keeps a balance that the database holds at or above it."""
    return Account.objects.create(
        ledger=ledger,
        pool=pool,
        code=code,
        kind=kind,
        bas=bas,
        floor_minor=floor_minor,
        balance_minor=None if floor_minor is None else 0,
        opened_on=on,
    )


@transaction.atomic
def post(
    *,
    ledger: Ledger,
    on: date,
    kind: str,
    moves: Sequence[Move],
    key: str,
    by: str,
    memo: str = "",
    reverses: Entry | None = None,
    at: datetime | None = None,
) -> Entry:
    """Write one event in the book, whole and once.

    `on` is the day it counts (Stockholm), `by` an opaque actor, `at` the moment of writing (None:
    now). The same key with the same content returns the entry already there; the same key with
    anything else raises KeyReused. Raises PeriodLocked, AccountClosed, PoolClosed, UnevenLedgers,
    BelowFloor, NotYetThere, NotAnAmount, AmountTooLarge, AlreadyReversed; nothing is written then.
    """
    _refuse_bad_amounts(moves)
    content = _Content(ledger, on, kind, moves, memo, reverses)
    # The ledger's row is the lock: sequence, chain head and floors are decided under it.
    ledger = Ledger.objects.select_for_update().get(pk=ledger.pk)
    if earlier := Entry.objects.filter(key=key).first():
        if not content.is_in(earlier):
            raise KeyReused
        return earlier
    _refuse_closed(ledger, on, moves)
    if reverses and Entry.objects.filter(reverses=reverses).exists():
        raise AlreadyReversed
    ordered = _filling_first(moves)
    salt = secrets.token_hex(16) if memo else ""
    sealable = sealing.Sealable(
        ledger=ledger.code,
        unit=ledger.unit_id,
        seq=ledger.head_seq + 1,
        kind=kind,
        booked_on=on,
        recorded_at=at or timezone.now(),
        recorded_by=by,
        key=key,
        reverses_seq=reverses.seq if reverses else None,
        memo_commitment=sealing.commit(salt, memo) if memo else "",
        transfers=tuple((m.debit.code, m.credit.code, m.amount_minor) for m in ordered),
    )
    fingerprint = content.fingerprint(sealable.memo_commitment)
    entry = _write(ledger, sealable, ordered, fingerprint, reverses, salt, memo)
    _refuse_low_then(on, ordered)
    return entry


def _write(
    ledger: Ledger,
    sealable: sealing.Sealable,
    moves: Sequence[Move],
    fingerprint: str,
    reverses: Entry | None,
    salt: str,
    memo: str,
) -> Entry:
    entry = Entry.objects.create(
        ledger=ledger,
        seq=sealable.seq,
        kind=sealable.kind,
        booked_on=sealable.booked_on,
        recorded_at=sealable.recorded_at,
        recorded_by=sealable.recorded_by,
        key=sealable.key,
        fingerprint=fingerprint,
        size=len(moves),
        reverses=reverses,
        memo_commitment=sealable.memo_commitment,
        seal=sealing.seal(ledger.head_seal, sealable),
    )
    try:
        Transfer.objects.bulk_create(
            Transfer(
                entry=entry,
                ordinal=ordinal,
                debit_id=move.debit.pk,
                credit_id=move.credit.pk,
                amount_minor=move.amount_minor,
            )
            for ordinal, move in enumerate(moves, start=1)
        )
    except IntegrityError as error:
        if "account_stays_above_floor" in str(error):
            raise BelowFloor from error
        raise
    if memo:
        Memo.objects.create(entry=entry, salt=salt, text=memo)
    Ledger.objects.filter(pk=ledger.pk).update(head_seq=entry.seq, head_seal=entry.seal)
    return entry


def reverse(*, entry: Entry, on: date, key: str, by: str, memo: str = "") -> Entry:
    """Undo an entry by its mirror image, dated `on`. An entry is reversed at most once."""
    moves = [
        Move(debit=transfer.credit, credit=transfer.debit, amount_minor=transfer.amount_minor)
        for transfer in entry.transfers.order_by("-ordinal").select_related("debit", "credit")
    ]
    return post(
        ledger=entry.ledger,
        on=on,
        kind=f"{entry.kind}-reversed"[:40],
        moves=moves,
        key=key,
        by=by,
        memo=memo,
        reverses=entry,
    )


@transaction.atomic
def close_account(*, account: Account, on: date) -> Account:
    """Close an empty account; nothing more can be booked on it. Raises NotEmpty."""
    Ledger.objects.select_for_update().get(pk=account.ledger_id)
    months = account.months.all()
    if sum(month.debited_minor - month.credited_minor for month in months):
        raise NotEmpty(account=account.code)
    Account.objects.filter(pk=account.pk, closed_on__isnull=True).update(closed_on=on)
    account.refresh_from_db()
    return account


@transaction.atomic
def close_pool(*, pool: Pool, on: date) -> Pool:
    """Close a pool whose accounts are all empty. Raises NotEmpty."""
    for account in pool.accounts.order_by("pk"):
        close_account(account=account, on=on)
    Pool.objects.filter(pk=pool.pk, closed_on__isnull=True).update(closed_on=on)
    pool.refresh_from_db()
    return pool


@transaction.atomic
def lock_period(*, ledger: Ledger, until: date) -> Ledger:
    """Refuse entries dated on or before `until`, for ever: a lock only moves forward."""
    ledger = Ledger.objects.select_for_update().get(pk=ledger.pk)
    if ledger.locked_until is not None and until < ledger.locked_until:
        raise PeriodLocked(until=ledger.locked_until)
    Ledger.objects.filter(pk=ledger.pk).update(locked_until=until)
    ledger.locked_until = until
    return ledger


def first_open_day(ledger: Ledger, on: date) -> date:
    """The day itself, or the first after the period that is closed by now."""
    until = Ledger.objects.values_list("locked_until", flat=True).get(pk=ledger.pk)
    return on if until is None else max(on, until + timedelta(days=1))


def _refuse_bad_amounts(moves: Sequence[Move]) -> None:
    if not moves:
        raise NotAnAmount
    for move in moves:
        # bool is an int to Python, and a database may round a float: neither is an amount.
        if type(move.amount_minor) is not int or move.amount_minor < 1:
            raise NotAnAmount
        if move.amount_minor > MOST_MINOR:
            raise AmountTooLarge
        if move.debit.pk == move.credit.pk:
            raise SameAccount


def _refuse_closed(ledger: Ledger, on: date, moves: Sequence[Move]) -> None:
    if ledger.locked_until is not None and on <= ledger.locked_until:
        raise PeriodLocked(until=ledger.locked_until)
    wanted = {account.pk for move in moves for account in (move.debit, move.credit)}
    # Read anew, under the lock: the caller's copies may be old.
    accounts = Account.objects.filter(pk__in=wanted, ledger=ledger).select_related("pool")
    if len(accounts) != len(wanted):
        raise UnevenLedgers
    for account in accounts:
        if account.closed_on is not None:
            raise AccountClosed(account=account.code)
        if account.pool is not None and account.pool.closed_on is not None:
            raise PoolClosed(pool=account.pool.name)


def _filling_first(moves: Sequence[Move]) -> list[Move]:
    """Moves that lower a floored account go last: a floor holds after every transfer."""

    def lowers(move: Move) -> bool:
        return (move.credit.floor_minor is not None and move.credit.sign == 1) or (
            move.debit.floor_minor is not None and move.debit.sign == -1
        )

    return sorted(moves, key=lowers)


def _refuse_low_then(on: date, moves: Sequence[Move]) -> None:
    """A floor holds at the end of every day: what is dated back takes nothing that came later."""
    lowered = [
        account.pk
        for move in moves
        for account, side in ((move.debit, 1), (move.credit, -1))
        if account.floor_minor is not None and account.sign * side < 0
    ]
    later = Q(entry__booked_on__gt=on)
    touched = Q(debit__in=lowered) | Q(credit__in=lowered)
    if not lowered or not Transfer.objects.filter(later, touched).exists():
        return
    accounts = {account.pk: account for account in Account.objects.filter(pk__in=lowered)}
    moved: dict[tuple[int, date], int] = defaultdict(int)
    for side, sign in (("debit", 1), ("credit", -1)):
        rows = Transfer.objects.filter(later, **{f"{side}__in": lowered}).order_by()
        for pk, day, minor in rows.values_list(side, "entry__booked_on").annotate(
            Sum("amount_minor")
        ):
            moved[pk, day] += sign * accounts[pk].sign * minor
    # From today's balance back: a day's balance is the next one's less what moved then.
    standing = {pk: account.balance_minor or 0 for pk, account in accounts.items()}
    for pk, day in sorted(moved, key=lambda at: at[1], reverse=True):
        standing[pk] -= moved[pk, day]
        if standing[pk] < (accounts[pk].floor_minor or 0):
            raise NotYetThere(on=on)


@dataclass(frozen=True, slots=True)
class _Content:
    """What comes under a key: the same again is the entry that is there, anything else is not."""

    ledger: Ledger
    on: date
    kind: str
    moves: Sequence[Move]
    memo: str
    reverses: Entry | None

    def fingerprint(self, memo_commitment: str) -> str:
        """Of codes and the memo's commitment: once its salt is erased, no guess finds it again."""
        moved = [(move.debit.code, move.credit.code, move.amount_minor) for move in self.moves]
        return self._sha256(moved, memo_commitment, self.reverses.seq if self.reverses else None)

    def is_in(self, entry: Entry) -> bool:
        """Whether an entry was made of this. Of a memo that is erased only that there was one."""
        accounts = (account for move in self.moves for account in (move.debit, move.credit))
        if any(account.ledger_id != entry.ledger_id for account in accounts):
            return False  # A code names an account in one ledger only.
        undone = self.reverses.pk if self.reverses else None
        if (entry.reverses_id, bool(entry.memo_commitment)) != (undone, bool(self.memo)):
            return False
        kept = Memo.objects.filter(entry=entry).first() if self.memo else None
        commitment = sealing.commit(kept.salt, self.memo) if kept else entry.memo_commitment
        return entry.fingerprint in {self.fingerprint(commitment), self._of_before()}

    def _of_before(self) -> str:
        """As entries were fingerprinted until commitments: row ids, and the memo as it was."""
        moved = [(move.debit.pk, move.credit.pk, move.amount_minor) for move in self.moves]
        return self._sha256(moved, self.memo, self.reverses.pk if self.reverses else None)

    def _sha256(self, moved: Sequence[object], memo: str, undone: int | None) -> str:
        told = [self.ledger.code, self.on.isoformat(), self.kind, moved, memo, undone]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()
