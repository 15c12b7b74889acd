"""What the room `places` refuses."""

from django.utils.translation import gettext_lazy as _

from pools.errors import Refused


class PlaceNamed(Refused):
    """Two places with one name in a municipality."""

    sentence = _("There is a place called %(name)s in %(municipality)s already. Use that one.")
    status = 409


class CardPromised(Refused):
    """A card that has become a promise already."""

    sentence = _("This card is promised to %(project)s already. Nothing was promised twice.")
    status = 409


class OwnerFirst(Refused):
    """A card whose contact has not said yes."""

    sentence = _("Whoever the address belongs to must first say yes by the link in the letter.")
    status = 409


class NotACard(Refused):
    """What was written, or a line of a file, makes no card or no promise of one."""

    sentence = _("This cannot be entered: %(reason)s.")


class TooManyRows(Refused):
    """A table with more rows than are read at once."""

    sentence = _("At most %(most)s rows are read at a time. Split the file, and nothing is lost.")


class ProducerListed(Refused):
    """Two of one name in the directory of a place."""

    sentence = _("%(name)s is in the directory already. Correct that one instead.")
    status = 409
