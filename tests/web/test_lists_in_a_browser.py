"""A list of the desk in a real browser: by keyboard, without a script, on a phone and a laptop."""

import pytest
from playwright.sync_api import Page, expect

from tests import factories as make
from tests.web.conftest import axe_finds, ringless

pytestmark = pytest.mark.browser
ADDRESS = "/organisations/energi/pledges/"


@pytest.fixture
def dee(shared_db):
    """Keeps the books of an energy company with seven promises."""
    offering = make.share_offering()
    for number, name in enumerate(["Östen", "Åsa", "Zorn", "Bo", "Cem", "Dag", "Eva"], start=1):
        make.pledge(offering, 500 * number, name)
    return make.user("dee", ("treasurer", offering.vehicle.organisation))


def savers(page: Page) -> list[str]:
    return page.locator("tbody th strong").all_inner_texts()


def test_a_list_is_searched_sorted_and_taken_home_by_keyboard_alone(open_page, dee):
    page = open_page("laptop", dee, java_script_enabled=False)
    page.goto(ADDRESS)

    page.get_by_role("link", name="Belopp").focus()
    page.keyboard.press("Enter")
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Belopp")
    assert savers(page)[0] == "Östen"

    page.get_by_role("searchbox", name="Sök").focus()
    page.keyboard.type("åsa")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("1 rad har ”åsa”.")
    assert (savers(page), "sort=amount" in page.url) == (["Åsa"], True)

    with page.expect_download() as taken:
        page.get_by_role("link", name="CSV för svenskt Excel").focus()
        page.keyboard.press("Enter")
    lines = taken.value.path().read_text("utf-8-sig").splitlines()
    assert lines[1].startswith("Åsa;åsa@example.org;")
    assert lines[1].endswith(";1000,00")


def test_a_list_has_its_rings_and_nothing_that_axe_finds(open_page, dee):
    page = open_page("phone", dee)
    page.goto(f"{ADDRESS}?sort=-saver&q=a")

    assert (ringless(page), axe_finds(page)) == ([], [])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
