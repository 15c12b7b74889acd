"""What the pages of places show: inventory, contact where it is agreed, and what fits together."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from invest.in_kind.fits import (
    FIRST_FOUND,
    MOST_FOUND,
    RUNNING,
    Fit,
    Kind,
    Side,
    contact_of,
    fits_of,
    open_needs,
    standing,
    summary,
)
from invest.models import AssetCard, Fair, Gathering, Person, Place, Project, User
from invest.places.places import SORTS
from invest.progress.stages import with_stage
from invest.similarity import fold
from invest.web.wording import quantity_text


@dataclass(frozen=True)
class Shown:
    """A card as others see it."""

    card: AssetCard
    contact: Person | None
    is_mine: bool = False

    @property
    def how_much(self) -> str:
        """8 hours; empty where no quantity is told."""
        card = self.card
        if card.quantity is None or not card.unit_id:
            return ""
        return quantity_text(card.quantity, card.unit_id)


@dataclass(frozen=True)
class PlacePage:
    """The public page of a place, but for the page of cards."""

    place: Place
    counts: tuple[tuple[str, str, int, int], ...]
    fits: tuple[Fit, ...]
    summary: tuple[str, ...]
    projects: tuple[Project, ...]
    fairs: tuple[Fair, ...]
    gatherings: tuple[Gathering, ...]

    @property
    def first(self) -> tuple[Fit, ...]:
        """The best, which a phone has room for."""
        return self.fits[:FIRST_FOUND]

    @property
    def rest(self) -> tuple[Fit, ...]:
        """The others, behind a fold."""
        return self.fits[FIRST_FOUND:]


def places(text: str = "") -> list[Any]:
    """Places whose name, municipality or postcode holds every word, with `have` and `lack`."""
    standing = Q(cards__removed_at__isnull=True)
    every = Place.objects.annotate(
        have=Count("cards", filter=standing & Q(cards__side=Side.HAVE)),
        lack=Count("cards", filter=standing & Q(cards__side=Side.LACK)),
    ).order_by("name")
    wanted = fold(text).split()
    return [
        place
        for place in every
        if _holds(f"{place.name} {place.municipality} {place.postcodes}", wanted)
    ]


def search(place: Place, text: str = "", kind: str = "", side: str = "") -> list[AssetCard]:
    """Standing cards that hold every word, of a kind and a side where told. One query.

    Folded in Python: SQLite folds no å, ä, ö.
    """
    cards = standing(place)
    if kind:
        cards = cards.filter(kind=kind)
    if side:
        cards = cards.filter(side=side)
    wanted = fold(text).split()
    return [card for card in cards if _holds(f"{card.title} {card.text}", wanted)]


def shown(card: AssetCard, user: User | None = None) -> Shown:
    """The card, with its contact only where its owner has agreed."""
    is_mine = bool(user and card.person and card.person.user_id == user.pk)
    return Shown(card, contact_of(card), is_mine)


def keepers_contact(card: AssetCard) -> list[str]:
    """How the keeper reaches a card's owner: what was written on the card, and no more.

    An address that a stranger wrote may belong to somebody on record; until they have agreed, their
    name and telephone stay where they are.
    """
    person = card.person
    if person is None or person.is_hidden:
        return []
    if person.email and card.contact_agreed_at is None:
        return [person.email]
    return [told for told in (person.name, person.email, person.phone) if told]


def cards_of(user: User) -> list[AssetCard]:
    """Cards in the inventories with one's name on them, newest first. One query."""
    mine = AssetCard.objects.filter(person__user=user, removed_at__isnull=True)
    return list(mine.select_related("place", "unit"))


def place_page(place: Place, as_of: date) -> PlacePage:
    """A place with its counts, what fits together, and the projects and fairs of the municipality.

    Nine queries, however many cards.
    """
    cards = list(standing(place))
    needs = open_needs(place.municipality, as_of)
    fits = fits_of(cards, needs)
    numbers = Counter((card.kind, card.side) for card in cards)
    projects = with_stage(Project.objects.filter(municipality=place.municipality), as_of)
    return PlacePage(
        place=place,
        counts=tuple(
            (code, str(label), numbers[code, Side.HAVE], numbers[code, Side.LACK])
            for code, label in Kind.choices
            if numbers[code, Side.HAVE] or numbers[code, Side.LACK]
        ),
        fits=tuple(fits[:MOST_FOUND]),
        summary=tuple(summary(fits)),
        projects=tuple(projects.order_by("name")),
        fairs=tuple(Fair.objects.filter(municipality=place.municipality).order_by("-starts_at")),
        gatherings=tuple(place.gatherings.filter(ends_at__date__gte=as_of).order_by("starts_at")),
    )


def projects_to_help(card: AssetCard, as_of: date) -> list[Project]:
    """Running projects of the card's municipality, for a card that may become help."""
    if card.kind not in SORTS or card.side != Side.HAVE:
        return []
    here = with_stage(Project.objects.filter(municipality=card.place.municipality), as_of)
    return list(here.filter(RUNNING).order_by("name"))


def _holds(text: str, wanted: Iterable[str]) -> bool:
    told = fold(text)
    return all(word in told for word in wanted)
