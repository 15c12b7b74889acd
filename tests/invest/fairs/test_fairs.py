"""Before a fair: invitations and answers, the programme's order, the checklist, short addresses."""

from datetime import date, timedelta

import icalendar
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from invest.fairs import fairs
from invest.fairs.queries.desk import desk_page, invitable
from invest.fairs.queries.fairs import fair_page
from invest.fairs.queries.fairs import fairs as all_fairs
from invest.home import queries
from invest.in_kind.refusals import ProjectClosed
from invest.kinds.refusals import AlreadyRecorded, BadTerms
from invest.models import Fair, FairTask, Letter, Offering, Pitch
from invest.projects import stages
from invest.refusals import TextTooLong, UnsafeText, WrongState
from tests import factories as make
from tests.factories import DAY

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def roof():
    offering = make.share_offering()
    Offering.objects.update(closes_on=timezone.localdate() + timedelta(days=9))
    return offering.vehicle.project


@pytest.fixture
def oven():
    owner = make.organisation("bageriet", iban="SE3550000000054910000003")
    return make.project("ugnen", owner)


@pytest.fixture
def fair(roof):
    made = make.fair(owner=roof.organisation)
    starts_at = timezone.now() + timedelta(days=9)
    ends_at = starts_at + timedelta(hours=3)
    Fair.objects.update(starts_at=starts_at, ends_at=ends_at)
    return Fair.objects.get(pk=made.pk)


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def desk(client, fair):
    client.force_login(make.user("olle", ("organiser", fair.organisation)))
    return client


def address(fair: Fair) -> str:
    return reverse("fair_desk", args=[fair.slug])


def accepted(fair: Fair, *projects, on: date) -> list[Pitch]:
    asked = [fairs.invite(fair=fair, project=project, on=on) for project in projects]
    return [fairs.answer(pitch=pitch, accepts=True, on=on) for pitch in asked]


def order(fair: Fair) -> list[str]:
    return [pitch.project.slug for pitch in fair.pitches.order_by("position")]


# --- Invitations ----------------------------------------------------------------------------------


def test_an_invitation_waits_for_the_project_to_answer(fair, oven, today):
    pitch = fairs.invite(fair=fair, project=oven, on=today)

    (slot,) = desk_page(fair, today).slots
    assert (pitch.position, pitch.invited_on, pitch.accepted_on) == (1, today, None)
    assert (slot.pitch, slot.since, slot.tone) == (pitch, today, "is-warm")
    assert fair_page(fair, today).cards == ()
    assert queries.home_page(today).fair_cards == ()
    assert all_fairs().get().projects == 0


def test_a_project_that_accepts_stands_in_the_programme(fair, roof, oven, today):
    accepted(fair, oven, roof, on=today)

    page = fair_page(fair, today)
    assert [card.project for card in page.cards] == [oven, roof]
    assert [card.project for card in queries.home_page(today).fair_cards] == [oven, roof]
    assert all_fairs().get().projects == 2


def test_the_order_of_one_fair_is_not_that_of_another(fair, roof, oven, today):
    other = make.fair("andra", owner=roof.organisation, of=(roof, oven))
    accepted(fair, oven, roof, on=today)

    told = [fair_page(each, today).cards for each in (fair, other)]

    assert [[card.project for card in cards] for cards in told] == [[oven, roof], [roof, oven]]


def test_a_project_that_declines_may_think_again(fair, oven, today):
    (pitch,) = accepted(fair, oven, on=today)

    fairs.answer(pitch=pitch, accepts=False, on=today + timedelta(days=1))
    assert (pitch.accepted_on, pitch.declined_on) == (None, today + timedelta(days=1))
    assert fair_page(fair, today).cards == ()

    fairs.answer(pitch=pitch, accepts=True, on=today + timedelta(days=2))
    assert (pitch.accepted_on, pitch.declined_on) == (today + timedelta(days=2), None)


def test_the_same_answer_again_keeps_its_first_day(fair, oven, today):
    (pitch,) = accepted(fair, oven, on=today)

    fairs.answer(pitch=pitch, accepts=True, on=today + timedelta(days=1))

    assert pitch.accepted_on == today


