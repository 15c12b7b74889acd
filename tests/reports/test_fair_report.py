"""The report of a fair: its charts with their tables, and its page."""

import csv
import io
import json
import re
from dataclasses import asdict
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone, translation

from invest.models import Fair
from pools.wording import kronor_text
from reports import charts, figures
from reports.charts import COLOURS
from reports.fair import FairReport, fair_report
from tests import factories as make
from tests.conftest import STORY_DAY

TOKENS = Path(settings.BASE_DIR, "config/static/site/tokens.css")


@pytest.fixture(scope="module")
def report(valley) -> FairReport:
    with translation.override("sv"):
        return fair_report(Fair.objects.get(slug="fjarde-massan"), STORY_DAY)


def test_every_chart_says_its_finding_and_has_its_table(report):
    assert len(report.charts) >= 6
    for chart in report.charts:
        # No loan defaulted in the valley: a picture of noughts would be an empty one.
        assert (chart.figure is None) == (chart.id == "defaults"), chart.id
        assert all((chart.title, chart.finding, chart.note))
        assert len(chart.rows) > 0
        assert {len(row) for row in chart.rows} == {len(chart.columns)}
    assert len({chart.id for chart in report.charts}) == len(report.charts)


def test_bars_and_table_tell_the_same(report):
    raised = next(chart for chart in report.charts if chart.id == "raised")
    bars = {trace.get("name"): trace["x"] for trace in raised.figure["data"]}

    for number, row in enumerate(raised.rows):
        for column, cell in zip(raised.columns[1:6], row[1:6], strict=True):
            assert kronor_text(round(bars[column][number] * 100)) == cell


def test_s12_figures_are_plain_json_and_never_sum_different_things(report):
    for chart in report.charts:
        json.dumps(chart.figure, allow_nan=False)
    raised = next(chart for chart in report.charts if chart.id == "raised")
    assert raised.figure["layout"]["barmode"] == "overlay"
    finance = next(chart for chart in report.charts if chart.id == "finance")
    assert finance.figure["layout"].get("barmode") != "stack"


def test_s12_tiles_keep_the_three_sums_apart(report):
    raised = next(chart for chart in report.charts if chart.id == "raised")
    codes = [tile.code for tile in report.tiles]

    assert codes[:3] == ["committed", "received", "enabled"]
    assert len({tile.value for tile in report.tiles[:3]}) == 3
    assert len(raised.rows) == 4


def test_colours_are_those_of_the_site():
    light = re.search(r":root.*?\{(.*?)\n\}", TOKENS.read_text("utf-8"), re.DOTALL)[1]
    tokens = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))

    assert {name: tokens.get(name) for name in COLOURS} == COLOURS


def test_every_colour_drawn_is_a_token(report):
    for chart in report.charts:
        drawn = re.findall(r"#[0-9a-f]{6}", json.dumps((chart.figure or {}).get("data")))
        assert set(drawn) <= set(COLOURS.values()), chart.id


def test_the_same_report_is_the_same_twice(valley, report):
    with translation.override("sv"):
        again = fair_report(Fair.objects.get(slug="fjarde-massan"), STORY_DAY)

    assert again == report


def test_every_part_that_has_something_to_tell_is_told(report):
    told = {part.code: [chart.id for chart in part.charts] for part in report.parts}

    assert list(told) == list(charts.CHAPTERS)
    assert told["energy"] == ["production"]
    assert told["fund"] == ["capacity", "fund-funnel", "defaults"]
    assert told["saving"] == ["saved", "points"]
    assert all(part.facts for part in report.parts if part.code in {"raised", "loans", "energy"})


def test_the_appendix_tells_the_figures_of_the_parts_that_are_told(report):
    parts = {part.code for part in report.parts}

    assert {formula.part for formula in report.formulas} == parts
    assert all(f.name and f.words and f.unit and f.source for f in report.formulas)
    assert {formula.part for formula in figures.FORMULAS} == set(charts.CHAPTERS)


def test_the_page_shows_the_appendix_and_the_single_figures(valley, client):
    page = client.get("/fairs/fjarde-massan/report/").content.decode()

    assert page.count('<dl class="key-figures">') >= 4
    assert "(n·Σx)" in page


def test_numbers_tell_what_the_table_tells(report):
    for chart in report.charts:
        assert len(chart.data.rows) == len(chart.rows), chart.id
        json.dumps(asdict(chart.data), allow_nan=False)


