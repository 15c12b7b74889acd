"""A hall at its fullest: 300 phones ask for the board each second while 50 a second promise.

`python -m tests.bench.hall` starts a private PostgreSQL and the server as `deploy/` ships it, and
measures from outside. The phones run on the same machine and take their part of it. Exits 1 on an
error, a lost or doubled promise, or a board older than two seconds.
"""

import argparse
import asyncio
import contextlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests import postgres
from tests.served import HOST, ROOT, shipped

PROJECTS = ("soltaket", "ugnen", "bron", "affaren")
MOST_AGE_SECONDS = 2.0
COUNT = re.compile(rb'class="board-count">\s*<strong>([^<]+)</strong>')


@dataclass
class Seen:
    """What the phones saw. Times are seconds of one clock."""

    wrong: list[str] = field(default_factory=list)
    kept: list[float] = field(default_factory=list)  # When each promise was answered.
    took: list[float] = field(default_factory=list)
    boards: list[tuple[float, int]] = field(default_factory=list)  # What hung until when.
    last: int = 0  # What the latest board told.
    polled: list[float] = field(default_factory=list)

    def age(self) -> list[float]:
        """How old each board was when the next one came: since the first promise it lacked."""
        kept = sorted(self.kept)
        return [max(0.0, at - kept[n]) if n < len(kept) else 0.0 for at, n in self.boards]


