"""Addresses that people have saved, printed or built upon, as they were first written.

Receipts and invitations stand in letters, codes on posters and vouchers, widgets, feeds and
calendars on the sites and phones of others. They are written out here letter for letter, so that
no `reverse` follows when somebody renames one. What is told so stays; see docs/open-data.md.
"""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.urls import resolve

from tests.web.test_every_address import one_of_each

pytestmark = pytest.mark.django_db

# What stands in braces is of one thing; `nowhere` below has one of nothing.
OPEN = {
    # Told to everybody (docs/open-data.md).
    "/": "home",
    "/projects/": "project_list",
    "/projects/{project}/": "project",
    "/projects/{project}/raised/": "raised",
    "/projects/{project}/pledge/": "pledge",
    "/projects/{project}/pledge/in-kind/": "in_kind",
    "/projects/{project}/assessment/": "assessment",
    "/organisations/": "organisation_list",
    "/organisations/{organisation}/": "organisation",
    "/fairs/": "fair_list",
    "/fairs/{fair}/": "fair",
    "/fairs/{fair}/board/": "board",
    "/fairs/{fair}/became/": "outcomes",
    "/fairs/{fair}/report/": "fair_report",
    "/fairs/{fair}/report/loop/": "report_loop",
    "/fairs/{fair}/report/{chart}.csv": "fair_chart_csv",
    "/gatherings/": "gathering_list",
    "/gatherings/{gathering}/": "gathering",
    "/places/": "place_list",
    "/places/{place}/": "place",
    "/places/{place}/add/": "add_card",
    "/places/{place}/path/": "path",
    "/places/{place}/cards.csv": "place_csv",
    "/places/{place}/shops/": "listings",
    "/places/{place}/shops.csv": "listings_csv",
    "/places/{place}/shops.pdf": "listings_pdf",
    "/community/": "community",
    "/calculator/": "calculator",
    "/choose/": "choose",
    "/handbook/": "handbook",
    "/handbook/handbook.pdf": "handbook_pdf",
    "/handbook/{chapter}/": "handbook_chapter",
    # In letters: who has the link has what it leads to.
    "/pledges/{pledge}/": "receipt",
    "/pledges/{pledge}/withdraw/": "withdraw",
    "/pledges/confirm/{signed_pledge}/": "confirm_by_link",
    "/in-kind/{in_kind}/": "in_kind_receipt",
    "/join/{invitation}/": "join",
    "/sign-ups/{sign_up}/": "sign_up",
    "/cooperation/{cooperation}/": "cooperation",
    "/asset-cards/{card}/": "asset_card",
    "/asset-cards/agree/{signed_card}/": "agree_contact",
    "/listings/{signed_listing}/": "listing_by_link",
    # On vouchers and at tills.
    "/vouchers/": "vouchers",
    "/vouchers/till/{till}/": "till",
    # Publications, which are signed with their address in them.
    "/publications/{publication}/": "publication",
    "/publications/{publication}/signed.json": "publication_signed",
    "/publications/{publication}/paper.pdf": "publication_paper",
    "/publications/{publication}/picture.png": "publication_picture",
    "/verify/": "verify",
    # Calendars and feeds that somebody follows.
    "/fairs/{fair}/calendar.ics": "fair_ics",
    "/gatherings/calendar.ics": "gatherings_ics",
    "/gatherings/{gathering}/calendar.ics": "gathering_ics",
    "/deadlines.ics": "deadlines",
    "/projects/{project}/deadlines.ics": "project_deadlines",
    "/feed/": "feed",
    "/feed/gatherings/": "gatherings_feed",
    "/projects/{project}/feed/": "project_feed",
    # On other sites, and for programs.
    "/embed/projects/{project}/": "embed_project",
    "/oembed?url=http://localhost:8000/projects/{project}/": "oembed",
    "/api/v1/": "v1:api-root",
    "/api/v1/openapi.json": "v1:openapi-json",
    "/api/v1/projects": "v1:projects",
    "/api/v1/projects?as=csv": "v1:projects",
    "/api/v1/projects/{project}": "v1:project",
    "/api/v1/organisations": "v1:organisations",
    "/api/v1/organisations/{organisation}": "v1:organisation",
    "/api/v1/fairs": "v1:fairs",
    "/api/v1/fairs/{fair}": "v1:fair",
    "/api/v1/publications": "v1:publications",
    "/api/v1/publications/{publication}": "v1:publication",
    "/robots.txt": "robots",
    "/sitemap.xml": "sitemap",
    "/healthz": "healthz",
    "/readyz": "readyz",
}
# These lead on: the code on a poster to the form, a page of one's own to the login.
LEADS_ON = {
    "/k/{code}/": "short_code",
    "/me/": "me",
    "/me/{vehicle}/": "holding",
    "/me/{vehicle}/{sheet}/": "holding_sheet",
    "/me/{vehicle}/certificate/": "my_certificate",
    "/invitations/{code}/": "invitation",
    "/organisations/{organisation}/bank/": "bank",
    "/organisations/{organisation}/bank/accounts/": "bank_accounts",
    "/organisations/{organisation}/pledges/": "pledges_desk",
    "/organisations/{organisation}/distributions/": "distributions",
    "/organisations/{organisation}/registers/": "registers",
    "/organisations/{organisation}/offers/": "offers",
    "/organisations/{organisation}/publications/": "publications",
    "/projects/{project}/help/": "help_desk",
    "/projects/{project}/way/": "stage_desk",
    "/fairs/{fair}/desk/": "fair_desk",
    "/fairs/{fair}/report/pack/": "packs",
}
# Whom a login stops first: whether there is such a thing is not told to a stranger.
BEHIND_LOGIN = {path for path in LEADS_ON if path.startswith(("/me/", "/organisations/"))}


