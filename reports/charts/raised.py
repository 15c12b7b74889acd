"""Pictures of what was promised and paid."""

from typing import TYPE_CHECKING, Any

import pandas as pd
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from pools.wording import day_text, kronor_text, number_text, percent_text
from reports import figures
from reports.charts.drawing import (
    COLOURS,
    SUMS,
    Chart,
    Lying,
    Native,
    Series,
    Shape,
    bar,
    chart_figure,
    count_text,
    data,
    few_text,
    joined,
    kronor,
    kronor_or_none,
    last_of,
    line,
    lying,
    month_texts,
    plain,
    rows_layout,
    sum_text,
    words,
)
from reports.figures import FairFrames

if TYPE_CHECKING:
    import plotly.graph_objects as go

MOST_DRAWN = 10  # More projects than so are in the table only, but for the largest.


def raised(frames: FairFrames) -> Chart:
    """Raised against goal, project by project: bullets that show where a goal was moved."""
    table = figures.raised_by_project(frames)
    moves = figures.goal_moves(frames)
    shown = table
    if len(table) > MOST_DRAWN:
        shown = table.nlargest(MOST_DRAWN, "committed_minor").sort_index()
    aimed = table[table["goal_min_minor"] > 0]
    met = int((aimed["committed_minor"] >= aimed["goal_min_minor"]).sum())
    return Chart(
        id="raised",
        title=_("Raised against goal"),
        finding=joined(
            _("%(met)s of %(all)s projects have been promised at least what they need.")
            % {"met": number_text(met), "all": number_text(len(aimed))},
            *_moved(moves),
        ),
        note=joined(
            _("Promised: confirmed and not withdrawn. Received: paid and paired. Never one sum."),
            _("The ten that were promised most are drawn.") if len(shown) < len(table) else "",
        ),
        figure=_bullets(shown, moves) if len(shown) else None,
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
                count_text(row.savers),
            )
            for row in table.itertuples(index=False)
        ),
        is_tall=len(shown) > 2,
        data=data(table.drop(columns=["project", "sector"])),
        native=Native(
            Shape.BARS,
            tuple(shown["name"]),
            tuple(
                Series(str(label), tuple(kronor(shown[f"{code}_minor"])), token)
                for code, label, token in (
                    *((code, label, code) for code, label in SUMS.items()),
                    ("goal_min", _("Needs at least"), "line-strong"),
                )
            ),
        ),
    )


def _moved(moves: pd.DataFrame) -> list[str]:
    """The last move of a goal in words, if there was any."""
    if not len(moves):
        return []
    last = moves.iloc[-1]
    told = _("On %(day)s the goal of %(project)s was moved from %(was)s to %(now)s.")
    return [
        told
        % {
            "day": date_format(last["on"]),
            "project": last["name"],
            "was": kronor_text(int(last["was_minor"])),
            "now": kronor_text(int(last["now_minor"])),
        }
    ]


