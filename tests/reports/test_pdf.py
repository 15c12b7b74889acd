"""The report on A4: read back, every figure is there, and a screen reader finds its way."""

import io
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise

import pytest
from django.contrib.staticfiles import finders
from django.utils import translation
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from invest.models import Fair
from invest.web import papers
from invest.web.refusals import PaperTooLong
from reports.charts import Chart
from reports.fair import FairReport, Part, fair_report
from reports.models import Chapter
from reports.render import images, pdf
from tests import factories as make
from tests.conftest import STORY_DAY
from tests.invest.web.test_papers import _has_pango
from tests.papers import opened
from tests.reports.test_images import listener

__all__ = ["listener"]
pytestmark = pytest.mark.skipif(
    not _has_pango(), reason="LEFT OUT: Pango was not found, so no PDF can be set."
)
ATTACKS = (
    '<img src="http://127.0.0.1:9/x.png">',
    "<script>alert(1)</script>",
    '<object data="file:///etc/passwd"></object>',
    "<link rel=attachment href='file:///etc/passwd'>",
    "{% include 'x' %} {{ fair }}",
    '</section></main><style>@import "http://127.0.0.1:9/x.css"</style>',
)


def drawn(report: FairReport) -> dict[str, bytes]:
    """Real pictures where Chromium is found; else a drawing that stands for each."""
    if shutil.which("chromium"):
        return images.drawings(report, kind="svg", theme="print")
    plain = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 450"/>'
    return {chart.id: plain for chart in report.charts if chart.figure}


@pytest.fixture(scope="module")
def report(valley) -> FairReport:
    with translation.override("sv"):
        made = fair_report(Fair.objects.get(slug="fjarde-massan"), STORY_DAY)
    words = "Vi möttes i skolans matsal.\n\nTack till alla som bar stolar."
    parts = (replace(made.parts[0], words=words), *made.parts[1:])
    return replace(made, parts=parts)


@pytest.fixture(scope="module")
def reader(report) -> PdfReader:
    with translation.override("sv"):
        return PdfReader(io.BytesIO(pdf.report_pdf(report, drawn(report))))


@pytest.fixture(scope="module")
def told(reader) -> list[str]:
    return [squeezed(page.extract_text()) for page in reader.pages]


def squeezed(text: str) -> str:
    """Without spaces: words break over lines where they must."""
    return re.sub(r"[\s\xa0\u2009]+", "", text)


def text_of(made: bytes) -> str:
    return "".join(squeezed(page.extract_text()) for page in PdfReader(io.BytesIO(made)).pages)


# --- What it says ---------------------------------------------------------------------------------


def test_every_figure_of_every_chart_is_on_the_paper(report, told):
    text = "".join(told)

    for chart in report.charts:
        for words in (chart.title, chart.finding, chart.note, *chart.columns):
            assert squeezed(words) in text, words
        for row in chart.rows:
            # A row stands on one page, its cells in order.
            assert squeezed("".join(row)) in text, row
    for tile in report.tiles:
        assert squeezed(tile.label + tile.value) in text
    for head in report.ledger_heads:
        assert squeezed(f"{head.ledger}{head.seq}{head.seal}") in text
    assert "Vimöttesiskolansmatsal." in text
    assert str(report.known_to.event) in text


def test_a_figure_that_is_not_in_the_report_is_not_on_the_paper(report, told):
    """The reader above would tell a difference of one krona."""
    committed = report.tiles[0].value

    changed = committed.replace(committed[0], str((int(committed[0]) + 1) % 10), 1)

    assert squeezed(committed) in "".join(told)
    assert squeezed(report.tiles[0].label + changed) not in "".join(told)


def test_the_cover_says_which_fair_and_which_day(report, told):
    for words in (report.fair.name, report.fair.venue, "23 november 2026"):
        assert squeezed(words) in told[0]


def test_the_contents_lead_to_the_right_pages(report, told):
    for part in report.parts:
        for title in (part.title, *(chart.title for chart in part.charts)):
            found = re.search(rf"{re.escape(squeezed(title))}\.*(\d+?)(?=\D|$)", told[1])
            page = told[int(found[1]) - 1]
            assert squeezed(title) in page
            assert page.endswith(found[1])  # The page's own number.


def test_every_page_but_the_cover_says_its_number_fair_part_and_day(report, told):
    for number, page in enumerate(told[1:], 2):
        assert squeezed(report.fair.name) in page
        # Swedish or English: the catalogue decides.
        day = STORY_DAY.isoformat()
        assert page.endswith((f"per{day}{number}", f"asof{day}{number}"))


