"""Help in kind: offered once, in its own unit, step by step, and never counted as money."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from invest.in_kind import in_kind
from invest.in_kind.in_kind import Help, State
from invest.in_kind.queries import given, helped
from invest.in_kind.refusals import ProjectClosed
from invest.kinds.refusals import BadTerms
from invest.models import InKind, InKindEvent, Need
from invest.people import Giver
from invest.projects import stages
from invest.refusals import WrongState
from pools.errors import KeyReused, NotAnAmount
from tests import factories as make
from tests.factories import DAY

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}
HOURS = Help(sort="time", what="Spade och rygg", quantity=Decimal(8), unit="HOUR")


def give(project, help_: Help = HOURS, name: str = "Ada", key: str = "k", on: date = DAY, **more):
    told = {"project": project, "giver": Giver(name), "help_": help_, "key": key}
    return in_kind.offer(**told, key_owner="test", on=on, by="test", **more)


@pytest.fixture
def roof():
    return make.project()


def test_it_goes_from_offered_to_verified(roof):
    made = give(roof)
    told = {"in_kind": made, "on": DAY, "by": "user:1"}

    in_kind.accept(**told)
    in_kind.schedule(**told, due_on=date(2026, 12, 5))
    in_kind.deliver(**told, quantity=Decimal("6.5"))
    in_kind.verify(**told)

    states = [event.to_state for event in made.events.all()]
    assert states == ["offered", "accepted", "scheduled", "delivered", "verified"]
    assert given(made).how_much == "6,5 timmar"
    assert InKindEvent.objects.latest("pk").due_on == date(2026, 12, 5)


def test_a_step_that_does_not_follow_is_refused(roof):
    made = give(roof)
    for step in (in_kind.verify, in_kind.deliver):
        with pytest.raises(WrongState):
            step(in_kind=made, on=DAY, by="test")
    in_kind.withdraw(in_kind=made, on=DAY, by="test")
    with pytest.raises(WrongState):
        in_kind.accept(in_kind=made, on=DAY, by="test")


def test_the_same_key_is_the_same_offer_and_no_other(roof):
    first = give(roof)

    assert give(roof) == first
    with pytest.raises(KeyReused):
        give(roof, Help("time", "Annat", Decimal(1), "HOUR"))
    assert InKind.objects.count() == 1


def test_an_hour_is_worth_the_standard_hour_of_the_day_for_information(roof):
    hours, boxes = give(roof), give(roof, Help("goods", "Lådor", Decimal(3), "PIECE"), key="b")

    assert given(hours).worth.replace("\xa0", " ") == "2 000 kr"
    assert (boxes.unit_value_minor, given(boxes).worth) == (None, "")


def test_local_currency_keeps_its_own_unit(roof):
    made = give(roof, Help("local-currency", "Klöver", Decimal(40), "KLOVER"))

    assert given(made).how_much == "40 klöver"
    assert helped([roof.pk])[roof.pk].by_unit == ("40 klöver",)


@pytest.mark.parametrize("quantity", [Decimal(0), Decimal(-1), Decimal(100_001)])
def test_a_quantity_that_is_none_is_refused(roof, quantity):
    with pytest.raises(NotAnAmount):
        give(roof, Help("time", "x", quantity, "HOUR"))


def test_a_day_that_has_passed_is_refused(roof):
    with pytest.raises(BadTerms):
        give(roof, Help("time", "x", Decimal(1), "HOUR", available_until=date(2026, 1, 1)))


@pytest.mark.fault("F07")
def test_a_project_that_has_ended_says_what_happened(roof):
    stages.set_stage(project=roof, to="failed", on=DAY, by="test")

    with pytest.raises(ProjectClosed, match="Soltaket"):
        give(roof)


def test_needs_are_met_by_what_is_accepted(roof):
    need = Need.objects.create(
        project=roof, text_sv="Montage", text_en="Mounting", quantity=10, unit="h"
    )
    first = give(roof, need=need)
    give(roof, Help("time", "Mer", Decimal(2), "HOUR"), key="b", need=need)
    assert helped([roof.pk])[roof.pk].needs_met == 0

    for made in InKind.objects.all():
        in_kind.accept(in_kind=made, on=DAY, by="test")

    told = helped([roof.pk])[roof.pk]
    assert (told.needs_met, told.needs, told.offers) == (1, 1, 2)
    assert first.need == need


# --- The page -------------------------------------------------------------------------------------

TYPED = {
    "key": "11111111-1111-4111-8111-111111111111",
    "sort": "tool",
    "what": "Min grävmaskin",
    "quantity": "2,5",
    "name": "Ada",
    "email": "ada@example.org",
}


def send(client, **more):
    return client.post("/projects/soltaket/pledge/in-kind/", {**TYPED, **more}, headers=ENGLISH)


def test_an_offer_leads_to_its_receipt(client, roof):
    answer = send(client, publish_name="on", alias="En granne")

    made = InKind.objects.get()
    assert answer["Location"] == made.get_absolute_url()
    assert (made.unit_id, made.shown_as, in_kind.latest(made).quantity) == (
        "DAY",
        "En granne",
        Decimal("2.5"),
    )
    page = client.get(made.get_absolute_url(), headers=ENGLISH).content.decode()
    assert "2.5 days" in page
    assert "Min grävmaskin" in page


@pytest.mark.fault("F06")
def test_sent_twice_is_one_offer_with_the_same_receipt(client, roof):
    first, second = send(client), send(client)

    assert first["Location"] == second["Location"]
    assert second["Idempotent-Replayed"] == "true"
    assert InKind.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"quantity": "0"}, "quantity"),
        ({"quantity": "1e3"}, "quantity"),
        ({"quantity": "٣"}, "quantity"),
        ({"quantity": "1,234"}, "quantity"),
        ({"what": ""}, "what"),
        ({"sort": "gold"}, "sort"),
        ({"available_from": "2027-02-01", "available_until": "2027-01-01"}, "available_until"),
    ],
)
def test_what_cannot_be_is_400_beside_its_field(client, roof, wrong, field):
    answer = send(client, **wrong)

    assert answer.status_code == 400
    assert answer.context["form"].errors[field]
    assert not InKind.objects.exists()


def test_the_phones_outbox_is_answered_in_json(client, roof):
    told = {"accept": "application/json"}
    path = "/projects/soltaket/pledge/in-kind/"

    good = client.post(path, TYPED, headers=told)
    bad = client.post(path, {**TYPED, "quantity": ""}, headers=told)

    assert good.json() == {"receipt": InKind.objects.get().get_absolute_url()}
    assert bad.status_code == 400
    assert len(bad.json()["errors"]) == 1


def test_giver_and_project_talk_and_the_giver_takes_it_back(client, roof):
    made = give(roof)
    in_kind.say(in_kind=made, text="Passar lördag?", is_from_giver=False, at=timezone.now())
    path = reverse("in_kind_receipt", args=[made.token])

    client.post(f"{path}say/", {"text": "Ja, klockan tio"})
    page = client.get(path).content.decode()
    withdrawn = [client.post(f"{path}withdraw/") for _ in range(2)]

    assert [answer.status_code for answer in withdrawn] == [302, 409]
    assert withdrawn[1].content.decode().count('role="alert"') == 1
    assert page.index("Passar lördag?") < page.index("Ja, klockan tio")
    assert in_kind.latest(made).to_state == State.WITHDRAWN


def test_one_browser_is_slowed_and_a_hall_is_not(client, roof, settings):
    slow = client.__class__(enforce_csrf_checks=False)
    slow.cookies["csrftoken"] = "a" * 32
    answers = [
        slow.post("/projects/soltaket/pledge/in-kind/", {**TYPED, "key": f"k{n}"}).status_code
        for n in range(14)
    ]
    assert answers == [302] * 12 + [429] * 2

    for n in range(40):
        other = client.__class__()
        other.cookies["csrftoken"] = f"{n:032d}"
        path = "/projects/soltaket/pledge/in-kind/"
        assert other.post(path, {**TYPED, "key": f"o{n}"}).status_code == 302
