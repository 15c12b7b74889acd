"""Pages that everyone may read."""

from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from invest.models import Fair, Need, Offering, Update
from invest.people import give_consent
from invest.pledges import pledges
from invest.vehicles import offerings
from tests import factories as make
from tests.factories import sek

pytestmark = pytest.mark.django_db
STORY = "<script>alert('x')</script><img src=x onerror=alert(1)>"


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def offering(today) -> Offering:
    made = make.share_offering()
    Offering.objects.filter(pk=made.pk).update(closes_on=today + timedelta(days=9))
    return Offering.objects.get(pk=made.pk)


@pytest.fixture
def project(offering):
    return offering.vehicle.project


@pytest.fixture
def fair(project, today) -> Fair:
    made = make.fair(owner=project.organisation, of=(project,))
    starts_at = timezone.make_aware(datetime.combine(today, time(18)))
    Fair.objects.filter(pk=made.pk).update(
        starts_at=starts_at, ends_at=starts_at + timedelta(hours=3)
    )
    return Fair.objects.get(pk=made.pk)


def confirmed(offering, amount=1000, name="Ada"):
    pledge = make.pledge(offering, amount, name)
    pledges.confirm(pledge=pledge, on=make.DAY, by="test")
    return pledge


def text(response) -> str:
    """What a reader reads: no-break spaces are spaces."""
    return response.content.decode().replace("\xa0", " ").replace("&nbsp;", " ")


def test_home_shows_sums_the_fair_of_today_and_its_projects(client, offering, fair):
    confirmed(offering, 1500)

    page = client.get("/", headers={"accept-language": "en"}).context["page"]

    assert (page.sums.committed_minor, page.sums.received_minor) == (150_000, 0)
    assert (page.fair, page.fair_is_today) == (fair, True)
    assert [card.project for card in page.fair_cards] == [offering.vehicle.project]
    assert page.raising == ()


def test_home_of_an_empty_valley_works(client):
    response = client.get("/")

    assert response.status_code == 200
    assert response.context["page"].fair is None


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"soltaket", "ångbåten"}),
        ("?text=ÅNGBÅT", {"ångbåten"}),
        ("?text=taket+SOLTA", {"soltaket"}),
        ("?text=energi+ÅNGBÅT", {"ångbåten"}),
        ("?text=finns+inte", set()),
        ("?stage=raising", {"soltaket", "ångbåten"}),
        ("?stage=operating", set()),
        ("?kind=energy-shares", {"soltaket"}),
        ("?kind=direct-loan", set()),
        ("?sector=food", set()),
        ("?municipality=Björkdalen", {"soltaket", "ångbåten"}),
        ("?page=99", {"soltaket", "ångbåten"}),
        ("?page=x&stage=nonsense&text=%00", {"soltaket", "ångbåten"}),
    ],
)
def test_project_list_is_narrowed_down(client, project, query, found):
    boat = make.project("angbaten", project.organisation)
    boat.name = "Ångbåten"
    boat.save()

    response = client.get(f"/projects/{query}")

    assert response.status_code == 200
    assert {card.project.name.casefold() for card in response.context["cards"]} == found


def test_project_page_keeps_three_sums_apart_and_tells_days_savers_and_day(
    client, offering, project
):
    confirmed(offering, 1500)
    make.pledge(offering, 500, "Bo")

    page = text(client.get(project.get_absolute_url(), headers={"accept-language": "en"}))

    assert "1,500 SEK" in page
    assert "Just promised: 500 SEK" in page
    assert "fewer than 5" in page
    assert "9 days left" in page
    assert reverse("pledge", args=[project.slug]) in page


def test_project_page_tells_how_the_goal_has_moved(client, offering, project, today):
    offerings.revise_goal(
        offering=offering,
        goal_min=sek(70_000),
        goal_max=sek(90_000),
        on=today,
        reason_sv="Hela taket",
        reason_en="The whole roof",
    )

    swedish = text(client.get(project.get_absolute_url()))
    english = text(client.get(project.get_absolute_url(), headers={"accept-language": "en"}))

    assert ("Hela taket" in swedish, "70 000 kr" in swedish) == (True, True)
    assert ("The whole roof" in english, "70,000 SEK" in english) == (True, True)


def test_closed_project_has_no_way_to_promise(client, offering, project, today):
    Offering.objects.filter(pk=offering.pk).update(closes_on=today - timedelta(days=1))

    page = text(client.get(project.get_absolute_url()))

    assert reverse("pledge", args=[project.slug]) not in page


