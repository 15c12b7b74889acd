"""Swedish pages are Swedish: the catalogues are whole, and no English word is left on a page."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages import pofile
from babel.messages.checkers import checkers
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from invest.fairs import confirmations
from invest.gatherings import minutes
from invest.handbook import chapters
from invest.places import directory, listing_links
from invest.treasury import placing
from tests import factories as make

APPS = ["config", "pools", "invest", "reports"]
# Words that English sentences can hardly do without and Swedish ones never have.
ENGLISH = re.compile(
    r"\b(the|and|are|you|your|with|from|this|that|not|of|is|it|what)\b", re.IGNORECASE
)
HOLES = re.compile(r"%\(\w+\)|%%")
OWN_NAMES = {
    "English",  # A language is called by its own name, and so is a book.
    "CGAP, Measuring Results of Microfinance Institutions, 2009",
}


@pytest.mark.parametrize("app", APPS)
def test_every_sentence_has_its_swedish(app):
    path = Path(settings.BASE_DIR, app, "locale/sv/LC_MESSAGES/django.po")
    catalogue = pofile.read_po(path.open("rb"), locale="sv")
    messages = [message for message in catalogue if message.id]

    def is_whole(message) -> bool:
        told = message.string if isinstance(message.string, tuple) else (message.string,)
        return all(told) and not message.fuzzy

    assert len(messages) > 20
    assert [message.id for message in messages if not is_whole(message)] == []
    for message in messages:
        for check in checkers:
            check(catalogue, message)
        # The last form of a plural, else the only one, holds all that the English holds.
        english, swedish = (
            each[-1] if isinstance(each, tuple) else each for each in (message.id, message.string)
        )
        assert sorted(HOLES.findall(swedish)) == sorted(HOLES.findall(english)), message.id


class Visible(HTMLParser):
    """The words a reader meets: texts, and what a screen reader says."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag, attrs):
        self.hidden += tag in {"script", "style"}
        told = {"aria-label", "title", "placeholder", "alt"}
        self.words += [value for name, value in attrs if name in told and value]

    def handle_endtag(self, tag):
        self.hidden -= tag in {"script", "style"}

    def handle_data(self, data):
        if not self.hidden and data.strip():
            self.words.append(" ".join(data.split()))


def english_on(html: str) -> list[str]:
    page = Visible()
    page.feed(html)
    return [text for text in page.words if ENGLISH.search(text) and text not in OWN_NAMES]


def test_the_search_for_english_finds_it():
    assert english_on("<p>Tack!</p><p aria-label='Your receipt'>Kvitto</p><p>It is open</p>") == [
        "Your receipt",
        "It is open",
    ]


@pytest.fixture
def valley():
    shares = make.share_offering()
    owner = shares.vehicle.organisation
    loan = make.loan_offering(make.project("ugnen", owner))
    fair = make.fair(owner=owner, of=(shares.vehicle.project, loan.vehicle.project))
    for name in ("Ada", "Bo", "Cem", "Dee", "Eva", "Fia"):
        call = make.called(make.pledge(shares, 1500, name, fair=fair))
    line = make.bank_line(150_000, call.ocr)
    placing.pair_by_reference(parts=[line], by="test")
    make.bank_line(70_000, "", reference="r2")
    make.pledge(loan, 5000, "Ada", fair=fair)
    offered = make.help_offer(loan.vehicle.project, fair=fair)
    told = make.publication(shares.vehicle.project, use_sv="Paneler")
    make.assessment(loan.vehicle.project)
    place = make.place(owner)
    make.asset_card(place)
    make.asset_card(place, "Smedjan", kind="shop")
    listed = directory.enlist(
        place=place, name="Smedjan", what_sv="Smide", takes_currency=True, agreed_on=make.DAY
    )
    met = make.gathering(owner, place=place, most=40)
    minutes.write(gathering=met, kind="decision", text="Vi gör", by="x", at=timezone.now())
    return {
        "place": place,
        "listed": listed,
        "gathering": met,
        "coming": make.sign_up(met, "Mia", party=7),
        "publication": told,
        "owner": owner,
        "project": loan.vehicle.project,
        "fair": fair,
        "pledge": call.pledge,
        "help": offered,
    }


