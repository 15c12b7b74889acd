"""Pictures of charts: what is drawn, in which tones, within which limits, and without any net."""

import io
import os
import re
import shutil
import signal
import stat
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

import pytest
from defusedxml import ElementTree
from django.conf import settings
from django.utils import translation
from PIL import Image

from invest.models import Fair, Project
from pools.wording import number_text
from reports.charts import COLOURS
from reports.fair import FairReport, Part, fair_report
from reports.refusals import NoBrowser
from reports.render import browser, dress, images
from tests import factories as make
from tests.conftest import STORY_DAY

pytestmark = pytest.mark.skipif(
    not (shutil.which("chromium") or os.environ.get("BROWSER_PATH"))
    and os.environ.get("CI") != "true",
    reason="LEFT OUT: Chromium was not found, so no picture can be drawn.",
)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def report(valley) -> FairReport:
    with translation.override("sv"):
        return fair_report(Fair.objects.get(slug="fjarde-massan"), STORY_DAY)


@pytest.fixture(scope="module")
def drawn(report) -> dict[str, bytes]:
    with translation.override("sv"):
        return images.drawings(report, kind="svg")


def words_of(svg: bytes) -> list[str]:
    root = ElementTree.fromstring(svg)
    return ["".join(text.itertext()).replace("\xa0", " ") for text in root.iter(f"{SVG}text")]


def colours_of(svg: bytes) -> set[str]:
    told = re.findall(rb"rgb\((\d+), (\d+), (\d+)\)", svg)
    return {"#" + "".join(f"{int(part):02x}" for part in colour) for colour in told}


# --- What is drawn --------------------------------------------------------------------------------


def test_every_chart_that_has_a_figure_is_drawn(report, drawn):
    assert list(drawn) == [chart.id for chart in report.charts if chart.figure]
    for svg in drawn.values():
        root = ElementTree.fromstring(svg)
        assert (root.get("width"), root.get("height")) == ("1200", "675")
        assert root.get("viewBox") == "0 0 800 450"


def test_a_picture_says_what_its_table_says(report, drawn):
    funnel = next(chart for chart in report.charts if chart.id == "funnel")
    raised = next(chart for chart in report.charts if chart.id == "raised")

    for step, promises, share, _amount in funnel.rows:
        told = f"{step} · {promises} · {share}".replace("\xa0", " ")
        assert told in words_of(drawn["funnel"])
    names = {words.split(" · ")[0] for words in words_of(drawn["raised"])}
    assert {row[0] for row in raised.rows} <= names
    assert "200 000 kr" in words_of(drawn["raised"])


def test_numbers_follow_the_language(report):
    with translation.override("en"):
        svg = images.drawings(_only(report, "raised"), kind="svg")["raised"]

    assert "200,000 kr" in words_of(svg)


def test_letters_are_the_sites_own(drawn):
    for svg in drawn.values():
        fonts = set(re.findall(rb"font-family: ([^;]+);", svg))
        assert fonts == {b"Inter, system-ui, sans-serif"}


def test_the_browser_measures_with_the_sites_own_letters():
    """Words drawn in Inter are as wide as Inter is; nearly every other font is wider."""
    axis = {"tickvals": [0], "ticktext": ["Möjliggjorda banklån"], "automargin": True}
    layout = {"meta": {"tokens": {}}, "yaxis": axis, "margin": {"t": 10, "r": 14, "b": 8}}
    figure = {"data": [{"type": "scatter", "x": [0, 1], "y": [0, 0]}], "layout": layout}
    options = {"format": "svg", "width": 800, "height": 450}

    dressed = dress.dressed(figure, "light")
    inter = _plot_width(browser.draw(dressed, options))
    dressed["layout"]["font"]["family"] = "DejaVu Sans"
    other = _plot_width(browser.draw(dressed, options))

    assert inter > other  # Narrower words leave more room.


def _plot_width(svg: bytes) -> float:
    return float(re.search(rb'class="plotclip"><rect width="([\d.]+)"', svg)[1])


