"""The offers' desk: a treasurer opens an offer by each kind's own questions, and moves a goal."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import escape

from invest.kinds import KINDS
from invest.models import GoalRevision, Offering, Vehicle
from invest.progress.progress import progress_of
from invest.vehicles import offerings
from tests import factories as make

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def project():
    return make.project()


@pytest.fixture
def desk(client, project):
    client.force_login(make.user("dee", ("treasurer", project.organisation)))
    return client


def offer(project, today, **more: str) -> dict[str, str]:
    return {
        "name": "Takets andelar",
        "project": str(project.pk),
        "opens_on": today.isoformat(),
        "closes_on": (today + timedelta(days=60)).isoformat(),
        "minimum": "500",
        "goal_min": "60 000",
        "goal_max": "90 000",
        "terms_price_minor": "500",
        "terms_kwh_per_unit": "120",
        **more,
    }


LOAN = {
    "terms_schedule_type": "straight",
    "terms_rate_pct": "3,25",
    "terms_periods": "36",
    "terms_months_per_period": "1",
    "terms_day_count": "ACT/360",
    "terms_grace": "6",
    "terms_fee_pct": "0",
}


def address(kind: str) -> str:
    return reverse("new_offer", args=["energi", kind])


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_asks_its_own_questions(desk, kind):
    response = desk.get(address(kind), headers=ENGLISH)

    form, page = response.context["form"], response.content.decode()
    with translation.override("en"):
        assert f"<h1>{KINDS[kind].label}</h1>" in page
        assert escape(str(KINDS[kind].risk)) in page
    told = form.term_fields()
    for fields, is_seldom in ((told.often, False), (told.seldom, True)):
        questions = [q.name for q in KINDS[kind].questions() if q.is_seldom is is_seldom]
        assert [field.name for field in fields] == [f"terms_{name}" for name in questions]


def test_an_offer_is_opened_and_savers_can_pledge_at_once(desk, project, today):
    response = desk.post(address("energy-shares"), offer(project, today))

    vehicle = Vehicle.objects.get()
    assert (response.status_code, vehicle.slug) == (302, "takets-andelar")
    assert offerings.terms(vehicle, today).price_minor == 50_000
    part = progress_of(project, today)
    assert (part.goal_min_minor, part.goal_max_minor) == (6_000_000, 9_000_000)
    assert desk.get(reverse("pledge", args=[project.slug])).status_code == 200


def test_a_loan_keeps_its_exact_terms(desk, project, today):
    desk.post(address("direct-loan"), offer(project, today, name="Lån", **LOAN))

    terms = offerings.terms(Vehicle.objects.get(), today)
    assert (str(terms.rate_pct), terms.periods, terms.grace) == ("3.25", 36, 6)
    assert (terms.schedule_type, terms.day_count) == ("straight", "ACT/360")


def test_a_taken_name_gets_an_address_of_its_own(desk, project, today):
    for _ in range(2):
        assert desk.post(address("energy-shares"), offer(project, today)).status_code == 302

    assert sorted(Vehicle.objects.values_list("slug", flat=True)) == [
        "takets-andelar",
        "takets-andelar-2",
    ]


@pytest.mark.fault("F52")
@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        ("energy-shares", {"goal_max": "50 000"}),
        ("energy-shares", {"closes_on": "2020-01-01"}),
        ("energy-shares", {"maximum": "400"}),
        ("energy-shares", {"terms_price_minor": "0"}),
        ("energy-shares", {"terms_kwh_per_unit": "-1"}),
        ("energy-shares", {"project": "999"}),
        ("energy-shares", {"name": "\u202eevil"}),
        ("energy-shares", {"minimum": "1e6"}),
        ("direct-loan", {"terms_periods": "0"}),
        ("direct-loan", {"terms_rate_pct": "101"}),
        ("direct-loan", {"terms_grace": "36"}),
        ("direct-loan", {"terms_schedule_type": "zero"}),
        ("direct-loan", {"terms_months_per_period": "5"}),
    ],
)
def test_an_offer_that_contradicts_itself_is_refused_whole(desk, project, today, kind, wrong):
    typed = offer(project, today, **LOAN) | wrong

    response = desk.post(address(kind), typed, headers={"accept-language": "sv"})

    assert response.status_code == 400
    assert response.context["form"].errors
    assert (Vehicle.objects.count(), Offering.objects.count()) == (0, 0)


@pytest.mark.fault("F58")
def test_another_organisations_project_cannot_be_offered(desk, project, today):
    other = make.organisation("annan", iban="SE3550000000054910000003")
    theirs = make.project("deras", other)

    response = desk.post(address("energy-shares"), offer(theirs, today))

    assert response.status_code == 400
    assert not Vehicle.objects.exists()


def test_a_kind_that_is_none_is_404(desk):
    assert desk.get(address("pyramid")).status_code == 404


def test_a_goal_moves_in_the_open(desk, project, today):
    desk.post(address("energy-shares"), offer(project, today))
    made = Offering.objects.get()
    path = reverse("revise_goal", args=["energi", made.pk])

    typed = {"goal_min": "80 000", "goal_max": "200 000", "reason_sv": "Hela taket"}
    assert desk.post(path, typed).status_code == 302

    made.refresh_from_db()
    assert made.cap_minor == 20_000_000
    page = desk.get(project.get_absolute_url()).content.decode()
    assert "Hela taket" in page
    assert desk.post(path, typed | {"goal_max": "70 000"}, headers=ENGLISH).status_code == 400
    assert GoalRevision.objects.count() == 2
