"""One visual language: colours by token, bars and lines, and what a chart is.

Colours are named by token (COLOURS["received"]) and filled in by the browser for its theme; the
drawing script sets fonts, grid and number signs. The only place where öre become floats: a bar
has no öre.
"""

from collections.abc import Sequence
from dataclasses import dataclass
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
SUMS: dict[str, Promise] = {
    "committed": gettext_lazy("Promised"),
    "received": gettext_lazy("Received"),
    "enabled": gettext_lazy("Bank loans enabled"),
}


@dataclass(frozen=True)
class Chart:
    """A picture with its finding and its table. `figure` is plotly JSON, or None: nothing yet."""

    id: str
    title: str
    finding: str
    note: str
    figure: dict[str, Any] | None
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_tall: bool = False

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


def kronor(minor: "pd.Series[int]") -> list[float]:
    """Öre as kronor for a drawing."""
    return [float(value) / 100 for value in minor]
