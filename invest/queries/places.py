"""What the pages of places show: inventory, contact where it is agreed, and what fits together."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from invest import in_kind as helping
from invest.likeness import Found, Thing, fold, found, kind_of
from invest.models import AssetCard, Fair, Gathering, InKind, Need, Person, Place, Project, User
from invest.places import SORTS
from invest.queries.cards import STAGE_GROUPS
from invest.queries.figures import with_stage
from invest.queries.wording import quantity_text

Kind, Side = AssetCard.Kind, AssetCard.Side
MOST_FOUND, FIRST_FOUND = 12, 3
RUNNING = Q(stage__isnull=True) | ~Q(stage__in=STAGE_GROUPS["ended"])


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
class Fit:
    """Something offered and something looked for, and why they may fit."""

    have: AssetCard
    card: AssetCard | None
    need: Need | None
    why: str
    contact: Person | None = None

    @property
    def looked_for(self) -> str:
        """What is looked for, in words."""
        return self.need.text if self.need else self.card.title if self.card else ""


@dataclass(frozen=True)
class PlacePage:
    """The public page of a place, but for the page of cards."""

    place: Place
    counts: tuple[tuple[str, str, int, int], ...]
    fits: tuple[Fit, ...]
    told: tuple[str, ...]
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


def standing(place: Place) -> QuerySet[AssetCard]:
    """Cards that were not taken away, newest first."""
    return place.cards.filter(removed_at__isnull=True).select_related(
        "person", "unit", "place", "in_kind__project"
    )


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


def contact_of(card: AssetCard) -> Person | None:
    """Whom to reach; None where nobody has agreed to be reached, or is forgotten or protected."""
    person = card.person
    if person is None or card.contact_agreed_at is None:
        return None
    return None if person.is_hidden else person


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
        told=tuple(summary(fits)),
        projects=tuple(projects.order_by("name")),
        fairs=tuple(Fair.objects.filter(municipality=place.municipality).order_by("-starts_at")),
        gatherings=tuple(place.gatherings.filter(ends_at__date__gte=as_of).order_by("starts_at")),
    )


def open_needs(municipality: str, as_of: date, project: Project | None = None) -> list[Need]:
    """Needs in kind of running projects there that accepted help has not filled. Two queries."""
    running = with_stage(Project.objects.filter(municipality=municipality), as_of)
    running = running.filter(RUNNING)
    if project is not None:
        running = running.filter(pk=project.pk)
    asked = Need.objects.filter(quantity__isnull=False, project__in=running.values("pk"))
    needs = list(asked.select_related("project").order_by("pk"))
    filled: dict[int, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    accepted = helping.with_latest(InKind.objects.filter(need__in=needs)).filter(
        state__in=helping.ACCEPTED_STATES
    )
    for help_ in accepted:
        if help_.need_id:
            filled[help_.need_id][help_.unit_id] += help_.quantity_now
    return [
        need
        for need in needs
        if need.quantity and max(filled[need.pk].values(), default=Decimal(0)) < need.quantity
    ]


def fits_of(cards: Iterable[AssetCard], needs: Iterable[Need]) -> list[Fit]:
    """What we have against what we lack and what projects ask for, the best first. No query.

    A card that has become a promise is left out: it has found its place.
    """
    free = [card for card in cards if card.in_kind_id is None]
    by_pk, asked = {card.pk: card for card in free}, {need.pk: need for need in needs}
    haves = [_thing(card) for card in free if card.side == Side.HAVE]
    lacks = [_thing(card) for card in free if card.side == Side.LACK]
    lacks += [
        Thing(("need", need.pk), kind_of(need.text_sv, need.unit), need.text_sv)
        for need in asked.values()
    ]
    return [_fit(pair, by_pk, asked) for pair in found(haves, lacks)]


def fits_of_card(card: AssetCard, as_of: date) -> list[Fit]:
    """What one card fits with."""
    if card.removed_at:
        return []
    cards = [card]
    if card.side == Side.HAVE:
        cards += standing(card.place).filter(side=Side.LACK)
        needs = open_needs(card.place.municipality, as_of)
    else:
        cards += standing(card.place).filter(side=Side.HAVE)
        needs = []
    return [fit for fit in fits_of(cards, needs) if card in (fit.have, fit.card)][:MOST_FOUND]


def fits_of_project(project: Project, as_of: date) -> list[Fit]:
    """Cards of places in the project's municipality that fit what it still asks for."""
    needs = open_needs(project.municipality, as_of, project)
    if not needs:
        return []
    cards = AssetCard.objects.filter(
        place__municipality=project.municipality, side=Side.HAVE, removed_at__isnull=True
    )
    return fits_of(cards.select_related("person", "place"), needs)[:MOST_FOUND]


def summary(fits: Iterable[Fit]) -> list[str]:
    """For each kind: how many projects look for one, and that somebody offers it."""
    looking: dict[str, set[int]] = defaultdict(set)
    for fit in fits:
        if fit.need:
            looking[fit.have.kind].add(fit.need.project_id)
    return [
        ngettext(
            "%(n)s project looks for what somebody here offers: %(kind)s.",
            "%(n)s projects look for what somebody here offers: %(kind)s.",
            len(projects),
        )
        % {"n": len(projects), "kind": str(Kind(kind).label).lower()}
        for kind, projects in sorted(looking.items())
    ]


def projects_to_help(card: AssetCard, as_of: date) -> list[Project]:
    """Running projects of the card's municipality, for a card that may become help."""
    if card.kind not in SORTS or card.side != Side.HAVE:
        return []
    here = with_stage(Project.objects.filter(municipality=card.place.municipality), as_of)
    return list(here.filter(RUNNING).order_by("name"))


def _thing(card: AssetCard) -> Thing:
    return Thing(("card", card.pk), card.kind, f"{card.title} {card.text}")


def _fit(pair: Found, cards: dict[int, AssetCard], needs: dict[int, Need]) -> Fit:
    have, (sort, pk) = cards[pair.have.of[1]], pair.lack.of
    return Fit(
        have=have,
        card=cards[pk] if sort == "card" else None,
        need=needs[pk] if sort == "need" else None,
        why=_why(pair),
        contact=contact_of(have),
    )


def _why(pair: Found) -> str:
    shared = ", ".join(_("“%(word)s”") % {"word": word} for word in pair.shared)
    if not pair.kind:
        return _("Both speak of %(words)s.") % {"words": shared}
    kind = str(Kind(pair.kind).label).lower()
    if not shared:
        return _("One is offered and one is looked for: %(kind)s.") % {"kind": kind}
    return _("Both are of one kind (%(kind)s), and both speak of %(words)s.") % {
        "kind": kind,
        "words": shared,
    }


def _holds(text: str, wanted: Iterable[str]) -> bool:
    told = fold(text)
    return all(word in told for word in wanted)
