"""Pictures of all projects together: over the years, by place and sector, and what it could be."""

from html import escape
from textwrap import wrap
from typing import Any

import pandas as pd
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from invest.models import Project
from pools.wording import decimal_text, kronor_text, number_text, percent_text
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
    line,
)
from reports.figures import community_sums
from reports.figures.community import CommunityFrames
from reports.figures.community_sums import Part

HIDDEN = gettext_lazy("not told")
LENT = {
    "lent": gettext_lazy("Lent to projects"),
    "repaid": gettext_lazy("Paid back to lenders"),
}
_LINE = 17  # Letters of a line of a name: half a phone's width.
# Told apart in grey too: by pattern, dash and sign.
_PATTERNS = {"committed": "", "received": "", "enabled": "/", "potential": "."}
_DASHES = {"committed": "dash", "received": "solid", "enabled": "dot"}
_SIGNS = {"committed": "circle-open", "received": "circle", "enabled": "diamond"}


def years(frames: CommunityFrames, part: Part) -> Chart:
    """The years beside each other."""
    table = community_sums.by_year(frames, part)
    best = table["received_minor"].idxmax() if len(table) else None
    row = table.loc[best]
    return _three_sums(
        "years",
        table,
        table["name"].tolist(),
        title=_("Year by year"),
        first=_("Year"),
        finding=_("Most was received in %(year)s: %(sum)s.")
        % {"year": row["name"], "sum": kronor_text(int(row["received_minor"]))}
        if row["received_minor"] > 0
        else _("Nothing can be told of what was received yet."),
        note=_(
            "Promised: by the year it was confirmed. Received: by the year it was paid. "
            "Bank loans: by the year they were signed."
        ),
    )


def so_far(frames: CommunityFrames, part: Part) -> Chart:
    """All there was up to each year's end."""
    table = community_sums.so_far(frames, part)
    last = int(table["received_minor"].iloc[-1])
    return Chart(
        id="so-far",
        title=_("How it grew"),
        finding=_("%(sum)s has been received since %(year)s.")
        % {"sum": kronor_text(last), "year": table["name"].iloc[0]}
        if last > 0
        else _("Nothing can be told of what was received yet."),
        note=_("Added up to the end of each year, and to today in the last one."),
        figure=chart_figure(
            [
                line(
                    name=str(label),
                    x=table["name"].tolist(),
                    y=_shown(table[f"{code}_minor"]),
                    mode="lines+markers",
                    connectgaps=True,
                    line={"width": 3, "color": COLOURS[code], "dash": _DASHES[code]},
                    marker={"symbol": _SIGNS[code], "size": 11, "color": COLOURS[code]},
                    hovertemplate="%{x}: %{y:,.0f} kr<extra>%{fullData.name}</extra>",
                )
                for code, label in SUMS.items()
            ],
            height=_height(len(table)),  # As the years beside it.
            xaxis={"type": "category"},
            yaxis={"rangemode": "tozero", "ticksuffix": " kr", "tickformat": ",.0f", "nticks": 5},
        )
        if last > 0
        else None,
        columns=(_("Up to"), *map(str, SUMS.values())),
        rows=_rows(table, [f"{code}_minor" for code in SUMS]),
        data=data(table[["name", *(f"{code}_minor" for code in SUMS)]]),
        native=_native(Shape.LINES, table, table["name"].tolist(), SUMS),
    )


def places(frames: CommunityFrames, part: Part) -> Chart:
    """The municipalities beside each other."""
    table = community_sums.by_municipality(frames, part)
    told = table[table["received_minor"] > 0]
    return _three_sums(
        "places",
        table,
        table["name"].tolist(),
        title=_("By municipality"),
        first=_("Municipality"),
        finding=_("Money has been received by projects in %(places)s of %(all)s municipalities.")
        % {"places": number_text(len(told)), "all": number_text(len(table))},
        note=_("By the project's municipality, not the saver's."),
    )