def test_nobody_is_invited_twice_unless_they_declined(fair, roof, oven, today):
    pitch = fairs.invite(fair=fair, project=oven, on=today)
    with pytest.raises(AlreadyRecorded):
        fairs.invite(fair=fair, project=oven, on=today)
    fairs.invite(fair=fair, project=roof, on=today)
    fairs.answer(pitch=pitch, accepts=False, on=today)

    again = fairs.invite(fair=fair, project=oven, on=today + timedelta(days=1))

    assert (again.pk, again.code, again.declined_on) == (pitch.pk, pitch.code, None)
    assert order(fair) == ["soltaket", "ugnen"]


def test_a_project_that_ended_is_not_invited(fair, oven, today):
    stages.set_stage(project=oven, to="failed", on=today, by="test")

    with pytest.raises(ProjectClosed):
        fairs.invite(fair=fair, project=oven, on=today)

    assert Pitch.objects.count() == 0
    assert oven not in invitable(fair, today)


def test_when_the_fair_is_over_nothing_of_it_changes(fair, roof, oven, today):
    (pitch,) = accepted(fair, oven, on=today)
    after = today + timedelta(days=11)

    with pytest.raises(WrongState):
        fairs.invite(fair=fair, project=roof, on=after)
    with pytest.raises(WrongState):
        fairs.answer(pitch=pitch, accepts=False, on=after)

    assert Pitch.objects.get().accepted_on == today


def test_a_pitch_is_not_accepted_and_declined(fair, oven, today):
    (pitch,) = accepted(fair, oven, on=today)

    with pytest.raises(IntegrityError), transaction.atomic():
        Pitch.objects.filter(pk=pitch.pk).update(declined_on=today)


# --- The project's answer -------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["project-owner", "treasurer"])
def test_the_projects_own_organisation_answers(client, fair, oven, today, kind):
    pitch = fairs.invite(fair=fair, project=oven, on=today)
    client.force_login(make.user("bo", (kind, oven.organisation)))
    path = reverse("invitation", args=[pitch.code])

    assert client.get(path).status_code == 200
    for _press in range(2):
        assert client.post(f"{path}accept/").url == path
        assert Pitch.objects.get().accepted_on == today
    for _press in range(2):
        assert client.post(f"{path}decline/").url == path
        assert Pitch.objects.get().declined_on == today


@pytest.mark.fault("F58")
def test_nobody_else_answers(client, fair, oven, today):
    pitch = fairs.invite(fair=fair, project=oven, on=today)
    path = reverse("invitation", args=[pitch.code])
    roles = [("organiser", fair.organisation), ("treasurer", fair.organisation)]
    own = [("approver", oven.organisation), ("organiser", oven.organisation)]

    for number, role in enumerate([*roles, *own]):
        client.force_login(make.user(f"cem{number}", role))
        assert client.get(path).status_code == 404
        assert client.post(f"{path}accept/").status_code == 404

    assert Pitch.objects.get().accepted_on is None


def test_an_answer_after_the_fair_is_refused_in_words(client, fair, oven, today):
    pitch = fairs.invite(fair=fair, project=oven, on=today)
    Fair.objects.update(starts_at=timezone.now() - timedelta(days=3), ends_at=timezone.now())
    Fair.objects.update(ends_at=timezone.now() - timedelta(days=2))
    client.force_login(make.user("bo", ("project-owner", oven.organisation)))

    response = client.post(reverse("accept_invitation", args=[pitch.code]), headers=ENGLISH)

    assert response.status_code == 409
    assert "the state is now “the fair is over”" in response.content.decode()
    assert reverse("accept_invitation", args=[pitch.code]) not in response.content.decode()


def test_the_page_of_an_invitation_takes_no_post(client, fair, oven, today):
    pitch = fairs.invite(fair=fair, project=oven, on=today)
    client.force_login(make.user("bo", ("project-owner", oven.organisation)))

    response = client.post(reverse("invitation", args=[pitch.code]), {"step": "accept"})

    assert response.status_code == 405


# --- The programme's order ------------------------------------------------------------------------


