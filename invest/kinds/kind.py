"""What every kind of vehicle must know of itself."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Protocol, Self, runtime_checkable

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from invest.kinds.actions import (
    UNITS,
    AccountRole,
    ActionType,
    Agreement,
    ByItself,
    Done,
    Question,
    Sheet,
    Snapshot,
    Text,
)
from invest.kinds.refusals import BadTerms
from invest.kinds.schedules import Due
from invest.kinds.sheets import register_sheet, statement_sheet
from pools.errors import Refused
from pools.money import SplitResult, split_with_carry
from pools.wording import number_text


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
    # What a visitor is asked, and answers.
    asks: ClassVar[Text] = _("How much do you want to put in?")
    says_yes: ClassVar[Text] = _("I promise")
    enough: ClassVar[Text] = ""  # What is told once the least is reached, where that is told.
    # Which of `accounts()` takes what is paid in (none: nothing is, and nothing is raised), and
    # which weighs a payout.
    money_role: ClassVar[str]
    weight_role: ClassVar[str]
    # Whether what is paid in is raised for a project. Pay for goods, and it never is.
    is_raised: ClassVar[bool] = True
    # Whether the terms say the goals and the least of an offering by themselves.
    sets_goals: ClassVar[bool] = False
    # Counted beside the money: the holder's role, the unit, and what a unit gives a right to.
    units_role: ClassVar[str] = ""
    unit: ClassVar[str] = "SHARE"
    right: ClassVar[str] = ""
    # Whether the units are the holder's as soon as they are paid, or only when they are registered.
    units_on_payment: ClassVar[bool] = True
    is_repaid: ClassVar[bool] = False
    # Where savers may put in more than one sort of money: the roles to choose among.
    offered_roles: ClassVar[tuple[str, ...]] = ()
    # Whether law orders a register that names its holders in full, and what a holder's proof is.
    register_by_law: ClassVar[bool] = False
    certificate: ClassVar[Text] = _("Proof of holding")
    certificate_sheet: ClassVar[str] = ""  # The sheet whose own rows stand on the proof.
    kept_for_ever: ClassVar[bool] = False  # Its register outlives every holder.
    # Codes of rules of law that somebody must have looked into before a private company invites the
    # public.
    legal_reviews: ClassVar[tuple[str, ...]] = ()
    # What the limit watch follows: transferable securities, pooled money, lending to others.
    is_security: ClassVar[bool] = False
    pools_money: ClassVar[bool] = False
    lends: ClassVar[bool] = False
    moves_by_itself: ClassVar[bool] = False  # Whether `by_itself` may tell of anything.
    # Paid beforehand, and never given back but as goods or where they do not come.
    for_goods: ClassVar[bool] = False

    @classmethod
    @abstractmethod
    def accounts(cls) -> tuple[AccountRole, ...]:
        """The accounts each holder gets, one of each role."""

    @classmethod
    def own_accounts(cls) -> tuple[AccountRole, ...]:
        """Accounts of the vehicle itself, one of each role: where units come from."""
        return (AccountRole("issued", "asset", "", book=UNITS),) if cls.units_role else ()

    @classmethod
    def acts(cls) -> tuple[ActionType, ...]:
        """What may be done with a vehicle of the kind, beside what every vehicle knows."""
        return ()

    @classmethod
    def sheets(cls) -> tuple[Sheet, ...]:
        """What can be read off a vehicle of the kind, beside the register."""
        return ()

    @classmethod
    def all_sheets(cls) -> tuple[Sheet, ...]:
        """The register and the statement first, then the kind's own."""
        return (cls.register(), statement_sheet(cls), *cls.sheets())

    @classmethod
    def register(cls) -> Sheet:
        """Who holds what. A kind whose holders have nothing on accounts tells it in its own way."""
        return register_sheet(cls)

    @classmethod
    def act(cls, name: str) -> ActionType:
        """The act of a name."""
        return next(act for act in cls.acts() if act.name == name)

    def key_figures(self, standing: Snapshot) -> list[tuple[Text, Text]]:
        """The headline figures of a vehicle as (label, value) pairs for a page."""
        return []

    def ceiling(self, standing: Snapshot) -> int | None:
        """Öre that may still be paid out this year by law or bylaws; None: no such limit."""
        return None

    def share_out(
        self, total_minor: int, weights: Sequence[int], carry: Sequence[Fraction], *, by_days: bool
    ) -> SplitResult:
        """A payout shared by weight, in öre: what each held, or with `by_days` held times days.

        The parts sum to the total, and fractions are carried to the next payout.
        """
        return split_with_carry(total_minor, weights, carry)

    def why_not_undo(self, done: Done, standing: Snapshot) -> Refused | None:
        """Why an action may not be undone now: later ones rest on it. None: it may."""
        return None

    def by_itself(self, standing: Snapshot) -> Sequence[ByItself]:
        """What follows by itself from what is on record, up to the standing's day, oldest first."""
        return ()

    def agreements(self, standing: Snapshot) -> list[Agreement]:
        """What actions and accounts must tell alike; the audit compares them on every day."""
        return []

    def publish(self, standing: Snapshot) -> list[tuple[Text, Text]]:
        """What everybody may read of a vehicle: sums only, of nobody in particular."""
        return []

    @classmethod
    @abstractmethod
    def parse(cls, raw: Mapping[str, object]) -> Self:
        """Read stored terms. Raises BadTerms where they are missing or contradict."""

    @classmethod
    @abstractmethod
    def questions(cls) -> tuple[Question, ...]:
        """What is asked of who opens a vehicle of the kind; the answers go to `parse`."""

    @property
    def one_minor(self) -> int:
        """What one costs in öre, where a number is asked for; 0: an amount is."""
        return 0

    @property
    def counts_units(self) -> bool:
        """Whether holders own a counted unit beside the money."""
        return bool(self.units_role)

    @abstractmethod
    def units_for(self, amount_minor: int) -> int:
        """How many units an amount buys; 0 where the kind has none. Raises UnitStep."""

    def units_text(self, number: int) -> str:
        """So many of what is counted, in words."""
        return shares_text(number)

    def goals_minor(self) -> tuple[int, int]:
        """Least and most of an offering in öre, where the kind `sets_goals`."""
        raise NotImplementedError

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


