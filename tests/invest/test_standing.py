"""What stands: `standing` against a recount of entries and reversals, one by one."""

from datetime import date, timedelta

import pytest
from django.db.models import Q
from hypothesis import given
from hypothesis import strategies as st

from invest.models import Placement
from invest.models.standing import stands
from invest.treasury import placing
from pools import book
from pools.models import Entry, Part
from tests import factories as make
from tests.factories import DAY
from tests.strategies import examples

pytestmark = pytest.mark.django_db
DAYS = [DAY + timedelta(days=i) for i in range(-2, 7)]


@pytest.fixture
def matches() -> list[Placement]:
    """Three payments on three days; the bank takes the first back two days later, and the third was
    a mistake. The fourth came on the second day, and is booked after a closed period.
    """
    offering = make.share_offering()
    made = []
    for i, name in enumerate(("Ada", "Bo", "Cem")):
        on = DAY + timedelta(days=i)
        call = make.called(make.pledge(offering, 1000, name, on=on), on)
        line = make.bank_line(call.amount_minor, call.ocr, reference=name, on=on)
        made += placing.pair_by_reference(parts=[line], by="test").placed
    placing.undo(placement=made[0], by="test", on=DAY + timedelta(days=2))
    placing.undo(placement=made[2], by="test")
    book.lock_period(ledger=offering.vehicle.pool.ledger, until=DAY + timedelta(days=3))
    late = make.called(make.pledge(offering, 1000, "Dee"))
    line = make.bank_line(late.amount_minor, late.ocr, reference="Dee", on=DAY + timedelta(days=1))
    made += placing.pair_by_reference(parts=[line], by="test").placed
    return [Placement.objects.get(pk=one.pk) for one in made]


def stands_then(match: Placement, as_of: date | None, known_to: dict[int, int] | None) -> bool:
    """Recounted without a join."""
    undone = Entry.objects.filter(reverses=match.entry).first()

    def counts(entry: Entry, on: date) -> bool:
        known = known_to is None or entry.seq <= known_to.get(entry.ledger_id, 0)
        return known and (as_of is None or on <= as_of)

    came = counts(match.entry, match.counts_from)
    return came and not (undone and counts(undone, match.counted_until))


def test_stands_without_a_day_is_what_nobody_reversed(matches):
    assert list(Placement.objects.standing()) == [matches[1], matches[3]]
    assert Placement.objects.standing().count() == Placement.objects.filter(stands()).count()


@pytest.mark.parametrize("as_of", [None, *DAYS])
def test_stands_as_of_a_day_is_a_recount(matches, as_of):
    expected = [match.pk for match in matches if stands_then(match, as_of, None)]

    assert list(Placement.objects.standing(as_of).order_by("pk").values_list("pk", flat=True)) == (
        expected
    )


@examples(40)
@given(as_of=st.none() | st.sampled_from(DAYS), seq=st.integers(0, 12))
def test_stands_as_known_to_an_entry_is_a_recount(matches, as_of, seq):
    known_to = {matches[0].entry.ledger_id: seq}

    found = Placement.objects.standing(as_of, known_to).order_by("pk")

    assert list(found) == [match for match in matches if stands_then(match, as_of, known_to)]


def test_of_books_that_were_not_known_nothing_stands(matches):
    other = matches[0].entry.ledger_id + 1

    assert not Placement.objects.standing(known_to={}).exists()
    assert not Placement.objects.standing(known_to={other: 99}).exists()


def test_many_ledgers_are_one_flat_condition(matches):
    """Nested as OR, SQLite would refuse a thousand of them."""
    ledger = matches[0].entry.ledger_id
    known_to = {ledger: 99} | {ledger + i: 1 for i in range(1, 1500)}

    assert list(Placement.objects.standing(known_to=known_to)) == [matches[1], matches[3]]


def test_the_path_leads_to_the_entry_of_another_row(matches):
    placed = Part.objects.filter(stands("placements__entry"), Q(placements__gte=1))

    assert set(placed) == {matches[1].part, matches[3].part}