def sectors(frames: CommunityFrames, part: Part) -> Chart:
    """The sectors beside each other."""
    table = community_sums.by_sector(frames, part)
    names = [str(Project.Sector(code).label) for code in table["name"]]
    received = table["received_minor"]
    best = received.idxmax() if len(table) and received.max() > 0 else None
    return _three_sums(
        "sectors",
        table,
        names,
        title=_("By sector"),
        first=_("Sector"),
        finding=_("Most was received in the sector %(sector)s: %(sum)s.")
        % {"sector": names[best].lower(), "sum": kronor_text(int(received[best]))}
        if best is not None
        else _("Nothing can be told of what was received yet."),
        note=_("By the project's sector. A project has one."),
    )


def potential(frames: CommunityFrames, part: Part) -> Chart:
    """What could be invested in a sector in a year, against what was raised there."""
    table = community_sums.potential(frames, part)
    names = [str(Project.Sector(code).label) for code in table["sector"]]
    words = {"potential": _("Could be invested in a year"), **SUMS}
    told = table[table["received_minor"] >= 0]
    best = (told["received_minor"] / told["potential_minor"]).idxmax() if len(told) else None
    chart = _bars(table, names, words)
    return Chart(
        id="potential",
        title=_("What it could be"),
        finding=_("In %(year)s, %(share)s of what could be invested in %(sector)s was received.")
        % {
            "year": table["year"][best],
            "share": _share(table["received_minor"][best], table["potential_minor"][best]),
            "sector": names[best].lower(),
        }
        if best is not None
        else _("Nobody has told yet what the sectors could invest."),
        note=_(
            "A potential is what the community spends, or could invest, in a sector in a year: an "
            "estimate, with its source. What was raised is of that year."
        ),
        figure=chart if len(table) else None,
        columns=(_("Sector"), *map(str, words.values()), _("Received of it"), _("Source")),
        rows=tuple(
            (
                name,
                *(money(getattr(row, f"{code}_minor")) for code in words),
                _share(row.received_minor, row.potential_minor),
                row.source,
            )
            for name, row in zip(names, table.itertuples(), strict=True)
        ),
        data=data(table),
        native=_native(Shape.BARS, table, names, words),
    )


def lent(frames: CommunityFrames, part: Part) -> Chart:
    """Lent and paid back, up to each year's end."""
    table = community_sums.so_far(frames, part)
    out, back = int(table["lent_minor"].iloc[-1]), int(table["repaid_minor"].iloc[-1])
    tokens = {"lent": "line-strong", "repaid": "committed"}
    return Chart(
        id="lent",
        title=_("Lent, and paid back"),
        finding=_("%(repaid)s of %(lent)s lent has been paid back.")
        % {"repaid": kronor_text(back), "lent": kronor_text(out)}
        if out > 0 and back >= 0
        else _("No loan can be told of yet."),
        note=_(
            "Principal of loans with a plan, and of what funds have lent, "
            "added up to the end of each year."
        ),
        figure=chart_figure(
            [
                line(
                    name=str(label),
                    x=table["name"].tolist(),
                    y=_shown(table[f"{code}_minor"]),
                    mode="lines+markers",
                    connectgaps=True,
                    fill="tozeroy" if code == "repaid" else "none",
                    fillcolor=COLOURS["sun-tint"],
                    line={
                        "width": 3,
                        "color": COLOURS[tokens[code]],
                        "dash": "dot" if code == "lent" else "solid",
                    },
                    marker={"size": 10, "symbol": "square-open" if code == "lent" else "circle"},
                    hovertemplate="%{x}: %{y:,.0f} kr<extra>%{fullData.name}</extra>",
                )
                for code, label in LENT.items()
            ],
            xaxis={"type": "category"},
            yaxis={"rangemode": "tozero", "ticksuffix": " kr", "tickformat": ",.0f", "nticks": 5},
        )
        if out > 0
        else None,
        columns=(_("Up to"), *map(str, LENT.values())),
        rows=_rows(table, [f"{code}_minor" for code in LENT]),
        data=data(table[["name", *(f"{code}_minor" for code in LENT)]]),
        native=_native(Shape.LINES, table, table["name"].tolist(), LENT, tokens),
    )


