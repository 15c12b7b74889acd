"""Everything kept about me in one file; and nothing of me left once I am forgotten."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import models
from django.urls import reverse
from django.utils import timezone

from invest import audit, people
from invest.in_kind import in_kind
from invest.me import leaving, retention
from invest.me.my_data import TABLES, my_data
from invest.me.refusals import HandOver, StillBound
from invest.models import FollowUp, InKind, Letter, Person, Pledge, Role, Unwanted, User
from invest.payouts import distributions, repayments
from invest.people import Giver
from invest.pledges import pledges
from invest.treasury import placing
from pools.audit import run
from tests import factories as make
from tests.factories import DAY, sek

pytestmark = pytest.mark.django_db
NAME, EMAIL, PHONE = "Xerxes Zilverqvist", "xerxes@zilver.example", "070-98 76 543"


@pytest.fixture
def xerxes() -> User:
    """Somebody whose name and address are nobody else's."""
    user = User.objects.create_user(EMAIL)
    person = people.claim(user)
    people.correct(
        person=person,
        name=NAME,
        phone=PHONE,
        municipality="Zilverby",
        postal_address="",
        identity_number="",
        is_protected=False,
    )
    return user


def promised(user: User, to, amount: int = 1000, **more) -> Pledge:
    return pledges.submit(
        offering=to,
        giver=Giver(name=NAME, email=EMAIL, user=user, publish_name=True),
        amount=sek(amount),
        key=f"import:{EMAIL}:{amount}",
        key_owner=f"user:{user.pk}",
        on=DAY,
        by=f"user:{user.pk}",
        shown_as=NAME,
        **more,
    )


def offered(user: User, project, key: str = "help") -> InKind:
    return in_kind.offer(
        project=project,
        giver=Giver(name=NAME, email=EMAIL, user=user),
        help_=in_kind.Help("time", f"Gräver, säger {NAME}", Decimal(8), "HOUR", conditions=PHONE),
        key=key,
        key_owner=f"user:{user.pk}",
        on=DAY,
        by=f"user:{user.pk}",
        shown_as=NAME,
    )


def pays(pledge: Pledge, payer: str = "") -> None:
    call = make.called(pledge)
    line = make.bank_line(call.amount_minor, call.ocr, reference=call.ocr)
    type(line).objects.filter(pk=line.pk).update(payer_name=payer)
    placing.pair_by_reference(parts=[line], by="test")


def everything(user: User) -> None:
    """Promises, help with talk and follow-up, letters, consents, sessions, and the admin's log."""
    person, shares = user.person, make.share_offering()
    pledge, given = promised(user, shares), offered(user, shares.vehicle.project)
    fair = make.fair(owner=shares.vehicle.organisation)
    in_kind.say(in_kind=given, text=f"Ring {PHONE}", is_from_giver=True, at=timezone.now())
    for kronor in (1500, 1000):
        why = f"{NAME} ringde"
        pledges.change_amount(pledge=pledge, amount=make.sek(kronor), on=DAY, by="t", reason=why)
    in_kind.change_quantity(
        in_kind=given, quantity=Decimal(3), on=DAY, by="t", reason=f"Ring {PHONE}"
    )
    FollowUp.objects.create(fair=fair, pledge=pledge, days=30, due_on=DAY, comment=NAME)
    Unwanted.objects.create(person=person, kind="news")
    written = {"written_at": timezone.now(), "subject": f"Hej {NAME}", "text": f"Hej {NAME}"}
    Letter.objects.create(person=person, kind="receipt", to=EMAIL, **written)
    LogEntry.objects.create(
        user=make.user("fia"),
        content_type=ContentType.objects.get_for_model(Person),
        object_id=str(person.pk),
        object_repr=NAME,
        action_flag=CHANGE,
    )


def places(*words: str) -> set[str]:
    """Table and column of every text in the database that holds one of the words."""
    found = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.CharField | models.TextField | models.JSONField):
                texts = model._base_manager.values_list(field.attname, flat=True)
                told = " ".join(map(str, texts)).casefold()
                if any(word.casefold() in told for word in words):
                    found.add(f"{model._meta.db_table}.{field.column}")
    opened = " ".join(str(row.get_decoded()) for row in Session.objects.all())
    return found | {"sessions" for word in words if word in opened}


# --- Export ---------------------------------------------------------------------------------------


def test_every_table_that_points_at_a_person_is_told():
    pointing = {relation.get_accessor_name() for relation in Person._meta.related_objects}

    assert set(TABLES) == pointing


