"""Small bank files of each kind that went wrong, through the command, on the demo's account."""

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from invest import audit
from invest.models import Call, Placement
from invest.treasury import queries
from pools import balances
from pools.audit import run
from pools.models import BankAccount, BankStatement, Movement, Part
from tests import factories as make
from tests.camt_files import IBAN

CASES = Path(__file__).parents[2] / "pools" / "bank_cases"


@pytest.fixture
def roof(db):
    """The demo's energy company: the account with the cases' IBAN."""
    return make.share_offering()


def import_bank(*names: str) -> str:
    out = StringIO()
    for name in names:
        organisation = BankAccount.objects.get(iban=IBAN).account.ledger.organisation
        call_command(
            "import_bank", str(CASES / f"{name}.xml"), organisation=organisation.slug, stdout=out
        )
    return out.getvalue()


def booked() -> int:
    return balances.balance(BankAccount.objects.get(iban=IBAN).account)


@pytest.mark.parametrize(
    ("names", "ore", "lines"),
    [
        (["same-bank-ref-two-entries"], 18_500, 2),
        (["cheque-and-its-fee"], 0, 3),
        (["ntryref-only-1", "ntryref-only-2"], 20_000, 2),
        (["two-notifications-same-file-equal-payments"], 20_000, 2),
        (
            [
                "statement-total-then-notification-parts-1",
                "statement-total-then-notification-parts-2",
            ],
            30_000,
            1,
        ),
        (
            [
                "statement-total-then-notification-parts-2",
                "statement-total-then-notification-parts-1",
            ],
            30_000,
            1,
        ),
        (["no-booking-date"], 10_000, 1),
        (["zero-amount-line"], 10_000, 1),
        (["charges-make-parts-differ"], -142_600, 2),
        (["account-bban-in-othr"], None, None),
        (["swedish-bban-account-and-cinv-reference"], None, None),
        (["two-accounts-one-file"], 10_000, 1),
        (["newline-before-declaration"], 10_000, 1),
    ],
)
def test_every_case_books_what_the_bank_did(roof, names, ore, lines):
    import_bank(*names)

    told = sum(movement.amount_minor for movement in Movement.objects.all())
    assert booked() == told != 0 or ore == 0
    if ore is not None:
        assert (booked(), Movement.objects.count()) == (ore, lines)
    assert run(audit.CHECKS) == []


def test_a_sign_is_never_guessed(roof):
    try:
        told = import_bank("indicator-missing")
    except CommandError as refusal:
        told = str(refusal)

    assert booked() == 0
    assert "50.00" in told


def test_a_total_is_in_two_named_parts(roof):
    import_bank(
        "statement-total-then-notification-parts-1", "statement-total-then-notification-parts-2"
    )

    parts = Part.objects.order_by("pk").values_list("amount_minor", "payer_name", "ocr")
    assert list(parts) == [(10_000, "Anna", "1234574"), (20_000, "Bo", "1234566")]


def test_a_day_that_is_not_told_is_the_closing_balances_and_said(roof):
    told = import_bank("no-booking-date")

    assert Movement.objects.get().booked_on == date(2026, 11, 23)
    assert "Entry 1" in told


def test_a_line_of_nothing_is_told(roof):
    assert "Entry 1" in import_bank("zero-amount-line")


def test_parts_and_charges_sum_to_the_movement(roof):
    import_bank("charges-make-parts-differ")

    first = Movement.objects.order_by("pk")[0]
    parts = [(part.amount_minor, part.is_charge) for part in first.parts.order_by("pk")]
    assert parts == [(-100_000, False), (-50_000, False), (-2_600, True)]


def test_the_other_account_is_told(roof):
    assert "is not the organisation's" in import_bank("two-accounts-one-file")


def test_a_gap_between_statements_is_told_with_what_is_missing(roof):
    told = import_bank("gap-between-statements-1", "gap-between-statements-2")

    assert "300.00 are missing" in told
    assert booked() == sum(movement.amount_minor for movement in Movement.objects.all())


def test_a_text_that_only_the_entry_has_is_on_the_line(roof):
    import_bank("text-only-in-addtl")

    waiting = queries.waiting(BankAccount.objects.get(iban=IBAN))
    assert len(waiting) == 4
    assert all(row.part.movement.message or row.part.message for row in waiting)


@pytest.mark.parametrize(
    ("name", "days"),
    [("utc-new-year", {date(2027, 1, 1)}), ("date-with-zone", {date(2026, 11, 23)})],
)
def test_a_day_is_stockholms(roof, name, days):
    import_bank(name)

    assert set(Movement.objects.values_list("booked_on", flat=True)) == days


def test_a_reference_of_another_kind_pairs_its_part(roof):
    call = make.called(make.pledge(roof, 2000))
    Call.objects.filter(pk=call.pk).update(ocr="00040000240149")

    import_bank("swedish-bban-account-and-cinv-reference")

    assert Placement.objects.get().call == call
    assert [row.left_minor for row in queries.waiting(BankAccount.objects.get())] == [7_700]


def test_a_dry_run_keeps_nothing(roof):
    out = StringIO()
    organisation = BankAccount.objects.get().account.ledger.organisation

    call_command(
        "import_bank",
        str(CASES / "cheque-and-its-fee.xml"),
        organisation=organisation.slug,
        dry_run=True,
        stdout=out,
    )

    assert "3 new" in out.getvalue()
    assert (Movement.objects.count(), BankStatement.objects.count()) == (0, 0)
