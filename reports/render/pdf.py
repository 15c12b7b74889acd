"""A fair report as an A4 paper that a screen reader can read too (PDF/UA)."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from invest.web import papers
from invest.web.refusals import PaperTooLong
from pools.wording import number_text
from reports.charts import Chart
from reports.fair import FairReport, Part
from reports.render.images import harmless

log = logging.getLogger(__name__)
MOST_ROWS = 2000  # In all tables. About 20 s to set, measured.
MOST_OF_A_TABLE = 1000
FONT = "vendor/inter.woff2"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart as it stands on paper. `picture` names its drawing; empty: there is none."""

    chart: Chart
    picture: str
    is_missing: bool
    rows: tuple[tuple[str, ...], ...]
    left_out: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the report, with its charts as they stand on paper."""

    part: Part
    drawn: tuple[Drawn, ...]


def report_pdf(report: FairReport, pictures: Mapping[str, bytes]) -> bytes:
    """The report on A4: cover, contents, parts, and how to count it again.

    `pictures`: chart id → SVG in the theme "print" (images.drawings). Where one is missing its
    table stands alone and a sentence says so; the same with a missing font. Raises NoPapers where
    WeasyPrint is missing, PaperTooLong for more than MOST_ROWS rows.
    """
    chapters = tuple(
        Chapter(part, tuple(_drawn(chart, pictures) for chart in part.charts))
        for part in report.parts
    )
    rows = sum(len(drawn.rows) for chapter in chapters for drawn in chapter.drawn)
    if rows > MOST_ROWS:
        raise PaperTooLong(rows=number_text(rows), most=number_text(MOST_ROWS))
    context = {
        "report": report,
        "fair": report.fair,
        "organisation": report.fair.organisation,
        "chapters": chapters,
        "formulas": getattr(report, "formulas", ()),
        "is_without_pictures": any(d.is_missing for c in chapters for d in c.drawn),
        "is_without_font": finders.find(FONT) is None,
        "site_name": settings.SITE_NAME,
        "address": settings.PUBLIC_URL.rstrip("/") + report.fair.get_absolute_url(),
    }
    html = render_to_string("reports/paper_report.html", context)
    return papers.pdf(html, {_name(id_): harmless(svg) for id_, svg in pictures.items()})


def _drawn(chart: Chart, pictures: Mapping[str, bytes]) -> Drawn:
    rows, more = chart.rows[:MOST_OF_A_TABLE], len(chart.rows) - MOST_OF_A_TABLE
    has_picture = chart.id in pictures
    if chart.figure and not has_picture:
        log.warning("%s stands without its picture", chart.id)
    return Drawn(
        chart=chart,
        picture=_name(chart.id) if has_picture else "",
        is_missing=bool(chart.figure) and not has_picture,
        rows=rows,
        left_out=number_text(more) if more > 0 else "",
    )


def _name(chart_id: str) -> str:
    return f"pictures/{chart_id}.svg"
