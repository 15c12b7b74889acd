"""The program refuses to start on what could lose money or open a door."""

import os
import sqlite3
import subprocess
import sys
from dataclasses import replace

import pytest
from django.core.checks import run_checks
from django.db import connection

from config import checks
from pools import guards

only_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own settings")


def found(*, databases=("default",)) -> set[str]:
    return {message.id for message in run_checks(databases=list(databases))}


def test_nothing_is_wrong_with_the_tests_own_settings(db):
    assert found() == set()


SAFE = checks.Pragmas("delete", 3, 1, 20_000, "IMMEDIATE")


@pytest.mark.fault("F25")
@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"synchronous": 1}, "config.E001"),
        ({"synchronous": 2}, "config.E001"),
        ({"synchronous": 0}, "config.E001"),
        ({"journal_mode": "off"}, "config.E001"),
        ({"journal_mode": "memory"}, "config.E001"),
        ({"foreign_keys": 0}, "config.E003"),
        ({"busy_timeout": 5_000}, "config.E004"),
        ({"transaction_mode": "DEFERRED"}, "config.E004"),
        ({"transaction_mode": None}, "config.E004"),
    ],
)
def test_unsafe_sqlite_settings_are_named(change, check):
    assert checks.unsafe_sqlite(SAFE) == []

    assert [m.id for m in checks.unsafe_sqlite(replace(SAFE, **change))] == [check]


@pytest.mark.fault("F24")
def test_wal_needs_a_sqlite_without_the_reset_race(settings):
    wal = replace(SAFE, journal_mode="wal", synchronous=2)

    settings.SQLITE_HAS_SAFE_WAL = False
    assert [m.id for m in checks.unsafe_sqlite(wal)] == ["config.E002"]
    settings.SQLITE_HAS_SAFE_WAL = True
    assert checks.unsafe_sqlite(wal) == []


@only_sqlite
@pytest.mark.fault("F25")
def test_the_settings_are_read_back_from_the_database(db):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 100")
        try:
            assert found() == {"config.E004"}
        finally:
            cursor.execute("PRAGMA busy_timeout = 20000")


@pytest.mark.fault("F37")
def test_a_missing_guard_is_named(db):
    guards.lift(connection)

    (message,) = [m for m in run_checks(databases=["default"]) if m.id == "pools.W001"]

    assert "guard_transfer_insert" in message.msg
    guards.stand(connection)


def test_a_demo_that_others_reach_and_a_demo_key_are_refused(settings):
    settings.DEMO = True
    settings.ALLOWED_HOSTS = ["kassan.example"]
    assert found(databases=()) >= {"config.E006"}
    settings.DEMO = False
    assert found(databases=()) >= {"config.E005"}


@only_sqlite
@pytest.mark.fault("F37")
def test_the_server_does_not_start_without_a_guard(django_db_setup, databases):
    file = databases.store.copy("migrated", f"{databases.worker}-book")
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{file}", "PYTHONPATH": "."}
    start = [sys.executable, "-c", "import config.wsgi"]
    subprocess.run(start, check=True, env=environment, capture_output=True)

    outside = sqlite3.connect(file)
    outside.execute("DROP TRIGGER guard_transfer_update")
    outside.commit()
    outside.close()
    done = subprocess.run(start, env=environment, capture_output=True, text=True, check=False)

    databases.store.drop(f"{databases.worker}-book")
    assert done.returncode != 0
    assert "guard_transfer_update" in done.stderr
