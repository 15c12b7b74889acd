"""The page of a loan's plan: three acts, each at its own address."""

import pytest
from django.urls import reverse
from django.utils import timezone

from invest import audit
from invest.models import Repayment
from invest.payouts import repayments
from pools.audit import run
from tests import factories as make

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def loan():
    """A loan of 10 000 kr by Ada, repaid in three rows."""
    offering = make.loan_offering(schedule_type="straight", periods=3)
    make.paid(offering, 10_000, "Ada")
    return offering.vehicle


@pytest.fixture
def desk(client, loan):
    client.force_login(make.user("dee", ("treasurer", loan.organisation)))
    return client


def take(desk, act: str, loan, **typed):
    """Press a button of the plan twice, with today as the day."""
    prefix = {"make_plan": "plan", "repay": "repay", "repay_early": "early"}[act]
    told = {f"{prefix}-{name}": value for name, value in typed.items()}
    told.setdefault(f"{prefix}-on", timezone.localdate().isoformat())
    path = reverse(act, args=[loan.organisation.slug, loan.slug])
    return [desk.post(path, told, headers=ENGLISH) for _ in range(2)]


def test_a_plan_is_made_and_made_again_only_with_a_reason(desk, loan):
    first, again = take(desk, "make_plan", loan)

    assert (first.status_code, again.status_code) == (302, 400)
    assert again.context["forms"]["plan"].errors.keys() == {"reason"}
    assert loan.plans.count() == 1


@pytest.mark.parametrize("act", ["repay", "repay_early"])
def test_a_payment_is_booked_once_however_often_it_is_pressed(desk, loan, act):
    repayments.make_plan(vehicle=loan, on=make.DAY)
    then = {"then": "shorter"} if act == "repay_early" else {}

    first, again = take(desk, act, loan, key="k", amount="1 000", **then)

    assert (first.status_code, again.status_code) == (302, 302)
    assert Repayment.objects.count() == 1


def test_what_is_typed_wrong_stands_in_its_own_form(desk, loan):
    repayments.make_plan(vehicle=loan, on=make.DAY)

    answer, _again = take(desk, "repay", loan, key="k", amount="mycket")

    forms = answer.context["forms"]
    assert answer.status_code == 400
    assert [name for name, form in forms.items() if form.errors] == ["repay"]
    assert forms["repay"]["amount"].value() == "mycket"


def test_the_page_itself_takes_no_post(desk, loan):
    page = reverse("plan", args=[loan.organisation.slug, loan.slug])

    assert (desk.get(page).status_code, desk.post(page).status_code) == (200, 405)


# --- What each gets, and undoing ------------------------------------------------------------------


@pytest.fixture
def shared(loan):
    """Bo lends 5 000 kr too. The first row is paid: 5 000 kr and 50 kr of interest."""
    make.paid(loan.offerings.get(), 5_000, "Bo")
    plan = repayments.make_plan(vehicle=loan, on=make.DAY)
    first = plan.instalments.first()
    return repayments.repay(instalment=first, on=make.DAY, by="t", key="first")


def page_of(repayment: Repayment, name: str = "repayment") -> str:
    vehicle = repayment.instalment.plan.vehicle
    return reverse(name, args=[vehicle.organisation.slug, vehicle.slug, repayment.pk])


def test_a_repayments_page_shows_what_each_gets_in_parts_before_and_after(desk, loan, shared):
    told = desk.get(page_of(shared), headers=ENGLISH).context["told"]

    assert [[cell.plain[0] for cell in row[1:]] for row in told.rows] == [
        ["10000.00", "3333.33", "33.33", "3366.66", "6666.67"],
        ["5000.00", "1666.67", "16.67", "1683.34", "3333.33"],
    ]
    plan = desk.get(reverse("plan", args=[loan.organisation.slug, loan.slug]), headers=ENGLISH)
    to_come = plan.context["to_each"]
    assert [row[1].plain[0] for row in to_come.rows] == ["6666.67", "3333.33"]
    assert page_of(shared) in plan.content.decode()


def test_a_repayment_is_undone_by_a_page_that_asks_first(desk, loan, shared):
    asked = desk.get(page_of(shared), headers=ENGLISH).content.decode()
    assert "Undo this repayment?" in asked
    assert page_of(shared, "undo_repayment") in asked
    assert Repayment.objects.standing().count() == 1

    answers = [desk.post(page_of(shared, "undo_repayment"), headers=ENGLISH) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 409]
    assert not Repayment.objects.standing().exists()
    assert repayments.outstanding(loan, timezone.localdate()) == 1_500_000
    assert run(audit.CHECKS) == []


def test_an_earlier_repayment_says_what_to_undo_first(desk, shared):
    second = shared.instalment.plan.instalments.get(period=2)
    repayments.repay(instalment=second, on=make.DAY, by="t", key="second")

    answer = desk.post(page_of(shared, "undo_repayment"), headers=ENGLISH)

    assert answer.status_code == 409
    assert "first: it was booked after this one" in answer.content.decode()
    assert Repayment.objects.standing().count() == 2


def test_the_plans_page_says_that_it_must_be_made_anew(desk, loan, shared):
    make.paid(loan.offerings.get(), 1_000, "Cem")

    page = desk.get(reverse("plan", args=[loan.organisation.slug, loan.slug]), headers=ENGLISH)

    assert page.context["to_each"] is None
    assert "Make the plan anew first" in page.content.decode()
