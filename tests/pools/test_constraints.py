"""Every constraint of the book is tried past the verb, with the guards out of its way.

The guards refuse much of this too (test_guards.py); here the constraint alone must answer.
"""

from collections.abc import Iterator
from datetime import date

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F
from django.utils import timezone

from pools import book, guards
from pools.models import (
    Account,
    AccountMonth,
    BankAccount,
    BankFile,
    BankLine,
    BankMode,
    BankStatement,
    Entry,
    Movement,
    Part,
    Pool,
    Transfer,
    Unit,
)
from tests import factories as make


@pytest.fixture
def unguarded(db) -> Iterator[None]:
    """Two entries, two pools, two statements and a bank line, and no guard that stands."""
    bank = make.account(make.ledger(), "bank")
    ada = make.account(bank.ledger, "ada", make.LIABILITY, floor_minor=0)
    make.post(bank, ada, 100, "k1")
    second = make.post(bank, ada, 50, "k2")
    for code in ("roof", "oven"):
        book.open_pool(ledger=bank.ledger, code=code, name=code, on=date(2020, 1, 1))
    at_bank = BankAccount.objects.create(
        account=bank, unmatched=ada, iban=make.IBAN, payee="Energi"
    )
    for mode, day in (("A", 1), ("B", 2)):
        at_bank.modes.create(mode=mode, since=date(2026, 11, day))
    files = [
        BankFile.objects.create(sha256=name, name=name, received_at=timezone.now(), received_by="t")
        for name in ("a.xml", "b.xml")
    ]
    statement = at_bank.statements.create(identification="S1", kind="053", file=files[0])
    movement = at_bank.movements.create(amount_minor=50, booked_on=make.DAY, entry=second)
    movement.parts.create(amount_minor=50)
    for position in (1, 2):
        told = {"amount_minor": 50, "booked_on": make.DAY, "movement": movement}
        statement.lines.create(position=position, **told)
    guards.lift(connection)
    yield
    guards.stand(connection)


def change(model: type[models.Model], *, where: dict[str, object], **to: object):
    return lambda: model.objects.filter(**where).update(**to)


BANK, ADA = {"code": "bank"}, {"code": "ada"}
FIRST, SECOND = {"seq": 1}, {"seq": 2}
EARLIER = date(2019, 12, 31)  # Than the day that accounts and pools were opened.

# Constraint → what would break it.
BROKEN_BY = {
    "unit_scale_up_to_six": change(Unit, where={"pk": "SEK"}, scale=7),
    "unit_kind_is_known": change(Unit, where={"pk": "SEK"}, kind="gold"),
    "pool_code_once_per_ledger": change(Pool, where={"code": "oven"}, code="roof"),
    "pool_closed_after_it_opened": change(Pool, where={"code": "oven"}, closed_on=EARLIER),
    "account_code_once_per_ledger": change(Account, where=BANK, code="ada"),
    "account_kind_is_known": change(Account, where=BANK, kind="gift"),
    "account_keeps_balance_only_with_floor": change(Account, where=BANK, balance_minor=0),
    "account_stays_above_floor": change(Account, where=ADA, balance_minor=-1),
    "account_closed_after_it_opened": change(Account, where=BANK, closed_on=EARLIER),
    "entry_seq_once_per_ledger": change(Entry, where=SECOND, seq=1),
    "entry_has_at_least_one_transfer": change(Entry, where=FIRST, size=0),
    "entry_seq_starts_at_one": change(Entry, where=FIRST, seq=0),
    "entry_reverses_an_earlier_one": change(Entry, where=FIRST, reverses=F("id")),
    "transfer_ordinal_once": lambda: Transfer.objects.update(entry=Entry.objects.get(seq=1)),
    "transfer_ordinal_from_one": change(Transfer, where={}, ordinal=0),
    "transfer_between_two_accounts": change(Transfer, where={}, credit=F("debit")),
    "transfer_amount_above_zero_and_bounded": change(Transfer, where={}, amount_minor=0),
    "account_month_once": lambda: AccountMonth.objects.update(account=Account.objects.get(**ADA)),
    "account_month_is_a_first": change(AccountMonth, where={}, month=date(2026, 11, 2)),
    "bank_mode_once_a_day": change(BankMode, where={}, since=date(2026, 11, 1)),
    "bank_mode_is_known": change(BankMode, where={}, mode="C"),
    "movement_moves_something": change(Movement, where={}, amount_minor=0),
    "part_moves_something": change(Part, where={}, amount_minor=0),
    "bank_line_once_in_its_statement": change(BankLine, where={}, position=1),
}


def constraints() -> dict[str, models.BaseConstraint]:
    """Every constraint of the models of pools, by name."""
    found = apps.get_app_config("pools").get_models()
    return {made.name: made for model in found for made in model._meta.constraints}


def test_every_constraint_is_tried():
    assert set(BROKEN_BY) == set(constraints())


@pytest.mark.parametrize("name", BROKEN_BY)
def test_the_constraint_alone_refuses(unguarded, name):
    says = name
    constraint = constraints()[name]
    if connection.vendor == "sqlite" and isinstance(constraint, models.UniqueConstraint):
        says = "UNIQUE constraint failed: .*" + constraint.fields[-1]

    with pytest.raises(IntegrityError, match=says), transaction.atomic():
        BROKEN_BY[name]()


@pytest.mark.parametrize(
    ("model", "pk", "text"),
    [
        (Unit, "SEK", "SEK"),
        (Pool, None, "roof"),
        (Account, None, "bank"),
        (BankAccount, None, make.IBAN),
        (BankFile, None, "a.xml"),
        (BankStatement, None, "S1"),
        (BankMode, None, "A 2026-11-01"),
        (Movement, None, f"{make.DAY} 50"),
    ],
)
def test_a_row_is_called_by_what_names_it(unguarded, model, pk, text):
    row = model.objects.get(pk=pk) if pk else model.objects.order_by("pk").first()

    assert str(row) == text


def test_what_a_bank_told_is_called_by_its_place(unguarded):
    part, line = Part.objects.get(), BankLine.objects.first()

    assert str(part) == f"{part.movement_id} 50"
    assert str(line) == f"{line.statement_id}:1"


def test_a_row_of_the_book_is_called_by_its_place(unguarded):
    entry = Entry.objects.get(seq=2)
    month = AccountMonth.objects.get(account__code="ada")

    assert str(entry.ledger) == "book"
    assert str(entry) == f"{entry.ledger_id}:2"
    assert str(entry.transfers.get()) == f"{entry.pk}.1"
    assert str(month) == f"{month.account_id} 2026-11"


def test_a_memo_is_called_by_its_words(db):
    bank = make.account(make.ledger(), "bank")
    entry = make.post(bank, make.account(bank.ledger, "ada"), 1, "k", memo="Insats")

    assert str(entry.memo) == "Insats"
