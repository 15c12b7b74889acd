"""The life of a pledge."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connections, transaction

from invest import audit, people
from invest.kinds.refusals import TooMuch, UnitStep
from invest.models import Consent, Offering, Person, Pledge, PledgeEvent
from invest.people import Giver
from invest.pledges import pledges
from invest.pledges.refusals import OfferingClosed, OutsideLimits, OverCap
from invest.progress import goals
from invest.refusals import TextTooLong, UnsafeText, WrongState
from invest.treasury import placing
from invest.vehicles import offerings
from pools.audit import run
from pools.errors import KeyReused
from tests import factories as make
from tests.factories import DAY, sek

State = PledgeEvent.State


@pytest.fixture
def roof(db):
    return make.share_offering()


@pytest.fixture
def oven(db):
    return make.loan_offering()


def test_a_pledge_is_submitted_with_its_terms_and_right_to_withdraw(roof):
    pledge = make.pledge(roof, 1500)

    now = pledges.latest(pledge)
    assert (now.number, now.to_state, now.amount, now.amount_minor) == (
        1,
        State.SUBMITTED,
        sek(1500),
        150_000,
    )
    assert pledge.withdraw_until == DAY + timedelta(days=14)
    assert pledge.terms.version == 1
    roof.refresh_from_db()
    assert roof.pledged_minor == 150_000


def test_a_binding_pledge_waits_out_its_reflection(roof):
    pledge = make.pledge(roof, binding="subscription")
    assert pledges.latest(pledge).to_state == State.IN_REFLECTION

    with pytest.raises(WrongState):
        pledges.confirm(pledge=pledge, on=pledge.withdraw_until, by="t")
    event = pledges.confirm(pledge=pledge, on=pledge.withdraw_until + timedelta(days=1), by="t")
    assert event.to_state == State.CONFIRMED
    with pytest.raises(WrongState):
        pledges.withdraw(pledge=pledge, on=pledge.withdraw_until + timedelta(days=2), by="t")


@pytest.mark.fault("F02")
def test_the_same_tap_twice_is_one_pledge(roof):
    first = make.pledge(roof, key="k")
    again = make.pledge(roof, key="k")

    assert first == again
    assert Person.objects.count() == Pledge.objects.count() == 1


@pytest.mark.fault("F03")
@pytest.mark.parametrize("change", [{"amount": 1500}, {"name": "Bo"}, {"binding": "offer"}])
def test_the_same_key_with_other_content_is_refused(roof, change):
    make.pledge(roof, key="k")

    with pytest.raises(KeyReused):
        make.pledge(roof, key="k", **change)

    assert Pledge.objects.count() == 1


@pytest.mark.fault("F04")
def test_somebody_elses_key_is_refused(roof):
    make.pledge(roof, key="k")

    with pytest.raises(KeyReused):
        pledges.submit(
            offering=roof, giver=Giver("Ada", "ada@example.org", municipality="Björkdalen"),
            amount=sek(1000), key="k", key_owner="stranger", on=DAY, by="t",
        )  # fmt: skip


@pytest.mark.fault("F05")
def test_a_refused_tap_may_be_sent_again_corrected(roof):
    with pytest.raises(UnitStep):
        make.pledge(roof, 750, key="k")
    assert Person.objects.count() == 0

    assert make.pledge(roof, 1000, key="k").pk


@pytest.mark.parametrize(
    ("amount", "day", "refusal"),
    [
        (750, DAY, UnitStep),
        (0, DAY, OutsideLimits),
        (100, DAY, OutsideLimits),
        (100_500, DAY, OverCap),
        (1000, date(2025, 12, 31), OfferingClosed),
        (1000, date(2027, 1, 1), OfferingClosed),
    ],
)
def test_what_an_offering_does_not_take(roof, amount, day, refusal):
    with pytest.raises(refusal) as told:
        make.pledge(roof, amount, on=day)

    assert "%(" not in str(told.value)
    assert Pledge.objects.count() == 0
    roof.refresh_from_db()
    assert roof.pledged_minor == 0


@pytest.mark.fault("F55")
@pytest.mark.parametrize("name", ["A\x00da", "Ada\u202eadA", "Ada\nBcc: x", "A" * 121, "\u2066Ada"])
def test_names_that_lie_are_refused(roof, name):
    with pytest.raises((UnsafeText, TextTooLong)):
        pledges.submit(
            offering=roof,
            giver=Giver(name),
            amount=sek(500),
            key="k",
            key_owner="t",
            on=DAY,
            by="t",
        )

    assert Pledge.objects.count() == 0


@pytest.mark.fault("F55")
@pytest.mark.parametrize("name", ["Åsa 🐻", "O'Neil; DROP TABLE", "<b>Bo</b>", "李雷", "e\u0301"])
def test_names_are_kept_as_they_are(roof, name):
    pledge = make.pledge(roof, name=name)

    assert pledge.person.name == people.plain(name)


def test_the_life_of_a_pledge(roof):
    pledge = make.pledge(roof, 1500)
    pledges.confirm(pledge=pledge, on=DAY, by="t")
    call = pledges.call(pledge=pledge, on=DAY, due_on=DAY, by="t")

    assert (call.number, call.amount, call.pledge) == (1, sek(1500), pledge)
    assert [event.to_state for event in pledge.events.all()] == ["submitted", "confirmed", "called"]
    with pytest.raises(WrongState) as told:
        pledges.confirm(pledge=pledge, on=DAY, by="t")
    assert str(told.value) == "Det går inte längre: läget är nu ”Avropat”. Inget har ändrats."


def test_a_step_is_never_dated_before_the_last(roof):
    pledge = make.pledge(roof)

    with pytest.raises(WrongState):
        pledges.confirm(pledge=pledge, on=DAY - timedelta(days=1), by="t")


@pytest.mark.parametrize("verb", [pledges.withdraw, pledges.decline, pledges.release])
def test_letting_go_gives_the_room_back(roof, verb):
    pledge = make.pledge(roof, 1000)
    make.pledge(roof, 500, "Bo")

    verb(pledge=pledge, on=DAY, by="t")

    roof.refresh_from_db()
    assert roof.pledged_minor == 50_000
    assert run(audit.CHECKS) == []


def test_a_pledge_lapses_after_its_last_day(roof):
    pledge = make.pledge(roof, valid_until=DAY)

    with pytest.raises(WrongState):
        pledges.lapse(pledge=pledge, on=DAY, by="t")
    assert pledges.lapse(pledge=pledge, on=DAY + timedelta(days=1), by="t").to_state == "lapsed"


def test_a_changed_amount_is_a_revision(oven):
    pledge = make.pledge(oven, 1000)

    pledges.change_amount(pledge=pledge, amount=sek(4000), on=DAY, by="t", reason="Mer")

    assert [(e.to_state, e.amount_minor) for e in pledge.events.all()] == [
        ("submitted", 100_000),
        ("submitted", 400_000),
    ]
    oven.refresh_from_db()
    assert oven.pledged_minor == 400_000
    with pytest.raises(OverCap):
        pledges.change_amount(pledge=pledge, amount=sek(100_500), on=DAY, by="t")
    pledges.confirm(pledge=pledge, on=DAY, by="t")
    with pytest.raises(TooMuch):
        pledges.call(pledge=pledge, on=DAY, due_on=DAY, by="t", amount=sek(4001))


def test_a_pledge_as_it_stood_on_a_day(oven):
    pledge = make.pledge(oven, 1000)
    later = DAY + timedelta(days=5)
    pledges.change_amount(pledge=pledge, amount=sek(2000), on=later, by="t")

    def told(day):
        row = Pledge.objects.with_state(day).get()
        return row.state, row.amount_now_minor

    assert told(DAY - timedelta(days=1)) == (None, None)
    assert told(DAY) == ("submitted", 100_000)
    assert told(later) == told(None) == ("submitted", 200_000)


def test_12b_10_events_are_kept_for_ever(roof):
    pledge = make.pledge(roof)

    for attack in (
        lambda: PledgeEvent.objects.update(to_state="paid"),
        lambda: PledgeEvent.objects.all().delete(),
        lambda: pledge.events.get().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            attack()


def test_a_goal_is_revised_and_raises_the_cap(roof):
    offerings.revise_goal(offering=roof, goal_min=sek(150_000), goal_max=sek(300_000), on=DAY)

    roof.refresh_from_db()
    assert roof.cap_minor == 30_000_000
    assert goals.revision_on(roof, DAY - timedelta(days=1)).number == 1
    assert goals.revision_on(roof, DAY).goal_max == sek(300_000)


def test_an_email_typed_by_a_stranger_changes_nothing_on_record(roof):
    make.pledge(roof, name="Ada")

    pledges.submit(
        offering=roof, giver=Giver("Elak", "ADA@example.org"), amount=sek(500), key="k2",
        key_owner="t", on=DAY, by="t",
    )  # fmt: skip

    assert [(p.name, p.email) for p in Person.objects.all()] == [("Ada", "ada@example.org")]


def test_a_login_claims_what_its_email_promised(roof):
    pledge = make.pledge(roof, name="Ada")
    ada = make.user("Ada")

    assert people.claim(ada) == people.claim(ada) == pledge.person
    assert people.claim(make.user("Cem")).name == ""


def test_consent_is_given_once_and_can_end(db):
    ada = make.person()
    kind = Consent.Kind.PUBLISH_NAME
    first = people.give_consent(person=ada, kind=kind, at=ada.created_at)

    assert people.give_consent(person=ada, kind=kind, at=ada.created_at) == first
    people.withdraw_consent(person=ada, kind=kind)
    assert not ada.consents.filter(withdrawn_at__isnull=True).exists()


@pytest.mark.fault("F08")
def test_the_cap_holds_under_a_rush(shared_db):
    roof = make.share_offering(cap=100_000)
    Offering.objects.update(cap_minor=6 * 50_000)

    def tap(number: int) -> str:
        try:
            make.pledge(
                Offering.objects.select_related("vehicle").get(pk=roof.pk), 500, f"S{number}"
            )
        except OverCap as refusal:
            return str(refusal)
        finally:
            connections.close_all()
        return "ok"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(tap, range(20)))

    assert answers.count("ok") == Pledge.objects.count() == Person.objects.count() == 6
    assert Offering.objects.get().pledged_minor == 300_000
    assert run(audit.CHECKS) == []


@pytest.mark.fault("F10")
def test_a_cap_lowered_in_the_rush_comes_before_a_promise_or_after_it(shared_db):
    roof = make.share_offering(cap=100_000)

    def tap(number: int) -> str:
        try:
            if number == 7:
                Offering.objects.update(cap_minor=8 * 50_000)
                return "lowered"
            make.pledge(Offering.objects.get(pk=roof.pk), 500, f"S{number}")
        except (OverCap, IntegrityError) as refusal:
            return type(refusal).__name__
        finally:
            connections.close_all()
        return "ok"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(tap, range(20)))

    kept = Offering.objects.get()
    assert answers[7] in {"lowered", "IntegrityError"}
    assert "IntegrityError" not in answers[:7] + answers[8:]
    assert kept.pledged_minor == 50_000 * answers.count("ok") == 50_000 * Pledge.objects.count()
    assert kept.pledged_minor <= kept.cap_minor
    assert run(audit.CHECKS) == []


@pytest.mark.fault("F01")
def test_one_tap_sent_by_many_at_once_is_one_pledge(shared_db):
    roof = make.share_offering()

    def tap(_: int) -> int:
        try:
            return make.pledge(
                Offering.objects.select_related("vehicle").get(pk=roof.pk), key="k"
            ).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(tap, range(6)))) == 1
    assert Offering.objects.get().pledged_minor == 100_000


def test_12b_2_a_paid_promise_is_not_called_again(roof):
    promise = make.pledge(roof, 1500)
    call = make.called(promise)
    line = make.bank_line(150_000, call.ocr)
    placing.pair_by_reference(parts=[line], by="test")

    with pytest.raises(WrongState):
        pledges.call(pledge=promise, on=DAY, due_on=DAY, by="test")


def test_12b_2_calls_ask_for_the_promise_once_in_all(roof):
    promise = make.pledge(roof, 4000)
    pledges.confirm(pledge=promise, on=DAY, by="test")
    told = {"pledge": promise, "on": DAY, "due_on": DAY, "by": "test"}
    first = pledges.call(**told, amount=sek(1000))
    line = make.bank_line(100_000, first.ocr)
    placing.pair_by_reference(parts=[line], by="test")
    with pytest.raises(TooMuch, match=r"3.000"):
        pledges.call(**told, amount=sek(3500))

    assert pledges.call(**told).amount == sek(3000)
    with pytest.raises(WrongState):
        pledges.call(**told)


def test_12b_2_an_amount_stays_from_the_first_call_on(roof):
    promise = make.pledge(roof, 4000)
    make.called(promise)

    with pytest.raises(WrongState):
        pledges.change_amount(pledge=promise, amount=sek(500), on=DAY, by="test")
