"""Papers for a fair: posters and stand cards whose codes are read back, numbered cards."""

import os
import shutil
import subprocess
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from invest.fairs import fairs
from invest.models import Fair, Need, Pitch, Project
from tests import factories as make
from tests.invest.web.test_papers import _has_pango, box
from tests.papers import pages

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not _has_pango() and os.environ.get("CI") != "true",
        reason="LEFT OUT: Pango was not found, so no PDF can be set.",
    ),
]
scanned = pytest.mark.skipif(
    not (shutil.which("zbarimg") and shutil.which("pdftoppm")) and os.environ.get("CI") != "true",
    reason="LEFT OUT: zbarimg or pdftoppm was not found, so no printed QR code is read.",
)
ENGLISH = {"accept-language": "en"}


@pytest.fixture(autouse=True)
def _public(settings):
    settings.PUBLIC_URL = "https://byakassan.example"


@pytest.fixture
def pitch():
    project = make.share_offering().vehicle.project
    Need.objects.create(project=project, text_sv="Paneler", text_en="Panels", money=make.sek(90000))
    Need.objects.create(
        project=project, text_sv="Bära tak", text_en="Carry tiles", quantity="12.5", unit="h"
    )
    make.fair(owner=project.organisation, of=(project,))
    Pitch.objects.update(code="mwmwmw")  # The widest of letters.
    return Pitch.objects.select_related("fair", "project").get()


@pytest.fixture
def organiser(client, pitch):
    client.force_login(make.user("olle", ("organiser", pitch.fair.organisation)))
    return client


def address(pitch: Pitch, name: str) -> str:
    return reverse(name, args=[pitch.fair.slug, pitch.code])


def scan(pdf: bytes, folder) -> str:
    """What a scanner reads on the first page as printed at 150 dots an inch."""
    (folder / "paper.pdf").write_bytes(pdf)
    command = ["pdftoppm", "-r", "150", "-png", "-singlefile"]
    subprocess.run([*command, folder / "paper.pdf", folder / "paper"], check=True)
    read = subprocess.run(
        ["zbarimg", "--quiet", "--raw", folder / "paper.png"],
        capture_output=True,
        text=True,
        check=True,
    )
    return read.stdout.strip()


A3, A5, A4 = (841, 1190), (419, 595), (595, 841)  # In points.


@pytest.mark.parametrize(("name", "size"), [("poster", A3), ("stand_card", A5)])
def test_a_paper_of_a_project_says_what_it_needs_and_where_to_go(organiser, pitch, name, size):
    response = organiser.get(address(pitch, name), headers=ENGLISH)

    (page,) = pages(response.content)
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert box(response.content) == size
    for told in (
        "Soltaket",
        "Sun on the roof",
        "90,000 SEK Panels",
        "12.5 h Carry tiles",
        f"byakassan.example/k/{pitch.code}",
        f"Soltaket, code {pitch.code}.",
        "must begin with byakassan.example",
        "you bind yourself to nothing",
    ):
        assert told in page


@pytest.mark.fault("F72")
@scanned
@pytest.mark.parametrize("name", ["poster", "stand_card"])
def test_the_printed_code_is_the_short_address(organiser, pitch, name, tmp_path):
    pdf = organiser.get(address(pitch, name)).content

    assert scan(pdf, tmp_path) == f"https://byakassan.example/k/{pitch.code}/"


@pytest.mark.parametrize("name", ["poster", "stand_card"])
def test_long_words_stay_on_one_page(organiser, pitch, name):
    Project.objects.update(name="Vattenkraftverk " * 7, summary_sv="Ström åt hela byn " * 13)
    Need.objects.all().delete()
    for number in range(9):
        about = {"text_sv": f"{number} rör och kablar " * 6, "text_en": "x"}
        Need.objects.create(project=pitch.project, quantity=number + 1, unit="m", **about)

    told = pages(organiser.get(address(pitch, name)).content)

    assert len(told) == 1
    assert f"byakassan.example/k/{pitch.code}" in told[0]


