"""A place and its inventory: cards once, contacts by consent, promises in one step, files."""

import csv
import io
import re
import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from invest import people
from invest.in_kind import fits, in_kind
from invest.me import leaving, retention
from invest.me.my_data import my_data
from invest.models import AssetCard, InKind, Need, Person, Place, SignUp
from invest.places import card_consents, places
from invest.places.places import Asset
from invest.places.queries import card_files
from invest.places.queries.places import place_page, search
from invest.places.refusals import CardPromised, NotACard, OwnerFirst, PlaceNamed
from invest.refusals import ContactShown, WrongState
from invest.web import throttle
from pools.errors import KeyReused
from tests import factories as make
from tests.factories import DAY

ENGLISH = {"accept-language": "en"}


@pytest.fixture
def project(db):
    return make.project()


@pytest.fixture
def valley(project):
    return make.place(project.organisation)


@pytest.fixture
def desk(client, valley):
    client.force_login(make.user("bo", ("organiser", valley.organisation)))
    return client


def typed(**more) -> dict[str, str]:
    told = {"key": str(uuid.uuid4()), "side": "have", "kind": "room", "title": "En möteslokal"}
    return told | more


def send(client, valley, **more):
    return client.post(reverse("add_card", args=[valley.slug]), typed(**more), headers=ENGLISH)


def page(client, valley, **asked) -> str:
    return client.get(valley.get_absolute_url(), asked, headers=ENGLISH).content.decode()


def promise(card, project, **more) -> InKind:
    told = {"need": None, "on": DAY, "at": timezone.now(), "by": "public", **more}
    return places.promise(card=card, project=project, **told)


# --- Places ---------------------------------------------------------------------------------------


def test_two_places_of_one_name_in_a_municipality_are_refused_in_words(desk, valley):
    address = reverse("places_desk", args=[valley.organisation.slug])
    told = {"name": "BJÖRKDALEN", "municipality": "björkdalen"}

    refused = desk.post(address, told, headers=ENGLISH)
    elsewhere = desk.post(address, {**told, "municipality": "Krokom"})

    assert refused.status_code == 409
    assert "There is a place called Björkdalen in Björkdalen already." in refused.content.decode()
    assert elsewhere.status_code == 302
    assert sorted(Place.objects.values_list("slug", flat=True)) == ["bjorkdalen", "bjorkdalen-2"]


def test_the_verb_refuses_what_the_database_would(valley):
    with pytest.raises(PlaceNamed):
        places.add_place(
            organisation=valley.organisation, name="Bjo\u0308rkdalen", municipality="Björkdalen"
        )


def test_search_folds_swedish_letters_and_filters_by_kind_and_side(client, valley):
    make.asset_card(valley, "Åkermark vid ÄLVEN", kind="land")
    make.asset_card(valley, "Släpkärra", kind="tool", side="lack")

    assert [c.title for c in search(valley, "älven ÅKER")] == ["Åkermark vid ÄLVEN"]
    assert [c.title for c in search(valley, kind="tool", side="lack")] == ["Släpkärra"]
    assert search(valley, kind="tool", side="have") == []
    assert "Släpkärra" not in page(client, valley, text="åker")
    assert page(client, valley, kind="nonsense", side="'; --")


def test_a_long_inventory_has_pages(client, valley):
    for number in range(30):
        make.asset_card(valley, f"Kort nummer {number}.")

    assert "Kort nummer 29." in page(client, valley)
    assert "Kort nummer 0." not in page(client, valley)
    assert "Kort nummer 0." in page(client, valley, page="2")


def test_the_page_takes_no_more_queries_for_more_cards(
    client, valley, project, django_assert_num_queries
):
    Need.objects.create(
        project=project, text_sv="En lokal", text_en="A room", quantity=3, unit="dagar"
    )
    place_page(valley, DAY)
    for number in range(40):
        make.asset_card(valley, f"Lokal {number}")

    with django_assert_num_queries(6):
        place_page(valley, DAY)


# --- A card ---------------------------------------------------------------------------------------