def test_a_pitch_moves_one_place_at_a_time(fair, roof, oven, today):
    accepted(fair, roof, oven, make.project("bastun", roof.organisation), on=today)
    first, _second, last = fair.pitches.order_by("position")

    fairs.move(pitch=last, is_up=True)
    assert order(fair) == ["soltaket", "bastun", "ugnen"]
    fairs.move(pitch=first, is_up=False)
    assert order(fair) == ["bastun", "soltaket", "ugnen"]


def test_the_first_goes_no_higher_and_the_last_no_lower(fair, roof, oven, today):
    first, last = accepted(fair, roof, oven, on=today)

    fairs.move(pitch=first, is_up=True)
    fairs.move(pitch=last, is_up=False)

    assert order(fair) == ["soltaket", "ugnen"]


# --- The checklist --------------------------------------------------------------------------------


def test_the_usual_checklist_is_counted_back_from_the_day(fair):
    fairs.add_usual_tasks(fair=fair)

    day = timezone.localdate(fair.starts_at)
    told = [(day - task.due_on).days for task in fair.tasks.all()]
    assert told == [60, 45, 30, 21, 14, 7, 3, 1, 0]


def test_the_usual_checklist_comes_once_in_whichever_language(fair):
    with translation.override("en"):
        fairs.add_usual_tasks(fair=fair)
    FairTask.objects.filter(text="Invite the projects").delete()

    added = fairs.add_usual_tasks(fair=fair)

    assert (len(added), FairTask.objects.count()) == (1, len(fairs.USUAL_TASKS))


def test_a_task_is_ticked_and_unticked(fair, today):
    task = fairs.add_task(fair=fair, text=" Koka kaffe ", due_on=today)

    assert task.text == "Koka kaffe"
    assert fairs.tick(task=task, on=today).done_on == today
    assert fairs.tick(task=task, on=today + timedelta(days=1)).done_on == today
    assert fairs.untick(task=task).done_on is None


@pytest.mark.parametrize(
    ("text", "refusal"), [(" ", BadTerms), ("x" * 161, TextTooLong), ("a\x00", UnsafeText)]
)
def test_a_task_is_a_plain_line(fair, today, text, refusal):
    with pytest.raises(refusal):
        fairs.add_task(fair=fair, text=text, due_on=today)

    assert FairTask.objects.count() == 0


def test_a_task_is_late_the_day_after_its_day(fair, today):
    task = fairs.add_task(fair=fair, text="Koka kaffe", due_on=today)

    assert not desk_page(fair, today).tasks[0].is_late
    assert desk_page(fair, today + timedelta(days=1)).tasks[0].is_late
    fairs.tick(task=task, on=today)
    assert not desk_page(fair, today + timedelta(days=1)).tasks[0].is_late


def test_an_invitation_is_taken_back_until_it_is_accepted(desk, fair, roof, oven, today):
    pitch = fairs.invite(fair=fair, project=oven, on=today)
    (accepted_one,) = accepted(fair, roof, on=today)

    told = [
        desk.post(f"{address(fair)}pitches/{each.pk}/take-back/")
        for each in (pitch, pitch, accepted_one)
    ]

    assert [response.status_code for response in told] == [302, 302, 409]
    assert list(fair.pitches.all()) == [accepted_one]


def test_a_waiting_invitation_stands_on_the_page_of_who_may_answer(client, fair, oven, today):
    pitch = fairs.invite(fair=fair, project=oven, on=today)
    path = reverse("invitation", args=[pitch.code])
    owner = make.user("pia", ("project-owner", oven.organisation))

    for user, is_told in ((owner, True), (make.user("stranger"), False)):
        client.force_login(user)
        assert (path in client.get("/me/").content.decode()) is is_told
    client.force_login(owner)
    fairs.answer(pitch=pitch, accepts=False, on=today)
    assert path not in client.get("/me/").content.decode()


# --- The desk -------------------------------------------------------------------------------------