def test_project_without_an_offering_is_shown(client):
    project = make.project()

    assert client.get(project.get_absolute_url()).status_code == 200
    assert client.get(reverse("pledge", args=[project.slug])).status_code == 404
    assert client.get(reverse("raised", args=[project.slug])).status_code == 200


def test_12b_11_names_are_shown_only_with_consent(client, offering, project):
    for name in ("Ada", "Bo"):
        pledge = confirmed(offering, name=name)
        if name == "Ada":
            give_consent(person=pledge.person, kind="publish-name", at=pledge.submitted_at)

    page = client.get(project.get_absolute_url()).context["page"]

    assert page.names == ("Ada",)


@pytest.mark.fault("F65")
def test_story_name_and_news_are_inert(client, offering, project, today):
    project.name = project.story_sv = project.summary_sv = project.use_of_money_sv = STORY
    project.save()
    organisation = project.organisation
    organisation.name = organisation.about_sv = STORY
    organisation.save()
    Update.objects.create(project=project, on=today, title_sv=STORY, text_sv=STORY)
    Need.objects.create(project=project, text_sv=STORY, text_en=STORY, money=sek(5))
    pledge = confirmed(offering, name=STORY)
    give_consent(person=pledge.person, kind="publish-name", at=pledge.submitted_at)

    for address in ("/", "/projects/", project.get_absolute_url(), organisation.get_absolute_url()):
        response = client.get(address)
        page = response.content.decode()
        assert "&lt;script&gt;" in page
        assert ("<script>alert" in page, "<img src=x" in page) == (False, False)
        assert "script-src 'self'" in response["Content-Security-Policy"]


def test_raised_answers_304_until_something_changes(client, offering, project):
    address = reverse("raised", args=[project.slug])
    first = client.get(address)
    again = client.get(address, headers={"if-none-match": first["ETag"]})
    make.pledge(offering, 1000)
    changed = client.get(address, headers={"if-none-match": first["ETag"]})

    assert (first.status_code, first["Cache-Control"]) == (200, "no-cache")
    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_organisation_publishes_its_progress(client, offering, project):
    confirmed(offering, 2500)

    page = client.get(project.organisation.get_absolute_url()).context["page"]

    assert (page.sums.committed_minor, page.sums.savers) == (250_000, 1)
    assert [card.project for card in page.cards] == [project]
    assert page.risks == [str(offerings.terms(offering.vehicle, make.DAY).risk)]
    assert page.paid_back == ()


def test_fair_shows_its_programme_and_links_that_count(client, offering, project, fair):
    response = client.get(fair.get_absolute_url())

    assert [card.project for card in response.context["page"].cards] == [project]
    assert f"{reverse('pledge', args=[project.slug])}?fair={fair.slug}" in text(response)


def test_fair_list_and_organisation_list_work(client, fair):
    assert client.get("/fairs/").context["fairs"].get().projects == 1
    assert client.get("/organisations/").context["cards"][0].projects == 1


@pytest.mark.parametrize(
    "address",
    ["/projects/x/", "/projects/x/raised/", "/organisations/x/", "/fairs/x/", "/pledges/x/"],
)
def test_what_does_not_exist_is_404(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/", "/projects/", "/fairs/"])
def test_pages_to_read_take_no_post(client, address):
    assert client.post(address).status_code == 405


@pytest.mark.parametrize("several", [1, 3])
def test_public_pages_cost_at_most_ten_queries(
    client, several, fair, django_assert_max_num_queries
):
    for number in range(several):
        owner = make.organisation(f"forening-{number}", iban=f"SE{number:022d}")
        offering = make.share_offering(make.project(f"projekt-{number}", owner))
        confirmed(offering)
        make.share_offering(make.project(f"annat-{number}", owner))
    slug = fair.pitches.get().project.slug

    for address in (
        "/",
        "/projects/",
        "/projects/?text=sol&stage=raising&kind=energy-shares&municipality=Björkdalen",
        f"/projects/{slug}/",
        f"/projects/{slug}/raised/",
        "/organisations/",
        "/organisations/forening-0/",
        "/fairs/",
        fair.get_absolute_url(),
    ):
        with django_assert_max_num_queries(10):
            assert client.get(address).status_code == 200


@pytest.mark.parametrize(("language", "amount"), [("sv", "1 500 kr"), ("en", "1,500 SEK")])
def test_amounts_follow_the_reader(client, offering, project, language, amount):
    confirmed(offering, 1500)

    response = client.get(project.get_absolute_url(), headers={"accept-language": language})

    assert f'<html lang="{language}"' in text(response)
    assert amount in text(response)
