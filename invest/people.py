"""People: finding them, linking a login to its person, and what they agreed to be shown."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from invest import identity
from invest.models import Consent, Holding, Organisation, Person, Pledge, User
from invest.refusals import ContactShown, TextTooLong, UnsafeText

PUBLISH_NAME_TEXT = "2026-11"  # The version of the words shown beside the tick.
_BIDI_CONTROLS = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")

_ADDRESS = re.compile(r"[^\s@]@[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}")
# Not the end of an amount, as in 20 000 000 000, and not hours, as in 0830-1600.
_DIALLED = re.compile(
    r"(?<![\d.,:])(?<!\d\s)(?![012]\d[0-5]\d\s?[-–]\s?[012]\d[0-5]\d(?!\d))[+0][\d\s()/–-]{6,30}\d"
)


@dataclass(frozen=True, slots=True)
class Giver:
    """What somebody who promises tells of themselves. Only the name is needed."""

    name: str
    email: str = ""
    phone: str = ""
    municipality: str = ""
    language: str = "sv"
    user: User | None = None
    publish_name: bool = False


def plain(text: str, *, most: int = 120) -> str:
    """The text in one Unicode form (NFC), trimmed.

    Raises UnsafeText for control characters and for marks that turn the reading direction around
    (stored they would lie about what a reader sees), TextTooLong beyond `most` characters.
    """
    text = unicodedata.normalize("NFC", text).strip()
    if len(text) > most:
        raise TextTooLong(most=most)
    if any(unicodedata.category(c) == "Cc" or c in _BIDI_CONTROLS for c in text):
        raise UnsafeText
    return text


def open_words(text: str, *, most: int = 120) -> str:
    """As `plain`, for what everybody may read. Raises ContactShown for how to reach somebody."""
    text = plain(text, most=most)
    if holds_contact(text):
        raise ContactShown
    return text


def holds_contact(text: str) -> bool:
    """Whether an e-mail address or a telephone number stands in it.

    A number is one that is dialled: from 0 eight to thirteen digits, from + or 00 up to fifteen
    (ITU-T E.164), with what people write between them. Amounts, days and hours are none.
    """
    dialled = (re.sub(r"\D", "", run) for run in _DIALLED.findall(text))
    return bool(_ADDRESS.search(text)) or any(8 <= len(digits) <= 17 for digits in dialled)


@transaction.atomic
def person_for(giver: Giver, *, at: datetime) -> Person:
    """The person behind a promise: by login, else by e-mail, else a new one.

    An e-mail typed by a stranger links the promise but changes nothing on record: name and
    contact stay as their owner left them.
    """
    person = None
    if giver.user is not None:
        person = claim(giver.user)
    elif giver.email:
        person = Person.objects.filter(email__iexact=giver.email).order_by("pk").first()
    if person is None:
        person = Person.objects.create(
            name=plain(giver.name),
            email=giver.email.lower(),
            phone=plain(giver.phone, most=30),
            municipality=plain(giver.municipality, most=60),
            language=giver.language,
            created_at=at,
        )
    elif giver.user is not None and not person.name:
        person.name = plain(giver.name)
        person.save(update_fields=["name"])
    if giver.publish_name:
        give_consent(person=person, kind=Consent.Kind.PUBLISH_NAME, at=at)
    return person


@transaction.atomic
def of_login(user: User) -> Person | None:
    """Who is behind a login: linked to it, or on record with the e-mail that it has proved."""
    mine = Person.objects.filter(user=user).first()
    unclaimed = Person.objects.filter(user__isnull=True, email__iexact=user.email)
    return mine or unclaimed.order_by("pk").first()


def claim(user: User) -> Person:
    """The person of a login, linked by the e-mail that the login has proved, or made now."""
    if person := Person.objects.filter(user=user).first():
        return person
    person = (
        Person.objects.select_for_update()
        .filter(user__isnull=True, email__iexact=user.email)
        .order_by("pk")
        .first()
    ) or Person(name="", email=user.email)
    person.user = user
    person.save()
    return person


def is_shared(person: Person, organisation: Organisation) -> bool:
    """Whether somebody logs in, or has promised or holds in another organisation too."""
    held = Holding.objects.filter(person=person).exclude(vehicle__organisation=organisation)
    promised = Pledge.objects.filter(person=person).exclude(
        offering__vehicle__organisation=organisation
    )
    return person.user_id is not None or held.exists() or promised.exists()


def correct(
    *,
    person: Person,
    postal_address: str,
    identity_number: str,
    is_protected: bool,
    **contact: str,
) -> Person:
    """Keep what a register must know; an empty identity number leaves the one on record.

    `contact` may hold name, municipality and phone.
    """
    person.postal_address, person.is_protected = postal_address, is_protected
    if identity_number:
        person.identity_sealed = identity.seal(identity_number)
    for name, told in contact.items():
        setattr(person, name, told)
    person.save()
    return person


def give_consent(*, person: Person, kind: Consent.Kind, at: datetime) -> Consent:
    """Record a consent; one that stands already is returned."""
    standing = Consent.objects.filter(person=person, kind=kind, withdrawn_at__isnull=True).first()
    return standing or Consent.objects.create(
        person=person, kind=kind, text_version=PUBLISH_NAME_TEXT, given_at=at
    )


def withdraw_consent(*, person: Person, kind: Consent.Kind, at: datetime | None = None) -> None:
    """End a consent from now on; what was shown before is history."""
    Consent.objects.filter(person=person, kind=kind, withdrawn_at__isnull=True).update(
        withdrawn_at=at or timezone.now()
    )
