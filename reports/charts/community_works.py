"""Pictures of what the projects became: electricity, help, how far they are, and when."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from invest.models import StageEvent
from invest.web.wording import counted_text, quantity_text, unit_label
from pools.wording import day_text, number_text
from reports.charts.community import HIDDEN, in_lines
from reports.charts.drawing import (
    COLOURS,
    Chart,
    Native,
    Series,
    Shape,
    bar,
    chart_figure,
    data,
    line,
)
from reports.figures import community_sums
from reports.figures.community import CommunityFrames
from reports.figures.community_sums import Part

_YEARS_IN_A_ROW = 6  # As many as a phone shows beside each other.
_ROW = 34  # Pixels a project takes on the timeline.
# Each step has a sign of its own, so that they are told apart in grey.
_STEPS: dict[str, tuple[Any, str, str, int]] = {
    "begun": (gettext_lazy("Begun"), "line-ns-open", "line-strong", 13),
    "promised": (gettext_lazy("First promise"), "circle-open", "committed", 13),
    "reached": (gettext_lazy("Goal reached"), "triangle-up", "committed", 15),
    "paid_out": (gettext_lazy("Paid out, at work"), "square-open", "lake", 17),
    "running": (gettext_lazy("Up and running"), "diamond", "received", 14),
    "repaid": (gettext_lazy("Repaid, completed"), "star", "received", 17),
    "ended": (gettext_lazy("Goal missed, or wound up"), "x", "falu", 12),
}


def energy(frames: CommunityFrames, part: Part) -> Chart:
    """Kilowatt-hours by the year they were produced."""
    table = community_sums.by_year(frames, part)
    total = int(community_sums.so_far(frames, part)["kwh"].iloc[-1])
    labels = [kwh_text(n) for n in table["kwh"]]
    return Chart(
        id="energy",
        title=_("Electricity of our own"),
        finding=_("The community's plants have produced %(kwh)s.") % {"kwh": kwh_text(total)}
        if total > 0
        else _("No electricity can be told of yet."),
        note=_("Kilowatt-hours as read, by the year they were produced."),
        figure=chart_figure(
            [
                bar(
                    y=table["name"].tolist(),
                    x=[None if n < 0 else int(n) for n in table["kwh"]],
                    orientation="h",
                    marker={"color": COLOURS["sun"]},
                    text=labels,
                    textposition="outside",
                    constraintext="none",
                    cliponaxis=False,
                    hoverinfo="skip",
                )
            ],
            yaxis={"type": "category", "autorange": "reversed", "showgrid": False},
            xaxis={"visible": False, "range": [0, 1.5 * max(1, int(table["kwh"].max()))]},
            showlegend=False,
            bargap=0.35,
        )
        if total > 0
        else None,
        columns=(_("Year"), _("Produced")),
        rows=tuple(zip(table["name"], labels, strict=True)),
        data=data(table[["name", "kwh"]]),
        native=Native(
            Shape.BARS,
            tuple(table["name"]),
            (Series(_("Produced"), _numbers(table["kwh"]), "sun"),),
            '#,##0 "kWh"',
        ),
    )


def helped(frames: CommunityFrames, part: Part) -> Chart:
    """Help in kind: a table alone, for units that cannot be compared have no common picture."""
    table = community_sums.help_in_kind(frames, part)
    told = [
        tuple(_quantity(quantity, row) for quantity in (row.promised, row.given))
        for row in table.itertuples()
    ]
    known = [promised for promised, _given in told if promised != str(HIDDEN)]
    return Chart(
        id="help",
        title=_("Help in kind"),
        finding=_("Neighbours have promised help: %(help)s.") % {"help": ", ".join(known)}
        if known
        else _("No help can be told of without pointing at somebody."),
        note=_("By the year it was offered. Each unit by itself, and never added to kronor."),
        figure=None,
        columns=(_("Unit"), _("Promised"), _("Given")),
        # Units of which nothing can be told are left to the sentence, and to the data.
        rows=tuple(
            (unit_label(unit), *texts)
            for unit, texts in zip(table["unit"], told, strict=True)
            if set(texts) != {str(HIDDEN)}
        ),
        data=data(table.astype({"is_whole": int})),
    )


def _quantity(quantity: float, row: Any) -> str:
    """With its unit; as the least it is, where some of it is not told."""
    if pd.isna(quantity) or not (quantity or row.is_whole):
        return str(HIDDEN)
    words = quantity_text(Decimal(str(quantity)), row.unit)
    return words if row.is_whole else _("at least %(sum)s") % {"sum": words}


def stages(frames: CommunityFrames, part: Part) -> Chart:
    """How many projects are at each stage."""
    table = community_sums.by_stage(frames, part)
    names = [str(StageEvent.Stage(code).label) for code in table["stage"]]
    counts = table["projects"].tolist()
    alive = table[table["stage"].isin(["operating", "repaying"])]["projects"].sum()
    return Chart(
        id="stages",
        title=_("How far the projects have come"),
        finding=_("%(running)s of %(all)s projects are up and running.")
        % {"running": number_text(int(alive)), "all": number_text(sum(counts))},
        note=_("Projects by the stage they are at."),
        figure=chart_figure(
            [
                bar(
                    y=[in_lines(name) for name in names],
                    x=counts,
                    orientation="h",
                    marker={"color": COLOURS["pine"]},
                    text=[number_text(n) for n in counts],
                    textposition="outside",
                    constraintext="none",
                    cliponaxis=False,
                    hoverinfo="skip",
                )
            ],
            yaxis={"autorange": "reversed", "showgrid": False},
            xaxis={"visible": False, "range": [0, 1.15 * max(counts)]},
            showlegend=False,
            bargap=0.3,
        )
        if counts
        else None,
        columns=(_("Stage"), _("Projects")),
        rows=tuple((name, number_text(n)) for name, n in zip(names, counts, strict=True)),
        data=data(table),
        native=Native(
            Shape.BARS,
            tuple(names),
            (Series(_("Projects"), tuple(map(float, counts)), "pine"),),
            "#,##0",
        ),
    )


def kwh_text(number: int) -> str:
    """Kilowatt-hours, or that they are not told."""
    return str(HIDDEN) if number < 0 else counted_text(int(number), "KWH")


def _numbers(counts: "pd.Series[int]") -> tuple[float | None, ...]:
    return tuple(None if n < 0 else float(n) for n in counts)


def timeline(frames: CommunityFrames, part: Part) -> Chart:
    """Every project on one line of time."""
    table = community_sums.timeline(frames, part)
    ends = [_end(row, frames.as_of) for row in table.itertuples()]
    repaid = sum(day is not None for day in table["repaid"])
    return Chart(
        id="timeline",
        title=_("Every project, from begun to repaid"),
        finding=_("%(repaid)s of %(all)s projects have come all the way to repaid or completed.")
        % {"repaid": number_text(repaid), "all": number_text(len(table))},
        note=_(
            "Each step by its first day. First promise: its month, where five or more have "
            "promised. At work: the loan was paid out, or building began."
        ),
        figure=_lines_of_time(table, ends) if len(table) else None,
        columns=(_("Project"), *(str(label) for label, *_how in _STEPS.values())),
        rows=tuple(
            (row.name, *(_day(step, getattr(row, step)) for step in _STEPS))
            for row in table.itertuples(index=False)
        ),
        is_tall=True,
        data=data(table),
    )


def _end(row: Any, today: date) -> date:
    """Where a project's line ends: today, while it goes on."""
    return row.repaid or row.ended or today


