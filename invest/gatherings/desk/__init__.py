"""The organiser's desk: all gatherings, one of them, and asking others to take part."""

from invest.models import Role

GATHERING_KINDS = (Role.Kind.ORGANISER,)
