"""One visual language: colours by token, bars and lines, and what a chart is.

Colours are named by token (COLOURS["received"]) and filled in by the browser for its theme; the
drawing script sets fonts, grid and number signs. The only place where öre become floats: a bar
has no öre.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pandas as pd
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pools.wording import kronor_text, number_text, percent_text

if TYPE_CHECKING:
    import plotly.graph_objects as go

# Token → its colour in the light theme, as in config/static/site/tokens.css (a test compares).
COLOURS = {
    "committed": "#c08419",
    "enabled": "#3b78aa",
    "falu": "#8e2c1e",
    "heat-1": "#e5f0e7",
    "heat-2": "#bcdcc8",
    "heat-3": "#8fc0a2",
    "heat-4": "#3a7d5e",
    "heat-5": "#174a38",
    "ink": "#22302b",
    "lake": "#2a618c",
    "lake-tint": "#e2edf5",
    "line": "#e3dac8",
    "line-strong": "#857a66",
    "on-pine": "#fffdf8",
    "pine": "#1d5a44",
    "pine-tint": "#e4efe6",
    "received": "#175540",
    "sun": "#c07f12",
    "sun-tint": "#fbeecf",
}
# Light to dark, a fifth each. In the first three a number is written in ink.
HEAT = ("heat-1", "heat-2", "heat-3", "heat-4", "heat-5")
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

    `finding` is also what the picture is called for those who do not see it; `note` says what the
    figures are counted of. `columns` and `rows` are the table in the reader's words, `data` the
    same as numbers, `native` the drawing for decks and sheets (None: its table says it better).
    A picture of many rows `is_tall`, one of two or three `is_low`.
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
    is_low: bool = False

    @property
    def json_id(self) -> str:
        """Where the page keeps the figure's JSON."""
        return f"{self.id}-data"


def few_text() -> str:
    """How a group too small to tell is told."""
    return _("fewer than 5")


def hidden_text() -> str:
    """How a group is told that is too small, or that would give a small one away."""
    return _("not told")


def count_text(number: int) -> str:
    """A number of savers or promises; below 0: not told."""
    return hidden_text() if number < 0 else number_text(number)


def sum_text(amount_minor: int) -> str:
    """Öre as kronor; −1 (a dash): too few to tell."""
    return "–" if amount_minor == -1 else kronor_text(amount_minor)


def chart_figure(
    traces: "Sequence[go.Bar | go.Scatter | go.Heatmap]", **layout: Any
) -> dict[str, Any]:
    """A figure as plain JSON, with the token behind each colour."""
    import plotly.graph_objects as go  # noqa: PLC0415 -- 0.4 s; only a report needs it

    tokens = {colour: token for token, colour in COLOURS.items()}
    base = {"hovermode": "closest", "meta": {"tokens": tokens}}
    figure = go.Figure(traces, layout={**base, **layout})
    answer: dict[str, Any] = figure.to_plotly_json()
    # Our own looks stand for plotly's, which are 7 kB of colours in each figure.
    answer["layout"].pop("template", None)
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


@dataclass(frozen=True, slots=True)
class Lying:
    """A bar with its words above it: a length (None: not told) from `base`, and what it says."""

    label: str
    length: float | None
    text: str
    token: str
    base: float = 0


def lying(bars: Sequence[Lying], **layout: Any) -> dict[str, Any]:
    """Lying bars with their words above them, first on top: as readable on a phone as on a wall."""
    places = list(range(len(bars)))
    traces = [
        bar(
            y=places,
            x=[item.length or 0 for item in bars],
            base=[item.base for item in bars],
            orientation="h",
            width=0.4,
            marker={"color": [COLOURS[item.token] for item in bars]},
            hoverinfo="skip",
        ),
        words([f"{item.label} · {item.text}" for item in bars]),
    ]
    return chart_figure(traces, **{**rows_layout(len(bars)), "showlegend": False, **layout})


def words(lines: Sequence[str]) -> "go.Scatter":
    """A line of text above each row, from the left edge."""
    return line(
        y=[place - 0.38 for place in range(len(lines))],
        x=[0] * len(lines),
        mode="text",
        text=list(lines),
        textposition="middle right",
        textfont={"color": COLOURS["ink"], "weight": 600},
        hoverinfo="skip",
        showlegend=False,
        cliponaxis=False,
    )


