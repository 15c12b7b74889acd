"""A report as a spreadsheet: every table with numbers in it, and its chart to work on."""

import io
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from textwrap import wrap
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from pools.exports.cells import neutral
from pools.wording import day_text, kronor_text, number_text, percent_text
from reports.charts import Chart, Native, Shape
from reports.charts.drawing import Cell
from reports.fair import FairReport
from reports.render.master import TOKENS

MOST_NAME = 31  # Letters in a sheet's name, by Excel's rule; these it does not take:
_NOT_IN_NAMES = str.maketrans("[]:*?/\\'", "        ")
KRONOR, WHOLE, PERCENT, DAY = '#,##0.00 "kr"', "#,##0", "0 %", "yyyy-mm-dd"
_FIRST_ROW = 4  # Of a table: above it stand the finding, the note and a blank line.
_WIDEST, _LEAST = 44, 15
_LINE = 20  # Pixels of a row.
_ON_A_PAGE = 24  # Rows of a table that share a printed page with their drawing.
_LONG = 16  # Rows of a table: the drawing of a longer one stands beside it, not below.


def report_sheets(report: FairReport) -> bytes:
    """The workbook as XLSX, in the language in force. The same report gives the same bytes."""
    import xlsxwriter  # noqa: PLC0415 -- only a spreadsheet needs it

    out = io.BytesIO()
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, {"in_memory": True, **safe}) as book:
        made = datetime(report.as_of.year, report.as_of.month, report.as_of.day, tzinfo=UTC)
        book.set_properties({"title": report.fair.name, "created": made.replace(tzinfo=None)})
        _Book(book, report).write()
    return out.getvalue()


