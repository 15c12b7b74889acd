"""Frames into pictures: a sentence that says the finding, a drawing, and a table beside it."""

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from reports.charts.drawing import (
    COLOURS,
    SUMS,
    Chart,
    Data,
    Native,
    Series,
    Shape,
    few_text,
)
from reports.charts.loans import arrears, outstanding
from reports.charts.promises import cohorts, finance, funnel, raised, velocity
from reports.charts.savers import concentration, histogram, local_share
from reports.figures import FairFrames

__all__ = [
    "AT_RISK",
    "CHAPTERS",
    "COLOURS",
    "MEDIAN",
    "SAVERS",
    "SUMS",
    "Chart",
    "Data",
    "Native",
    "Series",
    "Shape",
    "few_text",
]

SAVERS = gettext_lazy("Savers")
MEDIAN = gettext_lazy("Median per saver")
AT_RISK = gettext_lazy("Loans at risk (30 days)")
Draw = Callable[[FairFrames], Chart]
# The parts of a fair report in order, each with its pictures. An organiser hides parts by code.
CHAPTERS: dict[str, tuple[Promise, tuple[Draw, ...]]] = {
    "raised": (gettext_lazy("What was promised and paid"), (raised, velocity, funnel)),
    "savers": (gettext_lazy("Who takes part"), (histogram, local_share, concentration)),
    "finance": (gettext_lazy("What the projects rest on"), (finance,)),
    "loans": (gettext_lazy("Lent, and paid back"), (outstanding, arrears)),
    "became": (gettext_lazy("What became of it"), (cohorts,)),
}
