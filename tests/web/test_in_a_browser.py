"""The first fair in a real browser: a phone, the treasurer's laptop, and the wall."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from playwright.sync_api import Page, expect

from invest.fairs import confirmations
from invest.models import Fair, Offering, Pledge, Project, Role
from pools import audit
from tests import factories as make
from tests.camt_files import Row, camt
from tests.web.conftest import axe_finds, ringless, turn
from tests.web.test_every_address import OURS, Address, one_of_each

pytestmark = pytest.mark.browser


@pytest.fixture
def energi(shared_db):
    """An energy company that raises money, at a fair today."""
    offering = make.share_offering()
    Offering.objects.update(closes_on=timezone.localdate() + timedelta(days=30))
    owner = offering.vehicle.organisation
    make.fair(owner=owner, of=(offering.vehicle.project,))
    return owner


@pytest.fixture
def dee(energi):
    return make.user("dee", ("treasurer", energi))


def promise(page: Page, name: str = "Ada Lindgren", kronor: str = "1 000 kr") -> None:
    """Three taps and a name."""
    page.goto("/projects/soltaket/")
    page.get_by_role("link", name="Jag vill vara med").first.click()
    page.locator("label.chip", has_text=kronor).click()
    page.get_by_label("Ditt namn").fill(name)
    page.get_by_role("button", name="Jag lovar").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tack!")


def handle(page: Page, action: str) -> None:
    page.goto("/organisations/energi/pledges/")
    page.get_by_role("checkbox").first.check()
    if action == "Avropa betalning":
        page.get_by_label("Betalas senast").fill(timezone.localdate().isoformat())
    page.get_by_role("button", name=action).click()
    expect(page.get_by_role("status")).to_contain_text("1 löfte är klart")


def test_from_pledge_to_published_report(open_page, energi, dee, tmp_path):
    wall = open_page("wall")
    wall.goto("/projects/soltaket/")
    phone, laptop = open_page("phone"), open_page("laptop", dee)

    promise(phone)
    expect(wall.locator("#raised")).to_contain_text("Nyss utlovat: 1 000 kr", timeout=2500)

    handle(laptop, "Bekräfta")
    handle(laptop, "Avropa betalning")
    phone.reload()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Dags att betala")
    ocr = Pledge.objects.get().calls.get().ocr
    expect(phone.get_by_text(ocr)).to_be_visible()

    statement = tmp_path / "camt054.xml"
    statement.write_bytes(camt(Row("1000.00", ocr, on=f"{timezone.localdate()}")))
    laptop.goto("/organisations/energi/bank/")
    laptop.locator("input[type=file]").set_input_files(statement)
    laptop.get_by_role("button", name="Läs in").click()
    placed = laptop.get_by_role("status").locator("dt", has_text="Placerade efter referens")
    expect(placed.locator("+ dd")).to_have_text("1")
    phone.reload()
    expect(phone.locator(".badge-state").first).to_have_text("Betalt")
    received = wall.locator(".thermo-row", has_text="Inbetalt")
    expect(received).to_contain_text("1 000 kr", timeout=2500)

    wall.goto("/fairs/massan/report/")
    expect(wall.locator(".tile.received")).to_contain_text("1 000 kr")
    wall.goto("/organisations/energi/")
    expect(wall.locator(".tile.received")).to_contain_text("1 000 kr")
    assert audit.run(audit.CHECKS) == []


def test_a_pledge_needs_no_script(open_page, energi):
    page = open_page("phone", java_script_enabled=False)

    promise(page, kronor="2 500 kr")

    expect(page.locator(".receipt-amount")).to_have_text("2 500 kr")


def test_a_pledge_needs_no_mouse(open_page, energi):
    page = open_page("laptop")
    page.goto("/projects/soltaket/pledge/")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Hoppa till innehållet")).to_be_focused()
    page.keyboard.press("Enter")
    focused = page.locator(":focus")
    for _ in range(9):
        page.keyboard.press("Tab")
        if focused.get_attribute("type") == "radio":
            break
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.type("Ada")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Tack!")
    expect(page.locator(".receipt-amount")).to_have_text("1 000 kr")


def test_another_amount_asks_for_it(open_page, energi):
    page = open_page("phone", silent=False)  # The browser itself tells of the 400.
    page.goto("/projects/soltaket/pledge/")
    expect(page.get_by_label("Annat belopp, i kronor")).to_be_hidden()

    page.locator("label.chip", has_text="Annat belopp").click()
    page.get_by_label("Annat belopp, i kronor").fill("750")
    page.get_by_label("Ditt namn").fill("Ada")
    page.get_by_role("button", name="Jag lovar").click()

    expect(page.get_by_text("En andel kostar 500 kr")).to_be_visible()
    expect(page.get_by_label("Ditt namn")).to_have_value("Ada")
    page.get_by_label("Annat belopp, i kronor").fill("1 500")
    page.get_by_role("button", name="Jag lovar").click()
    expect(page.locator(".receipt-amount")).to_have_text("1 500 kr")


def test_a_code_by_mail_lets_in(open_page, energi):
    make.user("ada")
    page = open_page("phone")

    page.goto("/accounts/login/code/")
    page.get_by_label("E-post").fill("ada@example.org")
    page.get_by_role("button", name=re.compile("kod", re.IGNORECASE)).first.click()
    expect(page).to_have_url(re.compile("/accounts/login/code/confirm/"))
    code = re.search(r"^\s*([A-Z0-9-]{6,9})\s*$", mail.outbox[0].body, re.MULTILINE)[1]
    page.get_by_label("Kod").fill(code)
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile("/me/$"))


def test_a_passkey_is_added_and_lets_in(open_page, energi):
    page = open_page("laptop", make.user("ada"))
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    key = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": key})

    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_label("Nyckelns namn").fill("Telefonen")
    page.get_by_label("Utan lösenord").check()
    page.get_by_role("button", name="Lägg till").click()
    expect(page).to_have_url(re.compile("/accounts/2fa/(?!webauthn/add)"))
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    page.get_by_role("button", name=re.compile("nyckel", re.IGNORECASE)).click()

    expect(page).to_have_url(re.compile("/me/$"))


def test_a_months_production_becomes_an_owners_kilowatt_hours(open_page, energi, dee):
    offering = Offering.objects.get()
    for name, amount in (("Ada", 1500), ("Bo", 500)):
        make.paid(offering, amount, name, date(2026, 10, 1))
    laptop = open_page("laptop", dee)

    laptop.goto("/organisations/energi/registers/soltaket/")
    laptop.get_by_role("link", name="En månads produktion").click()
    laptop.get_by_label("Dagen det gäller").fill(make.DAY.isoformat())
    laptop.get_by_label("En dag i månaden").fill("2026-10-15")
    laptop.get_by_label("Kilowattimmar", exact=True).fill("400")
    laptop.get_by_role("button", name="Anteckna").click()
    expect(laptop.get_by_role("status")).to_contain_text("Gjort: En månads produktion")

    phone = open_page("phone", make.user("ada"))
    phone.goto("/me/")
    phone.get_by_role("link", name="Soltaket andelar").first.click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Soltaket andelar")
    expect(phone.locator("main")).to_contain_text("300")
    expect(phone.locator("main")).not_to_contain_text("Bo")

    laptop.get_by_text("Blev det fel?").click()
    laptop.get_by_label("Varför ångras det?").fill("Fel mätare")
    laptop.get_by_role("button", name="Ångra", exact=True).click()
    expect(laptop.get_by_role("status")).to_contain_text("Ångrat")
    assert audit.run(audit.CHECKS) == []


PAGES = [
    "/",
    "/projects/",
    "/projects/soltaket/",
    "/projects/soltaket/pledge/",
    "/projects/soltaket/pledge/in-kind/",
    "/organisations/",
    "/organisations/energi/",
    "/fairs/",
    "/fairs/massan/",
    "/fairs/massan/report/",
    "/fairs/massan/board/",
    "/fairs/massan/became/",
    "/calculator/?kind=annuity&principal=50000&rate=4&periods=24&start=2026-01-01",
    "/calculator/?what=carry&principal=200000&months=120&balance=85000&months_before=36&factor=1",
    "/accounts/login/",
    "/accounts/signup/",
    "/demo/",
]
OWN = [
    "/me/",
    "/me/contact/",
    "/me/forget/",
    "/fairs/massan/desk/",
    "/fairs/massan/board/moderate/",
    "/fairs/massan/cards/",
    "/fairs/massan/after/",
    "/fairs/massan/follow-ups/",
    "/projects/soltaket/help/",
    "/organisations/energi/letters/",
    "/organisations/energi/bank/",
    "/organisations/energi/bank/accounts/",
    "/organisations/energi/bank/accounts/open/",
    "/organisations/energi/pledges/",
    "/organisations/energi/distributions/",
    "/organisations/energi/offers/",
    "/organisations/energi/offers/new/direct-loan/",
    "/organisations/energi/registers/",
    "/organisations/energi/registers/soltaket/",
    "/organisations/energi/registers/soltaket/sheets/register/",
    "/organisations/energi/registers/soltaket/do/reading/",
    "/organisations/energi/registers/soltaket/terms/",
    "/organisations/energi/limits/",
    "/accounts/2fa/",
    "/accounts/email/",
]


@pytest.mark.parametrize(("size", "language"), [("phone", "sv"), ("laptop", "en")])
def test_axe_finds_nothing_and_nothing_runs_over_the_edge(
    open_page, energi, size, language, live_site
):
    for name in ("Ada", "Bo", "Cem", "Dee", "Eva", "Fia"):
        make.called(make.pledge(Offering.objects.get(), 1500, name))
    receipt = Pledge.objects.first().get_absolute_url()
    fair, offered = Fair.objects.get(), make.help_offer(Project.objects.get())
    help_ = reverse("in_kind_receipt", args=[offered.token])
    confirm = reverse("confirm_by_link", args=[confirmations.sign(Pledge.objects.last())])
    invitation = reverse("invitation", args=[fair.pitches.get().code])
    page = open_page(size)
    own = open_page(size, make.user("olle", ("treasurer", energi), ("organiser", energi)))
    found = {}

    for who, paths in ((page, [*PAGES, receipt, help_, confirm]), (own, [*OWN, invitation])):
        speak(who, language, live_site)
        for path in paths:
            who.goto(path)
            for chart in who.locator("[data-chart]").all():
                chart.scroll_into_view_if_needed()
                expect(chart).to_have_attribute("data-drawn", "true")
            assert who.locator("html").get_attribute("lang") == language
            for theme in ("light", "dark"):
                turn(who, size, theme)
                wide = who.evaluate(
                    "document.documentElement.scrollWidth > document.documentElement.clientWidth"
                )
                found[path, theme] = [
                    *axe_finds(who),
                    *ringless(who),
                    *(["too wide"] if wide else []),
                ]

    assert {place: what for place, what in found.items() if what} == {}


@pytest.mark.parametrize("quarter", range(4))
def test_axe_finds_nothing_at_any_address(open_page, shared_db, quarter, live_site):
    """In each language, on a phone in the dark and on a laptop in the light."""
    world = one_of_each()
    owner = world["owner"]["organisation"]
    everything = [(role, owner) for role in Role.Kind.values if role != "administrator"]
    # Ada holds what she paid for: her own pages open too.
    page = open_page("phone", make.user("ada", *everything))
    found, seen = {}, 0

    for path in pages(page, world, OURS[quarter::4]):
        for language in ("sv", "en"):
            speak(page, language, live_site)
            page.goto(path)
            for size, theme in (("phone", "dark"), ("laptop", "light")):
                turn(page, size, theme)
                found[path, language, size] = [*axe_finds(page), *ringless(page)]
        seen += 1

    assert {place: what for place, what in found.items() if what} == {}
    assert seen > 10


def pages(page: Page, world: dict[str, dict[str, object]], among: list[Address]) -> Iterator[str]:
    """The addresses that answer with a page."""
    for address in among:
        if address.name in {"board_now", "raised"}:
            continue  # Parts of a page that is walked itself.
        path = reverse(address.name, kwargs=world.get(address.name, {}))
        answer = page.request.get(path, max_redirects=0)
        if answer.status == 200 and answer.headers["content-type"].startswith("text/html"):
            yield path


def speak(page: Page, language: str, live_site: str) -> None:
    """Ask for every page from here on in this language."""
    cookie = {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_site}
    page.context.add_cookies([cookie])


def test_the_theme_stays_as_chosen(open_page, energi):
    page = open_page("laptop", color_scheme="light")
    page.goto("/")
    page.get_by_role("button", name="Ljust eller mörkt").click()

    page.goto("/projects/")

    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_days_are_told_in_the_readers_language(open_page, energi):
    page = open_page("phone")
    page.goto("/fairs/massan/report/")
    expect(page.locator("main")).to_contain_text(date_format(timezone.localdate()))

    page.goto("/")
    page.get_by_role("button", name="English").click()

    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", level=1)).to_have_text("Savings that stay where you live")
