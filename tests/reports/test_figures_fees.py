"""Fees of a planned loan in what is late and at risk."""

from datetime import date

import pytest

from invest.payouts import repayments
from reports import figures
from tests import factories as make

PAID_OUT = date(2026, 1, 1)


@pytest.fixture
def lent(db):
    """1 000 kr in two payments without interest, with a fee of 12 % a year: 10 kr each time."""
    oven = make.loan_offering(
        schedule_type="fee-flat", rate_pct="0", periods=2, fee_pct="12", fee_on="principal"
    )
    make.paid(oven, 1000, on=PAID_OUT)
    plan = repayments.make_plan(vehicle=oven.vehicle, on=PAID_OUT)
    return make.fair(owner=oven.vehicle.organisation, of=(oven.vehicle.project,)), plan


def late(fair, on: date) -> list[int]:
    return figures.arrears(figures.fair_frames(fair, on))["amount_minor"].tolist()


def test_s4f_a_loan_paid_in_full_and_on_time_has_no_arrears(lent):
    fair, plan = lent
    for row in plan.instalments.order_by("period"):
        assert row.fee_minor == 1_000
        repayments.repay(instalment=row, on=row.due_on, by="test", key=str(row.pk))

    told = figures.fair_frames(fair, date(2026, 6, 1))

    assert late(fair, date(2026, 6, 1)) == [0, 0, 0, 0]
    assert [figures.portfolio_at_risk(told, days) for days in (0, 30)] == [None, None]


def test_s4f_a_fee_that_is_not_paid_is_late_and_puts_the_loan_at_risk(lent):
    fair, plan = lent
    first = plan.instalments.get(period=1)
    repayments.repay(instalment=first, on=first.due_on, by="test", key="1", amount_minor=50_500)

    told = figures.fair_frames(fair, date(2026, 2, 21))

    assert late(fair, date(2026, 2, 21)) == [500, 0, 0, 0]
    assert figures.portfolio_at_risk(told, 0) == pytest.approx(1)