def test_formulas_stand_in_the_appendix_where_there_are_any(report):
    class Formula:
        name, words, unit, source = "Gini", "2·Σ i·x(i) ÷ (n·Σx)", "0…1", "Gini 1912"

    text = text_of(pdf.report_pdf(replace(report, formulas=(Formula,)), {}))

    assert squeezed("Gini 2·Σ i·x(i) ÷ (n·Σx) 0…1 Gini 1912") in text


# --- For who listens (PDF/UA) ---------------------------------------------------------------------


def test_the_paper_says_that_it_is_tagged_and_in_which_language(report, reader):
    root = reader.trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "sv"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert report.fair.name in reader.metadata.title
    assert re.search(rb'pdfuaid:part(="1"|>1<)', root["/Metadata"].get_data())


def elements(node: object) -> Iterator[DictionaryObject]:
    """The structure tree, in reading order."""
    node = node.get_object()
    if isinstance(node, list):
        for kid in node:
            yield from elements(kid)
    elif isinstance(node, DictionaryObject):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from elements(node["/K"])


@pytest.fixture(scope="module")
def tree(reader) -> list[DictionaryObject]:
    return list(elements(reader.trailer["/Root"]["/StructTreeRoot"]))


def test_every_picture_is_described_by_its_finding(report, tree):
    figures = [node for node in tree if node["/S"] == "/Figure"]

    told = [str(node["/Alt"]) for node in figures]

    assert told == [chart.finding for chart in report.charts if chart.figure]


def test_headings_nest_and_begin_with_the_fair(tree):
    levels = [int(node["/S"][2:]) for node in tree if re.fullmatch(r"/H\d", node["/S"])]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert levels.count(2) > 5


def test_every_table_says_what_its_columns_and_rows_are(report, tree):
    tables = [node for node in tree if node["/S"] == "/Table"]

    pictured = sum(bool(chart.rows) for chart in report.charts)
    assert len(tables) >= pictured + 2  # And the formulas and the books; one a page it stands on.
    for table in tables:
        inside = list(elements(table))
        rows = [node for node in inside if node["/S"] == "/TR"]
        heads = [node for node in inside if node["/S"] == "/TH"]
        assert len(heads) >= len(rows)  # One a row, and those of the columns.


def test_each_chapter_has_a_bookmark(report, reader):
    def titles(nodes: list) -> Iterator[str]:
        for node in nodes:
            if isinstance(node, list):
                yield from titles(node)
            else:
                yield node.title

    marks = list(titles(reader.outline))

    for part in report.parts:
        assert part.title in marks
        assert {chart.title for chart in part.charts} <= set(marks)


def test_letters_are_embedded_and_the_sites_own(reader):
    names = set()
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].get_object().values():
            names.add(font.get_object()["/BaseFont"])

    assert all("+" in name for name in names)  # A prefix: a subset that is in the file.
    assert {name.split("+")[1].split("-")[0] for name in names} <= {"Inter", "DejaVu"}
    assert any("Inter" in name for name in names)


# --- What falls back, and says so -----------------------------------------------------------------


def test_without_pictures_the_tables_stand_and_it_is_said(report):
    with translation.override("en"):
        text = text_of(pdf.report_pdf(report, {}))

    missing = "Thispicturecouldnotbedrawn.Thetablehasthesamefigures."
    assert text.count(missing) == sum(bool(chart.figure) for chart in report.charts)
    assert "Somepicturescouldnotbedrawnwhenthisreportwasmade." in text
    for chart in report.charts:
        for row in chart.rows:
            assert squeezed("".join(row)) in text


def test_one_missing_picture_is_said_once(report):
    pictures = drawn(report)
    del pictures["local"]

    with translation.override("en"):
        text = text_of(pdf.report_pdf(report, pictures))

    assert text.count("Thispicturecouldnotbedrawn.") == 1


def test_with_all_pictures_nothing_is_said_to_be_missing(told):
    assert "couldnotbedrawn" not in "".join(told)
    assert "kundeinteritas" not in "".join(told)


def test_a_missing_font_is_said_and_the_paper_is_made(report, monkeypatch):
    find = finders.find
    monkeypatch.setattr(
        finders,
        "find",
        lambda name, *more, **k: None if "inter" in name else find(name, *more, **k),
    )

    with translation.override("en"):
        made = pdf.report_pdf(report, {})

    assert "fontwasmissingwhenthisreportwasmade" in text_of(made)
    assert squeezed(report.tiles[0].value) in text_of(made)


