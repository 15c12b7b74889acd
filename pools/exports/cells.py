"""Rows as CSV that a spreadsheet shows and never runs."""

import csv
import io
from collections.abc import Iterable

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


def csv_text(rows: Iterable[Iterable[object]]) -> str:
    """Rows, the head first, as RFC 4180 has them: commas, CRLF, quotes where needed.

    Begins with a byte order mark, or Excel reads å, ä and ö wrongly.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    return "\ufeff" + out.getvalue()
