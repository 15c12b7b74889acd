"""The desk of help in kind: from the first word to verified, and who may."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from invest.in_kind import in_kind, queries
from invest.kinds.refusals import BadTerms
from invest.models import InKind, InKindEvent, InKindMessage, Need
from invest.pledges import pledges
from tests import factories as make
from tests.factories import DAY, sek

ENGLISH = {"accept-language": "en"}


@pytest.fixture
def roof(db):
    return make.share_offering()


@pytest.fixture
def project(roof):
    return roof.vehicle.project


@pytest.fixture
def need(project):
    return Need.objects.create(
        project=project, text_sv="Måla", text_en="Paint", quantity=20, unit="timmar"
    )


def offer(project, name="Ada", quantity=8, unit="HOUR", sort="time") -> InKind:
    of = {"sort": sort, "quantity": Decimal(quantity), "unit": unit}
    return make.help_offer(project, name, **of)


@pytest.fixture
def offered(project):
    return offer(project)


@pytest.fixture
def desk(client, project):
    client.force_login(make.user("bo", ("project-owner", project.organisation)))
    return client


def address(project) -> str:
    return reverse("help_desk", args=[project.slug])


def take(desk, step: str, offered, **typed):
    """Press the button of a step."""
    return desk.post(
        reverse(f"{step}_help", args=[offered.project.slug, offered.pk]), typed, headers=ENGLISH
    )


def states(offered) -> list[str]:
    return [event.to_state for event in offered.events.all()]


def test_an_offer_goes_all_the_way(desk, project, offered, need):
    day = timezone.localdate() + timedelta(days=3)
    for step, more in (
        ("accept", {"need": need.pk, "text": "Tack, gärna!"}),
        ("schedule", {"due_on": day.isoformat()}),
        ("schedule", {"due_on": (day + timedelta(days=1)).isoformat()}),
        ("deliver", {"quantity": "6,5"}),
        ("verify", {"text": "Fint blev det"}),
    ):
        assert take(desk, step, offered, **more).status_code == 302

    offered.refresh_from_db()
    now = in_kind.latest(offered)
    path = ["offered", "accepted", "scheduled", "scheduled", "delivered", "verified"]
    assert states(offered) == path
    assert (offered.need, now.quantity, now.reason) == (need, Decimal("6.5"), "Fint blev det")
    lines = [(line.text, line.is_from_giver) for line in offered.messages.all()]
    assert lines == [("Tack, gärna!", False), ("Fint blev det", False)]


def test_a_kind_word_goes_with_a_no(desk, project, offered):
    refused = take(desk, "decline", offered)

    assert (refused.status_code, states(offered)) == (400, ["offered"])
    take(desk, "decline", offered, text="Tack, vi har redan")
    assert (in_kind.latest(offered).reason, InKindMessage.objects.get().text) == (
        "Tack, vi har redan",
        "Tack, vi har redan",
    )


def test_a_line_alone_changes_no_state(desk, project, offered):
    take(desk, "say", offered, text="När passar det?")
    empty = take(desk, "say", offered)

    assert (states(offered), offered.messages.count()) == (["offered"], 1)
    assert empty.status_code == 400


@pytest.mark.parametrize(
    ("step", "more", "status"),
    [
        ("schedule", {"due_on": ""}, 400),
        ("schedule", {"due_on": "2020-01-01"}, 400),
        ("verify", {}, 409),
        ("deliver", {"text": "Klart"}, 409),
        ("accept", {"need": "999"}, 400),
        ("deliver", {"quantity": "-2"}, 400),
    ],
)
def test_a_step_that_cannot_be_is_refused_whole(desk, project, offered, step, more, status):
    response = take(desk, step, offered, **more)

    assert (response.status_code, states(offered)) == (status, ["offered"])
    assert InKindMessage.objects.count() == 0
    forms = [form for _group, offers in response.context["groups"] for _offer, form in offers]
    assert [bool(form.errors) for form in forms] == [True]


def test_the_steps_that_are_shown_are_those_that_may_come(project, offered):
    def steps():
        return queries.help_page(project).groups[0].offers[0].steps

    assert steps() == ["accept", "decline"]
    in_kind.accept(in_kind=offered, on=DAY, by="t")
    assert steps() == ["schedule", "deliver", "decline"]
    in_kind.schedule(in_kind=offered, due_on=DAY, on=DAY, by="t")
    assert steps() == ["schedule", "deliver", "decline"]
    in_kind.deliver(in_kind=offered, on=DAY, by="t")
    assert steps() == ["verify"]
    in_kind.verify(in_kind=offered, on=DAY, by="t")
    assert steps() == []


def test_a_need_counts_what_is_accepted_each_unit_by_itself(project, need):
    for name, quantity, unit in (("Ada", 8, "HOUR"), ("Bo", 4, "HOUR"), ("Cem", 2, "DAY")):
        made = in_kind.answer_need(in_kind=offer(project, name, quantity, unit), need=need)
        in_kind.accept(in_kind=made, on=DAY, by="t")
    in_kind.answer_need(in_kind=offer(project, "Dee", 5), need=need)

    (met,) = queries.help_page(project).needs

    assert (met.need, met.accepted) == (need, ("2 dagar", "12 timmar"))


def test_only_the_projects_own_needs_of_help_are_answered(project, offered, need):
    elsewhere = make.project("annat", project.organisation)
    other = Need.objects.create(project=elsewhere, text_sv="x", text_en="x", quantity=1)
    of_money = Need.objects.create(project=project, text_sv="y", text_en="y", money=sek(100))

    for wrong in (other, of_money):
        with pytest.raises(BadTerms):
            in_kind.answer_need(in_kind=offered, need=wrong)
    assert in_kind.answer_need(in_kind=offered, need=None).need is None


def test_introductions_have_words_of_their_own(desk, project):
    introduced = offer(project, "Eva", 3, "INTRO", "introductions")
    in_kind.accept(in_kind=introduced, on=DAY, by="t")

    assert "We were introduced" in desk.get(address(project), headers=ENGLISH).content.decode()


def test_confirmed_money_leads_to_the_register(client, roof, project):
    pledges.confirm(pledge=make.pledge(roof, 1000), on=DAY, by="t")
    make.pledge(roof, 500, "Bo")
    client.force_login(make.user("dee", ("treasurer", project.organisation)))

    page = client.get(address(project))

    (money,) = page.context["page"].money
    register = reverse("vehicle", args=[project.organisation.slug, roof.vehicle.slug])
    assert (money.promises, money.amount_minor) == (1, 100_000)
    assert register in page.content.decode()


def test_help_as_it_stood_on_a_day(project, offered):
    later = DAY + timedelta(days=5)
    in_kind.change_quantity(in_kind=offered, quantity=Decimal(3), on=later, by="t")

    def told(day):
        row = InKind.objects.with_state(day).get()
        return row.state, row.quantity_now, row.state_on

    assert told(DAY - timedelta(days=1)) == (None, None, None)
    assert told(DAY) == ("offered", 8, DAY)
    assert told(later) == told(None) == ("offered", 3, later)


@pytest.mark.parametrize("role", ["auditor", "approver", "register-keeper"])
def test_other_roles_meet_404(client, project, offered, role):
    client.force_login(make.user("axel", (role, project.organisation)))

    assert client.get(address(project)).status_code == 404
    assert take(client, "accept", offered).status_code == 404
    assert InKindEvent.objects.count() == 1


@pytest.mark.parametrize("pk", [999, 10**20])
def test_an_offer_to_somebody_else_is_404(desk, project, offered, pk):
    elsewhere = offer(make.project("annat", project.organisation), "Bo")

    for wrong in (pk, elsewhere.pk):
        path = reverse("accept_help", args=[project.slug, wrong])
        assert desk.post(path).status_code == 404
    assert desk.post(f"{address(project)}{offered.pk}/burn/").status_code == 404


@pytest.mark.parametrize("step", ["decline", "deliver", "verify"])
def test_a_step_is_taken_once_however_often_it_is_pressed(desk, project, offered, step):
    before = {"deliver": ["accept"], "verify": ["accept", "deliver"]}
    for earlier in before.get(step, []):
        take(desk, earlier, offered)

    first, again = (take(desk, step, offered, text="Tack") for _ in range(2))

    assert (first.status_code, again.status_code) == (302, 409)
    assert 'role="alert"' in again.content.decode()
    assert offered.events.count() == 2 + len(before.get(step, []))
    assert offered.messages.count() == 1


def test_a_yes_a_day_and_a_line_are_kept_once_however_often_they_are_pressed(
    desk, project, offered
):
    day = (timezone.localdate() + timedelta(days=3)).isoformat()

    for step, more in (("accept", {"text": "Tack"}), ("schedule", {"due_on": day})):
        answers = [take(desk, step, offered, **more).status_code for _ in range(2)]
        assert answers == [302, 302]
    answers = [take(desk, "say", offered, text="Ses då").status_code for _ in range(2)]

    assert answers == [302, 302]
    assert states(offered) == ["offered", "accepted", "scheduled"]
    assert [line.text for line in offered.messages.order_by("pk")] == ["Tack", "Ses då"]


def test_the_desk_reads_as_often_however_many_offers(
    desk, project, need, django_assert_max_num_queries
):
    for number in range(8):
        offer(project, f"S{number}")

    # A form each asks for the needs, which are few.
    with django_assert_max_num_queries(30):
        desk.get(address(project))