@pytest.mark.parametrize("savers", [0, 1])
def test_a_fair_of_nobody_or_of_one_makes_a_paper(db, savers):
    roof = make.share_offering()
    fair = make.fair(owner=roof.vehicle.organisation, of=(roof.vehicle.project,))
    for _saver in range(savers):
        make.called(make.pledge(roof, 1500, "Ada", fair=fair))

    report = fair_report(fair, make.DAY)
    text = text_of(pdf.report_pdf(report, drawn(report)))

    assert squeezed(fair.name) in text
    assert ("Inga" in text or "Ingen" in text) if not savers else "färreän5" in text
    assert "Ada" not in text


# --- Attacks --------------------------------------------------------------------------------------


@pytest.mark.fault("F73")
@pytest.mark.fault("F65")
@pytest.mark.parametrize("words", ATTACKS)
def test_an_organisers_words_are_text(db, words, listener):
    address, asked = listener
    words = words.replace("http://127.0.0.1:9", address)
    roof = make.share_offering()
    fair = make.fair(owner=roof.vehicle.organisation, of=(roof.vehicle.project,))
    Chapter.objects.create(fair=fair, code="raised", words_sv=words)

    made = pdf.report_pdf(fair_report(fair, make.DAY), {})

    assert squeezed(words) in text_of(made)
    assert asked == []
    assert b"root:" not in b"".join(opened(made))
    assert "/EmbeddedFiles" not in (
        PdfReader(io.BytesIO(made)).trailer["/Root"].get("/Names") or {}
    )


FETCHING = (
    '<image href="{address}/x.png" width="9" height="9"/>',
    '<image href="file:///etc/passwd" width="9" height="9"/>',
    '<use href="{address}/x.svg#a"/>',
    '<style>@import "{address}/x.css";</style><rect width="9" height="9"/>',
)


@pytest.mark.fault("F73")
@pytest.mark.parametrize("inside", FETCHING)
def test_a_picture_that_would_fetch_is_refused(report, listener, inside):
    address, asked = listener
    bad = f'<svg xmlns="http://www.w3.org/2000/svg">{inside.format(address=address)}</svg>'

    with pytest.raises(ValueError, match="a picture with"):
        pdf.report_pdf(report, {"raised": bad.encode()})

    assert asked == []


@pytest.mark.fault("F73")
@pytest.mark.parametrize("inside", FETCHING)
def test_the_setter_of_papers_fetches_nothing_for_a_picture_either(listener, inside):
    """Past our own check of pictures."""
    address, asked = listener
    bad = f'<svg xmlns="http://www.w3.org/2000/svg">{inside.format(address=address)}</svg>'
    page = '<html lang="sv"><title>x</title><img alt="x" src="pictures/x.svg">'

    with suppress(ValueError):  # Refused, or left out.
        papers.pdf(page, {"pictures/x.svg": bad.encode()})

    assert asked == []


def _of_rows(report: FairReport, *sizes: int) -> FairReport:
    charts = tuple(
        Chart(f"c{n}", f"C{n}", "x", "y", None, ("A", "B"), (("1", "2 kr"),) * size)
        for n, size in enumerate(sizes)
    )
    return replace(report, parts=(Part("x", "X", "", charts),))


@pytest.mark.fault("F73")
def test_a_bomb_of_rows_is_refused_before_anyone_waits(report):
    began = time.process_time()

    with translation.override("en"), pytest.raises(PaperTooLong, match="3,000 rows"):
        pdf.report_pdf(_of_rows(report, 10_000, 10_000, 10_000), {})

    assert time.process_time() - began < 1


@pytest.mark.fault("F73")
def test_a_table_of_ten_thousand_rows_is_cut_and_says_so(report):
    with translation.override("en"):
        text = text_of(pdf.report_pdf(_of_rows(report, 10_000), {}))

    assert "9,000morerowsareinthereport'sdatafile." in text
    assert text.count("12kr") == pdf.MOST_OF_A_TABLE


@pytest.mark.fault("F73")
def test_endless_words_are_cut(report):
    part = replace(report.parts[0], words="ord " * 100_000, charts=())

    made = pdf.report_pdf(replace(report, parts=(part,)), {})

    assert len(PdfReader(io.BytesIO(made)).pages) < 12
