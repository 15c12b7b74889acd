"""Letters to savers: plain text with HTML beside it, in the person's language.

Sent only when what they tell of is safely in the database; a mail server that fails loses the
letter, never the promise. Every letter is kept as it was written (`Letter`), with the moment it
went, so that a demo can show them and nobody has to guess.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from invest.models import Letter, Organisation, Person, Unwanted


def send(
    person: Person,
    kind: Letter.Kind,
    subject: str,
    template: str,
    context: Mapping[str, Any],
    *,
    organisation: Organisation | None,
    about: str,
    key: str,
) -> Letter | None:
    """Write `invest/<template>.txt` and `.html` to somebody, and send it after the commit.

    `organisation`, `about` and `key` tell whose letter it is, of what, and which one (`Letter`).
    None where there is no address, where the person does not want letters of the kind, or where
    this very letter is written already.
    """
    if not person.email or Unwanted.objects.filter(person=person, kind=kind).exists():
        return None
    with translation.override(person.language):
        return _write(
            person,
            person.email,
            kind,
            subject,
            template,
            context,
            organisation=organisation,
            about=about,
            key=key,
        )


def send_to_organisation(
    organisation: Organisation,
    kind: Letter.Kind,
    subject: str,
    template: str,
    context: Mapping[str, Any],
    *,
    about: str,
    key: str,
) -> Letter | None:
    """Write to an organisation's own address, in Swedish; whose letter it then is.

    None where it has no address, or where this very letter is written already.
    """
    if not organisation.contact_email:
        return None
    with translation.override(settings.LANGUAGE_CODE):
        return _write(
            None,
            organisation.contact_email,
            kind,
            subject,
            template,
            context,
            organisation=organisation,
            about=about,
            key=key,
        )


@transaction.atomic
def leave_out(person: Person, kinds: Iterable[str]) -> None:
    """Keep which kinds of letters somebody does not want: these, and no others."""
    rows = [Unwanted(person=person, kind=kind) for kind in kinds]
    Unwanted.objects.filter(person=person).delete()
    Unwanted.objects.bulk_create(rows)


def _write(
    person: Person | None,
    to: str,
    kind: Letter.Kind,
    subject: str,
    template: str,
    context: Mapping[str, Any],
    *,
    organisation: Organisation | None,
    about: str,
    key: str,
) -> Letter | None:
    letter, is_new = Letter.objects.get_or_create(
        key=key,
        defaults={
            "person": person,
            "organisation": organisation,
            "about": about,
            "kind": kind,
            "to": to,
            # On one line: a name with a line break in it must not become a header.
            "subject": " ".join(subject.split())[:200],
            "text": render_to_string(f"invest/{template}.txt", context),
            "html": render_to_string(f"invest/{template}.html", context),
            "written_at": timezone.now(),
        },
    )
    if not is_new:
        return None
    transaction.on_commit(lambda: _go(letter), robust=True)
    return letter


def _go(letter: Letter) -> None:
    mail = EmailMultiAlternatives(subject=letter.subject, body=letter.text, to=[letter.to])
    mail.attach_alternative(letter.html, "text/html")
    mail.send()
    letter.sent_at = timezone.now()
    letter.save(update_fields=["sent_at"])
