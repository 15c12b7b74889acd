"""What the book and the reading of bank files refuse; each room of `invest` has its own page.

A refusal is an answer, not an accident: `str(refusal)` is a sentence a visitor may read, in the
language of the request; `status` is the HTTP status that goes with it. Nothing is booked and
nothing is kept when one is raised.
"""

from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pools.wording import fact_text


class Refused(Exception):
    """The base of every refusal. Facts given by keyword fill the sentence."""

    sentence: ClassVar[str | Promise] = ""
    status: ClassVar[int] = 400

    def __init__(self, **facts: object) -> None:
        super().__init__(facts)
        self.facts = facts

    def __str__(self) -> str:
        return str(self.sentence) % {name: fact_text(fact) for name, fact in self.facts.items()}


# --- Amounts ------------------------------------------------------------------------------------


class NotAnAmount(Refused):
    """What was given is not an amount above zero in plain digits."""

    sentence = _("That is not an amount. Write it in digits, such as 1 500 or 1 500,50.")


class UnevenMoney(Refused):
    """Finer than the unit's smallest part."""

    sentence = _("The amount is finer than an öre. Write at most two decimals.")


class NotKronor(Refused):
    """Another currency where the book counts kronor."""

    sentence = _("That is in %(currency)s, and the book counts kronor. Nothing was recorded.")


class AmountTooLarge(Refused):
    """Beyond what one transfer may move."""

    sentence = _("The amount is too large to be recorded. Check the number of zeros.")


# --- The book -----------------------------------------------------------------------------------


class KeyReused(Refused):
    """The same key with other content, or somebody else's key."""

    sentence = _(
        "This form has already been sent with other content. Nothing new was recorded; "
        "open the page again and start over."
    )
    status = 422


class PeriodLocked(Refused):
    """Dated inside a closed period."""

    sentence = _("The books are closed to and including %(until)s. Book it as a correction today.")
    status = 423


class AccountClosed(Refused):
    """The account takes nothing more."""

    sentence = _("The account %(account)s is closed. Nothing was booked.")
    status = 409


class PoolClosed(Refused):
    """The pool takes nothing more."""

    sentence = _("%(pool)s is closed. Nothing was booked.")
    status = 409


class NotEmpty(Refused):
    """Only an empty account can be closed."""

    sentence = _("The account %(account)s is not empty, so it cannot be closed.")
    status = 409


class BelowFloor(Refused):
    """More than the account holds."""

    sentence = _("There is not that much left. Nothing was booked.")
    status = 409


class NotYetThere(Refused):
    """Dated back to a day when the account did not hold so much."""

    sentence = _("On %(on)s there was not that much yet. Nothing was booked; check the day.")
    status = 409


class UnevenLedgers(Refused):
    """The accounts of a movement belong to different ledgers."""

    sentence = _("The accounts belong to different books. Nothing was booked.")


class SameAccount(Refused):
    """From an account to itself."""

    sentence = _("A movement needs two different accounts. Nothing was booked.")


class AlreadyReversed(Refused):
    """An entry is reversed at most once."""

    sentence = _("This has already been undone. Nothing was booked.")
    status = 409


# --- Bank files ---------------------------------------------------------------------------------


class NotFile(Refused):
    """Not a readable bank file."""

    sentence = _("The file could not be read as a camt.053 or camt.054 file: %(reason)s.")


class UnsafeXml(Refused):
    """A document type, entities or depth that no bank sends."""

    sentence = _("The file holds what no bank file should (%(reason)s). Nothing was imported.")


class FileTooLarge(Refused):
    """More than a bank file may hold."""

    sentence = _("The file is too large: at most %(most)s. Nothing was imported.")
    status = 413


class UnevenFile(Refused):
    """The file's own sums do not agree."""

    sentence = _("The file does not add up: %(reason)s. Nothing was imported.")


class AlreadyImported(Refused):
    """The same file again."""

    sentence = _("This file was already imported on %(on)s by %(by)s. Nothing new was booked.")
    status = 409


class WrongAccount(Refused):
    """A statement of somebody else's account."""

    sentence = _("The file is for the account %(account)s, not %(own)s. Nothing was imported.")


class WrongCurrency(Refused):
    """A line in a currency that the account does not hold."""

    sentence = _("The line is in %(currency)s, which this account does not hold.")


class NotAlike(Refused):
    """Two payments that cannot be one."""

    sentence = _("Those are two payments: account or amount differ. Nothing was changed.")
    status = 409
