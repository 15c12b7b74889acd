"""The letters of a promise."""

from django.utils import translation
from django.utils.translation import gettext as _

from invest.letters import about
from invest.letters.outbox import send
from invest.models import Letter, Pledge
from invest.pledges import queries


def send_receipt(pledge: Pledge, *, link: str) -> None:
    """Mail the receipt of a promise to whoever made it, where an address is known."""
    person = pledge.person
    if person is None or not person.email:
        return
    with translation.override(person.language):
        subject = _("Your promise to %(project)s") % {"project": pledge.offering.vehicle.project}
        context = {"promise": queries.receipt(pledge), "link": link}
    topic = about.pledge(pledge)
    send(
        person,
        Letter.Kind.RECEIPT,
        subject,
        "pledges/letters/receipt",
        context,
        organisation=pledge.offering.vehicle.organisation,
        about=topic,
        key=f"{topic}:receipt",
    )