def _day(step: str, on: date | None) -> str:
    if on is None:
        return "–"
    return date_format(on, "Y-m") if step == "promised" else day_text(on)


def _lines_of_time(table: pd.DataFrame, ends: list[date]) -> dict[str, Any]:
    # Rows are numbered: two projects may have the same name.
    rows = range(len(table))
    firsts = [min(day for day in row if day) for row in table[list(_STEPS)].to_numpy()]
    years = max(ends).year - min(firsts).year
    running = [(i, day) for i, day in zip(rows, table["running"], strict=True) if day]
    spans = [
        line(
            x=[day for i in rows for day in (firsts[i], ends[i], None)],
            y=[y for i in rows for y in (i, i, None)],
            mode="lines",
            line={"width": 3, "color": COLOURS["line-strong"]},
            hoverinfo="skip",
            showlegend=False,
        ),
        line(
            x=[day for i, since in running for day in (since, max(since, ends[i]), None)],
            y=[y for i, _since in running for y in (i, i, None)],
            mode="lines",
            line={"width": 8, "color": COLOURS["received"]},
            opacity=0.45,
            hoverinfo="skip",
            showlegend=False,
        ),
    ]
    signs = [
        line(
            name=str(label),
            x=[day for day in table[step] if day],
            y=[i for i, day in zip(rows, table[step], strict=True) if day],
            mode="markers",
            marker={
                "symbol": symbol,
                "size": size,
                "color": COLOURS[token],
                "line": {"width": 2, "color": COLOURS[token]},
            },
            hovertemplate="%{x|%Y-%m}<extra>%{fullData.name}</extra>",
        )
        for step, (label, symbol, token, size) in _STEPS.items()
    ]
    return chart_figure(
        [*spans, *signs],
        height=150 + _ROW * len(table),
        yaxis={
            "tickmode": "array",
            "tickvals": list(rows),
            "ticktext": [in_lines(name) for name in table["name"]],
            "range": [len(table) - 0.4, -0.6],
            "showgrid": False,
            "zeroline": False,
        },
        xaxis={
            "type": "date",
            "side": "top",
            "tickformat": "%Y",
            "tickangle": 0,
            "dtick": "M12" if years <= _YEARS_IN_A_ROW else "M36",
            "range": [min(firsts) - timedelta(days=20), max(ends) + timedelta(days=25)],
        },
        legend={"y": -0.01, "yanchor": "top"},
        margin={"t": 40},
    )
