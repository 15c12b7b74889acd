"""A bank file in: every line once, of the right account, in the ledger's unit, or a sentence."""

from datetime import UTC, date, datetime

import pytest

from pools import audit, balances
from pools.bank import intake
from pools.errors import AlreadyImported, WrongAccount, WrongCurrency
from pools.models import BankAccount, BankLine, BankStatement, Entry
from tests import factories as make
from tests.camt_files import IBAN, Row
from tests.camt_files import camt as build

AT = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # Already the 24th in Stockholm.


@pytest.fixture
def bank(db) -> BankAccount:
    account = make.account(make.ledger(), "assets:bank")
    strays = make.account(account.ledger, "liabilities:unmatched", make.LIABILITY)
    return BankAccount.objects.create(
        account=account, unmatched=strays, iban=IBAN, bankgiro="5051-0015", payee="Energi"
    )


def take(bank: BankAccount, data: bytes) -> intake.Intake:
    return intake.read_and_take_in(
        data=data, file_name="bank.xml", bank_account=bank, by="user:4", at=AT
    )


def booked(bank: BankAccount) -> tuple[int, int]:
    """What stands at the bank, and what waits for its other side."""
    told = balances.balances([bank.account, bank.unmatched])
    return told[bank.account_id], told[bank.unmatched_id]


def test_every_line_is_kept_and_booked(bank):
    rows = (Row("1500.00", "1234574"), Row("30.00", direction="DBIT", reference="R2", name="Bo"))

    taken = take(bank, build(*rows, kind="053", opening="0.00", closing="1470.00"))

    told = [(line.amount_minor, line.ocr, line.payer_name, line.entry.kind) for line in taken.new]
    assert told == [(150_000, "1234574", "Ada", "bank-in"), (-3_000, "", "Bo", "bank-out")]
    assert (taken.known, taken.refused) == (0, [])
    assert booked(bank) == (147_000, 147_000)
    statement = BankStatement.objects.get()
    assert (statement.file_name, statement.imported_by) == ("bank.xml", "user:4")
    assert (statement.closing_minor, statement.closes_on) == (147_000, date(2026, 11, 23))


def test_the_same_file_again_is_refused_with_when_and_by_whom(bank):
    data = build(Row("1500.00"))
    take(bank, data)

    with pytest.raises(AlreadyImported) as refusal:
        take(bank, data)

    assert refusal.value.facts == {"on": date(2026, 11, 24), "by": "user:4"}
    assert Entry.objects.count() == BankLine.objects.count() == 1


def test_lines_known_from_an_overlapping_file_are_counted_and_not_booked(bank):
    first, second = Row("1500.00"), Row("20.00", reference="R2")
    take(bank, build(first))

    taken = take(bank, build(first, second, identification="S2"))

    assert (len(taken.new), taken.known) == (1, 1)
    assert booked(bank) == (152_000, 152_000)


def test_a_statement_of_another_account_is_refused_whole(bank):
    other = "SE3550000000054910000003"

    with pytest.raises(WrongAccount) as refusal:
        take(bank, build(Row("1500.00"), iban=other))

    assert refusal.value.facts == {"account": other, "own": IBAN}
    assert BankStatement.objects.count() == Entry.objects.count() == 0


def test_a_notification_may_name_the_account_by_its_bankgiro(bank):
    assert len(take(bank, build(Row("1500.00"), iban="50510015")).new) == 1


def test_a_line_in_another_currency_is_refused_and_the_others_are_not(bank):
    euro = Row("10.00", currency="EUR", reference="R2")

    taken = take(bank, build(Row("1500.00"), euro))

    ((line, refusal),) = taken.refused
    assert (line.reference, type(refusal), refusal.facts) == (
        "R2",
        WrongCurrency,
        {"currency": "EUR"},
    )
    assert [line.amount_minor for line in taken.new] == [150_000]
    assert audit.run(audit.CHECKS) == []


def test_a_payer_that_names_the_line_is_not_told_in_the_book(bank):
    (line,) = take(bank, build(Row("100.00", reference="", name="Åsa Öberg"))).new

    prefix, _, secret = line.entry.key.partition(":")
    assert (prefix, len(secret), secret in line.key) == ("camt", 64, False)
