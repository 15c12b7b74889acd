"""Hypothesis strategies that several tests share."""

from datetime import date

from hypothesis import settings
from hypothesis import strategies as st

amounts = st.integers(1, 10**12)
weights = st.lists(st.integers(0, 10**9), min_size=1, max_size=40).filter(any)
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))


def examples(of_hundred: int, **more: object) -> settings:
    """A test whose examples are slow has so many where others have a hundred, in a soak too."""
    return settings(max_examples=settings.default.max_examples * of_hundred // 100, **more)
