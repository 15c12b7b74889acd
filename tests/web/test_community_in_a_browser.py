"""The community page in a real browser: drawn, without a script, on a phone and on paper."""

import io

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from invest.models import Setting
from tests import factories as make
from tests.web.conftest import axe_finds, too_wide, turns

pytestmark = pytest.mark.browser
PAGE = "/community/"


@pytest.fixture
def bygden(shared_db):
    """Six savers, a potential, and a fair."""
    offering = make.share_offering()
    project = offering.vehicle.project
    make.fair(owner=project.organisation, of=(project,))
    for name in ("Ada", "Bo", "Cem", "Dee", "Eva", "Fia"):
        make.paid(offering, 1000, name)
    Setting.objects.create(
        key="potential-energy", valid_from=make.DAY, value=900_000, source="Påhittat"
    )
    return project


@pytest.mark.parametrize("size", ["phone", "laptop", "wall"])
def test_all_is_drawn_and_nothing_runs_over_the_edge(open_page, bygden, size):
    page = open_page(size)
    page.goto(PAGE)

    plots = page.locator(".plot")
    assert page.locator(".plot[data-drawn]").count() < plots.count()
    page.keyboard.press("Control")
    expect(page.locator(".plot[data-drawn]")).to_have_count(plots.count())
    assert plots.count() >= 5
    for _size, theme in turns(page, size):
        assert (theme, axe_finds(page), too_wide(page)) == (theme, [], False)


def test_filters_and_tables_need_no_script(open_page, bygden):
    page = open_page("phone", java_script_enabled=False)
    page.goto(PAGE)

    page.locator("select[name=year]").select_option("2026")
    page.locator("form.filters button").click()

    assert "year=2026" in page.url
    expect(page.get_by_role("heading", level=1)).to_contain_text("2026")
    page.locator("#years-title ~ figure summary").click()
    expect(page.locator("#years-title ~ figure table")).to_contain_text("6\u00a0000\u00a0kr")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_on_paper_the_drawings_keep_within_the_page(open_page, bygden, theme):
    page = open_page("wall", color_scheme=theme)
    page.goto(PAGE)
    page.keyboard.press("Control")
    expect(page.locator(".plot[data-drawn]")).to_have_count(page.locator(".plot").count())
    page.evaluate(
        """() => window.addEventListener("beforeprint", () => {
            window.printed = {
                theme: document.documentElement.dataset.bsTheme,
                boxes: [...document.querySelectorAll(".plot .main-svg:first-child")]
                    .map((svg) => svg.getAttribute("viewBox")),
            };
        })"""
    )

    paper = PdfReader(io.BytesIO(page.pdf(format="A4", print_background=True)))

    printed = page.evaluate("window.printed")
    assert printed["theme"] == "light"
    assert {box.split()[2] for box in printed["boxes"]} == {"960"}
    text = "".join(sheet.extract_text() for sheet in paper.pages)
    assert bygden.name in text
    assert 1 < len(paper.pages) < 10
    # Afterwards the screen is as it was.
    assert page.evaluate("document.documentElement.dataset.bsTheme") == theme
    assert page.locator(".plot [viewBox]").count() == 0


def test_on_paper_a_table_stands_in_for_what_is_not_drawn(open_page, bygden):
    page = open_page("phone")
    page.goto(PAGE)
    assert page.locator(".plot[data-drawn]").count() == 0

    paper = PdfReader(io.BytesIO(page.pdf(format="A4", print_background=True)))

    text = "".join(sheet.extract_text() for sheet in paper.pages)
    assert page.locator("#years-title ~ figure caption").text_content() in text
    assert page.locator("details[open]").count() == 0
