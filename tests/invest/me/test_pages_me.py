"""A saver's own page: all that is one's own, and nothing else."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from invest import people
from invest.in_kind import in_kind
from invest.me import queries
from invest.models import Consent, Letter, Person
from invest.payouts import distributions, repayments
from invest.people import Giver
from invest.pledges import pledges
from invest.treasury import placing
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
    placing.pair_by_reference(parts=[line], by="test")


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


def test_name_is_shown_and_hidden_again_however_often_it_is_pressed(client, ada):
    client.force_login(ada)

    for act, shows in (("show_name", True), ("hide_name", False)):
        for _press in range(2):
            assert client.post(reverse(act)).url == reverse("my_contact")
            assert client.get("/me/").context["page"].shows_name is shows
        assert client.get(reverse(act)).status_code == 405
    assert Consent.objects.get().withdrawn_at is not None


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


# --- Promised, and what is only saved -------------------------------------------------------------


def test_support_savings_are_never_added_to_what_is_promised(client, ada):
    terms = {"bank": "JAK Medlemsbank", "counts_by": "month", "factor": "1"}
    saving = make.offering("support-saving", terms)
    shares = make.share_offering(make.project("taket", saving.vehicle.organisation))
    make.pledge(saving, 9000)
    make.pledge(shares, 1000)
    client.force_login(ada)

    page = client.get("/me/").context["page"]

    assert (page.promised_minor, page.saved_minor) == (100_000, 900_000)


# --- Help in kind ---------------------------------------------------------------------------------


def test_help_in_kind_stands_beside_money_in_its_own_unit(client, ada):
    project = make.project()
    given = in_kind.offer(
        project=project,
        giver=Giver(name="Ada", email="ada@example.org"),
        help_=in_kind.Help("time", "Gräver", Decimal("2.5"), "HOUR"),
        key="k",
        key_owner="test",
        on=DAY,
        by="test",
    )
    client.force_login(ada)

    response = client.get("/me/", headers=ENGLISH)

    page, text = response.context["page"], response.content.decode().replace("\xa0", " ")
    (mine,) = page.in_kind
    assert (mine.in_kind, mine.now.to_state, page.promised_minor) == (given, "offered", 0)
    assert mine.worth.replace("\xa0", " ") == "625 SEK"
    assert (mine.how_much in text, given.get_absolute_url() in text) == (True, True)


# --- What I am owed -------------------------------------------------------------------------------


def test_my_part_of_the_next_payment_is_what_then_comes(client, ada):
    offering = make.loan_offering()
    for name, amount in (("Ada", 1000), ("Bo", 777), ("Cem", 523)):
        paid(make.pledge(offering, amount, name), name)
    plan = repayments.make_plan(vehicle=offering.vehicle, on=DAY)
    first, second = plan.instalments.order_by("period")[:2]
    repayments.repay(instalment=first, on=first.due_on, by="test", key="k1")
    client.force_login(ada)

    (told,) = client.get("/me/").context["page"].owed.coming
    came = repayments.repay(instalment=second, on=second.due_on, by="test", key="k2")

    line = came.lines.get(holding__person__name="Ada")
    assert (told.due_on, told.payments, told.last_on) == (second.due_on, 23, date(2028, 11, 23))
    assert (told.principal_minor, told.interest_minor) == (
        line.principal_minor,
        line.interest_minor,
    )


def test_a_late_payment_says_so_and_a_repaid_loan_owes_nothing(ada):
    offering = make.loan_offering(periods=1)
    paid(make.pledge(offering, 1000, "Ada"), "r1")
    plan = repayments.make_plan(vehicle=offering.vehicle, on=DAY)
    people.claim(ada)

    (late,) = queries.my_page(ada, date(2027, 1, 2)).owed.coming
    repayments.repay(instalment=plan.instalments.get(), on=DAY, by="test", key="k")

    assert (late.late_days, late.outstanding_minor) == (10, 100_000)
    assert not queries.my_page(ada, DAY).owed


def decided(offering, kronor: int, key: str):
    """A payout of which parts under 50 kronor are kept, approved by a second person."""
    told = {"vehicle": offering.vehicle, "record_on": DAY, "reason": "Stämman", "key": key}
    dee, eva = make.user(f"dee{key}"), make.user(f"eva{key}")
    made = distributions.compute(**told, total=sek(kronor), least=sek(50), by=dee)
    return distributions.approve(distribution=made, by=eva, on=DAY)


def test_payouts_wait_and_small_parts_are_kept_until_they_are_enough(ada):
    offering = make.share_offering()
    paid(make.pledge(offering, 1000, "Ada"), "r1")
    paid(make.pledge(offering, 9000, "Bo"), "r2")
    people.claim(ada)

    distributions.pay(distribution=decided(offering, 90, "1"), by=make.user("fia"), on=DAY)
    small = queries.my_page(ada, DAY)
    last = decided(offering, 910, "2")
    waiting = queries.my_page(ada, DAY)
    distributions.pay(distribution=last, by=make.user("gun"), on=DAY)
    after = queries.my_page(ada, DAY)

    assert ([due.amount_minor for due in small.owed.kept], small.back) == ([900], ())
    assert ([d.amount_minor for d in waiting.owed.payouts], waiting.owed.kept) == ([10_000], ())
    assert (bool(after.owed), after.earned_minor) == (False, 10_000)


# --- Papers and letters ---------------------------------------------------------------------------


def test_papers_of_each_vehicle_can_be_taken_home(client, ada):
    paid(make.pledge(make.share_offering(), 1000, "Ada"), "r1")
    client.force_login(ada)

    response = client.get("/me/")

    (papers,) = response.context["page"].papers
    assert (papers.vehicle.slug, papers.exit_asked_on) == ("soltaket", None)
    for address in ("certificate/", "statement/?as=pdf", "statement/?as=csv"):
        assert f'href="/me/soltaket/{address}"' in response.content.decode()
    assert client.get("/me/soltaket/statement/?as=csv").status_code == 200


def test_my_letters_are_on_my_page_and_nobody_elses(client, ada):
    told = {"kind": "news", "to": "x@example.org", "subject": "Hej", "written_at": timezone.now()}
    mine = Letter.objects.create(person=people.claim(ada), text="Till Ada", **told)
    Letter.objects.create(person=make.person("Bo"), text="Till Bo", **told)
    Letter.objects.create(person=None, text="Till styrelsen", **told)
    client.force_login(ada)

    assert client.get("/me/").context["page"].letters == (mine,)


# --- Contact --------------------------------------------------------------------------------------

CONTACT = {
    "name": "Ada Lind",
    "phone": "070-123 45 67",
    "municipality": "Björkdalen",
    "postal_address": "Storgatan 1",
    "language": "en",
    "wanted": ["news"],
}


def test_contact_and_wanted_letters_are_kept(client, ada):
    client.force_login(ada)

    response = client.post(reverse("my_contact"), CONTACT)

    person = Person.objects.get(user=ada)
    assert response.status_code == 302
    assert {name: getattr(person, name) for name in CONTACT if name != "wanted"} == {
        name: told for name, told in CONTACT.items() if name != "wanted"
    }
    assert set(person.unwanted.values_list("kind", flat=True)) == {"confirm", "follow-up"}
    shown = client.get(reverse("my_contact")).context["form"]
    assert (shown["name"].value(), shown["wanted"].value()) == ("Ada Lind", ["news"])


@pytest.mark.parametrize(
    "typed", [{"name": ""}, {"name": "A\x00"}, {"language": "de"}, {"wanted": ["receipt"]}]
)
def test_contact_refuses_what_cannot_be(client, ada, typed):
    client.force_login(ada)

    response = client.post(reverse("my_contact"), CONTACT | typed)

    assert response.status_code == 400
    assert not Person.objects.filter(phone=CONTACT["phone"]).exists()


def test_contact_keeps_the_identity_and_its_protection(client, ada):
    people.claim(ada)
    Person.objects.update(identity_sealed="x", is_protected=True)
    client.force_login(ada)

    client.post(reverse("my_contact"), CONTACT)

    person = Person.objects.get()
    assert (person.identity_sealed, person.is_protected) == ("x", True)


def test_letters_follow_the_login_to_its_new_address(client, ada):
    people.claim(ada)
    type(ada).objects.update(email="ada@ny.example")
    client.force_login(type(ada).objects.get())

    client.get("/me/")

    assert Person.objects.get().email == "ada@ny.example"


def test_consents_are_told_with_day_and_words(client, ada):
    person = people.claim(ada)
    people.give_consent(person=person, kind=Consent.Kind.PUBLISH_NAME, at=timezone.now())
    client.force_login(ada)

    page = client.get(reverse("my_contact")).content.decode()

    assert people.PUBLISH_NAME_TEXT in page
    assert f'action="{reverse("hide_name")}"' in page


@pytest.mark.parametrize("name", ["my_export", "my_contact", "forget_me"])
def test_ones_own_pages_ask_for_login(client, name):
    assert client.get(reverse(name))["Location"].startswith(reverse("account_login"))
