"""Logs of steps: what a thing was on a day is what its events say, recounted one by one."""

from contextlib import nullcontext
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from invest import audit
from invest.in_kind import in_kind
from invest.models import EventText, InKind, InKindEvent, Pledge, PledgeEvent, StageEvent
from invest.pledges import pledges
from invest.refusals import WrongState
from pools import guards, seal
from tests import factories as make
from tests.factories import DAY, sek

pytestmark = pytest.mark.django_db
DAYS = [DAY + timedelta(days=i) for i in range(-1, 6)]


def last_event(events, as_of: date | None):
    """Recounted without SQL."""
    told = [event for event in events.all() if as_of is None or event.on <= as_of]
    return max(told, key=lambda event: event.number, default=None)


@pytest.fixture
def promised() -> list[Pledge]:
    """Confirmed and changed, withdrawn, and only submitted."""
    offering = make.share_offering()
    made = [make.pledge(offering, 1000, name) for name in ("Ada", "Bo", "Cem")]
    pledges.change_amount(pledge=made[0], amount=sek(2000), on=DAY + timedelta(days=1), by="test")
    pledges.confirm(pledge=made[0], on=DAY + timedelta(days=3), by="test")
    pledges.withdraw(pledge=made[1], on=DAY + timedelta(days=2), by="test")
    return made


@pytest.mark.parametrize("as_of", [None, *DAYS])
def test_a_pledge_is_what_its_last_event_by_the_day_says(promised, as_of):
    rows = {row.pk: row for row in Pledge.objects.with_state(as_of)}

    for pledge in promised:
        now, row = last_event(pledge.events, as_of), rows[pledge.pk]
        told = (row.state, row.amount_now_minor, row.state_on)
        assert told == ((now.to_state, now.amount_minor, now.on) if now else (None, None, None))


@pytest.mark.parametrize("as_of", [None, *DAYS])
def test_the_newest_event_of_each_pledge_is_the_one_that_says_so(promised, as_of):
    expected = {last_event(pledge.events, as_of) for pledge in promised} - {None}

    assert set(PledgeEvent.objects.newest(as_of)) == expected


@pytest.mark.parametrize("as_of", [None, *DAYS])
def test_help_is_what_its_last_event_by_the_day_says(as_of):
    offered = make.help_offer(make.project())
    in_kind.accept(in_kind=offered, on=DAY + timedelta(days=1), by="test")
    in_kind.deliver(in_kind=offered, quantity=Decimal("2.5"), on=DAY + timedelta(days=4), by="test")

    row, now = InKind.objects.with_state(as_of).get(), last_event(offered.events, as_of)

    told = (row.state, row.quantity_now, row.state_on)
    assert told == ((now.to_state, now.quantity, now.on) if now else (None, None, None))


@pytest.mark.parametrize("log", [PledgeEvent, InKindEvent])
def test_sets_of_states_hold_states_of_their_log(log):
    for name in {"OPEN", "ACCEPTED", "COMMITTED", "PENDING", "PAYABLE"} & set(vars(log)):
        assert getattr(log, name) <= set(log.State.values), name


def test_open_is_committed_or_pending_and_never_both():
    assert PledgeEvent.OPEN == PledgeEvent.COMMITTED | PledgeEvent.PENDING
    assert not PledgeEvent.COMMITTED & PledgeEvent.PENDING
    assert {InKindEvent.State.OFFERED} == InKindEvent.OPEN - InKindEvent.ACCEPTED


def test_the_log_holds_each_step_with_where_it_came_from(promised):
    told = list(promised[0].events.values_list("number", "from_state", "to_state", "amount_minor"))

    assert told == [
        (1, "", "submitted", 100_000),
        (2, "submitted", "submitted", 200_000),
        (3, "submitted", "confirmed", 200_000),
    ]


@pytest.mark.parametrize("state", PledgeEvent.State.values)
def test_a_step_is_taken_where_transitions_allow_it_and_refused_where_not(promised, state):
    """From submitted, to every state there is: the log grows by one, or not at all."""
    pledge, allowed = promised[2], state in PledgeEvent.TRANSITIONS["submitted"]

    with nullcontext() if allowed else pytest.raises(WrongState):
        PledgeEvent.objects.step(pledge, state, on=DAY, by="test")

    assert pledge.events.count() == (2 if allowed else 1)
    assert pledges.latest(pledge).to_state == (state if allowed else "submitted")


