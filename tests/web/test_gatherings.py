"""From an invitation to a project, by phone and without script; and every page clean for axe.

Found by their names in the form: the words are looked at by the tests of Swedish.
"""

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pypdf import PdfReader

from invest.gatherings import cooperations, gatherings, minutes
from invest.models import Cooperation, Gathering, Letter, Organisation, Project, SignUp
from tests import factories as make
from tests.web.conftest import axe_finds, too_wide, turns

pytestmark = pytest.mark.browser


@pytest.fixture
def group(shared_db):
    made = make.organisation()
    make.place(made)
    return made


@pytest.fixture
def church(group):
    return make.organisation("kyrkan", iban="SE4550000000058398257466")


def test_from_the_invitation_to_a_project_without_script(open_page, group):
    day = timezone.localdate() + timedelta(days=3)
    keeper = make.user("olle", ("organiser", group))
    desk = open_page("phone", keeper, java_script_enabled=False)
    desk.goto("/me/")
    desk.locator(f"a[href='/organisations/{group.slug}/gatherings/']").click()
    desk.locator("[name=form]").select_option("meeting")
    desk.locator("[name=name]").fill("Första kvällen")
    desk.locator("[name=venue]").fill("Skolan")
    desk.locator("[name=starts_at]").fill(f"{day}T18:00")
    desk.locator("[name=ends_at]").fill(f"{day}T21:00")
    desk.locator("main form button[type=submit]").last.click()
    evening = Gathering.objects.get()
    expect(desk.locator("h1")).to_have_text("Första kvällen")

    guest = open_page("phone", java_script_enabled=False)
    guest.goto("/gatherings/")
    guest.locator("article a").click()
    guest.locator("[name=name]").fill("Ada Ek")
    guest.locator("[name=party]").fill("3")
    guest.locator("[name=email]").fill("ada@example.se")
    guest.locator("main form:has([name=key]) button[type=submit]").click()
    mine = SignUp.objects.get()
    assert mine.get_absolute_url() in Letter.objects.get(to="ada@example.se").text
    guest.goto(mine.get_absolute_url())
    guest.locator("[name=party]").fill("2")
    guest.locator("form[action$='/change/'] button").first.click()

    desk.reload()
    expect(desk.locator("main")).to_contain_text("Ada Ek")
    desk.locator("form:has([name=text]) [name=kind]").select_option("decision")
    desk.locator("[name=text]").fill("Vi lagar taket ihop")
    desk.locator("[name=who]").fill("Taklaget")
    desk.locator("form:has([name=text]) button").click()
    line = desk.locator("li", has=desk.locator("[action$='/project/']"))
    line.locator("summary").nth(1).click()
    line.locator("[name=sector]").select_option("energy")
    line.locator("form[action$='/project/'] button").click()

    project = Project.objects.get()
    assert (project.name, project.sector) == ("Vi lagar taket ihop", "energy")
    guest.goto(evening.get_absolute_url())
    guest.locator(f"a[href$='{project.get_absolute_url()}']").click()
    expect(guest.locator("h1")).to_have_text("Vi lagar taket ihop")
    mine.refresh_from_db()
    assert mine.party == 2


def test_an_invitation_on_paper_has_its_address_and_no_form(open_page, group):
    evening = make.gathering(group)
    page = open_page("laptop")
    page.goto(evening.get_absolute_url())
    paper = PdfReader(io.BytesIO(page.pdf(format="A4", print_background=True)))

    words = " ".join(sheet.extract_text() for sheet in paper.pages)
    assert evening.get_absolute_url() in words.replace("\n", "")
    page.emulate_media(media="print")
    expect(page.locator("svg.qr")).to_be_visible()
    expect(page.locator("[name=party]")).to_be_hidden()


def test_one_organisation_asks_and_the_other_answers_at_its_own_desk(open_page, group, church):
    evening = make.gathering(group)
    asks = open_page("phone", make.user("olle", ("organiser", group)), java_script_enabled=False)
    asks.goto(f"/organisations/{group.slug}/gatherings/{evening.slug}/")
    asks.locator(f"a[href*='/cooperation/?thing=gathering-{evening.pk}']").click()
    assert asks.locator("[name=thing]").input_value() == f"gathering-{evening.pk}"
    asks.locator("[name=organisation]").select_option(church.slug)
    asks.locator("[name=part]").fill("Kaffe för hundra")
    asks.locator("form:has([name=part]) button[type=submit]").click()

    answers = open_page("phone", make.user("kim", ("organiser", church)), java_script_enabled=False)
    answers.goto(f"/organisations/{church.slug}/cooperation/")
    answers.locator("main li a").click()
    answers.locator("button[formaction$='/accept/']").click()

    assert Cooperation.objects.get().accepted_on
    stranger = open_page("phone", java_script_enabled=False)
    stranger.goto(evening.get_absolute_url())
    expect(stranger.locator("section[aria-labelledby=partners]")).to_contain_text(
        "Kaffe för hundra"
    )


def test_axe_finds_nothing_on_any_page_of_a_gathering(open_page, group, church):
    page = open_page("phone", make.user("olle", ("organiser", group), ("organiser", church)))
    for address in _pages(group, church):
        answer = page.goto(address)
        assert answer.status == 200, address
        for size, theme in turns(page, "phone", "laptop"):
            seen = (address, size, theme)
            assert (*seen, axe_finds(page), too_wide(page)) == (*seen, [], False)


def _pages(group: Organisation, church: Organisation) -> tuple[str, ...]:
    """Every page, with a gathering that has all there is, and one that is cancelled."""
    at = timezone.now()
    evening = make.gathering(group, place=group.places.get(), most=40)
    mine = make.sign_up(evening, party=6, words="Jag behöver skjuts")
    told = {"gathering": evening, "by": "user:1", "at": at}
    minutes.write(kind="note", text="Alla presenterade sig", **told)
    minutes.write(kind="task", text="Ring kommunen", who="Bo", due_on=at.date(), **told)
    gatherings.write_outcome(gathering=evening, sv="Ett bageri")
    gatherings.move(
        starts_at=evening.starts_at + timedelta(hours=1),
        ends_at=evening.ends_at + timedelta(hours=1),
        venue="En sal med ett mycket långt namn",
        reason="Skolan är stängd",
        **told,
    )
    off = make.gathering(group, form="fair", name="Mässan")
    gatherings.cancel(gathering=off, reason="Snö", by="user:1", at=at)
    asked = cooperations.invite(organisation=church, into=evening, part="Kaffe", on=at.date())
    cooperations.answer(cooperation=asked, accepts=True, on=at.date())
    desk = f"/organisations/{group.slug}/gatherings/"
    return (
        "/gatherings/",
        evening.get_absolute_url(),
        off.get_absolute_url(),
        mine.get_absolute_url(),
        asked.get_absolute_url(),
        desk,
        f"{desk}{evening.slug}/",
        f"{desk}{off.slug}/",
        f"/organisations/{group.slug}/cooperation/",
        f"/organisations/{church.slug}/cooperation/",
    )
