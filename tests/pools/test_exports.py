"""The book in other programs: they accept it, and their balances equal ours."""

import os
import shutil
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from invest.treasury import placing
from pools import balances
from pools.exports.plain_text import account_name
from pools.models import Ledger
from tests import factories as make

HLEDGER = shutil.which("hledger")


@pytest.fixture
def books(db):
    """Two savers paid in, one a reversal, in money and in shares."""
    roof = make.share_offering()
    for amount, name in ((1500, "Ada"), (500, "Bo")):
        call = make.called(make.pledge(roof, amount, name))
        line = make.bank_line(amount * 100, call.ocr, reference=name)
        placing.pair_by_reference(parts=[line], by="t")
    placing.undo(placement=roof.pledges.first().calls.get().placements.get(), by="t")
    make.bank_line(1_050, reference="stray", on=date(2026, 1, 2))
    return list(Ledger.objects.order_by("code"))


def ours(ledgers) -> dict[str, Decimal]:
    """Account name → debits less credits, where anything is left."""
    found = {}
    for ledger in ledgers:
        for account, totals in balances.trial_balance(ledger):
            net = totals.debited_minor - totals.credited_minor
            if net:
                found[account_name(account)] = Decimal(net).scaleb(-ledger.unit.scale)
    return found


def export(tmp_path: Path, name: str, *more: str) -> Path:
    out = tmp_path / f"book.{name}"
    call_command(
        "export_book",
        f"--format={name}",
        "--organisation=energi",
        f"--out={out}",
        *more,
        verbosity=0,
    )
    return out


def hledger_says(journal: Path) -> dict[str, Decimal]:
    """Every account's balance as hledger finds it, once its strict check has passed."""
    subprocess.run([HLEDGER, "-f", journal, "check", "-s"], check=True)
    told = subprocess.run(
        [HLEDGER, "-f", journal, "balance", "--flat", "--no-total", "-O", "csv"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    rows = [line.replace('"', "").split(",") for line in told.splitlines()[1:]]
    assert len({account for account, _amount in rows}) == len(rows)
    return {account: Decimal(amount.split()[0]) for account, amount in rows}


@pytest.mark.skipif(not HLEDGER and os.environ.get("CI") != "true", reason="hledger not found")
def test_hledger_accepts_the_book_and_agrees(books, tmp_path):
    journal = export(tmp_path, "hledger")

    assert hledger_says(journal) == ours(books)


@pytest.mark.parametrize("name", ["hledger", "beancount"])
def test_an_export_is_the_same_twice_and_within_its_span(books, tmp_path, name):
    first = export(tmp_path, name).read_bytes()

    assert export(tmp_path, name).read_bytes() == first
    early = export(tmp_path, name, "--to=2026-01-31").read_text()
    assert "10.50" in early
    assert "1500.00" not in early
    late = export(tmp_path, name, "--from=2026-02-01").read_text()
    assert "10.50" not in late


def test_beancount_accepts_the_book_and_agrees(books, tmp_path):
    file = export(tmp_path, "beancount")

    subprocess.run([Path(sys.executable).with_name("bean-check"), file], check=True)
    from beancount import loader
    from beancount.core import data, realization

    entries, errors, _ = loader.load_file(str(file))
    assert errors == []
    tree = realization.realize([entry for entry in entries if isinstance(entry, data.Transaction)])
    told = {
        node.account: next(iter(node.balance)).units.number
        for node in realization.iter_children(tree)
        if not node.balance.is_empty()
    }
    assert told == ours(books)


def test_a_planted_fault_is_found_by_the_other_program(books, tmp_path):
    file = export(tmp_path, "beancount")
    file.write_text(file.read_text().replace("500.00 SEK", "500.01 SEK", 1))

    done = subprocess.run(
        [Path(sys.executable).with_name("bean-check"), file], capture_output=True, check=False
    )

    assert done.returncode != 0


def test_an_empty_book_is_exported_and_a_stranger_refused(db, tmp_path):
    make.organisation()
    subprocess.run(
        [Path(sys.executable).with_name("bean-check"), export(tmp_path, "beancount")], check=True
    )

    journal = export(tmp_path, "hledger").read_text().splitlines()
    assert "account Assets:Bank" in journal
    assert "closing balances" not in "\n".join(journal)
    with pytest.raises(CommandError):
        call_command(
            "export_book", "--format=hledger", "--organisation=none", f"--out={tmp_path / 'x'}"
        )