def test_my_data_tells_every_step_in_plain_values(xerxes):
    everything(xerxes)
    pledge = Pledge.objects.get()
    pays(pledge, NAME)

    told = json.loads(json.dumps(my_data(xerxes.person, DAY)))

    (mine,) = told["pledges"]
    steps = [(step["to"], step["amount"], step["reason"]) for step in mine["events"]]
    assert steps == [
        ("submitted", "1000.00", ""),
        ("submitted", "1500.00", f"{NAME} ringde"),
        ("submitted", "1000.00", f"{NAME} ringde"),
        *((state, "1000.00", "") for state in ("confirmed", "called", "paid")),
    ]
    assert mine["calls"][0]["payments"][0]["payer_name"] == NAME
    assert told["in_kind"][0]["events"][0]["quantity"] == "8.00"
    assert told["in_kind"][0]["messages"][0]["text"] == f"Ring {PHONE}"


def test_my_data_tells_what_is_held_for_me_and_law_keeps_the_name(xerxes):
    make.share_offering()
    line = make.bank_line(30_000)
    placing.hold(part=line, person=xerxes.person, amount_minor=30_000, by="t")

    (held,) = my_data(xerxes.person, DAY)["held_for"]

    assert (held["counts_from"], held["amount"]) == (DAY.isoformat(), "300.00")
    assert retention.kept_until(xerxes.person) == date(2033, 12, 31)


def test_my_data_tells_who_i_am_what_i_hold_and_my_letters(xerxes):
    everything(xerxes)
    pays(Pledge.objects.get())

    told = my_data(xerxes.person, DAY)

    balances = {held["role"]: held["balance"] for held in told["holdings"]}
    assert balances == {"capital": "1000.00", "units": "2"}
    assert told["holdings"][0]["movements"][0]["booked_on"] == DAY.isoformat()
    assert (told["person"]["name"], told["login"]["email"]) == (NAME, EMAIL)
    assert [c["text_version"] for c in told["consents"]] == [people.PUBLISH_NAME_TEXT]
    assert (told["letters"][0]["to"], told["unwanted"]) == (EMAIL, ["news"])


def test_my_data_tells_what_came_back(xerxes):
    loan = make.loan_offering()
    pays(promised(xerxes, loan))
    plan = repayments.make_plan(vehicle=loan.vehicle, on=DAY)
    first = plan.instalments.order_by("period")[0]
    paid = repayments.repay(instalment=first, on=DAY, by="test", key="k")
    dee, eva = make.user("dee"), make.user("eva")
    told = {"reason": "Stämman", "record_on": DAY, "key": "d", "by": dee}
    payout = distributions.compute(vehicle=loan.vehicle, total=sek(90), **told)
    distributions.approve(distribution=payout, by=eva, on=DAY)

    (held,) = my_data(xerxes.person, DAY)["holdings"]

    principal, interest = (f"{m / 100:.2f}" for m in (paid.principal_minor, paid.interest_minor))
    assert held["repayments"] == [
        {"paid_on": "2026-11-23", "principal": principal, "interest": interest, "is_undone": False}
    ]
    assert (held["payouts"][0]["part"], held["payouts"][0]["state"]) == ("90.00", "approved")


def test_export_is_a_file_of_ones_own_named_by_the_day(client, xerxes):
    everything(xerxes)
    client.force_login(xerxes)

    response = client.get(reverse("my_export"))

    day = timezone.localdate().isoformat()
    assert response["Content-Disposition"] == f'attachment; filename="byakassan-{day}.json"'
    assert response["Content-Type"] == "application/json; charset=utf-8"
    assert response.json()["person"]["email"] == EMAIL
    client.force_login(make.user("cem"))
    assert NAME not in client.get(reverse("my_export")).content.decode()


# --- Being forgotten ------------------------------------------------------------------------------


def forget(client, user: User):
    client.force_login(user)
    return client.post(reverse("forget_me"), {"email": user.email.upper()})


def test_who_has_only_promised_is_nowhere_afterwards(client, xerxes):
    everything(xerxes)
    assert places(NAME) >= {
        "invest_person.name", "invest_letter.text", "invest_inkind.what", "invest_eventtext.text",
    }  # fmt: skip

    response = forget(client, xerxes)

    assert (response.status_code, response.context["until"]) == (200, None)
    assert "_auth_user_id" not in client.session
    assert places(NAME, EMAIL, PHONE, "Zilverby") == set()
    told = Pledge.objects.get().events.values_list("to_state", "words_commitment")
    assert [(state, bool(words)) for state, words in told] == [
        ("submitted", False), ("submitted", True), ("submitted", True), ("withdrawn", False),
    ]  # fmt: skip
    assert {event.reason for event in Pledge.objects.get().events.all()} == {""}
    assert in_kind.latest(InKind.objects.get()).to_state == "withdrawn"
    assert run(audit.CHECKS) == []


