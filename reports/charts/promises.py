"""Pictures of what was promised and paid."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from pools.wording import kronor_text, number_text, percent_text
from reports import figures
from reports.charts.drawing import (
    COLOURS,
    SUMS,
    Chart,
    Native,
    Series,
    Shape,
    bar,
    chart_figure,
    data,
    few_text,
    kronor,
    line,
    plain,
)
from reports.figures import FairFrames

if TYPE_CHECKING:
    import plotly.graph_objects as go


_SHADES = ("sun", "committed", "lake", "received")


def raised(frames: FairFrames) -> Chart:
    """Raised against goal, project by project."""
    table = figures.raised_by_project(frames)
    names = table["name"].tolist()
    labels = [plain(name) for name in names]
    met = int((table["committed_minor"] >= table["goal_min_minor"]).sum())
    traces: list[Any] = [
        bar(
            name=str(label),
            y=labels,
            x=kronor(table[f"{code}_minor"]),
            orientation="h",
            marker={"color": COLOURS[code]},
            hovertemplate="%{x:,.0f} kr<extra>%{fullData.name}</extra>",
        )
        for code, label in SUMS.items()
    ]
    for code, label, symbol in (
        ("goal_min_minor", _("Needs at least"), "line-ns-open"),
        ("goal_max_minor", _("Can use up to"), "diamond-tall-open"),
    ):
        traces.append(
            line(
                name=label,
                y=labels,
                x=kronor(table[code]),
                mode="markers",
                marker={
                    "symbol": symbol,
                    "size": 26 if "ns" in symbol else 13,
                    "color": COLOURS["ink"],
                    "line": {"width": 3 if "ns" in symbol else 2, "color": COLOURS["ink"]},
                },
                hovertemplate="%{x:,.0f} kr<extra>%{fullData.name}</extra>",
            )
        )
    return Chart(
        id="raised",
        title=_("Raised against goal"),
        finding=_("%(met)s of %(all)s projects have been promised at least what they need.")
        % {"met": number_text(met), "all": number_text(len(table))},
        note=_("Promised: confirmed and not withdrawn. Received: paid and paired. Never one sum."),
        figure=chart_figure(
            traces,
            barmode="group",
            bargap=0.32,
            bargroupgap=0.12,
            yaxis={"autorange": "reversed"},
            xaxis={"ticksuffix": " kr", "tickformat": ",.0f", "nticks": 5},
        )
        if len(table)
        else None,
        columns=(
            _("Project"),
            *map(str, SUMS.values()),
            _("Needs at least"),
            _("Can use up to"),
            _("Savers"),
        ),
        rows=tuple(
            (
                row.name,
                kronor_text(row.committed_minor),
                kronor_text(row.received_minor),
                kronor_text(row.enabled_minor),
                kronor_text(row.goal_min_minor),
                kronor_text(row.goal_max_minor),
                _savers(row.savers),
            )
            for row in table.itertuples(index=False)
        ),
        is_tall=True,
        data=data(table.drop(columns="project")),
        native=Native(
            Shape.BARS,
            tuple(names),
            tuple(
                Series(str(label), tuple(kronor(table[f"{code}_minor"])), token)
                for code, label, token in (
                    *((code, label, code) for code, label in SUMS.items()),
                    ("goal_min", _("Needs at least"), "line-strong"),
                )
            ),
        ),
    )


def _savers(number: int) -> str:
    return few_text() if number < 0 else number_text(number)


def funnel(frames: FairFrames) -> Chart:
    """From promise to payment."""
    table = figures.funnel(frames)
    labels = [_("Submitted"), _("Confirmed"), _("Called"), _("Paid")]
    first = int(table["pledges"].iloc[0])
    # −1: too few to tell; then there is no share either.
    shares = [round(100 * n / first) if first > 0 and n > 0 else 0 for n in table["pledges"]]
    counts = [float(n) if n >= 0 else None for n in table["pledges"]]
    told = [
        _savers(n) if n < 0 else f"{number_text(n)} · {percent_text(s)}"
        for n, s in zip(table["pledges"], shares, strict=True)
    ]
    return Chart(
        id="funnel",
        title=_("From promise to payment"),
        finding=_("%(share)s of all promises have been paid in full so far.")
        % {"share": percent_text(shares[-1])},
        note=_("Promises that reached each step. Conversion: paid ÷ submitted, by number."),
        figure=chart_figure(
            [
                bar(
                    y=labels,
                    x=table["pledges"].clip(lower=0),
                    orientation="h",
                    text=told,
                    textposition="auto",
                    insidetextanchor="start",
                    hoverinfo="skip",
                    textfont={"size": 15},
                    insidetextfont={"color": COLOURS["on-pine"]},
                    marker={
                        "color": [
                            COLOURS["line-strong"],
                            COLOURS["committed"],
                            COLOURS["lake"],
                            COLOURS["received"],
                        ]
                    },
                )
            ],
            yaxis={"autorange": "reversed"},
            xaxis={"visible": False},
            showlegend=False,
            bargap=0.25,
        )
        if first
        else None,
        columns=(_("Step"), _("Promises"), _("Share"), _("Amount")),
        rows=tuple(
            (label, number_text(row.pledges), percent_text(share), kronor_text(row.amount_minor))
            if row.pledges >= 0
            else (label, few_text(), "–", "–")
            for label, share, row in zip(labels, shares, table.itertuples(), strict=True)
        ),
        data=data(table),
        native=Native(
            Shape.BARS,
            tuple(labels),
            (Series(_("Promises"), tuple(counts), "received"),),
            "#,##0",
        ),
    )


def velocity(frames: FairFrames) -> Chart:
    """How promises grew."""
    table = figures.velocity(frames)
    total = int(table["amount_minor"].iloc[-1]) if len(table) else 0
    monthly = table.iloc[_last_of_months(table["on"])]
    return Chart(
        id="velocity",
        title=_("How the promises grew"),
        finding=_("%(total)s is promised to the projects of this fair.")
        % {"total": kronor_text(total)},
        note=_("Promises that stand today, by the day they were confirmed, added up."),
        figure=chart_figure(
            [
                line(
                    x=table["on"],
                    y=kronor(table["amount_minor"]),
                    mode="lines",
                    line={"shape": "hv", "width": 3, "color": COLOURS["committed"]},
                    fill="tozeroy",
                    fillcolor=COLOURS["sun-tint"],
                    hovertemplate="%{x|%Y-%m-%d}: %{y:,.0f} kr<extra></extra>",
                )
            ],
            yaxis={"rangemode": "tozero", "ticksuffix": " kr", "tickformat": ",.0f", "nticks": 6},
            showlegend=False,
            xaxis={"tickformat": "%Y-%m", "nticks": 6},
        )
        if total
        else None,
        columns=(_("Month's last"), _("Promised so far")),
        rows=tuple(
            (date_format(row.on, "Y-m-d"), kronor_text(row.amount_minor))
            for row in monthly.itertuples()
        ),
        data=data(monthly),
        native=Native(
            Shape.LINES,
            tuple(date_format(day, "Y-m-d") for day in monthly["on"]),
            (Series(_("Promised so far"), tuple(kronor(monthly["amount_minor"])), "committed"),),
        ),
    )


def _last_of_months(days: "pd.Series[Any]") -> list[int]:
    listed = days.tolist()
    return [
        i
        for i, day in enumerate(listed)
        if i + 1 == len(listed)
        or (listed[i + 1].year, listed[i + 1].month) != (day.year, day.month)
    ]


def cohorts(frames: FairFrames) -> Chart:
    """What became of each fair's promises."""
    table = figures.cohorts(frames)
    spans = [str(days) for days in figures.COHORT_DAYS]
    labels = [_("%(days)s days") % {"days": days} for days in spans]
    values = table[spans].astype(float)
    known = values["365"].dropna()
    best = percent_text(round(100 * known.iloc[-1])) if len(known) else None

    def cell(value: float) -> str:
        return "" if pd.isna(value) else percent_text(round(100 * value))

    return Chart(
        id="cohorts",
        title=_("What became of each fair's promises"),
        finding=_("Within a year, %(share)s of the latest full year's promises had been paid.")
        % {"share": best}
        if best
        else _("No fair is a year old yet."),
        note=_(
            "Paid within so many days ÷ promised at the fair, by amount. Empty: not yet passed."
        ),
        figure=chart_figure(
            [
                _heat(
                    [label.replace(" ", "<br>") for label in labels],
                    [plain(name).replace(" ", "<br>", 1) for name in table["fair_name"]],
                    values.to_numpy().tolist(),
                    cell,
                )
            ],
            yaxis={"autorange": "reversed", "type": "category"},
            xaxis={"side": "top", "type": "category"},
            margin={"t": 52},
        )
        if len(table)
        else None,
        columns=(_("Fair"), _("Promised"), *labels),
        rows=tuple(
            (name, kronor_text(minor), *(cell(value) or "–" for value in row))
            for name, minor, row in zip(
                table["fair_name"], table["pledged_minor"], values.to_numpy(), strict=True
            )
        ),
        data=data(table),
        native=Native(
            Shape.COLUMNS,
            tuple(table["fair_name"]),
            tuple(
                Series(label, tuple(None if pd.isna(v) else float(v) for v in values[days]), token)
                for label, days, token in zip(labels, spans, _SHADES, strict=True)
            ),
            "0%",
        ),
    )


