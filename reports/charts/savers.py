"""Pictures of who takes part."""

from typing import TYPE_CHECKING

import pandas as pd
from django.utils.translation import gettext as _

from invest.progress.disclosure import FEWEST_SHOWN
from pools.money import split
from pools.wording import decimal_text, kronor_text, number_text, percent_text
from reports import figures
from reports.charts.drawing import (
    COLOURS,
    Chart,
    Lying,
    Native,
    Series,
    Shape,
    bar,
    chart_figure,
    data,
    hidden_text,
    kronor,
    line,
    lying,
)
from reports.figures import FairFrames

if TYPE_CHECKING:
    import plotly.graph_objects as go


def histogram(frames: FairFrames) -> Chart:
    """How much each saver promised."""
    table = figures.histogram(frames)
    labels = [_band(row.from_kr, row.to_kr) for row in table.itertuples()]
    told = table["savers"].where(~table["is_hidden"], 0)
    middle, quarters = figures.middle(frames), figures.quartiles(frames)
    low, _half, high = quarters or (0, 0, 0)
    # An edge is known to all: only the number of savers is hidden.
    counts = table["savers"].mask(table["is_hidden"] | (middle is None), -1)
    shown = table[["from_kr", "to_kr"]].assign(savers=counts)
    numbers = [float(n) if n >= 0 else None for n in counts]
    return Chart(
        id="histogram",
        title=_("How much each saver promised"),
        finding=_(
            "Half of the savers promised %(median)s or less; the middle half between %(low)s and "
            "%(high)s."
        )
        % {"median": kronor_text(middle[0]), "low": kronor_text(low), "high": kronor_text(high)}
        if middle and quarters
        else _("Half of the savers promised %(median)s or less.")
        % {"median": kronor_text(middle[0])}
        if middle
        else _("Too few savers to tell without pointing at somebody."),
        note=_("Savers by what each promised to these projects in all. Small groups are hidden."),
        figure=chart_figure(
            [
                bar(
                    # Two lines, or seven labels would not stand upright beside each other.
                    x=[_upright(row.from_kr, row.to_kr) for row in table.itertuples()],
                    y=told,
                    marker={"color": COLOURS["pine"]},
                    hoverinfo="skip",
                    text=[
                        hidden_text() if hidden else number_text(n) if n else ""
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
            (label, hidden_text() if row.is_hidden else number_text(row.savers))
            for label, row in zip(labels, table.itertuples(), strict=True)
        )
        if middle
        else (),
        data=data(shown if middle else shown.iloc[:0]),
        native=Native(
            Shape.COLUMNS,
            tuple(labels),
            (Series(_("Savers"), tuple(numbers), "pine"),),
            "#,##0",
        )
        if middle
        else None,
    )


def _band(first: int, last: float | None) -> str:
    if last is None or last != last:
        return _("%(from)s or more") % {"from": number_text(first)}
    if first == 0:
        return _("under %(to)s") % {"to": number_text(int(last))}
    return f"{number_text(first)}–{number_text(int(last) - 1)}"


def _upright(first: int, last: float | None) -> str:
    if last is None or last != last:
        return f"≥<br>{number_text(first)}"
    return _band(first, last).replace("–", "–<br>").replace(" ", "<br>", 1)


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
        figure=lying(
            [
                Lying(label, float(minor) / 100, percent_text(part), token)
                for label, minor, part, token in zip(
                    labels,
                    table["amount_minor"],
                    parts,
                    ("received", "committed", "line-strong"),
                    strict=True,
                )
            ]
        )
        if tellable
        else None,
        columns=(_("Home"), _("Savers"), _("Promised")),
        rows=tuple(
            (label, hidden_text(), "–")
            if row.is_hidden
            else (label, number_text(row.savers), kronor_text(row.amount_minor))
            for label, row in zip(labels, table.itertuples(), strict=True)
        ),
        is_low=True,
        data=data(table[["place", "savers", "amount_minor"]], table["is_hidden"]),
        native=Native(
            Shape.STACKED,
            (_("Promised"),),
            tuple(
                Series(label, tuple(kronor(table["amount_minor"].iloc[i : i + 1])), token)
                for i, (label, token) in enumerate(
                    zip(labels, ("received", "committed", "line-strong"), strict=True)
                )
            ),
        )
        if tellable
        else None,
    )


def newcomers(frames: FairFrames) -> Chart | None:
    """New and returning savers; None where there is no earlier fair, or too few savers."""
    table = figures.new_and_returning(frames)
    total = int(table["savers"].sum())
    if len(frames.fairs) < 2 or total < FEWEST_SHOWN:
        return None
    labels = [_("New at a fair"), _("Promised at an earlier fair")]
    counts = [None if row.is_hidden else row.savers for row in table.itertuples()]
    told = [hidden_text() if n is None else number_text(n) for n in counts]
    return Chart(
        id="newcomers",
        title=_("New and returning savers"),
        finding=_("%(share)s of the savers are new.")
        % {"share": percent_text(round(100 * counts[0] / total))}
        if counts[0] is not None
        else _("Too few savers to tell without pointing at somebody."),
        note=_("Of %(all)s distinct savers. Returning: promised at an earlier fair too.")
        % {"all": number_text(total)},
        figure=lying(
            [
                Lying(label, float(count or 0), words, token)
                for label, count, words, token in zip(
                    labels, counts, told, ("committed", "received"), strict=True
                )
            ]
        )
        if counts[0] is not None
        else None,
        columns=(_("Who"), _("Savers")),
        rows=tuple(zip(labels, told, strict=True)),
        is_low=True,
        data=data(table[["who", "savers"]], table["is_hidden"]),
        native=Native(
            Shape.BARS,
            tuple(labels),
            (Series(_("Savers"), tuple(None if n is None else float(n) for n in counts), "pine"),),
            "#,##0",
        )
        if counts[0] is not None
        else None,
    )


def concentration(frames: FairFrames) -> Chart:
    """How evenly the promises are spread."""
    table = figures.lorenz(frames)
    index = figures.gini(figures.per_saver(frames).tolist()) if len(table) else None
    return Chart(
        id="lorenz",
        title=_("How evenly the promises are spread"),
        finding=_(
            "The smaller half of the promises makes %(share)s of the kronor (Gini %(gini)s), the "
            "ten largest %(top)s."
        )
        % {
            "share": percent_text(round(100 * float(table["amount_share"].iloc[5]))),
            "gini": decimal_text(index),
            "top": percent_text(round(100 * (figures.top_share(frames) or 0))),
        }
        if index is not None
        else _("Too few savers to tell without pointing at somebody."),
        note=_("Lorenz curve in tenths of the savers, smallest first. Gini 0: all alike."),
        figure=_lorenz(table) if index is not None else None,
        columns=(_("Savers, smallest first"), _("Part of the kronor")),
        rows=tuple(
            (
                percent_text(round(100 * row.savers_share)),
                percent_text(round(100 * row.amount_share)),
            )
            for row in table.itertuples()
        ),
        data=data(table),
        native=Native(
            Shape.LINES,
            tuple(percent_text(round(100 * share)) for share in table["savers_share"]),
            (Series(_("Part of the kronor"), tuple(table["amount_share"]), "lake"),),
            "0%",
        )
        if index is not None
        else None,
    )


def _lorenz(table: pd.DataFrame) -> "go.Figure":
    """The curve of these savers under the line of savers all alike."""
    return chart_figure(
        [
            line(
                name=_("All alike"),
                x=[0, 100],
                y=[0, 100],
                mode="lines",
                hoverinfo="skip",
                line={"width": 2, "dash": "dot", "color": COLOURS["line-strong"]},
            ),
            line(
                name=_("These savers"),
                x=[100 * x for x in table["savers_share"]],
                y=[100 * y for y in table["amount_share"]],
                mode="lines+markers",
                fill="tozeroy",
                line={"width": 3, "color": COLOURS["lake"]},
                fillcolor=COLOURS["lake-tint"],
                hovertemplate="%{x:.0f} % → %{y:.0f} %<extra></extra>",
            ),
            *(
                line(
                    x=[50],
                    y=[y],
                    mode="markers+text",
                    text=[text],
                    textposition=place,
                    textfont={"color": COLOURS["ink"], "weight": 600},
                    marker={"size": 7, "color": COLOURS["ink"]},
                    hoverinfo="skip",
                )
                for y, text, place in (
                    (50, _("All alike"), "top left"),
                    (
                        100 * float(table["amount_share"].iloc[5]),
                        _("These savers"),
                        "bottom right",
                    ),
                )
            ),
        ],
        showlegend=False,
        xaxis={"ticksuffix": " %", "range": [0, 100], "nticks": 6},
        yaxis={"ticksuffix": " %", "range": [0, 102], "nticks": 6},
    )
