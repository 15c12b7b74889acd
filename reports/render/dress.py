"""A figure in its clothes: what config/static/site/charts.js does in a browser, done here.

Colours by token from config/static/site/tokens.css. On paper the tones are changed for such as
are told apart in grey too.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from django.contrib.staticfiles import finders
from django.utils.translation import get_language

Theme = Literal["light", "print", "dark"]
FONT = "Inter, system-ui, sans-serif"
SIZE = 14  # On a drawing 800 wide, as on a page of the site.
_AXIS = re.compile(r"[xy]axis\d+")
# White paper, and dark to light by at least a tenth of the way from black to white.
_ON_PAPER = {
    "card": "#ffffff",
    "ink": "#000000",
    "line": "#cfcfcf",
    "line-strong": "#5c574d",
    "received": "#0b3d28",
    "enabled": "#2a618c",
    "committed": "#b9780f",
}


@cache
def tones(theme: Theme) -> Mapping[str, str]:
    """Token → colour of a theme: `ink`, `line`, `card`, `received`, …"""
    css = Path(str(finders.find("site/tokens.css"))).read_text("utf-8")
    named = "dark" if theme == "dark" else "light"
    block = re.search(rf'\[data-bs-theme="{named}"\] \{{(.*?)\n\}}', css, re.DOTALL)
    told = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block[1] if block else ""))
    return told | (_ON_PAPER if theme == "print" else {})


def dressed(figure: dict[str, Any], theme: Theme) -> dict[str, Any]:
    """A chart's figure (reports.charts.Chart.figure) as it is drawn in a theme and the language in
    force. Raises ValueError for a figure that would fetch something.
    """
    if figure["layout"].get("images"):
        raise ValueError("a figure holds no pictures of others")
    colours = tones(theme)
    tokens = {
        colour: colours[token]
        for colour, token in figure["layout"]["meta"]["tokens"].items()
        if token in colours
    }
    plain = _recoloured(figure, tokens)
    layout = plain["layout"]
    lying = any(trace.get("orientation") == "h" for trace in plain["data"])
    return {
        "data": [_parted(trace, colours["card"]) for trace in plain["data"]],
        "layout": {
            **layout,
            "meta": None,
            "font": {"family": FONT, "size": SIZE, "color": colours["ink"]},
            "paper_bgcolor": colours["card"],
            "plot_bgcolor": colours["card"],
            "separators": ",\u00a0" if get_language() == "sv" else ".,",
            # Wider to the right than in a browser: the last label of an axis stands there in full.
            "margin": {"l": 8, "r": 26, "t": 10, "b": 8, **(layout.get("margin") or {})},
            "legend": {"orientation": "h", "y": -0.18, **(layout.get("legend") or {})},
            # No line through a lying bar: its name says whose it is.
            **{
                name: {"showgrid": not lying or name[0] == "x", **_axis(layout.get(name), colours)}
                for name in ("xaxis", "yaxis", *filter(_AXIS.fullmatch, layout))
            },
        },
    }


def _axis(given: Mapping[str, Any] | None, colours: Mapping[str, str]) -> dict[str, Any]:
    return {
        "gridcolor": colours["line"],
        "linecolor": colours["line-strong"],
        "zerolinecolor": colours["line-strong"],
        "automargin": True,
        # Ticks that are not seen keep the words off the axis.
        "ticks": "outside",
        "ticklen": 6,
        "tickcolor": "rgba(0,0,0,0)",
        **(given or {}),
    }


def _parted(trace: dict[str, Any], ground: str) -> dict[str, Any]:
    """Bars with a thin edge of the ground's colour: parts of one bar are told apart in grey."""
    if trace.get("type") != "bar":
        return trace
    return {**trace, "marker": {**trace.get("marker", {}), "line": {"color": ground, "width": 1}}}


def _recoloured(value: Any, tokens: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return tokens.get(value, value)
    if isinstance(value, list):
        return [_recoloured(item, tokens) for item in value]
    if isinstance(value, dict):
        return {key: _recoloured(item, tokens) for key, item in value.items()}
    return value
