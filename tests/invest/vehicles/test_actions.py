"""What no kind's own rule needs to say: days, papers, and what builds on what."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from invest.kinds.refusals import AlreadyRecorded, BadTerms, NotOnRecord
from invest.models import Action
from invest.vehicles import actions, offerings
from invest.vehicles.refusals import AheadOfTime, BeforeItBegan
from pools.errors import NotYetThere
from tests import factories as make
from tests.factories import DAY

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}
NOTICE = {"schedule_type": "on-notice", "day_count": "ACT/365F", "notice_months": 3}


@pytest.fixture
def loan():
    offering = make.loan_offering(**NOTICE)
    make.paid(offering, 5000, "Ada")
    return offering.vehicle


def notice(vehicle, on: date, amount: int = 100_000, key: str = "k"):
    facts = {"holder": 1, "amount": amount}
    return actions.do(vehicle=vehicle, act="notice", facts=facts, on=on, by="user:1", key=key)


def test_a_day_ahead_is_refused_and_leaves_nothing(loan):
    with pytest.raises(AheadOfTime):
        notice(loan, date(2062, 1, 5))

    assert not Action.objects.exists()


def test_a_day_before_the_vehicle_is_refused(loan):
    with pytest.raises(BeforeItBegan, match="2026"):
        notice(loan, date(1900, 1, 1))


def test_nothing_is_built_on_what_came_later_or_was_undone(loan):
    given = notice(loan, DAY)
    with pytest.raises(BeforeItBegan):
        make.did(loan, "pay-notice", DAY - timedelta(days=1), notice=given.number)
    actions.undo(action=given, on=DAY, by="user:1", why="Fel")
    with pytest.raises(NotOnRecord):
        make.did(loan, "pay-notice", DAY, notice=given.number)


def test_one_thing_is_proposed_once_at_a_time():
    stakes = make.offering("coop-stakes", {"price_minor": 100_000, "exit_months": 6}).vehicle
    facts = {"total": 1000}
    make.paid(stakes.offerings.get(), 1000, "Ada")

    def propose(key: str):
        told = {"vehicle": stakes, "act": "credit-surplus", "facts": facts, "on": DAY}
        return actions.do(**told, by="user:1", key=key, evidence="§ 1")

    first = propose("a")
    with pytest.raises(AlreadyRecorded, match=f"{first.number}"):
        propose("b")


def test_what_is_dated_back_takes_nothing_that_came_later():
    """Ada's kilowatt-hours of January are hers from February on, not before."""
    offering = make.offering("energy-shares", {"price_minor": 50_000, "kwh_per_unit": 100})
    make.paid(offering, 500, "Ada", date(2026, 1, 10))
    facts = {"month": date(2026, 1, 31), "kwh": 50, "estimated": "no"}
    make.did(offering.vehicle, "reading", date(2026, 2, 2), **facts)

    with pytest.raises(NotYetThere, match="20 januari 2026"):
        make.did(offering.vehicle, "use", date(2026, 1, 20), holder=1, kwh=10)
    make.did(offering.vehicle, "use", date(2026, 2, 2), holder=1, kwh=10)


def test_new_terms_change_something(loan):
    now = offerings.terms(loan, DAY)
    with pytest.raises(BadTerms):
        offerings.change_terms(vehicle=loan, terms=now.dump(), on=DAY)


def test_terms_to_come_may_be_overtaken_and_those_in_force_may_not(loan):
    now = offerings.terms(loan, DAY).dump()
    told = {"vehicle": loan, "today": DAY}
    offerings.change_terms(terms={**now, "rate_pct": "3"}, on=date(2028, 1, 1), **told)
    offerings.change_terms(terms={**now, "rate_pct": "2"}, on=date(2027, 1, 1), **told)

    assert offerings.terms(loan, date(2028, 6, 1)).rate_pct == 2
    with pytest.raises(BadTerms):
        offerings.change_terms(
            vehicle=loan, terms=now, on=date(2026, 12, 1), today=date(2027, 2, 1)
        )


def test_the_approver_sees_what_would_be_booked(client):
    stakes = make.offering("coop-stakes", {"price_minor": 100_000, "exit_months": 6})
    make.paid(stakes, 1000, "Ada")
    told = {"vehicle": stakes.vehicle, "act": "credit-surplus", "facts": {"total": 12_300}}
    actions.do(**told, on=DAY, by="user:1", key="a", evidence="§ 1")
    client.force_login(make.user("eva", ("approver", stakes.vehicle.organisation)))

    page = client.get(reverse("vehicle", args=["energi", stakes.vehicle.slug])).context["page"]

    assert [told.books.replace("\xa0", " ") for told in page.waiting] == ["123 kr"]


def test_a_form_says_which_term_is_wrong(client):
    stakes = make.offering("coop-stakes", {"price_minor": 100_000, "exit_months": 6}).vehicle
    client.force_login(make.user("dee", ("treasurer", stakes.organisation)))
    typed = {"on": "2026-12-01", "reason": "Stämman", "price_minor": "1000", "exit_months": "5"}

    response = client.post(reverse("terms", args=["energi", stakes.slug]), typed, headers=ENGLISH)

    assert response.status_code == 400
    assert "6" in str(response.context["form"].errors["exit_months"])


@pytest.fixture
def proposed():
    """A surplus that somebody has proposed to credit."""
    stakes = make.offering("coop-stakes", {"price_minor": 100_000, "exit_months": 6})
    make.paid(stakes, 1000, "Ada")
    told = {"vehicle": stakes.vehicle, "act": "credit-surplus", "facts": {"total": 12_300}}
    return actions.do(**told, on=DAY, by="somebody", key="a", evidence="§ 1")


def press(client, act: str, action: Action, role: str = "approver", **typed):
    organisation = action.vehicle.organisation
    client.force_login(make.user(f"{role}-{act}", (role, organisation)))
    path = reverse(f"{act}_action", args=[organisation.slug, action.vehicle.slug, action.pk])
    return [client.post(path, typed, follow=True, headers=ENGLISH) for _ in range(2)]


@pytest.mark.parametrize(
    ("act", "state", "said"),
    [("approve", "done", "Approved, and booked."), ("refuse", "refused", "Nothing was booked.")],
)
def test_a_proposal_is_answered_once_however_often_it_is_pressed(
    client, proposed, act, state, said
):
    first, again = press(client, act, proposed)

    proposed.refresh_from_db()
    assert said in first.content.decode()
    assert (again.status_code, said in again.content.decode()) == (200, False)
    assert (proposed.state, proposed.events.count()) == (state, 2)
    assert len(actions.entries(proposed)) == (act == "approve")


def test_an_action_is_undone_once_however_often_it_is_pressed(client, proposed):
    actions.approve(action=proposed, by="another")

    first, again = press(client, "undo", proposed, "treasurer", why="Fel")

    assert "Both stay on record." in first.content.decode()
    assert (again.status_code, "Both stay" in again.content.decode()) == (200, False)
    assert [event.to_state for event in proposed.events.order_by("number")][2:] == ["undone"]


def test_each_act_has_the_door_of_its_own_role(client, proposed):
    for act, role in (("approve", "register-keeper"), ("undo", "approver"), ("refuse", "auditor")):
        answers = press(client, act, proposed, role, why="Fel")
        assert [answer.status_code for answer in answers] == [404, 404]


def test_undoing_asks_why(client, proposed):
    actions.approve(action=proposed, by="another")

    answer, _again = press(client, "undo", proposed, "treasurer", why=" ")

    assert "Say why it is undone." in answer.content.decode()
    assert proposed.events.count() == 2
