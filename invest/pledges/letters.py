"""The letters of a promise."""

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from invest.letters import about
from invest.letters.outbox import send
from invest.links import absolute
from invest.models import Call, Letter, Pledge
from invest.pledges import queries

LATE = ":late"  # Ends the key of the letter about a call that was not paid in time.


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


def send_late(call: Call, *, left_minor: int) -> bool:
    """Remind of a call that was not paid in time, once; False where no letter may go.

    `left_minor` is what is not paid yet, in öre. The pledge's person and project are there.
    """
    pledge, vehicle = call.pledge, call.pledge.offering.vehicle
    person, project = pledge.person, vehicle.project
    if person is None or project is None:
        return False
    with translation.override(person.language):
        subject = _("A payment that we have not seen yet: %(project)s") % {"project": project.name}
    context = {
        "person": person,
        "call": call,
        "left_minor": left_minor,
        "project": project,
        "organisation": vehicle.organisation,
        "link": absolute(reverse("receipt", args=[pledge.token])),
    }
    topic = about.call(call)
    letter = send(
        person,
        Letter.Kind.CALL,
        subject,
        "pledges/letters/call_late",
        context,
        organisation=vehicle.organisation,
        about=topic,
        key=f"{topic}{LATE}",
    )
    return letter is not None