def test_a_paper_is_named_after_fair_and_project(organiser, pitch):
    told = [organiser.get(address(pitch, name)) for name in ("poster", "stand_card")]

    assert [response["Content-Disposition"] for response in told] == [
        'attachment; filename="massan-soltaket-poster.pdf"',
        'attachment; filename="massan-soltaket-stand.pdf"',
    ]


# --- Pledge cards ---------------------------------------------------------------------------------


def cards(client, **asked):
    return client.get(reverse("card_sheet", args=["massan"]), asked, headers=ENGLISH)


def numbers(page: str) -> list[int]:
    return [int(part.split()[0]) for part in page.split("No. ")[1:]]


def test_pledge_cards_run_on_four_to_a_sheet(organiser):
    response = cards(organiser, **{"from": 97, "count": 6})

    told = pages(response.content)
    assert [sorted(numbers(page)) for page in told] == [[97, 98, 99, 100], [101, 102]]
    assert box(response.content) == A4
    assert response["Content-Disposition"] == 'attachment; filename="massan-cards-97-102.pdf"'


def test_a_pledge_card_asks_what_a_runner_enters(organiser):
    (page,) = pages(cards(organiser, count=1).content)

    for told in (
        "Massan",
        "No. 0001",
        "Name or alias",
        "Mail or phone",
        "Soltaket",
        "Money",
        "kronor",
        "Help in kind: what",
        "how much",
        "hours, days, pieces …",
        "Conditions",
        "May my name be shown? yes no",
        "Signature",
        "A statement of intent. You bind yourself to nothing.",
    ):
        assert page.count(told) == 1, told


def test_cards_leave_a_line_where_too_many_pitch(organiser, pitch):
    for number in range(6):
        project = make.project(f"p{number}", pitch.project.organisation)
        asked = fairs.invite(fair=pitch.fair, project=project, on=make.DAY)
        fairs.answer(pitch=asked, accepts=True, on=make.DAY)

    (page,) = pages(cards(organiser, count=1).content)

    assert "To the project" in page
    assert "Soltaket" not in page


def test_six_projects_with_long_names_leave_room_for_all(organiser, pitch):
    for number in range(5):
        project = make.project(f"p{number}", pitch.project.organisation)
        asked = fairs.invite(fair=pitch.fair, project=project, on=make.DAY)
        fairs.answer(pitch=asked, accepts=True, on=make.DAY)
    Project.objects.update(name="Elektrifierad vattenkraftsanläggning nummer tolv vid sjön")

    (page,) = pages(cards(organiser, count=4).content)

    assert page.count("A statement of intent. You bind yourself to nothing.") == 4


def test_a_project_that_has_not_accepted_is_not_on_the_cards(organiser, pitch):
    fairs.answer(pitch=pitch, accepts=False, on=make.DAY)

    (page,) = pages(cards(organiser, count=1).content)

    assert "Soltaket" not in page


@pytest.mark.parametrize(
    "asked",
    [{"count": 401}, {"count": 0}, {"from": 0}, {"from": "x"}, {"from": 100_000}, {"count": ""}],
)
def test_numbers_that_cannot_be_printed_are_refused_on_the_desk(organiser, asked):
    response = cards(organiser, **asked)

    (field,) = asked
    assert response.status_code == 400
    assert list(response.context["cards"].errors) == [field]


# --- Whose ----------------------------------------------------------------------------------------


@pytest.mark.fault("F58")
@pytest.mark.parametrize("name", ["poster", "stand_card", "card_sheet"])
def test_papers_are_for_the_fairs_organisers(client, pitch, name):
    args = ["massan"] if name == "card_sheet" else ["massan", pitch.code]
    path = reverse(name, args=args)
    assert client.get(path).status_code == 302

    client.force_login(make.user("bo", ("project-owner", pitch.project.organisation)))

    assert client.get(path).status_code == 404


def test_a_code_of_another_fair_is_not_there(organiser, pitch):
    other = make.fair("andra", owner=pitch.fair.organisation, of=(pitch.project,))
    Fair.objects.filter(pk=other.pk).update(ends_at=timezone.now() + timedelta(days=900))

    path = reverse("poster", args=["massan", other.pitches.get().code])

    assert organiser.get(path).status_code == 404
