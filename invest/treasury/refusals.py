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


class PlacedMeanwhile(Refused):
    """Something was placed of the part since the page was shown."""

    sentence = _("Something of that payment was placed meanwhile. Look at what is left.")
    status = 409


class NoBooks(Refused):
    """The first account comes with the books."""

    sentence = _("The organisation has no books yet. Its first account is opened with them.")
    status = 409


class NotAnAccount(Refused):
    """A number whose check digits do not hold."""

    sentence = _("That is no %(what)s number. Look at each digit.")


class AccountTaken(Refused):
    """A number that another account has, ours or another organisation's."""

    sentence = _("Another account has the number %(number)s. Nothing was changed.")
    status = 409


class NotAnOwnAccount(Refused):
    """An account of other books."""

    sentence = _("That account belongs to other books.")
    status = 404


class UnknownMode(Refused):
    """Neither for capital alone nor shared."""

    sentence = _("Choose what the account is for.")


class AlreadyProposed(Refused):
    """One question of an account at a time."""

    sentence = _("A change of that account waits for a second person already.")
    status = 409


class StillWaits(Refused):
    """An account ends when nothing on it waits."""

    sentence = _("Something on the account waits to be placed. Place it first, then end it.")
    status = 409


class StillHolds(Refused):
    """An account ends when it is empty."""

    sentence = _(
        "The book has %(amount)s on the account. Move it at the bank and import the file first."
    )
    status = 409


class StillExpects(Refused):
    """The only account ends when the bank has told of everything."""

    sentence = _(
        "The book expects payments that the bank has not told of, and there is no other account."
    )
    status = 409


class StillCallsHere(Refused):
    """The only account ends when nobody is asked to pay to it."""

    sentence = _("Calls ask to be paid to the account, and there is no other.")
    status = 409


class NothingToConfirm(Refused):
    """No statement opens with money that the book lacks."""

    sentence = _("There is no opening balance to confirm.")
    status = 409


class FileNotKept(Refused):
    """The bytes are not on this site's disk."""

    sentence = _("The file was imported, but its contents are not kept here.")
    status = 404
