"""Everything that can be refused, on one page.

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


class UnitStep(Refused):
    """Not a whole number of shares."""

    sentence = _("A share costs %(price)s: choose a whole number of shares.")


class WholeUnits(Refused):
    """Not a whole number of what is bought."""

    sentence = _("%(unit)s costs %(price)s: choose a whole number of them.")


class OutsideLimits(Refused):
    """Less than an offering's minimum or more than its maximum."""

    sentence = _("The least amount is %(minimum)s, the most is %(maximum)s per saver.")


class OverCap(Refused):
    """The offering has no room for so much."""

    sentence = _("It is almost full: %(left)s is left. Nothing was recorded; choose less.")
    status = 409


class TooMuch(Refused):
    """More than what is open."""

    sentence = _("That is more than there is: %(left)s. Nothing was booked; check the amount.")
    status = 409


class TooLate(Refused):
    """An early payment that is not more than what is due anyway."""

    sentence = _("To pay early is to pay more than the interest so far, %(interest)s.")
    status = 409


class NothingOwed(Refused):
    """There is nothing open to pay or to plan."""

    sentence = _("There is nothing left to pay here. Nothing was booked.")
    status = 409


class ArrearsFirst(Refused):
    """Early repayment while something due is unpaid."""

    sentence = _("Something that is due is not paid yet. Book that first, then what comes early.")
    status = 409


class NothingHeld(Refused):
    """Nobody held anything on the record day."""

    sentence = _("Nobody held anything on that day, so there is nobody to share it among.")
    status = 409


class HoldsNothing(Refused):
    """Somebody who has nothing here, where something must be."""

    sentence = _("This holder has nothing here on that day. Nothing was recorded.")
    status = 409


class TooLittle(Refused):
    """Not enough for each to get anything."""

    sentence = _("It is less than an öre for each share. Share out more, or wait.")
    status = 409


class BadTerms(Refused):
    """Terms that contradict themselves. `field` may name the one that must change."""

    sentence = _("The terms do not hold together: %(reason)s.")


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


# --- Promises -----------------------------------------------------------------------------------


class OfferingClosed(Refused):
    """Outside the days an offering is open."""

    sentence = _("This offer is open from %(opens_on)s to %(closes_on)s. Nothing was recorded.")
    status = 409


class Ordered(Refused):
    """A joint purchase that is ordered, or off: no more can be signed up for."""

    sentence = _("The order is placed: nothing more can be signed up for. Nothing was recorded.")
    status = 409


class LessIsLeft(Refused):
    """Fewer of what is bought are left than somebody wants."""

    sentence = _("%(left)s left. Nothing was recorded; choose fewer.")
    status = 409


class ProjectClosed(Refused):
    """A project that takes no more."""

    sentence = _("%(project)s ended on %(on)s and takes no more. Nothing was recorded.")
    status = 409


class SlowDown(Refused):
    """More sends from one form than a hand can make."""

    sentence = _("That went very fast. Wait a minute, and send it again: nothing is lost.")
    status = 429


class TooManyReads(Refused):
    """More readings of the open data from one address than a minute holds."""

    sentence = _("Your address has asked very often. Wait a minute, and ask less often after that.")
    status = 429
    seconds = 60


class CardEntered(Refused):
    """A paper card whose serial is in already."""

    sentence = _("Card no. %(serial)s was entered already, in batch %(batch)s. Nothing was added.")
    status = 409


class BatchUneven(Refused):
    """A batch whose cards are not those counted by hand."""

    sentence = _(
        "Counted by hand: %(told)s cards and %(told_sum)s. Entered: %(entered)s cards and "
        "%(entered_sum)s. Find the card that differs, then close the batch."
    )
    status = 409


class WrongState(Refused):
    """The step does not follow from where things stand."""

    sentence = _("This is no longer possible: the state is now “%(state)s”. Nothing was changed.")
    status = 409


class SecondPersonNeeded(Refused):
    """Four eyes: whoever computed may not approve."""

    sentence = _("Somebody else than the one who proposed it must approve.")
    status = 403