def test_who_has_paid_is_only_where_law_keeps_the_name(client, xerxes):
    everything(xerxes)
    pays(Pledge.objects.get(), NAME)

    response = forget(client, xerxes)

    assert response.context["until"].isoformat() == "2033-12-31"
    assert places(NAME) == {"invest_person.name", "pools_part.payer_name"}
    assert places(EMAIL, PHONE, "Zilverby") == set()
    assert pledges.latest(Pledge.objects.get()).to_state == "paid"
    assert run(audit.CHECKS) == []


def test_a_former_treasurer_stays_a_number_without_a_name(client, xerxes):
    shares = make.share_offering()
    make.paid(shares, 1000)
    told = {"record_on": DAY, "reason": "Stämman", "key": "d", "by": xerxes}
    distributions.compute(vehicle=shares.vehicle, total=sek(90), **told)

    forget(client, xerxes)

    left = User.objects.get(pk=xerxes.pk)
    assert (left.email, left.is_active) == (f"forgotten-{left.pk}@nobody.invalid", False)
    assert places(NAME, EMAIL) == set()


def test_another_browser_is_logged_out_too(client, xerxes):
    other = type(client)()
    other.force_login(xerxes)

    forget(client, xerxes)

    assert other.get("/me/").status_code == 302
    assert Session.objects.filter(expire_date__gte=timezone.now()).count() == 0


def test_who_keeps_a_desk_hands_it_over_first(client, xerxes):
    Role.objects.create(user=xerxes, kind="auditor", organisation=make.organisation(), since=DAY)
    promise = promised(
        xerxes, make.share_offering(make.project("taket", Role.objects.get().organisation))
    )

    with pytest.raises(HandOver):
        leaving.leave(user=xerxes, on=DAY, by="test")
    assert forget(client, xerxes).status_code == 409
    assert pledges.latest(promise).to_state == "submitted"
    assert Person.objects.get(pk=promise.person_id).name == NAME


def test_a_binding_promise_is_paid_or_released_first(xerxes):
    promise = promised(xerxes, make.share_offering(), binding="subscription")
    late = promise.withdraw_until + timezone.timedelta(days=1)

    with pytest.raises(StillBound):
        leaving.leave(user=xerxes, on=late, by="test")

    assert pledges.latest(promise).to_state == "in_reflection"
    assert leaving.leave(user=xerxes, on=promise.withdraw_until, by="test") is None
    assert pledges.latest(promise).to_state == "withdrawn"


@pytest.mark.parametrize("typed", ["", "cem@example.org", "nonsense"])
def test_nobody_is_forgotten_without_typing_the_own_address(client, xerxes, typed):
    client.force_login(xerxes)

    response = client.post(reverse("forget_me"), {"email": typed})

    assert response.status_code == 400
    assert Person.objects.get().name == NAME


def test_the_page_says_what_goes_and_what_law_keeps(client, xerxes):
    everything(xerxes)
    offered(
        xerxes, make.project("bageriet", Pledge.objects.get().offering.vehicle.organisation), "h2"
    )
    client.force_login(xerxes)

    page = client.get(reverse("forget_me")).context
    pays(Pledge.objects.get())
    later = client.get(reverse("forget_me")).context

    assert (len(page["open"].pledges), len(page["open"].in_kind), page["until"]) == (1, 2, None)
    assert (later["open"].pledges, later["until"].year) == ((), 2033)
    assert [one.balance_minor for one in later["held"]] == [100_000, 2]


def test_a_register_without_an_end_says_so(client, xerxes):
    terms = {"price_minor": 100_000, "quota_minor": 100_000, "limit": "none"}
    pays(promised(xerxes, make.offering("company-shares", terms)))

    client.force_login(xerxes)
    assert client.get(reverse("forget_me")).context["has_no_end"]
    assert forget(client, xerxes).context["has_no_end"]


def test_taking_back_the_consent_takes_the_name_off(client, xerxes):
    everything(xerxes)
    client.force_login(xerxes)

    client.post(reverse("hide_name"))

    assert [Pledge.objects.get().shown_as, InKind.objects.get().shown_as] == ["", ""]
    assert xerxes.person.consents.get().withdrawn_at is not None