def test_the_desk_invites_anybodys_project_and_hands_out_the_link(desk, fair, oven, settings):
    settings.PUBLIC_URL = "https://byakassan.example"
    type(oven.organisation).objects.filter(slug="bageriet").update(contact_email="b@example.org")

    response = desk.post(f"{address(fair)}pitches/invite/", {"project": oven.pk}, follow=True)

    link = f"https://byakassan.example/invitations/{Pitch.objects.get().code}/"
    page = response.content.decode()
    assert response.redirect_chain == [(f"{address(fair)}#programme", 302)]
    assert f'href="{link}"' in page
    assert 'href="mailto:b@example.org?subject=' in page
    letter = Letter.objects.get()
    assert letter.to == "b@example.org"
    assert link in letter.text
    assert link in letter.html
    assert [str(p) for p in invitable(fair, DAY)] == ["Soltaket"]


def test_the_desk_moves_and_ticks_by_plain_buttons(desk, fair, roof, oven, today):
    _first, last = accepted(fair, roof, oven, on=today)
    task = fairs.add_task(fair=fair, text="Koka kaffe", due_on=today)

    desk.post(f"{address(fair)}pitches/{last.pk}/up/")
    for _press in range(2):
        desk.post(f"{address(fair)}tasks/{task.pk}/tick/")
    assert (order(fair), fair.tasks.get().done_on) == (["ugnen", "soltaket"], today)

    desk.post(f"{address(fair)}pitches/{last.pk}/down/")
    for _press in range(2):
        desk.post(f"{address(fair)}tasks/{task.pk}/untick/")
    assert (order(fair), fair.tasks.get().done_on) == (["soltaket", "ugnen"], None)


def test_the_desk_adds_a_task_and_the_usual_ones(desk, fair, today):
    for _press in range(2):
        desk.post(f"{address(fair)}tasks/add-usual/")
    typed = {"text": "Koka kaffe", "due_on": today.isoformat()}
    desk.post(f"{address(fair)}tasks/add/", typed)

    assert desk.get(address(fair)).context["page"].left == len(fairs.USUAL_TASKS) + 1
    assert fair.tasks.filter(text="Koka kaffe").get().due_on == today


@pytest.mark.parametrize(
    ("act", "typed", "status"),
    [
        ("pitches/invite/", {"project": "0"}, 400),
        ("pitches/99999999999999999999/up/", {}, 404),
        ("pitches/1/down/", {}, 404),
        ("tasks/x/tick/", {}, 404),
        ("tasks/add/", {"text": "", "due_on": "9999-99-99"}, 400),
    ],
)
def test_the_desk_refuses_what_is_not_there(desk, fair, act, typed, status):
    response = desk.post(f"{address(fair)}{act}", typed)

    assert response.status_code == status
    assert (Pitch.objects.count(), FairTask.objects.count()) == (0, 0)


def test_another_fairs_pitch_and_task_are_not_there(desk, fair, roof, today):
    other = make.fair("andra", owner=roof.organisation, of=(roof,))
    task = fairs.add_task(fair=other, text="Koka kaffe", due_on=today)

    ups = desk.post(f"{address(fair)}pitches/{other.pitches.get().pk}/up/")
    backs = desk.post(f"{address(fair)}pitches/{other.pitches.get().pk}/take-back/")
    ticks = desk.post(f"{address(fair)}tasks/{task.pk}/tick/")

    assert (ups.status_code, backs.status_code, ticks.status_code) == (404, 302, 404)
    assert other.pitches.count() == 1
    assert FairTask.objects.get().done_on is None


def test_the_page_itself_takes_no_post(desk, fair):
    assert desk.post(address(fair), {"step": "usual"}).status_code == 405


def test_a_refusal_at_the_desk_stands_by_its_field(desk, fair, oven, today):
    Fair.objects.update(starts_at=timezone.now() - timedelta(days=3))
    Fair.objects.update(ends_at=timezone.now() - timedelta(days=2))

    response = desk.post(f"{address(fair)}pitches/invite/", {"project": oven.pk})

    assert response.status_code == 409
    assert Pitch.objects.count() == 0


@pytest.mark.fault("F58")
def test_the_desk_is_its_organisers_alone(client, fair, oven):
    assert client.get(address(fair)).status_code == 302

    for number, role in enumerate(
        [("organiser", oven.organisation), ("treasurer", fair.organisation)]
    ):
        client.force_login(make.user(f"cem{number}", role))
        assert client.get(address(fair)).status_code == 404
        assert client.post(f"{address(fair)}tasks/add-usual/").status_code == 404
    assert FairTask.objects.count() == 0


