"""A chart as an office program draws it, with its numbers in a sheet behind it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import get_language

from reports.charts import Native, Series, Shape
from reports.render.master import colour

MOST_LABELS = 20  # Numbers written beside bars; with more there is an axis instead.
# Thousands apart and a comma, wherever the file is opened: a wall has no settings of its own.
# (Only with ">": python-pptx writes the format into its XML as it is.)
_BLANK = '"\u00a0"'
_MILLIONS, _THOUSANDS = f"[>=1000000]0{_BLANK}000{_BLANK}000", f"[>=1000]0{_BLANK}000"
_CROWN, _KWH = '"\u00a0kr"', '"\u00a0kWh"'
_SWEDISH = {
    '#,##0 "kr"': f"{_MILLIONS}{_CROWN};{_THOUSANDS}{_CROWN};0{_CROWN}",
    '#,##0 "kWh"': f"{_MILLIONS}{_KWH};{_THOUSANDS}{_KWH};0{_KWH}",
    "#,##0": f"{_MILLIONS};{_THOUSANDS};0",
    "0%": f"0{_BLANK}%",
}


def number_format(wanted: str) -> str:
    """An office program's number format, in the language in force."""
    return wanted if get_language() == "en" else _SWEDISH.get(wanted, wanted)


def pages(native: Native, most: int) -> Iterator[Native]:
    """Lying bars by so many names at a time, and fewer of many bars each: beyond that nobody can
    read them. Others whole.
    """
    most = max(1, min(most, MOST_LABELS // max(1, len(native.series))))
    if native.shape is not Shape.BARS or len(native.categories) <= most:
        yield native
        return
    for start in range(0, len(native.categories), most):
        end = start + most
        cut = tuple(replace(each, values=each.values[start:end]) for each in native.series)
        yield replace(native, categories=native.categories[start:end], series=cut)


def of_one(native: Native, number: int) -> Native:
    """The numbers of one category, each of its series as a bar of its own."""
    values = tuple(series.values[number] for series in native.series)
    only = Series(native.categories[number], values, native.series[0].token)
    names = tuple(series.name for series in native.series)
    return Native(Shape.BARS, names, (only,), native.number_format)


def draw(
    slide: Any,
    native: Native,
    *,
    at: tuple[float, float, float, float],
    alt: str,
    name: str,
    tokens: Sequence[str] = (),
) -> None:
    """Draw it at (left, top, width, height) inches. `tokens` colours the bars of a sole series."""
    from pptx.chart.data import CategoryChartData  # noqa: PLC0415 -- only a deck needs it
    from pptx.enum.chart import XL_CHART_TYPE as KIND  # noqa: PLC0415 -- as above
    from pptx.util import Inches, Pt  # noqa: PLC0415 -- as above

    kinds = {
        Shape.BARS: KIND.BAR_CLUSTERED,
        Shape.COLUMNS: KIND.COLUMN_CLUSTERED,
        Shape.STACKED: KIND.BAR_STACKED,
        Shape.LINES: KIND.LINE_MARKERS,
    }
    told = CategoryChartData(number_format=number_format(native.number_format))
    told.categories = native.categories
    for series in native.series:
        told.add_series(series.name, series.values)
    left, top, width, height = at
    box = map(Inches, (left + 0.15, top + 0.1, width - 0.3, height - 0.2))
    frame = slide.shapes.add_chart(kinds[native.shape], *box, told)
    frame.name = name
    frame._element.nvGraphicFramePr.cNvPr.set("descr", alt)
    chart = frame.chart
    chart.has_title = False
    chart.font.size, chart.font.color.rgb = Pt(14), colour("ink")
    _legend(chart, native)
    _axes(chart, native)
    is_line = native.shape is Shape.LINES
    (_lines if is_line else _bars)(chart, native, tokens)


def _legend(chart: Any, native: Native) -> None:
    from pptx.enum.chart import XL_LEGEND_POSITION  # noqa: PLC0415 -- only a deck needs it

    chart.has_legend = len(native.series) > 1
    if chart.has_legend:
        chart.legend.include_in_layout = False
        chart.legend.position = XL_LEGEND_POSITION.BOTTOM


def _is_labelled(native: Native) -> bool:
    return len(native.categories) * len(native.series) <= MOST_LABELS


def _axes(chart: Any, native: Native) -> None:
    """Names along one axis; numbers along the other only where no bar tells its own."""
    from pptx.enum.chart import XL_TICK_MARK  # noqa: PLC0415 -- only a deck needs it
    from pptx.util import Pt  # noqa: PLC0415 -- as above

    names, numbers = chart.category_axis, chart.value_axis
    names.format.line.color.rgb = colour("line-strong")
    names.major_tick_mark = XL_TICK_MARK.NONE
    names.has_major_gridlines = False
    if len(native.categories) * len(native.series) > 16:
        names.tick_labels.font.size = Pt(12)
    # The first stands on top, as in the table.
    names.reverse_order = native.shape in {Shape.BARS, Shape.STACKED}
    numbers.minimum_scale = 0
    numbers.major_tick_mark = XL_TICK_MARK.NONE
    numbers.format.line.fill.background()
    numbers.tick_labels.number_format = number_format(native.number_format)
    numbers.tick_labels.number_format_is_linked = False
    is_told = native.shape is not Shape.LINES and _is_labelled(native)
    numbers.visible = not is_told
    numbers.has_major_gridlines = not is_told
    if not is_told:
        line = numbers.major_gridlines.format.line
        line.color.rgb, line.width = colour("line"), Pt(0.75)
        numbers.tick_labels.font.size = Pt(12)
    if native.shape is Shape.STACKED:
        names.visible = False
        known = [value or 0 for series in native.series for value in series.values[:1]]
        numbers.maximum_scale = sum(known) or 1
    if native.shape is Shape.LINES:
        if native.number_format == "0%" and _greatest(native) <= 1:
            numbers.maximum_scale = 1
        names.tick_labels.font.size = Pt(11)
        _skip_labels(names, len(native.categories))


def _greatest(native: Native) -> float:
    return max((v for series in native.series for v in series.values if v is not None), default=0)


def _skip_labels(axis: Any, number: int) -> None:
    """At most seven days along the axis."""
    from pptx.oxml import parse_xml  # noqa: PLC0415 -- only a deck needs it
    from pptx.oxml.ns import nsdecls  # noqa: PLC0415 -- as above

    step = max(1, -(-number // 7))
    element = axis._element
    skip = parse_xml(f'<c:tickLblSkip {nsdecls("c")} val="{step}"/>')
    last = element.find("{*}noMultiLvlLbl")
    if last is None:
        element.append(skip)
    else:
        last.addprevious(skip)


def _bars(chart: Any, native: Native, tokens: Sequence[str]) -> None:
    from pptx.enum.chart import XL_LABEL_POSITION  # noqa: PLC0415 -- only a deck needs it
    from pptx.util import Pt  # noqa: PLC0415 -- as above

    plot = chart.plots[0]
    plot.gap_width = 45
    is_stacked = native.shape is Shape.STACKED
    plot.overlap = 100 if is_stacked else -8
    for drawn, series in zip(plot.series, native.series, strict=True):
        drawn.format.fill.solid()
        drawn.format.fill.fore_color.rgb = colour(series.token)
        drawn.invert_if_negative = False
    for place, token in enumerate(tokens):
        fill = plot.series[0].points[place].format.fill
        fill.solid()
        fill.fore_color.rgb = colour(token)
    if _is_labelled(native):
        plot.has_data_labels = True
        labels = plot.data_labels
        labels.show_value = True
        labels.number_format = number_format(native.number_format)
        labels.number_format_is_linked = False
        bars = len(native.categories) * len(native.series)
        labels.font.size, labels.font.bold = Pt(13 if bars <= 12 else 11), is_stacked
        labels.font.color.rgb = colour("on-pine" if is_stacked else "ink")
        where = XL_LABEL_POSITION.CENTER if is_stacked else XL_LABEL_POSITION.OUTSIDE_END
        labels.position = where


def _lines(chart: Any, native: Native, _tokens: Sequence[str]) -> None:
    """Lines without bends; each says its last number at its end."""
    from pptx.enum.chart import XL_LABEL_POSITION, XL_MARKER_STYLE  # noqa: PLC0415 -- as above
    from pptx.util import Pt  # noqa: PLC0415 -- only a deck needs it

    ends = {
        one.name: [
            next((v for v in reversed(other.values) if v is not None), -1.0)
            for other in native.series
            if other is not one
        ]
        for one in native.series
    }
    for drawn, series in zip(chart.plots[0].series, native.series, strict=True):
        drawn.smooth = False
        drawn.format.line.color.rgb, drawn.format.line.width = colour(series.token), Pt(3)
        drawn.marker.style, drawn.marker.size = XL_MARKER_STYLE.CIRCLE, 6
        drawn.marker.format.fill.solid()
        drawn.marker.format.fill.fore_color.rgb = colour(series.token)
        drawn.marker.format.line.fill.background()
        told = [place for place, value in enumerate(series.values) if value is not None]
        if not told:
            continue
        label = drawn.points[told[-1]].data_label
        last = series.values[told[-1]] or 0
        # Where two lines end side by side, the lower one's number goes below.
        is_crowded = any(
            0 <= other - last < 0.08 * _greatest(native) for other in ends[series.name]
        )
        label.position = XL_LABEL_POSITION.BELOW if is_crowded else XL_LABEL_POSITION.ABOVE
        label.font.size, label.font.bold = Pt(13), True
        _show_value(label, number_format(native.number_format))


def _show_value(label: Any, wanted: str) -> None:
    """Write the point's own value, so that it follows the sheet when that is changed."""
    from pptx.oxml import parse_xml  # noqa: PLC0415 -- only a deck needs it
    from pptx.oxml.ns import nsdecls  # noqa: PLC0415 -- as above

    element = label._get_or_add_dLbl()
    shown = {"showVal": "1", "showLegendKey": "0", "showCatName": "0", "showSerName": "0"}
    for name, value in shown.items():
        found = element.find(f"{{*}}{name}")
        if found is not None:
            found.set("val", value)
    form = parse_xml(f'<c:numFmt {nsdecls("c")} formatCode="x" sourceLinked="0"/>')
    form.set("formatCode", wanted)
    first = next(child for child in element if not child.tag.endswith(("idx", "delete", "layout")))
    if first.tag.endswith("}tx"):
        first = first.getnext()
    first.addprevious(form)
