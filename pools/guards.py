"""The database refuses to rewrite the book, whoever asks: triggers, an authorizer, and rights.

Guards live outside migrations because SQLite rebuilds a table to change it and silently drops its
triggers: they are lifted before migrations, put back after, and checked at start
(docs/adr/0004). Three layers:

- triggers, from `pools/sql/<vendor>.sql`: append-only rows, gapless entries, floors, month totals;
- on SQLite an authorizer on every connection: it alone sees *who* asks, so it refuses to drop a
  guard, and lets only the guards themselves write totals;
- on PostgreSQL the web's role (`BOOK_APP_ROLE`) has no right to update or delete in the book.
"""

import re
import sqlite3
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Warning  # noqa: A004 -- Django's word
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

SQL = Path(__file__).parent / "sql"
APPEND_ONLY = ["pools_entry", "pools_transfer"]
DERIVED = "pools_accountmonth"
_GUARDED = {"pools_ledger", "pools_account", "pools_unit", "pools_memo", DERIVED}
_kept_for_ever: list[str] = []
_erasable: list[str] = []

# What nobody but a guard may do on SQLite: (action, first argument) or (action, first, second).
_SCHEMA_ACTIONS = {
    sqlite3.SQLITE_DROP_TRIGGER,
    sqlite3.SQLITE_CREATE_TRIGGER,
    sqlite3.SQLITE_DROP_TABLE,
    sqlite3.SQLITE_ALTER_TABLE,
    sqlite3.SQLITE_CREATE_TEMP_TRIGGER,
}
_UNSAFE_PRAGMAS = {"writable_schema", "ignore_check_constraints"}


def keep_for_ever(*tables: str) -> None:
    """Make further tables append-only. Call it while the apps load, before any migration."""
    _kept_for_ever.extend(tables)


def erase_only(*tables: str) -> None:
    """Let rows of further tables be written and erased, never changed, as memos are."""
    _erasable.extend(tables)


def protected_tables() -> set[str]:
    """Every table some guard stands on."""
    return {*APPEND_ONLY, *_GUARDED, *_kept_for_ever, *_erasable}


def statements(vendor: str, without: Collection[str] = ()) -> list[str]:
    """The SQL that puts the guards up, one statement each, but for apps' tables left out."""
    text = (SQL / f"{vendor}.sql").read_text("utf-8")
    found = [part.strip() for part in re.split(r"^;;$", text, flags=re.MULTILINE) if part.strip()]
    for table in [table for table in _kept_for_ever if table not in without]:
        found += _keeping(vendor, table)
    for table in [table for table in _erasable if table not in without]:
        found += _erasing(vendor, table)
    return found


def _keeping(vendor: str, table: str) -> list[str]:
    if vendor == "postgresql":
        return [
            (
                f"CREATE OR REPLACE TRIGGER guard_{table}_change BEFORE UPDATE OR DELETE"
                f" ON {table} FOR EACH ROW EXECUTE FUNCTION guard_refuse()"
            ),
            (
                f"CREATE OR REPLACE TRIGGER guard_{table}_truncate BEFORE TRUNCATE"
                f" ON {table} EXECUTE FUNCTION guard_refuse()"
            ),
        ]
    refused = f"SELECT RAISE(ABORT, 'append-only: {table} only grows')"
    return [
        *_unchanging(table, refused),
        f"CREATE TRIGGER guard_{table}_delete BEFORE DELETE ON {table} BEGIN {refused}; END",
    ]


def _erasing(vendor: str, table: str) -> list[str]:
    if vendor == "postgresql":
        return [
            (
                f"CREATE OR REPLACE TRIGGER guard_{table}_update BEFORE UPDATE"
                f" ON {table} FOR EACH ROW EXECUTE FUNCTION guard_refuse()"
            )
        ]
    return _unchanging(table, f"SELECT RAISE(ABORT, 'append-only: {table} never changes')")


def _unchanging(table: str, refused: str) -> list[str]:
    taken = f"EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"  # noqa: S608 -- our own names
    return [
        (
            f"CREATE TRIGGER guard_{table}_insert BEFORE INSERT ON {table} "
            f"BEGIN {refused} WHERE {taken}; END"
        ),
        f"CREATE TRIGGER guard_{table}_update BEFORE UPDATE ON {table} BEGIN {refused}; END",
    ]


def expected(vendor: str) -> dict[str, str]:
    """Name of each trigger that must stand → the SQL that makes it."""
    named: dict[str, str] = {}
    for statement in statements(vendor):
        match = re.search(r"CREATE (?:OR REPLACE )?TRIGGER (\w+) (?:.|\n)*? ON (\w+)", statement)
        if match:
            named[match[1]] = statement[statement.index("CREATE") :]
    return named


