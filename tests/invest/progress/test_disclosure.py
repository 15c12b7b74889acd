"""F67: whoever takes one public figure from another, today's or any day's, finds nobody."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import combinations, pairwise

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from invest.fairs.queries.outcomes import outcomes
from invest.progress.disclosure import FEWEST_SHOWN, Fact, in_steps
from tests import factories as make
from tests.factories import DAY

START = datetime(2026, 1, 1, tzinfo=UTC)
# Each person's part is a power of two: a difference of two sums says whose parts it is made of.
PEOPLE = 12


@st.composite
def evenings(draw):
    """Promises, some confirmed, some taken back, in any order: facts one after the other."""
    facts, stood = [], dict.fromkeys(range(PEOPLE), 0)
    for number in range(draw(st.integers(0, 60))):
        person = draw(st.integers(0, PEOPLE - 1))
        stood[person] = draw(st.integers(0, 2))
        part = Decimal(2**person)
        amounts = tuple(part if stood[person] > step else Decimal(0) for step in range(2))
        facts.append(Fact(START + timedelta(minutes=number), person, person, amounts))
    return facts


@pytest.mark.fault("F67")
@given(evenings(), st.none() | st.lists(st.integers(0, 60), unique=True))
def test_no_two_figures_of_any_moments_differ_by_fewer_than_five(facts, after):
    told = {0}
    for known in range(len(facts) + 1):
        # None: after each fact.
        past = range(known) if after is None else sorted(n for n in after if n < known)
        moments = [START + timedelta(minutes=n) for n in past]
        figures = in_steps(facts[:known], 2, moments)
        told |= {int(figure.total) for figure in figures if figure.total}

    for one, other in combinations(sorted(told), 2):
        assert (one ^ other).bit_count() >= FEWEST_SHOWN, (one, other)


def test_the_attack_finds_somebody_where_nothing_waits():
    """The attack itself works: on plain running sums it reads each person's part."""
    sums = [sum(2**person for person in range(n)) for n in range(6)]

    assert {(b ^ a).bit_count() for a, b in pairwise(sums)} == {1}


@pytest.mark.fault("F67")
@pytest.mark.django_db
def test_whoever_reads_the_page_every_day_sees_groups_of_five(settings, monkeypatch):
    settings.DEMO = False  # There it is told by when things were recorded.
    roof = make.share_offering()
    fair = make.fair(owner=roof.vehicle.organisation, of=(roof.vehicle.project,))
    told = {0}
    for number in range(40):
        # One a day, for more than a month.
        monkeypatch.setattr(timezone, "now", lambda: fair.ends_at + timedelta(days=number))  # noqa: B023
        make.pledge(roof, 500, f"Giver {number}", fair=fair)
        row = outcomes(fair, DAY + timedelta(days=number + 1))[0]
        told |= {row.promised.givers}

    assert max(told) > FEWEST_SHOWN
    assert all(later - before >= FEWEST_SHOWN for before, later in pairwise(sorted(told)))
