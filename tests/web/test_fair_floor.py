"""An evening in a hall: phones without a net, help in kind, and the board on the wall."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from invest import confirmations, pledges
from invest.models import Fair, FollowUp, InKind, Offering, Pledge, PledgeCard
from tests import factories as make
from tests.web.wire import wire

pytestmark = pytest.mark.browser


@pytest.fixture
def hall(shared_db):
    """An offering at a fair of today."""
    offering = make.share_offering()
    Offering.objects.update(closes_on=timezone.localdate() + timedelta(days=30))
    make.fair(owner=offering.vehicle.organisation, of=(offering.vehicle.project,))
    return offering


@pytest.fixture
def net(live_site):
    """The net of the hall, which can go."""
    with wire(live_site) as made:
        yield made


@pytest.mark.fault("F06")
@pytest.mark.fault("F07")
def test_a_phone_without_a_net_keeps_the_promise_and_sends_it_once(open_page, hall, net):
    phone = open_page("phone", silent=False)
    phone.goto(f"{net.url}/projects/soltaket/pledge/?fair=massan")
    phone.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.reload()
    net.cut()
    phone.reload()  # The worker still knows the form.

    phone.locator("label.chip", has_text="1 000 kr").click()
    phone.get_by_label("Ditt namn").fill("Ada")
    phone.get_by_role("button", name="Jag lovar").click()
    expect(phone.locator("#outbox")).to_contain_text("inte skickat än")
    phone.reload()  # Also after the page was loaded anew.
    expect(phone.locator("#outbox")).to_contain_text("inte skickat än")
    assert Pledge.objects.count() == 0
    wall = open_page("wall")
    wall.goto("/fairs/massan/board/")
    expect(wall.locator(".board-count")).to_contain_text("0")

    net.mend()
    expect(phone.locator("#outbox")).to_contain_text("skickat och antecknat")
    expect(wall.locator(".board-count strong")).to_have_text("1", timeout=2000)
    expect(wall.locator(".board-pending")).to_contain_text("1 000 kr")
    assert Pledge.objects.count() == 1


@pytest.mark.fault("F07")
def test_a_phone_with_a_wrong_clock_promises_today(open_page, hall, net):
    phone = open_page("phone", silent=False)
    phone.clock.set_fixed_time("2031-05-05T05:05:05")
    phone.goto(f"{net.url}/projects/soltaket/pledge/?fair=massan")
    phone.locator("label.chip", has_text="1 000 kr").click()
    phone.get_by_label("Ditt namn").fill("Ada")
    net.cut()
    phone.get_by_role("button", name="Jag lovar").click()
    expect(phone.locator("#outbox")).to_contain_text("inte skickat än")
    net.mend()
    expect(phone.locator("#outbox")).to_contain_text("skickat och antecknat", timeout=15_000)

    made = Pledge.objects.get()
    assert timezone.localdate(made.submitted_at) == timezone.localdate()


def test_two_phones_tapping_twice_are_two_promises(open_page, hall):
    phones = [open_page("phone", silent=False) for _ in range(2)]
    for phone, name in zip(phones, ("Ada", "Bo"), strict=True):
        phone.goto("/projects/soltaket/pledge/in-kind/?fair=massan")
        phone.get_by_label("Med egna ord").fill("En dag på taket")
        phone.get_by_label("Hur mycket").fill("1")
        phone.get_by_label("Ditt namn").fill(name)

    for phone in phones:
        phone.get_by_role("button", name="Det här erbjuder jag").dblclick()
    for phone in phones:
        expect(phone.get_by_role("heading", level=1)).to_have_text("Tack!")

    assert InKind.objects.count() == 2


def test_help_is_offered_without_script_and_by_keyboard(open_page, hall):
    phone = open_page("phone", java_script_enabled=False)
    phone.goto("/projects/soltaket/pledge/in-kind/?fair=massan")
    phone.get_by_label("Med egna ord").focus()
    phone.keyboard.type("Skruva paneler")
    phone.keyboard.press("Tab")
    phone.keyboard.type("8")
    phone.get_by_label("Ditt namn").fill("Ada")
    phone.keyboard.press("Enter")

    expect(phone.get_by_role("heading", level=1)).to_have_text("Tack!")
    assert InKind.objects.get().what == "Skruva paneler"


def tab_to(page: Page, target: Locator) -> None:
    """Walk there with the tab key, as somebody does who has no mouse."""
    expect(target).to_have_count(1)
    for _step in range(150):
        page.keyboard.press("Tab")
        if target.evaluate("found => found === document.activeElement"):
            return
    raise AssertionError(f"the keyboard does not reach {target}")


def press(page: Page, name: str, role: str = "button") -> None:
    """Reach a button or link by its words, and press it."""
    tab_to(page, page.get_by_role(role, name=name).first)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_the_evening_and_after_by_keyboard_and_without_script(open_page, hall):
    fair, project = Fair.objects.get(), hall.vehicle.project
    promised = make.pledge(hall, 1000, "Ada", fair=fair, shown_as="Ada")
    asked, back = make.pledge(hall, 500, "Bo", fair=fair), make.pledge(hall, 1500, "Cem")
    help_ = make.help_offer(project, "Eva", fair=fair)
    olle = make.user("olle", *((role, fair.organisation) for role in ("organiser", "treasurer")))
    saver = open_page("phone", java_script_enabled=False)
    desk = open_page("laptop", olle, java_script_enabled=False)

    saver.goto(f"/pledges/confirm/{confirmations.sign(asked)}/")
    press(saver, "Ja, jag bekräftar")
    saver.goto(f"/pledges/{back.token}/withdraw/")
    press(saver, "Ja, ta tillbaka")
    desk.goto("/fairs/massan/board/moderate/")
    press(desk, "Håll tillbaka")
    desk.goto("/fairs/massan/after/")
    press(desk, "Bekräfta Ada")
    desk.goto("/projects/soltaket/help/")
    tab_to(desk, desk.locator("summary").first)
    desk.keyboard.press("Enter")
    press(desk, "Ja, gärna")
    desk.goto("/fairs/massan/cards/")
    press(desk, "Öppna en bunt")
    tab_to(desk, desk.get_by_label("Numret på kortet"))
    desk.keyboard.type("17")
    tab_to(desk, desk.get_by_label("Projekt", exact=True))
    desk.keyboard.press("ArrowDown")
    tab_to(desk, desk.get_by_label("Namn eller alias"))
    desk.keyboard.type("Fia")
    tab_to(desk, desk.get_by_label("Kronor", exact=True))
    desk.keyboard.type("1000")
    press(desk, "För in kortet")
    desk.goto("/fairs/massan/follow-ups/")
    press(desk, "Hämta mässans löften")

    states = [pledges.latest(made).to_state for made in (promised, asked, back)]
    assert states == ["confirmed", "confirmed", "withdrawn"]
    assert Pledge.objects.get(pk=promised.pk).is_held_back
    assert help_.events.latest("pk").to_state == "accepted"
    assert PledgeCard.objects.get().serial == 17
    assert FollowUp.objects.filter(fair=fair).exists()


def test_the_board_goes_on_from_its_last_figures(open_page, hall, net):
    make.pledge(hall, 500, "Ada", fair=Fair.objects.get())
    wall = open_page("wall", silent=False)
    wall.goto(f"{net.url}/fairs/massan/board/")
    expect(wall.locator(".board-count strong")).to_have_text("1")

    net.cut()
    expect(wall.locator("#stale")).to_contain_text("Nätet är borta", timeout=4000)
    expect(wall.locator(".board-count strong")).to_have_text("1")

    net.mend()
    expect(wall.locator("#stale")).to_be_hidden(timeout=4000)
