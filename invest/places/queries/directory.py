"""What the directory of a place shows, on its page, as a file and as a leaflet."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from invest.links import absolute, typed
from invest.models import Action, ActionEvent, AssetCard, Holding, Place, Producer, Vehicle
from invest.similarity import fold, in_swedish
from pools.bank.references import qr_svg


@dataclass(frozen=True)
class Listing:
    """A producer as everybody sees it: no telephone that they have not agreed to show."""

    producer: Producer
    takes_vouchers: bool

    @property
    def phone(self) -> str:
        """Where they agreed to it."""
        return self.producer.phone if self.producer.phone_agreed_on else ""


@dataclass(frozen=True)
class Leaflet:
    """The directory to fold and hand out."""

    place: Place
    groups: tuple[tuple[str, tuple[Listing, ...]], ...]
    as_of: date

    @property
    def address(self) -> str:
        """Where the page is."""
        return typed(reverse("listings", args=[self.place.slug]))

    @property
    def qr(self) -> str:
        """Leads a phone to the page."""
        return qr_svg(absolute(reverse("listings", args=[self.place.slug])), title=self.address)

    @property
    def number(self) -> int:
        """How many are listed."""
        return sum(len(listings) for _label, listings in self.groups)

    @property
    def checked_on(self) -> date | None:
        """The day since when each has been checked; None where nobody is listed."""
        days = (
            listing.producer.checked_on for _label, listings in self.groups for listing in listings
        )
        return min(days, default=None)


def standing(place: Place) -> list[Listing]:
    """Listings that have not ended, shown or not, in Swedish order. Five queries."""
    producers = place.producers.filter(ended_on__isnull=True).select_related("card__person")
    takers = voucher_takers(place.municipality)
    return [
        Listing(producer, fold(producer.name) in takers)
        for producer in sorted(producers, key=lambda each: in_swedish(each.name))
    ]


def listings(place: Place, text: str = "", takes: str = "") -> list[Listing]:
    """What is shown, holds every word and takes what is asked for. Five queries."""
    wanted = fold(text).split()
    found = []
    for listing in standing(place):
        producer = listing.producer
        words = fold(f"{producer.name} {producer.what_sv} {producer.what_en} {producer.address}")
        is_taken = {
            "": True,
            "currency": producer.takes_currency,
            "vouchers": listing.takes_vouchers,
        }
        if (
            producer.is_shown
            and all(word in words for word in wanted)
            and is_taken.get(takes, True)
        ):
            found.append(listing)
    return found


def listing(producer: Producer) -> Listing:
    """One listing, as everybody sees it."""
    takers = voucher_takers(producer.place.municipality)
    return Listing(producer, fold(producer.name) in takers)


def grouped(found: list[Listing]) -> tuple[tuple[str, tuple[Listing, ...]], ...]:
    """Listings by what they are, in the order of the sorts."""
    order = Producer.Sort.values
    ranked = sorted(found, key=lambda listing: order.index(listing.producer.sort))
    return tuple(
        (str(Producer.Sort(sort).label), tuple(group))
        for sort, group in groupby(ranked, key=lambda listing: listing.producer.sort)
    )


def leaflet(place: Place, as_of: date) -> Leaflet:
    """All that are listed today."""
    return Leaflet(place, grouped(listings(place)), as_of)


def listing_rows(found: list[Listing]) -> list[tuple[object, ...]]:
    """The directory as a table, its head first."""
    head = (_("Name"), _("Sort"), _("What"), _("Address"), _("Hours"), _("Web"), _("Phone"))
    ticks = (_("Takes the local currency"), _("Takes local vouchers"))
    yes = _("yes")
    rows = [
        (
            listing.producer.name,
            listing.producer.get_sort_display(),
            listing.producer.what,
            listing.producer.address,
            listing.producer.hours,
            listing.producer.web,
            listing.phone,
            yes if listing.producer.takes_currency else "",
            yes if listing.takes_vouchers else "",
        )
        for listing in found
    ]
    return [(*head, *ticks), *rows]


def voucher_takers(municipality: str) -> set[str]:
    """Folded names of those who have joined the vouchers of an issuer in the municipality.

    A name that stands in the directories of two of its places is nobody's, until the till and the
    listing have a name that tells them apart.
    """
    joined = Action.objects.filter(
        act="join",
        vehicle__kind="local-vouchers",
        vehicle__organisation__municipality=municipality,
    ).prefetch_related("events")
    numbers = {
        (action.vehicle_id, action.coded["producer"])
        for action in joined
        if action.state == ActionEvent.State.DONE
    }
    owed = Holding.objects.filter(
        vehicle__in={vehicle for vehicle, _number in numbers}, role="owed", person__isnull=False
    ).select_related("person")
    listed = Producer.objects.filter(place__municipality=municipality, ended_on__isnull=True)
    twice = Counter(fold(name) for name in listed.values_list("name", flat=True))
    return {
        fold(held.person.name)
        for held in owed
        if held.person
        and (held.vehicle_id, held.number) in numbers
        and twice[fold(held.person.name)] < 2
    }


def where_taken(municipality: str = "") -> QuerySet[Place]:
    """Places in whose municipality vouchers are issued; all of them, or those of one."""
    issuers = Vehicle.objects.filter(kind="local-vouchers")
    places = Place.objects.filter(municipality__in=issuers.values("organisation__municipality"))
    return places.filter(municipality=municipality) if municipality else places


def cards_to_list(place: Place) -> list[AssetCard]:
    """Cards of shops that the place has, which no listing stands of."""
    cards = place.cards.filter(
        Q(producer__isnull=True) | Q(producer__ended_on__isnull=False),
        kind=AssetCard.Kind.SHOP,
        side=AssetCard.Side.HAVE,
        removed_at__isnull=True,
    )
    return sorted(cards, key=lambda card: in_swedish(card.title))
