"""Places and their cards: added once, taken away with a reason, promised once, read from a file."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from invest.in_kind import in_kind
from invest.models import (
    AssetCard,
    InKind,
    InKindEvent,
    Need,
    Organisation,
    Person,
    Place,
    Pledge,
    Project,
    User,
)
from invest.once import Sent
from invest.people import Giver, claim, open_words, person_for, plain
from invest.places.refusals import CardPromised, NotACard, OwnerFirst, PlaceNamed
from invest.refusals import WrongState
from invest.similarity import fold, of_name
from invest.slugs import free_slug
from pools.models import Unit

Kind, Side, Sort = AssetCard.Kind, AssetCard.Side, InKind.Sort
# A kind of card → the sort of help that it may become. Idle money is promised as money.
SORTS: dict[str, str] = {
    Kind.SKILL: Sort.TIME,
    Kind.ROOM: Sort.SPACE,
    Kind.LAND: Sort.SPACE,
    Kind.TOOL: Sort.TOOL,
    Kind.SHOP: Sort.GOODS,
    Kind.ORGANISATION: Sort.INTRODUCTIONS,
    Kind.ENERGY: Sort.GOODS,
    Kind.STORY: Sort.PUBLICITY,
}
UNITS = (*dict.fromkeys(in_kind.USUAL_UNITS.values()), "KG", "METRE", "SQM", "PERSON")


@dataclass(frozen=True, slots=True)
class Asset:
    """What a card says. `unit` is a code, empty: the usual one where there is a quantity."""

    kind: str
    side: str
    title: str
    text: str = ""
    quantity: Decimal | None = None
    unit: str = ""

    @property
    def unit_code(self) -> str | None:
        """The unit's code; None without a quantity."""
        if self.quantity is None:
            return None
        return self.unit or unit_of(self.kind)


def unit_of(kind: str) -> str:
    """The code of the unit in which a kind of card is usually counted."""
    return in_kind.USUAL_UNITS[SORTS.get(kind, Sort.PRE_PURCHASE)]


def add_place(*, organisation: Organisation, name: str, municipality: str, **told: str) -> Place:
    """A new place. Raises PlaceNamed where the municipality has one of the name, in any case."""
    slug = free_slug(plain(name), "plats", Place)
    place = Place(slug=slug, organisation=organisation)
    return correct_place(place=place, name=name, municipality=municipality, **told)


def correct_place(*, place: Place, name: str, municipality: str, **told: str) -> Place:
    """Other words about it; its address stays. Raises as `add_place`."""
    name, municipality = plain(name), plain(municipality, most=60)
    if other := of_name(Place.objects.exclude(pk=place.pk), name, municipality):
        raise PlaceNamed(name=other.name, municipality=other.municipality)
    for field, value in {"name": name, "municipality": municipality, **told}.items():
        setattr(place, field, value)
    try:
        with transaction.atomic():
            place.save()
    except IntegrityError as taken_now:
        raise PlaceNamed(name=name, municipality=municipality) from taken_now
    return place


def add_card(
    *,
    place: Place,
    asset: Asset,
    key: str,
    by: str,
    at: datetime,
    giver: Giver | None = None,
    is_own: bool = False,
) -> AssetCard:
    """Add a card, once: the same key with the same words returns the card already there.

    Of a `giver` nothing is told to others, except where whoever is logged in (`is_own`) says so of
    themselves. Raises KeyReused, ContactShown, UnsafeText, TextTooLong.
    """
    title, text = open_words(asset.title), open_words(asset.text, most=400)
    columns = {"place_id": place.pk, "kind": asset.kind, "side": asset.side, "title": title}
    sent = Sent(key, columns)
    if earlier := sent.earlier(AssetCard.objects.all()):
        return earlier

    def make() -> AssetCard:
        return AssetCard.objects.create(
            **columns,
            text=text,
            quantity=asset.quantity,
            unit=Unit.objects.get(pk=asset.unit_code) if asset.unit_code else None,
            person=person_for(giver, at=at) if giver else None,
            contact_agreed_at=at if giver and giver.user and is_own else None,
            key=key,
            added_by=by,
            added_at=at,
        )

    return sent.once(AssetCard.objects.all(), make)


