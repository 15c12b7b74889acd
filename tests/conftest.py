"""What every test shares: the database's guards, hypothesis profiles, and one cast.

Ada lends, Bo borrows and stewards the bakery, Cem is a stranger, Dee keeps the books.
"""

import os
from collections.abc import Iterator

import pytest
from django.db import connection
from django.utils import translation
from hypothesis import HealthCheck, settings

from pools import guards

# Playwright's loop runs beside Django's synchronous code in the browser tests.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

settings.register_profile(
    "house",
    deadline=None,
    max_examples=100,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("house")


@pytest.fixture(autouse=True)
def _in_swedish() -> Iterator[None]:
    """A request leaves its language behind in the thread; each test begins in Swedish."""
    with translation.override("sv"):
        yield


@pytest.fixture
def shared_db(transactional_db: None, django_db_serialized_rollback: None) -> Iterator[None]:
    """A database that other threads and processes see.

    Django empties it afterwards, which the guards would refuse: they step aside for that. A flush
    that keeps serialized rows skips post_migrate, so they are put back here.
    """
    guards.stand(connection)
    yield
    guards.lift(connection)


@pytest.fixture
def live_site(shared_db: None, live_server: object) -> str:
    """The address of a running server that shares the test's database."""
    return live_server.url.replace("127.0.0.1", "localhost")  # type: ignore[attr-defined]
