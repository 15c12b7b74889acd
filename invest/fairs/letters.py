"""The letters of a fair."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from invest.fairs.queries.desk import Slot
from invest.letters.outbox import send_to_organisation
from invest.models import Letter


def invite(slot: Slot) -> Letter | None:
    """Ask a project's organisation whether it comes; None where it has no address."""
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("Invitation to %(fair)s") % {"fair": slot.pitch.fair.name}
    return send_to_organisation(
        slot.pitch.project.organisation,
        Letter.Kind.CONFIRM,
        subject,
        "fairs/letters/invitation",
        {"pitch": slot.pitch, "fair": slot.pitch.fair, "link": slot.link},
    )
