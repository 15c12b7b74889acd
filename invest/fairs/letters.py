"""The letters of a fair."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from invest.fairs.queries.desk import Slot
from invest.letters import about
from invest.letters.outbox import send_to_organisation
from invest.letters.queries import anew
from invest.models import Letter


def invite(slot: Slot) -> Letter | None:
    """Ask a project's organisation whether it comes; None where it has no address."""
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("Invitation to %(fair)s") % {"fair": slot.pitch.fair.name}
    topic = about.pitch(slot.pitch)
    return send_to_organisation(
        slot.pitch.project.organisation,
        Letter.Kind.CONFIRM,
        subject,
        "fairs/letters/invitation",
        {"pitch": slot.pitch, "fair": slot.pitch.fair, "link": slot.link},
        about=topic,
        key=anew(topic),
    )
