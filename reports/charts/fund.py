"""Pictures of the microfunds."""

from django.utils.translation import gettext as _

from pools.wording import day_text, kronor_text, number_text, percent_text
from reports import figures
from reports.charts.drawing import Chart, Lying, Native, Series, Shape, data, lying
from reports.figures import FairFrames


def capacity(frames: FairFrames) -> Chart | None:
    """Where the capital is; None where there is no fund."""
    table = figures.capacity(frames)
    if not len(table):
        return None
    sums = table.drop(columns="fund").sum()
    labels = {
        "lent": _("Lent, and claims"),
        "guaranteed": _("Guaranteed (a promise, no money)"),
        "approved": _("Granted, not yet paid out"),
        "buffer": _("Kept in hand"),
        "free": _("Free to lend"),
    }
    tokens = {"lent": "received", "guaranteed": "enabled", "free": "committed"}
    free = max(0, int(sums["free_minor"]))
    parts = [(part, label, int(sums[f"{part}_minor"])) for part, label in labels.items()]
    return Chart(
        id="capacity",
        title=_("What the fund can carry"),
        finding=_("Of a capital of %(capital)s, %(free)s is free to lend.")
        % {"capital": kronor_text(int(sums["capital_minor"])), "free": kronor_text(free)},
        note=_("Free: capital − lent − guaranteed − granted − kept in hand."),
        figure=lying(
            [
                Lying(
                    _("Capital"),
                    float(sums["capital_minor"]) / 100,
                    kronor_text(int(sums["capital_minor"])),
                    "line-strong",
                ),
                *(
                    Lying(
                        label,
                        max(0, minor) / 100,
                        kronor_text(minor),
                        tokens.get(part, "pine"),
                    )
                    for part, label, minor in parts
                ),
            ]
        ),
        columns=(_("Fund"), _("Capital"), *labels.values()),
        rows=tuple(
            (
                row["fund"],
                kronor_text(int(row["capital_minor"])),
                *(kronor_text(int(row[f"{part}_minor"])) for part in labels),
            )
            for _i, row in table.iterrows()
        ),
        is_tall=True,
        data=data(table),
        native=Native(
            Shape.BARS,
            (_("Capital"), *labels.values()),
            (
                Series(
                    _("Amount"),
                    (int(sums["capital_minor"]) / 100, *(minor / 100 for *_of, minor in parts)),
                    "received",
                ),
            ),
        ),
    )


def fund_funnel(frames: FairFrames) -> Chart | None:
    """From enquiry to yes; None where nobody has asked."""
    table = figures.fund_funnel(frames)
    if not int(table["number"].sum()):
        return None
    labels = [_("Enquiries"), _("Applications"), _("Granted")]
    asked, granted = int(table["number"].iloc[0]), int(table["number"].iloc[-1])
    return Chart(
        id="fund-funnel",
        title=_("From enquiry to yes"),
        finding=_("Of %(asked)s enquiries, %(granted)s became a yes.")
        % {"asked": number_text(asked), "granted": number_text(granted)},
        note=_("All years. An application need not begin with an enquiry."),
        figure=lying(
            [
                Lying(label, float(n), number_text(n), token)
                for label, n, token in zip(
                    labels, table["number"], ("line-strong", "enabled", "received"), strict=True
                )
            ]
        ),
        columns=(_("Step"), _("Number")),
        rows=tuple(
            (label, number_text(n)) for label, n in zip(labels, table["number"], strict=True)
        ),
        is_low=True,
        data=data(table),
        native=Native(
            Shape.BARS,
            tuple(labels),
            (Series(_("Number"), tuple(float(n) for n in table["number"]), "received"),),
            "#,##0",
        ),
    )


def defaults(frames: FairFrames) -> Chart | None:
    """Default rate, year by year; None before a fund's first loan is a year old."""
    table = figures.default_rates(frames)
    if not len(table):
        return None
    shares = [row.defaulted / row.sound if row.sound else None for row in table.itertuples()]
    windows = [f"{day_text(row.since)} – {day_text(row.until)}" for row in table.itertuples()]
    told = [
        _("%(defaulted)s of %(sound)s loans")
        % {"defaulted": number_text(row.defaulted), "sound": number_text(row.sound)}
        for row in table.itertuples()
    ]
    return Chart(
        id="defaults",
        title=_("Loans that defaulted within a year"),
        finding=_("In the latest whole year %(told)s defaulted.") % {"told": told[-1]},
        note=_(
            "Defaulted: more than 90 days late, or written off ÷ loans sound when the year began. "
            "Loans are counted, not persons."
        ),
        figure=lying(
            [
                Lying(window, share or 0.0, words, "falu")
                for window, share, words in zip(windows, shares, told, strict=True)
            ],
            xaxis={"visible": False, "range": [0, 1]},
        )
        if any(shares)
        else None,
        columns=(
            _("Fund"),
            _("Year from – to"),
            _("Defaulted"),
            _("Sound at the start"),
            _("Rate"),
        ),
        rows=tuple(
            (
                row.fund,
                window,
                number_text(row.defaulted),
                number_text(row.sound),
                "–" if share is None else percent_text(round(100 * share)),
            )
            for row, window, share in zip(table.itertuples(), windows, shares, strict=True)
        ),
        is_low=len(table) < 4,
        data=data(table),
        native=Native(
            Shape.BARS, tuple(windows), (Series(_("Rate"), tuple(shares), "falu"),), "0%"
        ),
    )
