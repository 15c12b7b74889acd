"""Frames into pictures: a sentence that says the finding, a drawing, and a table beside it."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy

from reports.charts.drawing import COLOURS, SUMS, Chart, few_text
from reports.charts.loans import arrears, outstanding
from reports.charts.promises import cohorts, finance, funnel, raised, velocity
from reports.charts.savers import concentration, histogram, local_share
from reports.figures import FairFrames

__all__ = ["ALL", "AT_RISK", "COLOURS", "MEDIAN", "SAVERS", "SUMS", "Chart", "few_text"]

SAVERS = gettext_lazy("Savers")
MEDIAN = gettext_lazy("Median per saver")
AT_RISK = gettext_lazy("Loans at risk (30 days)")
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
