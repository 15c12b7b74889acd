"""Lives of planned loans, by hand: nothing due is dropped, nobody's money is shared unseen."""

from datetime import date

import pytest

from invest import audit
from invest.models import Holding, Repayment
from invest.payouts import repayments
from invest.payouts.refusals import (
    DatedBack,
    LaterRepaymentFirst,
    OutsidePlan,
    PlanRests,
    TermsSince,
)
from invest.payouts.repayments import Then, owed_on
from invest.refusals import WrongState
from invest.vehicles import offerings
from pools import balances
from pools.audit import run
from tests import factories as make

pytestmark = pytest.mark.django_db
STRAIGHT = {
    "schedule_type": "straight",
    "rate_pct": "12",
    "periods": 10,
    "months_per_period": 1,
    "day_count": "30E/360",
}
START = date(2026, 1, 1)


@pytest.fixture
def lent():
    """10 000 kr of Ada's at 12 %, ten equal parts of 1 000 kr from 1 February on."""
    offering = make.offering("direct-loan", STRAIGHT)
    make.paid(offering, 10_000, "Ada", START)
    repayments.make_plan(vehicle=offering.vehicle, on=START)
    return offering


@pytest.fixture
def oven(lent):
    return lent.vehicle


def rows(vehicle) -> list[tuple]:
    plan = vehicle.plans.in_force().first()
    return [(r.due_on, r.principal_minor, r.interest_minor) for r in plan.instalments.all()]


def pay(vehicle, due_on: date, on: date | None = None, minor: int | None = None) -> Repayment:
    row = vehicle.plans.in_force()[0].instalments.get(due_on=due_on)
    key = f"{row.pk}:{on}:{minor}:{Repayment.objects.count()}"
    return repayments.repay(instalment=row, on=on or due_on, by="t", key=key, amount_minor=minor)


def early(vehicle, minor: int, on: date, then: str = Then.LOWER) -> Repayment:
    return repayments.repay_early(
        vehicle=vehicle, amount_minor=minor, on=on, then=then, by="t", key=f"early {on}"
    )


def new_rate(vehicle, rate: str, on: date, **more) -> None:
    terms = {**STRAIGHT, "rate_pct": rate, **more}
    offerings.change_terms(vehicle=vehicle, terms=terms, on=on, reason="Nytt avtal")


def out(vehicle) -> dict[int, int]:
    held = Holding.objects.filter(vehicle=vehicle, role="loan").select_related("account")
    standing = balances.balances([one.account for one in held])
    return {one.number: standing[one.account_id] for one in held}


# --- A plan made anew -----------------------------------------------------------------------------


def test_s7_7b_a_new_plan_drops_neither_interest_due_nor_interest_accrued(oven):
    """Nothing was paid. Due on 1 February and 1 March: 100 + 90. From 1 to 16 March 10 000 kr were
    out: 15 days, 50.00. The restructured plan asks for 240.00 on its day, and then for its own.
    """
    day = date(2026, 3, 16)

    repayments.restructure(
        vehicle=oven, terms={**STRAIGHT, "periods": 20}, on=day, reason="Två vintrar utan snö"
    )

    assert rows(oven)[:2] == [(day, 0, 19_000 + 5_000), (date(2026, 4, 16), 50_000, 10_000)]
    assert sum(row[1] for row in rows(oven)) == 1_000_000


def test_a_new_plan_after_a_payment_asks_for_the_interest_since(oven):
    """9 000 kr from 1 to 16 February at 12 %: 45.00."""
    pay(oven, date(2026, 2, 1))
    day = date(2026, 2, 16)

    repayments.make_plan(vehicle=oven, on=day, reason="Nytt", restructured=True)

    assert rows(oven)[0] == (day, 0, 4_500)


def test_a_plan_made_anew_by_the_same_terms_asks_for_the_same(oven):
    pay(oven, date(2026, 2, 1))
    before = rows(oven)[1:]

    repayments.make_plan(vehicle=oven, on=date(2026, 2, 16), reason="Igen")

    assert rows(oven) == before


