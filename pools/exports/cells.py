"""Rows as CSV or XLSX that a spreadsheet shows and never runs."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

# How a formula may begin, also behind the white space that some programs skip.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Number(str):
    """A number that we wrote ourselves: below zero it begins with its sign, and runs nothing."""

    __slots__ = ()


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would run a text."""
    return text.lstrip(" \u00a0").startswith(_FORMULA)


def neutral(cell: object) -> object:
    """A text that a spreadsheet would run gets an apostrophe in front; numbers stay numbers.

    Rule: OWASP, CSV injection.
    """
    if isinstance(cell, str) and not isinstance(cell, Number) and is_formula(cell):
        return f"'{cell}"
    return "" if cell is None else cell


def csv_text(rows: Iterable[Iterable[object]], *, between: str = ",") -> str:
    """Rows, the head first, as RFC 4180 has them: commas, CRLF, quotes where needed.

    Begins with a byte order mark, or Excel reads å, ä and ö wrongly.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=between)
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    return "\ufeff" + out.getvalue()


def swedish_csv_text(rows: Iterable[Iterable[object]]) -> str:
    """As `csv_text`, and as a Swedish Excel opens it: semicolons, and a comma in every decimal."""
    return csv_text(([_with_comma(cell) for cell in row] for row in rows), between=";")


def _with_comma(cell: object) -> object:
    if isinstance(cell, Number | Decimal | float):
        return Number(str(cell).replace(".", ","))
    return cell


_WIDEST, _LEAST = 60, 10
_LOOKS = {"head": {"bold": True, "bottom": 1}, "whole": {"num_format": "0"}}
_LOOKS |= {"day": {"num_format": "yyyy-mm-dd"}, "moment": {"num_format": "yyyy-mm-dd hh:mm"}}
_LOOKS |= {"decimal": {"num_format": "#,##0.00"}}


def workbook(rows: Iterable[Sequence[object]], name: str) -> bytes:
    """Rows, the head first, as XLSX with one sheet: numbers as numbers, days as days."""
    import xlsxwriter  # noqa: PLC0415 -- only a spreadsheet needs it

    out = io.BytesIO()
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, {"in_memory": True, **safe}) as book:
        looks = {look: book.add_format(told) for look, told in _LOOKS.items()}
        sheet = book.add_worksheet("".join(c for c in name if c not in "[]:*?/\\'")[:31] or None)
        widths: dict[int, int] = {}
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                _write(sheet, looks, at, column, cell)
                widths[column] = max(widths.get(column, _LEAST), len(str(cell)) + 2)
        for column, width in widths.items():
            sheet.set_column(column, column, min(width, _WIDEST))
        sheet.freeze_panes(1, 0)
    return out.getvalue()


def _write(sheet: Any, looks: dict[str, Any], row: int, column: int, cell: object) -> None:
    """One cell; a text always as text, never as a formula, not even if it is later saved as CSV."""
    if row == 0:
        sheet.write_string(row, column, str(neutral(str(cell))), looks["head"])
    elif isinstance(cell, datetime):
        sheet.write_datetime(row, column, cell.replace(tzinfo=None), looks["moment"])
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, looks["day"])
    elif isinstance(cell, int) and not isinstance(cell, bool):
        sheet.write_number(row, column, cell, looks["whole"])
    elif isinstance(cell, Decimal | float) or (isinstance(cell, Number) and cell):
        sheet.write_number(row, column, float(cell), looks["decimal"])
    elif cell is not None and cell != "":
        sheet.write_string(row, column, str(neutral(str(cell))))
