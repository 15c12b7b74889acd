"""A report as a deck: native charts that can be worked on, and what to say in the notes."""

import io
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, TypeGuard

from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from invest.models import Project
from reports.charts import Chart, Fact, Native
from reports.fair import FairReport, Part, Tile
from reports.render import native_chart
from reports.render.master import MARGIN, TOKENS, WIDTH, colour, new_deck, panel, text_box

MOST_ROWS = 11  # Of a table on a slide, under its head.
MOST_BARS = 8  # Categories of lying bars on a slide; more go on the next.
_LONG_TITLE = 90  # Letters that fill two lines.
_LINE = 40  # Letters of a title on one line, in any font.
MOST_TILES = 6  # Figures in large type on a slide.
MOST_WORDS = 900  # Letters of an organiser's words on a slide.
_FULL = WIDTH - 2 * MARGIN
_BOX = (MARGIN, 2.05, _FULL, 4.3)
_NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # A table without lines or fills.


def report_deck(report: FairReport) -> bytes:
    """The deck as PPTX, in the language in force."""
    day = formats.date_format(report.as_of, "DATE_FORMAT")
    footer = f"{report.fair.name}  ·  {_('Figures as of %(day)s.') % {'day': day}}"
    deck, cover, plain = new_deck(footer)
    _Deck(deck, cover, plain).fill(report, day)
    deck.core_properties.title = report.fair.name
    deck.core_properties.author = report.fair.organisation.name
    deck.core_properties.language = get_language() or "sv"
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