def test_a_step_before_the_last_one_is_refused_by_its_sentence(promised):
    with pytest.raises(WrongState, match=str(pledges.latest(promised[0]).label)):
        PledgeEvent.objects.step(promised[0], "called", on=DAY, by="test")


def test_a_log_that_knows_transitions_begins_as_they_say(promised):
    vehicle = promised[0].offering.vehicle
    new = Pledge.objects.create(
        offering=promised[0].offering,
        terms=vehicle.terms.get(),
        source="web",
        submitted_at=promised[0].submitted_at,
        withdraw_until=DAY,
        key="bare",
        key_owner="test",
        fingerprint="",
    )

    with pytest.raises(WrongState):
        PledgeEvent.objects.step(new, "confirmed", on=DAY, by="test", amount=sek(1))
    assert PledgeEvent.objects.step(new, "submitted", on=DAY, by="test", amount=sek(1)).number == 1


def test_what_is_carried_stays_until_a_step_changes_it():
    offered = make.help_offer(make.project())
    in_kind.accept(in_kind=offered, on=DAY, by="test")
    in_kind.schedule(in_kind=offered, due_on=DAYS[3], on=DAY, by="test")
    in_kind.deliver(in_kind=offered, quantity=Decimal(3), on=DAYS[2], by="test")

    told = list(offered.events.values_list("quantity", "due_on"))

    assert told == [(8, None), (8, None), (8, DAYS[3]), (3, DAYS[3])]


def test_a_stage_follows_any_other_for_its_gates_keep_the_order():
    project = make.project()
    first = StageEvent.objects.step(project, "operating", on=DAY, by="test")
    second = StageEvent.objects.step(project, "idea", on=DAY - timedelta(days=9), by="test")

    assert (second.from_state, second.number) == (first.to_state, first.number + 1)


def test_of_help_the_state_is_told_before_the_amount():
    offered = make.help_offer(make.project())
    in_kind.withdraw(in_kind=offered, on=DAY, by="test")

    with pytest.raises(WrongState):
        in_kind.deliver(in_kind=offered, quantity=Decimal(0), on=DAY, by="test")


# --- Words ----------------------------------------------------------------------------------------


@pytest.fixture
def withdrawn() -> PledgeEvent:
    """A step that somebody gave a reason for."""
    pledge = make.pledge(make.share_offering())
    pledges.withdraw(pledge=pledge, on=DAY, by="test")
    other = make.pledge(Pledge.objects.get().offering, name="Bo")
    pledges.confirm(pledge=other, on=DAY, by="test", reason="Hon ringde")
    return other.events.latest("number")


def test_words_lie_beside_the_step_and_are_bound_by_it(withdrawn):
    event = PledgeEvent.objects.with_words().get(pk=withdrawn.pk)

    assert (event.reason, EventText.objects.count()) == ("Hon ringde", 1)
    assert event.words_commitment == seal.commit(event.beside.salt, "Hon ringde")
    assert "Hon ringde" not in str(PledgeEvent.objects.values().filter(pk=event.pk))
    assert list(audit.words_are_those_that_were_written()) == []


def test_erased_words_leave_the_step_as_it_was(withdrawn):
    before = PledgeEvent.objects.values().get(pk=withdrawn.pk)

    EventText.objects.all().delete()

    assert PledgeEvent.objects.values().get(pk=withdrawn.pk) == before
    for rows in (PledgeEvent.objects.all(), PledgeEvent.objects.with_words()):
        assert rows.get(pk=withdrawn.pk).reason == ""
    assert list(audit.words_are_those_that_were_written()) == []


def test_other_words_than_were_written_are_found(withdrawn):
    guards.lift(connection)
    EventText.objects.update(text="Han ringde")
    guards.stand(connection)

    (found,) = audit.words_are_those_that_were_written()
    assert found.where == f"PledgeEvent {withdrawn.pk}"
