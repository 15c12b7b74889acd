"""What the room `pledges` refuses."""

from django.utils.translation import gettext_lazy as _

from pools.errors import Refused


class OutsideLimits(Refused):
    """Less than an offering's minimum or more than its maximum."""

    sentence = _("The least amount is %(minimum)s, the most is %(maximum)s per saver.")


class OverCap(Refused):
    """The offering has no room for so much."""

    sentence = _("It is almost full: %(left)s is left. Nothing was recorded; choose less.")
    status = 409


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


class NotAsked(Refused):
    """Money that a vehicle never takes in."""

    sentence = _(
        "Nothing is paid in here: the savings stay the saver's own, at the bank. "
        "Record what stands on the account instead."
    )
    status = 409
