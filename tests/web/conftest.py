"""A real browser: Debian's Chromium, a phone and a laptop, and a console that must stay silent.

Without Chromium the browser tests say so loudly and are left out; with CI=true that fails.
"""

import os
import shutil
import sys
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page

from invest.models import User

CHROMIUM = os.environ.get("BROWSER_PATH") or shutil.which("chromium") or ""
QUIET = ["gpu", "quic", "background-networking", "component-update", "sync", "dev-shm-usage"]
SIZES = {"phone": (390, 844), "laptop": (1280, 800), "wall": (1920, 1080)}
WCAG = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if CHROMIUM or os.environ.get("CI") == "true":
        return
    browser_tests = [item for item in items if item.get_closest_marker("browser")]
    for item in browser_tests:
        item.add_marker(pytest.mark.skip(reason="LEFT OUT: Chromium was not found."))
    if browser_tests:
        sys.stderr.write(f"\nLEFT OUT: {len(browser_tests)} browser tests, no Chromium found.\n")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    assert CHROMIUM, "Chromium is not installed"
    return {
        **browser_type_launch_args,
        "executable_path": CHROMIUM,
        "args": ["--no-sandbox", "--no-first-run", *(f"--disable-{word}" for word in QUIET)],
    }


@pytest.fixture
def open_page(browser: Browser, live_site: str) -> Iterator[Callable[..., Page]]:
    """Open a page of a size, as a user (None: a stranger). The console must stay silent."""
    said: list[str] = []
    contexts = []

    def opened(
        size: str = "phone", user: User | None = None, *, silent: bool = True, **options: object
    ) -> Page:
        width, height = SIZES[size]
        context = browser.new_context(
            base_url=live_site,
            viewport={"width": width, "height": height},
            locale="sv-SE",
            **options,
        )
        contexts.append(context)
        if user is not None:
            client = Client()
            client.force_login(user)
            value = client.cookies[settings.SESSION_COOKIE_NAME].value
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_site}
            context.add_cookies([cookie])
        page = context.new_page()
        if silent:
            page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: said.append(f"error: {error}"))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert said == []


RINGLESS = """() => {
  const hasRing = (at) => at && getComputedStyle(at).outlineStyle !== "none";
  const takesFocus = "a[href], button, input, select, textarea, summary, [tabindex='0']";
  return [...document.querySelectorAll(takesFocus)].filter((at) => {
    at.focus();
    // A radio that is drawn as a button has its ring around what is drawn.
    return document.activeElement === at && !hasRing(at) && !hasRing(at.nextElementSibling);
  }).map((at) => `no ring: ${at.outerHTML.slice(0, 80)}`);
}"""


FROM_THE_TOP = """() => {
  document.activeElement.blur();
  scrollTo({ top: 0, behavior: "instant" });
  return new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
}"""


def ringless(page: Page) -> list[str]:
    """What shows no ring when the keyboard comes to it, one line each."""
    found: list[str] = page.evaluate(RINGLESS)
    return found


def turns(page: Page, *sizes: str) -> Iterator[tuple[str, str]]:
    """A loaded page in each size, in the light and in the dark."""
    for size in sizes:
        for theme in ("light", "dark"):
            turn(page, size, theme)
            yield size, theme


def too_wide(page: Page) -> bool:
    """Something runs over the right edge."""
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def turn(page: Page, size: str, theme: str) -> None:
    """Show a loaded page in a size and theme as if it came so: from its top, nothing in focus.

    Its style sheets and its script follow, nothing glides, and drawings have their new colours.
    (They keep a legend made for the size they were drawn in.)
    """
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.evaluate(FROM_THE_TOP)


def axe_finds(page: Page) -> list[str]:
    """What axe has against a page at WCAG 2.2 AA: rule and place, one line each."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("(wcag) => axe.run(wcag).then((told) => told.violations)", WCAG)
    return [f"{rule['id']}: {node['target']}" for rule in found for node in rule["nodes"]]