def rows_layout(number: int) -> dict[str, Any]:
    """Axes for so many rows that say their own names, first on top."""
    return {
        "yaxis": {"range": [number - 0.7, -0.7], "visible": False},
        "xaxis": {"visible": False, "rangemode": "tozero"},
        "margin": {"t": 4, "b": 4},
    }


def heat(
    across: Sequence[str], down: Sequence[str], shares: Sequence[Sequence[float]]
) -> dict[str, Any]:
    """A triangle of shares 0…1 as cells that darken by fifths; NaN: empty; below 0: too few."""
    empty = "rgba(0,0,0,0)"
    traces = []
    for i in range(len(across)):
        column = [row[i] for row in shares]
        fifths = [None if v != v or v < 0 else min(4, int(v * 5)) for v in column]
        traces.append(
            bar(
                y=list(range(len(down))),
                x=[1 if value == value else 0 for value in column],
                base=[i] * len(down),
                orientation="h",
                width=0.94,
                marker={
                    "color": [empty if n is None else COLOURS[HEAT[n]] for n in fifths],
                    "line": {"width": 1, "color": COLOURS["line"]},
                },
                text=[
                    "" if v != v else "–" if v < 0 else percent_text(round(100 * v)) for v in column
                ],
                textposition="inside",
                insidetextanchor="middle",
                textangle=0,
                insidetextfont={
                    "size": 16,
                    "color": [COLOURS["on-pine" if n and n > 2 else "ink"] for n in fifths],
                },
                hoverinfo="skip",
            )
        )
    named = [f"{name.replace(' ', '<br>', 1)}" for name in down]
    return chart_figure(
        traces,
        barmode="overlay",
        showlegend=False,
        yaxis={
            "range": [len(down) - 0.5, -0.5],
            "tickvals": list(range(len(down))),
            "ticktext": named,
            "showgrid": False,
            "zeroline": False,
        },
        xaxis={
            "range": [0, len(across)],
            "tickvals": [i + 0.5 for i in range(len(across))],
            "ticktext": [label.replace(" ", "<br>") for label in across],
            "side": "top",
            "showgrid": False,
            "zeroline": False,
        },
        margin={"t": 48},
    )


def line_ends(
    labels: Sequence[str], x: Any, columns: Sequence[Sequence[float]], span: float
) -> list["go.Scatter"]:
    """Each line's name at its end: above one that rises, below one that falls.

    Empty where two end so close together that a legend says it better.
    """
    ends = sorted(column[-1] for column in columns)
    if any(high - low < 0.09 * span for low, high in pairwise(ends)):
        return []
    traces = []
    for label, column in zip(labels, columns, strict=True):
        falls = column[len(column) * 9 // 10] > column[-1]
        traces.append(
            line(
                x=[x],
                y=[column[-1]],
                mode="markers+text",
                text=[label],
                textposition="bottom left" if falls else "top left",
                textfont={"color": COLOURS["ink"], "weight": 600},
                marker={"size": 7, "color": COLOURS["ink"]},
                hoverinfo="skip",
                showlegend=False,
                cliponaxis=False,
            )
        )
    return traces


def last_of(days: "pd.Series[Any]", months: int = 1) -> list[int]:
    """Where in days in order a month, or a stretch of so many months, has its last one."""
    stretches = [(12 * day.year + day.month - 1) // months for day in days.tolist()]
    return [
        i for i, now in enumerate(stretches) if i + 1 == len(stretches) or stretches[i + 1] != now
    ]


def month_texts(days: "pd.Series[Any]") -> tuple[str, ...]:
    """Days as months, for an axis with little room: March 2026."""
    return tuple(date_format(day, "N Y") for day in days)


def joined(*sentences: str) -> str:
    """A finding of several sentences; empty ones are left out."""
    return " ".join(sentence for sentence in sentences if sentence)


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
    return float(value) if isinstance(value, float) and not value.is_integer() else int(value)


def plain(words: str) -> str:
    """A name as plotly shows it letter for letter: it would take tags in it for its own."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def kronor(minor: "pd.Series[int]") -> list[float]:
    """Öre as kronor for a drawing."""
    return [float(value) / 100 for value in minor]


def kronor_or_none(minor: "pd.Series[int]") -> tuple[float | None, ...]:
    """Öre as kronor for an office program; −1, too few to tell, is None."""
    return tuple(None if value == -1 else float(value) / 100 for value in minor)
