"""What the ground of invest refuses: words, contact, numbers of identity, rules of law."""

from django.utils.translation import gettext_lazy as _

from pools.errors import Refused


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
