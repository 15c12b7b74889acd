"""What the room `kinds` refuses."""

from django.utils.translation import gettext_lazy as _

from pools.errors import Refused


class UnitStep(Refused):
    """Not a whole number of shares."""

    sentence = _("A share costs %(price)s: choose a whole number of shares.")


class WholeUnits(Refused):
    """Not a whole number of what is bought."""

    sentence = _("%(unit)s costs %(price)s: choose a whole number of them.")


class TooMuch(Refused):
    """More than what is open."""

    sentence = _("That is more than there is: %(left)s. Nothing was booked; check the amount.")
    status = 409


class NothingOwed(Refused):
    """There is nothing open to pay or to plan."""

    sentence = _("There is nothing left to pay here. Nothing was booked.")
    status = 409


class NothingHeld(Refused):
    """Nobody held anything on the record day."""

    sentence = _("Nobody held anything on that day, so there is nobody to share it among.")
    status = 409


class HoldsNothing(Refused):
    """Somebody who has nothing here, where something must be."""

    sentence = _("This holder has nothing here on that day. Nothing was recorded.")
    status = 409


class BadTerms(Refused):
    """Terms that contradict themselves. `field` may name the one that must change."""

    sentence = _("The terms do not hold together: %(reason)s.")


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
    """Later actions rest on the one to be undone."""

    sentence = _("Undo no. %(number)s first: it rests on this one. Nothing was undone.")
    status = 409


class LaterStepFirst(Refused):
    """A step dated before one that is on record, where steps go in order."""

    sentence = _(
        "No. %(number)s of %(on)s is on record already, and is reckoned from what came before it. "
        "Undo it, put this on record, and then that again. Nothing was booked."
    )
    status = 409


class OverCeiling(Refused):
    """A payout beyond what law or bylaws allow."""

    sentence = _(
        "At most %(room)s may be paid out this year. Nothing was computed; choose less, "
        "and keep the rest in the company."
    )
    status = 409


class SettleFirst(Refused):
    """A year before the one before it."""

    sentence = _("The years are settled in order. Settle %(year)s first; nothing was booked.")
    status = 409


class YearSettled(Refused):
    """Money that goes on a day of a year whose interest is settled."""

    sentence = _(
        "The interest of %(year)s is settled, and this would change it. Choose %(on)s or a later "
        "day; or undo no. %(number)s, book this, and settle the year again. Nothing was booked."
    )
    status = 409


class AlreadyRecorded(Refused):
    """The same month, year or step twice."""

    sentence = _("Already on record: %(what)s. Undo that first if it was wrong.")
    status = 409