def test_a_drawing_for_office_programs_has_a_value_for_each_category(report):
    for chart in report.charts:
        if chart.native is not None:
            for series in chart.native.series:
                assert len(series.values) == len(chart.native.categories), chart.id
                assert series.token in COLOURS


def test_where_a_goal_was_moved_is_said_and_marked(report):
    raised = next(chart for chart in report.charts if chart.id == "raised")
    marks = [trace for trace in raised.figure["data"] if trace.get("marker", {}).get("size") == 11]

    assert "300 000 kr till 600 000 kr" in raised.finding.replace("\xa0", " ") or (
        "300 000 kr to 600 000 kr" in raised.finding.replace("\xa0", " ")
    )
    assert marks[0]["x"] == [300_000.0]


def test_no_text_of_a_drawing_needs_an_inline_style(report):
    # Plotly writes <b> as a style attribute, which the page's policy refuses.
    assert not re.search(r"<(b|i|span|sup|sub)\b", json.dumps([c.figure for c in report.charts]))


def test_a_fair_without_promises_says_so(db, client):
    roof = make.share_offering()
    make.fair(owner=roof.vehicle.organisation, of=(roof.vehicle.project,))

    response = client.get("/fairs/massan/report/")

    assert response.context["report"].is_empty
    assert "Ingen har lovat något än" in response.content.decode()


@pytest.mark.parametrize("savers", [1, 4])
def test_12b_11_few_savers_are_not_told(db, client, savers):
    roof = make.share_offering()
    fair = make.fair(owner=roof.vehicle.organisation, of=(roof.vehicle.project,))
    for name in ("Ada", "Bo", "Cem", "Dee")[:savers]:
        make.called(make.pledge(roof, 1500, name, fair=fair))

    response = client.get("/fairs/massan/report/")

    tiles = {tile.label: tile.value for tile in response.context["report"].tiles}
    assert tiles["Sparare"] == "färre än 5"
    assert "Median per sparare" not in tiles
    for chart in response.context["report"].charts:
        if chart.id in {"histogram", "local", "lorenz"}:
            assert chart.figure is None


def test_the_page_takes_few_queries(valley, client, django_assert_max_num_queries):
    client.get("/fairs/fjarde-massan/report/")

    # The fair itself, and three vehicles whose registers are told.
    with django_assert_max_num_queries(18 + 3 * 9):
        response = client.get("/fairs/fjarde-massan/report/")

    assert response.status_code == 200


def test_another_days_figures_are_that_days(valley, client):
    past = client.get("/fairs/fjarde-massan/report/?as_of=2026-06-30").context["report"]
    now = client.get("/fairs/fjarde-massan/report/").context["report"]

    assert str(past.as_of) == "2026-06-30"
    assert past.tiles[0].value != now.tiles[0].value


def test_a_charts_figures_go_along_as_csv(valley, client):
    report = client.get("/fairs/fjarde-massan/report/?as_of=2026-06-30").context["report"]
    raised = next(chart for chart in report.charts if chart.id == "raised")

    answer = client.get("/fairs/fjarde-massan/report/raised.csv?as_of=2026-06-30")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))

    assert rows[0] == list(raised.data.columns)
    assert rows[1:] == [["" if c is None else str(c) for c in row] for row in raised.data.rows]
    assert 'filename="fjarde-massan-2026-06-30-raised.csv"' in answer["Content-Disposition"]
    assert client.get("/fairs/fjarde-massan/report/nothing.csv").status_code == 404


@pytest.mark.fault("F52")
@pytest.mark.parametrize("page", ["", "raised.csv"])
@pytest.mark.parametrize("asked", ["x", "2026-13-01", "9999-12-31", "２０２６-01-01"])
def test_a_day_that_is_none_or_to_come_is_400(db, client, asked, page):
    roof = make.share_offering()
    make.fair(owner=roof.vehicle.organisation, of=(roof.vehicle.project,))

    response = client.get(f"/fairs/massan/report/{page}", {"as_of": asked})

    assert response.status_code == 400
    assert asked in response.content.decode()


def test_no_such_fair_is_404(db, client):
    assert client.get("/fairs/nowhere/report/").status_code == 404


def test_amounts_are_told_in_the_readers_language(valley, client):
    page = client.get("/fairs/fjarde-massan/report/", headers={"accept-language": "en"})

    assert "Needs at least" in page.content.decode()
    assert page.context["report"].as_of == timezone.localdate()
    assert page.context["report"].tiles[0].value.endswith("SEK")
