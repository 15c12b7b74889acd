"""The open data: what it tells, what it never tells, and how it is asked."""

import csv
import io
from datetime import timedelta

import jsonschema_rs
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from schemathesis import openapi
from schemathesis.generation import GenerationMode

from invest.models import Fair, FinanceSource, Organisation, Pitch, Project
from invest.pledges import pledges
from invest.progress.disclosure import FEWEST_SHOWN
from invest.progress.progress import progress_of
from invest.web import throttle
from reports import publish
from reports.models import Publication, PublicationRevision
from tests import factories as make
from tests.strategies import examples

pytestmark = pytest.mark.django_db
V1 = "/api/v1/"


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def offering():
    return make.share_offering(cap=1_000_000)


@pytest.fixture
def project(offering):
    return offering.vehicle.project


def confirmed(offering, amount=1000, name="Ada"):
    pledge = make.pledge(offering, amount, name)
    pledges.confirm(pledge=pledge, on=make.DAY, by="test")
    return pledge


def told(client, path, **headers):
    response = client.get(V1 + path, headers=headers)
    assert response.status_code == 200, response.content
    return response.json()


def published(
    organisation, project=None, *, of=None, embargo_until=None, is_draft=False
) -> PublicationRevision:
    """What is told as of today, or (`of`) told anew; approved by another unless it is a draft."""
    now = timezone.now()
    words = publish.Words(title_sv="Läget i dag", text_sv="Så här står det.")
    told = {"words": words, "by": "user:1", "at": now, "embargo_until": embargo_until}
    if of is None:
        draft = publish.draft(
            organisation=organisation, project=project, as_of=timezone.localdate(), **told
        )
    else:
        draft = publish.revise(publication=of, as_of=None, reason="Rättat", **told)
    return draft if is_draft else publish.approve(revision=draft, by="user:2", at=now)


# --- What it tells --------------------------------------------------------------------------------


def test_a_projects_sums_are_whole_ore_apart_and_those_of_its_page(client, offering, project):
    confirmed(offering, 1500)
    make.paid(offering, 500, "Bo")
    make.pledge(offering, 2000, "Cem")  # Waits to be confirmed.
    FinanceSource.objects.create(
        project=project, kind="bank-loan", text_sv="Lån", amount=make.sek(9000), signed_on=make.DAY
    )

    sums = told(client, "projects/soltaket")["sums"]

    assert {name: sums[name] for name in ("committed", "received", "enabled", "pending")} == {
        "committed": {"minor": 200_000, "unit": "SEK"},
        "received": {"minor": 50_000, "unit": "SEK"},
        "enabled": {"minor": 900_000, "unit": "SEK"},
        "pending": {"minor": 200_000, "unit": "SEK"},
    }
    of_page = progress_of(project, timezone.localdate()).sums
    assert sums["committed"]["minor"] == of_page.committed_minor


def test_no_amount_is_anything_but_a_whole_number(client, offering, project):
    confirmed(offering, 1500)
    make.fair(owner=project.organisation, of=(project,))

    def floats(value):
        if isinstance(value, dict):
            return [found for each in value.values() for found in floats(each)]
        if isinstance(value, list):
            return [found for each in value for found in floats(each)]
        return [value] if isinstance(value, float) else []

    for path in ("projects", "projects/soltaket", "organisations/energi", "fairs/massan"):
        assert floats(told(client, path)) == []


@pytest.mark.parametrize("savers", [0, 1, FEWEST_SHOWN - 1, FEWEST_SHOWN])
def test_fewer_than_five_savers_are_not_told(client, offering, savers):
    for n in range(savers):
        confirmed(offering, 1000, f"Saver{n}")

    for path in ("projects/soltaket", "organisations/energi"):
        number = told(client, path)["sums"]["savers"]
        assert number == (savers if savers in {0, FEWEST_SHOWN} else None)
    rows = list(csv.DictReader(io.StringIO(text(client.get(f"{V1}projects?as=csv")))))
    assert rows[0]["sums_savers"] == (str(savers) if savers in {0, FEWEST_SHOWN} else "")


def test_no_address_of_the_api_names_a_saver(client, offering, project):
    for n in range(6):
        confirmed(offering, 1000, f"Hemligtnamn{n}")
    make.fair(owner=project.organisation, of=(project,))
    published(project.organisation, project)

    for path in every_path(project):
        answer = client.get(path)
        assert answer.status_code == 200
        assert b"hemligtnamn" not in answer.content.lower()


