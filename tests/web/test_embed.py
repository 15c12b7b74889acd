"""The widget on somebody else's page, found by oEmbed, in a real browser."""

import re
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from invest.models import Offering
from tests import factories as make
from tests.reports.test_api import confirmed
from tests.web.conftest import axe_finds

pytestmark = pytest.mark.browser


@pytest.fixture
def project(shared_db, live_site, settings):
    settings.PUBLIC_URL = live_site
    offering = make.share_offering()
    Offering.objects.update(closes_on=timezone.localdate() + timedelta(days=9))
    confirmed(offering, 60_000)
    return offering.vehicle.project


@pytest.fixture
def newspaper() -> Iterator[Callable[[str], str]]:
    """Somebody else's site, of another host and port. Give it an article, get its address."""
    article: dict[str, bytes] = {}

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(article["page"])

        def log_message(self, *_told: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def print_it(body: str) -> str:
        page = f'<!doctype html><html lang="sv"><title>Tidningen</title><main><h1>Nytt</h1>{body}'
        article["page"] = page.encode()
        return f"http://127.0.0.1:{server.server_port}/"

    yield print_it
    server.shutdown()


def test_a_newspaper_finds_the_widget_and_shows_it(
    open_page, project, newspaper, client, live_site
):
    page = client.get(project.get_absolute_url()).content.decode()
    found = re.search(r'type="application/json\+oembed" title="[^"]*" href="([^"]+)"', page)
    told = client.get(found[1].replace("&amp;", "&").removeprefix(live_site)).json()
    paper = open_page("laptop", reduced_motion="reduce")

    paper.goto(newspaper(told["html"]))
    widget = paper.frame_locator("iframe")

    expect(widget.get_by_role("heading", name="Soltaket")).to_be_visible()
    expect(widget.get_by_text("60 000 kr")).to_be_visible()
    expect(widget.get_by_text("9 dagar kvar")).to_be_visible()
    (frame,) = [frame for frame in paper.frames if "/embed/" in frame.url]
    needs = frame.evaluate("[document.documentElement.scrollHeight, innerHeight]")
    assert needs[0] <= needs[1], "the frame must not scroll"
    assert frame.evaluate("document.cookie") == ""
    assert paper.context.cookies() == []
    assert axe_finds(paper) == []
    widget.get_by_role("link", name="Läs mer och var med").click()
    expect(paper).to_have_url(live_site + project.get_absolute_url())


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_widget_is_readable_at_every_size(open_page, project, language):
    page = open_page("phone")
    page.goto(f"/embed/projects/soltaket/?lang={language}")

    for width in (280, 400, 700):
        page.set_viewport_size({"width": width, "height": 420})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            seen = (width, theme)
            assert (*seen, axe_finds(page)) == (*seen, [])
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            ground = page.evaluate(
                "getComputedStyle(document.querySelector('main')).backgroundColor"
            )
            assert (ground == "rgb(27, 36, 32)") == (theme == "dark")


def test_no_other_page_of_ours_shows_in_a_frame(browser: Browser, project, newspaper, live_site):
    context = browser.new_context()
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))

    page.goto(newspaper(f'<iframe src="{live_site}{project.get_absolute_url()}"></iframe>'))
    page.wait_for_timeout(300)

    assert any("frame-ancestors" in text for text in said)
    context.close()


def test_data_for_programs_leaves_the_console_silent(open_page, project):
    page = open_page("laptop")

    page.goto(project.get_absolute_url())

    assert (
        page.evaluate(
            "JSON.parse(document.querySelector('[type=\"application/ld+json\"]').text)['@type']"
        )
        == "Project"
    )