class _Deck:
    """Slides in order. Each has a title, an eyebrow above it, and notes to speak from."""

    def __init__(self, deck: Any, cover: Any, plain: Any) -> None:
        self.deck, self.cover, self.plain = deck, cover, plain

    def fill(self, report: FairReport, day: str) -> None:
        """All slides."""
        self._first(report, day)
        self._tiles(report)
        for part in report.parts:
            self._words(part)
            for facts in _batches(part.facts, MOST_TILES):
                self._facts(part, facts)
            for chart in part.charts:
                self._chart(part, chart)
                if chart.id == "raised":
                    self._projects(report, chart)
        self._last(report)

    def _first(self, report: FairReport, day: str) -> None:
        fair = report.fair
        slide = self.deck.slides.add_slide(self.cover)
        slide.shapes.title.text = fair.name
        held = formats.date_format(fair.starts_at, "DATE_FORMAT")
        told = _("%(venue)s, %(day)s. Figures as of %(as_of)s.")
        slide.placeholders[1].text = told % {"venue": fair.venue, "day": held, "as_of": day}
        if report.is_empty:
            slide.placeholders[1].text += f"\n{_nobody()}"
        slide.notes_slide.notes_text_frame.text = fair.about

    def _slide(self, title: str, eyebrow: str, notes: str) -> Any:
        slide = self.deck.slides.add_slide(self.plain)
        slide.shapes.title.text = title
        if len(title) > _LONG_TITLE:
            from pptx.util import Pt  # noqa: PLC0415 -- only a deck needs it

            slide.shapes.title.text_frame.paragraphs[0].runs[0].font.size = Pt(20)
        at = (MARGIN, 0.56, _FULL, 0.35)
        text_box(slide.shapes, eyebrow, at=at, size=14, ink="sun-ink", bold=True)
        slide.notes_slide.notes_text_frame.text = notes
        return slide

    def _facts(self, part: Part, facts: Sequence[Fact]) -> None:
        """Numbers of a part that have no picture."""
        notes = "\n".join(f"{fact.label}: {fact.value}" for fact in facts)
        tiles = [Tile("", fact.label, fact.value) for fact in facts]
        self._cards(self._slide(part.title, _("In numbers"), notes), tiles)

    def _tiles(self, report: FairReport) -> None:
        told = _(
            "Promised, received and enabled are three different things and are never added into"
            " one sum."
        )
        notes = "\n".join([*(f"{tile.label}: {tile.value}" for tile in report.tiles), told])
        slide = self._slide(_("The fair in figures"), report.fair.name, notes)
        self._cards(slide, report.tiles)
        text_box(slide.shapes, told, at=(MARGIN, 6.45, _FULL, 0.35), size=14, ink="ink-soft")

    def _cards(self, slide: Any, tiles: Sequence[Tile]) -> None:
        """Figures in large type, all of a slide in one size."""
        small = 16 if all(len(tile.label) <= _LINE * 2 // 3 for tile in tiles) else 13
        large = 36 if all(len(tile.value) <= 9 for tile in tiles) else 28
        for place, tile in enumerate(tiles):
            row, column = divmod(place, 3)
            at = (MARGIN + column * 4.01, 2.05 + row * 2.15, 3.81, 1.95)
            self._tile(slide, tile, at, (small, large))

    def _tile(
        self,
        slide: Any,
        tile: Tile,
        at: tuple[float, float, float, float],
        sizes: tuple[int, int],
    ) -> None:
        """A figure on a card with its colour at the side."""
        from pptx.enum.shapes import MSO_SHAPE  # noqa: PLC0415 -- only a deck needs it

        left, top, width, height = at
        token = tile.code if tile.code in TOKENS else "line-strong"
        _card(slide, at)
        edge = TOKENS[token][1:].upper()
        panel(slide.shapes, MSO_SHAPE.RECTANGLE, (left, top, 0.1, height), edge)
        box = (left + 0.35, top + 0.15, width - 0.5, 0.6)
        text_box(slide.shapes, tile.label, at=box, size=sizes[0], ink="ink-soft")
        box = (left + 0.35, top + 0.75, width - 0.5, 0.75)
        text_box(slide.shapes, tile.value, at=box, size=sizes[1], bold=True)
        box = (left + 0.35, top + 1.45, width - 0.5, 0.4)
        if tile.note:
            text_box(slide.shapes, tile.note, at=box, size=12, ink="ink-soft")

    def _words(self, part: Part) -> None:
        """What the organiser writes before a part, on as many slides as it needs."""
        for words in _pieces(part.words, MOST_WORDS):
            slide = self._slide(part.title, _("From the organiser"), words)
            size = 24 if len(words) < 400 else 18
            text_box(slide.shapes, words, at=(MARGIN, 2.05, 10.6, 4.7), size=size)

    def _chart(self, part: Part, chart: Chart) -> None:
        """A slide for a chart; more where its bars or its table do not fit on one."""
        eyebrow = "  ·  ".join(dict.fromkeys((part.title, chart.title)))
        notes = "\n".join(
            [chart.finding, chart.note, "", *_lines(chart.columns), *map(_line, chart.rows)]
        )
        if chart.figure is not None and _has_something(chart.native):
            for native in native_chart.pages(chart.native, MOST_BARS):
                slide = self._slide(chart.finding, eyebrow, notes)
                _card(slide, _BOX)
                native_chart.draw(slide, native, at=_BOX, alt=chart.finding, name=chart.title)
                self._note(slide, chart.note)
            return
        for rows in _batches(chart.rows, MOST_ROWS) if chart.rows else [()]:
            slide = self._slide(chart.finding, eyebrow, notes)
            if rows:
                _table(slide, chart, rows)
            else:
                nothing = _("Nothing to tell yet.")
                text_box(slide.shapes, nothing, at=_BOX, size=20, ink="ink-soft")
            self._note(slide, chart.note)

    def _note(self, slide: Any, note: str) -> None:
        text_box(slide.shapes, note, at=(MARGIN, 6.45, _FULL, 0.5), size=13, ink="ink-soft")

    def _projects(self, report: FairReport, chart: Chart) -> None:
        """A slide for each project: what the chart of all tells of it, and its own summary."""
        pitching = Project.objects.filter(
            pitches__fair=report.fair, pitches__accepted_on__isnull=False
        )
        summaries = {project.name: project.summary for project in pitching}
        for number, row in enumerate(chart.rows):
            told = list(zip(chart.columns[1:], row[1:], strict=True))
            notes = "\n".join([summaries.get(row[0], ""), *(f"{a}: {b}" for a, b in told)])
            slide = self._slide(row[0], _("The fair's projects"), notes.strip())
            summary = summaries.get(row[0], "")
            is_long = len(row[0]) > _LINE
            at = (MARGIN, 1.98 if is_long else 1.55, _FULL, 0.5)
            size = 13 if is_long or len(summary) > 180 else 18
            text_box(slide.shapes, summary, at=at, size=size, ink="ink-soft")
            for place, (label, value) in enumerate(told[:6]):
                line, column = divmod(place, 2)
                at = (MARGIN + column * 2.6, 2.6 + line * 1.35, 2.5, 0.35)
                text_box(slide.shapes, label, at=at, size=14, ink="ink-soft")
                at = (MARGIN + column * 2.6, 2.92 + line * 1.35, 2.5, 0.6)
                text_box(slide.shapes, value, at=at, size=24 if len(value) < 12 else 18, bold=True)
            if chart.native is not None:
                box = (MARGIN + 5.4, 2.45, _FULL - 5.4, 4.2)
                _card(slide, box)
                one = native_chart.of_one(chart.native, number)
                tokens = [series.token for series in chart.native.series]
                native_chart.draw(slide, one, at=box, alt=_line(row), name=row[0], tokens=tokens)

    def _last(self, report: FairReport) -> None:
        """The books it rests on, and how to make the same figures again."""
        rests = _(
            "Every figure is counted from the books up to these entries. The seal covers all that"
            " came before: change anything, and it no longer matches."
        )
        again = f"manage.py fair_report {report.fair.slug} --known-to known-to.json --out ."
        how = _("To make the same figures again, however much is booked later:")
        table = Chart(
            id="heads",
            title=_("Books and seals"),
            finding=rests,
            note="",
            figure=None,
            columns=(_("Book"), _("Last entry"), _("Seal")),
            rows=tuple(
                (head.ledger, str(head.seq), f"{head.seal[:16]}…") for head in report.ledger_heads
            ),
        )
        heads = [f"{head.ledger} {head.seq} {head.seal}" for head in report.ledger_heads]
        notes = "\n".join([rests, how, again, "", *heads])
        for rows in _batches(table.rows, MOST_ROWS) if table.rows else [()]:
            slide = self._slide(_("What these figures rest on"), table.title, notes)
            text_box(slide.shapes, rests, at=(MARGIN, 1.6, _FULL, 0.7), size=16, ink="ink-soft")
            if rows:
                _table(slide, table, rows, top=2.4, row=0.32, size=12)
            text_box(slide.shapes, f"{how}\n{again}", at=(MARGIN, 6.35, _FULL, 0.6), size=12)


def _nobody() -> str:
    return _("Nobody has promised anything yet. The figures begin with the first promise.")


def _lines(columns: tuple[str, ...]) -> list[str]:
    return [_line(columns)] if columns else []


def _line(row: tuple[str, ...]) -> str:
    return "  |  ".join(row)


def _has_something(native: Native | None) -> TypeGuard[Native]:
    return native is not None and any(any(series.values) for series in native.series)


def _pieces(words: str, most: int) -> Iterator[str]:
    """Words cut at paragraphs, else at blanks, so that each piece fits a slide."""
    piece = ""
    for word in words.replace("\r\n", "\n").replace("\n", " \n").split(" "):
        if piece and len(piece) + len(word) > most:
            yield piece.strip()
            piece = ""
        # A word without an end would never fit.
        piece += f" {word[:most]}" if piece and not word.startswith("\n") else word[:most]
    if piece.strip():
        yield piece.strip()


def _batches(rows: tuple[Any, ...], most: int) -> Iterator[tuple[Any, ...]]:
    left = iter(rows)
    while batch := tuple(islice(left, most)):
        yield batch


def _card(slide: Any, at: tuple[float, float, float, float]) -> None:
    """A sheet of lighter paper to lay a chart on."""
    from pptx.enum.shapes import MSO_SHAPE  # noqa: PLC0415 -- only a deck needs it
    from pptx.util import Pt  # noqa: PLC0415 -- as above

    sheet = panel(slide.shapes, MSO_SHAPE.RECTANGLE, at, TOKENS["card"][1:].upper())
    sheet.line.color.rgb, sheet.line.width = colour("line"), Pt(0.75)


def _table(
    slide: Any,
    chart: Chart,
    rows: tuple[tuple[str, ...], ...],
    *,
    top: float = 2.05,
    row: float = 0.36,
    size: float = 14,
) -> None:
    """A chart's table as the office program's own, numbers to the right."""
    from pptx.enum.text import PP_ALIGN  # noqa: PLC0415 -- only a deck needs it
    from pptx.util import Inches, Pt  # noqa: PLC0415 -- as above

    box = map(Inches, (MARGIN, top, _FULL, row * (len(rows) + 1)))
    frame = slide.shapes.add_table(len(rows) + 1, len(chart.columns), *box)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", f"{chart.title}. {chart.finding}")
    frame.name = chart.title
    table = frame.table
    table._tbl.tblPr.find("{*}tableStyleId").text = _NO_STYLE
    # Names need more room than numbers.
    share = _FULL / (len(chart.columns) + 1)
    for x in range(len(chart.columns)):
        table.columns[x].width = Inches(share if x else 2 * share)
    for y, told in enumerate((chart.columns, *rows)):
        table.rows[y].height = Inches(row)
        for x, text in enumerate(told):
            cell = table.cell(y, x)
            cell.fill.solid()
            cell.fill.fore_color.rgb = colour("pine-tint" if y == 0 else "card")
            cell.margin_top = cell.margin_bottom = Inches(0.03)
            paragraph = cell.text_frame.paragraphs[0]
            paragraph.alignment = PP_ALIGN.LEFT if x == 0 else PP_ALIGN.RIGHT
            run = paragraph.add_run()
            run.text = text
            run.font.size, run.font.bold = Pt(size), y == 0
            run.font.color.rgb = colour("ink")
