"""Is what this file tells a payment that another file has told already?

Within a file every entry is a payment of its own. Between files the bank's reference decides, with
day and amount; else its number of the entry; without either, or between statements and
notifications, the chain of balances and how many are equal. What none of them decides is for a
person: never silently more, never silently less. Pure: no database.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

STATEMENT, NOTIFICATION = "053", "054"


class Verdict(IntEnum):
    """How sure it is that two lines of equal day and amount tell one payment."""

    OTHER = 0
    UNSURE = 1
    LIKELY = 2
    SAME = 3


@dataclass(frozen=True, slots=True)
class Told:
    """What a line says by which it is known again. Empty texts and None were not told."""

    kind: str
    statement: str = ""  # name and moment of its statement or notification, where it tells both
    reference: str = ""
    entry_reference: str = ""
    text: str = ""
    marks: frozenset[str] = frozenset()  # payers' references: OCR, end to end
    names: frozenset[str] = frozenset()
    before_minor: int | None = None
    opening_minor: int | None = None
    closing_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A movement that is on record: the lines that tell of it, and whether it is booked."""

    lines: tuple[Told, ...]
    is_booked: bool = True


@dataclass(frozen=True, slots=True)
class Decision:
    """What a new line is: the known movement at `known`, or with None a new one.

    With `is_asked` nobody knows whether it is that one, so a person must say.
    """

    known: int | None = None
    is_asked: bool = False


def name_of(identification: str, made_at: datetime | None) -> str:
    """A statement's name and moment as one text; empty where either is missing."""
    if not identification or made_at is None:
        return ""
    return f"{identification} {made_at.timestamp():.0f}"


def decide(new: Sequence[Told], known: Sequence[Known]) -> list[Decision]:
    """For lines of one file and movements, all of one account, day and amount: which is which.

    A movement answers for at most one line of the file, the surest first.
    """
    pairs = sorted(
        (
            (-verdict, not movement.is_booked, -_likeness(line, movement), i, j)
            for i, line in enumerate(new)
            for j, movement in enumerate(known)
            if (verdict := _against(line, movement)) > Verdict.OTHER
        )
    )
    found: dict[int, Decision] = {}
    claimed: set[int] = set()
    for surety, _booked, _like, i, j in pairs:
        if i not in found and j not in claimed:
            found[i] = Decision(known=j, is_asked=-surety == Verdict.UNSURE)
            claimed.add(j)
    return [found.get(i, Decision()) for i in range(len(new))]


def _against(line: Told, movement: Known) -> Verdict:
    """The surest of what its lines of the same format say; else of those of the other.

    What is notified again of a day that a statement has told is in the statement: no one more.
    """
    alike = [compare(line, told) for told in movement.lines if told.kind == line.kind]
    surest = max(alike or [compare(line, told) for told in movement.lines], default=Verdict.UNSURE)
    is_stated = any(t.kind == STATEMENT and t.closing_minor is not None for t in movement.lines)
    if surest == Verdict.UNSURE and alike and line.kind == NOTIFICATION and is_stated:
        return Verdict.LIKELY
    return surest


def _likeness(line: Told, movement: Known) -> int:
    """How much a line tells as the movement's do: of equals the likest is taken."""
    return max(
        (
            (line.marks == told.marks) + (line.names == told.names) + len(line.marks & told.marks)
            for told in movement.lines
        ),
        default=0,
    )


def compare(new: Told, old: Told) -> Verdict:
    """Whether two lines of different files, of equal account, day and amount, are one payment."""
    if new.kind != old.kind:
        return _across(new, old)
    if new.reference and old.reference and new.reference != old.reference:
        return Verdict.OTHER
    named, chained = _by_name(new, old), _by_chain(new, old)
    if Verdict.UNSURE in {named, chained}:
        return named if chained == Verdict.UNSURE else chained
    return named if named == chained else Verdict.UNSURE


def _by_name(new: Told, old: Told) -> Verdict:
    for mine, other in (
        (new.reference, old.reference),
        (new.entry_reference, old.entry_reference),
    ):
        if mine and other:
            return Verdict.SAME if mine == other else Verdict.OTHER
    if new.text and old.text and new.text != old.text:
        return Verdict.OTHER
    if new.statement and new.statement == old.statement:
        return Verdict.SAME
    return Verdict.UNSURE


def _by_chain(new: Told, old: Told) -> Verdict:
    """One balance before both: the same place in the chain. One ends where the other begins:
    they share nothing.
    """
    if new.before_minor is None or old.before_minor is None:
        return Verdict.UNSURE
    is_one_place = new.before_minor == old.before_minor
    is_apart = new.opening_minor != old.opening_minor and (
        new.opening_minor == old.closing_minor or old.opening_minor == new.closing_minor
    )
    if is_one_place == is_apart:
        return Verdict.UNSURE
    return Verdict.SAME if is_one_place else Verdict.OTHER


def _across(new: Told, old: Told) -> Verdict:
    """A statement and a notification tell the same account, each in its own words.

    A statement that tells its closing balance has all of its days, so what was notified is in it.
    """
    if new.reference and old.reference:
        return Verdict.SAME if new.reference == old.reference else Verdict.UNSURE
    if new.marks and old.marks:
        return Verdict.LIKELY if new.marks & old.marks else Verdict.OTHER
    if new.names and old.names and not new.names & old.names:
        return Verdict.UNSURE
    statement = new if new.kind == STATEMENT else old
    return Verdict.UNSURE if statement.closing_minor is None else Verdict.LIKELY