def _heat(
    x: list[str], y: list[str], z: list[list[float]], cell: Callable[[float], str]
) -> "go.Scatter":
    """The triangle as squares: the basic drawing library has no heat map."""
    points = [(i, j) for j in range(len(y)) for i in range(len(x)) if not pd.isna(z[j][i])]
    return line(
        x=[x[i] for i, _j in points],
        y=[y[j] for _i, j in points],
        mode="markers+text",
        text=[cell(z[j][i]) for i, j in points],
        textfont={"size": 15, "color": COLOURS["on-pine"]},
        marker={
            "symbol": "square",
            "size": 58,
            "color": COLOURS["received"],
            "line": {"width": 0},
            "opacity": 1,
        },
        hoverinfo="skip",
        cliponaxis=False,
    )


def finance(frames: FairFrames) -> Chart:
    """What the projects rest on."""
    table = figures.finance_mix(frames)
    words = {
        "need": _("Needed at least"),
        "savers": _("Promised by savers"),
        "bank-loan": _("Bank loans signed"),
        "grant": _("Grants"),
        "own": _("Own money"),
        "gift": _("Gifts"),
    }
    shown = table[(table["amount_minor"] > 0) | table["kind"].isin(["need", "savers"])]
    colors = {
        "need": COLOURS["line-strong"],
        "savers": COLOURS["committed"],
        "bank-loan": COLOURS["enabled"],
    }
    return Chart(
        id="finance",
        title=_("What the projects rest on"),
        finding=_("Savers have promised %(savers)s; the projects need at least %(need)s.")
        % {
            "savers": kronor_text(int(table["amount_minor"].iloc[1])),
            "need": kronor_text(int(table["amount_minor"].iloc[0])),
        },
        note=_("Signed sources beside each other. They are of different kinds and are not added."),
        figure=chart_figure(
            [
                bar(
                    y=[words[kind] for kind in shown["kind"]],
                    x=kronor(shown["amount_minor"]),
                    orientation="h",
                    marker={"color": [colors.get(kind, COLOURS["pine"]) for kind in shown["kind"]]},
                    text=[kronor_text(minor) for minor in shown["amount_minor"]],
                    textposition="auto",
                    insidetextanchor="end",
                    insidetextfont={"color": COLOURS["on-pine"]},
                    hoverinfo="skip",
                )
            ],
            yaxis={"autorange": "reversed"},
            xaxis={"visible": False},
            showlegend=False,
            bargap=0.25,
        )
        if int(table["amount_minor"].sum())
        else None,
        columns=(_("Source"), _("Amount")),
        rows=tuple((words[row.kind], kronor_text(row.amount_minor)) for row in table.itertuples()),
        data=data(table),
        native=Native(
            Shape.BARS,
            tuple(words[kind] for kind in shown["kind"]),
            (Series(_("Amount"), tuple(kronor(shown["amount_minor"])), "pine"),),
        ),
    )
