"""The figures of a fair: from the database to frames, and from frames to what a page tells.

Formulas: docs/glossary.md, "Figures of a fair report".
"""

from invest.queries.figures import FEWEST_SHOWN
from reports.figures.frames import FairFrames, KnownTo, fair_frames, known_now
from reports.figures.loans import AGES, arrears, outstanding, portfolio_at_risk
from reports.figures.promises import (
    COHORT_DAYS,
    cohorts,
    committed,
    finance_mix,
    funnel,
    hide_few,
    raised_by_project,
    velocity,
)
from reports.figures.savers import (
    HISTOGRAM_EDGES,
    gini,
    histogram,
    local_share,
    lorenz,
    middle,
    returning,
)
from reports.figures.vehicles import sheet_frame

__all__ = [
    "AGES",
    "COHORT_DAYS",
    "FEWEST_SHOWN",
    "HISTOGRAM_EDGES",
    "FairFrames",
    "KnownTo",
    "arrears",
    "cohorts",
    "committed",
    "fair_frames",
    "finance_mix",
    "funnel",
    "gini",
    "hide_few",
    "histogram",
    "known_now",
    "local_share",
    "lorenz",
    "middle",
    "outstanding",
    "portfolio_at_risk",
    "raised_by_project",
    "returning",
    "sheet_frame",
    "velocity",
]