def test_s7_7c_what_is_due_stays_due_on_its_day_when_the_rate_changes(oven):
    new_rate(oven, "6", date(2026, 3, 16))

    repayments.make_plan(vehicle=oven, on=date(2026, 3, 16), reason="Ny ränta")

    # 1 April: 15 days of 10 000 kr at 12 % and 15 of the 8 000 not yet due at 6 %: 50 + 20.
    assert rows(oven)[:3] == [
        (date(2026, 2, 1), 100_000, 10_000),
        (date(2026, 3, 1), 100_000, 9_000),
        (date(2026, 4, 1), 100_000, 7_000),
    ]


def test_s7_7a_the_rate_changes_inside_a_period_and_due_days_stay(oven):
    """10 000 kr: 15 days at 12 % and 15 at 6 %: 50 + 25 on 1 February. Paid off on 30 January it
    is 15 days at 12 % and 14 at 6 %: 50 + 23.33 = 73.33, and not 29 days at 6 %, 48.33.
    """
    new_rate(oven, "6", date(2026, 1, 16))
    repayments.make_plan(vehicle=oven, on=date(2026, 1, 16), reason="Ny ränta")
    assert rows(oven)[:2] == [
        (date(2026, 2, 1), 100_000, 7_500),
        (date(2026, 3, 1), 100_000, 4_500),
    ]

    paid = early(oven, 500_000, date(2026, 1, 30))

    assert paid.interest_minor == 7_333
    assert [row[0] for row in rows(oven)][1:3] == [date(2026, 2, 1), date(2026, 3, 1)]
    assert run(audit.CHECKS) == []


def test_an_early_payment_after_a_rate_change_counts_each_stretch_at_its_rate(oven):
    new_rate(oven, "6", date(2026, 1, 16))

    assert early(oven, 500_000, date(2026, 1, 30)).interest_minor == 7_333


def test_a_second_early_payment_charges_no_day_twice(oven):
    """50 + 20 + 5 is January at 12 %: 15 days of 10 000, 10 of 6 000 and 5 of 3 000 kr."""
    first = early(oven, 405_000, date(2026, 1, 16))
    second = early(oven, 302_000, date(2026, 1, 26))

    assert (first.interest_minor, second.interest_minor) == (5_000, 2_000)
    assert rows(oven)[1][2] == 500


def test_s7_7d_a_row_paid_before_its_day_is_not_asked_again_by_a_new_plan(oven):
    """1 March is paid on 20 February, interest of the whole month too: 90.00. To 1 April it is 19
    days of 9 000 and 41 of 8 000 kr: 57 + 109.33, less the 90.00.
    """
    pay(oven, date(2026, 2, 1))
    pay(oven, date(2026, 3, 1), on=date(2026, 2, 20))

    repayments.make_plan(vehicle=oven, on=date(2026, 2, 25), reason="Igen")

    assert rows(oven)[0] == (date(2026, 4, 1), 100_000, 5_700 + 10_933 - 9_000)


def test_a_payment_by_old_terms_is_refused_until_the_plan_is_made_anew(oven):
    new_rate(oven, "6", date(2026, 1, 16))
    with pytest.raises(TermsSince, match="16 januari 2026"):
        pay(oven, date(2026, 2, 1))
    with pytest.raises(TermsSince):  # 1 February fell due in between, by the old rate.
        repayments.make_plan(vehicle=oven, on=date(2026, 2, 5), reason="Sent")

    repayments.make_plan(vehicle=oven, on=date(2026, 1, 16), reason="Ny ränta")

    assert pay(oven, date(2026, 2, 1)).interest_minor == 7_500


def test_a_plan_is_not_dated_back_before_a_payment(oven):
    pay(oven, date(2026, 2, 1))

    with pytest.raises(DatedBack, match="1 februari 2026"):
        repayments.make_plan(vehicle=oven, on=date(2026, 1, 31), reason="Igen")


# --- Lenders in -----------------------------------------------------------------------------------


