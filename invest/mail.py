"""Letters to savers: plain text with HTML beside it, in the person's language.

Sent only when what they tell of is safely in the database; a mail server that fails loses the
letter, never the promise.
"""

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from invest import queries
from invest.models import Pledge


def send_receipt(pledge: Pledge, *, link: str) -> None:
    """Mail the receipt of a promise to whoever made it, where an address is known."""
    person = pledge.person
    if person is None or not person.email:
        return
    with translation.override(person.language):
        context = {"promise": queries.savers.receipt(pledge), "link": link}
        letter = EmailMultiAlternatives(
            subject=_("Your promise to %(project)s") % {"project": pledge.offering.vehicle.project},
            body=render_to_string("invest/mail/receipt.txt", context),
            to=[person.email],
        )
        letter.attach_alternative(
            render_to_string("invest/mail/receipt.html", context), "text/html"
        )
    transaction.on_commit(letter.send, robust=True)
