"""The directory of a place: by consent, shown, printed, ended; tills flow in from the book."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from pypdf import PdfReader

from invest.me import leaving
from invest.me.my_data import my_data
from invest.models import AssetCard, Letter, Person, Producer
from invest.places import directory, listing_links
from invest.places.queries.directory import cards_to_list, listings
from invest.places.queries.path import facts
from invest.places.refusals import ProducerListed
from invest.refusals import WrongState
from invest.vehicles import actions
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
    return directory.enlist(place=valley, name=name, **told)


def at_desk(valley, name="listings_desk", *more) -> str:
    return reverse(name, args=[valley.organisation.slug, valley.slug, *more])


def renderings(client, valley) -> list[str]:
    """The page, the file and the leaflet, as text."""
    page, table, paper = (
        client.get(reverse(name, args=[valley.slug]), headers=ENGLISH)
        for name in ("listings", "listings_csv", "listings_pdf")
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
    directory.enlist(
        place=valley, name="Ysteriet", sort="food", what_sv="Ost", phone=PHONE, agreed_on=DAY
    )
    assert Producer.objects.get().phone == ""
    # Not even a row that came by another way.
    Producer.objects.update(phone=PHONE)
    for text in renderings(client, valley):
        assert "Ysteriet" in text
        assert PHONE not in text

    producer = Producer.objects.get()
    directory.correct(
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
    for _press in range(2):
        ended = desk.post(at_desk(valley, "end_listing", producer.pk))
        assert ended.url == at_desk(valley)

    for text in renderings(client, valley):
        assert "Bageriet" not in text
    producer.refresh_from_db()
    assert (producer.ended_on, producer.phone) == (timezone.localdate(), "")
    assert desk.get(at_desk(valley, "listing_desk", producer.pk)).status_code == 404
    back = listed(valley, "bageriet")
    assert (back.pk, back.ended_on, back.name) == (producer.pk, None, "bageriet")


def test_one_name_is_listed_once_in_a_place(desk, valley):
    listed(valley)
    other = listed(valley, "Mejeriet")
    typed = {"name": "BAGERIET ", "sort": "food", "what_sv": "x", "agreed_on": DAY.isoformat()}
    assert desk.post(at_desk(valley), typed).status_code == 409
    corrected = {**typed, "name": "Bageriet"}
    assert desk.post(at_desk(valley, "correct_listing", other.pk), corrected).status_code == 409
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
    assert cards_to_list(valley) == []


def test_who_takes_vouchers_is_read_from_the_book(client, valley):
    worth = {"worth": 100, "months": 12, "in_part": "yes", "lapses_to": "income", "most": 9}
    vehicle = make.offering(
        "local-vouchers", worth, make.project("checken", valley.organisation)
    ).vehicle
    macken = make.person("Macken")
    number = actions.number_for(person=macken, vehicle=vehicle, role="owed", on=DAY)
    listed(valley, "Macken")
    listed(valley, "Bageriet")
    listed(valley, "Mejeriet")

    def takers() -> set[str]:
        found = client.get(reverse("listings", args=[valley.slug]), {"takes": "vouchers"})
        return {
            listing.producer.name for _label, group in found.context["groups"] for listing in group
        }

    assert takers() == set()
    made = make.did(vehicle, "join", producer=number)
    assert takers() == {"Macken"}
    actions.undo(action=made, on=DAY, by="user:1", why="Fel")
    assert takers() == set()


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
    assert client.get(reverse("listings_desk", args=[other.slug, valley.slug])).status_code == 404


def of_card(valley, **more) -> Producer:
    """A shop listed from a card that has a person on it."""
    kim = make.person("Kim Ek", email="kim@example.se")
    card = make.asset_card(valley, "Kim Eks verkstad", kind="shop", person=kim)
    return listed(valley, "Kim Eks verkstad", card=card, **more)


def link_of(producer) -> str:
    return reverse("listing_by_link", args=[listing_links.sign(producer)])


def typed_of(client, producer, **changed) -> dict[str, str]:
    """What the owner's form holds, with something changed."""
    initial = client.get(link_of(producer)).context["form"].initial
    return {name: value for name, value in (initial | changed).items() if value not in {"", False}}


