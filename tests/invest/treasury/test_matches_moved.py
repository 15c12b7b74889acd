"""Migrations pools 0003–0005 and invest 0030–0032 carry lines and matches into the new model."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Field

from invest import audit
from invest.models import Placement
from invest.treasury import placing
from pools import guards
from pools.audit import run
from pools.models import BankAccount, BankFile, BankLine, BankStatement, Movement, Part
from tests import factories as make
from tests.factories import DAY, STOCKHOLM
from tests.migrating import copied

OLD = [("pools", "0002_krona"), ("invest", "0019_words_beside_rows")]
LATER = DAY + timedelta(days=9)
NOON = datetime(2026, 11, 24, 12, tzinfo=STOCKHOLM)
HASH = "0123456789abcdef01234567"  # What the content named, where the bank told no reference.


def migrate(to: list[tuple[str, str]]) -> Any:
    """The models as they were then, with the guards away and back."""
    guards.lift(connection)
    state = MigrationExecutor(connection).migrate(to)
    guards.stand(connection)
    return state.apps


def newest() -> list[tuple[str, str]]:
    return MigrationExecutor(connection).loader.graph.leaf_nodes()


@pytest.fixture
def written(shared_db):
    """One payment is paired, one was paired and undone nine days later, one waits, one went out."""
    offering = make.share_offering()
    ada, bo = (make.called(make.pledge(offering, 1000, name)) for name in ("Ada", "Bo"))
    amounts = {"R1": (100_000, ada.ocr), "R2": (100_000, ""), "": (7_500, ""), "R4": (-300, "")}
    parts = {
        reference: make.bank_line(minor, ocr, reference=reference or "none")
        for reference, (minor, ocr) in amounts.items()
    }
    placing.pair_by_reference(parts=[parts["R1"]], by="t")
    undone = placing.pay(part=parts["R2"], call=bo, amount_minor=60_000, by="t")
    placing.undo(placement=undone, by="t", on=LATER)


def facts() -> dict[str, list[dict[str, Any]]]:
    """What must come out as it is now, but for the numbers of rows."""
    part = ("amount_minor", "ocr", "message", "payer_name", "movement__entry")
    became = ("amount_minor", "how", "kind", "counts_from", "counted_until", "call", "entry")
    wanted = {
        Movement: ("amount_minor", "booked_on", "is_reversal", "entry", "bank_account"),
        Part: part,
        Placement: (*became, "part__movement__entry"),
    }
    return {
        model.__name__: list(model.objects.order_by("pk").values(*names))
        for model, names in wanted.items()
    }


def forget() -> None:
    """The new tables are empty, as they were before there was one."""
    guards.lift(connection)
    for model in (Placement, BankLine, Part, Movement, BankStatement, BankFile):
        model.objects.all().delete()
    guards.stand(connection)


def write_as_before(models: Any, now: dict[str, list[dict[str, Any]]]) -> None:
    """The same payments and pairings as the code of then wrote them: two statements of one file."""
    model = {
        name: models.get_model("invest" if name == "Match" else "pools", name)
        for name in ("BankStatement", "BankLine", "Match")
    }
    received = {"file_name": "b.xml", "imported_at": NOON, "imported_by": "user:7"}
    statements = [
        model["BankStatement"].objects.create(
            bank_account_id=BankAccount.objects.values_list("pk", flat=True).get(),
            identification=f"S{closing}", file_sha256="ab" * 32, closing_minor=closing, **received,
        )
        for closing in (None, 207_200)
    ]  # fmt: skip
    lines = {}
    for number, (told, part) in enumerate(zip(now["Movement"], now["Part"], strict=True)):
        own = {name: part[name] for name in ("amount_minor", "ocr", "message", "payer_name")}
        reference = ("R1", "R2", HASH, "R4")[number]
        lines[told["entry"]] = model["BankLine"].objects.create(
            statement=statements[number % 2], key=f"camt:1:{reference}:1", entry_id=told["entry"],
            booked_on=told["booked_on"], is_reversal=told["is_reversal"], **own,
        )  # fmt: skip
    for row in now["Placement"]:
        model["Match"].objects.create(
            line=lines[row["part__movement__entry"]], call_id=row["call"], how=row["how"],
            amount_minor=row["amount_minor"], entry_id=row["entry"],
        )  # fmt: skip


def test_lines_and_matches_of_before_are_movements_and_placements(written, monkeypatch):
    monkeypatch.setattr(Field, "clone", copied)
    now, after = facts(), newest()
    forget()
    write_as_before(migrate(OLD), now)

    migrate(after)

    # Two statements share the lines: carried over by statement, so in another order.
    assert {name: same_order(rows) for name, rows in facts().items()} == {
        name: same_order(rows) for name, rows in now.items()
    }
    assert [row["counted_until"] for row in facts()["Placement"]] == [None, LATER]
    assert run(audit.CHECKS) == []
    assert guards.missing(connection) == []
    assert_files_as_received()


def same_order(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(map(str, rows))


def assert_files_as_received() -> None:
    file = BankFile.objects.get()
    assert (file.sha256, file.name, file.received_at, file.received_by) == (
        "ab" * 32, "b.xml", NOON, "user:7",
    )  # fmt: skip
    told = BankLine.objects.order_by("statement", "position")
    assert list(told.values_list("statement__kind", "position", "reference")) == [
        ("054", 1, "R1"), ("054", 2, ""), ("053", 1, "R2"), ("053", 2, "R4"),
    ]  # fmt: skip
    assert apps.get_model("invest", "Placement").objects.count() == 2
