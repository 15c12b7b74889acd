"""After a fair: the phone list, letters that ask, and the link that confirms once."""

import re
from decimal import Decimal

import pytest
from django.core import mail, signing
from django.urls import reverse
from django.utils import timezone

from invest.fairs import confirmations
from invest.fairs.queries import after
from invest.in_kind import in_kind
from invest.in_kind.in_kind import Help
from invest.models import InKindMessage, Letter, Unwanted
from invest.people import Giver
from invest.places import card_consents
from invest.pledges import pledges
from invest.pledges.refusals import OutsideLimits
from invest.refusals import WrongState
from tests import factories as make
from tests.factories import DAY, sek

ENGLISH = {"accept-language": "en"}


@pytest.fixture
def roof(db):
    return make.share_offering()


@pytest.fixture
def fair(roof):
    owner = make.organisation("bygden", "SE3550000000054910000003")
    return make.fair(owner=owner, of=(roof.vehicle.project,))


@pytest.fixture
def promise(roof, fair):
    return make.pledge(roof, 1000, "Ada", fair=fair)


@pytest.fixture
def offered(roof, fair):
    return in_kind.offer(
        project=roof.vehicle.project,
        giver=Giver("Bo", "bo@example.org", phone="070-1"),
        help_=Help(sort="time", what="Måla", quantity=Decimal(8), unit="HOUR"),
        key="k",
        key_owner="t",
        on=DAY,
        by="t",
        fair=fair,
    )


@pytest.fixture
def desk(client, fair):
    client.force_login(make.user("olle", ("organiser", fair.organisation)))
    return client


def address(fair) -> str:
    return reverse("fair_after", args=[fair.slug])


def link(signed: str) -> str:
    return reverse("confirm_by_link", args=[signed])


def say(desk, fair, promise, act="confirm", **more):
    """What is written down of a promise at the desk."""
    typed = {name: told for name, told in more.items() if name not in {"follow", "headers"}}
    there = reverse(f"{act}_promise", args=[fair.slug, after.row_of(promise).code])
    return desk.post(there, typed, follow=more.get("follow", False), headers=more.get("headers"))


# --- The phone list -------------------------------------------------------------------------------


def test_the_list_holds_what_waits_and_nothing_else(desk, fair, roof, promise, offered):
    pledges.confirm(pledge=make.pledge(roof, 500, "Cem", fair=fair), on=DAY, by="t")
    make.pledge(roof, 500, "Dee")

    context = desk.get(address(fair), headers=ENGLISH).context

    rows = [(row.person.name, row.text) for row, _form in context["rows"]]
    assert rows == [("Ada", "1,000\xa0SEK"), ("Bo", "8 hours")]
    assert [row.person.name for row in context["confirmed"]] == ["Cem"]


def test_a_call_confirms_money_and_accepts_help(desk, fair, promise, offered):
    say(desk, fair, promise, reason="Ringde i dag")
    say(desk, fair, offered)

    now = pledges.latest(promise)
    assert (now.to_state, now.reason) == ("confirmed", "Ringde i dag")
    assert in_kind.latest(offered).to_state == "accepted"


@pytest.mark.parametrize("step", ["change", "confirm"])
def test_another_amount_is_a_revision_and_a_yes(desk, fair, promise, offered, step):
    say(desk, fair, promise, step, promised="1 500")
    say(desk, fair, offered, "change", promised="2,5")

    steps = [(e.to_state, e.amount_minor) for e in promise.events.all()]
    assert steps == [("submitted", 100_000), ("submitted", 150_000), ("confirmed", 150_000)]
    now = in_kind.latest(offered)
    assert (now.to_state, now.quantity) == ("accepted", Decimal("2.5"))


def test_who_means_it_no_more_is_declined(desk, fair, promise, offered):
    say(desk, fair, promise, "decline", reason="Flyttat")
    say(desk, fair, offered, "decline")

    assert pledges.latest(promise).to_state == "declined"
    assert in_kind.latest(offered).to_state == "declined"


