"""A report's charts as pictures, drawn in a browser of ours that has no net."""

import logging
import re
from typing import Any, Literal

from defusedxml.ElementTree import ParseError, fromstring

from reports.charts import Chart
from reports.fair import FairReport
from reports.render import browser
from reports.render.dress import Theme, dressed

log = logging.getLogger(__name__)
Kind = Literal["svg", "png"]
MOST_PIXELS = 16_000_000
MOST_PICTURES = 60
MOST_BARS = 60  # More bars in a picture cannot be read: its table says it better.
MOST_POINTS = 20_000
_LOW, _USUAL = 0.6, 0.88  # How much of the height charts take on paper that are not tall.
_DRAWN_WIDTH = 800  # Letters as large as on a page of the site; a wider picture is a larger one.
_STRAY_TAGS = {"script", "image", "foreignObject", "iframe", "use", "a", "animate", "set"}
_STRAY_ADDRESS = re.compile(r"url\((?![\"']?#)|@import", re.IGNORECASE)


def drawings(
    report: FairReport,
    *,
    kind: Kind,
    width: int = 1200,
    height: int = 675,
    theme: Theme = "light",
) -> dict[str, bytes]:
    """Chart id → its picture, `width` × `height` pixels. Left out: charts without a figure, and
    those with more in them than a picture can show.

    "print" is white and told apart in grey, and lower where a chart is not tall. Raises NoBrowser
    where Chromium is missing or hangs, ValueError for more than MOST_PIXELS or MOST_PICTURES.
    """
    if not 0 < width * height <= MOST_PIXELS:
        raise ValueError(f"a picture has at most {MOST_PIXELS} pixels, not {width} × {height}")
    shown = [chart for chart in report.charts if chart.figure and _can_be_read(chart)]
    if len(shown) > MOST_PICTURES:
        raise ValueError(f"at most {MOST_PICTURES} pictures, not {len(shown)}")
    scale = width / _DRAWN_WIDTH
    options: dict[str, Any] = {"format": kind, "width": _DRAWN_WIDTH}
    if kind == "png":
        options["scale"] = scale
    made = {}
    for chart in shown:
        high = height
        if theme == "print" and not chart.is_tall:
            high = round(height * (_LOW if chart.is_low else _USUAL))
        options["height"] = round(high / scale)
        picture = browser.draw(dressed(chart.figure or {}, theme), options)
        made[chart.id] = _sized(picture, width, high) if kind == "svg" else picture
    return made


def _can_be_read(chart: Chart) -> bool:
    """Whether a picture of a fixed size can show it."""
    traces = (chart.figure or {}).get("data", ())
    bars = max((len(_along(t)) for t in traces if t.get("type") == "bar"), default=0)
    points = sum(len(_along(trace)) for trace in traces)
    readable = bars <= MOST_BARS and points <= MOST_POINTS
    if not readable:
        log.info("%s is not drawn: %s bars, %s points", chart.id, bars, points)
    return readable


def _along(trace: dict[str, Any]) -> list[Any]:
    return max((trace.get("x") or [], trace.get("y") or []), key=len)


def harmless(svg: bytes) -> bytes:
    """The same drawing. Raises ValueError where it would fetch something, or run."""
    try:
        drawing = fromstring(svg, forbid_dtd=True)
    except ParseError as broken:
        raise ValueError(f"a picture with broken XML in it: {broken}") from broken
    for element in drawing.iter():
        tag = _local(element.tag)
        if tag in _STRAY_TAGS or (_STRAY_ADDRESS.search(element.text or "") and tag == "style"):
            raise ValueError(f"a picture with {tag!r} in it")
        for name, value in element.attrib.items():
            leads = _local(name) in {"href", "src"} and not value.startswith("#")
            if leads or _local(name).startswith("on") or _STRAY_ADDRESS.search(value):
                raise ValueError(f"a picture with {name}={value!r} in it")
    return svg


def _local(name: str) -> str:
    """A name without its XML namespace."""
    return name.rpartition("}")[2]


def _sized(svg: bytes, width: int, height: int) -> bytes:
    """The drawing as large as it was asked for."""
    head, rest = harmless(svg).split(b">", 1)
    for name, size in (("width", width), ("height", height)):
        head = re.sub(rf'\b{name}="[\d.]+"'.encode(), f'{name}="{size}"'.encode(), head, count=1)
    return head + b">" + rest