def _three_sums(
    code: str,
    table: pd.DataFrame,
    names: list[str],
    *,
    title: str,
    first: str,
    finding: str,
    note: str,
) -> Chart:
    """Promised, received and enabled beside each other, row by row; the table has savers too."""
    columns = [f"{name}_minor" for name in SUMS]
    return Chart(
        id=code,
        title=title,
        finding=finding,
        note=note,
        figure=_bars(table, names, SUMS) if len(table) else None,
        columns=(first, *map(str, SUMS.values()), _("Savers")),
        rows=tuple(
            (name, *(money(row[column]) for column in columns), people(row["savers"]))
            for name, (_i, row) in zip(names, table.iterrows(), strict=True)
        ),
        data=data(table[["name", *columns, "savers"]]),
        native=_native(Shape.BARS, table, names, SUMS),
    )


def _bars(table: pd.DataFrame, names: list[str], words: Any) -> dict[str, Any]:
    """Lying groups, each bar with its sum at its end."""
    columns = [f"{code}_minor" for code in words]
    most = max([1.0, *(value for name in columns for value in _shown(table[name]) if value)])
    return chart_figure(
        [
            bar(
                name=str(label),
                y=[in_lines(name) for name in names],
                # A bar of nought where nothing is told: its label says so.
                x=[value or 0.0 for value in _shown(table[f"{code}_minor"])],
                orientation="h",
                marker={
                    "color": COLOURS.get(code, COLOURS["line-strong"]),
                    "pattern": {"shape": _PATTERNS[code], "fgopacity": 0.35, "size": 6},
                },
                text=[money(minor) for minor in table[f"{code}_minor"]],
                textposition="outside",
                constraintext="none",
                cliponaxis=False,
                hovertemplate="%{text}<extra>%{fullData.name}</extra>",
            )
            for code, label in words.items()
        ],
        barmode="group",
        bargap=0.3,
        bargroupgap=0.1,
        height=_height(len(names), len(words)),
        yaxis={"type": "category", "autorange": "reversed", "showgrid": False},
        xaxis={"visible": False, "range": [0, 1.5 * most]},
        legend={"y": -0.02, "yanchor": "top", "traceorder": "normal"},
    )


def in_lines(name: str) -> str:
    """A name beside a drawing in short lines, with nothing that could be read as markup."""
    return "<br>".join(map(escape, wrap(name, _LINE, max_lines=2, placeholder=" …")))


def _height(groups: int, bars: int = len(SUMS)) -> int:
    """Pixels for lying groups of bars, so that each bar keeps its thickness."""
    return max(336, 96 + groups * (18 + 22 * bars))


def _native(
    shape: Shape, table: pd.DataFrame, names: list[str], words: Any, tokens: Any = None
) -> Native:
    return Native(
        shape,
        tuple(names),
        tuple(
            Series(
                str(label),
                tuple(_shown(table[f"{code}_minor"])),
                (tokens or {"potential": "line-strong"}).get(code, code),
            )
            for code, label in words.items()
        ),
    )


def _rows(table: pd.DataFrame, columns: list[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (row["name"], *(money(row[column]) for column in columns)) for _i, row in table.iterrows()
    )


def _shown(minor: "pd.Series[int]") -> list[float | None]:
    """Öre as kronor for a drawing; nothing where nothing is told."""
    return [None if value < 0 else float(value) / 100 for value in minor]


def money(amount_minor: int) -> str:
    """Kronor, or that they are not told."""
    return str(HIDDEN) if amount_minor < 0 else kronor_text(int(amount_minor))


def people(number: int) -> str:
    """A number of persons, or that they are too few to tell."""
    return few_text() if number < 0 else number_text(int(number))


def _share(part_minor: int, whole_minor: int) -> str:
    """Per cent, with decimals where it is small: a sector's potential is large."""
    if part_minor < 0:
        return str(HIDDEN)
    percent = 100 * int(part_minor) / int(whole_minor)
    return (
        percent_text(round(percent))
        if percent >= 10
        else percent_text(0).replace("0", decimal_text(percent))
    )