def test_whoever_is_listed_corrects_it_and_agrees_to_the_telephone_by_the_link(client, valley):
    producer = of_card(valley)
    unagreed = client.post(f"{link_of(producer)}correct/", typed_of(client, producer, phone=PHONE))
    assert unagreed.status_code == 422
    typed = typed_of(client, producer, phone=PHONE, phone_agreed="on", hours="Lör 9–13")
    assert client.post(f"{link_of(producer)}correct/", typed).status_code == 302

    producer.refresh_from_db()
    assert (producer.hours, producer.phone) == ("Lör 9–13", PHONE)
    assert producer.phone_agreed_on == timezone.localdate()
    assert producer.agreed_on == DAY
    for text in renderings(client, valley):
        assert PHONE in text
    client.post(f"{link_of(producer)}correct/", typed_of(client, producer, phone_agreed=""))
    for text in renderings(client, valley):
        assert "Kim Eks verkstad" in text
        assert PHONE not in text


def test_whoever_is_listed_takes_it_away_and_the_link_revives_nothing(client, valley):
    producer = of_card(valley, phone=PHONE, phone_agreed=True)
    typed = typed_of(client, producer, phone_agreed="on")
    assert client.post(f"{link_of(producer)}end/").status_code == 302
    again = client.post(f"{link_of(producer)}end/")
    assert again.status_code == 302
    assert client.post(f"{link_of(producer)}correct/", typed).status_code == 409

    producer.refresh_from_db()
    assert (producer.ended_on, producer.phone) == (timezone.localdate(), "")
    for text in renderings(client, valley):
        assert "Kim Eks verkstad" not in text
    with pytest.raises(WrongState):
        directory.correct(producer=producer, on=DAY, name="x", phone=PHONE, phone_agreed=True)


def test_a_link_is_of_one_listing_and_dies_when_it_is_agreed_to_anew(client, valley):
    producer = listed(valley)
    old = link_of(producer)
    assert client.get(old)["X-Robots-Tag"] == "noindex"
    assert client.get(old[:-3] + "AB/").status_code == 404
    directory.end(producer=producer, on=DAY)
    listed(valley, agreed_on=DAY + timedelta(days=1))
    assert client.get(old).status_code == 404
    assert client.post(f"{old}end/").status_code == 404


def test_the_link_is_mailed_to_whom_the_card_is_of_and_handed_over_else(desk, valley):
    kim = make.person("Kim Ek", email="kim@example.se")
    card = make.asset_card(valley, "Kim Eks verkstad", kind="shop", person=kim)
    typed = {"card": card.pk, "name": "Kim Eks verkstad", "sort": "craft", "what_sv": "Lagar"}
    desk.post(at_desk(valley), {**typed, "agreed_on": DAY.isoformat()})
    producer = Producer.objects.get()
    assert link_of(producer) in Letter.objects.get().text

    page = desk.get(at_desk(valley, "listing_desk", producer.pk)).content.decode()
    assert link_of(producer) in page
    for _time in range(9):
        desk.post(at_desk(valley, "mail_listing", producer.pk))
    assert Letter.objects.count() == 5
    other = listed(valley)
    desk.post(at_desk(valley, "mail_listing", other.pk))
    assert Letter.objects.count() == 5


def test_another_number_is_agreed_to_anew(valley):
    producer = listed(valley, phone=PHONE, phone_agreed=True)
    later = DAY + timedelta(days=9)
    told = {"name": producer.name, "what_sv": "Bröd", "phone_agreed": True}
    same = directory.correct(producer=producer, on=later, phone=PHONE, **told)
    assert same.phone_agreed_on == DAY
    changed = directory.correct(producer=producer, on=later, phone="070-999 99 99", **told)
    assert changed.phone_agreed_on == later


def test_who_is_forgotten_is_off_the_directory_and_before_that_sees_what_it_holds(client, valley):
    producer = of_card(valley, phone=PHONE, phone_agreed=True, address="Kim Eks väg 3")
    kim = producer.card.person
    (told,) = my_data(kim, DAY)["asset_cards"]
    assert told["listed_as"]["phone"] == PHONE
    kim.user = make.user("kim")
    kim.save()
    leaving.leave(user=kim.user, on=DAY, by="user:1")

    for text in renderings(client, valley):
        assert "Kim Eks" not in text
        assert PHONE not in text
    (row,) = Producer.objects.values()
    assert not [value for value in row.values() if "Kim" in str(value) or value == PHONE]
    assert AssetCard.objects.get().person is None


def test_programs_are_told_what_the_page_shows_and_nothing_else(client, valley):
    listed(valley, "</script><b>", web="https://bageriet.example")
    Producer.objects.update(phone=PHONE)
    listed(valley, "Smedjan", phone="070-1", phone_agreed=True, address="Vägen 3")
    page = client.get(reverse("listings", args=[valley.slug])).content.decode()
    told = json.loads(re.search(r'ld\+json">(.*?)</script>', page, re.DOTALL)[1])

    first, second = sorted(told["@graph"], key=lambda shop: shop["name"])
    assert (first["name"], first["url"]) == ("</script><b>", "https://bageriet.example")
    assert "telephone" not in first
    assert (second["telephone"], second["address"]["streetAddress"]) == ("070-1", "Vägen 3")


