"""A member buys stakes in an association: from promise to register, by hand."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from invest import audit
from invest.kinds.refusals import AlreadyRecorded, BadTerms, HoldsNothing, TooEarly, UnitStep
from invest.kinds.stakes.coop import CoopStakes
from invest.treasury import placing
from invest.vehicles import actions, offerings
from invest.vehicles.registers import shown_sheet
from pools.audit import run
from pools.models import Transfer
from tests import factories as make
from tests.factories import DAY, sek

pytestmark = pytest.mark.django_db


@pytest.fixture
def stakes():
    project = make.project("vaxthuset")
    vehicle = offerings.open_vehicle(
        kind="coop-stakes",
        slug="odlarna",
        name="Insatser i Odlarna",
        organisation=project.organisation,
        project=project,
        terms={"price_minor": 100_000, "exit_months": 6},
        on=DAY,
    )
    return offerings.open_offering(
        vehicle=vehicle,
        opens_on=DAY,
        closes_on=DAY,
        minimum=sek(1000),
        goal_min=sek(10_000),
        goal_max=sek(20_000),
    )


def test_three_stakes_are_promised_paid_and_registered(stakes):
    call = make.called(make.pledge(stakes, 3000, "Ada"))
    placing.pair_by_reference(parts=[make.bank_line(300_000, call.ocr)], by="t")

    rows = Transfer.objects.order_by("pk").values_list(
        "debit__code", "credit__code", "amount_minor"
    )
    assert list(rows) == [
        ("assets:bank", "liabilities:unmatched", 300_000),
        ("liabilities:unmatched", "odlarna:capital:00001", 300_000),
        ("odlarna:issued", "odlarna:units:00001", 3),
    ]
    told = shown_sheet(stakes.vehicle, "register", DAY)
    assert told.table()[1][:6] == [1, "Ada", "Björkdalen", DAY, "3000.00", 3]
    assert run(audit.CHECKS) == []


def test_nobody_leaves_before_they_paid_in(stakes):
    make.paid(stakes, 1000, "Ada", DAY)
    make.paid(stakes, 1000, "Bo", DAY)
    with pytest.raises(HoldsNothing):
        # Bo is dated back to before his stake was paid, though he has one now.
        _leave_rule(stakes.vehicle, DAY - timedelta(days=1))

    assert make.did(stakes.vehicle, "leave", DAY, holder=2)


def _leave_rule(vehicle, on):
    """As `actions.do` asks it: everything is known, and the day is the act's."""
    now = replace(actions.snapshot(vehicle, date.max), as_of=on)
    return now.kind.act("leave").rule(now.kind, {"holder": 2}, now)


def test_half_a_stake_is_refused(stakes):
    with pytest.raises(UnitStep):
        make.pledge(stakes, 1500)


@pytest.mark.parametrize(
    "wrong", [{"exit_months": 5}, {"exit_months": 121}, {"price_minor": 0}, {"price_minor": "1"}]
)
def test_terms_that_the_law_or_reason_forbids_are_refused(wrong):
    with pytest.raises(BadTerms):
        CoopStakes.parse({"price_minor": 100_000, "exit_months": 6, **wrong})


def test_a_member_leaves_and_is_paid_after_the_time_in_the_bylaws(stakes):
    vehicle = stakes.vehicle
    ada, bo = make.paid(stakes, 3000, "Ada"), make.paid(stakes, 1000, "Bo")
    left = make.did(vehicle, "leave", holder=ada)

    assert make.sheet(vehicle, "leaving") == [(ada, DAY, date(2027, 5, 23), 300_000)]
    with pytest.raises(TooEarly, match="23 maj 2027"):
        make.did(vehicle, "pay-back-stake", date(2027, 5, 22), leaving=left.number)
    make.did(vehicle, "pay-back-stake", date(2027, 5, 23), leaving=left.number)

    day = date(2027, 5, 23)
    assert [row[0] for row in make.sheet(vehicle, "register", day)] == [bo]
    assert [row[0] for row in make.sheet(vehicle, "register")] == [ada, bo]  # as it was
    assert make.sheet(vehicle, "leaving", day) == []
    assert run(audit.CHECKS) == []
    with pytest.raises(AlreadyRecorded):
        make.did(vehicle, "pay-back-stake", date(2027, 5, 24), leaving=left.number)


def test_surplus_is_credited_by_stakes_held(stakes):
    make.paid(stakes, 3000, "Ada")
    make.paid(stakes, 1000, "Bo")

    make.did(stakes.vehicle, "credit-surplus", total=10_001)

    rows = make.sheet(stakes.vehicle, "register")
    assert [(row[2], row[4]) for row in rows] == [(300_000, 7501), (100_000, 2500)]


def test_a_refund_follows_trade_and_is_owed_until_it_is_paid(stakes):
    vehicle = stakes.vehicle
    ada, bo = make.paid(stakes, 3000, "Ada"), make.paid(stakes, 1000, "Bo")
    make.did(vehicle, "trade", holder=ada, year=2025, amount=1_000_000)
    make.did(vehicle, "trade", holder=bo, year=2025, amount=2_000_000)
    with pytest.raises(AlreadyRecorded):
        make.did(vehicle, "trade", holder=bo, year=2025, amount=1)

    make.did(vehicle, "refund", year=2025, total=100_000)

    assert make.sheet(vehicle, "refunds") == [
        (ada, 2025, 1_000_000, 33_333),
        (bo, 2025, 2_000_000, 66_667),
    ]
    assert [row[5] for row in make.sheet(vehicle, "register")] == [33_333, 66_667]
    make.did(vehicle, "pay-refunds")
    assert [row[5] for row in make.sheet(vehicle, "register")] == [0, 0]
