"""An evening in a hall: phones without a net, help in kind, and the board on the wall."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from invest.fairs import confirmations, follow_ups
from invest.fairs.queries.desk import stand
from invest.models import (
    CardBatch,
    Fair,
    FollowUp,
    InKind,
    Letter,
    Need,
    Offering,
    Organisation,
    Person,
    Pitch,
    Pledge,
    PledgeCard,
    User,
)
from invest.pledges import pledges
from tests import factories as make
from tests.web.conftest import SIZES
from tests.web.wire import wire

pytestmark = pytest.mark.browser


@pytest.fixture
def hall(shared_db):
    """An offering at a fair of today."""
    offering = make.share_offering()
    Offering.objects.update(closes_on=timezone.localdate() + timedelta(days=30))
    make.fair(owner=offering.vehicle.organisation, of=(offering.vehicle.project,))
    return offering


def hold_fair(days: int) -> Fair:
    """The fair, held so many days from today."""
    starts_at = timezone.now() + timedelta(days=days)
    Fair.objects.update(starts_at=starts_at, ends_at=starts_at + timedelta(hours=3))
    return Fair.objects.get()


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


def write(page: Page, label: str, text: str) -> None:
    """Reach a field by its label, and type over what stands there."""
    tab_to(page, page.get_by_label(label, exact=True).filter(visible=True))
    page.keyboard.type(text)


def choose(page: Page, label: str, place: int = 1) -> None:
    """Reach a list of choices by its label, and go so many places down."""
    tab_to(page, page.get_by_label(label, exact=True).filter(visible=True))
    for _step in range(place):
        page.keyboard.press("ArrowDown")


def pick_day(page: Page, label: str) -> date:
    """Reach a day and pick 2 February of next year: two steps up in each of its three parts.

    Which part stands first is the browser's own language's.
    """
    field = page.get_by_label(label, exact=True).filter(visible=True)
    tab_to(page, field)
    for _part in range(3):
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Tab")
    return date.fromisoformat(field.input_value())


def unfold(page: Page, words: str) -> None:
    """Reach a fold by its words, and open it."""
    tab_to(page, page.locator("summary", has_text=words))
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
    unfold(desk, "Eva")
    press(desk, "Ja, gärna")
    desk.goto("/fairs/massan/cards/")
    press(desk, "Öppna en bunt")
    write(desk, "Numret på kortet", "17")
    choose(desk, "Projekt")
    write(desk, "Namn eller alias", "Fia")
    write(desk, "Kronor", "1000")
    press(desk, "För in kortet")
    desk.goto("/fairs/massan/follow-ups/")
    press(desk, "Hämta mässans löften")

    states = [pledges.latest(made).to_state for made in (promised, asked, back)]
    assert states == ["confirmed", "confirmed", "withdrawn"]
    assert Pledge.objects.get(pk=promised.pk).is_held_back
    assert help_.events.latest("pk").to_state == "accepted"
    assert PledgeCard.objects.get().serial == 17
    assert FollowUp.objects.filter(fair=fair).exists()


def test_before_a_fair_by_keyboard_and_without_script(open_page, hall):
    fair = hold_fair(days=9)
    baker = make.organisation("bageriet", iban="SE3550000000054910000003")
    make.project("ugnen", baker)
    olle = make.user("olle", ("organiser", fair.organisation))
    berit = make.user("berit", ("project-owner", baker))
    desk = open_page("laptop", olle, java_script_enabled=False)
    owner = open_page("phone", berit, java_script_enabled=False)

    desk.goto("/fairs/massan/desk/")
    choose(desk, "Projekt")
    press(desk, "Bjud in")
    pitch = fair.pitches.get(project__slug="ugnen")
    owner.goto(f"/invitations/{pitch.code}/")
    press(owner, "Nej, inte den här gången")
    press(owner, "Ja, vi kommer")
    press(desk, "Flytta upp Ugnen")
    press(desk, "Lägg in den vanliga checklistan")
    first, second = fair.tasks.all()[:2]
    press(desk, f"Bocka av: {first.text}")
    press(desk, f"Bocka av: {second.text}")
    press(desk, f"Inte gjort ändå: {first.text}")
    write(desk, "Vad som ska göras", "Koka kaffe")
    day = pick_day(desk, "Senast")
    press(desk, "Lägg till")
    write(desk, "Hur många kort", "8")
    papers = []
    for role, name in (("button", "Gör PDF:en"), ("link", "Affisch för Ugnen")):
        tab_to(desk, desk.get_by_role(role, name=name))
        with desk.expect_download() as paper:
            desk.keyboard.press("Enter")
        papers.append(paper.value.suggested_filename)

    assert [at.project.slug for at in fair.pitches.all()] == ["ugnen", "soltaket"]
    assert fair.pitches.first().accepted_on == timezone.localdate()
    assert fair.tasks.get(done_on__isnull=False) == second
    assert fair.tasks.get(text="Koka kaffe").due_on == day
    assert papers == ["massan-cards-1-8.pdf", "massan-ugnen-poster.pdf"]


def test_a_savers_own_pages_by_keyboard_and_without_script(open_page, hall):
    make.paid(hall, 1500, "Ada")
    Organisation.objects.update(contact_email="kassa@example.org")
    phone = open_page("phone", make.user("ada"), java_script_enabled=False)

    phone.goto("/projects/soltaket/")
    press(phone, "Jag vill vara med", "link")
    tab_to(phone, phone.get_by_role("radio").first)
    phone.keyboard.press("ArrowLeft")  # Round to the last: an amount of one's own.
    write(phone, "Annat belopp, i kronor", "1500")
    write(phone, "Ditt namn", "Ada")
    tab_to(phone, phone.get_by_role("checkbox"))
    phone.keyboard.press("Space")
    write(phone, "Visas som, om inte med mitt namn", "En granne")
    press(phone, "Jag lovar")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Tack!")
    promised = Pledge.objects.latest("pk")
    assert pledges.latest(promised).amount_minor == 150_000
    assert promised.shown_as == "En granne"

    phone.goto("/me/contact/")
    write(phone, "Telefon", "070-123 45 67")
    write(phone, "Postadress", "Storgatan 1, 123 45 Björkdalen")
    choose(phone, "Språk i dina brev")
    tab_to(phone, phone.get_by_label("Nyheter från projekt"))
    phone.keyboard.press("Space")
    press(phone, "Spara")
    press(phone, "Sluta visa det")
    ada = Person.objects.get(name="Ada")
    assert (ada.phone, ada.language) == ("070-123 45 67", "en")
    assert [row.kind for row in ada.unwanted.all()] == ["news"]
    assert ada.consents.get().withdrawn_at

    phone.goto("/me/")
    press(phone, "Soltaket andelar", "link")
    write(phone, "Varför jag vill lämna", "Jag flyttar")
    press(phone, "Skicka")
    assert "Jag flyttar" in Letter.objects.get(to="kassa@example.org").text

    phone.goto("/me/")
    press(phone, "Radera mig", "link")
    write(phone, "Skriv din e-post, för att visa att du menar det", "ada@example.org")
    press(phone, "Radera mig")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Du är raderad")
    assert not User.objects.filter(email="ada@example.org").exists()
    assert pledges.latest(promised).to_state == "withdrawn"


def test_cards_help_and_follow_ups_by_keyboard_and_without_script(open_page, hall):
    fair, project = hold_fair(days=-31), hall.vehicle.project
    Need.objects.create(project=project, text_sv="Måla", quantity=8, unit="timmar")
    make.pledge(hall, 1000, "Ada", fair=fair)
    eva, gun = make.help_offer(project, "Eva"), make.help_offer(project, "Gun")
    fia = make.help_offer(project, "Fia", sort="introductions", unit="INTRO")
    follow_ups.plan_for(fair)
    olle = make.user("olle", ("organiser", fair.organisation))
    desk = open_page("laptop", olle, java_script_enabled=False, silent=False)

    desk.goto("/fairs/massan/cards/")
    press(desk, "Öppna en bunt")
    for serial, places in (("17", 1), ("18", 0)):  # The project stays as on the last card.
        write(desk, "Numret på kortet", serial)
        choose(desk, "Projekt", places)
        write(desk, "Kronor", "1000")
        write(desk, "Namn eller alias", "Hans")
        press(desk, "För in kortet")
    press(desk, "Rätta kort 17", "link")
    write(desk, "Som det står på kortet", "1500")
    press(desk, "Rätta")
    press(desk, "Rätta kort 18", "link")
    press(desk, "Återta kortet")
    for counted in ("2", "1"):  # The first count is wrong, and the batch stays open.
        assert CardBatch.objects.get().closed_at is None
        write(desk, "Kort i bunten", counted)
        write(desk, "Kronor på dem, allt som allt", "1500")
        press(desk, "Stäng bunten")
    assert CardBatch.objects.get().closed_at
    states = [pledges.latest(card.pledge) for card in PledgeCard.objects.order_by("serial")]
    assert [(now.to_state, now.amount_minor) for now in states] == [
        ("submitted", 150_000),
        ("withdrawn", 100_000),
    ]

    desk.goto("/fairs/massan/follow-ups/")
    choose(desk, "Vad blev det av det?")
    write(desk, "Värt hittills, i kronor", "1000")
    write(desk, "Kommentar", "Allt är betalt")
    press(desk, "Anteckna")
    answered = FollowUp.objects.get(done_on__isnull=False)
    assert (answered.days, answered.found, answered.value_minor) == (30, "delivered", 100_000)

    desk.goto("/projects/soltaket/help/")
    unfold(desk, "Eva")
    choose(desk, "För behovet")
    press(desk, "Ja, gärna")
    unfold(desk, "Eva")
    day = pick_day(desk, "Dag")
    press(desk, "Bestäm dagen")
    unfold(desk, "Eva")
    write(desk, "Hur mycket det blev", "6,5")
    press(desk, "Det är gjort")
    unfold(desk, "Eva")
    write(desk, "Skriv till den som hjälper", "Så fint det blev!")
    press(desk, "Vi har fått det: tack")
    for name in ("Ja, gärna", "Vi har fått kontakten", "Vi har fått det: tack"):
        unfold(desk, "Fia")
        press(desk, name)
    unfold(desk, "Gun")
    press(desk, "Nej, tack")  # Without a kind word it is not taken, and the fold stays open.
    write(desk, "Skriv till den som hjälper", "Tack, men vi klarar oss")
    press(desk, "Nej, tack")
    eva.refresh_from_db()
    assert eva.need.text == "Måla"
    assert eva.messages.get().text == "Så fint det blev!"
    told = [(event.to_state, event.quantity) for event in eva.events.all()]
    states = ("offered", "accepted", "scheduled", "delivered", "verified")
    assert told == list(zip(states, (8, 8, 8, 6.5, 6.5), strict=True))
    assert eva.events.get(to_state="scheduled").due_on == day
    assert [offer.events.latest("pk").to_state for offer in (fia, gun)] == ["verified", "declined"]


@dataclass
class Hand:
    """A hand with a phone, that counts what it does and the pages that come."""

    page: Page
    taps: int = 0
    letters: int = 0
    pages: int = 0

    def __post_init__(self) -> None:
        self.page.on("load", self._sees)
        self.screen = self.page.context.new_cdp_session(self.page)

    def tap(self, target: Locator) -> None:
        """Touch what is wholly on the screen; a swipe of half a screen towards it is a tap too."""
        height = SIZES["phone"][1]
        for _swipe in range(9):
            box = target.bounding_box()
            assert box
            if box["y"] >= 0 and box["y"] + box["height"] <= height:
                break
            middle, half = {"x": 100, "y": height / 2}, height / 2 * (1 if box["y"] < 0 else -1)
            self.screen.send("Input.synthesizeScrollGesture", {**middle, "yDistance": half})
            self.taps += 1
        target.tap()
        self.taps += 1

    def type(self, text: str) -> None:
        """Letter by letter."""
        self.page.keyboard.type(text)
        self.letters += len(text)

    @property
    def seconds(self) -> float:
        """What it takes by the keystroke-level model."""
        return 1.1 * self.taps + 0.28 * self.letters + 2 * self.pages

    def _sees(self, _page: Page) -> None:
        self.pages += 1


def test_a_practised_hand_promises_within_twenty_seconds(open_page, hall):
    """From the poster's square to the thanks, by the keystroke-level model.

    A tap takes 1.1 s, a typed letter 0.28 s, and a page 2 s to be taken in (Card, Moran and Newell
    1980). Taps, swipes, letters and pages are those that this test counts; it reads no clock.
    """
    square = stand(Pitch.objects.get()).link
    phone = open_page("phone", has_touch=True, is_mobile=True)
    hand = Hand(phone)

    phone.goto(urlsplit(square).path)
    hand.tap(phone.locator("label.chip", has_text="1 000 kr"))
    hand.tap(phone.get_by_label("Ditt namn"))
    hand.type("Karin Lindström")
    hand.tap(phone.get_by_text("Belopp", exact=True))  # The phone's keyboard goes away.
    hand.tap(phone.get_by_role("button", name="Jag lovar"))
    expect(phone.get_by_role("heading", level=1)).to_have_text("Tack!")
    phone.wait_for_load_state()

    made = Pledge.objects.get()
    assert (made.fair.slug, made.person.name) == ("massan", "Karin Lindström")
    assert pledges.latest(made).amount_minor == 100_000
    assert hand.pages == 2  # The form, and the thanks.
    assert hand.taps <= 6
    assert hand.seconds <= 20


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
