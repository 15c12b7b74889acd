"""The words in which a kind says what may be done with a vehicle and what can be read off it.

An action (`Done`) is one act on one day with its facts. What a vehicle is on any day follows from
its terms, its actions and what moved on its accounts by then (`Snapshot`), so that every past day
can be read again. A kind's rules turn an action into postings and a snapshot into sheets; they know
no database.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any, Generic, TypeVar

from django.utils.functional import Promise

Text = str | Promise
MONEY, UNITS, RIGHTS = "money", "units", "rights"


@dataclass(frozen=True, slots=True)
class AccountRole:
    """An account a holder has, or the vehicle itself: its kind, BAS number, book and floor."""

    role: str
    kind: str
    bas: str
    book: str = MONEY
    floored: bool = False
    label: Text = ""


class Answer(Enum):
    """What a question is answered with, and how the answer is stored."""

    KRONOR = "kronor"  # whole öre
    PERCENT = "percent"  # a decimal in text
    WHOLE = "whole"
    DECIMAL = "decimal"  # a decimal in text
    CHOICE = "choice"
    DAY = "day"  # ISO 8601
    TEXT = "text"
    HOLDER = "holder"  # the holder's number in the vehicle
    PERSON = "person"  # somebody who becomes a holder: the number
    ACTION = "action"  # the number of an earlier action
    NUMBERS = "numbers"  # whole numbers, one after another
    HOLDERS = "holders"  # the numbers of several holders
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Question:
    """What must be known: of a vehicle's terms as it opens, or of an action as it is done.

    `role` is the account that a HOLDER has or a PERSON gets; `of` is the act of an ACTION, and
    `among` tells which of them may still be chosen. `least` is the smallest number or amount.
    """

    name: str
    label: Text
    answer: Answer
    help: Text = ""
    initial: str = ""
    choices: tuple[tuple[str, Text], ...] = ()
    is_optional: bool = False
    role: str = ""
    of: str = ""
    among: "Callable[[Snapshot], Collection[int]] | None" = None
    least: int = 1
    is_seldom: bool = False  # Asked for behind a fold.
    is_reckoned: bool = False  # Words that rules read, as a name: never erased.
    in_order: bool = False  # Of an ACTION: what is done with it is recorded and undone day by day.


@dataclass(frozen=True, slots=True)
class At:
    """An account: a holder's in a role; with number 0 the vehicle's or the organisation's own."""

    role: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Posting:
    """`amount` whole minor units of a book's unit, from the credit account to the debit account."""

    debit: At
    credit: At
    amount: int
    book: str = MONEY


@dataclass(frozen=True, slots=True)
class ByItself:
    """What follows on a day from an earlier action, and nobody records: money ahead falls due."""

    action: int
    on: date
    postings: Sequence[Posting]


@dataclass(frozen=True, slots=True)
class Done:
    """An action that stands."""

    number: int
    act: str
    on: date
    facts: Mapping[str, Any]
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What one entry moved on one account, on the account's normal side, in minor units.

    `on` is the day it counts: of what was paid the bank's day, whenever it could be booked.
    """

    on: date
    role: str
    number: int
    amount: int
    why: str
    action: int = 0  # The action it came from, where there is one.
    bound_to: str = ""  # The only thing the money may be used for, where it was given so.
    booked: date | None = None  # The book's own day, where it is another.

    @property
    def booked_on(self) -> date:
        """The book's own day."""
        return self.booked or self.on


@dataclass(frozen=True, slots=True)
class Payout:
    """What the meeting decided to pay out to holders on a day, in öre."""

    on: date
    amount: int


K = TypeVar("K")


