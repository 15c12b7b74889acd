"""A site as it is installed: an empty PostgreSQL database, the server of `deploy/`, its letters.

Nothing of it shares a process with the test. Pages are read through `tests.visitor`.
"""

import contextlib
import email
import email.policy
import os
import re
import shlex
import socketserver
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit, urlunsplit
from urllib.request import Request, urlopen
from uuid import uuid4

import psycopg
from psycopg import sql

from tests import postgres

ROOT = Path(__file__).resolve().parents[1]
HOST = "localhost"
OURS = ("config", "invest", "reports")
OUR_SETTINGS = {
    "DEMO": "False",
    "SECRET_KEY": "a-test-needs-a-key-of-fifty-characters-or-a-few-more-of-them",
    "IDENTITY_KEY": "another-key-of-fifty-characters-or-a-few-more-for-that-use",
    "SIGNING_KEY": "5a" * 32,
    "ALLOWED_HOSTS": HOST,
    "PUBLIC_URL": f"https://{HOST}",
    "SOURCE_URL": f"https://{HOST}/source",
    "CSRF_TRUSTED_ORIGINS": f"https://{HOST}",
    "CONTACT_EMAIL": "kassan@example.org",
}


# --- Letters --------------------------------------------------------------------------------------


class PostOffice(socketserver.ThreadingTCPServer):
    """Takes letters by SMTP on a free port, and keeps them in the order they came."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Counter)
        self.letters: list[EmailMessage] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        """Where it answers."""
        return int(self.server_address[1])

    def settings(self) -> dict[str, str]:
        """What a site must know to send its letters here."""
        backend = "django.core.mail.backends.smtp.EmailBackend"
        return {
            "EMAIL_BACKEND": backend,
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(self.port),
        }

    def to(self, address: str) -> list[EmailMessage]:
        """The letters that somebody has, oldest first."""
        return [letter for letter in self.letters if letter["To"] == address]

    def last_to(self, address: str) -> str:
        """The words of somebody's latest letter."""
        body = self.to(address)[-1].get_body(("plain",))
        assert body is not None
        return str(body.get_content()).replace("\r\n", "\n")


class _Counter(socketserver.StreamRequestHandler):
    """As much of SMTP (RFC 5321) as Django's sender speaks."""

    server: PostOffice

    def handle(self) -> None:
        self._say("220 here")
        while line := self.rfile.readline().strip().upper():
            if line == b"DATA":
                self._say("354 go on")
                self._take()
            self._say("221 bye" if line == b"QUIT" else "250 ok")
            if line == b"QUIT":
                return

    def _take(self) -> None:
        lines = list(iter(self.rfile.readline, b".\r\n"))
        raw = b"".join(line.removeprefix(b".") if line[:2] == b".." else line for line in lines)
        letter = email.message_from_bytes(raw, policy=email.policy.default)
        self.server.letters.append(letter)

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextlib.contextmanager
def post_office() -> Iterator[PostOffice]:
    """A post office for as long as a test runs."""
    with PostOffice() as office:
        yield office
        office.shutdown()


# --- The database ---------------------------------------------------------------------------------


@contextlib.contextmanager
def fresh_database(server: str) -> Iterator[str]:
    """An empty database on the server that a DATABASE_URL names, dropped afterwards."""
    name = f"byakassan_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            connection.execute(drop)


# --- The server -----------------------------------------------------------------------------------


@dataclass
class Site:
    """A site that answers."""

    port: int
    environment: dict[str, str]
    log: Path

    def manage(self, *command: str) -> str:
        """What a command of `manage.py` says. Raises where it fails."""
        return _manage(self.environment, *command)

    def errors(self) -> list[str]:
        """What the server's log tells of errors, with what follows each."""
        told = self.log.read_text("utf-8", "replace")
        return re.findall(r"^.*? ERROR .*(?:\n(?!\d{4}-).*)*", told, re.MULTILINE)


def _manage(environment: dict[str, str], *command: str) -> str:
    ran = subprocess.run(
        [sys.executable, "manage.py", *command],
        check=False, cwd=ROOT, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    assert ran.returncode == 0, f"manage.py {' '.join(command)}: {ran.stderr[-2000:]}"
    return ran.stdout


@contextlib.contextmanager
def shipped(database: str, **more: str) -> Iterator[Site]:
    """The server with the very command of `deploy/byakassan.service`, on an empty database."""
    environment = {**os.environ, **OUR_SETTINGS, "DATABASE_URL": database, **more}
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    _prepare(environment)
    port = postgres.free_port()
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "log").open("w+b") as log:
        server = subprocess.Popen(_command(port), cwd=ROOT, env=environment, stdout=log, stderr=log)
        site = Site(port, environment, Path(folder) / "log")
        try:
            _wait(site, server)
            yield site
        finally:
            server.terminate()
            server.wait(20)


def _prepare(environment: dict[str, str]) -> None:
    """Tables and static files, side by side: each takes its time."""
    with ThreadPoolExecutor(2) as both:
        asked = [both.submit(_manage, environment, "migrate", "-v0")]
        if not _is_collected():
            asked.append(both.submit(_manage, environment, "collectstatic", "--noinput", "-v0"))
        for one in asked:
            one.result()


def _is_collected() -> bool:
    """Whether the collected files are newer than ours and than the list of libraries."""
    manifest = ROOT / "static" / "staticfiles.json"
    ours = (found for app in OURS for found in (ROOT / app / "static").rglob("*"))
    newest = max(found.stat().st_mtime for found in (ROOT / "requirements.lock", *ours))
    return manifest.exists() and manifest.stat().st_mtime > newest


def _command(port: int) -> list[str]:
    unit = (ROOT / "deploy/byakassan.service").read_text("utf-8").replace("\\\n", " ")
    found = re.search(r"^ExecStart=(.*)$", unit, re.MULTILINE)
    assert found is not None
    command = shlex.split(found[1])
    command[0], command[command.index("--port") + 1] = sys.executable, str(port)
    return command


def _wait(site: Site, server: subprocess.Popen[bytes]) -> None:
    """Until it is ready, as the web server in front would ask."""
    ask = Request(
        f"http://127.0.0.1:{site.port}/readyz",
        headers={"Host": HOST, "X-Forwarded-Proto": "https"},
    )
    for _try in range(600):
        with contextlib.suppress(URLError, OSError), urlopen(ask, timeout=5):  # noqa: S310
            return
        if server.poll() is not None:
            break
        time.sleep(0.1)
    said = site.log.read_text("utf-8", "replace")
    raise RuntimeError(f"the server did not get ready:\n{said[:3000]}")