def _standing(connection: BaseDatabaseWrapper) -> dict[str, tuple[str, str]]:
    """Name of each standing, enabled trigger → its table and SQL ('' on PostgreSQL)."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name, tbl_name, sql FROM sqlite_master "
                "WHERE type = 'trigger' AND name LIKE 'guard\\_%%' ESCAPE '\\'",
                [],
            )
        else:
            cursor.execute(
                "SELECT tgname, tgrelid::regclass::text, '' FROM pg_trigger "
                "WHERE NOT tgisinternal AND tgenabled = 'O' AND tgname LIKE 'guard\\_%%'",
                [],
            )
        return {name: (table, sql) for name, table, sql in cursor.fetchall()}


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of the guards that do not stand as written, sorted."""
    standing = _standing(connection)
    if connection.vendor == "sqlite":
        return sorted(
            name
            for name, sql in expected("sqlite").items()
            if name not in standing or standing[name][1] != sql
        )
    return sorted(set(expected(connection.vendor)) - set(standing))


def lift(connection: BaseDatabaseWrapper) -> None:
    """Take the guards away, for migrations and for emptying a test database."""
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        connection.connection.set_authorizer(None)
    with connection.cursor() as cursor:
        for name, (table, _) in _standing(connection).items():
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {name}{on}")


def stand(connection: BaseDatabaseWrapper) -> None:
    """Put the guards up as written, and the rights of the web's role.

    On a half-migrated database only on the tables that are there; `missing` tells of the rest.
    """
    lift(connection)
    there = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for statement in statements(connection.vendor, {*_kept_for_ever, *_erasable} - there):
            cursor.execute(statement)
        if connection.vendor == "postgresql":
            _grant(cursor, there)
    watch_new_connection(connection=connection)


def _grant(cursor: Any, there: Collection[str]) -> None:
    """Give the web's role the book to read and to add to; the reports' role all to read."""
    kept = ", ".join(table for table in [*APPEND_ONLY, *_kept_for_ever] if table in there)
    erasable = ", ".join(table for table in ["pools_memo", *_erasable] if table in there)
    if role := settings.BOOK_APP_ROLE:
        for right in (
            f"GRANT USAGE ON SCHEMA public TO {role}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
            f"REVOKE UPDATE, DELETE, TRUNCATE ON {kept} FROM {role}",
            f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {DERIVED} FROM {role}",
            f"REVOKE UPDATE, DELETE ON pools_account, pools_ledger, pools_unit FROM {role}",
            f"GRANT UPDATE (bas, floor_minor, closed_on) ON pools_account TO {role}",
            f"GRANT UPDATE (name, head_seq, head_seal, locked_until) ON pools_ledger TO {role}",
            f"REVOKE UPDATE ON {erasable} FROM {role}",
        ):
            cursor.execute(right)
    if role := settings.BOOK_REPORTS_ROLE:
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
        cursor.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")


def _authorize(
    action: int, first: str | None, second: str | None, database: str | None, trigger: str | None
) -> int:
    """SQLite asks this of every statement it prepares; `trigger` is the one that is writing."""
    protected = protected_tables()
    if trigger is None:
        if action == sqlite3.SQLITE_UPDATE and (
            first in APPEND_ONLY or first == DERIVED or (first, second) == _KEPT_BALANCE
        ):
            return sqlite3.SQLITE_DENY
        if action == sqlite3.SQLITE_DELETE and (first in APPEND_ONLY or first == DERIVED):
            return sqlite3.SQLITE_DENY
        if action == sqlite3.SQLITE_INSERT and first == DERIVED:
            return sqlite3.SQLITE_DENY
    if action in _SCHEMA_ACTIONS and (first in protected or second in protected):
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_PRAGMA and first in _UNSAFE_PRAGMAS and second is not None:
        return sqlite3.SQLITE_DENY
    if action in (sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE) and first == "sqlite_master":
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


_KEPT_BALANCE = ("pools_account", "balance_minor")


def watch_new_connection(*, connection: BaseDatabaseWrapper, **_: object) -> None:
    """Set the authorizer on a SQLite connection."""
    if connection.vendor == "sqlite":
        connection.connection.set_authorizer(_authorize)


def lift_before_migrate(*, using: str, **_: object) -> None:
    """pre_migrate: tables are about to be rebuilt."""
    lift(connections[using])


def stand_after_migrate(*, using: str, **_: object) -> None:
    """post_migrate: the tables are whole; put the guards back."""
    if DERIVED in connections[using].introspection.table_names():
        stand(connections[using])


def the_guards_stand(
    *, app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None, **_: object
) -> list[CheckMessage]:
    """Name the guards that are missing. A warning, so that `migrate` can put them back; the web
    server starts on no warning (config/wsgi.py).
    """
    found: list[CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        if DERIVED not in connection.introspection.table_names():
            continue  # Nothing to guard before the first migration.
        if gone := missing(connection):
            found.append(
                Warning(
                    f"The book is unguarded: {', '.join(gone)} missing or changed.",
                    hint="Run `manage.py migrate`, then find out who removed them.",
                    id="pools.W001",
                )
            )
    return found
