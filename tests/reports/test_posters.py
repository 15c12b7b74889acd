"""A project's poster with figures: one A3, true sums, and nobody who could be found on it."""

import io
import re
from dataclasses import replace

import pytest
from django.utils import translation
from pypdf import PdfReader

from invest.models import Fair, Need, Pitch, Project
from pools.wording import kronor_text, percent_text
from reports.fair import FairReport, fair_report
from reports.render import posters
from tests import factories as make
from tests.conftest import STORY_DAY
from tests.invest.web.test_papers import _has_pango
from tests.reports.test_pdf import squeezed, text_of

pytestmark = pytest.mark.skipif(
    not _has_pango(), reason="LEFT OUT: Pango was not found, so no PDF can be set."
)


@pytest.fixture(scope="module")
def report(valley) -> FairReport:
    with translation.override("sv"):
        return fair_report(Fair.objects.get(slug="fjarde-massan"), STORY_DAY)


@pytest.fixture
def roof():
    offering = make.share_offering()
    make.fair(owner=offering.vehicle.organisation, of=(offering.vehicle.project,))
    return offering


def poster(offering) -> bytes:
    report = fair_report(Fair.objects.get(slug="massan"), make.DAY)
    return posters.poster_pdf(report, offering.vehicle.project_id, {})


def test_every_project_gets_its_sums_on_one_a3(report):
    raised = next(chart for chart in report.charts if chart.id == "raised")
    pitches = Pitch.objects.filter(fair=report.fair, accepted_on__isnull=False)

    for pitch, row in zip(pitches.order_by("position"), raised.rows, strict=True):
        made = posters.poster_pdf(report, pitch.project_id, {})

        (page,) = PdfReader(io.BytesIO(made)).pages
        text = text_of(made)
        assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [297, 420]
        name, committed, received, enabled, least, most, _savers = map(squeezed, row)
        assert name in text
        sums = zip(
            ("Utlovat", "Inbetalt", "Möjliggjordabanklån"),
            (committed, received, enabled),
            strict=True,
        )
        for label, value in sums:
            assert label + value in text
        assert least in text
        assert most in text
        assert pitch.code in text


def test_the_bars_are_as_long_as_their_sums(report):
    pitch = Pitch.objects.get(fair=report.fair, project__slug="soltaket")
    from reports import figures

    frames = figures.fair_frames(report.fair, report.as_of, report.known_to)
    told = posters._poster(pitch, frames)
    row = next(
        r for r in figures.raised_by_project(frames).itertuples() if r.project == pitch.project_id
    )

    scale = max(row.goal_max_minor, row.committed_minor, row.received_minor, row.enabled_minor)
    for bar, minor in zip(
        told.bars, (row.committed_minor, row.received_minor, row.enabled_minor), strict=True
    ):
        assert bar.amount == kronor_text(minor)
        assert abs(bar.x / posters.WIDTH - minor / scale) < 1 / posters.WIDTH
    assert abs(told.goal_min_x / posters.WIDTH - row.goal_min_minor / scale) < 1 / posters.WIDTH
    assert len({bar.fill for bar in told.bars}) == 3


def test_a_poster_takes_few_queries(report, django_assert_max_num_queries):
    pitch = Pitch.objects.get(fair=report.fair, project__slug="soltaket")

    with django_assert_max_num_queries(36):
        posters.poster_pdf(report, pitch.project_id, {})


@pytest.mark.django_db
@pytest.mark.parametrize("savers", [1, 4])
def test_few_savers_are_not_told_and_nor_is_where_they_live(roof, savers):
    for name in ("Ada", "Bo", "Cem", "Dee")[:savers]:
        make.called(make.pledge(roof, 1500, name, fair=Fair.objects.get()))

    text = text_of(poster(roof))

    assert squeezed(kronor_text(150_000 * savers)) in text
    assert "sparareärmed" not in text
    assert "saverstakepart" not in text
    assert not re.search(r"%från|%from", text)


@pytest.mark.django_db
def test_five_savers_of_one_place_are_told(roof):
    for name in ("Ada", "Bo", "Cem", "Dee", "Eva"):
        pledge = make.pledge(roof, 1500, name, fair=Fair.objects.get())
        pledge.person.municipality = roof.vehicle.project.municipality
        pledge.person.save()
        make.called(pledge)

    text = text_of(poster(roof))

    place = roof.vehicle.project.municipality
    assert re.search(r"5(sparareärmed|saverstakepart)", text)
    assert squeezed(f"{percent_text(100)}från{place}") in text or f"100%from{place}" in text


@pytest.mark.django_db
def test_one_from_elsewhere_is_not_found(roof):
    for name in ("Ada", "Bo", "Cem", "Dee", "Eva", "Fia"):
        pledge = make.pledge(roof, 1500, name, fair=Fair.objects.get())
        away = name == "Fia"
        pledge.person.municipality = "Annanby" if away else roof.vehicle.project.municipality
        pledge.person.save()
        make.called(pledge)

    text = text_of(poster(roof))

    assert re.search(r"6(sparareärmed|saverstakepart)", text)
    assert not re.search(r"%från|%from", text)


@pytest.mark.django_db
def test_a_project_with_no_promises_no_goal_and_no_needs_has_a_poster(roof):
    Need.objects.all().delete()

    text = text_of(poster(roof))

    assert squeezed(roof.vehicle.project.name) in text
    assert squeezed(kronor_text(0)) in text


@pytest.mark.django_db
@pytest.mark.fault("F55")
def test_the_longest_words_stay_on_one_page_with_the_square(roof):
    Project.objects.update(name="Långt" * 24, summary_sv="ord och " * 30)
    for number in range(9):
        make_need(roof.vehicle.project, number)

    made = poster(roof)

    (page,) = PdfReader(io.BytesIO(made)).pages
    assert Pitch.objects.get().code in squeezed(page.extract_text())


def make_need(project: Project, number: int) -> None:
    Need.objects.create(project=project, text_sv="Behov " * 26, quantity=number + 1, unit="h")


@pytest.mark.django_db
@pytest.mark.fault("F73")
def test_a_projects_words_are_text_on_its_poster(roof):
    words = '<img src="http://127.0.0.1:9/x.png"> & <script>1</script>'
    Project.objects.update(name=words[:60], summary_sv=words)

    text = text_of(poster(roof))

    assert squeezed(words) in text
    assert squeezed(words[:60]) in text


@pytest.mark.django_db
def test_a_project_that_was_not_there_has_no_poster(roof):
    other = make.project("ugnen", roof.vehicle.organisation)
    report = fair_report(Fair.objects.get(), make.DAY)

    with pytest.raises(Pitch.DoesNotExist):
        posters.poster_pdf(replace(report), other.pk, {})


@pytest.mark.django_db
def test_a_poster_is_tagged(roof):
    root = PdfReader(io.BytesIO(poster(roof))).trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "sv"
