"""Letters: to whom, wanted or not, asking for exit, and the outbox of an organisation."""

from datetime import datetime, timedelta

import pytest
from django.core import mail as post
from django.core import signing
from django.urls import reverse

from invest.letters import outbox, queries
from invest.me import leaving
from invest.me.refusals import AskedToday, NoLetterBox
from invest.models import Holding, Letter, Organisation, Person, Pledge, Project, Unwanted, Vehicle
from invest.pledges import letters
from tests import factories as make
from tests.factories import STOCKHOLM

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 12, tzinfo=STOCKHOLM)
ENGLISH = {"accept-language": "en"}


def written(person: Person | None = None, text: str = "Hej", **more) -> Letter:
    more = {"kind": "receipt", "to": "x@example.org", "subject": "Hej", "written_at": NOON, **more}
    return Letter.objects.create(person=person, text=text, **more)


@pytest.fixture
def held() -> Holding:
    """Ada holds in an energy company that can be written to."""
    shares = make.share_offering()
    Organisation.objects.update(contact_email="styrelsen@energi.example")
    number = make.paid(shares, 1000)
    return Holding.objects.select_related("vehicle__organisation").filter(number=number)[0]


def ask(held: Holding, *, at: datetime = NOON) -> Letter:
    vehicle = Vehicle.objects.select_related("organisation").get(pk=held.vehicle_id)
    return leaving.ask_exit(vehicle=vehicle, number=held.number, why="Flyttar", link="/x/", at=at)


# --- Writing --------------------------------------------------------------------------------------


def test_an_unwanted_kind_is_not_written_and_others_are(django_capture_on_commit_callbacks):
    promise = make.pledge(make.share_offering())
    outbox.leave_out(promise.person, ["news", "confirm"])
    outbox.leave_out(promise.person, ["receipt"])

    with django_capture_on_commit_callbacks(execute=True):
        letters.send_receipt(promise, link="/x/")
        assert (post.outbox, Letter.objects.count()) == ([], 0)
        outbox.leave_out(promise.person, [])
        letters.send_receipt(promise, link="/x/")

    assert [letter.to for letter in post.outbox] == [["ada@example.org"]]
    assert (Letter.objects.get().sent_at is None, Unwanted.objects.count()) == (False, 0)


@pytest.mark.fault("F57")
def test_a_name_with_a_line_break_makes_no_header(held, django_capture_on_commit_callbacks):
    promise = Pledge.objects.get()
    Project.objects.update(name="Soltaket\r\nBcc: mallory@example.org")

    with django_capture_on_commit_callbacks(execute=True):
        letters.send_receipt(Pledge.objects.get(pk=promise.pk), link="/x/")

    (sent,) = post.outbox
    assert "Bcc: mallory" in sent.subject
    assert sent.message()["Bcc"] is None
    assert sent.recipients() == ["ada@example.org"]
    assert len(sent.subject.splitlines()) == 1