def addresses(valley) -> list[str]:
    owner, project, fair = (valley[name].slug for name in ("owner", "project", "fair"))
    plain = ["home", "project_list", "organisation_list", "fair_list", "demo", "me", "calculator"]
    plain += ["my_contact", "forget_me", "handbook", "community"]
    desks = ["organisation", "bank", "pledges_desk", "distributions", "registers", "offers"]
    desks += ["limits", "letters"]
    of_fair = ["fair", "fair_report", "board", "outcomes", "fair_desk", "board_moderate", "cards"]
    of_fair += ["fair_after", "follow_ups"]
    of_project = ["project", "pledge", "in_kind", "help_desk"]
    accounts = ["account_email", "mfa_index", "mfa_add_webauthn", "account_reauthenticate"]
    return [
        *(reverse(name) for name in (*plain, *accounts)),
        *(reverse(name, args=[owner]) for name in desks),
        *(reverse(name, args=[project]) for name in of_project),
        *(reverse(name, args=[fair]) for name in of_fair),
        reverse("fair_report", args=[fair]) + "?as_of=9999-99-99",
        reverse("receipt", args=[valley["pledge"].token]),
        reverse("in_kind_receipt", args=[valley["help"].token]),
        reverse("confirm_by_link", args=[confirmations.sign(valley["pledge"])]),
        reverse("invitation", args=[valley["fair"].pitches.first().code]),
        *publication_addresses(valley["publication"], owner),
        *path_addresses(valley, owner, project),
        reverse("project_list") + "?stage=nowhere",
        reverse("community") + "?municipality=nowhere",
        reverse("new_offer", args=[owner, "energy-shares"]),
        reverse("new_offer", args=[owner, "direct-loan"]),
        reverse("handbook") + "?q=hembud",
        reverse("handbook") + "?q=xyzzy",
        *(reverse("handbook_chapter", args=[known.slug]) for known in chapters.chapters("sv")),
        reverse("calculator") + "?what=carry&principal=1",
        reverse("calculator") + "?kind=weighted&principal=5&periods=3&start=2026-01-01",
        "/nothing-here/",
    ]


def publication_addresses(told, owner) -> list[str]:
    number = told.publication_id
    return [
        reverse("publication", args=[number]),
        reverse("verify"),
        reverse("verify") + f"?publication={number}",
        reverse("publications", args=[owner]),
        reverse("new_publication", args=[owner]),
        reverse("publication_at_desk", args=[owner, number]),
        reverse("revise_publication", args=[owner, number]),
    ]


def path_addresses(valley, owner, project) -> list[str]:
    place, met = valley["place"].slug, valley["gathering"].slug
    return [
        *(reverse(name) for name in ("place_list", "gathering_list", "choose", "vouchers")),
        reverse("choose") + "?back=plan&people=few&what=one",
        *(reverse(name, args=[place]) for name in ("place", "add_card", "path", "listings")),
        reverse("place", args=[place]) + "?kind=room&side=have&text=xyzzy",
        *(reverse(name, args=[owner]) for name in ("places_desk", "gathering_desk")),
        reverse("cooperation_desk", args=[owner]),
        *(reverse(name, args=[owner, place]) for name in ("place_desk", "listings_desk")),
        reverse("listing_desk", args=[owner, place, valley["listed"].pk]),
        reverse("listing_by_link", args=[listing_links.sign(valley["listed"])]),
        reverse("gathering", args=[met]),
        reverse("gathering_at_desk", args=[owner, met]),
        reverse("sign_up", args=[valley["coming"].token]),
        *(reverse(name, args=[project]) for name in ("stage_desk", "assess", "assessment")),
        *(reverse("new_offer", args=[owner, k]) for k in ("joint-purchase", "local-vouchers")),
    ]


@pytest.mark.django_db
def test_no_english_is_left_on_a_swedish_page(client, valley):
    left = {}
    for path in (reverse("account_login"), reverse("account_signup")):
        left[path] = english_on(client.get(path).content.decode())
    roles = [(kind, valley["owner"]) for kind in ("treasurer", "organiser")]
    client.force_login(make.user("dee", *roles))

    for path in addresses(valley):
        response = client.get(path, headers={"accept-language": "sv"}, follow=True)
        assert '<html lang="sv"' in response.content.decode(), path
        left[path] = english_on(response.content.decode())

    assert {path: found for path, found in left.items() if found} == {}


@pytest.mark.django_db
def test_refusals_are_swedish_too(client, valley):
    client.force_login(make.user("dee", ("treasurer", valley["owner"])))
    posts = [
        (reverse("bank", args=["energi"]), {}),
        (reverse("confirm_pledges", args=["energi"]), {}),
        (reverse("call_pledges", args=["energi"]), {"due_on": "2020-01-01"}),
        (reverse("say_in_kind", args=[valley["help"].token]), {}),
        (reverse("preview_publication", args=["energi"]), {}),
        (reverse("distributions", args=["energi"]), {"total": "x", "record_on": "x"}),
        (reverse("pledge", args=["soltaket"]), {}),
        (reverse("pledge", args=["soltaket"]), {"amount": "1e6", "key": "k" * 36, "name": "A\x00"}),
    ]

    for path, typed in posts:
        response = client.post(path, typed)
        assert (path, response.status_code) == (path, 400)
        assert english_on(response.content.decode()) == []


@pytest.mark.django_db
def test_the_language_chosen_stays(client):
    client.post(reverse("set_language"), {"language": "en", "next": "/"})

    assert '<html lang="en"' in client.get("/").content.decode()
    assert "Savings that stay where you live" in client.get("/").content.decode()
