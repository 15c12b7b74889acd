"""Movements at the bank: which of a file's lines tell a new one, and what is booked of it.

A statement rules: on a day that a statement covers, a notification adds no money, only the parts
of what the statement told, whichever comes first.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, combinations

from django.db import transaction
from django.db.models import ProtectedError, QuerySet

from pools import book
from pools.bank import camt, identity
from pools.bank.identity import NOTIFICATION, STATEMENT, Known, Told
from pools.errors import AlreadySettled, NotAlike
from pools.models import BankAccount, BankLine, BankStatement, Entry, Movement, Part

MOST_TO_TRY = 12  # so many payments of a day are tried as the parts of a total


@dataclass(frozen=True, slots=True)
class Coming:
    """A line of the file that is taken in, its statement's row, and what it is known again by."""

    line: camt.Line
    statement: BankStatement
    told: Told


@dataclass(slots=True)
class Outcome:
    """What became of the lines of one account."""

    new: list[Movement] = field(default_factory=list)
    known: int = 0
    asked: list[Movement] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)


def tell(account: BankAccount, coming: Sequence[Coming], by: str) -> Outcome:
    """Let the lines of one file tell their movements; book what is new, in the file's order."""
    return _Teller(account, coming, by).tell()


@transaction.atomic
def settle(*, movement: Movement, same_as: Movement | None, by: str) -> Outcome:
    """Somebody says what a movement that is perhaps told twice is: one of its own, or another.

    Raises NotAlike unless the other is of the same account and amount, AlreadySettled where either
    has gone into another by now or is placed. Twice one of its own changes nothing.
    """
    ledger = movement.bank_account.account.ledger_id
    lock(BankAccount.objects.filter(account__ledger=ledger))
    found = _as_it_is_now(movement)
    account, outcome = found.bank_account, Outcome()
    if same_as is None:
        if found.entry_id is None:
            _book(account, found, f"bank:{account.iban}:own:{found.pk}", by)
            outcome.new.append(found)
            outcome.parts += found.parts.all()
        return outcome
    other = _as_it_is_now(same_as)
    is_alike = (other.bank_account_id, other.amount_minor) == (account.pk, found.amount_minor)
    if not is_alike or other == found:
        raise NotAlike
    _join(found, other, by, outcome)
    return outcome


def lock(accounts: QuerySet[BankAccount]) -> list[BankAccount]:
    """Bank accounts, locked: whoever imports, places or settles waits here, before any other lock.

    Those of one ledger always together or in this order, so that nobody waits in a ring.
    """
    rows = accounts.select_for_update(of=("self",)).select_related("account__ledger", "unmatched")
    return list(rows.order_by("pk"))


def _as_it_is_now(movement: Movement) -> Movement:
    rows = Movement.objects.select_related("entry__ledger", "bank_account__account__ledger")
    found = rows.filter(pk=movement.pk).first()
    if found is None:
        raise AlreadySettled
    return found


def _join(movement: Movement, into: Movement, by: str, outcome: Outcome) -> None:
    """Let one movement's lines tell another; what was booked of it is taken back."""
    parts = list(movement.parts.order_by("pk"))
    movement.lines.update(movement=into)
    if movement.entry is not None:
        _take_back(movement, by)
    try:
        for part in parts:
            part.delete()
    except ProtectedError as placed:
        raise AlreadySettled from placed
    movement.delete()
    _refine(into, parts, outcome)
    outcome.known += 1


def _take_back(movement: Movement, by: str) -> None:
    entry = movement.entry
    assert entry is not None  # noqa: S101 -- the callers ask
    on = book.first_open_day(entry.ledger, entry.booked_on)
    book.reverse(entry=entry, on=on, key=f"{entry.key}:twice"[:200], by=by)


def _book(account: BankAccount, movement: Movement, key: str, by: str) -> Entry:
    bank, unmatched = account.account, account.unmatched
    coming_in = movement.amount_minor > 0
    entry = book.post(
        ledger=bank.ledger,
        on=book.first_open_day(bank.ledger, movement.booked_on),
        kind="bank-in" if coming_in else "bank-out",
        moves=[
            book.Move(
                debit=bank if coming_in else unmatched,
                credit=unmatched if coming_in else bank,
                amount_minor=abs(movement.amount_minor),
            )
        ],
        key=key[:200],
        by=by,
    )
    movement.entry = entry
    movement.save(update_fields=["entry"])
    return entry


def _parts_of(lines: Iterable[camt.Line]) -> list[Part]:
    return [
        Part(
            amount_minor=part.amount_minor,
            ocr=part.ocr[:35],
            references="\n".join(part.references),
            message=part.message,
            end_to_end=part.end_to_end[:35],
            payer_name=part.payer_name[:140],
            payer_account=part.payer_account[:34],
            on_behalf_of=part.on_behalf_of[:140],
            is_charge=part.is_charge,
        )
        for line in lines
        for part in line.parts
    ]


