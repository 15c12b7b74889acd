"""The desks: promises and payouts; and who may not come in."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from invest.models import Distribution, Person, Placement
from invest.payouts import distributions
from invest.pledges import pledges
from invest.treasury import placing
from tests import factories as make
from tests.factories import sek

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}


def bank(energi) -> str:
    return reverse("bank", args=[energi.slug])


def with_ticked(energi, act: str) -> str:
    return reverse(f"{act}_pledges", args=[energi.slug])


def test_promises_are_confirmed_and_called_many_at_once(desk, energi, offering, today):
    ada, bo = make.pledge(offering, 1000, "Ada"), make.pledge(offering, 500, "Bo")

    desk.post(with_ticked(energi, "confirm"), {"pledges": [ada.pk, bo.pk]})
    assert [pledges.latest(pledge).to_state for pledge in (ada, bo)] == ["confirmed"] * 2
    due_on = today + timedelta(days=20)
    desk.post(with_ticked(energi, "call"), {"pledges": [ada.pk], "due_on": due_on})
    assert ada.calls.get().due_on == due_on

    response = desk.post(with_ticked(energi, "confirm"), {"pledges": [ada.pk, bo.pk]})
    assert response.context["handled"].done == 0
    assert [pledge for pledge, _sentence in response.context["handled"].refused] == [ada, bo]


def test_promises_are_declined_released_and_marked_once(desk, energi, offering, today):
    ada, bo, cem = (make.pledge(offering, 1000, name) for name in ("Ada", "Bo", "Cem"))
    make.called(bo, make.DAY)
    make.called(cem, make.DAY)
    asked = {"decline": ada, "release": bo, "mark_unfulfilled": cem}
    names = {"mark_unfulfilled": "mark_pledges_unfulfilled"}

    for act, pledge in asked.items():
        path = reverse(names.get(act, f"{act}_pledges"), args=[energi.slug])
        answers = [desk.post(path, {"pledges": [pledge.pk], "reason": "Så"}) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [200, 200]
        assert [answer.context["handled"].done for answer in answers] == [1, 0]

    assert [(e.to_state, e.reason) for e in map(pledges.latest, asked.values())] == [
        ("declined", "Så"),
        ("released", "Så"),
        ("unfulfilled", "Så"),
    ]


def test_what_an_act_shows_leads_back_to_the_desk(desk, energi, offering):
    make.pledge(offering, 1000, "Ada")
    here = reverse("pledges_desk", args=[energi.slug])

    page = desk.post(f"{with_ticked(energi, 'confirm')}?state=submitted&sort=-amount").content

    text = page.decode()
    assert f'action="{with_ticked(energi, "confirm")}?state=submitted&amp;sort=-amount"' in text
    assert f'href="{here}?state=submitted&amp;sort=-amount&amp;as=csv"' in text
    assert re.search(f'href="{here}[?][^"]*sort=amount', text)
    assert f'name="next" value="{here}"' in text
    assert 'href="?' not in text


@pytest.mark.parametrize(
    ("act", "typed"),
    [
        ("confirm", {}),
        ("confirm", {"pledges": ["999999"]}),
        ("call", {"pledges": ["{pk}"]}),
        ("call", {"pledges": ["{pk}"], "due_on": "2020-01-01"}),
        ("call", {"pledges": ["{pk}"], "due_on": "igår"}),
        ("decline", {"pledges": ["{pk}"], "reason": "x" * 301}),
    ],
)
def test_what_the_pledges_desk_cannot_do_is_400(desk, energi, offering, act, typed):
    pledge = make.pledge(offering, 1000, "Ada")
    typed = {**typed, "pledges": [pk.format(pk=pledge.pk) for pk in typed.get("pledges", [])]}

    response = desk.post(with_ticked(energi, act), typed)

    assert (response.status_code, pledge.events.count()) == (400, 1)


def test_an_organiser_confirms_but_does_not_call(client, energi, offering, today):
    pledge = make.pledge(offering, 1000, "Ada")
    client.force_login(make.user("olle", ("organiser", energi)))

    confirmed = client.post(with_ticked(energi, "confirm"), {"pledges": [pledge.pk]})
    assert confirmed.status_code == 200
    assert with_ticked(energi, "call") not in confirmed.content.decode()
    asked = {"pledges": [pledge.pk], "due_on": today}
    assert client.post(with_ticked(energi, "call"), asked).status_code == 404
    assert pledges.latest(pledge).to_state == "confirmed"


def test_pledges_desk_is_narrowed_by_state(desk, energi, offering):
    make.pledge(offering, 1000, "Ada")
    bo = make.pledge(offering, 500, "Bo")
    pledges.confirm(pledge=bo, on=make.DAY, by="test")

    response = desk.get(reverse("pledges_desk", args=[energi.slug]), {"state": "confirmed"})

    assert [row.pledge for row in response.context["table"].data] == [bo]
    assert {code: found.number for code, found in response.context["states"].items()} == {
        "submitted": 1,
        "confirmed": 1,
    }


def test_the_pledges_desk_is_sorted_by_its_heads(desk, energi, offering):
    for amount, name in ((1500, "Ada"), (500, "Bo"), (1000, "Cem")):
        make.pledge(offering, amount, name)

    response = desk.get(reverse("pledges_desk", args=[energi.slug]), {"sort": "-amount"})

    shown = [row.record.pledge.person.name for row in response.context["table"].page.object_list]
    assert shown == ["Ada", "Cem", "Bo"]
    assert 'aria-sort="descending"' in response.content.decode()


@pytest.mark.fault("F56")
@pytest.mark.parametrize("name", ["=HYPERLINK(A1)", "+46", "-1", "@SUM(A1)", " =1+1", "＝1"])
def test_the_list_taken_home_runs_in_no_spreadsheet(desk, energi, offering, name):
    make.pledge(offering, 500, "Bo")
    Person.objects.update(name=name, phone="+46701740605")

    response = desk.get(reverse("pledges_desk", args=[energi.slug]), {"as": "csv"}, headers=ENGLISH)

    lines = response.content.decode("utf-8-sig").split("\r\n")
    assert response["Content-Disposition"] == 'attachment; filename="energi-pledges.csv"'
    assert lines == [
        "Saver,E-mail,Phone,Project,State,Since,Amount",
        f"'{name},bo@example.org,'+46701740605,Soltaket,Submitted,2026-11-23,500.00",
        "",
    ]


@pytest.fixture
def computed(desk, dee, energi, offering, today) -> Distribution:
    call = make.called(make.pledge(offering, 1000, "Ada"), make.DAY)
    line = make.bank_line(100_000, call.ocr)
    placing.pair_by_reference(parts=[line], by="test")
    return distributions.compute(
        vehicle=offering.vehicle,
        total=sek(90),
        record_on=make.DAY,
        reason="Stämman",
        by=dee,
        key="d1",
    )


def test_a_payout_is_computed_once_by_its_key(desk, energi, offering, computed, today):
    typed = {
        "key": "d2",
        "vehicle": offering.vehicle.pk,
        "total": "100",
        "record_on": today,
        "reason": "Stämman",
    }
    address = reverse("distributions", args=[energi.slug])

    first, again = desk.post(address, typed), desk.post(address, typed)

    assert (first.status_code, first["Location"]) == (302, again["Location"])
    assert Distribution.objects.count() == 2
    assert desk.post(address, {**typed, "total": "200"}).status_code == 422
    ahead = {**typed, "key": "d3", "record_on": today + timedelta(days=1)}
    assert desk.post(address, ahead).status_code == 400


def test_a_payout_needs_a_second_person(desk, client, energi, computed):
    approve = reverse("approve_distribution", args=[energi.slug, computed.pk])
    pay = reverse("pay_distribution", args=[energi.slug, computed.pk])

    assert desk.post(approve).status_code == 403
    assert desk.post(pay).status_code == 409

    other = Client()
    other.force_login(make.user("eva", ("approver", energi)))
    assert other.post(approve).status_code == 302
    assert other.post(pay).status_code == 404
    assert desk.post(pay).status_code == 302
    computed.refresh_from_db()
    assert computed.state == "paid"


def test_a_payout_is_approved_and_paid_once_however_often_it_is_pressed(desk, energi, computed):
    other = Client()
    other.force_login(make.user("eva", ("approver", energi)))

    approve = reverse("approve_distribution", args=[energi.slug, computed.pk])
    assert [other.post(approve).status_code for _ in range(2)] == [302, 409]
    pay = reverse("pay_distribution", args=[energi.slug, computed.pk])
    answers = [desk.post(pay, headers=ENGLISH) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 409]
    assert 'role="alert"' in answers[1].content.decode()
    computed.refresh_from_db()
    assert (computed.state, computed.paid_entry is not None) == ("paid", True)


@pytest.mark.fault("F58")
@pytest.mark.parametrize(
    ("name", "act"),
    [
        ("bank", "bank"),
        ("pledges_desk", "confirm_pledges"),
        ("distributions", "distributions"),
    ],
)
def test_a_desk_is_not_there_for_others(client, energi, name, act):
    address = reverse(name, args=[energi.slug])
    elsewhere = make.organisation("annan", iban="SE3550000000054910000003")
    assert client.get(address)["Location"].startswith(reverse("account_login"))
    for user in (
        make.user("cem"),
        make.user("dan", ("treasurer", elsewhere)),
        make.user("admin", ("administrator", None)),
    ):
        client.force_login(user)
        assert client.get(address).status_code == 404
        assert client.post(reverse(act, args=[energi.slug])).status_code == 404


@pytest.mark.fault("F58")
def test_another_organisations_promise_and_payout_are_not_there(client, energi, offering, computed):
    elsewhere = make.organisation("annan", iban="SE3550000000054910000003")
    client.force_login(make.user("dan", ("treasurer", elsewhere)))
    placement = Placement.objects.get()

    assert client.get(reverse("distribution", args=["annan", computed.pk])).status_code == 404
    typed = {"pledges": [placement.call.pledge_id]}
    assert client.post(reverse("confirm_pledges", args=["annan"]), typed).status_code == 400


def test_a_role_without_its_second_step_is_sent_to_set_it_up(client, energi):
    client.force_login(make.user("dee", ("treasurer", energi), mfa=False))

    response = client.get(bank(energi))

    assert (response.status_code, response["Location"]) == (302, reverse("mfa_index"))


def test_a_role_that_ended_opens_nothing(client, energi, today):
    dee = make.user("dee", ("treasurer", energi))
    client.force_login(dee)
    assert client.get(bank(energi)).status_code == 200

    dee.roles.update(until=today - timedelta(days=1))

    assert client.get(bank(energi)).status_code == 404


@pytest.mark.fault("F63")
def test_forged_desk_posts_are_403(energi, dee, computed):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(dee)

    for address in (
        bank(energi),
        reverse("confirm_pledges", args=[energi.slug]),
        reverse("pay_distribution", args=[energi.slug, computed.pk]),
    ):
        assert strict.post(address).status_code == 403
