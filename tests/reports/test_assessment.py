"""The radar and its table tell the answers and nothing else: no sum, no mean, no area."""

import math
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.html import escape

from invest.projects.assessments import QUESTIONS
from reports.charts.assessment import MOST_EARLIER, radar
from tests import factories as make

pytestmark = pytest.mark.django_db
DAY = make.DAY


@pytest.fixture
def told():
    """The newest first."""
    bakery = make.project("bageriet")
    before = make.assessment(bakery, on=DAY - timedelta(days=365), climate=2, next_on=DAY)
    now = make.assessment(bakery, climate=3, near=4, nature=0, key="now")
    return [now, before]


def points(polygon: str) -> list[tuple[float, float]]:
    return [tuple(map(float, point.split(","))) for point in polygon.split()]


def test_the_table_holds_the_answers(told):
    chart = radar(told).chart

    assert chart.data.columns == ("question", *(t.on.isoformat() for t in told))
    rows = {code: values for code, *values in chart.data.rows}
    assert rows == {
        "pays": [t.pays for t in told],
        **{code: [t.answers[code] for t in told] for code in QUESTIONS},
    }
    assert [row[1:] for row in chart.rows[1:]] == [
        tuple(str(t.answers[code]) for t in told) for code in QUESTIONS
    ]


def test_the_shape_is_as_far_out_on_each_spoke_as_the_answer(told):
    drawn = radar(told)

    for shape, of in ((drawn.now, told[0]), (drawn.before, told[1])):
        lengths = [math.hypot(*point) for point in points(shape)]
        for length, code in zip(lengths, QUESTIONS, strict=True):
            assert length == pytest.approx(of.answers[code] * 90 / 4, abs=0.1)
    outer = points(drawn.rings[-1])
    assert all(math.hypot(*point) == pytest.approx(90, abs=0.1) for point in outer)


def test_the_finding_names_the_highest_the_lowest_and_what_moved(told):
    finding = radar(told).chart.finding
    name = {code: str(asked.name) for code, asked in QUESTIONS.items()}

    assert finding.index(name["near"]) < finding.index(name["nature"])
    assert name["climate"] in finding
    steps = told[0].answers.values()
    for number in (str(sum(steps)), f"{sum(steps) / 7:.1f}".replace(".", ",")):
        assert number not in finding


def test_one_alone_has_nothing_before_it(told):
    drawn = radar(told[:1])

    assert drawn.before == ""
    assert len(drawn.chart.columns) == 2


def test_only_so_many_stand_beside(told):
    many = [told[0], *[told[1]] * (MOST_EARLIER + 4)]

    assert len(radar(many).chart.columns) == 2 + MOST_EARLIER


def test_the_page_says_the_finding_and_escapes_what_people_wrote(client, told):
    project = told[0].project
    make.assessment(
        project, on=DAY, key="x", near=4, evidence={"near": "<script>alert(1)</script>"}
    )

    page = client.get(reverse("assessment", args=[project.slug]), headers={"accept-language": "sv"})

    text = page.content.decode()
    assert page.status_code == 200
    assert f'aria-label="{escape(page.context["radar"].chart.finding)}"' in text
    assert "<script>alert" not in text
    assert text.count("<polygon") == 6
    # A decimal comma would break the drawing.
    assert all("," not in x for x in re.findall(r' [xyc]{1,2}\d?="([^"]*)"', text))


def test_an_enterprise_that_has_not_told_says_so(client):
    project = make.project()

    page = client.get(reverse("assessment", args=[project.slug]))

    assert page.status_code == 200
    assert '<svg viewBox="-215' not in page.content.decode()
