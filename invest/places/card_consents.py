"""Whether the contact on a card may be shown: its owner says so by the link in a letter, once."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from invest.fairs.confirmations import GOOD_FOR
from invest.letters import about, outbox
from invest.letters.queries import anew
from invest.models import AssetCard, Letter
from invest.refusals import WrongState

SALT = "show-a-contact"
MOST_A_DAY = 5  # Cards that strangers write cannot fill somebody's letter box.


def sign(card: AssetCard) -> str:
    """The words of a link that is bound to one card and the person on it."""
    return signing.dumps([card.pk, card.person_id], salt=SALT)


def read(signed: str) -> tuple[AssetCard, bool]:
    """The card a link asks about, and whether the link is too old.

    Raises signing.BadSignature for what we never wrote, and where the card has another person now.
    """
    is_old = False
    try:
        pk, person = signing.loads(signed, salt=SALT, max_age=GOOD_FOR)
    except signing.SignatureExpired:
        pk, person = signing.loads(signed, salt=SALT)
        is_old = True
    card = AssetCard.objects.select_related("place", "person").filter(pk=pk).first()
    if card is None or card.person_id is None or card.person_id != person:
        raise signing.BadSignature
    return card, is_old


@transaction.atomic
def agree(*, card: AssetCard, at: datetime) -> None:
    """The owner says that the contact may be shown. Raises WrongState the second time."""
    card = AssetCard.objects.select_for_update(of=("self",)).get(pk=card.pk)
    if card.contact_agreed_at or card.removed_at or card.person_id is None:
        raise WrongState(state=_("answered"))
    card.contact_agreed_at = at
    card.save(update_fields=["contact_agreed_at"])


def ask(*, card: AssetCard, link: Callable[[str], str], at: datetime) -> bool:
    """Write to whoever's address is on the card. Returns whether a letter went."""
    person = card.person
    if person is None or not person.email or card.contact_agreed_at or person.restricted_on:
        return False
    lately = person.letters.filter(kind=Letter.Kind.CONFIRM, written_at__gt=at - timedelta(days=1))
    if lately.count() >= MOST_A_DAY:
        return False
    with translation.override(person.language):
        subject = _("May your contact be shown in %(place)s?") % {"place": card.place.name}
    context = {
        "person": person,
        "card": card,
        "days": GOOD_FOR.days,
        "link": link(sign(card)),
    }
    topic = about.card(card)
    letter = outbox.send(
        person,
        Letter.Kind.CONFIRM,
        subject,
        "places/letters/card_contact",
        context,
        organisation=card.place.organisation,
        about=topic,
        key=anew(topic, person),
    )
    return letter is not None
