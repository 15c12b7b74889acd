"""Forms of the reports, one file per kind of page."""
