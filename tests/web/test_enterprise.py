"""From a question about forms to an enterprise that assesses itself, by phone and without script.

Found by their names in the form: the words are looked at by the tests of Swedish.
"""

import pytest
from playwright.sync_api import expect

from invest.models import Assessment, StageAnswer, StageEvent
from invest.projects import stages
from tests import factories as make
from tests.web.conftest import axe_finds, too_wide, turns

pytestmark = pytest.mark.browser
SEVEN = ("resilience", "climate", "nature", "near", "others", "common", "open")


@pytest.fixture
def roof(shared_db):
    project = make.share_offering().vehicle.project
    stages.set_stage(project=project, to="funded", on=make.DAY, by="test")
    return project


def test_the_chooser_by_phone_without_script_gives_an_address_to_send_on(open_page, shared_db):
    phone = open_page("phone", java_script_enabled=False)
    phone.goto("/choose/")
    phone.locator("[name=people][value=anybody]").check()
    phone.locator("[name=what][value=energy]").check()
    phone.locator("main form button[type=submit]").click()

    assert "people=anybody" in phone.url
    company = phone.locator("article", has=phone.locator("a[href$='/handbook/local-company/']"))
    expect(company).to_contain_text("2005:551")
    expect(phone.locator("article")).to_have_count(7)
    other = open_page("phone")
    other.goto(phone.url)
    assert other.locator("article").all_inner_texts() == phone.locator("article").all_inner_texts()


def test_a_gate_by_phone_without_script_from_lacking_to_passed(open_page, roof):
    owner = make.user("bo", ("project-owner", roof.organisation))
    phone = open_page("phone", owner, java_script_enabled=False)
    phone.goto(f"/projects/{roof.slug}/way/")
    line = phone.locator("li", has=phone.locator("[name=code][value=permits]")).first
    line.locator("summary").click()
    line.locator("[name=words]").fill("Bygglov 12 mars, dnr 4")
    line.locator("button").click()

    expect(phone.locator("main")).to_contain_text("Bygglov 12 mars, dnr 4")
    assert StageAnswer.objects.get().code == "permits"
    # An owner has no button to pass a gate that is not met; an organiser has, with a reason.
    building = "form:has([name=to][value=building])"
    expect(phone.locator(building)).to_have_count(0)
    organiser = make.user("olle", ("organiser", roof.organisation))
    # The browser logs the refusal.
    desk = open_page("phone", organiser, silent=False, java_script_enabled=False)
    desk.goto(f"/projects/{roof.slug}/way/")
    desk.locator(f"{building} button").click()
    expect(desk.locator("[role=alert]")).to_be_visible()
    desk.locator(f"{building} [name=reason]").fill("Snön kommer")
    desk.locator(f"{building} button").click()

    assert StageEvent.objects.order_by("number").last().to_state == "building"
    desk.goto(f"/projects/{roof.slug}/")
    expect(desk.locator("main")).to_contain_text("Snön kommer")


def test_an_assessment_by_phone_keeps_what_was_typed_and_is_told(open_page, roof):
    owner = make.user("bo", ("project-owner", roof.organisation))
    phone = open_page("phone", owner, silent=False, java_script_enabled=False)
    phone.goto(f"/projects/{roof.slug}/way/assess/")
    phone.locator("[name=pays][value=yes]").check()
    for code in SEVEN:
        phone.locator(f"[name=step_{code}][value='2']").check()
    phone.locator("[name=step_near][value='4']").check()
    phone.locator("[name=words]").fill("Öppenheten")
    phone.locator("main form button[type=submit]").click()
    expect(phone.locator(".errorlist")).to_have_count(1)
    expect(phone.locator("[name=words]")).to_have_value("Öppenheten")

    phone.locator("[name=evidence_near]").fill("Fyra heltider")
    phone.locator("main form button[type=submit]").click()

    assert phone.url.endswith(f"/projects/{roof.slug}/assessment/")
    assert Assessment.objects.get().evidence == {"near": "Fyra heltider"}
    expect(phone.locator("svg[role=img]")).to_be_visible()
    expect(phone.locator("main table")).to_be_visible()


def test_axe_finds_nothing_on_the_way_to_an_enterprise(open_page, roof):
    make.assessment(roof, climate=1, near=4)
    keeper = make.user("olle", ("organiser", roof.organisation))
    page = open_page("phone", keeper)

    for address in (
        "/choose/",
        "/choose/?back=own&say=share&people=anybody&loss=nobody&what=lend&bank=no",
        f"/projects/{roof.slug}/way/",
        f"/projects/{roof.slug}/way/assess/",
        f"/projects/{roof.slug}/assessment/",
        f"/projects/{roof.slug}/",
    ):
        answer = page.goto(address)
        assert answer.status == 200, address
        page.locator("details:not([open]) > summary").evaluate_all(
            "all => all.forEach(s => s.click())"
        )
        for size, theme in turns(page, "phone", "laptop"):
            seen = (address, size, theme)
            assert (*seen, axe_finds(page), too_wide(page)) == (*seen, [], False)
