"""Letters to savers: plain text with HTML beside it, in the person's language.

Sent only when what they tell of is safely in the database; a mail server that fails loses the
letter, never the promise. Every letter is kept as it was written (`Letter`), with the moment it
went, so that a demo can show them and nobody has to guess.
"""

from collections.abc import Mapping
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from invest import queries
from invest.models import Letter, Person, Pledge, Unwanted


def send_receipt(pledge: Pledge, *, link: str) -> None:
    """Mail the receipt of a promise to whoever made it, where an address is known."""
    person = pledge.person
    if person is None or not person.email:
        return
    with translation.override(person.language):
        subject = _("Your promise to %(project)s") % {"project": pledge.offering.vehicle.project}
        context = {"promise": queries.savers.receipt(pledge), "link": link}
    send(person, Letter.Kind.RECEIPT, subject, "receipt", context)


def send(
    person: Person, kind: Letter.Kind, subject: str, template: str, context: Mapping[str, Any]
) -> Letter | None:
    """Write `invest/mail/<template>.txt` and `.html` to somebody, and send it after the commit.

    None where there is no address, or where the person does not want letters of the kind.
    """
    if not person.email or Unwanted.objects.filter(person=person, kind=kind).exists():
        return None
    with translation.override(person.language):
        letter = Letter.objects.create(
            person=person,
            kind=kind,
            to=person.email,
            subject=subject[:200],
            text=render_to_string(f"invest/mail/{template}.txt", context),
            html=render_to_string(f"invest/mail/{template}.html", context),
            written_at=timezone.now(),
        )
    transaction.on_commit(lambda: _go(letter), robust=True)
    return letter


def _go(letter: Letter) -> None:
    mail = EmailMultiAlternatives(subject=letter.subject, body=letter.text, to=[letter.to])
    mail.attach_alternative(letter.html, "text/html")
    mail.send()
    letter.sent_at = timezone.now()
    letter.save(update_fields=["sent_at"])
