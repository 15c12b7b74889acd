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
