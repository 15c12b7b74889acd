"""A purchase group becomes an association: the same people, their history, and nobody unasked."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from invest import audit
from invest.conversions import conversions
from invest.kinds.refusals import BadTerms
from invest.models import Action, Holding, JoinInvitation, Organisation, Pledge, Vehicle
from invest.refusals import NeedsEvidence, NotReviewed, WrongState
from pools.audit import run
from pools.models import Entry
from tests import factories as make

pytestmark = pytest.mark.django_db
FLOUR = {"item": "Mjöl", "unit_word": "säck", "price_minor": 10_000, "least": 2, "most": 9}
IBAN = "SE4550000000058398257466"
STAKES = {"price_minor": 50_000, "exit_months": 6}


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def flour(today):
    """Ada and Bo bought flour together."""
    since = today - timedelta(days=30)
    offering = make.offering("joint-purchase", FLOUR, minimum=make.sek(100))
    for name in ("Ada", "Bo"):
        make.paid(offering, 100, name, since)
    make.did(offering.vehicle, "order", since, own=0)
    return offering.vehicle


@pytest.fixture
def dee(flour):
    return make.user("dee", ("treasurer", flour.organisation))


def founded(flour, dee, today, form="ek-for", **more):
    facts = {"name": "Kvarnkraft", "iban": IBAN, "paper": "Protokoll § 4"}
    return conversions.found(old=flour, form=form, on=today, user=dee, **facts | more)


def became(flour, project, today, kind="coop-stakes", terms=STAKES):
    offer = {
        "opens_on": today,
        "closes_on": today + timedelta(days=60),
        "minimum": make.sek(500),
        "goal_min": make.sek(500),
        "goal_max": make.sek(50_000),
    }
    return conversions.become(
        old=flour,
        kind=kind,
        name="Insatser i Kvarnkraft",
        slug="kvarninsats",
        project=project,
        terms=terms,
        offer=offer,
        on=today,
        by="user:1",
        paper="Protokoll § 5",
    )


def test_the_same_people_are_asked_and_history_stays(
    flour, dee, today, django_capture_on_commit_callbacks
):
    before = list(Entry.objects.values_list("pk", "seal"))
    actions_before = list(Action.objects.values())
    register = make.sheet(flour, "register", today)

    with django_capture_on_commit_callbacks(execute=True):
        offering = became(flour, founded(flour, dee, today), today)

    asked = JoinInvitation.objects.filter(offering=offering)
    held = set(Holding.objects.filter(vehicle=flour).values_list("person", flat=True))
    assert {row.person_id for row in asked} == held
    assert list(Entry.objects.values_list("pk", "seal")) == before
    assert list(Action.objects.values()) == actions_before
    assert make.sheet(flour, "register", today) == register
    # Nobody is a member, nobody has promised, and no share is out of thin air.
    assert not Pledge.objects.filter(offering=offering).exists()
    assert not offering.vehicle.holdings.exists()
    assert offering.pledged_minor == 0
    assert [letter.to for letter in mail.outbox] == [["ada@example.org"], ["bo@example.org"]]
    assert all(row.token in mail.outbox[i].body for i, row in enumerate(asked))
    # A link both ways, with the paper.
    assert offering.vehicle.grew_from == flour
    assert list(flour.grew_into.all()) == [offering.vehicle]
    for project in (flour.project, offering.vehicle.project):
        assert "Protokoll § 5" in project.stages.latest("number").reason
    assert run(audit.CHECKS) == []


def test_who_says_yes_has_promised_and_who_says_no_has_not(flour, dee, today, client):
    offering = became(flour, founded(flour, dee, today), today)
    ada, bo = JoinInvitation.objects.order_by("person")
    page = client.get(ada.get_absolute_url())
    assert page.status_code == 200
    assert page["X-Robots-Tag"] == "noindex"

    said = {"key": "k", "choice": "100000", "amount": ""}
    yes = [client.post(reverse("join_yes", args=[ada.token]), said) for _ in range(2)]
    no = [client.post(reverse("join_no", args=[bo.token])) for _ in range(2)]
    other = client.post(reverse("join_yes", args=[bo.token]), {"key": "b", "choice": "50000"})

    assert [answer.status_code for answer in (*yes, *no, other)] == [302, 409, 302, 409, 409]
    assert 'role="alert"' in no[1].content.decode()
    pledge = Pledge.objects.get(offering=offering)
    assert (pledge.person, pledge.binding) == (ada.person, "intention")
    assert not offering.vehicle.holdings.exists()  # A promise makes nobody a member either.
    with pytest.raises(WrongState):
        conversions.say_no(invitation=ada, on=today)
    assert run(audit.CHECKS) == []


def test_the_new_one_has_its_own_books_and_its_founders_roles_only(flour, dee, today):
    other = make.user("eva", ("approver", flour.organisation))

    project = founded(flour, dee, today)

    made = Organisation.objects.get(slug="kvarnkraft")
    assert made.ledger_id != flour.organisation.ledger_id
    assert list(dee.roles.filter(organisation=made).values_list("kind", flat=True)) == ["treasurer"]
    assert not other.roles.filter(organisation=made).exists()
    assert project.stages.get().reason.endswith("Protokoll § 4")
    with pytest.raises(BadTerms):
        founded(flour, dee, today, name="Igen")
    with pytest.raises(NeedsEvidence):
        founded(flour, dee, today, name="Igen", paper="")


def test_a_company_must_look_into_the_law_before_it_asks(flour, dee, today):
    project = founded(flour, dee, today, form="ab-svb")
    terms = {"price_minor": 50_000, "quota_minor": 10_000, "limit": "svb"}
    with pytest.raises(NotReviewed):
        became(flour, project, today, "company-shares", terms)
    assert not JoinInvitation.objects.exists()
    assert Vehicle.objects.count() == 1


def test_the_desk_founds_opens_and_tells_who_answered(flour, dee, today, client):
    client.force_login(dee)
    page = reverse("conversion", args=["energi", flour.slug])
    wrong = {"name": "Kvarnkraft", "form": "ek-for", "iban": "SE00", "paper": "§ 4"}
    assert client.post(page, wrong).status_code == 400
    right = wrong | {"iban": "SE45 5000 0000 0583 9825 7466"}
    founded = client.post(page, right)
    assert founded.status_code == 302
    project = Organisation.objects.get(slug="kvarnkraft").projects.get()
    # What was said is not asked again.
    opening = reverse("conversion_kind", args=["energi", flour.slug, "coop-stakes"])
    assert f"{opening}?project=kvarnkraft&amp;paper=" in client.get(founded.url).content.decode()
    form = client.get(opening, {"project": "kvarnkraft", "paper": "§ 4"}).context["form"]
    said = {name: form[name].value() for name in ("project", "name", "paper")}
    assert said == {"project": project.pk, "name": "Kvarnkraft", "paper": "§ 4"}
    twin = right | {"name": "KVARNKRAFT ", "iban": "SE3550000000054910000003"}
    assert client.post(page, twin).status_code == 409
    typed = {
        "name": "Insatser",
        "project": project.pk,
        "opens_on": today.isoformat(),
        "closes_on": (today + timedelta(days=30)).isoformat(),
        "minimum": "500",
        "goal_min": "500",
        "goal_max": "50000",
        "terms_price_minor": "500",
        "terms_exit_months": "6",
        "paper": "Protokoll § 5",
    }
    assert client.post(opening, typed | {"paper": ""}).status_code == 400

    answer = client.post(opening, typed)

    assert answer.status_code == 302, answer.context["form"].errors
    told = client.get(page).content.decode()
    assert "Ada" in told
    assert "Bo" in told
    assert client.get(reverse("vehicle", args=["energi", flour.slug])).status_code == 200
    made = Vehicle.objects.get(grew_from=flour)
    assert client.get(reverse("vehicle", args=["kvarnkraft", made.slug])).status_code == 200
