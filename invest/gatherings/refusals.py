"""What the room `gatherings` refuses."""

from django.utils.translation import gettext_lazy as _

from pools.errors import Refused


class BadGathering(Refused):
    """Hours, a number or words that make no gathering. `field` names what must change."""

    sentence = _("That cannot be: %(reason)s.")
    status = 422


class GatheringOver(Refused):
    """A gathering whose hour has passed."""

    sentence = _("%(name)s is over. Nothing was changed.")
    status = 409


class GatheringCancelled(Refused):
    """A gathering that will not be."""

    sentence = _("%(name)s is cancelled. Nothing was changed.")
    status = 409


class GatheringFull(Refused):
    """More than there is room for."""

    sentence = _("There is room for %(left)s more. Nobody was signed up.")
    status = 409
