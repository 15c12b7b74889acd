"""Cards of a place as a file: out with formulas guarded, in line by line with what is wrong."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from invest.in_kind.in_kind import parse_quantity
from invest.models import AssetCard, Place
from invest.people import open_words
from invest.places.places import UNITS, Asset, import_key
from invest.places.refusals import NotACard, TooManyRows
from invest.similarity import fold
from invest.web.wording import UNIT_LABELS, unit_label
from pools.errors import Refused
from pools.exports.cells import Number, is_formula
from pools.models import Unit

Kind, Side = AssetCard.Kind, AssetCard.Side
MOST_ROWS = 2000
MOST_BYTES = 1_000_000
# Heads that people write of themselves.
ALIASES = {
    **dict.fromkeys(("rubrik", "titel", "vad"), "title"),
    **dict.fromkeys(("sort", "typ"), "kind"),
    **dict.fromkeys(("beskrivning", "text"), "text"),
    **dict.fromkeys(("antal", "mängd"), "quantity"),
    "sida": "side",
    "enhet": "unit",
    "slag": "kind",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the file: the card it makes, or the sentence that says what is wrong with it."""

    line: int
    asset: Asset | None
    wrong: str = ""
    is_known: bool = False


def file_columns() -> dict[str, str]:
    """Column → its head in the reader's language."""
    return {
        "side": _("We have or lack"),
        "kind": _("Kind"),
        "title": _("What it is"),
        "text": _("More about it"),
        "quantity": _("How much"),
        "unit": _("Unit"),
    }


def decoded(data: bytes) -> str:
    """The text of a file in UTF-8, or else in Windows-1252. Raises NotACard for anything else."""
    if len(data) > MOST_BYTES:
        raise TooManyRows(most=MOST_ROWS)
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise NotACard(field="file", reason=_("it is not a table in text (CSV)"))


def left_out(text: str) -> list[str]:
    """Heads of the table that name no column of a card: what stands below them is not kept."""
    names = _names()
    head: list[str] = next(_table(text), [])
    return [cell.strip() for cell in head if cell.strip() and fold(cell) not in names]


def read_rows(place: Place, text: str) -> list[Row]:
    """Every line of a table with `;`, `,` or tab between, its head first; nothing is kept yet.

    Raises TooManyRows, and NotACard where there is no head to understand.
    """
    reader = _table(text)
    names, codes = _names(), _codes()
    columns, rows = None, list[Row]()
    seen: dict[str, int] = {}
    known = set(AssetCard.objects.filter(place=place).values_list("key", flat=True))
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if columns is None:
                columns = [names.get(fold(cell), "") for cell in cells]
                if not {"kind", "title"} <= set(columns):
                    break
                continue
            if len(rows) == MOST_ROWS:
                raise TooManyRows(most=MOST_ROWS)
            rows.append(_row(place, reader.line_num, columns, cells, codes, seen, known))
    except csv.Error as broken:
        raise NotACard(field="file", reason=_("it is not a table in text (CSV)")) from broken
    if columns is None or not {"kind", "title"} <= set(columns):
        asked = ", ".join(file_columns().values())
        raise NotACard(field="file", reason=_("its first line must name the columns: ") + asked)
    return rows


def _table(text: str) -> Any:
    """A reader of the table, by what stands between the cells of its first line."""
    text = text.removeprefix("\ufeff")
    first = text.split("\n", 1)[0]
    between = max(";,\t", key=first.count)
    return csv.reader(io.StringIO(text, newline=""), delimiter=between)


def _row(
    place: Place,
    line: int,
    columns: list[str],
    cells: list[str],
    codes: dict[str, dict[str, str]],
    seen: dict[str, int],
    known: set[str],
) -> Row:
    if len(cells) > len(columns):
        return Row(line, None, _("It has more columns than the first line."))
    told = {name: _cell(cell) for name, cell in zip(columns, cells, strict=False) if name}
    try:
        asset = _asset(told, codes)
    except Refused as refusal:
        return Row(line, None, str(refusal))
    key = import_key(place, asset)
    if key in seen:
        return Row(line, None, _("It says the same as line %(line)s.") % {"line": seen[key]})
    seen[key] = line
    return Row(line, asset, is_known=key in known)


def _asset(told: dict[str, str], codes: dict[str, dict[str, str]]) -> Asset:
    kind = codes["kind"].get(fold(told.get("kind", "")))
    side = codes["side"].get(fold(told.get("side", "") or Side.HAVE))
    if kind is None:
        listed = ", ".join(str(label) for label in Kind.labels)
        raise NotACard(field="kind", reason=_("the kind must be one of: ") + listed)
    if side is None:
        listed = ", ".join(str(label) for label in Side.labels)
        raise NotACard(field="side", reason=_("the side must be one of: ") + listed)
    if not told.get("title"):
        raise NotACard(field="title", reason=_("it says nothing about what it is"))
    quantity, unit = None, ""
    if typed := told.get("quantity"):
        quantity = _quantity(typed)
    if quantity and told.get("unit"):
        unit = codes["unit"].get(fold(told["unit"]), "")
        if not unit:
            raise NotACard(field="unit", reason=_("the unit is not one that we count in"))
    text = open_words(told.get("text", ""), most=400)
    return Asset(kind, side, open_words(told["title"]), text, quantity, unit)


def _quantity(typed: str) -> Decimal:
    if (number := parse_quantity(typed)) is None:
        raise NotACard(field="quantity", reason=_("write how much in digits, such as 8 or 2,5"))
    return number


def _cell(cell: str) -> str:
    """On one line; without the apostrophe that our own file guards a formula with."""
    text = " ".join(cell.split(" ")).strip()
    text = " ".join(text.split("\r\n")).replace("\n", " ")
    return text[1:] if text.startswith("'") and is_formula(text[1:]) else text


def _names() -> dict[str, str]:
    """A column's head in either language, or its code → the column."""
    found = {name: name for name in file_columns()} | ALIASES
    for language in ("sv", "en"):
        with translation.override(language):
            found |= {fold(head): name for name, head in file_columns().items()}
    return found


def _codes() -> dict[str, dict[str, str]]:
    """What may stand in a column, in either language → its code."""
    units = set(Unit.objects.filter(pk__in=UNITS).values_list("pk", flat=True))
    found: dict[str, dict[str, str]] = {
        "kind": {fold(code): code for code in Kind.values},
        "side": {fold(code): code for code in Side.values},
        "unit": {fold(code): code for code in units},
    }
    for language in ("sv", "en"):
        with translation.override(language):
            found["kind"] |= {fold(str(label)): code for code, label in Kind.choices}
            found["side"] |= {fold(str(label)): code for code, label in Side.choices}
            found["unit"] |= {
                fold(str(UNIT_LABELS[code] % number)): code
                for code in units
                if code in UNIT_LABELS
                for number in (1, 2)
            }
    return found


def card_rows(cards: Iterable[AssetCard]) -> list[list[object]]:
    """Cards as a file that `read_rows` reads again. Nobody's name or contact is in it."""
    rows: list[list[object]] = [list(file_columns().values())]
    rows += [
        [
            card.get_side_display(),
            card.get_kind_display(),
            card.title,
            card.text,
            "" if card.quantity is None else Number(format(card.quantity.normalize(), "f")),
            unit_label(card.unit_id) if card.unit_id else "",
        ]
        for card in cards
    ]
    return rows