@pytest.mark.parametrize("theme", ["light", "print", "dark"])
def test_a_png_is_as_large_as_asked_for_and_of_its_theme(report, theme):
    made = images.drawings(_only(report, "local"), kind="png", width=640, height=360, theme=theme)

    picture = Image.open(io.BytesIO(made["local"])).convert("RGB")
    # Its three rows need less room on paper.
    assert picture.size == ((640, 216) if theme == "print" else (640, 360))
    assert "#{:02x}{:02x}{:02x}".format(*picture.getpixel((2, 2))) == dress.tones(theme)["card"]


def test_the_dark_theme_has_the_dark_colours(report):
    svg = images.drawings(_only(report, "raised"), kind="svg", theme="dark")["raised"]

    dark = dress.tones("dark")
    assert {dark["committed"], dark["received"], dark["enabled"]} <= colours_of(svg)
    assert not {COLOURS["committed"], COLOURS["received"], COLOURS["enabled"]} & colours_of(svg)


def test_a_fair_without_promises_draws_what_there_is(db):
    roof = make.share_offering()
    fair = make.fair(owner=roof.vehicle.organisation, of=(roof.vehicle.project,))

    report = fair_report(fair, make.DAY)

    assert report.is_empty
    assert set(images.drawings(report, kind="svg")) == {c.id for c in report.charts if c.figure}


# --- The same clothes as in a browser -------------------------------------------------------------


def test_a_drawing_is_dressed_as_the_page_dresses_it(report):
    """Fonts, signs and the legend's place are told in charts.js too: they must not part ways."""
    script = Path(settings.BASE_DIR, "config/static/site/charts.js").read_text("utf-8")
    chart = next(chart for chart in report.charts if chart.id == "outstanding")

    layout = dress.dressed(chart.figure, "light")["layout"]

    assert f"phone ? 12 : {layout['font']['size'] / 16} * rem" in script
    assert f'family: "{layout["font"]["family"]}"' in script
    assert f'orientation: "h", y: {layout["legend"]["y"]}' in script
    assert layout["separators"] == ",\xa0"
    assert 'lang === "sv" ? ",\\u00a0" : ".,"' in script


def test_on_paper_the_three_sums_are_told_apart_in_grey():
    tones = dress.tones("print")
    greys = sorted(lightness(tones[code]) for code in ("committed", "received", "enabled"))

    assert min(b - a for a, b in pairwise(greys)) > 10
    assert tones["card"] == "#ffffff"
    for code in ("received", "enabled", "line-strong"):
        assert contrast(tones[code], "#fffdf8") > 4.5, code


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def lightness(colour: str) -> float:
    """CIE L*, 0…100."""
    y = luminance(colour)
    return 116 * y ** (1 / 3) - 16 if y > 0.008856 else 903.3 * y


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


# --- What is refused ------------------------------------------------------------------------------


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine, and what it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()


def _figure(**layout: object) -> dict:
    trace = {"type": "bar", "x": [1], "y": ["a"], "orientation": "h"}
    return {"data": [trace], "layout": {"meta": {"tokens": {}}, **layout}}


@pytest.mark.fault("F73")
def test_the_browser_reaches_no_server_even_if_it_is_told_to(listener):
    """Past our own check: the browser itself has no way out, not to this machine either."""
    address, asked = listener
    picture = {"source": f"{address}/x.png", "xref": "paper", "yref": "paper", "sizex": 1}

    browser.draw(
        _figure(images=[picture]), {"format": "png", "width": 100, "height": 100, "scale": 1}
    )

    assert asked == []


@pytest.mark.fault("F73")
@pytest.mark.parametrize("source", ["http://127.0.0.1/x.png", "file:///etc/passwd", "data:,x"])
def test_a_figure_with_a_picture_of_others_is_refused(source):
    with pytest.raises(ValueError, match="pictures of others"):
        dress.dressed(_figure(images=[{"source": source}]), "light")


@pytest.mark.fault("F73")
@pytest.mark.parametrize(
    "inside",
    [
        '<image href="http://example.org/x.png"/>',
        '<a xlink:href="http://example.org/"><text>x</text></a>',
        "<script>1</script>",
        '<rect onload="1"/>',
        '<rect style="fill: url(http://example.org/x)"/>',
        '<rect style="fill: url(file:///etc/passwd)"/>',
        "<foreignObject/>",
        "<style>@import 'http://example.org/x.css'</style>",
    ],
)
def test_a_drawing_that_would_fetch_or_run_is_refused(inside):
    with pytest.raises(ValueError, match="a picture with"):
        images.harmless(f'<svg xmlns="http://www.w3.org/2000/svg">{inside}</svg>'.encode())