_TEXTS = (
    "ocr",
    "references",
    "message",
    "end_to_end",
    "payer_name",
    "payer_account",
    "on_behalf_of",
)


def _refine(movement: Movement, told: Sequence[Part], outcome: Outcome) -> None:
    """Take what another line tells of a movement: its parts, or what the only part lacks.

    What somebody has placed already stays as it was told then.
    """
    known = list(movement.parts.order_by("pk"))
    if len(known) != 1 or not told:
        return
    (only,) = known
    if len(told) == 1:
        lacking = [n for n in _TEXTS if not getattr(only, n) and getattr(told[0], n)]
        for name in lacking:
            setattr(only, name, getattr(told[0], name))
        if lacking:
            only.save(update_fields=lacking)
            outcome.parts.append(only)
        return
    try:
        only.delete()
    except ProtectedError:
        return
    for part in told:
        part.pk, part.movement = None, movement
        part.save(force_insert=True)
    outcome.parts += told


class _Teller:
    """One file's lines of one account against what is on record. Under the account's lock."""

    def __init__(self, account: BankAccount, coming: Sequence[Coming], by: str) -> None:
        self.account, self.coming, self.by = account, list(coming), by
        self.outcome = Outcome()
        self.known = _on_record(account, {item.line.booked_on for item in coming})
        self.claimed: set[int] = set()
        self.covered: dict[date, bool] = {}
        self.own_days = {item.line.booked_on for item in coming if item.told.kind == STATEMENT}

    def tell(self) -> Outcome:
        decided = self._decided()
        self._split_totals(decided)
        for number, item in enumerate(self.coming):
            movement, is_asked = decided.get(number, (None, False))
            if movement is not None and not is_asked:
                self._known(item, movement)
            elif is_asked or self._is_of_a_covered_day(item):
                self.outcome.asked.append(self._new(item))
            else:
                self._own(item)
        return self.outcome

    def _decided(self) -> dict[int, tuple[Movement | None, bool]]:
        """Line → the movement it tells, and whether somebody must be asked."""
        groups: dict[tuple[date, int], list[int]] = defaultdict(list)
        for number, item in enumerate(self.coming):
            groups[item.line.booked_on, item.line.amount_minor].append(number)
        equals: dict[tuple[date, int], list[Movement]] = defaultdict(list)
        for movement in chain.from_iterable(self.known.values()):
            equals[movement.booked_on, movement.amount_minor].append(movement)
        found: dict[int, tuple[Movement | None, bool]] = {}
        for about, numbers in groups.items():
            alike = equals[about]
            decisions = identity.decide(
                [self.coming[number].told for number in numbers],
                [Known(_lines(m), m.entry_id is not None) for m in alike],
            )
            for number, decision in zip(numbers, decisions, strict=True):
                if decision.known is not None:
                    found[number] = (alike[decision.known], decision.is_asked)
                    self.claimed.add(alike[decision.known].pk)
        return found

    def _split_totals(self, decided: dict[int, tuple[Movement | None, bool]]) -> None:
        """Notified payments that a statement told as one sum are its parts."""
        left: dict[tuple[date, bool], list[int]] = defaultdict(list)
        for number, item in enumerate(self.coming):
            if number not in decided and item.told.kind == NOTIFICATION:
                left[item.line.booked_on, item.line.amount_minor > 0].append(number)
        for (day, comes_in), numbers in left.items():
            for movement in self.known[day]:
                if not self._may_be_total(movement) or (movement.amount_minor > 0) is not comes_in:
                    continue
                free = [number for number in numbers if number not in decided]
                amounts = [self.coming[number].line.amount_minor for number in free]
                picked = one_way_to(movement.amount_minor, amounts)
                if len(picked) > 1:
                    self._tell_parts(movement, [free[i] for i in picked], decided)

    def _may_be_total(self, movement: Movement) -> bool:
        """Whether only statements have told it, naming nobody."""
        told = _lines(movement)
        return movement.pk not in self.claimed and all(
            line.kind == STATEMENT and not line.marks | line.names for line in told
        )

    def _tell_parts(
        self,
        movement: Movement,
        numbers: Sequence[int],
        decided: dict[int, tuple[Movement | None, bool]],
    ) -> None:
        self.claimed.add(movement.pk)
        _refine(movement, _parts_of(self.coming[n].line for n in numbers), self.outcome)
        for number in numbers:
            decided[number] = (movement, False)

    def _known(self, item: Coming, movement: Movement) -> None:
        self._line(item, movement)
        if self._is_settled_by(item, movement):
            _book(self.account, movement, self._key(item), self.by)
            self.outcome.new.append(movement)
            self.outcome.parts += movement.parts.all()
        else:
            self.outcome.known += 1
        if movement.amount_minor == item.line.amount_minor:
            _refine(movement, _parts_of([item.line]), self.outcome)

    def _is_settled_by(self, item: Coming, movement: Movement) -> bool:
        """Whether a movement that waited is one more: a statement tells it and its equals too."""
        if movement.entry_id is not None or item.told.kind != STATEMENT:
            return False
        return all(
            other.pk in self.claimed
            for other in self.known[movement.booked_on]
            if other.amount_minor == movement.amount_minor and other.entry_id is not None
        )

    def _is_of_a_covered_day(self, item: Coming) -> bool:
        """Whether a statement has told all of that day, so that the line cannot be one more."""
        if item.told.kind == STATEMENT:
            return False
        day = item.line.booked_on
        if day not in self.covered:
            self.covered[day] = BankStatement.objects.filter(
                bank_account=self.account, kind=STATEMENT, opens_on__lte=day, closes_on__gte=day
            ).exists()
        return self.covered[day]

    def _own(self, item: Coming) -> None:
        """A payment of its own; a statement's sum takes in what was notified of it before."""
        movement = self._new(item)
        _book(self.account, movement, self._key(item), self.by)
        self.outcome.new.append(movement)
        if item.told.kind == STATEMENT and not item.told.marks | item.told.names:
            self._take_in_parts(movement)
        self.outcome.parts += movement.parts.all()

    def _take_in_parts(self, movement: Movement) -> None:
        notified = [
            m
            for m in self.known[movement.booked_on]
            if m.pk not in self.claimed
            and (m.amount_minor > 0) is (movement.amount_minor > 0)
            and all(told.kind == NOTIFICATION for told in _lines(m))
        ]
        picked = one_way_to(movement.amount_minor, [m.amount_minor for m in notified])
        if len(picked) < 2:
            return
        movement.parts.all().delete()
        for old in (notified[i] for i in picked):
            self.claimed.add(old.pk)
            if old.entry_id is not None:
                _take_back(old, self.by)
            old.lines.update(movement=movement)
            old.parts.update(movement=movement)
            Movement.objects.filter(pk=old.pk).delete()
        taken = {notified[i].pk for i in picked}
        self.known[movement.booked_on] = [
            m for m in self.known[movement.booked_on] if m.pk not in taken
        ]

    def _new(self, item: Coming) -> Movement:
        movement = Movement.objects.create(
            bank_account=self.account,
            amount_minor=item.line.amount_minor,
            booked_on=item.line.booked_on,
            message=item.line.message,
            is_reversal=item.line.is_reversal,
        )
        parts = _parts_of([item.line])
        for part in parts:
            part.movement = movement
        Part.objects.bulk_create(parts)
        self._line(item, movement)
        return movement

    def _line(self, item: Coming, movement: Movement) -> None:
        line, told = item.line, item.told
        BankLine.objects.create(
            statement=item.statement,
            position=line.position,
            movement=movement,
            amount_minor=line.amount_minor,
            booked_on=line.booked_on,
            reference=line.reference[:80],
            entry_reference=line.entry_reference[:80],
            told={"text": told.text, "marks": sorted(told.marks), "names": sorted(told.names)},
            before_minor=told.before_minor,
        )

    def _key(self, item: Coming) -> str:
        file = item.statement.file
        return f"bank:{self.account.iban}:{file.sha256[:40]}:{item.line.position}"