class NeedsEvidence(Refused):
    """An act that rests on a paper, without one."""

    sentence = _("This rests on a decision or a paper: say which. Nothing was recorded.")


class HolderGone(Refused):
    """Somebody who no longer holds, or was forgotten."""

    sentence = _(
        "The holder is no longer in the register, so nothing can be booked there. "
        "Choose somebody who is."
    )
    status = 409


class NotEnough(Refused):
    """More than there is of something that is not kronor."""

    sentence = _("There is only %(left)s left, and this needs %(wanted)s. Nothing was booked.")
    status = 409


class NotHeld(Refused):
    """Shares by number that are not all the seller's."""

    sentence = _(
        "Shares %(first)s–%(last)s are not all held by this holder. "
        "Look in the share register, and choose numbers that are."
    )
    status = 409


class NoSuchShares(Refused):
    """Numbers that were never given to any share."""

    sentence = _("The shares are numbered 1–%(last)s: choose numbers among them, the lower first.")
    status = 409


class BelowMinimum(Refused):
    """An order of fewer units than it takes."""

    sentence = _(
        "%(paid)s are paid for, and the order takes at least %(least)s: %(lacking)s are lacking. "
        "Wait for those who have not paid, invite more, let the group itself take the rest, or "
        "call it off so that all get their money back. Nothing was ordered."
    )
    status = 409


class NotPaidFor(Refused):
    """An invoice beyond what its buyers have paid in."""

    sentence = _(
        "The invoice is %(lacking)s more than has been paid in by the buyers no. %(who)s. Let them "
        "pay more and put it on record, or ask the supplier for another invoice. Nothing was "
        "booked."
    )
    status = 409


class NotYetOrdered(Refused):
    """Goods or an invoice of an order that was not placed."""

    sentence = _("The order is not placed yet. Put that on record first; nothing was recorded.")
    status = 409


class NotSettled(Refused):
    """Something is left that must come to nothing first."""

    sentence = _("It is not settled yet: %(what)s. Nothing was recorded.")
    status = 409


class NoSuchVoucher(Refused):
    """A code that no voucher has, or one that this till does not take."""

    sentence = _(
        "No voucher that is taken here has that code. Look at each sign once more; nothing was "
        "redeemed."
    )
    status = 404


class VoucherUsed(Refused):
    """A voucher with nothing left on it."""

    sentence = _("This voucher was used up on %(on)s. Nothing was redeemed.")
    status = 409


class VoucherExpired(Refused):
    """A voucher after its last day."""

    sentence = _("This voucher was good to and including %(on)s. Nothing was redeemed.")
    status = 409


class VoucherWhole(Refused):
    """A part of a voucher whose terms want it whole."""

    sentence = _("This voucher is used all at once: %(worth)s. Nothing was redeemed.")
    status = 409


class NoSuchTill(Refused):
    """A till that the issuer has taken back, or a link that is not one."""

    sentence = _(
        "This link is no till, or no longer. Ask the issuer of the vouchers for a new one."
    )
    status = 404


class OverCapacity(Refused):
    """More than a fund can carry."""

    sentence = _(
        "The fund can grant at most %(free)s now. Grant less, wait until something is repaid, or "
        "name the paper that allows more."
    )
    status = 409


class ConsentMissing(Refused):
    """A decision of all partners without all of them."""

    sentence = _("All partners must agree. Missing, by number: %(who)s. Nothing was recorded.")
    status = 409


class AheadOfTime(Refused):
    """A day that has not come."""

    sentence = _("The day cannot lie ahead.")


class BeforeItBegan(Refused):
    """A day before there was anything to do it with."""

    sentence = _("It began on %(on)s. Choose that day or a later one; nothing was booked.")
    status = 409


class NotOnRecord(Refused):
    """An earlier step that is not there, or was undone."""

    sentence = _("What this builds on is not on record any more. Open the page again.")
    status = 409


class NoAccount(Refused):
    """A saver whose account nobody has put on record."""

    sentence = _("This saver has no account here yet. Put on record that it was opened first.")
    status = 409


class NothingNew(Refused):
    """All is counted already."""

    sentence = _("Everything so far is already counted. Nothing new was recorded.")
    status = 409


