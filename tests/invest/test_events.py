"""Logs of steps: what a thing was on a day is what its events say, recounted one by one."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from invest.in_kind import in_kind
from invest.models import InKind, InKindEvent, Pledge, PledgeEvent
from invest.pledges import pledges
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