def test_a_card_is_added_without_an_account_and_once(client, valley):
    told = typed(quantity="2,5", title="<script>alert(1)</script>")
    address = reverse("add_card", args=[valley.slug])

    first, second = client.post(address, told), client.post(address, told)

    card = AssetCard.objects.get()
    assert first.status_code == second.status_code == 302
    assert first.url == second.url == card.get_absolute_url()
    assert (card.quantity, card.unit_id, card.added_by) == (Decimal("2.5"), "DAY", "public")
    assert "<script>alert" not in page(client, valley)
    assert "&lt;script&gt;alert(1)" in page(client, valley)


def test_one_key_with_other_words_is_refused(valley):
    told = {"place": valley, "key": "k", "by": "public", "at": timezone.now()}
    places.add_card(asset=Asset("room", "have", "Ett rum"), **told)

    with pytest.raises(KeyReused):
        places.add_card(asset=Asset("room", "have", "Ett annat rum"), **told)


def test_a_script_is_slowed_down_and_a_wrong_card_keeps_what_was_typed(client, valley, monkeypatch):
    monkeypatch.setattr(throttle, "MOST_OF_AN_ADDRESS", 3)

    wrong = send(client, valley, title="", text="Sparat ord")
    many = [send(client, valley, title=f"Kort {n}").status_code for n in range(4)]

    assert (wrong.status_code, "Sparat ord" in wrong.content.decode()) == (400, True)
    assert many == [302, 302, 302, 429]


@pytest.mark.parametrize("told", [{"email": "kim@example.se"}, {"phone": "070-123 45 67"}])
def test_nobody_sees_a_contact_that_somebody_else_wrote(client, valley, told):
    send(client, valley, name="Kim Berg", agrees="on", **told)
    card = AssetCard.objects.get()

    for address in (valley.get_absolute_url(), card.get_absolute_url()):
        text = client.get(address).content.decode()
        assert not [word for word in ("Kim Berg", *told.values()) if word in text]
    file = client.get(reverse("place_csv", args=[valley.slug])).content.decode()
    assert "Kim" not in file


@pytest.mark.parametrize("told", ["Ring Elsa 070-174 06 16", "mejla elsa@example.se"])
@pytest.mark.parametrize("field", ["title", "text"])
def test_no_contact_stands_in_words_that_everybody_reads(client, desk, valley, told, field):
    answer = send(client, valley, **{field: told})
    file = FILE + f"room;have;{told};;;\n"
    shown = post_file(desk, valley, file.encode()).content.decode()

    assert answer.status_code == 422
    assert told in answer.content.decode()  # What was typed stays.
    assert "Line 3:" in shown
    with pytest.raises(ContactShown):
        places.enter(place=valley, assets=[Asset("room", "have", told)], by="x", at=timezone.now())
    assert not AssetCard.objects.exists()


def test_a_contact_needs_a_name(client, valley):
    assert send(client, valley, phone="070-1").status_code == 400
    assert not AssetCard.objects.exists()


