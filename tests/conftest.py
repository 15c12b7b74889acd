"""What every test shares: the database's guards, hypothesis profiles, and one cast.

Ada lends, Bo borrows and stewards the bakery, Cem is a stranger, Dee keeps the books.
"""

import os
from collections.abc import Iterator
from datetime import date

import pytest
from django.core import serializers
from django.db import connection, transaction
from django.utils import translation
from hypothesis import HealthCheck, settings

from invest import scenario
from invest.models import Setting
from invest.scenario import Summary
from pools import guards
from pools.models import Unit

STORY_DAY = date(2026, 11, 23)

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


@pytest.fixture(scope="session")
def _first_rows(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> str:
    """What the migrations wrote, as JSON."""
    with django_db_blocker.unblock():
        return serializers.serialize("json", [*Unit.objects.all(), *Setting.objects.all()])


@pytest.fixture
def shared_db(transactional_db: None, _first_rows: str) -> Iterator[None]:
    """A database that other threads and processes see, as the migrations left it.

    Django empties it afterwards, which the guards would refuse: they step aside for that, and its
    post_migrate puts them back. (Its own way to keep the first rows forgets them once Playwright's
    loop runs in the thread: the connection is another object then.)
    """
    _put_back(_first_rows)
    yield
    guards.lift(connection)


def _put_back(first_rows: str) -> None:
    if not Unit.objects.exists():
        for row in serializers.deserialize("json", first_rows):
            row.save()


@pytest.fixture(scope="module")
def valley(_first_rows: str, django_db_blocker: pytest.FixtureRequest) -> Iterator[Summary]:
    """Björkdalen, told once for a whole module and taken back after it. Nobody may change it."""
    with django_db_blocker.unblock(), transaction.atomic():
        _put_back(_first_rows)
        yield scenario.play(today=STORY_DAY)
        transaction.set_rollback(True)


@pytest.fixture
def live_site(shared_db: None, live_server: object) -> str:
    """The address of a running server that shares the test's database."""
    return live_server.url.replace("127.0.0.1", "localhost")  # type: ignore[attr-defined]