def test_a_fair_tells_its_projects_in_pitch_order_and_only_those_that_come(client, project):
    owner = project.organisation
    second, third = make.project("bageriet", owner), make.project("angan", owner)
    fair = make.fair(owner=owner, of=(project, second, third))
    Pitch.objects.filter(project=third).update(position=9)
    Pitch.objects.filter(project=project).update(position=3)
    absent = make.project("aldrig", owner)
    Pitch.objects.create(fair=fair, project=absent, position=4)

    found = told(client, "fairs/massan")["projects"]

    assert [each["slug"] for each in found] == ["bageriet", "soltaket", "angan"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"soltaket", "bageriet"}),
        ("?sector=food", {"bageriet"}),
        ("?stage=funded", {"bageriet"}),
        ("?municipality=Åmål", {"bageriet"}),
        ("?municipality=åmål", set()),
        ("?organisation=energi&sector=energy", {"soltaket"}),
        ("?organisation=ingen", set()),
        ("?sector=housing", set()),
    ],
)
def test_filters_narrow_the_list_of_projects(client, project, query, found):
    from invest.projects import stages

    other = make.project("bageriet", project.organisation)
    stages.set_stage(project=other, to="funded", on=make.DAY, by="test")
    Project.objects.filter(pk=other.pk).update(sector="food", municipality="Åmål")

    listed = told(client, f"projects{query}")

    assert {each["slug"] for each in listed["items"]} == found
    assert listed["count"] == len(found)


def test_pages_follow_each_other_and_miss_nobody(client, project):
    for n in range(6):
        make.project(f"p{n}", project.organisation)

    seen, path = [], f"{V1}projects?per_page=3&sector=energy"
    while path:
        page = client.get(path).json()
        seen += [each["slug"] for each in page["items"]]
        path = page["next"]

    assert seen == sorted(seen)
    assert len(seen) == 7 == page["count"]
    assert told(client, "projects?page=99")["items"] == []


# --- Publications ---------------------------------------------------------------------------------


def test_a_publication_is_told_exactly_as_it_was_signed(client, project):
    first = published(project.organisation, project)

    record = told(client, f"publications/{first.publication_id}")

    assert record == {"signed": first.signed, "signature": first.signature, "key": first.key}


@pytest.mark.fault("F71")
def test_what_was_changed_behind_our_back_is_not_told_as_signed(client, project):
    first = published(project.organisation, project)
    PublicationRevision.objects.update(signed=first.signed.replace("Läget", "Laget"))

    record = client.get(f"{V1}publications/{first.publication_id}")

    assert record.status_code == 409
    assert told(client, "publications")["items"] == []


def test_the_newest_public_revision_is_told_and_earlier_ones_when_asked(client, project):
    first = published(project.organisation, project)
    second = published(project.organisation, of=first.publication)
    later = timezone.now() + timedelta(hours=1)
    published(project.organisation, of=first.publication, embargo_until=later)
    published(project.organisation, of=first.publication, is_draft=True)
    path = f"publications/{first.publication_id}"

    assert told(client, path)["signed"] == second.signed
    assert told(client, f"{path}?revision=1")["signed"] == first.signed
    assert [client.get(f"{V1}{path}?revision={n}").status_code for n in (3, 4, 5)] == [404] * 3
    (line,) = told(client, "publications?project=soltaket")["items"]
    assert (line["id"], line["revision"]) == (first.publication_id, 2)


def test_what_is_not_public_is_nowhere(client, project):
    later = timezone.now() + timedelta(minutes=1)
    held = published(project.organisation, project, embargo_until=later)
    draft = published(project.organisation, project, is_draft=True)

    assert told(client, "publications")["items"] == []
    for each in (held, draft):
        assert client.get(f"{V1}publications/{each.publication_id}").status_code == 404


def test_publications_are_found_by_project_and_by_organisation(client, project):
    other = make.organisation("annan", iban="SE3550000000054910000003")
    ours, theirs = published(project.organisation, project), published(other)

    def ids(query):
        return [line["id"] for line in told(client, f"publications{query}")["items"]]

    assert ids("") == [theirs.publication_id, ours.publication_id]
    assert ids("?project=soltaket") == [ours.publication_id]
    assert ids("?organisation=annan") == [theirs.publication_id]


# --- CSV ------------------------------------------------------------------------------------------


def text(response) -> str:
    return response.content.decode("utf-8-sig")


def test_csv_holds_the_whole_list_and_the_same_figures(client, offering, project):
    confirmed(offering, 1500)
    for n in range(4):
        make.project(f"p{n}", project.organisation)

    response = client.get(f"{V1}projects?as=csv&per_page=2")
    rows = list(csv.DictReader(io.StringIO(text(response))))

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert [row["slug"] for row in rows] == ["p0", "p1", "p2", "p3", "soltaket"]
    assert (rows[4]["sums_committed_minor"], rows[4]["sums_committed_unit"]) == ("150000", "SEK")
    assert rows[0]["goal_least_minor"] == ""
    assert "\r\n" in text(response)


