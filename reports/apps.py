"""The app of telling."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Figures, charts, fair reports."""

    name = "reports"
    verbose_name = "Reports"
