"""Readers that span models, for the pages; each returns frozen values by a fixed number of queries.

`figures` counts, `cards` and `projects`, `organisations`, `fairs`, `gatherings`, `places`,
`savers`, `vehicles` and `desk` gather what a page shows, `wording` says it in the reader's
language. Every reader takes the day it reads as of.
"""

from invest.queries import (
    cards,
    desk,
    fairs,
    figures,
    gatherings,
    organisations,
    places,
    projects,
    savers,
    vehicles,
    wording,
)

__all__ = [
    "cards",
    "desk",
    "fairs",
    "figures",
    "gatherings",
    "organisations",
    "places",
    "projects",
    "savers",
    "vehicles",
    "wording",
]
