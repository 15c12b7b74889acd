"""What every test shares: the database's guards, hypothesis profiles, and one cast.

Ada lends, Bo borrows and stewards the bakery, Cem is a stranger, Dee keeps the books.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.core.cache import cache
from django.db import connection, models, transaction
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
def _nothing_kept() -> None:
    """What a test leaves in the cache is no other test's."""
    cache.clear()


@pytest.fixture(autouse=True)
def _in_swedish() -> Iterator[None]:
    """A request leaves its language behind in the thread; each test begins in Swedish."""
    with translation.override("sv"):
        yield


@pytest.fixture(scope="session")
def _first_rows(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """What the migrations wrote is written again whenever Django has emptied the database.

    (Django's own way to keep the first rows forgets them once Playwright's loop runs in the
    thread: the connection is another object then.)
    """
    with django_db_blocker.unblock():
        kept = serializers.serialize("json", [*Unit.objects.all(), *Setting.objects.all()])

    def put_back(**_told: object) -> None:
        if not Unit.objects.exists():
            for row in serializers.deserialize("json", kept):
                row.save()

    models.signals.post_migrate.connect(put_back, sender=apps.get_app_config("invest"))
    yield
    models.signals.post_migrate.disconnect(put_back, sender=apps.get_app_config("invest"))


@pytest.fixture
def shared_db(_first_rows: None, transactional_db: None) -> Iterator[None]:
    """A database that other threads and processes see, as the migrations left it.

    Django empties it afterwards, which the guards would refuse: they step aside for that, and its
    post_migrate puts them back.
    """
    yield
    guards.lift(connection)


@pytest.fixture(scope="session")
def _played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Where the valley lies once it has been played, and what the play summed up."""
    return {"at": tmp_path_factory.mktemp("valley") / "valley.sqlite3"}


@pytest.fixture(scope="module")
def valley(
    _first_rows: None,
    _played: dict[str, Any],
    django_db_blocker: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Summary]:
    """Björkdalen, told for a whole module and taken back after it. Nobody may change it.

    It takes the better part of a minute to play. On SQLite the file is copied once it is played,
    and every later module has the copy.
    """
    with django_db_blocker.unblock():
        if connection.vendor != "sqlite":
            with transaction.atomic():
                yield scenario.play(today=STORY_DAY)
                transaction.set_rollback(True)
            return
        before = tmp_path_factory.mktemp("before") / "before.sqlite3"
        copy(to=before)
        if "summary" in _played:
            copy(of=_played["at"])
        else:
            _played["summary"] = scenario.play(today=STORY_DAY)
            copy(to=_played["at"])
        yield _played["summary"]
        copy(of=before)


def copy(*, of: Path | None = None, to: Path | None = None) -> None:
    """All of the database to a file, or of a file to the database."""
    connection.ensure_connection()
    with closing(sqlite3.connect(str(of or to))) as file:
        here = connection.connection
        here.backup(file) if to else file.backup(here)


@pytest.fixture
def live_site(shared_db: None, live_server: object) -> str:
    """The address of a running server that shares the test's database."""
    return live_server.url.replace("127.0.0.1", "localhost")  # type: ignore[attr-defined]