def _bullets(table: pd.DataFrame, moves: pd.DataFrame) -> dict[str, Any]:
    places = list(range(len(table)))
    traces: list[Any] = [
        _band(table, places, "goal_max", _("Can use up to"), width=0.5, offset=-0.18),
        _band(table, places, "committed", str(SUMS["committed"]), width=0.34, offset=-0.1),
        _band(table, places, "received", str(SUMS["received"]), width=0.16, offset=-0.01),
        _band(table, places, "enabled", str(SUMS["enabled"]), width=0.09, offset=0.34),
    ]
    aimed = table["goal_min_minor"].where(table["goal_min_minor"] > 0)
    traces.append(_marks(places, kronor(aimed.fillna(0)), _("Needs at least"), "line-ns", 24))
    row_of = {project: i for i, project in enumerate(table["project"])}
    old = moves[moves["project"].isin(row_of)]
    if len(old):
        at = [row_of[project] for project in old["project"]]
        traces.append(_marks(at, kronor(old["was_minor"]), _("Earlier goal"), "diamond-open", 11))
    told = []
    for row in table.itertuples():
        share = ""
        if row.goal_min_minor:
            share = " · " + percent_text(100 * row.committed_minor // row.goal_min_minor)
        told.append(f"{plain(row.name)} · {kronor_text(row.committed_minor)}{share}")
    traces.append(words(told))
    layout = rows_layout(len(table))
    layout["xaxis"] = {
        "ticksuffix": " kr",
        "tickformat": ",.0f",
        "nticks": 7,
        "zeroline": False,
    }
    return chart_figure(traces, barmode="overlay", **layout)


def _band(
    table: pd.DataFrame,
    places: list[int],
    code: str,
    label: str,
    *,
    width: float,
    offset: float,
) -> "go.Bar":
    return bar(
        name=label,
        y=places,
        x=kronor(table[f"{code}_minor"]),
        orientation="h",
        width=width,
        offset=offset,
        marker={"color": COLOURS.get(code, COLOURS["line"])},
        hovertemplate="%{x:,.0f} kr<extra>%{fullData.name}</extra>",
    )


def _marks(places: list[int], x: list[float], label: str, symbol: str, size: int) -> "go.Scatter":
    ink = COLOURS["ink"]
    return line(
        name=label,
        y=[place + 0.07 for place in places],
        x=x,
        mode="markers",
        marker={"symbol": symbol, "size": size, "color": ink, "line": {"width": 3, "color": ink}}
        if symbol == "line-ns"
        else {"symbol": symbol, "size": size, "color": ink, "line": {"width": 2}},
        hovertemplate="%{x:,.0f} kr<extra>%{fullData.name}</extra>",
    )


def funnel(frames: FairFrames) -> Chart:
    """From promise to payment."""
    table = figures.funnel(frames)
    labels = [_("Submitted"), _("Confirmed"), _("Called"), _("Paid")]
    first = int(table["pledges"].iloc[0])
    # −1: too few to tell; then there is no share either.
    shares = [round(100 * n / first) if first > 0 and n > 0 else 0 for n in table["pledges"]]
    counts = [float(n) if n >= 0 else None for n in table["pledges"]]
    tokens = ("line-strong", "committed", "enabled", "received")
    return Chart(
        id="funnel",
        title=_("From promise to payment"),
        finding=_("%(share)s of all promises have been paid in full so far.")
        % {"share": percent_text(shares[-1])}
        if counts[-1] is not None and first > 0
        else _("Too few savers to tell without pointing at somebody."),
        note=_("Promises that reached each step. Part: paid ÷ submitted, by number."),
        figure=lying(
            [
                Lying(
                    label,
                    count,
                    few_text() if count is None else f"{number_text(n)} · {percent_text(share)}",
                    token,
                )
                for label, count, n, share, token in zip(
                    labels, counts, table["pledges"], shares, tokens, strict=True
                )
            ]
        )
        if first > 0
        else None,
        columns=(_("Step"), _("Promises"), _("Share"), _("Amount")),
        rows=tuple(
            (
                label,
                number_text(row.pledges),
                percent_text(share),
                sum_text(row.amount_minor),
            )
            if row.pledges >= 0
            else (label, few_text(), "–", "–")
            for label, share, row in zip(labels, shares, table.itertuples(), strict=True)
        ),
        is_low=True,
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
    monthly = table.iloc[last_of(table["on"])]
    week = figures.week(frames)
    return Chart(
        id="velocity",
        title=_("How the promises grew"),
        finding=joined(
            _("%(total)s is promised to these projects.") % {"total": kronor_text(total)},
            _("In the last seven days: %(week)s.") % {"week": kronor_text(week)} if week else "",
        ),
        note=_(
            "Promises that stand today, by the day they were confirmed, added up. A step is of "
            "five savers or more."
        ),
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
                ),
                line(
                    x=[table["on"].iloc[-1]],
                    y=[total / 100],
                    mode="markers+text",
                    text=[kronor_text(total)],
                    textposition="top left",
                    textfont={"color": COLOURS["ink"], "weight": 600},
                    marker={"size": 8, "color": COLOURS["committed"]},
                    hoverinfo="skip",
                    cliponaxis=False,
                ),
            ],
            yaxis={
                "range": [0, total / 100 * 1.12],
                "ticksuffix": " kr",
                "tickformat": ",.0f",
                "nticks": 6,
            },
            showlegend=False,
            xaxis={"tickformat": "%Y-%m", "nticks": 6},
        )
        if total
        else None,
        columns=(_("Latest in the month"), _("Promised so far")),
        rows=tuple(
            (day_text(row.on), kronor_text(row.amount_minor)) for row in monthly.itertuples()
        ),
        data=data(monthly),
        native=Native(
            Shape.LINES,
            month_texts(monthly["on"]),
            (Series(_("Promised so far"), tuple(kronor(monthly["amount_minor"])), "committed"),),
        ),
    )


def years(frames: FairFrames) -> Chart | None:
    """Years side by side; None where there is one year or none."""
    table = figures.by_year(frames)
    if len(table) < 2:
        return None
    labels = {
        **{f"{code}_minor": str(label) for code, label in SUMS.items()},
        "lent_minor": _("Lent"),
        "repaid_minor": _("Paid back"),
    }
    last, before = table.iloc[-1], table.iloc[-2]
    names = [str(year) for year in table["year"]]
    tokens = {f"{code}_minor": code for code in SUMS}
    return Chart(
        id="years",
        title=_("Year by year"),
        finding=_(
            "In %(last)s %(now)s was promised and %(paid)s received; in %(before)s %(then)s "
            "and %(then_paid)s."
        )
        % {
            "last": int(last["year"]),
            "now": sum_text(int(last["committed_minor"])),
            "paid": sum_text(int(last["received_minor"])),
            "before": int(before["year"]),
            "then": sum_text(int(before["committed_minor"])),
            "then_paid": sum_text(int(before["received_minor"])),
        },
        note=_("What happened in each year and still stands. A dash: of fewer than five savers."),
        figure=chart_figure(
            [
                bar(
                    name=labels[column],
                    x=names,
                    y=kronor(table[column].clip(lower=0)),
                    marker={"color": COLOURS[token]},
                    hovertemplate="%{y:,.0f} kr<extra>%{fullData.name}</extra>",
                )
                for column, token in tokens.items()
            ],
            barmode="group",
            bargap=0.3,
            bargroupgap=0.06,
            xaxis={"type": "category", "showgrid": False},
            yaxis={"ticksuffix": " kr", "tickformat": ",.0f", "nticks": 5},
        ),
        columns=(_("Year"), *labels.values()),
        rows=tuple(
            (name, *(sum_text(int(row[column])) for column in labels))
            for name, (_i, row) in zip(names, table.iterrows(), strict=True)
        ),
        data=data(table),
        native=Native(
            Shape.COLUMNS,
            tuple(names),
            tuple(
                Series(labels[column], kronor_or_none(table[column]), token)
                for column, token in tokens.items()
            ),
        ),
    )
