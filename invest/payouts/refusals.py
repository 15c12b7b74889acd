"""What the room `payouts` refuses."""

from django.utils.translation import gettext_lazy as _

from pools.errors import Refused


class TooLate(Refused):
    """An early payment that is not more than what is due anyway."""

    sentence = _("To pay early is to pay more than the interest so far, %(interest)s.")
    status = 409


class ArrearsFirst(Refused):
    """Early repayment while something due is unpaid."""

    sentence = _("Something that is due is not paid yet. Book that first, then what comes early.")
    status = 409


class OutsidePlan(Refused):
    """Money that the plan does not know: lent or paid back since it was made."""

    sentence = _(
        "%(now)s is outstanding, and the plan counts with %(planned)s: money came or went after it "
        "was made. Make the plan anew first, so that nobody's money is shared by a plan that does "
        "not know it. Nothing was booked."
    )
    status = 409


class TermsSince(Refused):
    """A plan made by terms that are no longer in force."""

    sentence = _(
        "The terms changed on %(on)s. Make the plan anew from that day first, by the new terms; "
        "due days stay. Nothing was booked."
    )
    status = 409


class DatedBack(Refused):
    """A day before a repayment that is booked."""

    sentence = _(
        "A repayment of %(on)s is booked, and this would change what it was for. Choose that day "
        "or a later one, or undo that repayment first. Nothing was booked."
    )
    status = 409


class LaterRepaymentFirst(Refused):
    """A repayment undone before one that was booked after it."""

    sentence = _(
        "Undo the repayment of %(on)s, %(amount)s, first: it was booked after this one. Nothing "
        "was undone."
    )
    status = 409


class PlanRests(Refused):
    """A repayment that a later plan counts with."""

    sentence = _(
        "The plan was made anew on %(on)s, with this repayment in it, so it stays. Let the "
        "borrower's next payments make up for it. Nothing was undone."
    )
    status = 409


class BankTold(Refused):
    """A repayment that a bank line is paired with."""

    sentence = _(
        "The bank has told of this payment. Undo that pairing at the bank desk first. Nothing was "
        "undone."
    )
    status = 409


class TooLittle(Refused):
    """Not enough for each to get anything."""

    sentence = _("It is less than an öre for each share. Share out more, or wait.")
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