class Phone:
    """One connection that is kept, and one browser's cookies."""

    def __init__(self, port: int, address: str) -> None:
        self.port = port
        self.always = {
            "Host": HOST,
            "X-Forwarded-For": address,
            "X-Forwarded-Proto": "https",
        }
        self.cookies: dict[str, str] = {}
        self.out: asyncio.StreamWriter | None = None

    def hang_up(self) -> None:
        """Let the connection go, as a phone does that waits."""
        if self.out:
            self.out.close()
        self.out = None

    async def ask(
        self, path: str, body: dict[str, str] | None = None, **more: str
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body."""
        if self.out is None:
            self.back, self.out = await asyncio.open_connection("127.0.0.1", self.port)
        sent = urlencode(body).encode() if body else b""
        heads = self.always | {name.replace("_", "-"): value for name, value in more.items()}
        if self.cookies:
            heads["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body:
            heads |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Content-Length": str(len(sent)),
                "Referer": f"https://{HOST}/",
            }
        line = f"{'POST' if body else 'GET'} {path} HTTP/1.1\r\n"
        told = "".join(f"{name}: {value}\r\n" for name, value in heads.items())
        self.out.write((line + told + "\r\n").encode() + sent)
        raw = (await self.back.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        status, found = int(raw[0].split()[1]), {}
        for header in filter(None, raw[1:]):
            name, _, value = header.partition(": ")
            found[name.lower()] = value
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        length = int(found.get("content-length", 0))
        return status, found, await self.back.readexactly(length) if length else b""


async def watch(phone: Phone, after: float, over: asyncio.Event, seen: Seen) -> None:
    """A phone on the board's page: it asks each second, and keeps what it has on a 304."""
    await asyncio.sleep(after)
    tag, told = "", 0
    while not over.is_set():
        asked = time.monotonic()
        status, heads, body = await phone.ask("/fairs/massan/board/now/", If_None_Match=tag)
        at = time.monotonic()
        if tag:
            seen.boards.append((at, told))
        if status == 200 and (found := COUNT.search(body)):
            told, tag = int(re.sub(rb"\D", b"", found[1])), heads["etag"]
        elif status != 304:
            seen.wrong.append(f"board: {status}")
        seen.last = told
        seen.polled.append(at - asked)
        await asyncio.sleep(max(0.0, asked + 1 - time.monotonic()))


async def open_form(phone: Phone, number: int, seen: Seen) -> dict[str, str]:
    """What the phone shows before anybody presses: the form with its key."""
    status, _heads, page = await phone.ask(f"{_path(number)}?fair=massan")
    hidden = dict(re.findall(rb'type="hidden" name="(\w+)" value="([^"]+)"', page))
    if status != 200 or b"key" not in hidden:
        seen.wrong.append(f"form: {status}")
    phone.hang_up()
    return {name.decode(): value.decode() for name, value in hidden.items()}


async def promise(phone: Phone, number: int, form: dict[str, str], seen: Seen) -> None:
    """Send it, as the phone's outbox does."""
    typed = {"choice": "other", "amount": "500", "name": f"Sparare {number}", "publish_name": "on"}
    asked = time.monotonic()
    sent = form | typed
    status, _heads, answer = await phone.ask(_path(number), sent, Accept="application/json")
    at = time.monotonic()
    if status != 200 or "receipt" not in json.loads(answer or b"{}"):
        seen.wrong.append(f"promise: {status} {answer[:120]!r}")
        return
    seen.kept.append(at)
    seen.took.append(at - asked)


def _path(number: int) -> str:
    return f"/projects/{PROJECTS[number % len(PROJECTS)]}/pledge/"


async def evening(port: int, phones: int, rate: int, seconds: int) -> Seen:
    """The pitches are over: each has the form open, and everybody presses, behind one address."""
    seen = Seen()
    savers = [Phone(port, "192.0.2.7") for _number in range(rate * seconds)]
    forms = [await open_form(saver, number, seen) for number, saver in enumerate(savers)]
    over = asyncio.Event()
    watching = [
        asyncio.create_task(watch(Phone(port, "192.0.2.7"), n / phones, over, seen))
        for n in range(phones)
    ]
    await asyncio.sleep(2)
    sending, start = [], time.monotonic()
    for number, (saver, form) in enumerate(zip(savers, forms, strict=True)):
        await asyncio.sleep(max(0.0, start + number / rate - time.monotonic()))
        sending.append(asyncio.create_task(promise(saver, number, form, seen)))
    told = await asyncio.gather(*sending, return_exceptions=True)
    await asyncio.sleep(MOST_AGE_SECONDS + 1)
    over.set()
    told += await asyncio.gather(*watching, return_exceptions=True)
    seen.wrong += [f"{type(one).__name__}: {one}" for one in told if isinstance(one, Exception)]
    return seen


@contextlib.contextmanager
def filled_server(database: str) -> Iterator[int]:
    """The server as it is shipped, with a fair in it; the value is its port."""
    with shipped(database) as site:
        subprocess.run([sys.executable, "-m", "tests.bench.hall", "--fill"], check=True, cwd=ROOT,
                       env=site.environment)  # fmt: skip
        yield site.port
        if said := site.errors():
            sys.stdout.write("\n".join([*said[:20], ""]))


def fill() -> None:
    """A fair with four projects that take promises."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from tests import factories as make

    owner = make.organisation()
    projects = tuple(make.project(slug, owner) for slug in PROJECTS)
    for project in projects:
        make.share_offering(project, cap=100_000_000)
    make.fair(owner=owner, of=projects)


def kept_rows(database: str) -> int:
    """How many promises the database holds."""
    asked = [psql(), database, "-Atc", "SELECT count(*) FROM invest_pledge"]
    return int(subprocess.run(asked, check=True, capture_output=True, text=True).stdout)


def psql() -> str:
    """The client beside the server."""
    return str(postgres.binaries().parent / "bin" / "psql")


def at_most(values: list[float], share: float) -> str:
    """A quantile, in milliseconds."""
    return f"{sorted(values)[min(len(values) - 1, int(len(values) * share))] * 1000:.0f} ms"


def main() -> int:
    """Run it and print what was seen."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--fill", action="store_true")
    asked.add_argument("--phones", type=int, default=300)
    asked.add_argument("--rate", type=int, default=50, help="promises a second")
    asked.add_argument("--seconds", type=int, default=15)
    options = asked.parse_args()
    if options.fill:
        fill()
        return 0
    folder = postgres.binaries()
    if folder is None:
        sys.stderr.write("LEFT OUT: PostgreSQL was not found, so nothing was measured.\n")
        return 1
    with postgres.server(folder) as database:
        with filled_server(database) as port:
            seen = asyncio.run(evening(port, options.phones, options.rate, options.seconds))
        rows = kept_rows(database)
    wanted, age = options.rate * options.seconds, seen.age()
    spread = (len(seen.kept) - 1) / (max(seen.kept) - min(seen.kept))
    told = [
        f"{options.phones} phones on the board, {wanted} promises, {options.rate} a second",
        f"  errors: {len(seen.wrong)} {seen.wrong[:3] or ''}",
        f"  promises answered: {len(seen.kept)}, in the database: {rows}; {spread:.1f} a second",
        f"  a promise: half {at_most(seen.took, 0.5)}, 99 of 100 {at_most(seen.took, 0.99)}",
        f"  board answers: {len(seen.polled)}, 99 of 100 {at_most(seen.polled, 0.99)}",
        f"  age of the board: 99 of 100 {at_most(age, 0.99)}, most {max(age) * 1000:.0f} ms",
    ]
    fine = (
        not seen.wrong
        and rows == len(seen.kept) == wanted
        and seen.last == wanted
        and max(age) <= MOST_AGE_SECONDS
    )
    sys.stdout.write("\n".join([*told, "  held" if fine else "  NOT HELD", ""]))
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
