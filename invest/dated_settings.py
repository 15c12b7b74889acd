"""Dated settings: what a rate, limit or threshold was on a day."""

from datetime import date
from typing import Any

from invest.models import Setting


def value(key: str, on: date) -> Any:
    """The value in force on a day. Raises Setting.DoesNotExist where none was set by then."""
    return row(key, on).value


def row(key: str, on: date = date.max) -> Setting:
    """The value in force on a day, with where it was read; the last one where no day is told."""
    return Setting.objects.filter(key=key, valid_from__lte=on).latest("valid_from")
