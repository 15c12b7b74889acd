"""How the valley began: told in its fixture, and found again in the books and on the pages."""

import tomllib

import pytest

from invest.models import AssetCard, Place
from invest.queries import places as queries
from invest.scenario import beginnings

pytestmark = pytest.mark.django_db
TOLD = tomllib.loads(beginnings.STORY.read_text("utf-8"))


@pytest.fixture(scope="module")
def place(valley):
    return Place.objects.get(name=TOLD["place"]["name"])


# --- The place and its inventory ------------------------------------------------------------------


def test_the_inventory_is_as_told(place):
    rows = TOLD["inventory"]["cards"]
    standing = [row["title"] for row in rows if "away" not in row]

    assert sorted(place.cards.values_list("title", flat=True)) == sorted(r["title"] for r in rows)
    assert sorted(c.title for c in queries.standing(place)) == sorted(standing)
    assert 45 <= len(standing) <= 60
    told = {(row["kind"], row.get("side", "have")) for row in rows}
    assert {kind for kind, _side in told} == set(AssetCard.Kind.values)
    assert {side for _kind, side in told} == set(AssetCard.Side.values)
    gone = place.cards.filter(removed_at__isnull=False)
    assert all(card.removed_why and card.removed_at > card.added_at for card in gone)


def test_what_fits_is_found_and_what_was_promised_is_on_its_way(place, valley):
    page = queries.place_page(place, max(place.cards.values_list("added_at", flat=True)).date())
    promised = {row["card"] for row in TOLD["inventory"]["promised"]}

    assert any(fit.need for fit in page.fits)
    assert any(fit.card for fit in page.fits)
    became = place.cards.filter(in_kind__isnull=False)
    assert {card.title for card in became} == promised
    for card in became.select_related("in_kind"):
        assert card.in_kind.events.earliest("pk").on >= card.added_at.date()


def test_nobody_is_reached_without_their_word(place, client):
    """Every card's page of the public inventory, and who has not agreed stands on none of them."""
    pages = "".join(
        client.get(place.get_absolute_url(), {"page": number}).content.decode()
        for number in range(1, 5)
    )
    agreed = {
        card.person_id: card.person
        for card in place.cards.filter(contact_agreed_at__isnull=False).select_related("person")
    }
    silent = [
        card.person
        for card in place.cards.filter(person__isnull=False).select_related("person")
        if card.person_id not in agreed
    ]

    assert len(agreed) > 5
    assert len(silent) > 5
    assert [p.name for p in silent if p.name in pages or (p.email and p.email in pages)] == []
    assert any(person.name in pages for person in agreed.values())
