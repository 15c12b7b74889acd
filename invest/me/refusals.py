"""What the room `me` refuses."""

from django.utils.translation import gettext_lazy as _

from pools.errors import Refused


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