class LaterMonthRead(Refused):
    """A month read after a later one."""

    sentence = _(
        "%(month)s is already read, and fractions are carried from month to month. "
        "Undo no. %(number)s first, then read the months in order."
    )
    status = 409


class TooEarly(Refused):
    """Before a notice has run out, or a right of others has."""

    sentence = _("This is possible from %(on)s. Nothing was booked.")
    status = 409


class OfferFirst(Refused):
    """Shares go to somebody new without the owners' having been asked."""

    sentence = _(
        "The articles let the owners take over the shares first. "
        "Record the offer to them, and enter the new owner when their time is out."
    )
    status = 409


class UndoLaterFirst(Refused):
    """Later deeds rest on the one to be undone."""

    sentence = _("Undo no. %(number)s first: it rests on this one. Nothing was undone.")
    status = 409


class OverCeiling(Refused):
    """A payout beyond what law or bylaws allow."""

    sentence = _(
        "At most %(room)s may be paid out this year. Nothing was computed; choose less, "
        "and keep the rest in the company."
    )
    status = 409


class NotReceived(Refused):
    """A payout of more than there is."""

    sentence = _("Only %(left)s has come in and is not owed to anybody. Nothing was approved.")
    status = 409


class ComputeAgain(Refused):
    """Another payout came in between."""

    sentence = _(
        "Another payout was approved after this one was computed, and changed what is left over. "
        "Compute it again."
    )
    status = 409


class AlreadyRecorded(Refused):
    """The same month, year or step twice."""

    sentence = _("Already on record: %(what)s. Undo that first if it was wrong.")
    status = 409


class NotAsked(Refused):
    """Money that a vehicle never takes in."""

    sentence = _(
        "Nothing is paid in here: the savings stay the saver's own, at the bank. "
        "Record what stands on the account instead."
    )
    status = 409


class GateClosed(Refused):
    """A rule of law that somebody must first look into, with evidence."""

    sentence = _("%(gate)s must be looked into and put on record first. Nothing was opened.")
    status = 409


class NotAnIdentity(Refused):
    """No Swedish personal or organisation number."""

    sentence = _("That is no personal or organisation number. Write it as 19811228-9874.")


class UnsafeText(Refused):
    """Text that would lie about what a reader sees."""

    sentence = _("The text holds characters that cannot be shown. Write it anew, without pasting.")


class ContactShown(Refused):
    """A telephone number or an address in words that everybody will read."""

    sentence = _(
        "A telephone number or an e-mail address stands in words that everybody will read. Leave "
        "it out: a contact is written where it is asked for, and shown when its owner says yes."
    )
    status = 422


class TextTooLong(Refused):
    """More than there is room for."""

    sentence = _("The text is too long: at most %(most)s characters.")


class HandOver(Refused):
    """Somebody who leaves, and keeps a desk for others."""

    sentence = _("You still work here: %(what)s. Hand that over first; nothing was deleted.")
    status = 409


class StillBound(Refused):
    """Somebody who leaves, with a binding promise that waits for payment."""

    sentence = _(
        "Your promise in %(what)s is binding and not yet paid. Pay it, or ask to be released from "
        "it, before you leave; nothing was deleted."
    )
    status = 409


class AskedToday(Refused):
    """The same request again on the same day."""

    sentence = _("You have asked already today, and the letter is sent. Nothing more was sent.")
    status = 409


class NoLetterBox(Refused):
    """An organisation without an address for letters."""

    sentence = _("%(organisation)s has no e-mail address here. Ask in another way.")
    status = 409


# --- Publications -------------------------------------------------------------------------------


class PointsAtSomebody(Refused):
    """A sum that would differ from one told before by the parts of fewer than five persons."""

    sentence = _(
        "Since the figures that were published before, or between two of these, fewer than five "
        "persons make the difference: whoever subtracts could see what one of them gave. "
        "Wait until more have joined, then draft it anew."
    )
    status = 409


class EmbargoPast(Refused):
    """An hour to wait for that has passed."""

    sentence = _("That hour has passed. Choose one to come, or none to publish at once.")


