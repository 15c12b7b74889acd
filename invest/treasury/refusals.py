"""What the treasury refuses."""

from django.utils.translation import gettext_lazy as _

from pools.errors import Refused


class NothingLeft(Refused):
    """The whole of it has a place already, or it is not booked yet."""

    sentence = _("Nothing of that payment waits any more. Nothing was booked.")
    status = 409


class NotOpposite(Refused):
    """Money is set off against money that went the other way."""

    sentence = _("Only money out can be set off against money in. Nothing was booked.")


class OtherBooks(Refused):
    """The two belong to different organisations' books."""

    sentence = _("That belongs to other books. Nothing was booked.")


class NotForShared(Refused):
    """A fee is the bookkeeper's on an account shared with the bookkeeping program."""

    sentence = _(
        "The account is shared with the bookkeeping program, which books the fee. "
        "Say that the line is the bookkeeper's."
    )


class NotMoneyOut(Refused):
    """A fee goes out."""

    sentence = _("A fee is money out, and this came in. Nothing was booked.")


class NotMoneyIn(Refused):
    """What is held for somebody, or pays a call, came in."""

    sentence = _("Only money that came in can be placed so. Nothing was booked.")