def test_the_page_of_vouchers_leads_to_where_they_are_taken(client, valley):
    leads = f"{reverse('listings', args=[valley.slug])}?takes=vouchers"
    assert leads not in client.get(reverse("vouchers")).content.decode()
    worth = {"worth": 100, "months": 12, "in_part": "yes", "lapses_to": "income", "most": 9}
    make.offering("local-vouchers", worth, make.project("checken", valley.organisation))
    assert leads in client.get(reverse("vouchers")).content.decode()


@pytest.mark.parametrize("hidden", [{"is_protected": True}, {"restricted_on": DAY}])
def test_whoever_is_protected_or_restricted_is_shown_to_nobody(client, desk, valley, hidden):
    producer = of_card(valley, phone=PHONE, phone_agreed=True)
    listed(valley)
    Person.objects.update(**hidden)

    for text in renderings(client, valley):
        assert "Kim" not in text
        assert PHONE not in text
    own = client.get(link_of(producer), headers=ENGLISH).content.decode()
    assert "It is not shown to anybody now." in own
    assert facts(valley, timezone.now()).producers == 1
    assert client.get(at_desk(valley, "listing_desk", producer.pk)).status_code == 200
    assert client.post(f"{link_of(producer)}end/").status_code == 302


def test_a_listing_comes_back_by_its_card_or_its_name_and_keeps_its_card(desk, valley):
    producer = of_card(valley)
    directory.end(producer=producer, on=DAY)
    assert cards_to_list(valley) == [producer.card]

    by_name = listed(valley, "Kim Eks verkstad")
    assert (by_name.pk, by_name.card) == (producer.pk, producer.card)
    directory.end(producer=by_name, on=DAY)
    by_card = listed(valley, "Verkstaden", card=producer.card)
    assert (by_card.pk, by_card.name) == (producer.pk, "Verkstaden")
    with pytest.raises(ProducerListed, match="Verkstaden"):
        listed(valley, "Annat namn", card=producer.card)


def test_a_card_taken_away_fills_no_form(desk, valley):
    card = make.asset_card(valley, "Smedjan", kind="shop", removed_at=timezone.now())
    assert desk.get(at_desk(valley), {"card": card.code}).context["form"].initial == {}


def test_each_listing_says_when_it_was_checked_and_the_keeper_when_to_ask(client, desk, valley):
    producer = listed(valley, agreed_on=DAY - timedelta(days=400))
    page = desk.get(at_desk(valley), headers=ENGLISH).content.decode()
    assert "Time to ask again" in page
    typed = typed_of(client, producer)
    assert client.post(f"{link_of(producer)}correct/", typed).status_code == 302

    producer.refresh_from_db()
    assert (producer.checked_on, producer.agreed_on) == (
        timezone.localdate(),
        DAY - timedelta(days=400),
    )
    assert "Time to ask again" not in desk.get(at_desk(valley), headers=ENGLISH).content.decode()
    with translation.override("en"):
        day = date_format(timezone.localdate())
    assert f"checked {day}" in renderings(client, valley)[0]


def test_the_directory_stands_in_swedish_order_with_numbered_pages(client, valley):
    for name in ("Ölbryggeriet", "Ängen", "Åkern", "Gård 10", "Gård 2", "zinken"):
        listed(valley, name)

    names = [listing.producer.name for listing in listings(valley)]
    assert names == ["Gård 2", "Gård 10", "zinken", "Åkern", "Ängen", "Ölbryggeriet"]
    assert "Page 1 of 1" in renderings(client, valley)[2]


def test_a_name_in_two_places_is_not_guessed_to_take_vouchers(valley):
    worth = {"worth": 100, "months": 12, "in_part": "yes", "lapses_to": "income", "most": 9}
    project = make.project("checken", valley.organisation)
    vehicle = make.offering("local-vouchers", worth, project).vehicle
    number = actions.number_for(person=make.person("Macken"), vehicle=vehicle, role="owed", on=DAY)
    make.did(vehicle, "join", producer=number)
    listed(valley, "Macken")
    assert [listing.takes_vouchers for listing in listings(valley)] == [True]

    listed(make.place(valley.organisation, "Grannbyn", slug="grannbyn"), "Macken")
    assert [listing.takes_vouchers for listing in listings(valley)] == [False]
