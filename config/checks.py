"""Refuse to start on settings that could lose money or open a door.

Each check has an id and a hint.
"""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

DURABLE = {"wal": {2, 3}, "delete": {3}}  # journal mode -> synchronous levels that keep a commit


@register(Tags.database)
def sqlite_keeps_what_it_acknowledged(
    *, app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None, **_: Any
) -> list[CheckMessage]:
    """Read the pragmas back: the journal, the syncing, the foreign keys and the waiting."""
    found: list[CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        if connection.vendor == "sqlite":
            found += _unsafe_sqlite(connection)
    return found


def _unsafe_sqlite(connection: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    with connection.cursor() as cursor:

        def pragma(name: str) -> Any:
            return cursor.execute(f"PRAGMA {name}").fetchone()[0]

        journal, synchronous = pragma("journal_mode"), pragma("synchronous")
        if journal == "memory" and connection.is_in_memory_db():
            journal, synchronous = "delete", 3  # Nothing to keep over a crash.
        if synchronous not in DURABLE.get(journal, set()):
            found.append(
                Error(
                    f"SQLite runs with journal_mode={journal}, synchronous={synchronous}: "
                    "a power cut could lose acknowledged payments.",
                    hint="Use WAL with FULL, or DELETE with EXTRA, in OPTIONS['init_command'].",
                    id="config.E001",
                )
            )
        if journal == "wal" and not settings.SQLITE_HAS_SAFE_WAL:
            found.append(
                Error(
                    "SQLite before 3.51.3 can lose commits in WAL mode.",
                    hint="Use journal_mode=DELETE with synchronous=EXTRA, or a newer SQLite.",
                    id="config.E002",
                )
            )
        if not pragma("foreign_keys"):
            found.append(
                Error(
                    "SQLite does not enforce foreign keys.",
                    hint="PRAGMA foreign_keys=ON in OPTIONS['init_command'].",
                    id="config.E003",
                )
            )
        if connection.transaction_mode != "IMMEDIATE" or pragma("busy_timeout") < 20_000:
            found.append(
                Error(
                    "SQLite must begin IMMEDIATE and wait at least 20 s, or writers are refused.",
                    hint="OPTIONS: transaction_mode='IMMEDIATE', timeout=20.",
                    id="config.E004",
                )
            )
    return found


@register()
def the_demo_key_stays_in_the_demo(
    *, app_configs: Sequence[AppConfig] | None, **_: Any
) -> list[CheckMessage]:
    """A signing key everyone can read signs nothing."""
    if settings.DEMO or not settings.SECRET_KEY.startswith("the-demo-key"):
        return []
    return [
        Error(
            "SECRET_KEY is the demo's public key.",
            hint="Set SECRET_KEY to 50 random characters or more.",
            id="config.E005",
        )
    ]


@register()
def the_demo_is_not_reached_by_others(
    *, app_configs: Sequence[AppConfig] | None, **_: Any
) -> list[CheckMessage]:
    """A demo lets anyone in as anybody, so it answers on this machine only."""
    own = {"localhost", "127.0.0.1", "[::1]", "testserver"}
    if not settings.DEMO or set(settings.ALLOWED_HOSTS) <= own:
        return []
    return [
        Error(
            "A demo must not be reached from outside: anyone may log in as anybody.",
            hint="Set DEMO=False, or leave ALLOWED_HOSTS at localhost.",
            id="config.E006",
        )
    ]