def test_csv_runs_nothing_in_a_spreadsheet(client, project):
    evil = '=HYPERLINK("http://x","y")'
    Project.objects.update(name=evil, municipality="@sum")
    Organisation.objects.update(name="+1")
    make.fair(owner=project.organisation)
    Fair.objects.update(venue="-2+3")

    for path in ("projects", "organisations", "fairs", "publications"):
        for row in csv.reader(io.StringIO(text(client.get(f"{V1}{path}?as=csv")))):
            assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@"))], path


# --- How it is asked ------------------------------------------------------------------------------


def every_path(project) -> list[str]:
    ones = [f"projects/{project.slug}", f"organisations/{project.organisation.slug}"]
    lists = ["projects", "organisations", "fairs", "publications"]
    signed = [f"publications/{pk}" for pk in Publication.objects.values_list("pk", flat=True)]
    fairs = [f"fairs/{slug}" for slug in Fair.objects.values_list("slug", flat=True)]
    paths = ["", "openapi.json", *ones, *fairs, *lists, *signed]
    return [V1 + path for path in [*paths, *(f"{each}?as=csv" for each in lists)]]


def test_every_answer_may_be_kept_read_from_anywhere_and_asks_for_no_cookie(client, project):
    for path in every_path(project):
        answer = client.get(path)
        assert answer["Cache-Control"] == "public, max-age=60", path
        assert answer["Access-Control-Allow-Origin"] == "*", path
        assert not answer["ETag"].startswith("W/"), path
        assert "Cookie" not in answer["Vary"], path
        assert answer.cookies == {}, path
    assert client.cookies == {}


def test_asked_again_it_answers_304_without_rendering(client, offering, project, monkeypatch):
    monkeypatch.setattr("reports.views.open_data.MARK_SECONDS", 60)  # However slow the machine is.
    confirmed(offering, 1500)
    for path in every_path(project):
        tag = client.get(path)["ETag"]
        with CaptureQueriesContext(connection) as asked:
            again = client.get(path, headers={"if-none-match": f'"old", W/{tag}'})
        assert (again.status_code, again.content) == (304, b""), path
        assert (again["ETag"], again["Cache-Control"]) == (tag, "public, max-age=60")
        assert again["Access-Control-Allow-Origin"] == "*"
        assert len(asked) == 0, path  # The mark is kept a while.


def test_different_addresses_have_different_tags(client, project):
    tags = [client.get(path)["ETag"] for path in every_path(project)]

    assert len(set(tags)) == len(tags)


