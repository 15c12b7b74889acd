"""What the room `web` refuses."""

from django.utils.translation import gettext_lazy as _

from pools.errors import Refused


class SlowDown(Refused):
    """More sends from one form than a hand can make."""

    sentence = _("That went very fast. Wait a minute, and send it again: nothing is lost.")
    status = 429


class TooManyReads(Refused):
    """More readings of the open data from one address than a minute holds."""

    sentence = _("Your address has asked very often. Wait a minute, and ask less often after that.")
    status = 429
    seconds = 60


class NoPapers(Refused):
    """This machine lacks what makes PDFs."""

    sentence = _("No PDF can be made on this computer: a program that it needs is missing.")
    status = 503


class PaperTooLong(Refused):
    """More than can be set while somebody waits."""

    sentence = _("That is %(rows)s rows; a PDF here holds at most %(most)s.")
    status = 413
