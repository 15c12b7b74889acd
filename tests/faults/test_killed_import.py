"""A server that is killed while a treasurer's bank file comes in: the same file again completes it.

Each time a process of its own runs the whole request, from the form's bytes to the page, and is
killed at a moment of it (SIGKILL: no last word, no rollback asked for). At once the same file is
sent again. Six times in `make test`, three hundred in a soak, on each database.
"""

import os
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from invest.audit import CHECKS
from invest.models import Placement
from invest.treasury.agreement import agreement
from pools import balances, uploads
from pools.audit import run
from pools.bank.camt import read
from pools.models import BankAccount, BankFile, BankLine, Entry, Movement, Part
from tests import factories as make
from tests.camt_files import Row, camt
from tests.databases import Databases, print_of_story
from tests.strategies import examples

PAGE = "/organisations/energi/bank/"
PAIRED, KRONOR = 6, 500
THOUSANDTHS = 1_000


@dataclass
class Desk:
    """A treasurer's desk on which the file has not come in yet, and what came of those before."""

    databases: Databases
    session: str
    data: bytes
    places: Path
    whole: list[Any]  # What the book says when nobody was killed.
    seconds: float  # How long it took the last time.
    ends: Counter[str]

    def again(self) -> None:
        """As it was before the file came."""
        self.databases.renew()
        shutil.rmtree(self.places, ignore_errors=True)

    def post(self) -> int:
        """The file is sent as a browser sends it; the value is the answer's status."""
        client = Client()
        client.cookies["sessionid"] = self.session
        begins = time.monotonic()
        answer = client.post(PAGE, {"file": SimpleUploadedFile("bank.xml", self.data)})
        if answer.status_code == 200:
            self.seconds = time.monotonic() - begins
        return answer.status_code

    def killed(self, after: float) -> str:
        """Send it from a process that is killed so many seconds later; how far it came."""
        child, answered = begun(self.post)
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        has_answered = bool(os.read(answered, 1))
        os.close(answered)
        kept = [file for file in self.places.rglob("*") if file.is_file()]
        is_kept = any(not file.name.startswith(".") for file in kept)
        if kept and not is_kept:
            return "half a file"
        return "answered" if has_answered else "file kept" if is_kept else "before the file"


def begun(act: Callable[[], int]) -> tuple[int, int]:
    """A process that does it, by id, once it has begun; and where a byte comes when it is done."""
    begins, begin = os.pipe()
    ends, end = os.pipe()
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()
    child = os.fork()
    if child == 0:
        try:
            os.write(begin, b"!")
            act()
            os.write(end, b"!")
            signal.pause()  # A server lives on: it is killed after its answer, too.
        finally:
            os._exit(1)
    os.read(begins, 1)
    for handle in (begins, begin, end):
        os.close(handle)
    return child, ends


def statement(ocrs: list[str]) -> bytes:
    """Sixty lines of a day: calls paid, some of them in a batch, gifts, and money that went out."""
    sums = {"reference": "", "on": "2026-11-23"}
    each = [Row(f"{KRONOR}.00", ocr, **{**sums, "reference": f"C{ocr}"}) for ocr in ocrs[3:]]
    batch = Row(f"{3 * KRONOR}.00", parts=[(f"{KRONOR}.00", ocr) for ocr in ocrs[:3]], **sums)
    gifts = [Row("75.00", name="Bo", message=f"Gåva {n // 2}", **sums) for n in range(45)]
    fees = [Row(f"{n}.50", direction="DBIT", name="Banken", **sums) for n in range(1, 12)]
    rows = [*each, batch, *gifts, *fees]
    total = sum(Decimal(row.amount) * (1 if row.direction == "CRDT" else -1) for row in rows)
    return camt(*rows, kind="053", opening="0.00", closing=str(total))


def before_the_file() -> dict[str, Any]:
    """Calls that wait to be paid, and a treasurer who has logged in."""
    offering = make.share_offering()
    pledges = [make.pledge(offering, KRONOR, f"Ada{n}") for n in range(PAIRED)]
    client = Client()
    client.force_login(make.user("dee", ("treasurer", offering.vehicle.organisation)))
    data = statement([make.called(pledge).ocr for pledge in pledges])
    return {"session": client.cookies["sessionid"].value, "data": data.decode()}


def told() -> list[Any]:
    """What the book says, in no words that differ from one time to the next."""
    return [
        sorted(BankLine.objects.values_list("position", "amount_minor", "movement__amount_minor")),
        sorted(Movement.objects.values_list("booked_on", "amount_minor", "message")),
        sorted(Part.objects.values_list("amount_minor", "ocr", "message", "payer_name")),
        sorted(
            Placement.objects.standing().values_list(
                "kind", "amount_minor", "counts_from", "part__ocr", "call__ocr"
            )
        ),
        list(Entry.objects.order_by("ledger__code", "seq").values_list("ledger__code", "kind")),
    ]


@pytest.fixture
def desk(shared_db, databases, settings, tmp_path) -> Iterator[Desk]:
    """Imported once unharmed, to know how long it takes and what must come of it."""
    said = databases.made("desk", print_of_story(), before_the_file, of="migrated")
    settings.DATA_DIR = tmp_path
    with databases.another("desk"):
        ready = Desk(
            databases,
            said["session"],
            said["data"].encode(),
            tmp_path / "uploads",
            [],
            0,
            Counter(),
        )
        ready.post()  # What a server has read and compiled by then.
        ready.again()
        ready.post()
        ready.whole = told()
        yield ready


@pytest.mark.fault("F16")
def test_after_a_kill_at_any_moment_the_same_file_completes_it(desk):
    lines = sum(len(found.lines) for found in read(desk.data).statements)
    assert (lines, len(desk.whole[0]), len(desk.whole[3])) == (60, 60, PAIRED)

    @examples(6)
    @given(st.integers(0, THOUSANDTHS * 11 // 10))
    def kill(moment: int) -> None:
        desk.again()
        came = desk.killed(desk.seconds * moment / THOUSANDTHS)
        is_all, is_none = told() == desk.whole, not BankFile.objects.exists()
        assert is_all or (is_none and not Movement.objects.exists())

        status = desk.post()

        assert status in ({409} if is_all else {200, 409})  # PostgreSQL may commit for the dead.
        assert_whole(desk)
        desk.ends[f"{came}, {'booked' if status == 409 else 'nothing booked'}"] += 1

    kill()
    sys.stdout.write(f"{connection.vendor}, {desk.seconds:.2f} s: {dict(desk.ends)}\n")
    assert desk.ends.total() >= 6


def assert_whole(desk: Desk) -> None:
    """Every movement once, every pairing once, the book as the bank, the file as it was sent."""
    assert told() == desk.whole
    assert run(CHECKS) == []
    account = BankAccount.objects.get()
    (said,) = read(desk.data).statements
    assert balances.balance(account.account) == said.closing_minor
    assert list(agreement(account).gaps) == []
    assert uploads.read(BankFile.objects.get().sha256) == desk.data
    assert len([file for file in desk.places.rglob("*") if file.is_file()]) == 1