class NotADraft(Refused):
    """Approved or discarded already."""

    sentence = _("This draft has been approved or discarded already. Nothing was changed.")
    status = 409


class DraftWaits(Refused):
    """A draft beside another of the same publication."""

    sentence = _("A draft is waiting already: approve or discard that one first.")
    status = 409


class NotPublished(Refused):
    """A revision of what nobody has approved."""

    sentence = _("Nothing is approved yet: discard the draft and write a new one instead.")
    status = 409


# --- Papers -------------------------------------------------------------------------------------


class NoPapers(Refused):
    """This machine lacks what makes PDFs."""

    sentence = _("No PDF can be made on this computer: a program that it needs is missing.")
    status = 503


class NoBrowser(Refused):
    """This machine lacks the browser that draws pictures, or it did not answer in time."""

    sentence = _(
        "No pictures can be drawn on this computer now: the browser that draws them is missing "
        "or does not answer. The tables have the same figures."
    )
    status = 503


class PaperTooLong(Refused):
    """More than can be set while somebody waits."""

    sentence = _("That is %(rows)s rows; a PDF here holds at most %(most)s.")
    status = 413


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


# --- A place and its cards ----------------------------------------------------------------------


class OrganisationNamed(Refused):
    """Two organisations with one name in a municipality: nobody could tell whom they pay."""

    sentence = _(
        "%(name)s in %(municipality)s is here already. Choose a name that tells the two apart."
    )
    status = 409


class PlaceNamed(Refused):
    """Two places with one name in a municipality."""

    sentence = _("There is a place called %(name)s in %(municipality)s already. Use that one.")
    status = 409


class CardPromised(Refused):
    """A card that has become a promise already."""

    sentence = _("This card is promised to %(project)s already. Nothing was promised twice.")
    status = 409


class OwnerFirst(Refused):
    """A card whose contact has not said yes."""

    sentence = _("Whoever the address belongs to must first say yes by the link in the letter.")
    status = 409


class NotACard(Refused):
    """What was written, or a line of a file, makes no card or no promise of one."""

    sentence = _("This cannot be entered: %(reason)s.")


class TooManyRows(Refused):
    """A table with more rows than are read at once."""

    sentence = _("At most %(most)s rows are read at a time. Split the file, and nothing is lost.")


# --- From project to enterprise -------------------------------------------------------------------


class NotNextStage(Refused):
    """A stage that does not follow from the one where the project stands."""

    sentence = _("“%(to)s” does not follow on “%(now)s”. Nothing was changed.")
    status = 409


class GateNotMet(Refused):
    """Lines of a stage's gate that nothing on record shows."""

    sentence = _("The gate is not met. Lacking: %(lacking)s. Nothing was changed.")
    status = 409


class StageMoved(Refused):
    """Somebody else moved the project while the page was open, or it was sent twice."""

    sentence = _("The project has moved since you opened the page: it stands at “%(now)s”.")
    status = 409


class FourNeedsEvidence(Refused):
    """The highest number without a word on what shows it."""

    sentence = _("Write what shows it, or choose three: a four that nothing shows is a three.")
    status = 422


class AssessedLater(Refused):
    """An assessment dated before the newest one, or to be looked at again before it is made."""

    sentence = _("Choose a later day than %(on)s to look again.")
    status = 422


class ProducerListed(Refused):
    """Two of one name in the directory of a place."""

    sentence = _("%(name)s is in the directory already. Correct that one instead.")
    status = 409


# --- Gatherings -----------------------------------------------------------------------------------


class BadGathering(Refused):
    """Hours, a number or words that make no gathering. `field` names what must change."""

    sentence = _("That cannot be: %(reason)s.")
    status = 422


class GatheringOver(Refused):
    """A gathering whose hour has passed."""

    sentence = _("%(name)s is over. Nothing was changed.")
    status = 409


class GatheringCancelled(Refused):
    """A gathering that will not be."""

    sentence = _("%(name)s is cancelled. Nothing was changed.")
    status = 409


class GatheringFull(Refused):
    """More than there is room for."""

    sentence = _("There is room for %(left)s more. Nobody was signed up.")
    status = 409
