"""The community page: all projects together, over the years; as a page, CSV or JSON."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from invest.web.papers import csv_file
from pools.exports.cells import csv_text

if TYPE_CHECKING:
    from reports.community import Community


@require_safe
def community(request: HttpRequest) -> HttpResponse:
    """All projects, or those of a municipality, a year, or both; anything else is refused."""
    from reports.community import community_report, read  # noqa: PLC0415 -- pandas: 0.5 s
    from reports.figures.community_sums import Part  # noqa: PLC0415

    frames = read(timezone.localdate())
    municipality, year = request.GET.get("municipality", ""), request.GET.get("year", "")
    known = municipality in ("", *frames.municipalities) and year in ("", *map(str, frames.years))
    if not known:
        reason = _("There is nothing of that municipality and year.")
        return render(request, "400.html", {"reason": reason}, status=400)
    part = Part(municipality or None, int(year) if year else None)
    told = community_report(frames, part)
    wanted = request.GET.get("as", "")
    if wanted == "json":
        response = HttpResponse(_json(told), content_type="application/json")
    elif wanted == "csv":
        name = "-".join(("community", *filter(None, [year]), told.as_of.isoformat()))
        response = csv_file(csv_text(_table(told)), name)
    else:
        asked = request.GET.copy()
        asked.pop("as", None)
        context = {"told": told, "asked": asked.urlencode()}
        response = render(request, "reports/community.html", context)
    return response


def _json(told: "Community") -> str:
    """Every table as numbers: öre are whole, kilowatt-hours whole, what is not told is null."""
    content = {
        "as_of": told.as_of.isoformat(),
        "municipality": told.part.municipality,
        "year": told.part.year,
        "tables": {
            chart.id: {"columns": chart.data.columns, "rows": chart.data.rows}
            for chart in told.charts
        },
    }
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _table(told: "Community") -> Iterator[tuple[object, ...]]:
    """The same as one long table: a row a figure."""
    yield "as_of", "municipality", "year", "table", "row", "figure", "value"
    part = told.part
    for chart in told.charts:
        for first, *values in chart.data.rows:
            for column, value in zip(chart.data.columns[1:], values, strict=True):
                yield (
                    told.as_of.isoformat(),
                    part.municipality,
                    part.year,
                    chart.id,
                    first,
                    column,
                    value,
                )
