"""Pictures of what was lent."""

from typing import Any

import pandas as pd
from django.utils.translation import gettext as _

from pools.wording import day_text, kronor_text, percent_text
from reports import figures
from reports.charts.drawing import (
    COLOURS,
    Chart,
    Lying,
    Native,
    Series,
    Shape,
    chart_figure,
    data,
    kronor,
    line,
    line_ends,
    lying,
    month_texts,
)
from reports.figures import FairFrames


def outstanding(frames: FairFrames) -> Chart:
    """Lent and repaid over time."""
    table = figures.outstanding(frames)
    now = figures.repaid(frames)
    shown = table.drop(columns="due_minor")
    return _over_time(
        shown,
        [
            (_("Outstanding"), "outstanding_minor", "received", "solid", True),
            (_("Paid back"), "repaid_minor", "committed", "solid", False),
            (_("Lent"), "lent_minor", "line-strong", "dot", False),
        ],
        id_="outstanding",
        title=_("Lent, and paid back"),
        finding=_paid_back(frames)
        % {"repaid": kronor_text(now.repaid_minor), "lent": kronor_text(now.lent_minor)}
        if now
        else _("No loan has been paid out yet."),
        note=_("Loans of this and earlier fairs. Outstanding: lent less principal repaid.")
        if frames.is_of_fair
        else _("Outstanding: lent less principal repaid."),
    )


def _paid_back(frames: FairFrames) -> str:
    if frames.is_of_fair:
        return _("%(repaid)s of %(lent)s lent at this and earlier fairs has been paid back.")
    return _("%(repaid)s of %(lent)s lent has been paid back.")


def plan_and_actual(frames: FairFrames) -> Chart | None:
    """What was due and what came; None before anything was due."""
    table, now = figures.outstanding(frames), figures.repaid(frames)
    if now is None or not now.due_minor:
        return None
    return _over_time(
        table[["on", "due_minor", "repaid_minor"]],
        [
            (_("Due by the plans"), "due_minor", "line-strong", "dot", False),
            (_("Paid back"), "repaid_minor", "received", "solid", True),
        ],
        id_="plan",
        title=_("Paid back by the plan?"),
        finding=_("%(share)s of the principal that was due has been paid back.")
        % {"share": percent_text(round(100 * (now.of_due or 0)))},
        note=_("Principal repaid ÷ principal due by the day, by the plans in force now."),
    )


def _over_time(
    table: pd.DataFrame,
    series: list[tuple[str, str, str, str, bool]],
    *,
    id_: str,
    title: str,
    finding: str,
    note: str,
) -> Chart:
    """Lines with their names at the end, and every third month in the table."""
    quarterly = table.iloc[::-3].iloc[::-1]
    named = sorted(series, key=lambda row: list(table.columns).index(row[1]))
    return Chart(
        id=id_,
        title=title,
        finding=finding,
        note=note,
        figure=_lines(table, series) if len(table) else None,
        columns=(_("Day"), *(row[0] for row in named)),
        rows=tuple(
            (
                day_text(row["on"]),
                *(kronor_text(int(row[column])) for _label, column, *_rest in named),
            )
            for _i, row in quarterly.iterrows()
        ),
        data=data(quarterly),
        native=Native(
            Shape.LINES,
            month_texts(quarterly["on"]),
            tuple(
                Series(label, tuple(kronor(quarterly[column])), token)
                for label, column, token, *_rest in named
            ),
        )
        if len(table)
        else None,
    )


def _lines(table: pd.DataFrame, series: list[tuple[str, str, str, str, bool]]) -> dict[str, Any]:
    columns = [kronor(table[column]) for _label, column, *_rest in series]
    most = max(max(values) for values in columns) or 1
    traces = [
        line(
            name=label,
            x=table["on"],
            y=values,
            mode="lines",
            fill="tozeroy" if fill else "none",
            line={"width": 3, "color": COLOURS[token], "dash": dash},
            fillcolor=COLOURS["heat-1"],
            hovertemplate="%{x|%Y-%m}: %{y:,.0f} kr<extra>%{fullData.name}</extra>",
        )
        for (label, _column, token, dash, fill), values in zip(series, columns, strict=True)
    ]
    labels = [row[0] for row in series]
    ends = line_ends(labels, table["on"].iloc[-1], columns, most)
    return chart_figure(
        [*traces, *ends],
        yaxis={
            "range": [0, 1.15 * most],
            "ticksuffix": " kr",
            "tickformat": ",.0f",
            "nticks": 6,
        },
        xaxis={"tickformat": "%Y-%m", "nticks": 6},
        showlegend=not ends,
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
    at_risk = {days: figures.portfolio_at_risk(frames, days) for days in (30, 90)}
    return Chart(
        id="arrears",
        title=_("Late payments"),
        finding=_(
            "%(total)s is late; loans at risk are %(thirty)s (30 days) and %(ninety)s (90 days) of "
            "all outstanding."
        )
        % {
            "total": kronor_text(total),
            "thirty": percent_text(round(100 * (at_risk[30] or 0))),
            "ninety": percent_text(round(100 * (at_risk[90] or 0))),
        }
        if total
        else _("Nothing is late."),
        note=_(
            "Due and unpaid by age. At risk: the whole balance of loans more than so many days "
            "late, or with a new plan in the last year ÷ all outstanding."
        ),
        figure=lying(
            [
                Lying(label, float(minor) / 100, kronor_text(minor), token)
                for label, minor, token in zip(
                    labels, table["amount_minor"], ("sun", "sun", "falu", "falu"), strict=True
                )
            ]
        )
        if total
        else None,
        columns=(_("Late by"), _("Amount")),
        rows=tuple(
            (label, kronor_text(minor))
            for label, minor in zip(labels, table["amount_minor"], strict=True)
        ),
        is_low=True,
        data=data(table),
        native=Native(
            Shape.COLUMNS,
            tuple(labels),
            (Series(_("Amount"), tuple(kronor(table["amount_minor"])), "falu"),),
        ),
    )
