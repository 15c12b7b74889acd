"""Prove everything: `python -m tests.proof`, which `make test` runs after the linters.

The whole suite runs on PostgreSQL, where the books are kept in earnest. Beside it SQLite shows what
differs by database: pools and guards, verbs, stories and commands, and the demo; not pages, not
papers, and nothing that opens no database. Where PostgreSQL is missing the whole suite runs on
SQLite and one loud line says so; with CI=true that fails.

`python -m tests.proof soak` (`make soak`) runs only what is tried at random, and longer.
"""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests import postgres

ROOT = Path(__file__).resolve().parent.parent
PYTEST = (sys.executable, "-m", "pytest", "-n", "2", "--dist", "worksteal", "--durations=25")
BY_DATABASE = (
    *("tests/pools", "tests/invest", "tests/stories", "tests/faults", "tests/test_databases.py"),
    "--by-database",
    *("--ignore-glob=*/test_pages_*", "--ignore-glob=*papers.py", "--ignore=tests/invest/web"),
)
SOAK = ("-m", "hypothesis", "--hypothesis-profile=soak")


def suite(database: str | None, *what: str) -> int:
    """Run tests on the database of this address; None is SQLite."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    if database:
        environment["DATABASE_URL"] = database
    sys.stdout.write(f"\n=== {'PostgreSQL' if database else 'SQLite'}: {' '.join(what)}\n")
    sys.stdout.flush()
    return subprocess.call([*PYTEST, *what], cwd=ROOT, env=environment)


def demo() -> int:
    """Play the demo as `make demo` does, and have its books audited; then tell what they said."""
    folder = postgres.quick_folder("byakassan-demo-")
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{folder / 'demo.sqlite3'}"}
    try:
        for words in (["demo"], ["audit_book"]):
            command = [sys.executable, "manage.py", *words]
            ran = subprocess.run(
                command, check=False, cwd=ROOT, env=environment, capture_output=True, text=True
            )
            sys.stdout.write(f"\n=== {' '.join(command[1:])}\n{ran.stdout}{ran.stderr}")
            if ran.returncode:
                return ran.returncode
    finally:
        shutil.rmtree(folder)
    return 0


def main(asked: list[str]) -> int:
    """The value is nought where nothing failed."""
    if asked == ["soak"]:
        return proof(*SOAK)
    # The demo is one process: alone it would leave the other cores idle.
    with ThreadPoolExecutor(1) as aside:
        told = aside.submit(demo)
        return proof() or told.result()


def proof(*more: str) -> int:
    """Run the tests on all the databases there are; the first failure ends it."""
    server = postgres.binaries()
    if server is None:
        postgres.say_left_out("everything runs on SQLite")
        if os.environ.get("CI") == "true":
            return 1
        return suite(None, "tests", *more)
    with postgres.server(server, *postgres.FOR_TESTS) as url:
        failed = suite(url, "tests", *more)
    return failed or suite(None, *BY_DATABASE, *more)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
