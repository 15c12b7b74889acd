"""Pictures of what the projects rest on."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from invest.models import Project
from pools.wording import kronor_text, number_text
from reports import figures
from reports.charts.drawing import SUMS, Chart, Lying, Native, Series, Shape, data, kronor, lying
from reports.figures import FairFrames

_TOKENS = {"savers": "committed", "bank-loan": "enabled", "gap": "falu", "need": "line-strong"}


def finance(frames: FairFrames) -> Chart:
    """From need to gap: what each source covers, and what is left."""
    table = figures.finance_mix(frames)
    amounts = dict(zip(table["kind"], table["amount_minor"], strict=True))
    labels = {
        "need": _("Needed in money"),
        "savers": _("Promised by savers"),
        "bank-loan": _("Bank loans signed"),
        "grant": _("Grants signed"),
        "own": _("Own money"),
        "gift": _("Gifts"),
        "beyond": _("Beyond what some need"),
        "gap": _("Gap that is left"),
    }
    always = {"need", "savers", "gap"}
    shown = [kind for kind in labels if amounts[kind] or kind in always]
    return Chart(
        id="finance",
        title=_("From need to gap"),
        finding=_("The projects need %(need)s in money; %(gap)s is not covered yet.")
        % {"need": kronor_text(int(amounts["need"])), "gap": kronor_text(int(amounts["gap"]))}
        if amounts["gap"]
        else _("What the projects need, %(need)s, is covered.")
        % {"need": kronor_text(int(amounts["need"]))},
        note=_(
            "A promise covers a need before it is paid. What one project has beyond its need fills "
            "no other's gap."
        ),
        figure=_waterfall(shown, labels, amounts) if any(amounts.values()) else None,
        columns=(_("Source"), _("Amount")),
        rows=tuple((labels[kind], kronor_text(int(minor))) for kind, minor in amounts.items()),
        is_tall=len(shown) > 5,
        data=data(table),
        native=Native(
            Shape.BARS,
            tuple(labels[kind] for kind in shown),
            (Series(_("Amount"), tuple(amounts[kind] / 100 for kind in shown), "pine"),),
        ),
    )


def _waterfall(shown: list[str], labels: dict[str, str], amounts: dict[str, Any]) -> dict[str, Any]:
    """Each source begins where the one before has left the need."""
    bars, left = [], 0.0
    for kind in shown:
        length = float(amounts[kind]) / 100
        if kind in {"need", "gap"}:
            base = 0.0
            left = length
        elif kind == "beyond":
            base, left = left, left + length
        else:
            base = left = left - length
        token = _TOKENS.get(kind, "pine")
        bars.append(Lying(labels[kind], length, kronor_text(int(amounts[kind])), token, base))
    lowest = min(item.base for item in bars)
    most = max(item.base + item.length for item in bars if item.length is not None)
    return lying(bars, xaxis={"visible": False, "range": [lowest, most * 1.02 or 1]})


def sectors(frames: FairFrames) -> Chart | None:
    """Sector by sector; None where there is only one."""
    table = figures.by_sector(frames)
    if len(table) < 2:
        return None
    labels = [str(Project.Sector(sector).label) for sector in table["sector"]]
    first = table.iloc[0]
    return Chart(
        id="sectors",
        title=_("Sector by sector"),
        finding=_("%(sector)s was promised most: %(sum)s.")
        % {"sector": labels[0], "sum": kronor_text(int(first["committed_minor"]))},
        note=_("The projects' own sums, by sector. How much a sector could take is not known."),
        figure=lying(
            [
                Lying(
                    label,
                    row.committed_minor / 100,
                    f"{kronor_text(row.committed_minor)} · {_projects(row.projects)}",
                    "committed",
                )
                for label, row in zip(labels, table.itertuples(), strict=True)
            ]
        )
        if int(table["committed_minor"].sum())
        else None,
        columns=(_("Sector"), _("Projects"), *map(str, SUMS.values())),
        rows=tuple(
            (
                label,
                number_text(row.projects),
                kronor_text(row.committed_minor),
                kronor_text(row.received_minor),
                kronor_text(row.enabled_minor),
            )
            for label, row in zip(labels, table.itertuples(), strict=True)
        ),
        is_low=len(table) < 5,
        data=data(table),
        native=Native(
            Shape.BARS,
            tuple(labels),
            tuple(
                Series(str(label), tuple(kronor(table[f"{code}_minor"])), code)
                for code, label in SUMS.items()
            ),
        ),
    )


def _projects(number: int) -> str:
    return ngettext("%(n)s project", "%(n)s projects", number) % {"n": number_text(number)}