def one_way_to(total: int, amounts: Sequence[int]) -> tuple[int, ...]:
    """Places of the amounts that make the total where there is one way only, else nothing.

    >>> one_way_to(300, [100, 200, 50])
    (0, 1)
    """
    if sum(amounts) == total:
        return tuple(range(len(amounts)))
    if len(amounts) > MOST_TO_TRY:
        return ()
    ways = [
        picked
        for size in range(2, len(amounts))
        for picked in combinations(range(len(amounts)), size)
        if sum(amounts[i] for i in picked) == total
    ]
    return ways[0] if len(ways) == 1 else ()


def _on_record(account: BankAccount, days: set[date]) -> dict[date, list[Movement]]:
    found: dict[date, list[Movement]] = defaultdict(list)
    if days:
        rows = Movement.objects.filter(
            bank_account=account, booked_on__gte=min(days), booked_on__lte=max(days)
        ).prefetch_related("lines__statement")
        for movement in rows.order_by("pk"):
            if movement.booked_on in days:
                found[movement.booked_on].append(movement)
    return found


def _lines(movement: Movement) -> tuple[Told, ...]:
    return tuple(
        Told(
            kind=line.statement.kind,
            statement=identity.name_of(line.statement.identification, line.statement.made_at),
            reference=line.reference,
            entry_reference=line.entry_reference,
            text=line.told.get("text", ""),
            marks=frozenset(line.told.get("marks", ())),
            names=frozenset(line.told.get("names", ())),
            before_minor=line.before_minor,
            opening_minor=line.statement.opening_minor,
            closing_minor=line.statement.closing_minor,
        )
        for line in movement.lines.all()
    )
