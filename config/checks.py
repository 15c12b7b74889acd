"""Refuse to start on settings that could lose money or open a door.

Each check has an id and a hint.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
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
            found += unsafe_sqlite(_read_back(connection))
    return found


@dataclass(frozen=True, slots=True)
class Pragmas:
    """How a SQLite connection is really set."""

    journal_mode: str
    synchronous: int
    foreign_keys: int
    busy_timeout: int
    transaction_mode: str | None


def _read_back(connection: Any) -> Pragmas:
    names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    with connection.cursor() as cursor:
        values = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in names}
    return Pragmas(**values, transaction_mode=connection.transaction_mode)


def unsafe_sqlite(pragmas: Pragmas) -> list[CheckMessage]:
    """What of a connection's settings could lose money, each with its cure."""
    found: list[CheckMessage] = []
    if pragmas.synchronous not in DURABLE.get(pragmas.journal_mode, set()):
        found.append(
            Error(
                f"SQLite runs with {pragmas}: a power cut could lose acknowledged payments.",
                hint="Use WAL with FULL, or DELETE with EXTRA, in OPTIONS['init_command'].",
                id="config.E001",
            )
        )
    if pragmas.journal_mode == "wal" and not settings.SQLITE_HAS_SAFE_WAL:
        found.append(
            Error(
                "SQLite before 3.51.3 can lose commits in WAL mode.",
                hint="Use journal_mode=DELETE with synchronous=EXTRA, or a newer SQLite.",
                id="config.E002",
            )
        )
    if not pragmas.foreign_keys:
        found.append(
            Error(
                "SQLite does not enforce foreign keys.",
                hint="PRAGMA foreign_keys=ON in OPTIONS['init_command'].",
                id="config.E003",
            )
        )
    if pragmas.transaction_mode != "IMMEDIATE" or pragmas.busy_timeout < 20_000:
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
def identity_numbers_have_a_key_of_their_own(
    *, app_configs: Sequence[AppConfig] | None, **_: Any
) -> list[CheckMessage]:
    """SECRET_KEY may be changed when it leaks; what was encrypted with it would be lost then."""
    if settings.DEMO or settings.IDENTITY_KEY != settings.SECRET_KEY:
        return []
    return [
        Error(
            "IDENTITY_KEY is not set.",
            hint="Set IDENTITY_KEY to 50 random characters or more, and keep it for ever.",
            id="config.E007",
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


@register()
def what_is_published_is_signed(
    *, app_configs: Sequence[AppConfig] | None, **_: Any
) -> list[CheckMessage]:
    """Nobody can verify what was signed with a key that is lost with SECRET_KEY, or with none."""
    found: list[CheckMessage] = []
    is_missing = not settings.SIGNING_KEY and not settings.DEMO
    if is_missing or (settings.SIGNING_KEY and not _is_hex(settings.SIGNING_KEY)):
        found.append(
            Error(
                "SIGNING_KEY is not set to 32 bytes in hexadecimal.",
                hint="Set SIGNING_KEY to what `openssl rand -hex 32` prints, and keep it secret.",
                id="config.E008",
            )
        )
    if not all(map(_is_hex, settings.SIGNING_KEYS_RETIRED)):
        found.append(
            Error(
                "SIGNING_KEYS_RETIRED holds something else than public keys in hexadecimal.",
                hint="Each is 64 characters, as the page of a publication shows it.",
                id="config.E009",
            )
        )
    return found


def _is_hex(key: str) -> bool:
    """Whether it is 32 bytes in hexadecimal."""
    return re.fullmatch(r"[0-9a-fA-F]{64}", key) is not None
