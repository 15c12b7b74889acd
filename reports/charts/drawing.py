"""One visual language: colours by token, bars and lines, and what a chart is.

Colours are named by token (COLOURS["received"]) and filled in by the browser for its theme; the
drawing script sets fonts, grid and number signs. The only place where öre become floats: a bar
has no öre.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import pandas as pd
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    import plotly.graph_objects as go

# Token → its colour in the light theme, as in config/static/site/tokens.css (a test compares).
COLOURS = {
    "committed": "#b9780f",
    "enabled": "#2a618c",
    "falu": "#8e2c1e",
    "ink": "#22302b",
    "lake": "#2a618c",
    "lake-tint": "#e2edf5",
    "line-strong": "#857a66",
    "on-pine": "#fffdf8",
    "pine": "#1d5a44",
    "pine-tint": "#e4efe6",
    "received": "#1f7050",
    "sun": "#c07f12",
    "sun-tint": "#fbeecf",
}
KRONOR_FORMAT = '#,##0 "kr"'
SUMS: dict[str, Promise] = {
    "committed": gettext_lazy("Promised"),
    "received": gettext_lazy("Received"),
    "enabled": gettext_lazy("Bank loans enabled"),
}


class Shape(StrEnum):
    """What an office program draws natively."""

    BARS = "bars"  # Lying, one beside the other.
    COLUMNS = "columns"  # Standing, one beside the other.
    STACKED = "stacked"  # Lying, parts of one bar.
    LINES = "lines"


@dataclass(frozen=True, slots=True)
class Series:
    """A row of numbers to draw: kronor, counts or shares; None where nothing is told."""

    name: str
    values: tuple[float | None, ...]
    token: str


@dataclass(frozen=True, slots=True)
class Native:
    """The drawing as an office program knows it, so that it can be worked on there."""

    shape: Shape
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    number_format: str = KRONOR_FORMAT


Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Data:
    """A chart's figures as numbers, the same in every language: öre are whole, shares are 0…1, days
    are ISO. What must not be told is None. The same facts give the same bytes.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Chart:
    """A picture with its finding and its table. `figure` is plotly JSON, or None: nothing yet.

    `finding` is also what the picture is called for those who do not see it. `columns` and `rows`
    are the table in the reader's words, `data` the same as numbers, `native` the drawing for decks
    and sheets (None: its table says it better).
    """

    id: str
    title: str
    finding: str
    note: str
    figure: dict[str, Any] | None
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_tall: bool = False
    data: Data = Data((), ())
    native: Native | None = None

    @property
    def json_id(self) -> str:
        """Where the page keeps the figure's JSON."""
        return f"{self.id}-data"


def few_text() -> str:
    """How a group too small to tell is told."""
    return _("fewer than 5")


def chart_figure(
    traces: "Sequence[go.Bar | go.Scatter | go.Heatmap]", **layout: Any
) -> dict[str, Any]:
    """A figure as plain JSON, with the token behind each colour."""
    import plotly.graph_objects as go  # noqa: PLC0415 -- 0.4 s; only a report needs it

    tokens = {colour: token for token, colour in COLOURS.items()}
    base = {"template": None, "hovermode": "closest", "meta": {"tokens": tokens}}
    figure = go.Figure(traces, layout={**base, **layout})
    answer: dict[str, Any] = figure.to_plotly_json()
    plain: dict[str, Any] = _plain(answer)
    return plain


def _plain(value: Any) -> Any:
    """Tuples, arrays and days as JSON holds them."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def bar(**trace: Any) -> "go.Bar":
    """Bars, as plotly takes them."""
    import plotly.graph_objects as go  # noqa: PLC0415 -- 0.4 s; only a report needs it

    return go.Bar(**trace)


def line(**trace: Any) -> "go.Scatter":
    """A line or markers, as plotly takes them."""
    import plotly.graph_objects as go  # noqa: PLC0415 -- 0.4 s; only a report needs it

    return go.Scatter(**trace)


def data(frame: "pd.DataFrame", hidden: "pd.Series[bool] | None" = None) -> Data:
    """A frame as plain numbers, column by column. In `hidden` rows every number becomes None; so
    do NaN and −1, which is how frames say "too few to tell". Days become ISO text.
    """
    hide = [False] * len(frame) if hidden is None else hidden.tolist()
    rows = tuple(
        tuple(_cell(value, is_hidden) for value in row)
        for row, is_hidden in zip(frame.itertuples(index=False, name=None), hide, strict=True)
    )
    return Data(tuple(map(str, frame.columns)), rows)


def _cell(value: Any, is_hidden: bool) -> Cell:
    if isinstance(value, str):
        return value
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    if value is None or is_hidden or value != value or value == -1:
        return None
    return float(value) if isinstance(value, float) else int(value)


def plain(words: str) -> str:
    """A name as plotly shows it letter for letter: it would take tags in it for its own."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def kronor(minor: "pd.Series[int]") -> list[float]:
    """Öre as kronor for a drawing."""
    return [float(value) / 100 for value in minor]
