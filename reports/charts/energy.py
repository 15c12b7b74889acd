"""Pictures of what the plants give."""

from typing import TYPE_CHECKING

import pandas as pd
from django.utils.translation import gettext as _

from pools.wording import number_text, percent_text
from reports import figures
from reports.charts.drawing import (
    COLOURS,
    Chart,
    Native,
    Series,
    Shape,
    bar,
    chart_figure,
    data,
    joined,
    line,
)
from reports.figures import FairFrames

if TYPE_CHECKING:
    import plotly.graph_objects as go


def production(frames: FairFrames) -> Chart | None:
    """Month by month above, all so far below; None where nothing has been read."""
    table = figures.production(frames)
    if not len(table):
        return None
    total, budget = int(table["total_kwh"].iloc[-1]), int(table["budget_kwh"].sum())
    return Chart(
        id="production",
        title=_("Electricity month by month"),
        finding=joined(
            _("%(kwh)s kWh so far.") % {"kwh": number_text(total)},
            _("That is %(share)s of what was budgeted.")
            % {"share": percent_text(round(100 * total / budget))}
            if budget
            else "",
        ),
        note=_("Readings of all plants against the budget, month by month and added up."),
        figure=_months_and_sum(table),
        columns=(_("Month"), _("Produced, kWh"), _("Budget, kWh"), _("So far, kWh")),
        rows=tuple(
            (
                row.month,
                number_text(row.kwh),
                number_text(row.budget_kwh) if row.budget_kwh else "–",
                number_text(row.total_kwh),
            )
            for row in table.itertuples()
        ),
        is_tall=True,
        data=data(table),
        native=Native(
            Shape.COLUMNS,
            tuple(table["month"]),
            (
                Series(_("Produced"), tuple(float(kwh) for kwh in table["kwh"]), "sun"),
                Series(_("Budget"), tuple(float(k) for k in table["budget_kwh"]), "line-strong"),
            ),
            '#,##0 "kWh"',
        ),
    )


def _months_and_sum(table: pd.DataFrame) -> "go.Figure":
    """Columns against the budget above, the curve of all so far below."""
    days = [f"{month}-01" for month in table["month"]]
    total = int(table["total_kwh"].iloc[-1])
    return chart_figure(
        [
            bar(
                name=_("Produced"),
                x=days,
                y=table["kwh"],
                marker={"color": COLOURS["sun"]},
                hovertemplate="%{x|%Y-%m}: %{y:,.0f} kWh<extra>%{fullData.name}</extra>",
            ),
            line(
                name=_("Budget"),
                x=days,
                y=[float(kwh) if kwh else None for kwh in table["budget_kwh"]],
                mode="markers",
                marker={
                    "symbol": "line-ew",
                    "size": 9,
                    "line": {"width": 2, "color": COLOURS["ink"]},
                },
                hovertemplate="%{x|%Y-%m}: %{y:,.0f} kWh<extra>%{fullData.name}</extra>",
            ),
            line(
                x=days,
                y=table["total_kwh"],
                yaxis="y2",
                mode="lines",
                fill="tozeroy",
                line={"width": 3, "color": COLOURS["lake"]},
                fillcolor=COLOURS["lake-tint"],
                showlegend=False,
                hovertemplate="%{x|%Y-%m}: %{y:,.0f} kWh<extra></extra>",
            ),
            line(
                x=days[-1:],
                y=[total],
                yaxis="y2",
                mode="markers+text",
                text=[f"{number_text(total)} kWh"],
                textposition="top left",
                textfont={"color": COLOURS["ink"], "weight": 600},
                marker={"size": 8, "color": COLOURS["lake"]},
                hoverinfo="skip",
                showlegend=False,
                cliponaxis=False,
            ),
        ],
        yaxis={"domain": [0.46, 1], "ticksuffix": " kWh", "tickformat": ",.0f", "nticks": 5},
        yaxis2={
            "domain": [0, 0.34],
            "range": [0, 1.25 * total],
            "ticksuffix": " kWh",
            "tickformat": ",.0f",
            "nticks": 4,
        },
        xaxis={"tickformat": "%Y-%m", "nticks": 6, "showgrid": False, "anchor": "y2"},
        bargap=0.15,
        legend={"y": 1.02, "yanchor": "bottom"},
        margin={"t": 30},
    )