@transaction.atomic
def take_away(*, card: AssetCard, by: str, at: datetime, why: str) -> None:
    """Off the page; the row stays, with who and why. Raises NotACard without a reason."""
    card = AssetCard.objects.select_for_update().get(pk=card.pk)
    if card.removed_at:
        return
    card.removed_why = plain(why, most=200)
    if not card.removed_why:
        raise NotACard(field="why", reason=_("write a reason"))
    card.removed_at, card.removed_by, card.contact_agreed_at = at, by, None
    card.save()


def speaks_for(card: AssetCard, user: User | None) -> bool:
    """Whether who holds the card's link may promise in the name of its person.

    Not with somebody else's address on it: its owner has answered the letter, or is logged in.
    """
    person = card.person
    if person is None or (user is not None and person.user_id == user.pk):
        return True
    return bool(card.contact_agreed_at) or (person.user_id is None and not person.email)


@transaction.atomic
def promise(
    *,
    card: AssetCard,
    project: Project,
    need: Need | None,
    on: date,
    at: datetime,
    by: str,
    quantity: Decimal | None = None,
    name: str = "",
    user: User | None = None,
) -> InKind:
    """The card becomes an offer of help in kind; once, and anew only when that was taken back.

    `quantity` in its kind's usual unit, where the card says none; 1 where nobody does. Raises
    CardPromised, OwnerFirst, WrongState for a card that is no offer of help or is taken
    away, NotACard without a name, and what `in_kind.offer` raises.
    """
    card = AssetCard.objects.select_for_update(of=("self",)).get(pk=card.pk)
    earlier = card.in_kind
    if earlier and in_kind.latest(earlier).to_state in InKindEvent.OPEN:
        if earlier.project_id == project.pk:
            return earlier
        raise CardPromised(project=earlier.project.name)
    if card.side != Side.HAVE or card.removed_at or card.kind not in SORTS:
        raise WrongState(state=card.get_kind_display())
    if not speaks_for(card, user):
        raise OwnerFirst
    person = card.person or (claim(user) if user else None)
    told = (person.name if person else "") or plain(name)
    if not told:
        raise NotACard(field="name", reason=_("write your name, so that we know who promises"))
    made = in_kind.offer(
        project=project,
        giver=Giver(
            name=told,
            email=person.email if person else "",
            phone=person.phone if person else "",
            municipality=person.municipality if person else "",
            language=person.language if person else translation.get_language() or "sv",
            user=user if person and user and person.user_id == user.pk else None,
        ),
        help_=in_kind.Help(
            sort=SORTS[card.kind],
            what=card.title,
            quantity=card.quantity or quantity or Decimal(1),
            unit=card.unit_id or unit_of(card.kind),
            conditions=card.text[:300],
        ),
        key=f"asset:{card.pk}:{earlier.pk if earlier else 0}",
        key_owner=f"asset:{card.pk}",
        on=on,
        by=by,
        at=at,
        source=Pledge.Source.WEB,
        need=need,
    )
    _same_person(made, person)
    card.in_kind, card.person = made, made.person
    card.save(update_fields=["in_kind", "person"])
    return made


def _same_person(made: InKind, person: Person | None) -> None:
    """Somebody without an address is not made anew for the promise."""
    if person is None or made.person_id == person.pk:
        return
    new, made.person = made.person, person
    made.save(update_fields=["person"])
    if new is not None and not new.email and new.user_id is None:
        new.delete()


def enter(*, place: Place, assets: Iterable[Asset], by: str, at: datetime) -> int:
    """Keep cards from a file, each once however often the file comes. Returns how many are new.

    One that was taken away since stays away.
    """
    before = place.cards.count()
    cards = [
        AssetCard(
            place=place,
            kind=asset.kind,
            side=asset.side,
            title=open_words(asset.title),
            text=open_words(asset.text, most=400),
            quantity=asset.quantity,
            unit_id=asset.unit_code,
            key=import_key(place, asset),
            added_by=by,
            added_at=at,
        )
        for asset in assets
    ]
    AssetCard.objects.bulk_create(cards, batch_size=500, ignore_conflicts=True)
    return place.cards.count() - before


def import_key(place: Place, asset: Asset) -> str:
    """What makes a card of a file the same card: its content."""
    quantity = format(asset.quantity.normalize(), "f") if asset.quantity else ""
    told = [asset.kind, asset.side, fold(asset.title), fold(asset.text), quantity, asset.unit_code]
    digest = hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()
    return f"import:{place.pk}:{digest[:48]}"
