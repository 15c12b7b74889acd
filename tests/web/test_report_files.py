"""The report's file and its slides in a real browser, from a disk and without any net."""

from pathlib import Path

import pytest
from django.utils import timezone, translation
from playwright.sync_api import Browser, Page, expect

from reports.fair import fair_report
from reports.render import html, images
from tests import factories as make
from tests.web.conftest import SIZES, axe_finds, too_wide, turns

pytestmark = pytest.mark.browser


@pytest.fixture
def fair(shared_db):
    roof = make.share_offering()
    fair = make.fair(owner=roof.vehicle.organisation, of=(roof.vehicle.project,))
    for number in range(12):
        make.called(make.pledge(roof, 1500, f"Saver{number}", fair=fair))
    return fair


@pytest.fixture
def files(fair, tmp_path) -> Path:
    """The two files on a disk."""
    with translation.override("sv"):
        report = fair_report(fair, timezone.localdate())
        pictures = images.drawings(report, kind="svg")
        (tmp_path / "report.html").write_bytes(html.offline_page(report, pictures))
        (tmp_path / "loop.html").write_bytes(html.slide_loop(report, pictures))
    return tmp_path


@pytest.fixture
def from_disk(browser: Browser, files):
    """Open a file as from a memory stick, with the net gone. The console must stay silent."""
    said, asked, contexts = [], [], []

    def opened(name: str, size: str, *, scripts: bool = True, **options: object) -> Page:
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            offline=True,
            java_script_enabled=scripts,
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.clock.install()
        page.goto((files / name).as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
    assert said == []
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []


@pytest.mark.fault("F73")
@pytest.mark.parametrize("size", ["phone", "laptop"])
def test_the_file_draws_its_charts_without_a_net(from_disk, size):
    page = from_disk("report.html", size)

    places = page.locator("[data-chart]")
    expect(page.locator("[data-drawn]")).to_have_count(places.count())
    assert places.count() >= 3
    assert page.locator("[data-chart] svg.main-svg").count() >= places.count()
    page.locator("summary").first.click()
    expect(page.locator("table.figures").first).to_be_visible()
    assert page.evaluate("document.fonts.check('16px Inter')")
    for _size, theme in turns(page, size):
        assert (theme, axe_finds(page), too_wide(page)) == (theme, [], False)


def test_a_drawing_goes_along_as_svg_and_png(from_disk, tmp_path):
    page = from_disk("report.html", "laptop")
    card = page.locator(".chart").first
    expect(card.locator("[data-drawn]")).to_have_count(1)
    card.locator("summary").click()

    for name, begins in (("SVG", b"<svg"), ("PNG", b"\x89PNG")):
        with page.expect_download() as taken:
            card.get_by_role("button", name=name).click()
        kept = tmp_path / taken.value.suggested_filename
        taken.value.save_as(kept)
        assert kept.name == f"raised.{name.lower()}"
        assert kept.read_bytes().startswith(begins)


def test_the_file_is_read_without_scripts(from_disk):
    page = from_disk("report.html", "laptop", scripts=False)

    assert page.locator(".still svg").count() == page.locator("[data-chart]").count()
    expect(page.locator(".still svg").first).to_be_visible()
    expect(page.locator("[data-chart]").first).to_be_hidden()


def shown(page: Page) -> str:
    return page.locator(".slide.is-shown").get_attribute("id")


def test_the_slides_go_on_by_themselves_and_stop_at_a_touch(from_disk):
    page = from_disk("loop.html", "wall")
    last = page.locator(".slide").count()

    assert shown(page) == "slide-1"
    page.clock.run_for(11_000)
    assert shown(page) == "slide-1"
    page.clock.run_for(1_500)
    assert shown(page) == "slide-2"

    page.keyboard.press("Space")
    expect(page.locator("#paused")).to_be_visible()
    page.clock.run_for(60_000)
    assert shown(page) == "slide-2"
    page.mouse.click(400, 300)
    page.clock.run_for(12_500)
    assert shown(page) == "slide-3"

    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert shown(page) == f"slide-{last}"
    page.clock.run_for(12_500)
    assert shown(page) == "slide-1"


def test_dots_lead_to_their_slides_by_keyboard(from_disk):
    page = from_disk("loop.html", "laptop")

    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert shown(page) == "slide-2"
    expect(page.locator(".dots a[aria-current]")).to_have_attribute("href", "#slide-2")


def test_nothing_moves_for_who_wants_it_calm(from_disk):
    page = from_disk("loop.html", "wall", reduced_motion="reduce")

    longest = page.evaluate(
        "Math.max(...[...document.querySelectorAll('*')]"
        ".map((e) => parseFloat(getComputedStyle(e).transitionDuration)))"
    )

    assert longest == 0


def test_every_slide_fits_its_screen_and_large_figures_are_large(from_disk):
    page = from_disk("loop.html", "wall", reduced_motion="reduce")

    for _slide in range(page.locator(".slide").count()):
        slide = page.locator(".slide.is-shown")
        over = slide.evaluate(
            "(e) => [e.scrollHeight - e.clientHeight, e.scrollWidth - e.clientWidth]"
        )
        assert over == [0, 0], shown(page)
        assert axe_finds(page) == []
        page.keyboard.press("ArrowRight")
    figures = page.locator(".slide-tile dd").all()
    width, _height = SIZES["wall"]
    # A twelfth of the width: 16 cm on a screen two metres wide, for who sits ten metres off.
    sizes = [f.evaluate("(e) => parseFloat(getComputedStyle(e).fontSize)") for f in figures]
    assert min(sizes) > width / 13


@pytest.mark.parametrize("size", ["phone", "wall"])
def test_the_loop_on_the_web_draws_and_axe_finds_nothing(open_page, fair, size):
    page = open_page(size, reduced_motion="reduce")
    page.goto("/fairs/massan/report/loop/")

    expect(page.locator("[data-drawn]")).to_have_count(page.locator("[data-chart]").count())
    for _slide in range(page.locator(".slide").count()):
        assert axe_finds(page) == []
        page.keyboard.press("ArrowRight")
