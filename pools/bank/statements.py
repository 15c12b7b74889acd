"""What a bank's file tells, whatever its format: statements, their lines, and what was odd.

Frozen facts between a reader of files and whoever takes them in. No ORM.
"""

from dataclasses import dataclass
from datetime import date, datetime

from pools.errors import Refused


@dataclass(frozen=True, slots=True)
class Part:
    """What one payer told, or a charge. The parts of a line sum to it, each with its own sign."""

    amount_minor: int
    ocr: str = ""  # The first structured reference, without spaces.
    references: tuple[str, ...] = ()  # Every further one, in order, once each.
    message: str = ""
    end_to_end: str = ""
    payer_name: str = ""  # Whoever stands at the other end: also the payee of money out.
    payer_account: str = ""
    on_behalf_of: str = ""
    reference: str = ""  # The bank's own for this part.
    is_charge: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One booked entry. `amount_minor` is signed: plus into the account, minus out of it."""

    position: int  # From 1 over the whole file, also those entries counted that are not taken.
    amount_minor: int
    currency: str
    booked_on: date
    parts: tuple[Part, ...]
    day_from: str = "booked"  # "booked" | "value" | "closing": what `booked_on` was told as.
    value_on: date | None = None
    is_reversal: bool = False
    reference: str = ""
    entry_reference: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """An entry that was not taken, or was with a remark; the sentence of `reason` says why."""

    position: int
    reason: Refused
    is_taken: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement ("053") or notification ("054") of one account, with the balances it tells."""

    identification: str
    kind: str
    account: str
    currency: str
    opening_minor: int | None
    opens_on: date | None
    closing_minor: int | None
    closes_on: date | None
    lines: tuple[Line, ...]
    notes: tuple[Note, ...] = ()
    created_at: datetime | None = None
    from_on: date | None = None
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class StatementFile:
    """A whole file."""

    message_id: str
    created_at: datetime | None
    statements: tuple[Statement, ...]