def test_the_way_to_the_desk_is_shown_to_organisers_only(client, desk, fair):
    assert f'href="{address(fair)}"' in desk.get(fair.get_absolute_url()).content.decode()

    desk.logout()

    assert address(fair) not in desk.get(fair.get_absolute_url()).content.decode()


def test_the_desk_asks_the_database_a_fixed_number_of_times(
    desk, fair, roof, oven, today, django_assert_num_queries
):
    accepted(fair, roof, oven, on=today)
    fairs.add_usual_tasks(fair=fair)

    with django_assert_num_queries(2):
        page = desk_page(fair, today)
        assert [slot.mail for slot in page.slots] == ["", ""]


# --- Short codes ----------------------------------------------------------------------------------


def test_a_short_code_leads_to_the_promise_at_the_fair(client, fair, roof, today):
    (pitch,) = accepted(fair, roof, on=today)

    for code in (pitch.code, pitch.code.upper()):
        response = client.get(reverse("short_code", args=[code]))
        assert (response.status_code, response.url) == (
            302,
            f"{reverse('pledge', args=['soltaket'])}?fair={fair.slug}",
        )


def test_a_short_code_leads_to_the_project_where_nothing_is_open(client, fair, oven, today):
    (pitch,) = accepted(fair, oven, on=today)

    response = client.get(reverse("short_code", args=[pitch.code]))

    assert (response.status_code, response.url) == (302, oven.get_absolute_url())


def test_a_short_code_of_a_project_that_does_not_come_leads_to_no_promise(
    client, fair, roof, today
):
    pitch = fairs.invite(fair=fair, project=roof, on=today)

    assert client.get(reverse("short_code", args=[pitch.code])).url == roof.get_absolute_url()


def test_an_unknown_short_code_leads_nowhere(client, fair):
    assert client.get(reverse("short_code", args=["zzzzzz"])).status_code == 404


# --- The calendar ---------------------------------------------------------------------------------


def test_the_calendar_reads_the_fair_back(client, roof, settings):
    settings.PUBLIC_URL = "https://byakassan.example"
    fair = make.fair(owner=roof.organisation)
    Fair.objects.update(about_en="Coffee, cake;\nand four projects")

    response = client.get(reverse("fair_ics", args=[fair.slug]), headers=ENGLISH)

    (event,) = icalendar.Calendar.from_ical(response.content).events
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert (event.start, event.end) == (fair.starts_at, fair.ends_at)
    assert event["dtstart"].params["TZID"] == "Europe/Stockholm"
    assert {name: str(event[name]) for name in ("uid", "summary", "location", "url")} == {
        "uid": "fair-massan@byakassan.example",
        "summary": "Massan",
        "location": "Bygdegården, Björkdalen",
        "url": "https://byakassan.example/fairs/massan/",
    }
    assert str(event["description"]) == "Coffee, cake;\nand four projects"


def test_the_calendar_carries_its_time_zone(client, roof):
    fair = make.fair(owner=roof.organisation)

    told = client.get(reverse("fair_ics", args=[fair.slug])).content

    (zone,) = icalendar.Calendar.from_ical(told).timezones
    offsets = {str(part["tzname"]): part["tzoffsetto"].td for part in zone.subcomponents}
    assert str(zone["tzid"]) == "Europe/Stockholm"
    assert offsets == {"CET": timedelta(hours=1), "CEST": timedelta(hours=2)}


def test_the_fairs_page_links_to_the_calendar(client, fair):
    page = client.get(fair.get_absolute_url()).content.decode()

    assert f'href="{reverse("fair_ics", args=[fair.slug])}"' in page


def test_fairs_are_listed_newest_first(client, fair):
    later = make.fair("senare", owner=fair.organisation)
    moved = {
        "starts_at": fair.starts_at + timedelta(days=300),
        "ends_at": fair.ends_at + timedelta(days=300),
    }
    Fair.objects.filter(pk=later.pk).update(**moved)

    page = client.get(reverse("fair_list")).content.decode()

    assert page.index(later.get_absolute_url()) < page.index(fair.get_absolute_url())
