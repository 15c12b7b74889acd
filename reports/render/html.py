"""A fair report as one file to take along: everything is in it, and it asks no net for anything."""

import logging
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from reports.charts import Chart
from reports.fair import FairReport, Part
from reports.render.images import harmless
from reports.render.slide_show import slides

log = logging.getLogger(__name__)
LOOP_SIZE = {"width": 1920, "height": 800}  # For images.drawings: what a slide leaves.
_FONT = re.compile(r'url\("\.\./(vendor/[\w.-]+\.woff2)"\)')


@dataclass(frozen=True, slots=True)
class Script:
    """A script as it stands in the file, and its hash: the only ones the file lets run."""

    text: SafeString
    hash: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A chart with its drawing; empty: there is none."""

    chart: Chart
    picture: SafeString


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the report with its charts as they are seen."""

    part: Part
    seen: tuple[Seen, ...]


def offline_page(report: FairReport, pictures: Mapping[str, bytes]) -> bytes:
    """The interactive report as one HTML file for a disk or a mail; readable without scripts.

    `pictures`: chart id → SVG in the theme "light", shown where scripts are off.
    """
    names = ["vendor/plotly-basic.min.js", "site/charts.js"]
    if get_language() == "sv":
        names.insert(1, "vendor/plotly-sv.js")
    chapters = [
        Chapter(part, tuple(Seen(chart, _drawing(chart, pictures)) for chart in part.charts))
        for part in report.parts
    ]
    context = {
        "chapters": chapters,
        "formulas": getattr(report, "formulas", ()),
        "style": _style(
            "vendor/bootstrap.min.css", "site/tokens.css", "site/site.css", "reports/offline.css"
        ),
        "first": _script("site/theme.js"),
        "scripts": [_script(name) for name in names],
    }
    return render_to_string("reports/offline.html", {**_context(report), **context}).encode()


def slide_loop(report: FairReport, pictures: Mapping[str, bytes]) -> bytes:
    """Slides for the hall's screen as one HTML file: 16:9, a new one every twelve seconds.

    `pictures`: chart id → SVG in the theme "light"; drawn in LOOP_SIZE they fill the slide. A chart
    without one is left out.
    """
    context = {
        "slides": slides(report, {id_: _svg(picture) for id_, picture in pictures.items()}),
        "style": _style("site/tokens.css", "reports/loop.css"),
        "scripts": [_script("reports/loop.js")],
    }
    return render_to_string("reports/loop_file.html", {**_context(report), **context}).encode()


def _context(report: FairReport) -> dict[str, object]:
    fair = report.fair
    return {
        "report": report,
        "fair": fair,
        "organisation": fair.organisation,
        "page": settings.PUBLIC_URL.rstrip("/") + reverse("fair_report", args=[fair.slug]),
        "site_name": settings.SITE_NAME,
        "mark": _svg(_read("site/mark.svg").encode()),
    }


def _drawing(chart: Chart, pictures: Mapping[str, bytes]) -> SafeString:
    picture = pictures.get(chart.id)
    return _svg(picture) if picture else SafeString("")


def _svg(picture: bytes) -> SafeString:
    return mark_safe(harmless(picture).decode())  # noqa: S308 -- harmless: nothing runs in it


def _style(*names: str) -> SafeString:
    """Our style sheets as one, with the font in it."""
    css = _FONT.sub(lambda found: f'url("{_font(found[1])}")', "\n".join(map(_read, names)))
    return _ours(css, "</style")


def _font(name: str) -> str:
    """A font as an address that holds it; empty where it is missing: another one stands in."""
    found = finders.find(name)
    if not found:
        log.warning("a font is missing: %s", name)
        return "data:,"
    return f"data:font/woff2;base64,{b64encode(Path(str(found)).read_bytes()).decode()}"


def _script(name: str) -> Script:
    text = _ours(_read(name), "</script")
    return Script(text, b64encode(sha256(text.encode()).digest()).decode())


def _ours(text: str, end: str) -> SafeString:
    if end in text.lower() or "<!--" in text:
        raise ValueError(f"{end} would end it too early")
    return mark_safe(text)  # noqa: S308 -- a file of ours


def _read(name: str) -> str:
    return Path(str(finders.find(name))).read_text("utf-8")
