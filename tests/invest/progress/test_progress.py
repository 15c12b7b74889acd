"""Readers for the pages: sums apart, as of a day, by a fixed number of queries."""

from datetime import date, timedelta

import pytest
from django.db.models import Q

from invest.models import Call, FinanceSource, Placement
from invest.people import give_consent
from invest.pledges import pledges
from invest.progress import listed
from invest.progress.progress import progress, progress_of
from invest.progress.savers import public_names
from invest.progress.sums import Sums
from invest.treasury import placing, queries, suggesting
from invest.vehicles import offerings
from tests import factories as make
from tests.factories import DAY, sek

pytestmark = pytest.mark.django_db
EARLIER = DAY - timedelta(days=10)


@pytest.fixture
def offering():
    return make.share_offering()


def paid(pledge, reference: str, on: date = DAY) -> Placement:
    call: Call = make.called(pledge, on)
    line = make.bank_line(call.amount_minor, call.ocr, reference=reference, on=on)
    return placing.pair_by_reference(parts=[line], by="test").placed[0]


def sums_of(project, as_of: date = DAY) -> Sums:
    return progress_of(project, as_of).sums


def test_12b_9_sums_keep_promised_received_enabled_and_pending_apart(offering):
    project = offering.vehicle.project
    make.pledge(offering, 500, "Cem")
    confirmed = make.pledge(offering, 1000, "Ada")
    pledges.confirm(pledge=confirmed, on=DAY, by="test")
    paid(make.pledge(offering, 2000, "Bo"), "r1")
    withdrawn = make.pledge(offering, 4000, "Dee")
    pledges.withdraw(pledge=withdrawn, on=DAY, by="test")
    for kind, signed_on in (("bank-loan", DAY), ("bank-loan", None), ("grant", DAY)):
        FinanceSource.objects.create(
            project=project,
            kind=kind,
            text_sv="x",
            text_en="x",
            amount=sek(8000),
            signed_on=signed_on,
        )

    found = sums_of(project)

    assert found == Sums(
        committed_minor=300_000,
        received_minor=200_000,
        enabled_minor=800_000,
        pending_minor=50_000,
        savers=2,
        local_minor=300_000,
        known_place_minor=300_000,
    )


def test_sums_are_those_of_the_day_asked_for(offering):
    first = make.pledge(offering, 1000, "Ada", on=EARLIER)
    pledges.confirm(pledge=first, on=EARLIER, by="test")
    make.pledge(offering, 2000, "Bo")

    before = sums_of(offering.vehicle.project, EARLIER - timedelta(days=1))
    then = sums_of(offering.vehicle.project, EARLIER)

    assert (before.committed_minor, before.pending_minor) == (0, 0)
    assert (then.committed_minor, then.pending_minor) == (100_000, 0)


def test_what_was_paired_by_mistake_was_never_received(offering):
    wrong = paid(make.pledge(offering, 1000, "Ada", on=EARLIER), "r1", EARLIER)
    placing.undo(placement=wrong, by="test")

    assert sums_of(offering.vehicle.project, EARLIER).received_minor == 0


def test_what_the_bank_took_back_is_received_until_that_day(offering):
    returned = paid(make.pledge(offering, 1000, "Ada", on=EARLIER), "r1", EARLIER)
    placing.undo(placement=returned, by="test", on=DAY)

    assert sums_of(offering.vehicle.project, EARLIER).received_minor == 100_000
    assert sums_of(offering.vehicle.project, DAY).received_minor == 0


def test_savers_are_persons_not_promises(offering):
    for amount in (500, 1000):
        pledges.confirm(pledge=make.pledge(offering, amount, "Ada"), on=DAY, by="test")

    assert sums_of(offering.vehicle.project).savers == 1


def test_12b_11_local_share_is_hidden_for_a_small_group(offering):
    for number in range(4):
        pledges.confirm(pledge=make.pledge(offering, 500, f"Ada{number}"), on=DAY, by="test")
    few = sums_of(offering.vehicle.project)
    pledges.confirm(pledge=make.pledge(offering, 500, "Bo"), on=DAY, by="test")
    enough = sums_of(offering.vehicle.project)

    assert (few.savers_are_few, few.local_pct) == (True, None)
    assert (enough.savers_are_few, enough.local_pct) == (False, 100)


def test_goal_is_the_last_revision_by_the_day(offering):
    offerings.revise_goal(
        offering=offering, goal_min=sek(70_000), goal_max=sek(90_000), on=DAY, reason_sv="Större"
    )

    before = progress_of(offering.vehicle.project, EARLIER)
    now = progress_of(offering.vehicle.project, DAY)

    assert (before.goal_min_minor, before.goals_moved) == (5_000_000, False)
    assert (now.goal_min_minor, now.goal_max_minor, now.goals_moved) == (
        7_000_000,
        9_000_000,
        True,
    )


@pytest.mark.parametrize(
    ("on", "days"),
    [(date(2025, 12, 31), None), (DAY, 38), (date(2026, 12, 31), 0), (date(2027, 1, 1), None)],
)
def test_days_left_counts_to_the_last_day_inclusive(offering, on, days):
    assert progress_of(offering.vehicle.project, on).days_left == days


def test_thermometer_is_truthful_beyond_the_goal(offering):
    offering.cap_minor = 20_000_000
    offering.save()
    pledges.confirm(pledge=make.pledge(offering, 150_000), on=DAY, by="test")

    shown = listed.thermometer(progress_of(offering.vehicle.project, DAY))

    assert (shown.goal_min_x, shown.goal_max_x) == (333, 666)
    assert [(band.code, band.x) for band in shown.bands] == [
        ("committed", 1000),
        ("received", 0),
        ("enabled", 0),
    ]
    assert shown.bands[0].percent == "300\xa0%"


def test_12b_11_names_are_shown_with_standing_consent_and_a_standing_promise_only(offering):
    ada, bo, cem = (make.pledge(offering, 1000, name) for name in ("Ada", "Bo", "Cem"))
    for pledge in (ada, cem):
        give_consent(person=pledge.person, kind="publish-name", at=pledge.submitted_at)
    for pledge in (ada, bo):
        pledges.confirm(pledge=pledge, on=DAY, by="test")

    names = public_names(offering.vehicle.project, DAY)

    assert names == ["Ada"]


def test_progress_costs_four_queries_for_any_number_of_projects(django_assert_num_queries):
    for number in range(3):
        owner = make.organisation(f"forening-{number}", iban=f"SE{number:022d}")
        make.share_offering(make.project(f"projekt-{number}", owner))

    with django_assert_num_queries(4):
        found = progress(Q(), DAY)

    assert len(found) == 3


def test_suggestions_are_the_reference_in_the_text_before_the_same_amount(offering):
    named = make.called(make.pledge(offering, 1000, "Ada"))
    same = make.called(make.pledge(offering, 2000, "Bo"))
    make.called(make.pledge(offering, 500, "Cem"))
    line = make.bank_line(200_000)
    line.message = f"Insats {named.ocr} tack"
    ledger = line.movement.bank_account.account.ledger

    found = suggesting.for_part(line, 200_000, queries.open_calls(ledger), [])

    assert [suggestion.typed for suggestion in found] == [
        (("call", str(call.pk)),) for call in (named, same)
    ]
