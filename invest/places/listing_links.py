"""The link by which whoever is listed in the directory corrects the listing, or takes it away."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.core import signing
from django.utils import translation
from django.utils.translation import gettext as _

from invest.letters import about, outbox
from invest.letters.queries import anew
from invest.models import Letter, Person, Producer
from invest.places.card_consents import MOST_A_DAY

SALT = "a-listing"


def sign(producer: Producer) -> str:
    """The words of a link that is bound to one listing and the day it was agreed to."""
    return _signer().sign_object([producer.pk, producer.agreed_on.isoformat()])


def read(signed: str) -> Producer:
    """The listing of a link, which works for as long as that listing stands.

    Raises signing.BadSignature for what we never wrote, and where it was agreed to anew since.
    """
    pk, agreed_on = _signer().unsign_object(signed)
    listings = Producer.objects.select_related("place__organisation")
    found = listings.filter(pk=pk, agreed_on=date.fromisoformat(agreed_on)).first()
    if found is None:
        raise signing.BadSignature
    return found


def reader(producer: Producer) -> Person | None:
    """Who may be written to about it: the person on the card it was made from, with an address."""
    person = producer.card.person if producer.card else None
    return person if person and person.email and not person.restricted_on else None


def send(*, producer: Producer, link: Callable[[str], str], at: datetime) -> bool:
    """Mail the link to whoever is on the card. Returns whether a letter went."""
    person = reader(producer)
    if person is None or producer.ended_on:
        return False
    lately = person.letters.filter(kind=Letter.Kind.CONFIRM, written_at__gt=at - timedelta(days=1))
    if lately.count() >= MOST_A_DAY:
        return False
    with translation.override(person.language):
        subject = _("%(name)s in the directory of %(place)s") % {
            "name": producer.name,
            "place": producer.place.name,
        }
    context = {"person": person, "producer": producer, "link": link(sign(producer))}
    topic = about.listing(producer)
    letter = outbox.send(
        person,
        Letter.Kind.CONFIRM,
        subject,
        "places/letters/listing",
        context,
        organisation=producer.place.organisation,
        about=topic,
        key=anew(topic, person),
    )
    return letter is not None


def _signer() -> signing.Signer:
    return signing.Signer(salt=SALT)