def test_the_owner_agrees_by_mail_once_and_within_two_days(
    client, valley, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        send(client, valley, name="Kim Berg", email="kim@example.se", agrees="on")
    (letter,) = mail.outbox
    link = re.search(r"http://testserver(/asset-cards/agree/\S+)", letter.body)[1]

    asked = client.get(link)
    assert AssetCard.objects.get().contact_agreed_at is None
    assert "Kim Berg" not in page(client, valley)
    first, again = (client.post(f"{link}show/") for _press in range(2))

    assert [asked.status_code, first.status_code, again.status_code] == [200, 200, 409]
    assert "Kim Berg" in page(client, valley)
    assert client.get(link + "x").status_code == 404


def test_an_old_link_shows_nothing_and_fetches_a_new_one(client, valley, monkeypatch):
    owner = make.person("Kim Berg", email="kim@example.se")
    card = make.asset_card(valley, person=owner)
    link = reverse("agree_contact", args=[card_consents.sign(card)])
    monkeypatch.setattr(card_consents, "GOOD_FOR", timedelta(seconds=-1))

    old, anew = client.get(link), client.post(f"{link}ask-anew/")

    assert (old.status_code, anew.status_code) == (410, 200)
    assert f'action="{link}ask-anew/"' in old.content.decode()
    assert "Kim Berg" not in old.content.decode()
    card.refresh_from_db()
    assert card.contact_agreed_at is None
    assert owner.letters.count() == 1
    for act in ("show", "refuse"):  # As on a page that was opened before the link was too old.
        assert client.post(f"{link}{act}/").status_code == 200
    card.refresh_from_db()
    assert (card.contact_agreed_at, card.removed_at) == (None, None)


def test_who_says_no_twice_has_the_card_taken_away_once(client, valley):
    card = make.asset_card(valley, person=make.person("Kim Berg", email="kim@example.se"))
    link, removed = reverse("agree_contact", args=[card_consents.sign(card)]), []
    assert client.post(f"{link}ask-anew/").url == link  # Nothing is old: nothing is asked.
    for _press in range(2):
        assert client.post(f"{link}refuse/").status_code == 200
        card.refresh_from_db()
        removed.append(card.removed_at)

    assert removed[0] == removed[1] is not None
    assert client.post(f"{link}show/").status_code == 409
    assert card.person.letters.count() == 0


def test_strangers_cannot_fill_a_letter_box(valley):
    owner = make.person("Kim", email="kim@example.se")
    cards = [make.asset_card(valley, f"Kort {n}", person=owner) for n in range(8)]

    sent = [card_consents.ask(card=c, link=lambda s: s, at=timezone.now()) for c in cards]

    assert sum(sent) == card_consents.MOST_A_DAY


def test_whoever_is_logged_in_agrees_for_themselves_and_not_for_others(client, valley):
    me = make.user("ada")
    client.force_login(me)

    send(client, valley, name="Ada", email=me.email, agrees="on", title="Mitt rum")
    send(client, valley, name="Kim", phone="070-1", agrees="on", title="Kims rum")

    mine, other = AssetCard.objects.order_by("pk")
    assert mine.contact_agreed_at
    assert mine.person.user == me
    assert other.contact_agreed_at is None
    assert other.person.user is None


def test_the_keeper_sees_what_was_written_and_no_more(desk, valley):
    known = make.person("Kim Berg", email="kim@example.se", phone="070-999")
    make.asset_card(valley, "Med adress", person=known)
    make.asset_card(valley, "Med nummer", person=make.person("Lo Ek", email="", phone="070-111"))

    text = desk.get(reverse("place_desk", args=[valley.organisation.slug, valley.slug]))

    told = text.content.decode()
    assert "070-111" in told
    assert "kim@example.se" in told
    assert "070-999" not in told
    assert "Kim Berg" not in told


def test_the_owner_takes_the_card_away_by_its_link(client, valley):
    card = make.asset_card(valley, "Bort med den")

    removed = []
    for _press in range(2):
        assert client.post(f"{card.get_absolute_url()}take-away/").url == card.get_absolute_url()
        card.refresh_from_db()
        removed.append(card.removed_at)

    assert removed[0] == removed[1] is not None
    assert card.removed_why
    assert "Bort med den" not in page(client, valley)


def at_desk(valley, name="place_desk", *row) -> str:
    return reverse(name, args=[valley.organisation.slug, valley.slug, *row])


def test_a_removal_refused_stands_on_the_same_page_of_the_same_cards(desk, valley):
    card, other = (make.asset_card(valley, title) for title in ("Ölkällaren", "Smedjan"))
    page = desk.get(at_desk(valley), {"text": "ölk"}).content.decode()
    there = re.search(rf'action="({at_desk(valley, "remove_card", card.pk)}[^"]*)"', page)[1]

    refused = desk.post(there, {"why": ""})

    assert [shown for shown, _told in refused.context["cards"]] == [card]
    told = refused.content.decode()
    assert re.search(r"<details open>\s*<summary>[^<]*<span[^>]*>: Ölkällaren", told)
    assert f'name="next" value="{at_desk(valley)}"' in told
    assert 'href="?' not in told
    elsewhere = make.place(valley.organisation, "Grannbyn", slug="grannbyn")
    away = at_desk(elsewhere, "remove_card", other.pk)
    assert desk.post(away, {"why": "Fel plats"}).status_code == 404


def test_the_keeper_takes_a_card_away_with_a_reason(desk, valley):
    card = make.asset_card(valley)
    remove = at_desk(valley, "remove_card", card.pk)

    assert desk.post(remove, {"why": ""}).status_code == 400
    for why in ("Dubbel", "Igen"):
        assert desk.post(remove, {"why": why}).url == at_desk(valley)
    card.refresh_from_db()
    assert (card.removed_why, card.removed_by[:5]) == ("Dubbel", "user:")
    with pytest.raises(NotACard):
        places.take_away(card=make.asset_card(valley), by="x", at=timezone.now(), why=" ")


def test_a_keeper_of_another_group_reaches_no_card(client, valley):
    other = make.organisation("annan", iban="SE3550000000054910000003")
    client.force_login(make.user("eve", ("organiser", other)))

    assert client.get(reverse("place_desk", args=[other.slug, valley.slug])).status_code == 404


# --- Found against each other ---------------------------------------------------------------------


def test_an_open_need_meets_a_card_on_three_pages(client, valley, project):
    Need.objects.create(
        project=project, text_sv="En lokal", text_en="A room", quantity=3, unit="dagar"
    )
    card = make.asset_card(valley, "Möteslokal i skolan")
    client.force_login(make.user("po", ("project-owner", project.organisation)))

    for address in (
        valley.get_absolute_url(),
        card.get_absolute_url(),
        reverse("help_desk", args=[project.slug]),
    ):
        text = client.get(address, headers=ENGLISH).content.decode()
        assert "Möteslokal i skolan" in text
        assert "Both are of one kind (room), and both speak of “lokal”." in text
    assert "1 project looks for what somebody here offers: room." in page(client, valley)


def test_a_need_that_is_filled_asks_no_more(valley, project):
    need = Need.objects.create(
        project=project, text_sv="En lokal", text_en="A room", quantity=1, unit="dagar"
    )
    card = make.asset_card(valley, "Lokal")
    assert fits.open_needs(valley.municipality, DAY) == [need]

    in_kind.accept(in_kind=promise(card, project, name="Kim", need=need), on=DAY, by="x")

    assert fits.open_needs(valley.municipality, DAY) == []


def test_a_card_we_lack_meets_a_card_we_have(valley):
    lack = make.asset_card(valley, "Vi söker någon som kan svetsa", kind="skill", side="lack")
    have = make.asset_card(valley, "Svetsar gärna", kind="skill")

    (fit,) = place_page(valley, DAY).fits

    assert (fit.have, fit.card) == (have, lack)


# --- A card becomes a promise ---------------------------------------------------------------------


def test_a_card_becomes_a_promise_in_one_step_and_once(client, valley, project):
    owner = make.person("Lo Ek", email="", phone="070-111")
    card = make.asset_card(valley, person=owner, quantity=4, unit_id="DAY", text="Inte i juli")
    told, there = {"project": project.slug, "agrees": "on"}, f"{card.get_absolute_url()}promise/"

    first, second = (client.post(there, told) for _press in range(2))

    made = InKind.objects.get()
    card.refresh_from_db()
    assert first.url == second.url == made.get_absolute_url()
    assert (card.in_kind, made.person, made.sort, made.what) == (made, owner, "space", card.title)
    assert (in_kind.latest(made).quantity, made.unit_id) == (Decimal(4), "DAY")
    assert Person.objects.filter(name="Lo Ek").count() == 1


def test_the_best_fit_is_chosen_beforehand_and_the_need_goes_along(client, valley, project):
    make.project("aaa", project.organisation)
    need = Need.objects.create(
        project=project, text_sv="En lokal", text_en="A room", quantity=3, unit="dagar"
    )
    card = make.asset_card(valley, "Lokal", person=make.person("Lo", email="", phone="070-111"))
    form = client.get(card.get_absolute_url()).context["form"]
    told = {name: form[name].value() for name in ("project", "need")}

    client.post(f"{card.get_absolute_url()}promise/", {"agrees": "on", **told})
    assert not InKind.objects.exists()  # Nobody has said how much.
    told["quantity"] = "2,5"
    client.post(f"{card.get_absolute_url()}promise/", {"agrees": "on", **told})

    made = InKind.objects.get()
    assert (made.project, made.need) == (project, need)
    assert (in_kind.latest(made).quantity, made.unit_id) == (Decimal("2.5"), "DAY")


def test_without_the_tick_nothing_is_promised(client, valley, project):
    card = make.asset_card(valley, person=make.person("Lo", email="", phone="070-111"))

    answer = client.post(f"{card.get_absolute_url()}promise/", {"project": project.slug})

    assert answer.status_code == 400
    assert not InKind.objects.exists()


def test_nobody_promises_in_the_name_of_an_address_they_wrote(valley, project):
    card = make.asset_card(valley, person=make.person("Kim", email="kim@example.se"))

    with pytest.raises(OwnerFirst):
        promise(card, project)
    card_consents.agree(card=card, at=timezone.now())
    card.refresh_from_db()
    assert promise(card, project).person.name == "Kim"


def test_a_promised_card_goes_to_no_second_project_until_it_is_taken_back(valley, project):
    other = make.project("ugnen", project.organisation)
    card = make.asset_card(valley)
    made = promise(card, project, name="Kim")

    with pytest.raises(CardPromised):
        promise(card, other)
    in_kind.withdraw(in_kind=made, on=DAY, by="public")
    assert promise(card, other).project == other


@pytest.mark.parametrize("more", [{"kind": "money"}, {"side": "lack"}])
def test_what_is_no_offer_of_help_is_not_promised(valley, project, more):
    with pytest.raises(WrongState):
        promise(make.asset_card(valley, **more), project, name="Kim")


# --- A file ---------------------------------------------------------------------------------------

FILE = "kind;side;title;text;quantity;unit\nroom;have;Ölkällaren;Åtta stolar;2,5;days\n"


def post_file(desk, valley, data: bytes):
    file = io.BytesIO(data)
    file.name = "kort.csv"
    return desk.post(at_desk(valley, "preview_cards"), {"file": file}, headers=ENGLISH)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("between", [";", ","])
def test_a_file_is_read_in_every_common_shape(valley, encoding, between):
    text = FILE.replace("2,5", "2.5").replace(";", between)

    (row,) = card_files.read_rows(valley, card_files.decoded(text.encode(encoding)))

    told = Asset("room", "have", "Ölkällaren", "Åtta stolar", Decimal("2.5"), "DAY")
    assert row.asset == told


def test_a_file_is_shown_first_entered_once_and_broken_rows_are_told_by_line(desk, valley):
    broken = (
        "castle;have;Slottet;;;\nroom;have;;;;\nroom;have;Rum;;många;\nroom;have;Rum;;1;alnar\n"
    )
    text = FILE + broken + FILE.split("\n")[1] + "\n"

    shown = post_file(desk, valley, text.encode()).content.decode()

    assert not AssetCard.objects.exists()
    for line in (3, 4, 5, 6, 7):
        assert f"Line {line}:" in shown
    assert "It says the same as line 2." in shown
    for _ in range(2):
        assert desk.post(at_desk(valley, "enter_cards"), {"text": text}).status_code == 302
    assert [c.title for c in AssetCard.objects.all()] == ["Ölkällaren"]
    assert (
        "1 is in the inventory already" in post_file(desk, valley, text.encode()).content.decode()
    )


def test_columns_that_no_card_has_are_named_before_anything_is_kept(desk, valley):
    text = "slag;rubrik;Namn;Telefon\nroom;Ölkällaren;Kim Berg;070-123 45 67\n"

    shown = post_file(desk, valley, text.encode()).content.decode()

    assert "Namn, Telefon" in shown
    assert "Namn" not in post_file(desk, valley, FILE.encode()).content.decode()


def test_the_keeper_searches_the_cards_and_corrects_the_place(desk, valley):
    for title in ("Ölkällaren", "Smedjan"):
        make.asset_card(valley, title)
    make.place(valley.organisation, "Grannbyn", slug="grannbyn")
    address = reverse("place_desk", args=[valley.organisation.slug, valley.slug])

    found = desk.get(address, {"text": "ÖLK"}).content.decode()
    assert ("Ölkällaren" in found, "Smedjan" in found) == (True, False)
    address, told = (
        at_desk(valley, "correct_place"),
        {"municipality": valley.municipality, "about_sv": "En dal till"},
    )
    assert desk.post(address, {**told, "name": "grannbyn"}).status_code == 409
    assert desk.post(address, {**told, "name": ""}).status_code == 400
    assert desk.post(address, {**told, "name": "Björkedalen"}).status_code == 302

    valley.refresh_from_db()
    assert (valley.name, valley.about_sv, valley.slug) == (
        "Björkedalen",
        "En dal till",
        "bjorkdalen",
    )


def test_my_page_leads_to_my_cards_and_to_where_i_go(client, valley):
    user = make.user("ada")
    person = people.claim(user)
    card = make.asset_card(valley, person=person)
    make.asset_card(valley, "Någon annans")
    evening = make.gathering(valley.organisation)
    made = make.sign_up(evening, "Ada")
    SignUp.objects.update(person=person)
    client.force_login(user)

    page = client.get(reverse("me")).content.decode()

    assert card.get_absolute_url() in page
    assert made.get_absolute_url() in page
    assert "Någon annans" not in page


def test_too_many_rows_no_head_and_no_table_are_refused_in_words(desk, valley):
    row = "room;have;Rum {};;;\n"
    many = FILE + "".join(row.format(n) for n in range(2000))

    for data, said in (
        (many.encode(), "At most 2"),
        (b"hello\nworld\n", "first line must name the columns"),
        (b"", ""),
        (b"\0\1\2PK", "not a table in text"),
    ):
        answer = post_file(desk, valley, data)
        assert answer.status_code == 400
        assert said in answer.content.decode()
    assert not AssetCard.objects.exists()


def test_two_thousand_rows_are_taken_in_few_queries(valley, django_assert_max_num_queries):
    text = FILE + "".join(f"room;have;Rum {n};;;\n" for n in range(1999))

    rows = card_files.read_rows(valley, text)

    told = {"place": valley, "by": "import:x", "at": timezone.now()}
    with django_assert_max_num_queries(50):
        new = places.enter(assets=[row.asset for row in rows], **told)
    again = places.enter(assets=[row.asset for row in rows], **told)

    assert (len(rows), new, again) == (2000, 2000, 0)
    assert not [row.wrong for row in rows if row.wrong]


def test_what_goes_out_runs_nowhere_and_comes_in_the_same(client, valley):
    make.asset_card(valley, '=HYPERLINK("http://x")', text="Kök; ugn, och “mer”", kind="shop")
    make.asset_card(valley, "Släp", quantity=Decimal("2.50"), unit_id="DAY", kind="tool")

    text = client.get(reverse("place_csv", args=[valley.slug]), headers=ENGLISH).content.decode()

    cells = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert not [cell for row in cells for cell in row if cell.startswith("=")]
    other = make.place(valley.organisation, "Norrby", slug="norrby")
    rows = card_files.read_rows(other, text)
    places.enter(place=other, assets=[r.asset for r in rows], by="import:x", at=timezone.now())
    told = ("title", "text", "kind", "side", "quantity", "unit")
    assert set(other.cards.values_list(*told)) == set(valley.cards.values_list(*told))


# --- Forgetting -----------------------------------------------------------------------------------


def test_forgetting_takes_person_and_contact_off_the_card(client, valley):
    owner = make.person("Kim Berg", email="kim@example.se")
    card = make.asset_card(valley, person=owner, contact_agreed_at=timezone.now())
    assert "Kim Berg" in page(client, valley)

    retention.forget(person=owner, on=DAY)

    card.refresh_from_db()
    assert (card.person, card.contact_agreed_at) == (None, None)
    assert "Kim Berg" not in page(client, valley)


def test_who_leaves_takes_their_name_out_of_the_words(valley):
    me = make.user("ada")
    owner = make.person("Ada Lind", email=me.email)
    card = make.asset_card(valley, "Ada Linds rum", person=owner)

    leaving.leave(user=me, on=DAY, by="user:1")

    card.refresh_from_db()
    assert "Ada" not in card.title


def test_the_savers_own_file_tells_of_their_cards(valley):
    owner = make.person("Kim", email="kim@example.se")
    card = make.asset_card(valley, person=owner)

    (told,) = my_data(owner, DAY)["asset_cards"]

    assert (told["title"], told["place"]) == (card.title, "Björkdalen")
