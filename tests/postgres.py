"""Run a command against a private PostgreSQL server: `python -m tests.postgres -- pytest …`.

The server lives in a folder of its own, answers on this machine only, and is stopped by its own
process id. Without PostgreSQL one loud line says what was left out; with CI=true that fails.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

RAM = Path("/dev/shm")  # noqa: S108 -- a folder of our own is made in it
LEAST_RAM = 2 << 30


def binaries() -> Path | None:
    """The folder of the newest installed server, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


def quick_folder(prefix: str) -> Path:
    """A new folder: in memory where there is room, for nothing in it outlives the run."""
    in_ram = RAM.is_dir() and os.access(RAM, os.W_OK) and shutil.disk_usage(RAM).free > LEAST_RAM
    return Path(tempfile.mkdtemp(prefix=prefix, dir=RAM if in_ram else None))


def free_port() -> int:
    """A free port below the range that outgoing connections take theirs from.

    Each process looks from a place of its own: a server takes long to open its port, and two runs
    side by side would be given the same.
    """
    places = 1_400
    for place in range(os.getpid(), os.getpid() + places):
        port = 21_000 + place % places * 7
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise RuntimeError("no free port")


def as_server_user() -> dict[str, object]:
    """PostgreSQL refuses to run as root: give it the user its package made."""
    if os.geteuid() != 0:
        return {}
    account = pwd.getpwnam("postgres")
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


# A server that lives for one run of tests: nothing need outlive a power cut. Its cleaner would look
# at tables whose rows a test has just taken back, note them as empty, and have the planner read the
# next big story row by row; and to compile a query takes longer than to run it on a story's rows.
FOR_TESTS = (
    "-c autovacuum=off",
    "-c fsync=off",
    "-c synchronous_commit=off",
    "-c full_page_writes=off",
    "-c wal_level=minimal",
    "-c max_wal_senders=0",
    "-c jit=off",
)


@contextmanager
def server(bin_folder: Path, *settings: str) -> Iterator[str]:
    """Start a server with PostgreSQL's own settings and these; the value is its DATABASE_URL. It is
    stopped also when we are told to end.
    """
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    who = as_server_user()
    folder = quick_folder("byakassan-pg-")
    if who:
        os.chown(folder, who["user"], who["group"])
    data, port = folder / "data", free_port()
    environment = {"PATH": f"{bin_folder}:/usr/bin:/bin", "LC_ALL": "C.UTF-8"}

    def run(*command: str) -> None:
        subprocess.run(
            command, check=True, cwd=folder, env=environment, stdout=subprocess.DEVNULL, **who
        )

    run(
        str(bin_folder / "initdb"),
        "-D",
        str(data),
        "-U",
        "owner",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--data-checksums",
    )
    options = " ".join(
        (f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c max_connections=60", *settings)
    )
    run(
        str(bin_folder / "pg_ctl"),
        "-D",
        str(data),
        "-w",
        "-t",
        "300",
        "-l",
        str(folder / "log"),
        "-o",
        options,
        "start",
    )
    try:
        yield f"postgres://owner@127.0.0.1:{port}/postgres"
    finally:
        run(str(bin_folder / "pg_ctl"), "-D", str(data), "-m", "fast", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def say_left_out(instead: str) -> None:
    """One loud line."""
    sys.stderr.write(f"LEFT OUT: PostgreSQL was not found, so {instead}.\n")


def main() -> int:
    """Run what follows `--` with DATABASE_URL set."""
    command = sys.argv[sys.argv.index("--") + 1 :]
    bin_folder = binaries()
    if bin_folder is None:
        say_left_out("nothing ran on it")
        return 1 if os.environ.get("CI") == "true" else 0
    with server(bin_folder, *FOR_TESTS) as url:
        return subprocess.call(command, env={**os.environ, "DATABASE_URL": url})


if __name__ == "__main__":
    sys.exit(main())