@pytest.mark.parametrize("amount", ["750", "", "x", "100"])
def test_an_amount_that_cannot_be_is_refused_beside_it(desk, fair, promise, amount):
    response = say(desk, fair, promise, "change", promised=amount)

    ((_row, form),) = response.context["rows"]
    assert (response.status_code, list(form.errors)) == (400, ["promised"])
    assert [e.to_state for e in promise.events.all()] == ["submitted"]


def test_a_promise_that_somebody_has_handled_is_left_alone(desk, fair, promise):
    say(desk, fair, promise)

    response = say(desk, fair, promise, "decline", follow=True, headers=ENGLISH)

    assert "Somebody has handled this one already." in response.content.decode()
    assert pledges.latest(promise).to_state == "confirmed"
    for verb in (confirmations.reached, confirmations.let_go):
        with pytest.raises(WrongState):
            verb(promise=promise, on=DAY, by="t")


def test_a_refused_amount_confirms_nothing(promise):
    with pytest.raises(OutsideLimits):
        confirmations.reached(promise=promise, amount=Decimal(1), on=DAY, by="t")

    assert promise.events.count() == 1


def test_a_promise_of_another_fair_is_not_handled_here(desk, fair, roof):
    elsewhere = make.pledge(roof, 500, "Cem")

    assert say(desk, fair, elsewhere).status_code == 302
    assert pledges.latest(elsewhere).to_state == "submitted"


def test_there_is_no_other_act(desk, fair):
    for there in ("pledge-1/burn/", "ask/pledge-1/"):
        assert desk.post(f"{address(fair)}{there}").status_code == 404
    assert desk.post(address(fair), {"step": "ask"}).status_code == 405


def test_whoever_asked_to_be_forgotten_is_not_named(desk, fair, promise):
    promise.person.restricted_on = DAY
    promise.person.save()

    page = desk.get(address(fair))

    assert page.context["rows"][0][0].person is None
    assert "ada@example.org" not in page.content.decode()


def test_the_register_is_linked_for_who_may_open_it(client, fair, roof, promise):
    pledges.confirm(pledge=promise, on=DAY, by="t")
    owner = roof.vehicle.organisation
    register = reverse("vehicle", args=[owner.slug, roof.vehicle.slug])
    olle = make.user("olle", ("organiser", fair.organisation))
    client.force_login(olle)

    assert register not in client.get(address(fair)).content.decode()
    olle.roles.create(organisation=owner, kind="treasurer", since=DAY)
    assert register in client.get(address(fair)).content.decode()


@pytest.mark.parametrize(
    ("page", "act"), [("fair_after", "ask_all"), ("follow_ups", "plan_follow_ups")]
)
def test_others_meet_404(client, fair, roof, page, act):
    client.force_login(make.user("cem", ("organiser", roof.vehicle.organisation)))

    assert client.get(reverse(page, args=[fair.slug])).status_code == 404
    assert client.post(reverse(act, args=[fair.slug])).status_code == 404


# --- Asking by mail -------------------------------------------------------------------------------


def test_all_with_an_address_are_asked_once_a_week(
    desk, fair, roof, promise, offered, django_capture_on_commit_callbacks
):
    make.pledge(roof, 500, "Ada", fair=fair)
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(f"{address(fair)}ask/")
        desk.post(f"{address(fair)}ask/")

    assert sorted(letter.to for letter in Letter.objects.all()) == [
        "ada@example.org",
        "bo@example.org",
    ]
    to_ada = Letter.objects.get(to="ada@example.org")
    assert (to_ada.kind, to_ada.text.count("/pledges/confirm/")) == ("confirm", 2)
    assert len(mail.outbox) == 2


def test_a_letter_is_theirs_who_were_promised_or_else_the_fairs(fair, roof, promise):
    confirmations.ask_all(fair=fair, link=link, at=timezone.now())
    other = make.share_offering(make.project("annat", make.organisation("annan", iban="SE1")))
    make.pledge(other, 500, "Ada", fair=fair)
    later = timezone.now() + confirmations.NOT_AGAIN_FOR
    confirmations.ask_all(fair=fair, link=link, at=later)

    both, first = Letter.objects.all()
    assert (first.organisation, both.organisation) == (roof.vehicle.organisation, fair.organisation)
    assert first.about == both.about == f"fair:{fair.pk}"
    assert len({first.key, both.key}) == 2