@dataclass(frozen=True)
class SnapshotOf(Generic[K]):
    """A vehicle at the end of `as_of`: all that its rules may know. Oldest first everywhere.

    `setting` answers what a dated setting was on a day. Names are nowhere: holders are numbers.
    `K` is what the reader asks of the terms: the whole `Kind`, or a rule's own few properties.
    """

    as_of: date
    terms: tuple[tuple[date, K], ...]
    done: tuple[Done, ...] = ()
    changes: tuple[Change, ...] = ()
    payouts: tuple[Payout, ...] = ()
    setting: Callable[[str, date], Any] = lambda key, on: None

    @property
    def kind(self) -> K:
        """The terms in force."""
        return self.kind_on(self.as_of)

    def kind_on(self, on: date) -> K:
        """The terms in force on a day; the first ones before that."""
        return next((kind for since, kind in reversed(self.terms) if since <= on), self.terms[0][1])

    def of(self, *acts: str) -> list[Done]:
        """Actions of those acts."""
        return [done for done in self.done if done.act in acts]

    def action(self, number: int) -> Done:
        """The action with a number."""
        return next(done for done in self.done if done.number == number)

    def held(self, role: str, on: date | None = None) -> dict[int, int]:
        """Holder → what stands on the role's account at the end of a day; zeros are kept."""
        standing: dict[int, int] = defaultdict(int)
        for change in self.changes:
            if change.role == role and (on is None or change.on <= on):
                standing[change.number] += change.amount
        return dict(sorted(standing.items()))

    def all_held(self, role: str, on: date | None = None) -> int:
        """All holders together."""
        return sum(self.held(role, on).values())

    def held_by(self, role: str, number: int, on: date | None = None) -> int:
        """One holder."""
        return self.held(role, on).get(number, 0)

    def moved(self, role: str, *whys: str) -> dict[int, int]:
        """Holder → what entries of such kinds moved on the role's account, undone ones out."""
        found: dict[int, int] = defaultdict(int)
        for change in self.changes:
            if change.role == role and change.why.removesuffix("-reversed") in whys:
                found[change.number] += change.amount
        return {number: amount for number, amount in sorted(found.items()) if amount}

    def own(self, role: str, on: date | None = None) -> int:
        """What stands on an account of the vehicle's own."""
        return self.held_by(role, 0, on)


# Where nothing is asked of the terms by name. It needs no kind, so that kinds can be built on it.
Snapshot = SnapshotOf[Any]
Facts = Mapping[str, Any]
Rule = Callable[[Any, Facts, Snapshot], Sequence[Posting]]


def nothing(kind: Any, facts: Facts, standing: Snapshot) -> Sequence[Posting]:
    """The rule of an act that moves nothing: it is only put on record."""
    return ()


@dataclass(frozen=True, slots=True)
class ActionType:
    """Something that may be done with a vehicle. Its rule raises Refused, or says what moves.

    `needs_second`: another person approves before it counts. `needs_evidence`: the paper it rests
    on must be named.
    """

    name: str
    label: Text
    explanation: Text
    questions: tuple[Question, ...] = ()
    rule: Rule = nothing
    needs_second: bool = False
    needs_evidence: bool = False
    closes_offers: bool = False  # Nobody can join once it is done.
    gives_codes: bool = False  # Vouchers with codes of their own; see `vehicles/voucher_codes.py`.


@dataclass(frozen=True, slots=True)
class Agreement:
    """Something told in two ways, by the actions and by the accounts: they must be the same."""

    what: Text
    by_actions: int
    by_accounts: int


class Shape(Enum):
    """What a column holds, so that each reader gets it in the right dress."""

    TEXT = "text"
    HOLDER = "holder"  # a number, told with the holder's name
    HOLDERS = "holders"  # numbers, told so
    IDENTITY = "identity"  # a holder's number, told as the personal or organisation number
    ADDRESS = "address"  # a holder's number, told as the postal address
    KRONOR = "kronor"  # öre
    NUMBER = "number"
    DECIMAL = "decimal"
    PERCENT = "percent"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet. A name that no reader's language changes serves files and figures."""

    name: str
    label: Text
    shape: Shape = Shape.TEXT
    is_summed: bool = False


Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table that can be read off a vehicle on any day: a register, a statement, a proof.

    With `for_holders` the first column is the holder, and each holder may see the own rows.
    """

    name: str
    label: Text
    caption: Text
    columns: tuple[Column, ...]
    rule: Callable[[Any, Snapshot], Sequence[Row]]
    for_holders: bool = False
