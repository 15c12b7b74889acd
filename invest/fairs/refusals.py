"""What the room `fairs` refuses."""

from django.utils.translation import gettext_lazy as _

from pools.errors import Refused


class CardEntered(Refused):
    """A paper card whose serial is in already."""

    sentence = _("Card no. %(serial)s was entered already, in batch %(batch)s. Nothing was added.")
    status = 409


class BatchUneven(Refused):
    """A batch whose cards are not those counted by hand."""

    sentence = _(
        "Counted by hand: %(told)s cards and %(told_sum)s. Entered: %(entered)s cards and "
        "%(entered_sum)s. Find the card that differs, then close the batch."
    )
    status = 409