def test_another_question_by_mail_is_no_question_about_a_promise(fair, promise):
    card = make.asset_card(make.place(fair.organisation), person=promise.person)
    assert card_consents.ask(card=card, link=str, at=timezone.now())

    assert after.waiting(fair)[0].asked_at is None
    assert confirmations.ask_all(fair=fair, link=link, at=timezone.now()) == 1


def test_who_wants_no_such_letters_gets_none(fair, promise):
    Unwanted.objects.create(person=promise.person, kind=Letter.Kind.CONFIRM)

    assert confirmations.ask_all(fair=fair, link=link, at=timezone.now()) == 0
    assert Letter.objects.count() == 0


def test_a_letter_is_in_the_language_of_who_gets_it(fair, promise):
    promise.person.language = "en"
    promise.person.save()

    confirmations.ask_all(fair=fair, link=link, at=timezone.now())

    letter = Letter.objects.get()
    assert letter.subject == "Does your promise at Massan still stand?"
    assert "1,000\xa0SEK" in letter.text


# --- The link -------------------------------------------------------------------------------------


@pytest.mark.fault("F70")
def test_looking_at_the_link_confirms_nothing(client, promise):
    path = link(confirmations.sign(promise))

    page = client.get(path, headers=ENGLISH)

    assert (page.status_code, page["X-Robots-Tag"]) == (200, "noindex")
    assert "Yes, I confirm" in page.content.decode()
    assert pledges.latest(promise).to_state == "submitted"


@pytest.mark.fault("F70")
def test_the_button_confirms_once(client, promise):
    path = link(confirmations.sign(promise))

    assert client.post(path).status_code == 200
    again = client.post(path, headers=ENGLISH)
    looked = client.get(path, headers=ENGLISH)

    assert [e.to_state for e in promise.events.all()] == ["submitted", "confirmed"]
    assert (again.status_code, looked.status_code) == (409, 200)
    for page in (again, looked):
        assert "You have answered already" in page.content.decode()


def test_who_gives_help_says_that_it_is_still_meant(client, offered):
    path = link(confirmations.sign(offered))

    assert client.post(path, headers=ENGLISH).status_code == 200
    assert client.post(path).status_code == 409

    line = InKindMessage.objects.get()
    assert (line.is_from_giver, line.text) == (True, "I still mean it.")
    assert in_kind.latest(offered).to_state == "offered"


@pytest.mark.fault("F70")
def test_an_old_link_only_fetches_a_new_one(client, promise, monkeypatch, mailoutbox):
    signed, moment = confirmations.sign(promise), signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: moment + 2 * 86_400 + 5)

    page = client.get(link(signed), headers=ENGLISH)
    answers = [client.post(link(signed), headers=ENGLISH) for _twice in range(2)]

    assert page.status_code == 410
    assert "This link is too old" in page.content.decode()
    assert promise.get_absolute_url() not in page.content.decode()
    assert [answer.status_code for answer in answers] == [200, 200]
    assert all("Look in your mail" in answer.content.decode() for answer in answers)
    assert pledges.latest(promise).to_state == "submitted"
    (letter,) = Letter.objects.filter(kind=Letter.Kind.CONFIRM)
    fresh = re.search(r"/pledges/confirm/\S+/", letter.text)[0]
    assert client.post(fresh).status_code == 200
    assert pledges.latest(promise).to_state == "confirmed"


def test_a_forged_link_is_404(client, promise):
    signed = confirmations.sign(promise)
    of_another = signing.dumps(["pledge", promise.pk, 0], salt="another")

    for forged in (signed[:-1] + ("A" if signed[-1] != "A" else "B"), "x", of_another):
        assert client.post(link(forged)).status_code == 404
    assert pledges.latest(promise).to_state == "submitted"


def test_a_changed_amount_is_what_the_link_shows(client, promise):
    signed = confirmations.sign(promise)
    pledges.change_amount(pledge=promise, amount=sek(1500), on=DAY, by="t")

    assert "1,500" in client.get(link(signed), headers=ENGLISH).content.decode()
