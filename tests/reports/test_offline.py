"""The report as one file, and the slides for the hall: whole, offline, and only our own scripts."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.utils import translation

from invest.models import Fair
from reports.fair import FairReport, fair_report
from reports.models import Chapter
from reports.render import html
from reports.render.slide_show import MOST_WORDS, slides
from tests import factories as make
from tests.conftest import STORY_DAY
from tests.reports.test_pdf import ATTACKS

PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 4"><text>%s</text></svg>'


@pytest.fixture(scope="module")
def report(valley) -> FairReport:
    with translation.override("sv"):
        made = fair_report(Fair.objects.get(slug="fjarde-massan"), STORY_DAY)
    return replace(made, parts=(replace(made.parts[0], words="Tack alla!"), *made.parts[1:]))


@pytest.fixture(scope="module")
def pictures(report) -> dict[str, bytes]:
    return {chart.id: PICTURE % chart.id.encode() for chart in report.charts if chart.figure}


@pytest.fixture(scope="module")
def page(report, pictures) -> str:
    with translation.override("sv"):
        return html.offline_page(report, pictures).decode()


@pytest.fixture(scope="module")
def loop(report, pictures) -> str:
    with translation.override("sv"):
        return html.slide_loop(report, pictures).decode()


class Read(HTMLParser):
    """Tags with what is in them: attributes, and for scripts and styles their text."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside: list[tuple[str, str]] = []
        self.words = ""
        self._in = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.append((tag, dict(attrs)))
        self._in = tag
        if tag in {"script", "style"}:
            self.inside.append((dict(attrs).get("type") or tag, ""))

    def handle_endtag(self, tag: str) -> None:
        self._in = ""

    def handle_data(self, data: str) -> None:
        if self._in in {"script", "style"}:
            kind, before = self.inside.pop()
            self.inside.append((kind, before + data))
        else:
            self.words += data


def every(report: FairReport) -> list[str]:
    return [cell for chart in report.charts for row in chart.rows for cell in row]


# --- The file -------------------------------------------------------------------------------------


def test_every_figure_and_table_is_in_the_file(report, page):
    read = Read(page)

    figures = [json.loads(text) for kind, text in read.inside if kind == "application/json"]
    assert figures == [chart.figure for chart in report.charts if chart.figure]
    for words in (
        *every(report),
        *(chart.finding for chart in report.charts),
        *(tile.value for tile in report.tiles),
        *(head.seal for head in report.ledger_heads),
        "Tack alla!",
    ):
        assert words in read.words, words


@pytest.mark.fault("F73")
@pytest.mark.parametrize("name", ["page", "loop"])
def test_the_file_asks_nobody_for_anything(name, request):
    read = Read(request.getfixturevalue(name))

    for tag, attributes in read.tags:
        for attribute in ("src", "srcset", "data", "action", "poster", "background"):
            assert attribute not in attributes, tag
        if tag == "link":
            pytest.fail("a style sheet or icon of its own")
        assert tag not in {"iframe", "object", "embed", "img", "base", "form"}
    style = "".join(text for kind, text in read.inside if kind == "style")
    assert "@import" not in style
    addresses = re.findall(r"url\(\s*[\"']?([^\"')]{0,30})", style)
    assert addresses
    assert all(address.startswith(("data:", "#")) for address in addresses)
    assert 'url("data:font/woff2;base64,' in style


@pytest.mark.fault("F65")
@pytest.mark.parametrize("name", ["page", "loop"])
def test_only_our_own_scripts_run_in_the_file(name, request):
    read = Read(request.getfixturevalue(name))
    (policy,) = [a["content"] for t, a in read.tags if a.get("http-equiv")]
    scripts = [text for kind, text in read.inside if kind == "script"]

    allowed = re.search(r"script-src ([^;]*)", policy)[1].split()

    assert allowed == [f"'sha256-{digest(text)}'" for text in scripts]
    assert policy.startswith("default-src 'none';")
    assert "http" not in policy
    assert not [a for _tag, a in read.tags if any(name.startswith("on") for name in a)]


def digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_who_has_no_scripts_sees_the_pictures(report, page, pictures):
    stills = re.findall(r"<noscript>(.*?)</noscript>", page, re.DOTALL)

    assert len(stills) == len(pictures)
    for chart_id, still in zip(pictures, stills, strict=True):
        assert f"<text>{chart_id}</text>" in still


def test_the_drawing_library_is_in_the_file_once(page):
    library = Path(finders.find("vendor/plotly-basic.min.js")).read_text("utf-8")

    assert page.count(library) == 1
    assert len(page) < 2_000_000


