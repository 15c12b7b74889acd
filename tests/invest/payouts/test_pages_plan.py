"""The page of a loan's plan: three acts, each at its own address."""

import pytest
from django.urls import reverse
from django.utils import timezone

from invest.models import Repayment
from invest.payouts import repayments
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
