"""Pictures of what became of each fair."""

import pandas as pd
from django.utils.translation import gettext as _

from pools.wording import kronor_text, number_text, percent_text
from reports import figures
from reports.charts.drawing import Chart, Native, Series, Shape, data, heat, plain
from reports.figures import FairFrames

_SHADES = ("committed", "enabled", "received", "line-strong")


def cohorts(frames: FairFrames) -> Chart:
    """What became of each fair's promises."""
    table = figures.cohorts(frames)
    known = [share for share in table["365"] if share == share and share >= 0]
    return _triangle(
        table,
        id_="cohorts",
        title=_("What became of each fair's promises"),
        finding=_("Within a year, %(share)s of the latest full year's promises had been paid.")
        % {"share": percent_text(round(100 * known[-1]))}
        if known
        else _("No fair is a year old yet."),
        note=_(
            "Paid within so many days ÷ promised at the fair, by amount. Empty: not yet passed."
        ),
        of=(_("Promised"), tuple(kronor_text(minor) for minor in table["pledged_minor"])),
    )


def help_cohorts(frames: FairFrames) -> Chart | None:
    """What became of the help offered at each fair; None where no fair had five givers."""
    table = figures.help_cohorts(frames)
    if not len(table):
        return None
    known = [share for share in table["90"] if share == share and share >= 0]
    return _triangle(
        table,
        id_="help-cohorts",
        title=_("What became of the help offered"),
        finding=_("Within 90 days, %(share)s of the help of the latest fair had been delivered.")
        % {"share": percent_text(round(100 * known[-1]))}
        if known
        else _("The help of the latest fairs is still to be delivered, or of too few to tell."),
        note=_(
            "Delivered within so many days ÷ offered at the fair, by number of promises of help. "
            "Fairs with fewer than five givers are left out."
        ),
        of=(_("Offered"), tuple(number_text(n) for n in table["offers"])),
    )


def _triangle(
    table: pd.DataFrame,
    *,
    id_: str,
    title: str,
    finding: str,
    note: str,
    of: tuple[str, tuple[str, ...]],
) -> Chart:
    spans = [str(days) for days in figures.COHORT_DAYS]
    labels = [_("%(days)s days") % {"days": days} for days in spans]
    values = table[spans].astype(float)

    def cell(value: float) -> str:
        return "–" if pd.isna(value) or value < 0 else percent_text(round(100 * value))

    def share(value: float) -> float | None:
        return None if pd.isna(value) or value < 0 else float(value)

    return Chart(
        id=id_,
        title=title,
        finding=finding,
        note=note,
        figure=heat(labels, list(map(plain, table["fair_name"])), values.to_numpy().tolist())
        if len(table)
        else None,
        columns=(_("Fair"), of[0], *labels),
        rows=tuple(
            (name, told, *(cell(value) for value in row))
            for name, told, row in zip(table["fair_name"], of[1], values.to_numpy(), strict=True)
        ),
        is_low=len(table) < 3,
        data=data(table),
        native=Native(
            Shape.COLUMNS,
            tuple(table["fair_name"]),
            tuple(
                Series(label, tuple(share(value) for value in values[days]), token)
                for label, days, token in zip(labels, spans, _SHADES, strict=True)
            ),
            "0%",
        )
        if len(table)
        else None,
    )
