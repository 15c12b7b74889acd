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


class CutFile(NotFile):
    """The file ends before it is whole."""

    sentence = _(
        "The file breaks off at line %(line)s, as if it had not come down whole. "
        "Fetch it from the bank again. Nothing was imported."
    )


class WrongEncoding(NotFile):
    """Its letters are not in the encoding that it declares: å, ä and ö would be lost."""

    sentence = _(
        "The file says that its letters are %(declared)s, but they are not. Fetch it from the bank "
        "again and do not open or save it in between. Nothing was imported."
    )


class EmptyFile(NotFile):
    """Nothing in it."""

    sentence = _("The file is empty. Fetch it from the bank again, as camt.053 or camt.054.")


class PackedFile(NotFile):
    """A zip or another archive."""

    sentence = _(
        "This is a packed file (zip). Unpack it first, and choose the camt.053 or camt.054 file "
        "inside it."
    )


class SheetFile(NotFile):
    """A spreadsheet."""

    sentence = _(
        "This is a spreadsheet (Excel or the like). Fetch the statement from the bank as camt.053, "
        "or incoming payments as camt.054, instead."
    )


class PaperFile(NotFile):
    """A PDF."""

    sentence = _(
        "This is a PDF, which is for reading and printing. Fetch the statement from the bank as "
        "camt.053, or incoming payments as camt.054, instead."
    )


class BgMaxFile(NotFile):
    """Bankgirot's old file of incoming payments."""

    sentence = _(
        "This is a BgMax file. BgMax ended on 27 November 2026: the bank now gives incoming "
        "bankgiro payments as camt.054. Order that from your bank and fetch it instead."
    )


class InterimReport(NotFile):
    """camt.052: what has happened so far today, which may still change."""

    sentence = _(
        "This is a camt.052, a report during the day that may still change. Fetch camt.053, the "
        "statement of a finished day, or camt.054 instead."
    )


class PaymentFile(NotFile):
    """pain: payments sent to the bank, or its answer to them."""

    sentence = _(
        "This is a %(name)s, about payments sent to the bank, not a statement from it. Fetch "
        "camt.053 or camt.054 instead."
    )


class OtherMessage(NotFile):
    """Another message of ISO 20022, or XML of another kind."""

    sentence = _(
        "This is an XML file, but of another kind (%(name)s). Fetch camt.053 or camt.054 from the "
        "bank instead."
    )


class TableFile(NotFile):
    """A table in text, such as CSV."""

    sentence = _(
        "This is a table in text (such as CSV), not a camt file. Fetch the statement from the bank "
        "as camt.053, or incoming payments as camt.054, instead."
    )


class WebPage(NotFile):
    """HTML, mostly the bank's login page saved instead of the file."""

    sentence = _(
        "This is a web page, perhaps the bank's login page saved in place of the file. Log in to "
        "the bank again and fetch the camt.053 or camt.054 file itself."
    )


class JsonFile(NotFile):
    """JSON."""

    sentence = _(
        "This is a JSON file, which programs exchange. Fetch camt.053 or camt.054 from the bank "
        "instead."
    )


class SwiftFile(NotFile):
    """MT940 and its kin: the statement format before camt."""

    sentence = _(
        "This is an MT940 file, the older kind of statement. Fetch the statement from the bank as "
        "camt.053 instead."
    )


class BookkeepingFile(NotFile):
    """SIE: from a bookkeeping program."""

    sentence = _(
        "This is a SIE file, from a bookkeeping program. Fetch camt.053 or camt.054 from the bank "
        "instead."
    )


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


class UnreadEntry(UnevenFile):
    """One entry cannot be taken, and the balances of the file do not hold without it."""

    sentence = _(
        "Line %(entry)s of the file: %(reason)s The file's balances do not hold without it. "
        "Nothing was imported."
    )


class NoDirection(Refused):
    """Neither CRDT nor DBIT, or both: in or out is never guessed."""

    sentence = _(
        "“%(text)s” does not say if money came in or went out (%(told)s), so it was not booked."
    )


class NoAmount(Refused):
    """No amount, or one that no bank writes."""

    sentence = _("The amount of “%(text)s” cannot be read (%(told)s), so it was not booked.")


class NoDay(Refused):
    """No day at all, not even of the statement."""

    sentence = _("Neither “%(text)s” nor its statement tells a day, so it was not booked.")


class NothingMoved(Refused):
    """An amount of zero."""

    sentence = _("The amount of “%(text)s” is zero, so there is nothing to book.")


class NothingMovedInAll(Refused):
    """An amount of zero over payments that cancel out."""

    sentence = _(
        "“%(text)s” holds payments that come to zero together, so nothing was booked. Look at them "
        "at the bank."
    )


class UnknownStatus(Refused):
    """Neither booked nor any of the states that come before."""

    sentence = _("“%(text)s” is not told as booked but as %(told)s, so it was not booked.")


class OtherCurrency(Refused):
    """Not in the currency of the balances."""

    sentence = _("“%(text)s” is in %(currency)s, but the balances are in %(own)s.")


class DayFromValue(Refused):
    """Told of a line that was taken: the value day stands in."""

    sentence = _("It tells no booking day; its value day %(on)s was taken.")


class DayFromStatement(Refused):
    """Told of a line that was taken: the statement's own last day stands in."""

    sentence = _("It tells no booking day; the last day of its statement, %(on)s, was taken.")


class PartsUneven(Refused):
    """Told of a line that was taken: its parts are not known for sure."""

    sentence = _(
        "The payments within it do not add up to its amount, so it was taken whole with all their "
        "texts."
    )


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


class AlreadySettled(Refused):
    """Somebody else has said what it is, or placed it: the list is no longer as it was."""

    sentence = _("This payment has been dealt with already. Look at the list again.")
    status = 409
