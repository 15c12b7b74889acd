"""Pictures of support savings: the savers' own money, and the points that carry a loan."""

from datetime import date
from typing import Any

import pandas as pd
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pools.wording import day_text, kronor_text, number_text, percent_text
from reports import figures
from reports.charts.drawing import (
    COLOURS,
    KRONOR_FORMAT,
    Chart,
    Native,
    Series,
    Shape,
    chart_figure,
    data,
    joined,
    kronor,
    last_of,
    line,
    line_ends,
    month_texts,
)
from reports.figures import FairFrames, saving


def saved(frames: FairFrames) -> Chart | None:
    """What stands on the savers' own accounts; None where nobody saves, or too few."""
    now, table = saving(frames), figures.balances(frames)
    if now is None or not len(table):
        return None
    quarterly = table.iloc[last_of(table["on"], months=3)]
    return Chart(
        id="saved",
        title=_("Support savings at the bank"),
        finding=joined(
            _("%(sum)s stands on the accounts of %(savers)s savers. It is their own.")
            % {"sum": kronor_text(now.saved_minor), "savers": number_text(now.savers)},
            ngettext(
                "%(stale)s account was last seen more than 90 days ago.",
                "%(stale)s accounts were last seen more than 90 days ago.",
                now.stale,
            )
            % {"stale": number_text(now.stale)}
            if now.stale
            else "",
        ),
        note=_("What was last seen on each account. In no sum of what is raised."),
        figure=_steps(
            table["on"], [(_("Saved"), kronor(table["saved_minor"]), "pine", True)], " kr"
        ),
        columns=(_("Latest in the quarter"), _("Saved")),
        rows=tuple(
            (day_text(row.on), kronor_text(row.saved_minor)) for row in quarterly.itertuples()
        ),
        data=data(quarterly),
        native=_native(
            quarterly["on"],
            [(_("Saved"), kronor(quarterly["saved_minor"]), "pine")],
            KRONOR_FORMAT,
        ),
    )


def points(frames: FairFrames) -> Chart | None:
    """Points earned and used; None where nobody saves, or too few."""
    now, table = saving(frames), figures.points(frames)
    if now is None or not len(table):
        return None
    earned, used = ([float(n) for n in table[name]] for name in ("earned", "used"))
    cover = now.coverage
    return Chart(
        id="points",
        title=_("Savings points"),
        finding=joined(
            _("%(earned)s points are earned, and the loan has used %(used)s.")
            % {"earned": number_text(now.points), "used": number_text(now.used)},
            _("With what is saved now, %(share)s of the loan is carried.")
            % {"share": percent_text(int(100 * cover))}
            if cover is not None
            else "",
        ),
        note=_(
            "Carried: points there are and will be if what is saved stays ÷ points the loan uses "
            "in all."
        ),
        figure=_steps(
            table["on"],
            [(_("Earned"), earned, "received", True), (_("Used"), used, "committed", False)],
            "",
        ),
        columns=(_("Day"), _("Earned"), _("Used")),
        rows=tuple(
            (day_text(row.on), number_text(row.earned), number_text(row.used))
            for row in table.itertuples()
        ),
        data=data(table),
        native=_native(
            table["on"],
            [(_("Earned"), earned, "received"), (_("Used"), used, "committed")],
            "#,##0",
        ),
    )


def _steps(
    days: "pd.Series[Any]", series: list[tuple[str, list[float], str, bool]], suffix: str
) -> dict[str, Any]:
    most = max(max(values) for _label, values, _token, _fill in series)
    traces = [
        line(
            name=label,
            x=days,
            y=values,
            mode="lines",
            line={"shape": "hv", "width": 3, "color": COLOURS[token]},
            fill="tozeroy" if fill else "none",
            fillcolor=COLOURS["heat-1"],
            hovertemplate="%{x|%Y-%m-%d}: %{y:,.0f}" + suffix + "<extra>%{fullData.name}</extra>",
        )
        for label, values, token, fill in series
    ]
    labels, columns = [row[0] for row in series], [row[1] for row in series]
    ends = line_ends(labels, days.iloc[-1], columns, most)
    return chart_figure(
        [*traces, *ends],
        yaxis={
            "range": [0, 1.15 * most],
            "ticksuffix": suffix,
            "tickformat": ",.0f",
            "nticks": 5,
        },
        xaxis={"tickformat": "%Y-%m", "nticks": 6},
        showlegend=not ends,
    )


def _native(
    days: "pd.Series[date]", series: list[tuple[str, list[float], str]], number_format: str
) -> Native:
    return Native(
        Shape.LINES,
        month_texts(days),
        tuple(Series(label, tuple(values), token) for label, values, token in series),
        number_format,
    )