def test_s7_7e_who_pays_in_after_the_plan_waits_until_it_is_made_anew(lent, oven):
    """Bo's 6 000 kr come on 16 January. Shared by the old plan Ada would get 625 of her 1 000."""
    make.paid(lent, 6_000, "Bo", date(2026, 1, 16))
    with pytest.raises(OutsidePlan, match=r"16.000"):
        pay(oven, date(2026, 2, 1))

    repayments.make_plan(vehicle=oven, on=date(2026, 1, 16), reason="Bo lånar också ut")
    paid = pay(oven, date(2026, 2, 1))

    # 15 days of 10 000 and 15 of 16 000 kr: 50 + 80. Ada's part is 100, Bo's 30.
    assert (paid.principal_minor, paid.interest_minor) == (160_000, 13_000)
    told = paid.lines.values_list("holding__number", "principal_minor", "interest_minor")
    assert list(told) == [(1, 100_000, 10_000), (2, 60_000, 3_000)]
    # The month after all follows what is out: 9 000 and 5 400.
    paid = pay(oven, date(2026, 3, 1))
    told = paid.lines.values_list("holding__number", "principal_minor", "interest_minor")
    assert list(told) == [(1, 100_000, 9_000), (2, 60_000, 5_400)]
    assert run(audit.CHECKS) == []


def test_interest_from_before_somebody_came_is_not_theirs(lent, oven):
    """100 kr fell due on 1 February, before Bo's 10 000 kr came on the 16th: Ada's alone."""
    make.paid(lent, 10_000, "Bo", date(2026, 2, 16))
    repayments.make_plan(vehicle=oven, on=date(2026, 2, 16), reason="Bo också")

    late = pay(oven, date(2026, 2, 1), on=date(2026, 2, 20))

    assert list(late.lines.values_list("interest_minor", flat=True)) == [10_000, 0]


# --- Undone ---------------------------------------------------------------------------------------


def test_s7_7f_a_repayment_is_undone_last_first_and_all_is_as_before(lent):
    make.paid(lent, 5_000, "Bo", date(2026, 1, 1))
    oven = lent.vehicle
    repayments.make_plan(vehicle=oven, on=START, reason="Bo också", restructured=True)
    first = pay(oven, date(2026, 2, 1), minor=33_333)
    before = out(oven), [line.principal_carry for line in first.lines.all()]
    second = pay(oven, date(2026, 2, 1), minor=33_334)
    with pytest.raises(LaterRepaymentFirst, match=r"333,34"):
        repayments.undo(repayment=first, on=date(2026, 2, 2), by="t")

    repayments.undo(repayment=second, on=date(2026, 2, 2), by="t")

    assert (out(oven), [line.principal_carry for line in first.lines.all()]) == before
    row = oven.plans.in_force()[0].instalments.get(due_on=date(2026, 2, 1))
    assert owed_on(row).total_minor == 165_000 - 33_333
    with pytest.raises(WrongState):
        repayments.undo(repayment=second, on=date(2026, 2, 3), by="t")
    again = pay(oven, date(2026, 2, 1), minor=33_334)
    assert list(again.lines.values_list("principal_carry")) == list(
        second.lines.values_list("principal_carry")
    )
    repayments.undo(repayment=again, on=date(2026, 2, 2), by="t")
    repayments.undo(repayment=first, on=date(2026, 2, 2), by="t")
    assert out(oven) == {1: 1_000_000, 2: 500_000}
    assert run(audit.CHECKS) == []


def test_an_early_repayment_undone_puts_the_plan_before_it_in_force(oven):
    pay(oven, date(2026, 2, 1))
    before = rows(oven)
    paid = early(oven, 454_500, date(2026, 2, 16), Then.SHORTER)
    assert rows(oven) != before

    repayments.undo(repayment=paid, on=date(2026, 2, 17), by="t")

    assert rows(oven) == before
    assert pay(oven, date(2026, 3, 1)).interest_minor == 9_000
    assert run(audit.CHECKS) == []


def test_a_repayment_that_a_later_plan_counts_with_stays(oven):
    paid = pay(oven, date(2026, 2, 1))
    repayments.make_plan(vehicle=oven, on=date(2026, 2, 16), reason="Nytt", restructured=True)

    with pytest.raises(PlanRests):
        repayments.undo(repayment=paid, on=date(2026, 2, 17), by="t")