def words_of(world: dict) -> dict[str, object]:
    """What stands in the braces, of one of each thing."""
    told = {
        "project": ("project", "slug"),
        "organisation": ("organisation", "slug"),
        "fair": ("fair", "slug"),
        "chart": ("fair_chart_csv", "chart"),
        "gathering": ("gathering", "slug"),
        "place": ("place", "slug"),
        "chapter": ("handbook_chapter", "slug"),
        "pledge": ("receipt", "token"),
        "signed_pledge": ("confirm_by_link", "signed"),
        "in_kind": ("in_kind_receipt", "token"),
        "invitation": ("join", "token"),
        "sign_up": ("sign_up", "token"),
        "cooperation": ("cooperation", "token"),
        "card": ("asset_card", "token"),
        "signed_card": ("agree_contact", "signed"),
        "signed_listing": ("listing_by_link", "signed"),
        "till": ("till", "token"),
        "publication": ("publication", "pk"),
        "code": ("short_code", "code"),
        "vehicle": ("holding", "vehicle"),
        "sheet": ("holding_sheet", "sheet"),
    }
    return {word: world[name][key] for word, (name, key) in told.items()}


def named(path: str) -> str:
    return resolve(urlsplit(path).path).view_name


@pytest.fixture
def words(db) -> dict[str, object]:
    return words_of(one_of_each())


@pytest.fixture
def nowhere(words) -> dict[str, object]:
    """Words that nothing has, of the same shape."""
    return {word: 999_999 if word == "publication" else "nonesuch" for word in words}


@pytest.mark.parametrize(("addresses", "status"), [(OPEN, 200), (LEADS_ON, 302)])
def test_every_old_address_leads_where_it_did(client, words, addresses, status):
    asked = {path: path.format(**words) for path in addresses}

    found = {path: (named(there), client.get(there).status_code) for path, there in asked.items()}

    assert found == {path: (name, status) for path, name in addresses.items()}


def test_of_what_is_unknown_every_old_address_says_404(client, nowhere):
    about = {p: n for p, n in (OPEN | LEADS_ON).items() if "{" in p and p not in BEHIND_LOGIN}
    asked = {path: path.format(**nowhere) for path in about}

    found = {path: (named(there), client.get(there).status_code) for path, there in asked.items()}

    assert found == {path: (name, 404) for path, name in about.items()}


def test_the_code_on_a_poster_leads_to_the_form_with_its_fair(client, words):
    answer = client.get("/k/{code}/".format(**words).upper().replace("/K/", "/k/"))

    form = "/projects/{project}/pledge/?fair={fair}".format(**words)
    assert (answer.status_code, answer["Location"]) == (302, form)
    assert client.get(form).status_code == 200


def test_what_waits_in_a_phones_outbox_is_still_taken(client, words):
    """It was written down with its address, perhaps long before the phone has a net again."""
    for path in ("/projects/{project}/pledge/", "/projects/{project}/pledge/in-kind/"):
        answer = client.post(path.format(**words), {}, headers={"accept": "application/json"})
        assert (answer.status_code, list(answer.json())) == (400, ["errors"])


def test_the_list_has_every_address_that_the_document_of_open_data_names():
    """A word in angle brackets stands for what we write in braces."""
    document = (Path(__file__).parents[2] / "docs/open-data.md").read_text("utf-8")
    told = re.findall(r"`(/[^`…]+)", document)

    ours = {re.sub(r"{\w+}", "<slug>", urlsplit(path).path) for path in OPEN}
    told = {urlsplit(path).path for path in told}
    assert {"/feed/", "/embed/projects/<slug>/", "/oembed"} <= told
    assert told <= ours
