"""A card by phone, without script, from the place to a promise; and every page clean for axe.

Found by their names in the form: the words are looked at by the tests of Swedish.
"""

import pytest
from playwright.sync_api import expect

from invest.models import AssetCard, InKind, Need
from invest.places import card_consents
from tests import factories as make
from tests.web.conftest import axe_finds, too_wide, turns

pytestmark = pytest.mark.browser


@pytest.fixture
def valley(shared_db):
    project = make.project()
    Need.objects.create(
        project=project, text_sv="En lokal", text_en="A room", quantity=3, unit="dagar"
    )
    place = make.place(project.organisation)
    make.asset_card(place, "Släpkärra", kind="tool", side="lack")
    return place


def test_a_card_by_phone_without_script_becomes_a_promise(open_page, valley):
    phone = open_page("phone", java_script_enabled=False)
    phone.goto(valley.get_absolute_url())
    phone.locator(f"a[href$='/places/{valley.slug}/add/']").first.click()
    phone.locator("[name=kind]").select_option("room")
    phone.locator("[name=title]").fill("Möteslokal i skolan")
    phone.locator("[name=name]").fill("Lo Ek")
    phone.locator("[name=phone]").fill("070-123 45 67")
    phone.locator("main form button[type=submit]").click()

    expect(phone.locator("main")).to_contain_text("Möteslokal i skolan")
    phone.locator("[name=quantity]:visible").fill("3")
    phone.locator("[name=agrees]").check()
    phone.locator("form:has([name=project]) button[type=submit]").click()

    made = InKind.objects.get()
    assert phone.url.endswith(made.get_absolute_url())
    assert (made.what, made.person.name) == ("Möteslokal i skolan", "Lo Ek")
    phone.goto(valley.get_absolute_url())
    expect(phone.locator("main")).to_contain_text("Möteslokal i skolan")
    expect(phone.locator("main")).not_to_contain_text("070-123")
    assert AssetCard.objects.filter(in_kind=made).count() == 1


def test_axe_finds_nothing_on_any_page_of_a_place(open_page, valley):
    owner = valley.organisation
    card = make.asset_card(valley, person=make.person("Kim", email="kim@example.se"))
    keeper = make.user("olle", ("organiser", owner))
    page = open_page("phone", keeper)

    for address in (
        "/places/",
        valley.get_absolute_url(),
        f"/places/{valley.slug}/add/",
        card.get_absolute_url(),
        f"/asset-cards/agree/{card_consents.sign(card)}/",
        f"/organisations/{owner.slug}/places/",
        f"/organisations/{owner.slug}/places/{valley.slug}/",
    ):
        answer = page.goto(address)
        assert answer.status == 200, address
        for size, theme in turns(page, "phone", "laptop"):
            seen = (address, size, theme)
            assert (*seen, axe_finds(page), too_wide(page)) == (*seen, [], False)
