"""Frames into pictures: one visual language, a sentence that says the finding, and a table beside.

Colours are named by token (COLOURS["received"]) and filled in by the browser for its theme; the
drawing script sets fonts, grid and number signs. The only place where öre become floats: a bar
has no öre.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pools.money import split
from pools.wording import decimal_text, kronor_text, number_text, percent_text
from reports import figures
from reports.figures import FairFrames

if TYPE_CHECKING:
    import plotly.graph_objects as go

# Token → its colour in the light theme, as in config/static/site/tokens.css (a test compares).
COLOURS = {
    "committed": "#b9780f",
    "enabled": "#2a618c",
    "falu": "#8e2c1e",
    "ink": "#22302b",
    "lake": "#2a618c",
    "lake-tint": "#e2edf5",
    "line-strong": "#857a66",
    "on-pine": "#fffdf8",
    "pine": "#1d5a44",
    "pine-tint": "#e4efe6",
    "received": "#1f7050",
    "sun": "#c07f12",
    "sun-tint": "#fbeecf",
}
SUMS: dict[str, Promise] = {
    "committed": gettext_lazy("Promised"),
    "received": gettext_lazy("Received"),
    "enabled": gettext_lazy("Bank loans enabled"),
}
SAVERS = gettext_lazy("Savers")
MEDIAN = gettext_lazy("Median per saver")
AT_RISK = gettext_lazy("Loans at risk (30 days)")


@dataclass(frozen=True)
class Chart:
    """A picture with its finding and its table. `figure` is plotly JSON, or None: nothing yet."""

    id: str
    title: str
    finding: str
    note: str
    figure: dict[str, Any] | None
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_tall: bool = False

    @property
    def json_id(self) -> str:
        """Where the page keeps the figure's JSON."""
        return f"{self.id}-data"


def few_text() -> str:
    """How a group too small to tell is told."""
    return _("fewer than 5")


def _figure(traces: "Sequence[go.Bar | go.Scatter | go.Heatmap]", **layout: Any) -> dict[str, Any]:
    import plotly.graph_objects as go  # noqa: PLC0415 -- 0.4 s; only a report needs it

    tokens = {colour: token for token, colour in COLOURS.items()}
    base = {"template": None, "hovermode": "closest", "meta": {"tokens": tokens}}
    figure = go.Figure(traces, layout={**base, **layout})
    answer: dict[str, Any] = figure.to_plotly_json()
    plain: dict[str, Any] = _plain(answer)
    return plain


