"""Absolute addresses of our pages, for letters and paper."""

from django.conf import settings


def absolute(path: str) -> str:
    """A path of ours with the site's public address before it."""
    return settings.PUBLIC_URL.rstrip("/") + path


def typed(path: str) -> str:
    """The same as it is typed from paper."""
    return absolute(path).split("//", 1)[-1]