def test_a_letter_to_an_organisation_goes_to_its_own_address(
    held, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        letter = ask(held)

    assert (letter.person, letter.to) == (None, "styrelsen@energi.example")
    assert letter.subject.startswith("[soltaket-1] ")
    assert ("Flyttar" in letter.text, "/x/" in letter.text) == (True, True)
    assert ("Ada" in letter.text, "Ada" in letter.html) == (False, False)
    assert [sent.to for sent in post.outbox] == [["styrelsen@energi.example"]]


def test_an_organisation_without_an_address_is_asked_in_another_way(held):
    Organisation.objects.update(contact_email="")

    with pytest.raises(NoLetterBox):
        ask(held)

    assert Letter.objects.count() == 0


def test_exit_is_asked_once_a_day_and_vehicle(held):
    ask(held)
    Letter.objects.update(written_at=NOON)

    with pytest.raises(AskedToday):
        ask(held, at=NOON + timedelta(hours=11))
    ask(held, at=NOON + timedelta(hours=13))
    assert queries.exits_asked(held.vehicle, held.number).count() == 2
    assert queries.exits_asked(held.vehicle, 11).count() == 0


def test_a_letter_knows_whose_it_is_and_what_it_is_about_and_is_written_once(
    held, django_capture_on_commit_callbacks
):
    pledge = Pledge.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        for _twice in range(2):
            letters.send_receipt(pledge, link="/x/")

    letter = Letter.objects.get()
    assert letter.organisation == held.vehicle.organisation
    assert (letter.about, letter.key) == (f"pledge:{pledge.pk}", f"pledge:{pledge.pk}:receipt")
    assert len(post.outbox) == 1


def test_what_may_be_asked_again_is_written_once_for_each_time(held):
    first = queries.anew("card:1", held.person)
    told = written(held.person, about="card:1", key=first)

    assert first == queries.anew("card:2", held.person).replace("card:2", "card:1")
    assert queries.anew("card:1", held.person) == f"card:1:{held.person_id}:after:{told.pk}"
    assert queries.anew("card:1") == "card:1::after:"


# --- The outbox -----------------------------------------------------------------------------------


def test_the_outbox_holds_letters_to_those_who_take_part_here(held):
    here, ada = held.vehicle.organisation, held.person
    offering = make.share_offering(make.project("annat", make.organisation("annan", iban="SE1")))
    there = offering.vehicle.organisation
    to_ada, asked = written(ada, organisation=here), ask(held)
    to_bo = written(make.pledge(offering, name="Bo").person, organisation=there)
    written(make.person("Cem"), organisation=here)  # Whose address stands on a card, no more.

    assert set(queries.letters_of(here)) == {to_ada, asked}
    assert set(queries.letters_of(there)) == {to_bo}


def test_of_two_organisations_with_one_address_each_has_its_own_letters(held):
    asked = ask(held)
    there = make.organisation("annan", iban="SE1", contact_email=asked.to)
    theirs = written(None, organisation=there, to=asked.to)

    assert list(queries.letters_of(held.vehicle.organisation)) == [asked]
    assert list(queries.letters_of(there)) == [theirs]


def test_of_who_takes_part_elsewhere_only_letters_about_this_are_shown(held):
    here, ada = held.vehicle.organisation, held.person
    there = make.share_offering(make.project("annat", make.organisation("annan", iban="SE1")))
    make.pledge(there, name="Ada")
    about_ours = written(ada, organisation=here)
    about_theirs = written(ada, organisation=there.vehicle.organisation)
    written(ada, "Nyheter")

    assert list(queries.letters_of(here)) == [about_ours]
    assert list(queries.letters_of(there.vehicle.organisation)) == [about_theirs]


def test_who_comes_to_a_gathering_is_in_no_outbox(client, held):
    here, ada = held.vehicle.organisation, held.person
    written(ada, kind="gathering", organisation=here)
    client.force_login(make.user("dee", ("treasurer", here)))

    page = client.get(reverse("letters", args=[here.slug]), headers={"accept-language": "en"})
    assert list(queries.letters_of(here)) == []
    assert "only its organiser sees who comes" in page.content.decode()


def test_letters_to_a_protected_person_are_shown_to_nobody(held):
    written(held.person, organisation=held.vehicle.organisation)
    Person.objects.update(is_protected=True)

    assert list(queries.letters_of(held.vehicle.organisation)) == []


def test_secrets_of_links_are_shown_in_a_demo_only(held):
    token = held.person.pledges.get().token
    asked = signing.dumps(["pledge", 1, 0], salt="x")
    listed = signing.Signer(salt="x").sign_object([7, "2026-11-23"])

    for word in (token, asked, listed):
        letter = written(held.person, f"Se http://localhost:8000/x/{word}/ i dag")
        assert queries.shown(letter, is_open=True).text == letter.text
        assert queries.shown(letter, is_open=False).text == "Se http://localhost:8000/x/…/ i dag"


@pytest.mark.parametrize("role", ["treasurer", "organiser"])
def test_the_outbox_is_paged_newest_first(client, settings, held, role):
    settings.DEMO = False
    token = held.person.pledges.get().token
    here = held.vehicle.organisation
    for hour in range(51):
        at = NOON + timedelta(hours=hour)
        written(held.person, f"/pledges/{token}/", organisation=here, written_at=at)
    client.force_login(make.user("dee", (role, held.vehicle.organisation)))

    first = client.get(reverse("letters", args=["energi"]))
    second = client.get(reverse("letters", args=["energi"]) + "?page=2")

    shown = [one.letter.written_at for one in first.context["letters"]]
    assert (len(shown), shown[0], len(second.context["letters"])) == (
        50,
        NOON + timedelta(hours=50),
        1,
    )
    assert token not in first.content.decode()


@pytest.mark.fault("F58")
@pytest.mark.parametrize("role", ["approver", "auditor", "register-keeper", "project-owner"])
def test_the_outbox_is_not_there_for_others(client, held, role):
    client.force_login(make.user("dee", (role, held.vehicle.organisation)))

    assert client.get(reverse("letters", args=["energi"])).status_code == 404


# --- Asking from the page -------------------------------------------------------------------------


def test_a_holder_asks_to_leave_and_sees_that_it_was_asked(client, held):
    client.force_login(make.user("ada"))
    address = reverse("ask_exit", args=[held.vehicle.slug])

    answers = [client.post(address, {"why": why}, follow=True) for why in ("", "Flyttar", "Igen")]

    told = [str(*answer.context["messages"]) for answer in answers]
    assert (len(set(told)), Letter.objects.count()) == (3, 1)
    assert client.get("/me/").context["page"].papers[0].exit_asked_on is not None
    assert "/holders/1/" in Letter.objects.get().text


@pytest.mark.fault("F58")
def test_nobody_asks_to_leave_what_is_not_theirs(client, held):
    address = reverse("ask_exit", args=[held.vehicle.slug])

    assert client.post(address, {"why": "x"}).status_code == 302
    client.force_login(make.user("cem"))
    assert client.post(address, {"why": "x"}).status_code == 404
    assert client.get(address).status_code == 405
    assert Letter.objects.count() == 0
