"""The tests' databases: made once in a run, then copied.

`migrated` is what the migrations leave, guards and all; `valley` is that with Björkdalen played.
Nobody writes in either. A worker has one copy at a time, of the one or the other, and where a test
has written for good it throws its copy away and takes another: quicker than emptying 130 tables,
and the guards need not step aside. On PostgreSQL a copy is CREATE DATABASE … TEMPLATE, on SQLite
a file.

What the migrations made on SQLite is kept for the next run while nothing they rest on has changed.
`--reuse-db` keeps the valley too, and both on a PostgreSQL server that outlives the run, while no
source has changed; `--create-db` makes all of it anew.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
APPS = ("pools", "invest", "reports", "config")
OF_TABLES = ("migrations/*.py", "models.py", "models/**/*.py", "apps.py", "guards.py", "sql/*")


def _print_of(files: Iterable[Path], *more: object) -> str:
    seen = sha256(repr((connection.vendor, connection.Database.__name__, *more)).encode())
    for file in sorted(set(files)):
        seen.update(f"{file.relative_to(ROOT)}\0".encode())
        seen.update(file.read_bytes())
    return seen.hexdigest()


def print_of_tables() -> str:
    """The same while the migrations would leave the same."""
    files = [file for app in APPS for glob in OF_TABLES for file in (ROOT / app).glob(glob)]
    named = ("requirements.lock", "config/settings.py", "tests/migrating.py")
    always = [*(ROOT / name for name in named), Path(__file__).resolve()]
    return _print_of([*files, *always])


def print_of_story(*more: object) -> str:
    """The same while the story would be played the same."""
    files = [
        file
        for folder in (*APPS, "fixtures")
        for file in (ROOT / folder).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    ]
    return _print_of([*files, ROOT / "requirements.lock", Path(__file__).resolve()], *more)


class Store(Protocol):
    """Where databases lie."""

    def find(self, kind: str, mark: str) -> dict[str, Any] | None:
        """What was noted of a template of this mark, made now or kept since; None: make it."""

    def empty(self, kind: str) -> str:
        """An empty database for a template; the value is what settings call NAME."""

    def keep(self, kind: str, note: dict[str, Any]) -> None:
        """The template is whole."""

    def copy(self, kind: str, to: str) -> str:
        """A new copy in place of what was there; the value is what settings call NAME."""

    def drop(self, copy: str) -> None:
        """Nobody needs the copy any more."""

    def clear(self) -> None:
        """The run is over."""


@dataclass
class Files:
    """SQLite."""

    room: Path
    reuse: bool
    anew: bool

    def _kept(self, kind: str) -> Path:
        return ROOT / f".test-{kind}.sqlite3"

    def _is_kept(self, kind: str) -> bool:
        return kind == "migrated" or self.reuse

    def find(self, kind: str, mark: str) -> dict[str, Any] | None:
        note = self.room / f"{kind}.json"
        kept = self._kept(kind).with_suffix(".sqlite3.json")
        if not note.exists() and self._is_kept(kind) and not self.anew:
            told = _read(kept)
            if told and told["mark"] == mark:
                shutil.copyfile(self._kept(kind), self.room / f"{kind}.sqlite3")
                if _read(kept) == told:  # Else another run has just put its own there.
                    note.write_text(json.dumps(told), "utf-8")
        return _read(note)

    def empty(self, kind: str) -> str:
        self.drop(kind)
        return str(self.room / f"{kind}.sqlite3")

    def keep(self, kind: str, note: dict[str, Any]) -> None:
        (self.room / f"{kind}.json").write_text(json.dumps(note), "utf-8")
        if not self._is_kept(kind) or not os.access(ROOT, os.W_OK):
            return
        kept = self._kept(kind).with_suffix(".sqlite3.json")
        kept.unlink(missing_ok=True)
        for file, there in ((f"{kind}.sqlite3", self._kept(kind)), (f"{kind}.json", kept)):
            half = there.with_name(f".test-{self.room.name}.sqlite3-half")
            shutil.copyfile(self.room / file, half)
            half.replace(there)

    def copy(self, kind: str, to: str) -> str:
        self.drop(to)
        return str(shutil.copyfile(self.room / f"{kind}.sqlite3", self.room / f"{to}.sqlite3"))

    def drop(self, copy: str) -> None:
        for file in self.room.glob(f"{copy}.sqlite3*"):
            file.unlink()

    def clear(self) -> None:
        """The folder goes with the run."""


@dataclass
class Server:
    """PostgreSQL. Names carry the checkout: two on one server stay out of each other's way."""

    room: Path
    reuse: bool
    anew: bool
    told: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        told = connection.get_connection_params()
        kept = {word: told[word] for word in ("host", "port", "user", "password") if word in told}
        self.told = {**kept, "dbname": "postgres"}

    def _name(self, what: str) -> str:
        return f"test_byakassan_{sha256(str(ROOT).encode()).hexdigest()[:6]}_{what}"

    def _run(self, *statements: sql.Composed) -> None:
        with psycopg.connect(**self.told, autocommit=True) as server:
            for statement in statements:
                server.execute(statement)

    def _drop(self, what: str) -> sql.Composed:
        dropped = "DROP DATABASE IF EXISTS {} WITH (FORCE)"
        return sql.SQL(dropped).format(sql.Identifier(self._name(what)))

    def find(self, kind: str, mark: str) -> dict[str, Any] | None:
        note = self.room / f"{kind}.json"
        if not note.exists() and self.reuse and not self.anew:
            with psycopg.connect(**self.told) as server:
                asked = "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
                found = server.execute(f"{asked} WHERE datname = %s", [self._name(kind)]).fetchone()
            if found and found[0] and json.loads(found[0])["mark"] == mark:
                note.write_text(found[0], "utf-8")
        return _read(note)

    def empty(self, kind: str) -> str:
        new = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self._name(kind)))
        self._run(self._drop(kind), new)
        return self._name(kind)

    def keep(self, kind: str, note: dict[str, Any]) -> None:
        said = sql.SQL("COMMENT ON DATABASE {} IS {}")
        name = sql.Identifier(self._name(kind))
        self._run(said.format(name, sql.Literal(json.dumps(note))))
        (self.room / f"{kind}.json").write_text(json.dumps(note), "utf-8")

    def copy(self, kind: str, to: str) -> str:
        names = (sql.Identifier(self._name(to)), sql.Identifier(self._name(kind)))
        # Block by block through the log is PostgreSQL's own choice, and slower for so many files.
        with psycopg.connect(**self.told) as server:
            by_file = " STRATEGY FILE_COPY" if server.info.server_version >= 150_000 else ""
        made = sql.SQL("CREATE DATABASE {} TEMPLATE {}" + by_file).format(*names)
        self._run(self._drop(to), made)
        return self._name(to)

    def drop(self, copy: str) -> None:
        self._run(self._drop(copy))

    def clear(self) -> None:
        made = [note.stem for note in self.room.glob("*.json")]
        if made and not self.reuse:
            self._run(*map(self._drop, made))


