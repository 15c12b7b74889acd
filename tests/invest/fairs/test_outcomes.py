"""What became of it: told openly, by project and unit, and never of fewer than five givers."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from invest.fairs import follow_ups
from invest.fairs.queries.outcomes import Shown, outcomes
from invest.in_kind import in_kind
from invest.in_kind.in_kind import Help
from invest.models import FollowUp
from invest.people import Giver
from invest.pledges import pledges
from invest.treasury import placing
from tests import factories as make
from tests.factories import DAY

AFTER = DAY + timedelta(days=31)

ENGLISH = {"accept-language": "en"}
NAMES = ["Ada", "Bo", "Cem", "Dee", "Eva", "Fia"]


@pytest.fixture
def roof(db):
    return make.share_offering()


@pytest.fixture
def fair(roof):
    return make.fair(owner=roof.vehicle.organisation, of=(roof.vehicle.project,))


def offer(fair, name, quantity=2, unit="HOUR"):
    return in_kind.offer(
        project=fair.pitches.get().project,
        giver=Giver(name, f"{name.lower()}@example.org"),
        help_=Help(sort="time", what="Måla", quantity=Decimal(quantity), unit=unit),
        key=f"{name}:{unit}",
        key_owner="t",
        on=DAY,
        by="t",
        fair=fair,
    )


def test_kronor_are_told_by_how_far_they_came(roof, fair):
    calls = [make.called(make.pledge(roof, 1000, name, fair=fair)) for name in NAMES[:5]]
    for number, call in enumerate(calls):
        line = make.bank_line(100_000, call.ocr, reference=f"r{number}")
        placing.pair_by_reference(parts=[line], by="t")
    for number in range(8):
        make.pledge(roof, 500, f"Later {number}", fair=fair)
    make.pledge(roof, 500, "Elsewhere")

    (row,) = outcomes(fair, AFTER)

    assert row.promised == Shown("9\xa0000\xa0kr", 13)
    assert row.confirmed == row.paid == Shown("5\xa0000\xa0kr", 5)
    assert (row.saving, row.help_, row.answers) == (None, (), ())


def test_it_is_told_on_its_days_as_it_was_then(roof, fair):
    made = [make.pledge(roof, 1000, name, fair=fair) for name in NAMES[:5]]
    for pledge in made:
        pledges.confirm(pledge=pledge, on=DAY + timedelta(days=3), by="t")

    told = {day: outcomes(fair, DAY + timedelta(days=day))[0] for day in (-1, 1, 2, 30, 31)}

    assert told[-1].promised == Shown("0\xa0kr", 0)
    assert told[1].promised.shown == "berättas inte"
    assert [told[day].promised.givers for day in (2, 30, 31)] == [5, 5, 5]
    assert [told[day].confirmed.givers for day in (2, 30, 31)] == [0, 0, 5]


def test_a_sum_that_fewer_than_five_part_from_what_was_promised_is_near_it(roof, fair):
    made = [make.pledge(roof, 1000, name, fair=fair) for name in NAMES]
    for pledge in made[:5]:
        pledges.confirm(pledge=pledge, on=DAY, by="t")

    (row,) = outcomes(fair, AFTER)

    assert row.promised == Shown("6\xa0000\xa0kr", 6)
    assert (row.confirmed.shown, row.paid.shown) == ("nästan lika mycket", "0\xa0kr")


def test_what_was_promised_stays_told_when_one_takes_it_back(roof, fair):
    made = [make.pledge(roof, 1000, name, fair=fair) for name in NAMES]
    for pledge in made[1:]:
        pledges.confirm(pledge=pledge, on=DAY + timedelta(days=4), by="t")
    pledges.withdraw(pledge=made[0], on=DAY + timedelta(days=4), by="t")

    (row,) = outcomes(fair, AFTER)

    assert row.promised == Shown("6\xa0000\xa0kr", 6)
    assert row.confirmed.shown == "nästan lika mycket"


def test_help_is_told_by_unit_and_never_added(fair):
    offered = [offer(fair, name) for name in NAMES[:5]]
    for help_ in offered:
        in_kind.accept(in_kind=help_, on=DAY, by="t")
    in_kind.deliver(in_kind=offered[0], on=DAY, by="t")
    offer(fair, "Ada", 3, "DAY")

    (row,) = outcomes(fair, AFTER)

    (hours,) = row.help_
    assert row.few_help  # The days are Ada's alone.
    assert [told.shown for told in hours.steps] == [
        *["10 timmar"] * 2,
        "berättas inte",
        "0 timmar",
    ]


def test_answers_are_the_last_of_each_promise(roof, fair):
    for name in NAMES:
        make.pledge(roof, 1000, name, fair=fair)
    follow_ups.plan_for(fair)
    for row in fair.follow_ups.filter(days=30):
        follow_ups.answer(follow_up=row, found="not-yet", on=DAY, by="t")
    for row in fair.follow_ups.filter(days=90)[:5]:
        follow_ups.answer(follow_up=row, found="delivered", on=DAY, by="t")

    (row,) = outcomes(fair, AFTER)

    assert [(label, told.shown) for label, told in row.answers] == [
        (str(FollowUp.Found.DELIVERED.label), "5"),
        (str(FollowUp.Found.NOT_YET.label), "berättas inte"),
    ]


def test_whoever_is_forgotten_never_makes_a_group_large_enough(roof, fair):
    made = [make.pledge(roof, 1000, name, fair=fair) for name in NAMES[:5]]
    made[0].person.delete()

    (row,) = outcomes(fair, AFTER)

    assert row.promised.shown == "berättas inte"


def test_everybody_may_read_it(client, fair, roof, django_assert_max_num_queries):
    for name in NAMES[:5]:
        make.pledge(roof, 1000, name, fair=fair)
        offer(fair, name)

    with django_assert_max_num_queries(8):
        page = client.get(reverse("outcomes", args=[fair.slug]), headers=ENGLISH)

    assert page.status_code == 200
    assert "5,000" in page.content.decode()
    assert "Ada" not in page.content.decode()
    assert client.get(reverse("outcomes", args=["annan"])).status_code == 404