CHANGES = {
    "a promise": lambda to, of: make.pledge(to, 1000, "Ny"),
    "a confirmation": lambda to, of: confirmed(to, 1000, "Ny"),
    "a payment": lambda to, of: make.paid(to, 1000, "Ny"),
    "a name": lambda to, of: Project.objects.update(name="Nytt"),
    "a bank loan": lambda to, of: FinanceSource.objects.create(
        project=of, kind="bank-loan", text_sv="Lån", amount=make.sek(9), signed_on=make.DAY
    ),
    "a last day": lambda to, of: type(to).objects.update(closes_on=timezone.localdate()),
    "a fair": lambda to, of: make.fair(owner=of.organisation, of=(of,)),
    "a publication": lambda to, of: published(of.organisation, of),
    "news": lambda to, of: of.updates.create(on=make.DAY, title_sv="a", title_en="b"),
    "a milestone": lambda to, of: of.milestones.create(planned_on=make.DAY, text_sv="a"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_gives_another_tag(client, offering, project, change):
    before = client.get(f"{V1}projects/soltaket")["ETag"]

    CHANGES[change](offering, project)
    cache.clear()
    answer = client.get(f"{V1}projects/soltaket", headers={"if-none-match": before})

    assert answer.status_code == 200
    assert answer["ETag"] != before


def test_an_embargo_that_ends_gives_another_tag(client, project, monkeypatch):
    soon = timezone.now() + timedelta(minutes=5)
    published(project.organisation, project, embargo_until=soon)
    before = client.get(f"{V1}publications")

    cache.clear()
    monkeypatch.setattr(timezone, "now", lambda: soon)
    after = client.get(f"{V1}publications", headers={"if-none-match": before["ETag"]})

    assert (before.json()["count"], after.json()["count"]) == (0, 1)


def test_head_tells_what_get_would(client, project):
    for path in every_path(project):
        get, head = client.get(path), client.head(path)
        assert (head.status_code, head.content) == (200, b""), path
        for name in ("ETag", "Content-Type", "Cache-Control", "Content-Length"):
            assert head[name] == get[name], (path, name)


def test_a_page_elsewhere_may_ask_what_it_may_do(client, project):
    asked = {"origin": "https://tidningen.example", "access-control-request-method": "GET"}

    for path in every_path(project):
        answer = client.options(path, headers=asked)
        assert (answer.status_code, answer.content) == (204, b"")
        assert answer["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
        assert "If-None-Match" in answer["Access-Control-Allow-Headers"]
        assert "Access-Control-Allow-Credentials" not in answer


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_written_here_and_it_says_so(project, method):
    strict = Client(enforce_csrf_checks=True)

    for path in (
        f"{V1}projects",
        "/feed/",
        "/deadlines.ics",
        "/oembed",
        "/embed/projects/soltaket/",
    ):
        answer = getattr(strict, method)(path, headers={"accept-language": "en"})
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")
        assert answer.json()["detail"] == "Here is only to read: ask with GET."


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("nix", 404),
        ("projects/nix", 404),
        ("projects/å", 404),
        ("organisations/nix", 404),
        ("fairs/nix", 404),
        ("publications/1", 404),
        ("publications/99999999999999999999", 422),
        ("projects?page=0", 422),
        ("projects?per_page=201", 422),
        ("projects?sector=space", 422),
        ("projects?as=xml", 422),
        ("projects?municipality=%00", 400),
        ("projects?x=%00", 400),
    ],
)
def test_a_refusal_is_json_with_a_sentence(client, project, path, status):
    answer = client.get(V1 + path)

    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Cache-Control"] == "no-store"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer.json()["status"] == status
    assert answer.json()["detail"].endswith(".")


def test_an_address_that_asks_too_often_waits(client, project, monkeypatch):
    monkeypatch.setattr(throttle, "MOST_READS_OF_AN_ADDRESS", 3)
    ask = [client.get(f"{V1}projects", REMOTE_ADDR="192.0.2.1") for _ in range(4)]
    elsewhere = client.get(f"{V1}projects", REMOTE_ADDR="192.0.2.2")

    assert [answer.status_code for answer in ask] == [200, 200, 200, 429]
    assert ask[3]["Retry-After"] == "60"
    assert ask[3].json()["detail"].endswith(".")
    assert elsewhere.status_code == 200


def test_a_browser_that_knows_the_site_is_not_slowed_by_its_cookie(client, project):
    client.cookies["csrftoken"] = "a" * 32

    answers = {
        client.get(f"{V1}projects").status_code for _ in range(throttle.MOST_OF_A_BROWSER + 3)
    }

    assert answers == {200}


def test_three_hundred_projects_cost_no_more_queries_than_one(client, project):
    Project.objects.bulk_create(
        Project(
            slug=f"p{n}",
            organisation=project.organisation,
            name=f"P{n}",
            sector="food",
            municipality="Björkdalen",
        )
        for n in range(300)
    )
    for path in ("projects?per_page=200", "projects?as=csv", "organisations/energi"):
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            assert client.get(V1 + path).status_code == 200
        assert len(asked) <= 30, (path, len(asked))


# --- Its description ------------------------------------------------------------------------------


def test_everything_is_described_with_an_example(client, project):
    schema = told(client, "openapi.json")

    assert schema["openapi"].startswith("3.1")
    for path, methods in schema["paths"].items():
        operation = methods["get"]
        assert operation["summary"], path
        assert operation["description"], path
        assert {"200", "400", "429"} <= set(operation["responses"]), path
        for asked in operation["parameters"]:
            assert asked["description"], (path, asked["name"])
            assert "example" in asked, (path, asked["name"])
            assert "null" not in str(asked["schema"]), (path, asked["name"])
    for name, shape in schema["components"]["schemas"].items():
        for field, of in shape.get("properties", {}).items():
            assert of.get("description"), (name, field)
            items = "$ref" in of or "$ref" in str(of.get("items"))
            assert items or of.get("examples"), (name, field)


def test_examples_are_what_their_fields_allow(client):
    schema = told(client, "openapi.json")
    for name, shape in schema["components"]["schemas"].items():
        for field, of in shape.get("properties", {}).items():
            for example in of.get("examples", []):
                known = {"components": schema["components"], **of}
                assert jsonschema_rs.is_valid(known, example), (name, field)


@pytest.mark.hypothesis
@pytest.mark.django_db(transaction=True)
def test_every_answer_is_as_described_whatever_is_asked(shared_db, live_server, monkeypatch):
    """Asked over the wire by schemathesis, in and out of what the description allows."""
    monkeypatch.setattr(throttle, "MOST_READS_OF_AN_ADDRESS", 10**9)
    offering = make.share_offering()
    confirmed(offering)
    of = offering.vehicle.project
    make.fair(owner=of.organisation, of=(of,))
    published(of.organisation, of)
    schema = openapi.from_url(f"{live_server.url}{V1}openapi.json")
    found = [each.ok() for each in schema.get_all_operations()]

    assert len(found) == 8
    for operation in found:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

            @given(case=operation.as_strategy(generation_mode=mode))
            @examples(10)
            def asked(case):
                case.call_and_validate()

            asked()