@pytest.mark.fault("F73")
@pytest.mark.parametrize(
    "name", ['<img src="http://127.0.0.1/x">', '<a href="file:///etc/passwd">X</a>', "A & B <b>"]
)
def test_a_projects_name_is_drawn_letter_for_letter(db, name):
    roof = make.share_offering()
    Project.objects.update(name=name)
    fair = make.fair(owner=roof.vehicle.organisation, of=(roof.vehicle.project,))
    make.called(make.pledge(roof, 1500, "Ada", fair=fair))

    svg = images.drawings(_only(fair_report(fair, make.DAY), "raised"), kind="svg")["raised"]

    assert [words for words in words_of(svg) if words.startswith(f"{name} · ")]


@pytest.mark.fault("F73")
@pytest.mark.parametrize("size", [(100_000, 100_000), (0, 100), (4001, 4000)])
def test_a_picture_has_a_largest_size(report, size):
    width, height = size

    with pytest.raises(ValueError, match="at most"):
        images.drawings(report, kind="png", width=width, height=height)


@pytest.mark.fault("F73")
def test_a_report_has_a_largest_number_of_pictures(report):
    many = replace(report, parts=report.parts * 10)

    with pytest.raises(ValueError, match="at most"):
        images.drawings(many, kind="svg")


@pytest.mark.fault("F73")
def test_a_chart_with_too_much_in_it_is_left_to_its_table(report):
    bars = next(chart for chart in report.charts if chart.id == "raised")
    many = [number_text(n) for n in range(10_000)]
    bomb = {**bars.figure, "data": [{"type": "bar", "y": many, "x": [1] * 10_000}]}
    part = Part("bomb", "Bomb", "", (replace(bars, figure=bomb),))

    began = time.process_time()
    assert images.drawings(replace(report, parts=(part,)), kind="svg") == {}
    assert time.process_time() - began < 1


# --- A browser that is missing, or hangs ----------------------------------------------------------


@pytest.fixture
def _no_browser_yet() -> Iterator[None]:
    browser.stop()
    yield
    browser.stop()


@pytest.mark.usefixtures("_no_browser_yet")
def test_without_a_browser_it_is_said(report, monkeypatch):
    monkeypatch.setenv("BROWSER_PATH", "/nowhere/chromium")
    monkeypatch.setenv("PATH", "/nowhere")

    with translation.override("en"), pytest.raises(NoBrowser, match="No pictures can be drawn"):
        images.drawings(report, kind="svg")


@pytest.mark.fault("F73")
@pytest.mark.usefixtures("_no_browser_yet")
def test_a_browser_that_hangs_is_ended_and_nobody_waits_for_ever(report, monkeypatch, tmp_path):
    pid = tmp_path / "pid"
    hung = tmp_path / "chromium"
    hung.write_text(f"#!/bin/sh\necho $$ > {pid}\nexec sleep 600\n")
    hung.chmod(hung.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("BROWSER_PATH", str(hung))
    monkeypatch.setattr(browser, "START_SECONDS", 4.0)

    began = time.monotonic()
    with pytest.raises(NoBrowser):
        images.drawings(report, kind="svg")

    assert time.monotonic() - began < 15
    assert not _is_alive(int(pid.read_text()))


@pytest.mark.fault("F73")
@pytest.mark.usefixtures("_no_browser_yet")
def test_a_browser_that_died_is_started_again():
    options = {"format": "svg", "width": 100, "height": 100}
    browser.draw(_figure(), options)
    first = browser._running
    os.killpg(first._kaleido.subprocess.pid, signal.SIGKILL)
    first._kaleido.subprocess.wait(5)

    assert browser.draw(_figure(), options).startswith(b"<svg")
    assert browser._running is not first


def _is_alive(pid: int) -> bool:
    for _attempt in range(20):
        stat_file = Path(f"/proc/{pid}/stat")
        if not stat_file.exists() or stat_file.read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return False
        time.sleep(0.1)
    return True


def _only(report: FairReport, chart_id: str) -> FairReport:
    (chart,) = (chart for chart in report.charts if chart.id == chart_id)
    return replace(report, parts=(Part("x", "X", "", (chart,)),))
