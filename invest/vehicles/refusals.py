"""What the room `vehicles` refuses."""

from django.utils.translation import gettext_lazy as _

from pools.errors import Refused


class HolderGone(Refused):
    """Somebody who no longer holds, or was forgotten."""

    sentence = _(
        "The holder is no longer in the register, so nothing can be booked there. "
        "Choose somebody who is."
    )
    status = 409


class VoucherUsed(Refused):
    """A voucher with nothing left on it."""

    sentence = _("This voucher was used up on %(on)s. Nothing was redeemed.")
    status = 409


class AheadOfTime(Refused):
    """A day that has not come."""

    sentence = _("The day cannot lie ahead.")


class BeforeItBegan(Refused):
    """A day before there was anything to do it with."""

    sentence = _("It began on %(on)s. Choose that day or a later one; nothing was booked.")
    status = 409


class UndoneSince(Refused):
    """A day on which something that was undone later still counted."""

    sentence = _(
        "A step of this was undone from %(on)s, and counted until then. "
        "Choose that day or a later one; nothing was booked."
    )
    status = 409