@runtime_checkable
class Replanned(Protocol):
    """A kind whose plan can be reckoned anew: more is paid than what is due, or terms change."""

    @property
    def rate_pct(self) -> Decimal:
        """Interest that accrues, per cent a year."""

    @property
    def day_count(self) -> str:
        """How days are counted in it."""

    @property
    def due_days(self) -> tuple[object, ...]:
        """What says when something is due."""

    @property
    def planned_by(self) -> tuple[object, ...]:
        """All that says what is due."""

    def interest_between(self, balance_minor: int, since: date, until: date) -> int:
        """Interest on a balance from a day to the day before another, in öre."""

    def replan(
        self, left_minor: int, on: date, days: Sequence[date], level_minor: int, shorter: bool
    ) -> list[Due]:
        """The rows to come, on the days they were due before."""


def shares_text(number: int) -> str:
    """A number of shares."""
    return ngettext("%(n)s share", "%(n)s shares", number) % {"n": number_text(number)}


def whole(raw: Mapping[str, object], name: str, least: int, most: int) -> int:
    """A whole number of the stored terms, within limits. Raises BadTerms."""
    value = raw.get(name)
    if type(value) is not int or not least <= value <= most:
        limits = {"least": number_text(least), "most": number_text(most)}
        raise BadTerms(field=name, reason=_("a whole number from %(least)s to %(most)s") % limits)
    return value


def text(raw: Mapping[str, object], name: str, most: int = 300) -> str:
    """Words of the stored terms; empty where there are none. Raises BadTerms."""
    value = raw.get(name) or ""
    if not isinstance(value, str) or len(value) > most:
        raise BadTerms(field=name, reason=_("at most %(most)s characters") % {"most": most})
    return value


def chosen(raw: Mapping[str, object], name: str, among: Collection[str]) -> str:
    """One of a few words of the stored terms. Raises BadTerms."""
    value = raw.get(name)
    if not isinstance(value, str) or value not in among:
        raise BadTerms(field=name, reason=_("choose one of the alternatives"))
    return value


def exact(raw: Mapping[str, object], name: str, most: int) -> Decimal:
    """A decimal ≥ 0 of the stored terms, kept as text. Raises BadTerms."""
    value = raw.get(name)
    digits = value.replace(".", "", 1) if isinstance(value, str) else ""
    if not (digits.isascii() and digits.isdigit()) or Decimal(str(value)) > most:
        limit = {"most": number_text(most)}
        raise BadTerms(field=name, reason=_("a number from 0 to %(most)s") % limit)
    return Decimal(str(value))


def numbers(raw: Mapping[str, object], name: str) -> tuple[int, ...]:
    """Whole numbers of the stored terms. Raises BadTerms."""
    value = raw.get(name, [])
    if not isinstance(value, list | tuple) or not all(type(number) is int for number in value):
        raise BadTerms(field=name, reason=_("whole numbers with spaces between"))
    return tuple(value)
