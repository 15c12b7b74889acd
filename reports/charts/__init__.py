"""Frames into pictures: a sentence that says the finding, a drawing, and a table beside it."""

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from reports.charts.drawing import (
    COLOURS,
    HEAT,
    SUMS,
    Chart,
    Data,
    Native,
    Series,
    Shape,
    few_text,
)
from reports.charts.energy import production
from reports.charts.facts import Fact, facts_of
from reports.charts.finance import finance, sectors
from reports.charts.fund import capacity, defaults, fund_funnel
from reports.charts.help import help_sorts, help_steps
from reports.charts.loans import arrears, outstanding, plan_and_actual
from reports.charts.outcomes import cohorts, help_cohorts
from reports.charts.raised import funnel, raised, velocity, years
from reports.charts.savers import concentration, histogram, local_share, newcomers
from reports.charts.saving import points, saved
from reports.figures import FairFrames

__all__ = [
    "AT_RISK",
    "CHAPTERS",
    "COLOURS",
    "HEAT",
    "MEDIAN",
    "SAVERS",
    "SUMS",
    "Chart",
    "Data",
    "Fact",
    "Native",
    "Series",
    "Shape",
    "drawn",
    "facts_of",
    "few_text",
]

SAVERS = gettext_lazy("Savers")
MEDIAN = gettext_lazy("Median per saver")
AT_RISK = gettext_lazy("Loans at risk (30 days)")
Draw = Callable[[FairFrames], Chart | None]
# The parts of a report in order, each with its pictures: one that has nothing to tell draws None,
# and a part without pictures is left out. An organiser hides parts by code.
CHAPTERS: dict[str, tuple[Promise, tuple[Draw, ...]]] = {
    "raised": (gettext_lazy("What was promised and paid"), (raised, velocity, funnel, years)),
    "savers": (
        gettext_lazy("Who takes part"),
        (histogram, local_share, newcomers, concentration),
    ),
    "finance": (gettext_lazy("What the projects rest on"), (finance, sectors)),
    "help": (gettext_lazy("Help in kind"), (help_steps, help_sorts)),
    "loans": (gettext_lazy("Lent, and paid back"), (outstanding, plan_and_actual, arrears)),
    "fund": (gettext_lazy("The microfund"), (capacity, fund_funnel, defaults)),
    "saving": (gettext_lazy("Support savings"), (saved, points)),
    "energy": (gettext_lazy("Electricity of our own"), (production,)),
    "became": (gettext_lazy("What became of it"), (cohorts, help_cohorts)),
}


def drawn(frames: FairFrames, code: str) -> tuple[Chart, ...]:
    """The pictures of a part that have something to tell."""
    _title, draws = CHAPTERS[code]
    return tuple(chart for draw in draws if (chart := draw(frames)) is not None)
