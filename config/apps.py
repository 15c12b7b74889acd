"""Registers the checks of the settings."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The project's own plug board."""

    name = "config"

    def ready(self) -> None:
        """Importing the module registers its checks."""
        from config import checks  # noqa: F401, PLC0415 -- checks need the apps loaded
