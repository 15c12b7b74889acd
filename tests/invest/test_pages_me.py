"""A saver's own page: all that is one's own, and nothing else."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from invest import distributions, matching, pledges, repayments
from invest.models import Consent
from tests import factories as make
from tests.factories import DAY, sek

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def ada():
    return make.user("ada")


def paid(pledge, reference: str):
    call = make.called(pledge)
    line = make.bank_line(call.amount_minor, call.ocr, reference=reference)
    matching.match_by_reference(lines=[line], on=DAY, by="test")


def test_my_page_asks_for_login(client):
    response = client.get("/me/")

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_my_page_gathers_promises_holdings_and_what_came_back(client, ada):
    offering = make.share_offering()
    paid(make.pledge(offering, 1000, "Ada"), "r1")
    make.pledge(offering, 500, "Ada")
    computed = distributions.compute(
        vehicle=offering.vehicle,
        total=sek(90),
        record_on=DAY,
        reason="Stämman",
        by=make.user("dee"),
        key="d1",
    )
    distributions.approve(distribution=computed, by=make.user("eva"), on=DAY)
    distributions.pay(distribution=computed, by=make.user("fia"), on=DAY)
    client.force_login(ada)

    response = client.get("/me/", headers=ENGLISH)

    page = response.context["page"]
    assert "no-store" in response["Cache-Control"]
    assert (page.promised_minor, page.received_minor) == (150_000, 100_000)
    assert [held.text.replace("\xa0", " ") for held in page.held] == ["1,000 SEK", "2 shares"]
    assert (page.repaid_minor, page.earned_minor) == (0, 9_000)
    assert page.back[0].vehicle == offering.vehicle.name


def test_my_page_shows_repayments(client, ada):
    offering = make.loan_offering()
    paid(make.pledge(offering, 1000, "Ada"), "r1")
    plan = repayments.make_plan(vehicle=offering.vehicle, on=DAY)
    first = plan.instalments.order_by("period").first()
    repayments.repay(instalment=first, on=date(2026, 12, 23), by="test", key="k1")
    client.force_login(ada)

    page = client.get("/me/").context["page"]

    assert (page.repaid_minor, page.earned_minor) == (first.principal_minor, first.interest_minor)


def test_promises_of_the_proved_address_become_ones_own(client, ada):
    pledge = make.pledge(make.share_offering(), 500, "Ada")
    client.force_login(ada)

    page = client.get("/me/").context["page"]

    assert [promise.pledge for promise in page.promises] == [pledge]


@pytest.mark.fault("F58")
def test_my_page_shows_nobody_elses(client, ada):
    pledge = make.pledge(make.share_offering(), 500, "Ada")
    paid(pledge, "r1")
    client.force_login(ada)
    client.get("/me/")
    client.force_login(make.user("cem"))

    response = client.get("/me/")

    page = response.context["page"]
    assert (page.promises, page.held, page.back) == ((), (), ())
    assert pledge.token not in response.content.decode()


def test_name_is_shown_and_hidden_again(client, ada):
    client.force_login(ada)

    client.post(reverse("show_name"), {"show": "yes"})
    assert client.get("/me/").context["page"].shows_name
    client.post(reverse("show_name"), {"show": "no"})
    assert not client.get("/me/").context["page"].shows_name
    assert Consent.objects.get().withdrawn_at is not None
    assert client.get(reverse("show_name")).status_code == 405


def test_a_logged_in_saver_promises_as_oneself(client, ada):
    offering = make.share_offering()
    type(offering).objects.update(closes_on=timezone.localdate())
    client.force_login(ada)
    address = reverse("pledge", args=[offering.vehicle.project.slug])
    client.post(address, {"key": "k1", "choice": "50000", "name": "Ada Lind"})

    page = client.get("/me/").context["page"]

    assert [promise.now.actor for promise in page.promises] == [f"user:{ada.pk}"]
    assert pledges.latest(page.promises[0].pledge).amount_minor == 50_000
    assert page.promises[0].pledge.person.name == "Ada Lind"
