"""What every kind of vehicle must know of itself."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import ClassVar, Self

from django.utils.functional import Promise

from invest.schedules import Due
from pools.errors import BadTerms

Text = str | Promise


@dataclass(frozen=True, slots=True)
class AccountRole:
    """An account a holder has: `kind` of account, BAS number, unit, and whether it has a floor."""

    role: str
    kind: str
    bas: str
    in_units: bool = False
    floored: bool = False


class Answer(Enum):
    """What a question about terms is answered with."""

    KRONOR = "kronor"  # stored as whole öre
    PERCENT = "percent"  # stored as a decimal in text
    WHOLE = "whole"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Question:
    """What must be known of a vehicle's terms, as somebody who opens one is asked."""

    name: str
    label: Text
    answer: Answer
    help: Text = ""
    initial: str = ""
    choices: tuple[tuple[str, Text], ...] = ()
    is_optional: bool = False


@dataclass(frozen=True)
class Kind(ABC):
    """A vehicle's terms as frozen values, with the arithmetic and the words of its kind."""

    # A template shows a kind itself; it makes none.
    do_not_call_in_templates: ClassVar[bool] = True

    kind: ClassVar[str]
    label: ClassVar[Text]
    instrument: ClassVar[Text]
    explanation: ClassVar[Text]
    risk: ClassVar[Text]
    # Which of `accounts()` holds the money, and which weighs a payout.
    money_role: ClassVar[str]
    weight_role: ClassVar[str]
    units_role: ClassVar[str] = ""
    is_repaid: ClassVar[bool] = False

    @classmethod
    @abstractmethod
    def accounts(cls) -> tuple[AccountRole, ...]:
        """The accounts each holder gets, one of each role."""

    @classmethod
    @abstractmethod
    def parse(cls, raw: Mapping[str, object]) -> Self:
        """Read stored terms. Raises BadTerms where they are missing or contradict."""

    @classmethod
    @abstractmethod
    def questions(cls) -> tuple[Question, ...]:
        """What is asked of who opens a vehicle of the kind; the answers go to `parse`."""

    @property
    def counts_units(self) -> bool:
        """Whether holders own a counted unit beside the money."""
        return bool(self.units_role)

    @abstractmethod
    def units_for(self, amount_minor: int) -> int:
        """How many units an amount buys; 0 where the kind has none. Raises UnitStep."""

    @abstractmethod
    def schedule(self, principal_minor: int, start: date) -> list[Due]:
        """The repayment plan of a principal; empty where nothing is repaid."""

    @abstractmethod
    def suggestions(self) -> tuple[int, ...]:
        """A few fitting amounts to choose among, in minor units, smallest first."""

    @abstractmethod
    def describe(self) -> list[tuple[Text, Text]]:
        """The terms as (label, value) pairs for a page."""

    def dump(self) -> dict[str, object]:
        """The terms as they are stored: plain JSON values, decimals as strings."""
        return {
            name: str(value) if isinstance(value, Decimal) else value
            for name, value in asdict(self).items()
        }


def whole(raw: Mapping[str, object], name: str, least: int, most: int) -> int:
    """A whole number of the stored terms, within limits. Raises BadTerms."""
    value = raw.get(name)
    if type(value) is not int or not least <= value <= most:
        raise BadTerms(reason=name)
    return value


def exact(raw: Mapping[str, object], name: str, most: int) -> Decimal:
    """A decimal ≥ 0 of the stored terms, kept as text. Raises BadTerms."""
    value = raw.get(name)
    if not isinstance(value, str) or not value.replace(".", "", 1).isascii():
        raise BadTerms(reason=name)
    if not value.replace(".", "", 1).isdigit() or Decimal(value) > most:
        raise BadTerms(reason=name)
    return Decimal(value)
