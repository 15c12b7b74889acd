"""What every test shares: the database's guards, hypothesis profiles, and one cast.

Ada lends, Bo borrows and stewards the bakery, Cem is a stranger, Dee keeps the books.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from django.utils import timezone, translation
from hypothesis import HealthCheck, settings

from invest import scenario
from invest.scenario import Summary
from tests.databases import Databases, be_patient, print_of_story, print_of_tables
from tests.databases import of_run as databases_of
from tests.migrating import migrate
from tests.postgres import quick_folder

STORY_DAY = date(2026, 11, 23)
ROOM = "BYAKASSAN_TEST_ROOM"  # In the environment, for the workers of a run.

# Playwright's loop runs beside Django's synchronous code in the browser tests.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

settings.register_profile(
    "house",
    deadline=None,
    max_examples=100,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
# `make soak`. Those that are slow ask for their share of it: tests.strategies.examples.
settings.register_profile(
    "soak", settings.get_profile("house"), max_examples=5_000, derandomize=False
)
settings.load_profile("house")
OF_DATABASE = {"_django_db_helper", "django_db_setup", "databases"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """What has no database is the same on both: it is proven once."""
    parser.addoption("--by-database", action="store_true", help="only what uses a database")


def pytest_configure(config: pytest.Config) -> None:
    """A run has one folder for its databases, which its workers share."""
    if not hasattr(config, "workerinput"):
        os.environ[ROOM] = str(quick_folder("byakassan-tests-"))
    # Settings are read lazily, but may have been read by a plugin already.
    from django.conf import settings as site

    site.DATA_DIR = Path(os.environ[ROOM]) / "data"


def pytest_unconfigure(config: pytest.Config) -> None:
    """When the workers are done, nothing is left but what is kept."""
    if not hasattr(config, "workerinput") and ROOM in os.environ:
        room = Path(os.environ.pop(ROOM))
        databases_of(room, "", reuse=config.option.reuse_db, anew=False).store.clear()
        shutil.rmtree(room, ignore_errors=True)


def uses_database(item: pytest.Item) -> bool:
    """Whether it could end otherwise on another database."""
    asked = OF_DATABASE.intersection(getattr(item, "fixturenames", ()))
    return bool(asked) or item.get_closest_marker("django_db") is not None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A module's tests stay together, those that need the valley last; long ones in a browser come
    first, so that the workers end at about the same time.

    (pytest-django sorts by how a test uses the database: a module would be set up three times.)
    """
    if config.option.by_database:
        config.hook.pytest_deselected(items=[item for item in items if not uses_database(item)])
        items[:] = filter(uses_database, items)
    modules = {path: number for number, path in enumerate(sorted({item.path for item in items}))}
    items.sort(
        key=lambda item: (
            item.get_closest_marker("browser") is None,
            modules[item.path],
            "valley" in getattr(item, "fixturenames", ()),
        )
    )


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
def databases(request: pytest.FixtureRequest) -> Databases:
    """This worker's databases."""
    asked = request.config.option
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    room = Path(os.environ[ROOM])
    return databases_of(room, worker, reuse=asked.reuse_db, anew=asked.create_db)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: pytest.FixtureRequest,
    databases: Databases,
) -> Iterator[None]:
    """A copy of what the migrations leave, and another when a test has written for good.

    (Django would empty it: the guards would have to step aside for each of 130 tables, and the
    migrations' first rows would have to be written again.)
    """

    be_patient()
    with django_db_blocker.unblock():
        databases.made("migrated", print_of_tables(), migrate)
        databases.take("migrated")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: databases.renew())
        yield
    with django_db_blocker.unblock():
        databases.leave()


@pytest.fixture
def shared_db(transactional_db: None) -> None:
    """A database that other threads and processes see, as the migrations left it."""


@pytest.fixture(scope="module")
def valley(
    django_db_setup: None, databases: Databases, django_db_blocker: pytest.FixtureRequest
) -> Iterator[Summary]:
    """Björkdalen, told for a whole module in a copy of its own. It is played once in a run."""

    def play() -> dict[str, Any]:
        with translation.override("sv"):
            summary = scenario.play(today=STORY_DAY)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")  # The tests' server does not do it by itself.
        return asdict(summary)

    with django_db_blocker.unblock():
        mark = print_of_story(STORY_DAY, timezone.localdate())
        told = databases.made("valley", mark, play, of="migrated")
        databases.take("valley")
        yield Summary(**told)
        databases.take("migrated")


@pytest.fixture
def live_site(shared_db: None, live_server: object) -> str:
    """The address of a running server that shares the test's database."""
    return live_server.url.replace("127.0.0.1", "localhost")  # type: ignore[attr-defined]