def _plain(value: Any) -> Any:
    """Tuples, arrays and days as JSON holds them."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def _bar(**trace: Any) -> "go.Bar":
    import plotly.graph_objects as go  # noqa: PLC0415 -- 0.4 s; only a report needs it

    return go.Bar(**trace)


def _line(**trace: Any) -> "go.Scatter":
    import plotly.graph_objects as go  # noqa: PLC0415 -- 0.4 s; only a report needs it

    return go.Scatter(**trace)


def _kronor(minor: "pd.Series[int]") -> list[float]:
    return [float(value) / 100 for value in minor]


def raised(frames: FairFrames) -> Chart:
    """Raised against goal, project by project."""
    table = figures.raised_by_project(frames)
    names = table["name"].tolist()
    met = int((table["committed_minor"] >= table["goal_min_minor"]).sum())
    traces: list[Any] = [
        _bar(
            name=str(label),
            y=names,
            x=_kronor(table[f"{code}_minor"]),
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
            _line(
                name=label,
                y=names,
                x=_kronor(table[code]),
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
        figure=_figure(
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
            for row in table.rename(columns={"name": "name"}).itertuples(index=False)
        ),
        is_tall=True,
    )


def _savers(number: int) -> str:
    return few_text() if number < 0 else number_text(number)


def funnel(frames: FairFrames) -> Chart:
    """From promise to payment."""
    table = figures.funnel(frames)
    labels = [_("Submitted"), _("Confirmed"), _("Called"), _("Paid")]
    first = int(table["pledges"].iloc[0])
    shares = [round(100 * n / first) if first else 0 for n in table["pledges"]]
    return Chart(
        id="funnel",
        title=_("From promise to payment"),
        finding=_("%(share)s of all promises have been paid in full so far.")
        % {"share": percent_text(shares[-1])},
        note=_("Promises that reached each step. Conversion: paid ÷ submitted, by number."),
        figure=_figure(
            [
                _bar(
                    y=labels,
                    x=table["pledges"],
                    orientation="h",
                    text=[
                        f"{number_text(n)} · {percent_text(s)}"
                        for n, s in zip(table["pledges"], shares, strict=True)
                    ],
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
            for label, share, row in zip(labels, shares, table.itertuples(), strict=True)
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
        figure=_figure(
            [
                _line(
                    x=table["on"],
                    y=_kronor(table["amount_minor"]),
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
    )


def _last_of_months(days: "pd.Series[Any]") -> list[int]:
    listed = days.tolist()
    return [
        i
        for i, day in enumerate(listed)
        if i + 1 == len(listed)
        or (listed[i + 1].year, listed[i + 1].month) != (day.year, day.month)
    ]


def histogram(frames: FairFrames) -> Chart:
    """How much each saver promised."""
    table = figures.histogram(frames)
    labels = [_band(row.from_kr, row.to_kr) for row in table.itertuples()]
    told = table["savers"].where(~table["is_hidden"], 0)
    middle = figures.middle(frames)
    return Chart(
        id="histogram",
        title=_("How much each saver promised"),
        finding=_("Half of the savers promised %(median)s or less.")
        % {"median": kronor_text(middle[0])}
        if middle
        else _("Too few savers to tell without pointing at somebody."),
        note=_("Savers by what each promised to all the fair's projects. Small groups are hidden."),
        figure=_figure(
            [
                _bar(
                    # Two lines, or seven labels would not stand upright beside each other.
                    x=[label.replace("–", "–<br>").replace(" ", "<br>", 1) for label in labels],
                    y=told,
                    marker={"color": COLOURS["pine"]},
                    hoverinfo="skip",
                    text=[
                        few_text() if hidden else number_text(n) if n else ""
                        for n, hidden in zip(table["savers"], table["is_hidden"], strict=True)
                    ],
                    textposition="outside",
                    cliponaxis=False,
                )
            ],
            yaxis={"visible": False},
            showlegend=False,
            bargap=0.12,
            xaxis={"type": "category", "tickangle": 0, "showgrid": False},
        )
        if middle
        else None,
        columns=(_("Kronor"), _("Savers")),
        rows=tuple(
            (label, few_text() if row.is_hidden else number_text(row.savers))
            for label, row in zip(labels, table.itertuples(), strict=True)
        )
        if middle
        else (),
    )


def _band(first: int, last: float | None) -> str:
    if last is None or last != last:
        return _("%(from)s or more") % {"from": number_text(first)}
    if first == 0:
        return _("under %(to)s") % {"to": number_text(int(last))}
    return f"{number_text(first)}–{number_text(int(last) - 1)}"


def local_share(frames: FairFrames) -> Chart:
    """Where savers live."""
    table = figures.local_share(frames)
    labels = [_("In the municipality"), _("Elsewhere"), _("Not told")]
    known = table[table["place"] != "unknown"]
    total = int(known["amount_minor"].sum())
    few = bool(table["is_hidden"].any())
    share = round(100 * int(known["amount_minor"].iloc[0]) / total) if total else 0
    # Whole percents that make a hundred: parts of one bar.
    parts = split(100, table["amount_minor"].tolist()) if total else []
    tellable = total > 0 and not few
    return Chart(
        id="local",
        title=_("Where the savers live"),
        finding=_("%(share)s of the promised kronor, where the home is known, is local.")
        % {"share": percent_text(share)}
        if tellable
        else _("Too few savers to tell without pointing at somebody."),
        note=_("By the home municipality the saver gave, against the projects' own."),
        figure=_figure(
            [
                _bar(
                    y=[""],
                    x=_kronor(table["amount_minor"].iloc[i : i + 1]),
                    name=label,
                    orientation="h",
                    marker={"color": color},
                    width=0.45,
                    text=percent_text(parts[i]),
                    textposition="inside",
                    insidetextanchor="middle",
                    textangle=0,
                    textfont={"size": 16, "color": COLOURS["on-pine"]},
                    hovertemplate="%{x:,.0f} kr<extra>%{fullData.name}</extra>",
                )
                for i, (label, color) in enumerate(
                    zip(
                        labels,
                        (COLOURS["received"], COLOURS["committed"], COLOURS["line-strong"]),
                        strict=True,
                    )
                )
            ],
            barmode="stack",
            barnorm="percent",
            yaxis={"visible": False},
            xaxis={"visible": False},
            legend={"traceorder": "normal", "y": -0.05},
        )
        if tellable
        else None,
        columns=(_("Home"), _("Savers"), _("Promised")),
        rows=tuple(
            (label, few_text(), "–")
            if row.is_hidden
            else (label, number_text(row.savers), kronor_text(row.amount_minor))
            for label, row in zip(labels, table.itertuples(), strict=True)
        ),
    )


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
        figure=_figure(
            [
                _heat(
                    [label.replace(" ", "<br>") for label in labels],
                    [name.replace(" ", "<br>", 1) for name in table["fair_name"]],
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
    )


def _heat(
    x: list[str], y: list[str], z: list[list[float]], cell: Callable[[float], str]
) -> "go.Scatter":
    """The triangle as squares: the basic drawing library has no heat map."""
    points = [(i, j) for j in range(len(y)) for i in range(len(x)) if not pd.isna(z[j][i])]
    return _line(
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
        figure=_figure(
            [
                _line(
                    name=label,
                    x=table["on"],
                    y=_kronor(table[column]),
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
        figure=_figure(
            [
                _bar(
                    x=labels,
                    y=_kronor(table["amount_minor"]),
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
    )


def concentration(frames: FairFrames) -> Chart:
    """How evenly the promises are spread."""
    table = figures.lorenz(frames)
    per_saver = figures.committed(frames).groupby("person")["amount_minor"].sum()
    index = figures.gini(per_saver.tolist()) if len(table) else None
    return Chart(
        id="lorenz",
        title=_("How evenly the promises are spread"),
        finding=_("The smaller half of the promises makes %(share)s of the kronor (Gini %(gini)s).")
        % {
            "share": percent_text(round(100 * float(table["amount_share"].iloc[5]))),
            "gini": decimal_text(index),
        }
        if index is not None
        else _("Too few savers to tell without pointing at somebody."),
        note=_("Lorenz curve in tenths of the savers, smallest first. Gini 0: all alike."),
        figure=_figure(
            [
                _line(
                    name=_("All alike"),
                    x=[0, 100],
                    y=[0, 100],
                    mode="lines",
                    hoverinfo="skip",
                    line={"width": 2, "dash": "dot", "color": COLOURS["line-strong"]},
                ),
                _line(
                    name=_("These savers"),
                    x=[100 * x for x in table["savers_share"]],
                    y=[100 * y for y in table["amount_share"]],
                    mode="lines+markers",
                    fill="tozeroy",
                    line={"width": 3, "color": COLOURS["lake"]},
                    fillcolor=COLOURS["lake-tint"],
                    hovertemplate="%{x:.0f} % → %{y:.0f} %<extra></extra>",
                ),
            ],
            xaxis={"ticksuffix": " %", "range": [0, 100]},
            yaxis={"ticksuffix": " %", "range": [0, 100]},
        )
        if index is not None
        else None,
        columns=(_("Savers, smallest first"), _("Part of the kronor")),
        rows=tuple(
            (
                percent_text(round(100 * row.savers_share)),
                percent_text(round(100 * row.amount_share)),
            )
            for row in table.itertuples()
        ),
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
        figure=_figure(
            [
                _bar(
                    y=[words[kind] for kind in shown["kind"]],
                    x=_kronor(shown["amount_minor"]),
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
    )


ALL: tuple[Callable[[FairFrames], Chart], ...] = (
    raised,
    velocity,
    funnel,
    cohorts,
    outstanding,
    arrears,
    histogram,
    local_share,
    finance,
    concentration,
)
