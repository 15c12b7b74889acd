"""Pictures of help in kind. Units are never added to each other, nor to kronor."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from invest.models import InKind
from invest.web.wording import quantity_text, unit_label
from pools.wording import number_text
from reports import figures
from reports.charts.drawing import Chart, Lying, Native, Series, Shape, data, hidden_text, lying
from reports.figures import FairFrames

_TOKENS = ("line-strong", "committed", "enabled", "received")


def help_steps(frames: FairFrames) -> Chart | None:
    """How far help has come; None where none was offered."""
    table = figures.help_steps(frames)
    if not len(table):
        return None
    labels = [_("Offered"), _("Accepted"), _("Delivered"), _("Verified")]
    names = list(figures.STEP_NAMES)
    # The unit that may be told the furthest is drawn; the others are in the table.
    shown = max(table.itertuples(), key=lambda row: (_shown_steps(row), row.offered))
    steps = [getattr(shown, name) for name in names]
    return Chart(
        id="help-steps",
        title=_("How far the help has come"),
        finding=_("%(offered)s are offered, %(verified)s verified.")
        % {
            "offered": _quantity(shown.offered, shown.unit),
            "verified": _quantity(shown.verified, shown.unit),
        }
        if shown.offered >= 0
        else _("Too few givers to tell without pointing at somebody."),
        note=_("Each unit by itself. What fewer than five givers have added waits for more."),
        figure=lying(
            [
                Lying(label, None if n < 0 else n, _quantity(n, shown.unit), token)
                for label, n, token in zip(labels, steps, _TOKENS, strict=True)
            ]
        )
        if shown.offered > 0
        else None,
        columns=(_("Unit"), *labels),
        rows=tuple(
            (unit_label(row.unit), *(_quantity(getattr(row, name), row.unit) for name in names))
            for row in table.itertuples()
        ),
        is_low=True,
        data=data(table),
        native=Native(
            Shape.BARS,
            tuple(labels),
            (
                Series(
                    unit_label(shown.unit), tuple(None if n < 0 else n for n in steps), "received"
                ),
            ),
            "#,##0",
        )
        if shown.offered >= 0
        else None,
    )


def _shown_steps(row: Any) -> int:
    return sum(getattr(row, name) >= 0 for name in figures.STEP_NAMES)


def _quantity(quantity: float, unit: str) -> str:
    return hidden_text() if quantity < 0 else quantity_text(Decimal(str(quantity)), unit)


def help_sorts(frames: FairFrames) -> Chart | None:
    """What sorts of help are promised; None where no sort has five givers."""
    table = figures.help_by_sort(frames)
    if table["is_hidden"].all():
        return None
    labels = [str(InKind.Sort(sort).label) for sort in table["sort"]]
    counts = [None if row.is_hidden else float(row.offers) for row in table.itertuples()]
    told = [hidden_text() if n is None else number_text(int(n)) for n in counts]
    total = int(table["offers"].sum())
    return Chart(
        id="help-sorts",
        title=_("What sorts of help are promised"),
        finding=_("%(all)s promises of help; sorts of help: %(sorts)s.")
        % {"all": number_text(total), "sorts": number_text(len(table))},
        note=_("Promises of help that stand, by number. A group of fewer than five is not told."),
        figure=lying(
            [
                Lying(label, count, words, "pine")
                for label, count, words in zip(labels, counts, told, strict=True)
            ]
        ),
        columns=(_("Sort"), _("Promises of help")),
        rows=tuple(zip(labels, told, strict=True)),
        is_tall=len(table) > 6,
        data=data(table[["sort", "offers"]], table["is_hidden"]),
        native=Native(
            Shape.BARS,
            tuple(labels),
            (Series(_("Promises of help"), tuple(counts), "pine"),),
            "#,##0",
        ),
    )
