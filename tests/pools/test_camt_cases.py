"""Every small bank file, whole: what each must give, to the öre and the day."""

from datetime import date
from pathlib import Path

import pytest

from pools.bank import camt
from pools.bank.accounts import is_same
from pools.errors import DayFromStatement, NoDirection, NothingMoved

CASES = Path(__file__).parent / "bank_cases"
IBAN = "SE0550000000000058398251"
DAY = date(2026, 11, 23)
AMOUNTS = {
    "same-bank-ref-two-entries": [20_000, -1_500],
    "cheque-and-its-fee": [-2_000_000, -1_500, 2_001_500],
    "ntryref-only-1": [10_000],
    "ntryref-only-2": [10_000],
    "two-notifications-same-file-equal-payments": [10_000, 10_000],
    "statement-total-then-notification-parts-1": [30_000],
    "statement-total-then-notification-parts-2": [30_000],
    "indicator-missing": [],
    "no-booking-date": [10_000],
    "zero-amount-line": [10_000],
    "charges-make-parts-differ": [-152_600, 10_000],
    "account-bban-in-othr": [10_000],
    "swedish-bban-account-and-cinv-reference": [207_700],
    "gap-between-statements-1": [10_000],
    "gap-between-statements-2": [5_000],
    "two-accounts-one-file": [10_000, 90_000],
    "text-only-in-addtl": [10_000, 5_000, 6_000, 7_000],
    "utc-new-year": [10_000],
    "date-with-zone": [10_000, 10_000],
    "newline-before-declaration": [10_000],
}


def read(name: str) -> camt.StatementFile:
    return camt.read((CASES / f"{name}.xml").read_bytes())


def lines(name: str) -> list[camt.Line]:
    return [line for statement in read(name).statements for line in statement.lines]


def notes(name: str) -> list[camt.Note]:
    return [note for statement in read(name).statements for note in statement.notes]


@pytest.mark.parametrize("name", AMOUNTS)
def test_every_case_gives_its_amounts_and_parts_that_sum_to_them(name):
    found = lines(name)

    assert [line.amount_minor for line in found] == AMOUNTS[name]
    assert [sum(part.amount_minor for part in line.parts) for line in found] == AMOUNTS[name]


def test_every_case_is_tried():
    assert {path.stem for path in CASES.glob("*.xml")} == set(AMOUNTS)


def test_entries_that_share_the_banks_reference_are_two_lines():
    assert [(line.position, line.reference) for line in lines("same-bank-ref-two-entries")] == [
        (1, "A1"),
        (2, "A1"),
    ]


def test_an_entry_reference_is_told_where_the_bank_gives_no_other():
    found = lines("ntryref-only-1") + lines("ntryref-only-2")

    assert [(line.reference, line.entry_reference) for line in found] == [("", "N-1"), ("", "N-2")]


def test_entries_are_counted_through_all_notifications_of_a_file():
    name = "two-notifications-same-file-equal-payments"

    assert [line.position for line in lines(name)] == [1, 2]
    assert [s.identification for s in read(name).statements] == ["N1", "N2"]


def test_a_notification_names_the_parts_of_a_statements_total():
    (line,) = lines("statement-total-then-notification-parts-2")

    assert [(part.amount_minor, part.ocr, part.payer_name) for part in line.parts] == [
        (10_000, "1234574", "Anna"),
        (20_000, "1234566", "Bo"),
    ]
    assert line.reference == lines("statement-total-then-notification-parts-1")[0].reference == "B7"


def test_a_missing_sign_is_told_and_never_money_in():
    (note,) = notes("indicator-missing")

    assert (note.position, note.is_taken, type(note.reason)) == (1, False, NoDirection)
    assert "A7 · 50.00" in str(note.reason)


def test_a_missing_day_is_the_day_of_the_closing_balance_and_said():
    (line,) = lines("no-booking-date")
    (note,) = notes("no-booking-date")

    assert (line.booked_on, line.day_from) == (DAY, "closing")
    assert (note.position, note.is_taken, type(note.reason)) == (1, True, DayFromStatement)


def test_a_line_of_zero_is_told():
    (note,) = notes("zero-amount-line")

    assert (note.position, note.is_taken, type(note.reason)) == (1, False, NothingMoved)
    assert "C2 · 0.00 · Information" in str(note.reason)


def test_a_charge_inside_is_a_part_of_its_own():
    parts = lines("charges-make-parts-differ")[0].parts

    assert [(part.amount_minor, part.reference, part.is_charge) for part in parts] == [
        (-100_000, "c4a", False),
        (-50_000, "c4b", False),
        (-2_600, "", True),
    ]


@pytest.mark.parametrize(
    "name", ["account-bban-in-othr", "swedish-bban-account-and-cinv-reference"]
)
def test_swedish_forms_of_the_account_are_ours(name):
    assert is_same(read(name).statements[0].account, iban=IBAN)


def test_an_invoice_number_is_a_reference():
    (line,) = lines("swedish-bban-account-and-cinv-reference")

    assert [(part.ocr, part.references) for part in line.parts] == [
        ("00040000240149", ()),
        ("50193999", ()),
    ]


def test_the_balances_tell_the_gap():
    first, second = (read(f"gap-between-statements-{n}").statements[0] for n in (1, 2))

    assert (first.closing_minor, first.closes_on) == (10_000, DAY)
    assert (second.opening_minor, second.opens_on) == (40_000, date(2026, 11, 25))


def test_two_accounts_of_a_file_are_two_statements():
    accounts = [statement.account for statement in read("two-accounts-one-file").statements]

    assert [is_same(told, iban=IBAN) for told in accounts] == [True, False]


def test_text_that_stands_only_in_additional_information_is_kept():
    found = lines("text-only-in-addtl")

    assert found[0].message == "Swish från Anna Andersson 0701234567"
    assert [line.parts[0].message for line in found[1:]] == [
        "Bankgiroinsättning",
        "för tre andelar",
        "",
    ]
    assert found[3].parts[0].ocr == "F-2026-17"


def test_the_day_is_stockholms():
    assert [line.booked_on for line in lines("utc-new-year")] == [date(2027, 1, 1)]
    assert [line.booked_on for line in lines("date-with-zone")] == [DAY, DAY]


def test_letters_after_a_line_break_before_the_declaration_are_right():
    (line,) = lines("newline-before-declaration")

    assert (line.parts[0].payer_name, line.parts[0].message) == ("Åsa Öberg", "insats för Åsa")
