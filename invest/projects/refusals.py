"""What the room `projects` refuses."""

from django.utils.translation import gettext_lazy as _

from pools.errors import Refused


class NotNextStage(Refused):
    """A stage that does not follow from the one where the project stands."""

    sentence = _("“%(to)s” does not follow on “%(now)s”. Nothing was changed.")
    status = 409


class GateNotMet(Refused):
    """Lines of a stage's gate that nothing on record shows."""

    sentence = _("The gate is not met. Lacking: %(lacking)s. Nothing was changed.")
    status = 409


class StageMoved(Refused):
    """Somebody else moved the project while the page was open, or it was sent twice."""

    sentence = _("The project has moved since you opened the page: it stands at “%(now)s”.")
    status = 409


class FourNeedsEvidence(Refused):
    """The highest number without a word on what shows it."""

    sentence = _("Write what shows it, or choose three: a four that nothing shows is a three.")
    status = 422


class AssessedLater(Refused):
    """An assessment dated before the newest one, or to be looked at again before it is made."""

    sentence = _("Choose a later day than %(on)s to look again.")
    status = 422