class _Book:
    """The sheets in order: a cover, one for each chart, and what the figures rest on."""

    def __init__(self, book: Any, report: FairReport) -> None:
        self.book, self.report = book, report
        self.names = _names(report)
        base = {"font_size": 11, "font_color": TOKENS["ink"]}
        pine, soft = {"font_color": TOKENS["pine"]}, {"font_color": TOKENS["ink-soft"]}
        head = {"bold": True, "bg_color": TOKENS["pine-tint"], "bottom": 1, "valign": "top"}
        looks: dict[str, dict[str, Any]] = {
            "text": {},
            "title": {"bold": True, "font_size": 22, **pine},
            "finding": {"bold": True, "font_size": 14, **pine},
            "heading": {"bold": True, "font_size": 13, **pine},
            "soft": soft,
            "words": {"text_wrap": True, "valign": "top"},
            "head": {**head, "text_wrap": True},
            "head-number": {**head, "text_wrap": True, "align": "right"},
            "right": {"align": "right"},
            "big": {"bold": True, "font_size": 14, "align": "right"},
            "link": {"underline": 1, **pine},
            **{shape: {"num_format": shape} for shape in (KRONOR, WHOLE, PERCENT, DAY)},
            **{
                f"first {shape}": {"num_format": shape, "align": "left"}
                for shape in (KRONOR, WHOLE, PERCENT, DAY)
            },
        }
        self.looks = {name: book.add_format({**base, **look}) for name, look in looks.items()}

    def write(self) -> None:
        """All sheets."""
        self._cover()
        for chart in self.report.charts:
            self._chart(chart)
        self._appendix()

    def _sheet(self, name: str, rows: int = 0) -> Any:
        sheet = self.book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 1 if rows <= _ON_A_PAGE else 0)
        return sheet

    def _text(self, sheet: Any, row: int, column: int, text: object, look: str = "text") -> None:
        """Always as text: never a formula, not even where the sheet is later saved as CSV."""
        sheet.write_string(row, column, str(neutral(str(text))), self.looks[look])

    def _cover(self) -> None:
        report = self.report
        sheet = self._sheet(_("Overview"))
        sheet.set_column(0, 0, 46)
        sheet.set_column(1, 1, 24)
        sheet.set_column(2, 2, 70)
        self._text(sheet, 0, 0, report.fair.name, "title")
        told = _("%(venue)s, %(day)s. Figures as of %(as_of)s.") % {
            "venue": report.fair.venue,
            "day": formats.date_format(report.fair.starts_at, "DATE_FORMAT"),
            "as_of": formats.date_format(report.as_of, "DATE_FORMAT"),
        }
        self._text(sheet, 1, 0, told, "soft")
        row = 3
        if report.is_empty:
            nobody = _(
                "Nobody has promised anything yet. The figures begin with the first promise."
            )
            self._text(sheet, row, 0, nobody)
            row += 2
        for tile in report.tiles:
            self._text(sheet, row, 0, tile.label)
            self._text(sheet, row, 1, tile.value, "big")
            self._text(sheet, row, 2, tile.note, "soft")
            row += 1
        apart = _(
            "Promised, received and enabled are three different things and are never added into"
            " one sum."
        )
        self._text(sheet, row, 0, apart, "soft")
        row += 2
        for part in report.parts:
            self._text(sheet, row, 0, part.title, "heading")
            row += 1
            if part.words:
                # A merged cell does not grow by itself: so many lines of so many letters.
                lines = sum(1 + len(line) // 120 for line in part.words.splitlines())
                sheet.merge_range(row, 0, row, 2, "", self.looks["words"])
                sheet.set_row(row, min(400, 16 * lines))
                self._text(sheet, row, 0, part.words, "words")
                row += 1
            for fact in part.facts:
                self._text(sheet, row, 0, fact.label)
                self._text(sheet, row, 1, fact.value)
                row += 1
            for chart in part.charts:
                place = f"internal:'{self.names[chart.id]}'!A1"
                sheet.write_url(row, 0, place, self.looks["link"], self.names[chart.id])
                self._text(sheet, row, 1, chart.finding)
                row += 1
            row += 1

    def _chart(self, chart: Chart) -> None:
        """A chart's table as numbers, the drawing beside it, and the drawing's numbers below."""
        sheet = self._sheet(self.names[chart.id], len(chart.rows))
        self._text(sheet, 0, 0, chart.finding, "finding")
        self._text(sheet, 1, 0, chart.note, "soft")
        self._head(sheet, _FIRST_ROW - 1, chart.columns)
        sheet.freeze_panes(_FIRST_ROW, 1)
        sheet.repeat_rows(_FIRST_ROW - 1)
        for number, row in enumerate(numbers(chart), start=_FIRST_ROW):
            for column, (cell, shape) in enumerate(row):
                self._cell(sheet, number, column, cell, shape)
        if not chart.rows:
            self._text(sheet, _FIRST_ROW, 0, _("Nothing to tell yet."), "soft")
        self._widths(sheet, chart)
        if chart.native is not None and chart.figure is not None:
            self._draw(sheet, chart, chart.native)

    def _head(self, sheet: Any, row: int, columns: Sequence[str]) -> None:
        for column, name in enumerate(columns):
            self._text(sheet, row, column, name, "head-number" if column else "head")
        # No program makes a row higher by itself when it opens a file.
        lines = max((len(wrap(name, _LEAST - 1)) for name in columns[1:]), default=1)
        sheet.set_row(row, 16 * max(1, lines))

    def _cell(self, sheet: Any, row: int, column: int, cell: Any, shape: str) -> None:
        look = self.looks[shape if column else f"first {shape}"] if shape else None
        if shape == DAY:
            sheet.write_datetime(row, column, cell, look)
        elif shape:
            sheet.write_number(row, column, cell, look)
        else:
            self._text(sheet, row, column, cell, "right" if column else "text")

    def _widths(self, sheet: Any, chart: Chart) -> None:
        """Wide enough for what stands there: a number too wide for its cell is only ###."""
        told, series = chart.native, len(chart.native.series) if chart.native else 0
        for column in range(max(len(chart.columns), series + 1)):
            longest = max(
                (len(row[column]) + 4 for row in chart.rows if column < len(row)), default=0
            )
            if column == 0 and told is not None:
                longest = max(longest, *map(len, told.categories), 0, 0)
            sheet.set_column(column, column, min(_WIDEST, max(_LEAST, longest)))

    def _draw(self, sheet: Any, chart: Chart, native: Native) -> None:
        """The drawing under the table, and under it the numbers that it is drawn from."""
        after, height = _FIRST_ROW + len(chart.rows) + 1, 300
        if native.shape in {Shape.BARS, Shape.STACKED}:
            bars = len(native.categories) * (
                1 if native.shape is Shape.STACKED else len(native.series)
            )
            height = min(1200, 120 + 28 * bars)
        is_beside = len(chart.rows) > _LONG
        row = _FIRST_ROW - 1 if is_beside else after
        column = max(len(chart.columns), len(native.series) + 1) + 1 if is_beside else 0
        first = after + 2 if is_beside else after + height // _LINE + 4
        self._text(sheet, first - 2, 0, _("The numbers of the drawing"), "heading")
        self._head(sheet, first - 1, ["", *(series.name for series in native.series)])
        shape = {'#,##0 "kr"': KRONOR, "0%": PERCENT}.get(native.number_format, WHOLE)
        for place, category in enumerate(native.categories, start=first):
            self._text(sheet, place, 0, category)
        for place, series in enumerate(native.series, start=1):
            for line, value in enumerate(series.values, start=first):
                if value is not None:
                    sheet.write_number(line, place, value, self.looks[shape])
        drawn = _drawing(self.book, self.names[chart.id], native, first)
        drawn.set_size({"width": 860, "height": height})
        told = {"description": chart.finding, "object_position": 3}
        sheet.insert_chart(row, column, drawn, told)

    def _appendix(self) -> None:
        """What the figures rest on: formulas, books with their seals, and how to make it again."""
        sheet = self._sheet(_("What it rests on"))
        sheet.set_column(0, 0, 44)
        sheet.set_column(1, 1, 16)
        sheet.set_column(2, 4, 70)
        self._text(sheet, 0, 0, _("What these figures rest on"), "finding")
        rests = _(
            "Every figure is counted from the books up to these entries. The seal covers all that"
            " came before: change anything, and it no longer matches."
        )
        self._text(sheet, 1, 0, rests, "soft")
        self._head(sheet, 3, [_("Book"), _("Last entry"), _("Seal")])
        row = 4
        for head in self.report.ledger_heads:
            self._text(sheet, row, 0, head.ledger)
            sheet.write_number(row, 1, head.seq, self.looks[WHOLE])
            self._text(sheet, row, 2, head.seal)
            row += 1
        again = _("To make the same figures again, however much is booked later:")
        self._text(sheet, row + 1, 0, again)
        command = f"manage.py fair_report {self.report.fair.slug} --known-to known-to.json --out ."
        self._text(sheet, row + 2, 0, command)
        told = list(_formulas(self.report))
        if told:
            self._text(sheet, row + 4, 0, _("How each figure is counted"), "heading")
        for number, line in enumerate(told, start=row + 5):
            for column, text in enumerate(line):
                self._text(sheet, number, column, text, "words")


def numbers(chart: Chart) -> Iterator[list[tuple[Any, str]]]:
    """The rows of a chart's table as (cell, number format): numbers where they are told.

    A cell becomes a number where the chart's own data has one on that row that reads just so: öre
    become Decimal kronor, days dates, shares 0…1. Whole percents that are only told are hundredths.
    All else stays text, with the format empty.
    """
    for place, row in enumerate(chart.rows):
        facts = chart.data.rows[place] if len(chart.data.rows) == len(chart.rows) else ()
        readings = list(_readings(chart.data.columns, facts))
        told: list[tuple[Any, str]] = []
        for text in row:
            # Each number stands once: of two that read the same, the first comes first.
            found = next((i for i, (reading, *_rest) in enumerate(readings) if reading == text), -1)
            if found >= 0:
                _reading, cell, shape = readings.pop(found)
                told.append((cell, shape))
            else:
                told.append(_percent(text))
        yield told


def _readings(columns: Sequence[str], facts: Sequence[Cell]) -> Iterator[tuple[str, Any, str]]:
    """How each number of a row of data reads in the language in force, with the number itself."""
    for column, fact in zip(columns, facts, strict=False):
        if isinstance(fact, float) and 0 <= fact <= 1:
            yield percent_text(round(100 * fact)), fact, PERCENT
        elif isinstance(fact, int) and column.endswith("_minor"):
            yield kronor_text(fact), Decimal(fact).scaleb(-2), KRONOR
        elif isinstance(fact, int):
            yield number_text(fact), fact, WHOLE
        elif isinstance(fact, str) and len(fact) == len("2026-11-25"):
            try:
                day = date.fromisoformat(fact)
            except ValueError:
                continue
            yield day_text(day), datetime(day.year, day.month, day.day), DAY  # noqa: DTZ001 -- a day


def _percent(text: str) -> tuple[Any, str]:
    whole = text.removesuffix("%").rstrip("\u00a0 ")
    if text.endswith("%") and whole.isascii() and whole.isdigit():
        return Decimal(whole).scaleb(-2), PERCENT
    return text, ""


def _names(report: FairReport) -> dict[str, str]:
    """A name for each chart's sheet, by its id, as Excel takes it; no two alike."""
    taken: set[str] = {_("Overview").casefold(), _("What it rests on").casefold(), "history"}
    names = {}
    for chart in report.charts:
        whole = " ".join(chart.title.translate(_NOT_IN_NAMES).split()) or chart.id
        name, number = whole[:MOST_NAME].strip(), 2
        while name.casefold() in taken:
            name, number = f"{whole[: MOST_NAME - 4].strip()} {number}", number + 1
        taken.add(name.casefold())
        names[chart.id] = name
    return names


def _drawing(book: Any, name: str, native: Native, first: int) -> Any:
    """The chart over its numbers, which begin on row `first`."""
    kinds: dict[Shape, dict[str, str]] = {
        Shape.BARS: {"type": "bar"},
        Shape.COLUMNS: {"type": "column"},
        Shape.STACKED: {"type": "bar", "subtype": "stacked"},
        Shape.LINES: {"type": "line"},
    }
    drawn = book.add_chart(kinds[native.shape])
    last = first + len(native.categories) - 1
    is_line, is_stacked = native.shape is Shape.LINES, native.shape is Shape.STACKED
    is_lying = is_stacked or native.shape is Shape.BARS
    label = {"color": TOKENS["on-pine" if is_stacked else "ink"], "bold": is_stacked}
    told = {"value": not is_line, "num_format": native.number_format, "font": label}
    for column, series in enumerate(native.series, start=1):
        ink = TOKENS[series.token]
        look: dict[str, Any] = {"line": {"color": ink, "width": 2.5}} if is_line else _fill(ink)
        drawn.add_series(
            {
                "name": [name, first - 1, column],
                "categories": [name, first, 0, last, 0],
                "values": [name, first, column, last, column],
                "data_labels": told,
                **look,
            }
        )
    names = {"line": {"color": TOKENS["line-strong"]}, "reverse": is_lying}
    grid = {"visible": is_line, "line": {"color": TOKENS["line"]}}
    numbers = {"num_format": native.number_format, "major_gridlines": grid, "min": 0}
    numbers |= {"visible": is_line, "line": {"none": True}}
    # A lying bar's names stand along the axis that goes up.
    along, up = (numbers, names) if is_lying else (names, numbers)
    drawn.set_x_axis(along)
    drawn.set_y_axis(up)
    drawn.set_title({"none": True})
    drawn.set_legend({"none": True} if len(native.series) == 1 else {"position": "bottom"})
    drawn.set_chartarea({"border": {"color": TOKENS["line"]}, "fill": {"color": TOKENS["card"]}})
    return drawn


def _fill(ink: str) -> dict[str, Any]:
    return {"fill": {"color": ink}, "border": {"none": True}, "gap": 45}


def _formulas(report: FairReport) -> Iterator[tuple[str, ...]]:
    """How each figure is counted, as rows of text: its name, its unit, the words, the source."""
    for formula in getattr(report, "formulas", ()):
        yield str(formula.name), str(formula.unit), str(formula.words), str(formula.source)