@dataclass
class Databases:
    """What one worker of a run asks for its databases. `room` is the run's own folder."""

    room: Path
    worker: str
    store: Store
    of: str = ""
    notes: dict[str, dict[str, Any]] = field(default_factory=dict)

    def take(self, kind: str) -> None:
        """Work from here on in a new copy of a template that is made."""
        _let_go()
        _turn_to(self.store.copy(kind, self.worker))
        self.of = kind

    def renew(self) -> None:
        """Something was written for good: a new copy of what this was one of."""
        self.take(self.of)

    @contextmanager
    def another(self, kind: str) -> Iterator[None]:
        """Work in a new copy of another template for a while, then in a new copy of this one."""
        before = self.of
        self.take(kind)
        yield
        self.take(before)

    def leave(self) -> None:
        """No test of this worker is left."""
        _let_go()
        self.store.drop(self.worker)

    def made(
        self, kind: str, mark: str, make: Callable[[], dict[str, Any]], of: str | None = None
    ) -> dict[str, Any]:
        """See that a template is there, of another or of nothing, made by one worker while the
        others wait for it. The value is what its maker said; `take` comes next.
        """
        if kind not in self.notes:
            with _alone(self.room / f"{kind}.lock"):
                note = self.store.find(kind, mark)
                if not note:
                    _turn_to(self.store.copy(of, kind) if of else self.store.empty(kind))
                    note = {"mark": mark, "said": make()}
                    _let_go()
                    self.store.keep(kind, note)
                self.notes[kind] = note
        return self.notes[kind]["said"]


PATIENT = "-c statement_timeout=60s -c lock_timeout=60s -c idle_in_transaction_session_timeout=600s"


def be_patient() -> None:
    """A machine with much else to do is no fault: wait longer than a visitor would. (A story or a
    paper in the making holds a transaction open while it reckons.)
    """
    options = connection.settings_dict["OPTIONS"]
    if connection.vendor == "postgresql":
        options |= {"options": PATIENT, "pool": {**options["pool"], "timeout": 60}}


def of_run(room: Path, worker: str, *, reuse: bool, anew: bool) -> Databases:
    """The databases that a worker has in a run."""
    store: Store = (Files if connection.vendor == "sqlite" else Server)(room, reuse, anew)
    return Databases(room, worker, store)


def _let_go() -> None:
    """Nobody can copy or drop what we hold open."""
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()


def _turn_to(name: str) -> None:
    """Have whatever connects from here on connect to this one."""
    _let_go()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def _read(note: Path) -> dict[str, Any] | None:
    try:
        return json.loads(note.read_text("utf-8"))
    except FileNotFoundError:
        return None


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """One worker at a time."""
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
