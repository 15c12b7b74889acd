"""Pictures of what was lent."""

from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from pools.wording import kronor_text, percent_text
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
    kronor,
    line,
)
from reports.figures import FairFrames

if TYPE_CHECKING:
    pass


def outstanding(frames: FairFrames) -> Chart:
    """Lent and repaid over time."""
    table = figures.outstanding(frames)
    last = table.iloc[-1] if len(table) else None
    yearly = table.iloc[::-3].iloc[::-1]
    return Chart(
        id="outstanding",
        title=_("Lent, and paid back"),
        finding=_("%(repaid)s of %(lent)s lent at this and earlier fairs has been paid back.")
        % {
            "repaid": kronor_text(int(last["repaid_minor"])),
            "lent": kronor_text(int(last["lent_minor"])),
        }
        if last is not None
        else _("No loan has been paid out yet."),
        note=_("Loans of this and earlier fairs. Outstanding: lent less principal repaid."),
        figure=chart_figure(
            [
                line(
                    name=label,
                    x=table["on"],
                    y=kronor(table[column]),
                    mode="lines",
                    fill="tozeroy" if fill else "none",
                    line={"width": 3, "color": COLOURS[token], "dash": dash},
                    fillcolor=COLOURS["pine-tint"],
                    hovertemplate="%{x|%Y-%m}: %{y:,.0f} kr<extra>%{fullData.name}</extra>",
                )
                for label, column, token, dash, fill in (
                    (_("Outstanding"), "outstanding_minor", "received", "solid", True),
                    (_("Paid back"), "repaid_minor", "committed", "solid", False),
                    (_("Lent"), "lent_minor", "line-strong", "dot", False),
                )
            ],
            yaxis={"rangemode": "tozero", "ticksuffix": " kr", "tickformat": ",.0f", "nticks": 6},
            xaxis={"tickformat": "%Y-%m", "nticks": 6},
        )
        if last is not None
        else None,
        columns=(_("Day"), _("Lent"), _("Paid back"), _("Outstanding")),
        rows=tuple(
            (
                date_format(row.on, "Y-m-d"),
                kronor_text(row.lent_minor),
                kronor_text(row.repaid_minor),
                kronor_text(row.outstanding_minor),
            )
            for row in yearly.itertuples()
        ),
        data=data(yearly),
        native=Native(
            Shape.LINES,
            tuple(date_format(day, "Y-m-d") for day in yearly["on"]),
            tuple(
                Series(label, tuple(kronor(yearly[column])), token)
                for label, column, token in (
                    (_("Lent"), "lent_minor", "line-strong"),
                    (_("Paid back"), "repaid_minor", "committed"),
                    (_("Outstanding"), "outstanding_minor", "received"),
                )
            ),
        ),
    )


def arrears(frames: FairFrames) -> Chart:
    """What is late, by age."""
    table = figures.arrears(frames)
    labels = [
        _("%(from)s–%(to)s days") % {"from": row.from_days, "to": int(row.to_days)}
        if row.to_days == row.to_days
        else _("over 90 days")
        for row in table.itertuples()
    ]
    total = int(table["amount_minor"].sum())
    at_risk = figures.portfolio_at_risk(frames, 30)
    return Chart(
        id="arrears",
        title=_("Late payments"),
        finding=_("%(total)s is late; loans at risk (30 days) are %(risk)s of all outstanding.")
        % {"total": kronor_text(total), "risk": percent_text(round(100 * (at_risk or 0)))}
        if total
        else _("Nothing is late."),
        note=_(
            "Due and unpaid by age. At risk: the whole balance of loans more than 30 days late."
        ),
        figure=chart_figure(
            [
                bar(
                    x=labels,
                    y=kronor(table["amount_minor"]),
                    hoverinfo="skip",
                    marker={
                        "color": [COLOURS["sun"], COLOURS["sun"], COLOURS["falu"], COLOURS["falu"]]
                    },
                    text=[kronor_text(minor) if minor else "" for minor in table["amount_minor"]],
                    textposition="outside",
                    cliponaxis=False,
                )
            ],
            yaxis={"visible": False},
            showlegend=False,
            xaxis={"type": "category", "showgrid": False},
            bargap=0.3,
            margin={"t": 30},
        )
        if total
        else None,
        columns=(_("Late by"), _("Amount")),
        rows=tuple(
            (label, kronor_text(minor))
            for label, minor in zip(labels, table["amount_minor"], strict=True)
        ),
        data=data(table),
        native=Native(
            Shape.COLUMNS,
            tuple(labels),
            (Series(_("Amount"), tuple(kronor(table["amount_minor"])), "falu"),),
        ),
    )
