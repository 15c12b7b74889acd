"""Letters to savers: plain text with HTML beside it, in the person's language.

Sent only when what they tell of is safely in the database; a mail server that fails loses the
letter, never the promise. Every letter is kept as it was written (`Letter`), with the moment it
went, so that a demo can show them and nobody has to guess.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from invest import queries
from invest.models import Letter, Organisation, Person, Pledge, Unwanted, Vehicle
from invest.queries import letters
from invest.queries.fair_desk import Slot
from pools.errors import AskedToday, NoLetterBox


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
        return _write(person, person.email, kind, subject, template, context)


def send_to_organisation(
    organisation: Organisation,
    kind: Letter.Kind,
    subject: str,
    template: str,
    context: Mapping[str, Any],
) -> Letter | None:
    """Write to an organisation's own address, in Swedish; None where it has none."""
    if not organisation.contact_email:
        return None
    with translation.override(settings.LANGUAGE_CODE):
        return _write(None, organisation.contact_email, kind, subject, template, context)


@transaction.atomic
def leave_out(person: Person, kinds: Iterable[str]) -> None:
    """Keep which kinds of letters somebody does not want: these, and no others."""
    rows = [Unwanted(person=person, kind=kind) for kind in kinds]
    Unwanted.objects.filter(person=person).delete()
    Unwanted.objects.bulk_create(rows)


@transaction.atomic
def ask_exit(*, vehicle: Vehicle, number: int, why: str, link: str, at: datetime) -> Letter:
    """A holder asks the organisation to leave: a letter, and nothing is booked.

    `link` leads the keeper to the holder. Raises AskedToday, and NoLetterBox where the
    organisation has no address.
    """
    Vehicle.objects.select_for_update().get(pk=vehicle.pk)
    last = letters.exits_asked(vehicle, number).first()
    if last and timezone.localdate(last.written_at) == timezone.localdate(at):
        raise AskedToday
    told = {"number": number, "vehicle": vehicle.name}
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("Holder no. %(number)s asks to leave %(vehicle)s") % told
    letter = send_to_organisation(
        vehicle.organisation,
        Letter.Kind.CONFIRM,
        f"{letters.exit_reference(vehicle, number)} {subject}",
        "exit",
        {**told, "why": why, "link": link},
    )
    if letter is None:
        raise NoLetterBox(organisation=vehicle.organisation.name)
    return letter


def invite(slot: Slot) -> Letter | None:
    """Ask a project's organisation whether it comes; None where it has no address."""
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("Invitation to %(fair)s") % {"fair": slot.pitch.fair.name}
    return send_to_organisation(
        slot.pitch.project.organisation,
        Letter.Kind.CONFIRM,
        subject,
        "invitation",
        {"pitch": slot.pitch, "fair": slot.pitch.fair, "link": slot.link},
    )


def _write(
    person: Person | None,
    to: str,
    kind: Letter.Kind,
    subject: str,
    template: str,
    context: Mapping[str, Any],
) -> Letter:
    letter = Letter.objects.create(
        person=person,
        kind=kind,
        to=to,
        # On one line: a name with a line break in it must not become a header.
        subject=" ".join(subject.split())[:200],
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
