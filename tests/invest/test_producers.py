"""The directory of a place: by consent, shown, printed, ended; tills flow in from the book."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from invest import deeds, producers
from invest.models import Producer
from invest.queries import producers as queries
from pools.errors import ProducerListed
from tests import factories as make
from tests.factories import DAY

ENGLISH = {"accept-language": "en"}
PHONE = "070-123 45 67"
pytestmark = pytest.mark.django_db


@pytest.fixture
def valley(db):
    return make.place(make.organisation())


@pytest.fixture
def desk(client, valley):
    client.force_login(make.user("olle", ("organiser", valley.organisation)))
    return client


def listed(valley, name="Bageriet", **more) -> Producer:
    told = {"sort": "food", "what_sv": "Bröd", "agreed_on": DAY, **more}
    return producers.enlist(place=valley, name=name, **told)


def at_desk(valley, name="shops_desk", *more) -> str:
    return reverse(name, args=[valley.organisation.slug, valley.slug, *more])


def renderings(client, valley) -> list[str]:
    """The page, the file and the leaflet, as text."""
    page, table, paper = (
        client.get(reverse(name, args=[valley.slug]), headers=ENGLISH)
        for name in ("shops", "shops_csv", "shops_pdf")
    )
    assert {page.status_code, table.status_code, paper.status_code} == {200}
    pages = PdfReader(io.BytesIO(paper.content)).pages
    return [
        page.content.decode(),
        table.content.decode(),
        "\n".join(sheet.extract_text() for sheet in pages),
    ]


def test_the_page_the_file_and_the_leaflet_tell_the_same(client, valley):
    names = [f"Gård {number}" for number in range(120)]
    for name in names:
        listed(valley, name, hours="Lör 9–13", takes_currency=True)

    page, table, paper = renderings(client, valley)
    rows = list(csv.reader(io.StringIO(table.removeprefix("\ufeff"))))
    assert sorted(row[0] for row in rows[1:]) == sorted(names)
    for name in names:
        assert name in page
        assert name in paper
    assert paper.count("Lör 9–13") == 120


def test_no_telephone_without_their_own_consent_anywhere(client, desk, valley):
    typed = {"name": "Ysteriet", "sort": "food", "what_sv": "Ost", "agreed_on": DAY.isoformat()}
    refused = desk.post(at_desk(valley), {**typed, "phone": PHONE})
    assert refused.status_code == 422
    producers.enlist(
        place=valley, name="Ysteriet", sort="food", what_sv="Ost", phone=PHONE, agreed_on=DAY
    )
    assert Producer.objects.get().phone == ""
    # Not even a row that came by another way.
    Producer.objects.update(phone=PHONE)
    for text in renderings(client, valley):
        assert "Ysteriet" in text
        assert PHONE not in text

    producer = Producer.objects.get()
    producers.correct(
        producer=producer,
        on=DAY,
        name="Ysteriet",
        what_sv="Ost",
        phone=PHONE,
        phone_agreed=True,
    )
    for text in renderings(client, valley):
        assert PHONE in text


def test_what_is_ended_vanishes_but_stays_in_the_record(client, desk, valley):
    producer = listed(valley, phone=PHONE, phone_agreed=True)
    desk.post(at_desk(valley, "shop_desk", producer.pk), {"step": "end"})

    for text in renderings(client, valley):
        assert "Bageriet" not in text
    producer.refresh_from_db()
    assert (producer.ended_on, producer.phone) == (timezone.localdate(), "")
    assert desk.get(at_desk(valley, "shop_desk", producer.pk)).status_code == 404
    back = listed(valley, "bageriet")
    assert (back.pk, back.ended_on, back.name) == (producer.pk, None, "bageriet")


def test_one_name_is_listed_once_in_a_place(desk, valley):
    listed(valley)
    other = listed(valley, "Mejeriet")
    typed = {"name": "BAGERIET ", "sort": "food", "what_sv": "x", "agreed_on": DAY.isoformat()}
    assert desk.post(at_desk(valley), typed).status_code == 409
    corrected = {**typed, "name": "Bageriet"}
    assert desk.post(at_desk(valley, "shop_desk", other.pk), corrected).status_code == 409
    with pytest.raises(ProducerListed):
        listed(valley)
    assert Producer.objects.count() == 2


def test_a_card_of_a_shop_becomes_a_listing_without_typing_it_again(desk, valley):
    card = make.asset_card(valley, "Smedjan på Åsen", kind="shop", text="Smider grindar")
    page = desk.get(at_desk(valley), {"card": card.code}, headers=ENGLISH)
    initial = page.context["form"].initial
    assert (initial["name"], initial["what_sv"]) == ("Smedjan på Åsen", "Smider grindar")

    typed = {"card": card.pk, "sort": "craft", "agreed_on": DAY.isoformat()}
    typed |= {"name": initial["name"], "what_sv": initial["what_sv"]}
    assert desk.post(at_desk(valley), typed).status_code == 302
    assert Producer.objects.get().card == card
    assert queries.cards_to_list(valley) == []


def test_who_has_joined_the_vouchers_needs_no_second_tick(client, valley):
    worth = {"worth": 100, "months": 12, "in_part": "yes", "lapses_to": "income", "most": 9}
    vehicle = make.offering(
        "local-vouchers", worth, make.project("checken", valley.organisation)
    ).vehicle
    macken = make.person("Macken")
    number = deeds.number_for(person=macken, vehicle=vehicle, role="owed", on=DAY)
    listed(valley, "Macken")
    listed(valley, "Bageriet", takes_vouchers=True)
    listed(valley, "Mejeriet")

    def takers() -> set[str]:
        found = client.get(reverse("shops", args=[valley.slug]), {"takes": "vouchers"})
        return {shop.producer.name for _label, group in found.context["groups"] for shop in group}

    assert takers() == {"Bageriet"}
    made = make.did(vehicle, "join", producer=number)
    assert takers() == {"Bageriet", "Macken"}
    deeds.undo(deed=made, on=DAY, by="user:1", why="Fel")
    assert takers() == {"Bageriet"}


def test_script_stays_text_and_an_address_that_runs_is_refused(client, desk, valley):
    listed(valley, "<script>alert(1)</script>")
    page, _table, paper = renderings(client, valley)
    assert "<script>alert" not in page
    assert "<script>alert(1)</script>" in paper.replace("\n", "")
    typed = {"name": "X", "sort": "food", "what_sv": "x", "agreed_on": DAY.isoformat()}
    assert desk.post(at_desk(valley), {**typed, "web": "javascript:alert(1)"}).status_code == 422
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert desk.post(at_desk(valley), {**typed, "agreed_on": tomorrow}).status_code == 422


def test_a_keeper_of_another_place_meets_404(client, valley):
    other = make.organisation("kyrkan", iban="SE4550000000058398257466")
    client.force_login(make.user("kim", ("organiser", other)))
    assert client.get(at_desk(valley)).status_code == 404
    assert client.get(reverse("shops_desk", args=[other.slug, valley.slug])).status_code == 404