def fair_beside_the_valley():
    """Of names and an account that nobody in the valley has: both may stand in one database."""
    owner = make.organisation("mossen", iban="SE4550000000058398257466")
    project = make.project("mosstaket", owner)
    make.share_offering(project)
    return make.fair("mossmassan", owner=owner, of=(project,))


@pytest.mark.fault("F65")
@pytest.mark.parametrize("words", ATTACKS)
def test_an_organisers_words_are_text_in_the_files(db, words):
    fair = fair_beside_the_valley()
    before = fair_report(fair, make.DAY)
    Chapter.objects.create(fair=fair, code="raised", words_sv=words)
    report = fair_report(fair, make.DAY)

    for render in (html.offline_page, html.slide_loop):
        plain, told = (Read(render(which, {}).decode()) for which in (before, report))
        assert words in told.words
        assert {t for t, _a in told.tags} - {t for t, _a in plain.tags} <= {"p", "div", "h2"}
        assert [k for k, _t in told.inside] == [k for k, _t in plain.inside]


@pytest.mark.fault("F73")
def test_a_picture_that_would_run_is_refused(report):
    bad = b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'

    for render in (html.offline_page, html.slide_loop):
        with pytest.raises(ValueError, match="a picture with"):
            render(report, {"raised": bad})


def test_a_missing_font_is_no_reason_for_no_file(report, monkeypatch):
    find = finders.find
    monkeypatch.setattr(finders, "find", lambda name: None if "inter" in name else find(name))

    made = html.offline_page(report, {}).decode()

    assert 'src: url("data:,")' in made
    assert report.tiles[0].value in made


# --- The slides -----------------------------------------------------------------------------------


def test_the_slides_tell_the_sums_apart_and_each_chart_once(report, loop, pictures):
    read = Read(loop)

    shown = slides(report, {})
    assert [slide.kind for slide in shown] == ["opening", "tiles", "tiles", "words", "closing"]
    assert [tile.code for tile in shown[1].tiles] == ["committed", "received", "enabled"]
    with_charts = slides(report, dict.fromkeys(pictures, "x"))
    told = [slide.chart.id for slide in with_charts if slide.chart]
    assert told == list(pictures)
    for chart in report.charts:
        assert (chart.finding in read.words) == (chart.figure is not None)
    for tile in report.tiles:
        assert tile.value in read.words
    assert sum(tag == "section" for tag, _a in read.tags) == len(with_charts)


def test_a_chart_without_a_picture_is_no_slide_of_the_file(report, pictures):
    fewer = {id_: svg for id_, svg in pictures.items() if id_ != "raised"}

    made = html.slide_loop(report, fewer).decode()

    assert next(c for c in report.charts if c.id == "raised").finding not in made


def test_long_words_are_cut_to_what_can_be_read_in_twelve_seconds(report):
    part = replace(report.parts[0], words="ord " * 500)

    told = slides(replace(report, parts=(part,)), {})[3].text

    assert told.count("ord") == MOST_WORDS


def test_a_fair_without_promises_has_slides_that_say_so(db):
    fair = fair_beside_the_valley()

    read = Read(html.slide_loop(fair_report(fair, make.DAY), {}).decode())

    assert "Ingen har lovat något än" in read.words
    assert [s.kind for s in slides(fair_report(fair, make.DAY), {})] == ["opening", "closing"]


# --- The slides on the web ------------------------------------------------------------------------


def test_the_loop_is_public_and_draws_every_chart(valley, client):
    response = client.get("/fairs/fjarde-massan/report/loop/")

    read = Read(response.content.decode())
    report = response.context["report"]
    drawn = [a["data-chart"] for _t, a in read.tags if "data-chart" in a]
    assert response.status_code == 200
    assert drawn == [chart.json_id for chart in report.charts if chart.figure]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert not [a for _t, a in read.tags if "style" in a]
    # Without scripts the tables stand in for the drawings.
    for chart in report.charts:
        if chart.figure:
            for row in chart.rows:
                assert all(cell in read.words for cell in row)


def test_no_such_fair_has_no_loop(db, client):
    assert client.get("/fairs/nowhere/report/loop/").status_code == 404


def test_the_loop_takes_few_queries(valley, client, django_assert_max_num_queries):
    client.get("/fairs/fjarde-massan/report/loop/")

    with django_assert_max_num_queries(40):
        client.get("/fairs/fjarde-massan/report/loop/")
