"""From the first evening to a project at the fair: one person in each role, nothing typed twice."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from invest.models import AssetCard, Fair, Gathering, InKind, Pledge, Project
from invest.places import directory, listing_links
from pools import audit
from tests import factories as make
from tests.web.conftest import axe_finds, too_wide, turns

pytestmark = pytest.mark.browser
DECISION = "Solceller på skolans tak"


@pytest.fixture
def group(shared_db):
    """An association with books and people, and nothing else: no place, no project, no fair."""
    return make.organisation()


def press(page: Page, act: str) -> None:
    """The button of an act of a desk."""
    page.locator(f"form[action$='/{act}/'] button[type=submit]").first.click()


def fill(page: Page, **told: str) -> None:
    for name, value in told.items():
        page.locator(f"main [name={name}]:visible").first.fill(value)


def gather(desk: Page, form: str, name: str, days: int) -> Gathering:
    """Invite to a gathering in so many days."""
    day = timezone.localdate() + timedelta(days=days)
    desk.goto(reverse("gathering_desk", args=["energi"]))
    desk.locator("[name=form]").select_option(form)
    fill(desk, name=name, venue="Skolans matsal", about_sv="Alla är välkomna.")
    fill(desk, starts_at=f"{day}T18:00", ends_at=f"{day}T21:00")
    desk.locator("main form button[type=submit]").last.click()
    expect(desk.get_by_role("heading", level=1)).to_have_text(name)
    return Gathering.objects.get(name=name)


def test_from_the_first_evening_to_a_project_at_the_fair(open_page, group):
    olle = open_page("laptop", make.user("olle", ("organiser", group)))
    dee = open_page("laptop", make.user("dee", ("treasurer", group)))
    bo = open_page("laptop", make.user("bo", ("project-owner", group)))
    ada, kim = open_page("phone"), open_page("phone", java_script_enabled=False)

    # The organiser has nothing yet: a place, and a first evening in it.
    olle.goto(reverse("places_desk", args=["energi"]))
    fill(olle, name="Björkdalen")
    olle.locator("main form button[type=submit]").last.click()
    evening = gather(olle, "meeting", "Första kvällen", 3)
    assert evening.place == group.places.get()

    # A neighbour signs up by phone; another writes a card by phone, without script.
    ada.goto(evening.get_absolute_url())
    fill(ada, name="Ada Lind", email="ada@example.org")
    ada.get_by_role("button", name="Anmäl mig").click()
    expect(ada.locator("li.notice.is-good")).to_contain_text("ada@example.org")
    kim.goto(evening.place.get_absolute_url())
    kim.locator("a[href$='/add/']").first.click()
    kim.locator("[name=kind]").select_option("skill")
    fill(kim, title="Elektriker en helg", name="Kim Ek", phone="070-111 22 33")
    kim.locator("main form button[type=submit]").click()

    # What was decided becomes a project with its own words.
    olle.goto(reverse("gathering_at_desk", args=["energi", evening.slug]))
    expect(olle.locator("#who")).to_contain_text("1")
    olle.locator("[name=kind]").select_option("decision")
    fill(olle, text=DECISION, who="Bo")
    press(olle, "write")
    olle.get_by_text("Gör det till ett projekt").click()
    press(olle, "project")
    project = Project.objects.get()
    assert (project.name, project.summary_sv) == (DECISION, DECISION)
    assert project.municipality == evening.place.municipality

    # Its owner looks which form fits; the treasurer opens the offer, with its name there already.
    bo.goto(reverse("stage_desk", args=[project.slug]))
    bo.locator("a[href*='/choose/']").first.click()
    assert bo.locator("input[name=project]").get_attribute("value") == project.slug
    dee.goto(f"{reverse('new_offer', args=['energi', 'energy-shares'])}?project={project.slug}")
    assert dee.locator("[name=name]").input_value() == DECISION
    last = (timezone.localdate() + timedelta(days=90)).isoformat()
    fill(dee, closes_on=last, minimum="500", goal_min="60 000", goal_max="90 000")
    fill(dee, terms_price_minor="500", terms_kwh_per_unit="120")
    dee.locator("main form button[type=submit]").last.click()

    # The card that a neighbour wrote becomes help to the project, in one step.
    kim.reload()
    kim.locator("select[name=project]").select_option(project.slug)
    kim.locator("[name=quantity]:visible").fill("16")
    kim.locator("[name=agrees]").check()
    kim.locator("form:has([name=project]) button[type=submit]").click()
    expect(kim).to_have_url(re.compile("/in-kind/"))
    help_ = InKind.objects.get()
    assert (help_.what, help_.project, help_.person.name) == (
        "Elektriker en helg",
        project,
        "Kim Ek",
    )
    assert AssetCard.objects.get().in_kind == help_

    # The next gathering is a fair: its name, day and room are there already.
    day = gather(olle, "fair", "Första mässan", 30)
    olle.get_by_role("button", name="Gör mässan: program, checklista, papper").click()
    fair = Fair.objects.get()
    assert (fair.name, fair.venue, fair.starts_at) == (day.name, day.venue, day.starts_at)
    olle.goto(reverse("fair_desk", args=[fair.slug]))
    olle.locator("[name=project]").select_option(str(project.pk))
    olle.locator("form[action$='/pitches/invite/'] button").click()
    bo.goto("/me/")
    bo.locator("a[href*='/invitations/']").click()
    bo.get_by_role("button", name="Ja, vi kommer").click()

    # On the evening a neighbour promises from the fair's page, logged in with her address: her name
    # is there since the first evening.
    ada = open_page("phone", make.user("ada"))
    ada.goto(fair.get_absolute_url())
    ada.get_by_role("link", name=f"Var med i {DECISION}").click()
    ada.locator("label.chip").first.click()
    expect(ada.get_by_label("Ditt namn")).to_have_value("Ada Lind")
    ada.get_by_role("button", name="Jag lovar").click()
    expect(ada.get_by_role("heading", level=1)).to_have_text("Tack!")
    pledge = Pledge.objects.get()
    assert pledge.offering.vehicle.project == project

    # The path of the group tells it all from what is on record, and the books hold.
    olle.goto(evening.get_absolute_url())
    expect(olle.locator("#minutes ~ ol")).to_contain_text(DECISION)
    olle.goto(project.get_absolute_url())
    expect(olle.get_by_role("heading", level=1)).to_have_text(DECISION)
    assert axe_finds(olle) == []
    assert audit.run(audit.CHECKS) == []


def test_axe_finds_nothing_on_any_page_of_a_gathering(open_page, group):
    place = make.place(group)
    evening = make.gathering(group, place=place, most=30)
    made = make.sign_up(evening, "Ada", party=6)
    kim = make.person("Kim", email="kim@example.se")
    card = make.asset_card(place, "Smedjan", kind="shop", person=kim)
    listed = directory.enlist(
        place=place, name="Smedjan", what_sv="Smide", agreed_on=make.DAY, card=card
    )
    page = open_page("phone", make.user("olle", ("organiser", group)))

    for address in (
        reverse("gathering_list"),
        evening.get_absolute_url(),
        made.get_absolute_url(),
        reverse("gathering_desk", args=[group.slug]),
        reverse("gathering_at_desk", args=[group.slug, evening.slug]),
        reverse("cooperation_desk", args=[group.slug]),
        reverse("listings", args=[place.slug]),
        reverse("listings_desk", args=[group.slug, place.slug]),
        reverse("listing_desk", args=[group.slug, place.slug, listed.pk]),
        reverse("listing_by_link", args=[listing_links.sign(listed)]),
        reverse("path", args=[place.slug]),
    ):
        page.goto(address)
        for fold in page.locator("main summary").all():
            fold.click()
        for size, theme in turns(page, "phone", "laptop"):
            seen = (address, size, theme)
            assert (*seen, axe_finds(page), too_wide(page)) == (*seen, [], False)
