"""A member buys stakes in an association: from promise to register, by hand."""

import pytest

from invest import audit, matching, offerings
from invest.queries.registers import register
from invest.vehicles import CoopStakes
from pools.audit import run
from pools.errors import BadTerms, UnitStep
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
    matching.match_by_reference(lines=[make.bank_line(300_000, call.ocr)], on=DAY, by="t")

    rows = Transfer.objects.order_by("pk").values_list(
        "debit__code", "credit__code", "amount_minor"
    )
    assert list(rows) == [
        ("assets:bank", "liabilities:unmatched", 300_000),
        ("liabilities:unmatched", "odlarna:capital:00001", 300_000),
        ("odlarna:issued", "odlarna:units:00001", 3),
    ]
    told = register(stakes.vehicle, DAY)
    assert [(row.name, row.money_minor, row.units) for row in told.rows] == [("Ada", 300_000, 3)]
    assert told.agrees
    assert run(audit.CHECKS) == []


def test_half_a_stake_is_refused(stakes):
    with pytest.raises(UnitStep):
        make.pledge(stakes, 1500)


@pytest.mark.parametrize(
    "wrong", [{"exit_months": 5}, {"exit_months": 121}, {"price_minor": 0}, {"price_minor": "1"}]
)
def test_terms_that_the_law_or_reason_forbids_are_refused(wrong):
    with pytest.raises(BadTerms):
        CoopStakes.parse({"price_minor": 100_000, "exit_months": 6, **wrong})
