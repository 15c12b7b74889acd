"""What reports refuse."""

from django.utils.translation import gettext_lazy as _

from pools.errors import Refused


class PointsAtSomebody(Refused):
    """A sum that would differ from one told before by the parts of fewer than five persons."""

    sentence = _(
        "Since the figures that were published before, or between two of these, fewer than five "
        "persons make the difference: whoever subtracts could see what one of them gave. "
        "Wait until more have joined, then draft it anew."
    )
    status = 409


class EmbargoPast(Refused):
    """An hour to wait for that has passed."""

    sentence = _("That hour has passed. Choose one to come, or none to publish at once.")


class NotADraft(Refused):
    """Approved or discarded already."""

    sentence = _("This draft has been approved or discarded already. Nothing was changed.")
    status = 409


class DraftWaits(Refused):
    """A draft beside another of the same publication."""

    sentence = _("A draft is waiting already: approve or discard that one first.")
    status = 409


class NotPublished(Refused):
    """A revision of what nobody has approved."""

    sentence = _("Nothing is approved yet: discard the draft and write a new one instead.")
    status = 409


class NoBrowser(Refused):
    """This machine lacks the browser that draws pictures, or it did not answer in time."""

    sentence = _(
        "No pictures can be drawn on this computer now: the browser that draws them is missing "
        "or does not answer. The tables have the same figures."
    )
    status = 503
