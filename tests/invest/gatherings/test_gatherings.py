"""Gatherings: who comes, moving them, what was decided, and doing it together with others."""

import io
import json
import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from defusedxml import ElementTree
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from pypdf import PdfReader

from invest import tasks
from invest.gatherings import cooperations, gatherings, minutes, queries
from invest.gatherings.refusals import (
    BadGathering,
    GatheringCancelled,
    GatheringFull,
    GatheringOver,
)
from invest.kinds.refusals import AlreadyRecorded
from invest.letters.outbox import leave_out
from invest.me import retention
from invest.me.my_data import my_data
from invest.models import Cooperation, Fair, Gathering, Letter, Minute, Person, Project, SignUp
from invest.people import Giver
from invest.places import places
from invest.places.queries.path import facts
from invest.refusals import WrongState
from tests import factories as make
from tests.factories import DAY

ENGLISH = {"accept-language": "en"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def group(db):
    return make.organisation()


@pytest.fixture
def evening(group):
    return make.gathering(group, place=make.place(group))


@pytest.fixture
def desk(client, group):
    client.force_login(make.user("olle", ("organiser", group)))
    return client


def at_desk(evening) -> str:
    return reverse("gathering_at_desk", args=[evening.organisation.slug, evening.slug])


def act(name, evening, *row) -> str:
    """Where an act of the desk is sent."""
    return reverse(name, args=[evening.organisation.slug, evening.slug, *row])


def come(client, evening, **more):
    told = {"key": str(uuid.uuid4()), "name": "Ada", "party": "2", "email": "ada@example.se"}
    return client.post(evening.get_absolute_url(), {**told, **more}, headers=ENGLISH)


def moved(evening, **more) -> Gathering:
    told = {
        "starts_at": evening.starts_at + timedelta(days=7),
        "ends_at": evening.ends_at + timedelta(days=7),
        "venue": "Kyrkan",
        "reason": "Skolan är stängd",
        "by": "user:1",
        "at": timezone.now(),
    }
    return gatherings.move(gathering=evening, **{**told, **more})


# --- Who comes ------------------------------------------------------------------------------------


def test_signing_up_with_an_address_gives_a_letter_with_the_link(client, evening):
    answer = come(client, evening, words="Jag behöver skjuts")

    made = SignUp.objects.get()
    assert answer.url == evening.get_absolute_url()
    assert (made.party, made.person.name, made.words) == (2, "Ada", "Jag behöver skjuts")
    letter = Letter.objects.get()
    assert made.get_absolute_url() in letter.text
    assert letter.to == "ada@example.se"


def test_signing_up_with_a_name_alone_gives_a_page(client, evening):
    answer = come(client, evening, email="")

    assert answer.url == SignUp.objects.get().get_absolute_url()
    assert not Letter.objects.exists()


@pytest.mark.parametrize("email", ["", "ada@example.se"])
def test_what_is_sent_twice_is_signed_up_once(client, evening, email):
    key = str(uuid.uuid4())
    first, second = (come(client, evening, key=key, email=email) for _time in range(2))

    assert first.url == second.url
    assert SignUp.objects.count() == 1
    assert Letter.objects.count() == bool(email)


def test_who_types_an_address_is_not_told_whether_it_comes_already(client, evening):
    """Also not by a key sent again with no address, which would show whose row it made."""
    make.sign_up(evening, "Ada")
    strip = re.compile(r'<input[^>]*type="hidden"[^>]*>|nonce="[^"]*"')

    def answers(email: str) -> list:
        key = str(uuid.uuid4())
        typed = come(client, evening, name="Cem", party="1", key=key, email=email)
        page = client.get(typed.url, headers=ENGLISH).content.decode()
        page = strip.sub("", page).replace(email, "")
        alone = come(client, evening, name="Cem", party="1", key=key, email="")
        mine = SignUp.objects.latest("pk")
        assert (alone.url, mine.person.email) == (mine.get_absolute_url(), "")
        client.get(alone.url)
        return [typed.status_code, typed.url, *page.splitlines()]

    known, unknown = answers("ADA@example.se"), answers("bo@example.se")
    assert known == unknown
    assert "You are on the list" in "".join(known[2:])


def test_an_address_that_comes_already_is_told_by_letter_and_entered_once(client, evening):
    made = make.sign_up(evening, "Ada", party=3)
    Letter.objects.all().delete()
    translation.activate("en")
    Person.objects.update(language="en")
    answer = come(client, evening, name="Cem", email="ADA@example.se", party="1")

    assert SignUp.objects.get().party == 3
    letter = Letter.objects.get()
    for told in (letter.text, letter.html):
        assert "signed up for this already" in told
        assert made.token in told
    assert "Cem" not in letter.text
    assert made.token not in client.get(answer.url).content.decode()


def test_a_full_gathering_says_so_to_an_address_that_comes_already_too(client, group):
    evening = make.gathering(group, most=3)
    make.sign_up(evening, "Ada", party=2)

    known, unknown = (
        come(client, evening, email=f"{who}@example.se", party="2") for who in ("ada", "bo")
    )
    assert (known.status_code, unknown.status_code) == (409, 409)
    assert "room for 1 more" in known.content.decode()


def test_who_is_signed_in_is_told_of_their_own_sign_up(client, evening):
    user = make.user("ada")
    client.force_login(user)

    for email, told in ((user.email, "Welcome!"), ("", "signed up already")):
        answer = come(client, evening, email=email)
        assert answer.url == SignUp.objects.get().get_absolute_url()
        assert told in client.get(answer.url, headers=ENGLISH).content.decode()
    assert Letter.objects.count() == 1


def test_who_is_signed_in_is_not_told_of_another_address(client, evening):
    make.sign_up(evening, "Ada")
    client.force_login(make.user("cem"))

    assert come(client, evening, email="ada@example.se").url == evening.get_absolute_url()


def test_typing_somebodys_address_again_and_again_does_not_fill_their_box(client, evening):
    make.sign_up(evening, "Ada")
    for _time in range(6):
        assert come(client, evening, email="ada@example.se").status_code == 302
    assert Letter.objects.count() == 3


@given(parties=st.lists(st.integers(-1, 22), max_size=12), most=st.integers(1, 30))
def test_never_more_than_there_is_room_for(db, parties, most):
    slug = uuid.uuid4().hex[:8]
    group = make.organisation(slug, iban=f"SE{uuid.uuid4().int % 10**22:022}")
    evening = make.gathering(group, name=slug, most=most)
    let_in = []
    for number, party in enumerate(parties):
        giver = Giver(name=f"G{number}", email=f"{slug}-{number}@example.se")
        try:
            gatherings.sign_up(
                gathering=evening,
                giver=giver,
                party=party,
                key=f"{slug}-{number}",
                at=timezone.now(),
            )
        except (GatheringFull, BadGathering):
            continue
        let_in.append(party)

    assert queries.headcount(evening) == sum(let_in) <= most


def test_many_at_once_are_never_more_than_there_is_room_for(shared_db):
    evening = make.gathering(make.organisation(), most=7)

    def come_in(number: int) -> int:
        try:
            return make.sign_up(evening, f"G{number}", party=1 + number % 3).party
        except GatheringFull:
            return 0
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        let_in = list(pool.map(come_in, range(20)))

    assert queries.headcount(evening) == sum(let_in) <= 7
    assert SignUp.objects.count() == Person.objects.count() == sum(1 for party in let_in if party)


def test_one_address_at_once_is_signed_up_once(shared_db):
    evening = make.gathering(make.organisation())

    def come_in(number: int) -> int:
        try:
            return make.sign_up(evening, "Ada", key=f"key-{number}").pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        told = set(pool.map(come_in, range(8)))

    assert len(told) == 1
    assert SignUp.objects.count() == Person.objects.count() == 1


def test_changing_and_withdrawing_by_ones_link(client, evening):
    made = make.sign_up(evening, party=2)

    client.post(reverse("change_sign_up", args=[made.token]), {"party": "5"})
    assert queries.headcount(evening) == 5
    client.post(reverse("withdraw_sign_up", args=[made.token]))
    assert queries.headcount(evening) == 0
    client.post(reverse("change_sign_up", args=[made.token]), {"party": "1"})
    assert queries.headcount(evening) == 1
    wrong = client.post(reverse("change_sign_up", args=[made.token]), {"party": "21"})
    assert wrong.status_code == 422
    assert client.get(reverse("sign_up", args=["x" * 22])).status_code == 404


def test_full_is_said_with_what_is_left(client, group):
    evening = make.gathering(group, most=3)
    make.sign_up(evening, "Bo", party=2)

    answer = come(client, evening, party="2")
    assert answer.status_code == 409
    assert "room for 1 more" in answer.content.decode()
    assert not Person.objects.filter(email="ada@example.se").exists()
    assert come(client, evening, party="1").status_code == 302
    assert (
        "no room left" in client.get(evening.get_absolute_url(), headers=ENGLISH).content.decode()
    )


def test_the_public_page_tells_how_many_in_fives_and_never_who(client, evening):
    def page() -> str:
        return client.get(evening.get_absolute_url(), headers=ENGLISH).content.decode()

    make.sign_up(evening, "Ada", party=4)
    assert "are coming" not in page()
    make.sign_up(evening, "Bo", party=5)
    assert "5 or more are coming" in page()
    assert not {"Ada", "Bo", "ada@example.se"} & set(page().replace("<", " ").split())


def test_nobody_is_coming_to_what_is_over_or_cancelled(client, evening):
    def page() -> str:
        return client.get(evening.get_absolute_url(), headers=ENGLISH).content.decode()

    make.sign_up(evening, "Ada", party=5)
    gatherings.cancel(gathering=evening, reason="Snö", by="user:1", at=timezone.now())
    assert "are coming" not in page()
    held = timezone.now() - timedelta(days=3)
    Gathering.objects.update(starts_at=held, ends_at=held + timedelta(hours=2), cancelled_at=None)
    assert "are coming" not in page()
    assert "5 or more had signed up" in page()


def test_what_has_room_tells_nobody_how_few_are_coming(client, group):
    """The page is the same with nobody and with four; only when it is full it says so."""
    evening = make.gathering(group, most=12)
    strip = re.compile(rb'<input[^>]*type="hidden"[^>]*>|nonce="[^"]*"')

    def page() -> bytes:
        return strip.sub(b"", client.get(evening.get_absolute_url(), headers=ENGLISH).content)

    empty = page()
    make.sign_up(evening, "Ada", party=4)
    assert page() == empty
    assert b"room for 12 in all" in empty


# --- Moved and cancelled --------------------------------------------------------------------------


def test_moved_after_sign_ups_all_get_a_letter_and_their_calendars_follow(client, evening):
    make.sign_up(evening, "Ada")
    gone = make.sign_up(evening, "Bo")
    gatherings.change(sign_up=gone, party=0, at=timezone.now())
    url = reverse("gathering_ics", args=[evening.slug])
    before = Calendar.from_ical(client.get(url).content).walk("VEVENT")[0]
    Letter.objects.all().delete()

    moved(evening)

    letter = Letter.objects.get()
    assert letter.to == "ada@example.se"
    assert "Skolan är stängd" in letter.text
    after = Calendar.from_ical(client.get(url).content).walk("VEVENT")[0]
    assert after["uid"] == before["uid"]
    assert (before["sequence"], after["sequence"]) == (0, 1)
    assert after.start - before.start == timedelta(days=7)
    page = client.get(evening.get_absolute_url()).content.decode()
    assert "Skolan är stängd" in page


def test_search_engines_read_the_day_and_that_it_was_moved_or_cancelled(client, evening):
    def told() -> dict:
        page = client.get(evening.get_absolute_url()).content.decode()
        return json.loads(page.split("application/ld+json")[1].split(">", 1)[1].split("<")[0])

    first = told()
    moved(evening)
    after = told()
    assert first["eventStatus"].endswith("EventScheduled")
    assert after["eventStatus"].endswith("EventRescheduled")
    assert after["previousStartDate"] == first["startDate"] != after["startDate"]
    gatherings.cancel(gathering=evening, reason="Snö", by="user:1", at=timezone.now())
    assert told()["eventStatus"].endswith("EventCancelled")


def test_cancelled_says_so_everywhere_and_takes_nobody(client, evening):
    make.sign_up(evening, "Ada")
    Letter.objects.all().delete()
    gatherings.cancel(gathering=evening, reason="Snö", by="user:1", at=timezone.now())

    assert Letter.objects.count() == 1
    event = Calendar.from_ical(client.get("/gatherings/calendar.ics").content).walk("VEVENT")[0]
    assert event["status"] == "CANCELLED"
    assert come(client, evening, email="bo@example.se").status_code == 409
    assert "Snö" in client.get(evening.get_absolute_url()).content.decode()
    with pytest.raises(GatheringCancelled):
        moved(evening)


def test_hours_that_cannot_be_and_moves_without_a_reason_are_refused(group, evening):
    now = timezone.now()
    with pytest.raises(BadGathering):
        make.gathering(group, starts_at=now, ends_at=now - timedelta(hours=1))
    with pytest.raises(BadGathering):
        moved(evening, reason=" ")
    with pytest.raises(BadGathering):
        moved(evening, starts_at=evening.starts_at, ends_at=evening.ends_at, venue=evening.venue)
    with pytest.raises(BadGathering):
        moved(evening, starts_at=now - timedelta(days=2))
    over = make.gathering(group, name="Igår", starts_at=now - timedelta(days=1))
    with pytest.raises(GatheringOver):
        moved(over)
    with pytest.raises(GatheringOver):
        make.sign_up(over)
    assert evening.changes.count() == 0


def test_a_fair_is_made_of_a_gathering_and_moves_with_it(group):
    evening = make.gathering(group, form="fair", name="Första mässan")
    fair = gatherings.hold_fair(gathering=evening)

    evening.refresh_from_db()
    told = (fair.name, fair.venue, fair.starts_at, fair.municipality)
    assert told == (evening.name, evening.venue, evening.starts_at, evening.municipality)
    with pytest.raises(AlreadyRecorded):
        gatherings.hold_fair(gathering=evening)
    moved(evening)
    fair.refresh_from_db()
    assert (fair.venue, fair.starts_at) == ("Kyrkan", evening.starts_at + timedelta(days=7))
    with pytest.raises(WrongState):
        gatherings.hold_fair(gathering=make.gathering(group, name="Möte"))


def test_a_fair_lets_people_sign_up_without_its_day_written_again(desk, group):
    make.place(group)
    fair, starts_at = make.fair(owner=group), timezone.now() + timedelta(days=3)
    fair.starts_at, fair.ends_at = starts_at, starts_at + timedelta(hours=3)
    fair.save()
    page = reverse("invite_to_fair", args=[group.slug, fair.slug])
    for _time in range(2):
        assert desk.post(page).status_code == 302

    made = Gathering.objects.get()
    assert made.fair == fair
    told = (made.name, made.venue, made.starts_at, made.ends_at, made.municipality)
    assert told == (fair.name, fair.venue, fair.starts_at, fair.ends_at, fair.municipality)
    assert not queries.uninvited(group, timezone.now())
    other = make.fair("a", owner=make.organisation("annan", iban="SE4550000000058398257466"))
    page = reverse("invite_to_fair", args=[group.slug, other.slug])
    assert desk.post(page).status_code == 404


def test_the_home_page_leads_to_what_comes_next(client, group):
    names = [f"Kväll {number}" for number in range(4)]
    for number, name in enumerate(names):
        starts_at = timezone.now() + timedelta(days=number + 1)
        made = make.gathering(group, name=name, starts_at=starts_at)
    gatherings.cancel(
        gathering=Gathering.objects.get(name=names[0]), reason="Snö", by="u", at=timezone.now()
    )
    page = client.get("/").content.decode()
    assert names[0] not in page
    assert names[1] in page
    assert made.get_absolute_url() in page
    assert "/gatherings/" in page


# --- The desk -------------------------------------------------------------------------------------


def test_the_desk_opens_writes_and_founds_a_project_without_typing_twice(desk, group):
    make.place(group)
    day = timezone.localdate() + timedelta(days=3)
    typed = {
        "form": "meeting",
        "name": "Första kvällen",
        "place": group.places.get().pk,
        "venue": "Skolan",
        "starts_at": f"{day}T18:00",
        "ends_at": f"{day}T21:00",
        "about_sv": "Kom och var med",
    }
    assert desk.post(reverse("open_gathering", args=[group.slug]), typed).status_code == 302
    evening = Gathering.objects.get()
    line = {"kind": "decision", "text": "Vi lagar taket", "who": "Ada"}
    assert desk.post(act("write_minute", evening), line).status_code == 302
    minute = evening.minutes.get()

    found, founding = {"name": minute.text, "sector": "energy"}, act("minute_project", evening, 1)
    desk.post(founding, found)
    assert desk.post(founding, found).status_code == 409

    project = Project.objects.get()
    assert (project.name, project.summary_sv) == ("Vi lagar taket", "Vi lagar taket")
    assert project.municipality == evening.place.municipality
    assert project.stages.get().to_state == "idea"
    assert evening.name in project.stages.get().reason
    desk.post(act("finish_minute", evening, 1), {"outcome": "Klart"})
    again = desk.post(act("finish_minute", evening, 1), {"outcome": "Nej"})
    assert again.status_code == 409
    minute.refresh_from_db()
    assert minute.outcome == "Klart"


def test_the_list_for_the_door_has_names_and_numbers_and_no_addresses(desk, evening):
    make.sign_up(evening, "Åsa", party=3, words="Behöver skjuts")
    gone = make.sign_up(evening, "Bo")
    gatherings.change(sign_up=gone, party=0, at=timezone.now())
    answer = desk.get(reverse("guest_list", args=[evening.organisation.slug, evening.slug]))

    assert answer["Content-Type"] == "application/pdf"
    text = PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
    assert "Åsa" in text
    assert "skjuts" in text
    assert "Bo" not in text.split()
    assert "@" not in text


def test_the_organiser_sees_the_name_that_was_typed_and_never_the_one_on_record(desk, evening):
    make.person("Ada Hemlig", email="ada@example.se")
    made = make.sign_up(evening, "Ada")
    url = reverse("guest_list", args=[evening.organisation.slug, evening.slug])

    def told() -> list[str]:
        paper = PdfReader(io.BytesIO(desk.get(url).content)).pages[0]
        return [desk.get(at_desk(evening)).content.decode(), paper.extract_text()]

    for text in told():
        assert "Ada" in text
        assert "Hemlig" not in text
    SignUp.objects.filter(pk=made.pk).update(name="")  # As of before names were kept here.
    for text in told():
        assert "ada@example.se" in text
        assert "Hemlig" not in text


def test_a_form_of_the_desk_sent_twice_does_it_once(desk, group, evening):
    day = timezone.localdate() + timedelta(days=3)
    typed = {"form": "market", "name": "Höstmarknad", "venue": "Torget"}
    typed |= {"starts_at": f"{day}T10:00", "ends_at": f"{day}T14:00"}
    page = reverse("open_gathering", args=[group.slug])
    assert desk.post(page, typed).status_code == 302
    assert desk.post(page, {**typed, "name": "höstmarknad "}).status_code == 409
    assert group.gatherings.filter(form="market").count() == 1

    line = {"kind": "task", "text": "Ring kommunen", "who": "Bo"}
    for sent in (line, line, {**line, "who": "Ada"}, line):
        assert desk.post(act("write_minute", evening), sent).status_code == 302
    told = list(evening.minutes.values_list("number", "who"))
    assert told == [(1, "Bo"), (2, "Ada"), (3, "Bo")]


def test_a_line_becomes_a_card_of_the_place_once_and_keeps_what_was_refused(desk, evening):
    told = {"gathering": evening, "kind": "note", "by": "user:1", "at": timezone.now()}
    line = minutes.write(text="Bos traktor står still om vintrarna", **told)
    typed, becoming = {"side": "have", "kind": "tool"}, act("minute_card", evening, line.number)
    page = desk.get(at_desk(evening)).content.decode()
    assert f'value="{line.text}"' in page

    wrong = desk.post(becoming, {**typed, "kind": "x", "name": "Bos traktor"})
    assert wrong.status_code == 422
    assert 'value="Bos traktor"' in wrong.content.decode()
    for _time in range(2):
        assert desk.post(becoming, {**typed, "name": "Bos traktor"}).status_code == 302
    assert desk.post(becoming, {**typed, "name": "Bos plog"}).status_code == 409

    card = evening.place.cards.get()
    assert (card.title, card.text, card.person) == ("Bos traktor", line.text, None)
    link = f'href="{evening.place.get_absolute_url()}"'
    before, after = evening.get_absolute_url(), at_desk(evening)
    for url in (before, after):
        lines = desk.get(url).content.decode().split('id="minutes"')[1]
        assert link in lines
    places.take_away(card=card, by="user:1", at=timezone.now(), why="Såld")
    assert desk.post(becoming, {**typed, "name": "Bos traktor"}).status_code == 302
    assert evening.place.cards.filter(removed_at__isnull=True).count() == 1


def test_a_gathering_of_none_of_our_places_makes_no_card(desk, group):
    evening = make.gathering(group)
    told = {"gathering": evening, "kind": "note", "by": "user:1", "at": timezone.now()}
    minutes.write(text="En traktor", **told)
    typed, becoming = {"side": "have", "kind": "tool", "name": "T"}, act("minute_card", evening, 1)
    assert desk.post(becoming, typed).status_code == 409
    assert becoming not in desk.get(at_desk(evening)).content.decode()


# --- What is wrong on a desk ----------------------------------------------------------------------


@pytest.mark.parametrize("year", ["0001", "1899", "2199", "9999"])
def test_a_wild_year_is_refused_and_breaks_no_calendar(client, desk, group, evening, year):
    typed = {"form": "market", "name": "Marknad", "venue": "Torget"}
    typed |= {"starts_at": f"{year}-12-30T18:00", "ends_at": f"{year}-12-30T21:00"}

    opened = desk.post(reverse("open_gathering", args=[group.slug]), typed)
    moved = desk.post(act("move_gathering", evening), {"reason": "x", **typed})
    assert (opened.status_code, moved.status_code) == (422, 422)
    assert "1900" in opened.content.decode()
    # Not even one that came by another way.
    wild = datetime(9999, 12, 30, 18, tzinfo=UTC)
    Gathering.objects.update(starts_at=wild, ends_at=wild + timedelta(hours=3))
    for name, args in (("gatherings_ics", []), ("gathering_ics", [evening.slug])):
        assert client.get(reverse(name, args=args)).status_code == 200


def test_a_gathering_written_by_mistake_is_taken_away_until_anything_hangs_on_it(desk, group):
    last_year = timezone.now() - timedelta(days=300)
    wrong, held = (
        make.gathering(group, name=name, starts_at=last_year) for name in ("Fel år", "Rätt år")
    )
    minutes.write(gathering=held, kind="note", text="Rad", by="user:1", at=timezone.now())
    assert "Nobody signed up." in desk.get(at_desk(wrong), headers=ENGLISH).content.decode()

    assert desk.post(act("remove_gathering", held)).status_code == 409
    assert act("remove_gathering", held) not in desk.get(at_desk(held)).content.decode()
    for _press in range(2):
        answer = desk.post(act("remove_gathering", wrong))
        assert answer.url == reverse("gathering_desk", args=[group.slug])
    assert list(Gathering.objects.all()) == [held]


def test_a_step_refused_on_what_is_cancelled_says_why_and_keeps_the_words(desk, evening):
    gatherings.cancel(gathering=evening, reason="Snö", by="user:1", at=timezone.now())
    typed = {"name": "Andra ord", "about_sv": "Många ord som någon skrev"}

    answer = desk.post(act("reword_gathering", evening), typed, headers=ENGLISH)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert str(GatheringCancelled(name=evening.name)) in page
    assert "Många ord som någon skrev" in page


def cancelled(desk, evening) -> str:
    """The page after the gathering was cancelled at the desk."""
    typed, there = {"reason": "Snö"}, act("cancel_gathering", evening)
    return desk.post(there, typed, follow=True, headers=ENGLISH).content.decode()


def test_the_organiser_hears_who_has_no_letter(desk, evening):
    make.sign_up(evening, "Ada")
    come(Client(), evening, name="Bo Utan", email="")
    leave_out(make.sign_up(evening, "Cem").person, [Letter.Kind.GATHERING])
    gatherings.change(sign_up=make.sign_up(evening, "Dee"), party=0, at=timezone.now())

    page = cancelled(desk, evening)
    assert "1 who has signed up has a letter." in page
    assert "These get no letter, so tell them yourself: Bo Utan, Cem." in page


def test_of_what_nobody_comes_to_no_letters_are_told(desk, evening):
    page = cancelled(desk, evening)
    assert "It is cancelled." in page
    assert "a letter" not in page


def test_the_next_evening_of_a_circle_is_typed_by_its_hours_alone(desk, group):
    place = make.place(group)
    circle = make.gathering(group, "study-circle", "Cirkeln", place=place, about_sv="Vi läser")
    other = make.gathering(make.organisation("kyrkan", iban="SE4550000000058398257466"))
    page = reverse("gathering_desk", args=[group.slug])
    assert f"{page}?like={circle.slug}#new" in desk.get(at_desk(circle)).content.decode()

    form = desk.get(page, {"like": circle.slug}).context["form"]
    said = {name: form[name].value() for name in ("form", "name", "venue", "place", "about_sv")}
    assert said == {
        "form": "study-circle",
        "name": "Cirkeln",
        "venue": circle.venue,
        "place": place.pk,
        "about_sv": "Vi läser",
    }
    assert form["starts_at"].value() is None
    assert desk.get(page, {"like": other.slug}).context["form"]["name"].value() is None


def test_who_came_early_is_ticked_off_two_hours_before(desk, group):
    soon, later = (
        make.gathering(group, name=str(n), starts_at=timezone.now() + timedelta(minutes=n))
        for n in (110, 130)
    )
    for gathering in (soon, later):
        make.sign_up(gathering, "Ada")
    pages = [desk.get(at_desk(each)).content.decode() for each in (soon, later)]
    assert ["/came/" in page for page in pages] == [True, False]


def test_no_telephone_number_stands_in_the_minutes(desk, evening):
    line = {"kind": "task", "text": "Ring runt"}
    for wrong in ({"who": "Elsa, 070-174 06 16"}, {"text": "Mejla elsa@example.se"}):
        answer = desk.post(act("write_minute", evening), {**line, **wrong})
        assert answer.status_code == 422
        assert next(iter(wrong.values())) in answer.content.decode()
    assert not Minute.objects.exists()


def test_a_line_is_struck_out_with_a_reason_and_its_words_are_gone(client, desk, evening):
    told = {"gathering": evening, "by": "user:1", "at": timezone.now()}
    due = timezone.localdate() + timedelta(days=9)
    line = minutes.write(kind="task", text="Elsa bor på Vägen 3", who="Elsa", due_on=due, **told)
    striking = act("strike_minute", evening, line.number)

    assert desk.post(striking).status_code == 422
    for _press in range(2):
        assert desk.post(striking, {"why": "Hon vill inte"}).status_code == 302
    page = client.get(evening.get_absolute_url()).content.decode()
    assert ("Elsa" in page, "Hon vill inte" in page) == (False, True)
    assert f"senast {date_format(due)}" not in page
    line.refresh_from_db()
    assert (line.number, line.text, line.who, line.actor) == (1, "", "", "user:1")
    with pytest.raises(WrongState):
        minutes.finish(minute=line, outcome="Klart", on=timezone.localdate())


def test_nobody_is_asked_into_what_is_cancelled_or_twice_into_one_fair(desk, group, evening):
    fair = gatherings.hold_fair(gathering=make.gathering(group, form="fair", name="Mässan"))
    church = make.organisation("kyrkan", iban="SE4550000000058398257466")
    gatherings.cancel(gathering=evening, reason="Snö", by="user:1", at=timezone.now())

    form = desk.get(reverse("cooperation_desk", args=[group.slug])).context["form"]
    things = [code.partition("-")[0] for code, _name in form.fields["thing"].choices]
    assert things == ["gathering"]
    assert fair.name in form.fields["thing"].choices[0][1]
    with pytest.raises(GatheringCancelled):
        cooperations.invite(
            organisation=church, into=evening, part="Kaffe", on=timezone.localdate()
        )


def test_nobody_is_asked_into_what_is_over_or_into_the_fair_of_what_is_cancelled(desk, group):
    church = make.organisation("kyrkan", iban="SE4550000000058398257466")
    told = {"organisation": church, "part": "Kaffe", "on": timezone.localdate()}
    last_week = timezone.now() - timedelta(days=7)
    past = make.gathering(group, name="Förra veckan", starts_at=last_week)
    meant = make.gathering(group, form="fair", name="Mässan")
    fair = gatherings.hold_fair(gathering=meant)
    asked = cooperations.invite(into=fair, **told)
    gatherings.cancel(gathering=meant, reason="Snö", by="user:1", at=timezone.now())

    for into, refusal in ((past, GatheringOver), (fair, GatheringCancelled)):
        with pytest.raises(refusal):
            cooperations.invite(into=into, **told)
    for each in (past, meant):
        assert "?thing=" not in desk.get(at_desk(each)).content.decode()
    page = desk.get(asked.get_absolute_url(), headers=ENGLISH).content.decode()
    assert "Nothing is asked of you any more." in page
    assert reverse("accept_cooperation", args=[asked.token]) not in page


def test_a_fair_is_cancelled_with_its_gathering_everywhere(client, group):
    make.place(group)
    meant = make.gathering(group, form="fair", name="Mässan")
    fair = gatherings.hold_fair(gathering=meant)
    assert fair.name in client.get("/").content.decode()
    gatherings.cancel(gathering=meant, reason="Snö på vägen", by="user:1", at=timezone.now())

    page = client.get(fair.get_absolute_url(), headers=ENGLISH).content.decode()
    assert ("Cancelled." in page, "Snö på vägen" in page) == (True, True)
    assert "https://schema.org/EventCancelled" in page
    assert "STATUS:CANCELLED" in client.get(reverse("fair_ics", args=[fair.slug])).content.decode()
    assert fair.name not in client.get("/").content.decode()
    listed = client.get(reverse("fair_list"), headers=ENGLISH).content.decode()
    assert "Cancelled" in listed
    after = meant.ends_at + timedelta(days=1)
    assert facts(group.places.get(), after).fairs == 0


def test_a_gathering_of_the_past_is_told_as_held_and_not_as_invited_to(desk, group):
    day = timezone.localdate() - timedelta(days=3)
    typed = {"form": "meeting", "name": "Förra veckan", "venue": "Skolan"}
    typed |= {"starts_at": f"{day}T10:00", "ends_at": f"{day}T14:00"}
    page = reverse("open_gathering", args=[group.slug])
    answer = desk.post(page, typed, follow=True, headers=ENGLISH).content.decode()

    assert "That day has passed" in answer
    assert "The invitation is out" not in answer


@pytest.mark.parametrize(
    ("name", "row", "typed", "status"),
    [
        ("gathering_at_desk", [], {"step": "cancel", "reason": "Snö"}, 405),
        ("write_minute", [], {"kind": "note", "text": ""}, 422),
        ("move_gathering", [], {"venue": "X", "reason": "Y"}, 422),
        ("finish_minute", [999999], {"outcome": "X"}, 404),
        ("finish_minute", [10**30], {"outcome": "X"}, 404),
        ("guest_came", [10**30], {}, 404),
        ("cancel_gathering", [], {"reason": " "}, 422),
        ("hold_fair", [], {}, 409),
    ],
)
def test_an_act_that_cannot_be_says_why_and_changes_nothing(
    desk, evening, name, row, typed, status
):
    answer = desk.post(act(name, evening, *row), typed)

    assert answer.status_code == status
    assert (evening.minutes.count(), evening.changes.count(), Fair.objects.count()) == (0, 0, 0)


def test_script_stays_text_on_every_page(desk, evening):
    evil = "<script>alert(1)</script>"
    minutes.write(gathering=evening, kind="note", text=evil, by="user:1", at=timezone.now())
    make.sign_up(evening, "Ada", words=evil)
    gatherings.write_outcome(gathering=evening, sv=evil)

    for url in (
        evening.get_absolute_url(),
        at_desk(evening),
        SignUp.objects.get().get_absolute_url(),
    ):
        page = desk.get(url).content.decode()
        assert "&lt;script&gt;" in page
        assert evil not in page


def test_the_feed_tells_an_invitation_and_again_when_it_moves(client, evening):
    def entries() -> list:
        atom = "{http://www.w3.org/2005/Atom}"
        root = ElementTree.fromstring(client.get("/feed/gatherings/").content)
        return [
            (e.findtext(f"{atom}id"), e.findtext(f"{atom}updated"))
            for e in root.iter(f"{atom}entry")
        ]

    before = entries()
    moved(evening)
    after = entries()
    assert [tag for tag, _at in before] == [tag for tag, _at in after]
    assert after[0][1] > before[0][1]


def test_the_list_narrows_by_form_and_place(client, group, evening):
    make.gathering(group, form="market", name="Höstmarknad")

    def names(**asked) -> set:
        answer = client.get(reverse("gathering_list"), asked)
        return {each.name for each in answer.context["coming"]}

    assert names() == {"Första kvällen", "Höstmarknad"}
    assert names(form="market") == {"Höstmarknad"}
    assert names(place=evening.place.slug) == {"Första kvällen"}
    assert names(form="x", place="y") == names()


# --- What is known of somebody --------------------------------------------------------------------


def test_12b_15_a_guest_is_told_forgotten_and_after_a_year_gone(evening):
    ada, bo = make.sign_up(evening, "Ada", words="Skjuts"), make.sign_up(evening, "Bo")
    assert my_data(ada.person, DAY)["sign_ups"][0]["words"] == "Skjuts"

    retention.forget(person=ada.person, on=DAY)
    ada.refresh_from_db()
    assert (ada.person, ada.words, ada.party) == (None, "", 1)

    year = evening.ends_at + timedelta(days=366)
    assert retention.forget_guests(evening.ends_at + timedelta(days=364)) == 0
    assert retention.forget_guests(year) == 1
    assert not Person.objects.filter(pk=bo.person_id).exists()
    assert queries.headcount(evening) == 2


def test_12b_15_the_desk_shows_no_names_after_a_year_and_the_days_work_forgets_them(evening):
    year = evening.ends_at + timedelta(days=366)
    make.sign_up(evening, "Ada", party=3)
    for at, names in ((evening.ends_at, 1), (year, 0)):
        desk = queries.gathering_desk(evening, at)
        assert (len(desk.guests), desk.forgotten, desk.headcount) == (names, 1 - names, 3)
        assert len(queries.guests(evening, at)) == names

    assert tasks.forget.call((evening.ends_at + timedelta(days=300)).date().isoformat()) == 0
    assert tasks.forget.call((year + timedelta(days=1)).date().isoformat()) == 1
    assert not Person.objects.filter(name="Ada").exists()


def test_12b_15_a_guest_who_has_promised_stays_known(evening):
    promised = make.pledge(make.share_offering(make.project(owner=evening.organisation)))
    person = promised.person
    SignUp.objects.create(gathering=evening, person=person, signed_up_at=timezone.now(), key="k")
    retention.forget_guests(evening.ends_at + timedelta(days=366))
    assert Person.objects.filter(pk=person.pk).exists()


# --- Together with others -------------------------------------------------------------------------


@pytest.fixture
def church(db):
    return make.organisation(
        "kyrkan", iban="SE4550000000058398257466", contact_email="kyrkan@example.se"
    )


def test_another_organisation_is_asked_answers_and_is_shown_with_its_part(
    client, evening, church, group
):
    project = make.project(owner=group)
    fair = make.fair(owner=group)
    for into in (evening, fair, project):
        Letter.objects.all().delete()
        asked = cooperations.invite(organisation=church, into=into, part="Kaffe", on=DAY)
        page = into.get_absolute_url()
        assert "Kaffe" not in client.get(page).content.decode()
        link = urlsplit(asked.get_absolute_url()).path
        assert link in Letter.objects.get().text
        assert client.post(f"{link}accept/").status_code == 302
        assert "Kaffe" in client.get(page).content.decode()
        client.post(f"{link}decline/")
        assert "Kaffe" not in client.get(page).content.decode()


def test_taking_part_opens_no_desk_and_no_list_of_anybody(client, evening, church):
    asked = cooperations.invite(organisation=church, into=evening, part="Kaffe", on=DAY)
    cooperations.answer(cooperation=asked, accepts=True, on=DAY)
    make.sign_up(evening, "Ada")
    client.force_login(make.user("kim", ("organiser", church)))

    assert client.get(at_desk(evening)).status_code == 404
    owner = evening.organisation.slug
    for name in ("gathering_desk", "cooperation_desk", "places_desk"):
        assert client.get(reverse(name, args=[owner])).status_code == 404
    pages = (evening.get_absolute_url(), asked.get_absolute_url())
    for page in (*pages, reverse("cooperation_desk", args=[church.slug])):
        assert "Ada" not in client.get(page).content.decode()


def test_a_question_is_asked_once_and_taken_back_before_it_is_answered(desk, evening, church):
    page = reverse("ask_cooperation", args=[evening.organisation.slug])
    typed = {
        "thing": f"gathering-{evening.pk}",
        "organisation": church.slug,
        "part": "Kaffe",
    }
    assert desk.post(page, typed).status_code == 302
    assert desk.post(page, typed).status_code == 409
    assert desk.post(page, {**typed, "thing": "project-999"}).status_code == 422
    asked = Cooperation.objects.get()
    cooperations.answer(cooperation=asked, accepts=True, on=DAY)
    back = reverse("take_back_cooperation", args=[evening.organisation.slug, asked.pk])
    assert desk.post(back).status_code == 409
    cooperations.answer(cooperation=asked, accepts=False, on=DAY)
    for _press in range(2):
        assert desk.post(back).status_code == 302
    assert not Cooperation.objects.exists()
    with pytest.raises(BadGathering):
        cooperations.invite(organisation=evening.organisation, into=evening, part="Kaffe", on=DAY)


def test_pages_of_gatherings_cost_few_queries(client, evening, django_assert_max_num_queries):
    for number in range(9):
        make.sign_up(evening, f"Gäst{number}".replace("ä", "a"))
    for url, most in ((evening.get_absolute_url(), 9), (reverse("gathering_list"), 9)):
        with django_assert_max_num_queries(most):
            client.get(url)


# --- Other words ----------------------------------------------------------------------------------


def test_words_and_room_change_but_never_below_who_comes(desk, group):
    evening = make.gathering(group, most=10)
    make.sign_up(evening, "Ada", party=6)
    typed, there = (
        {"name": "Ny kväll", "most": "5", "about_sv": "Kom!"},
        act("reword_gathering", evening),
    )

    refused = desk.post(there, typed)
    assert refused.status_code == 422
    assert refused.context["forms"]["reword"]["about_sv"].value() == "Kom!"
    assert desk.post(there, {**typed, "most": "6"}).status_code == 302
    evening.refresh_from_db()
    assert (evening.name, evening.most, evening.about_sv) == ("Ny kväll", 6, "Kom!")
    assert evening.changes.count() == 0


def test_who_wants_no_letters_of_gatherings_gets_none(evening):
    made = make.sign_up(evening, "Ada")
    leave_out(made.person, [Letter.Kind.GATHERING])
    Letter.objects.all().delete()
    moved(evening)
    assert not Letter.objects.exists()


def test_an_organisation_without_an_address_gets_a_link_to_hand_over(desk, evening):
    other = make.organisation("kyrkan", iban="SE4550000000058398257466")
    asked = cooperations.invite(organisation=other, into=evening, part="Kaffe", on=DAY)
    page = desk.get(reverse("cooperation_desk", args=[evening.organisation.slug]))
    assert asked.get_absolute_url() in page.content.decode()
