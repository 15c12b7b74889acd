"""The accounts: changed by two, and whether each agrees with the bank."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from invest.models import BankAccountChange
from invest.treasury import placing
from invest.treasury.agreement import agreement
from invest.vehicles import books
from pools import balances
from pools.models import Account, BankAccount, Entry, Part
from tests import factories as make
from tests.camt_files import Row, camt
from tests.factories import DAY, IBAN

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}
NEW = "SE4550000000058398257466"
TYPED = {
    "key": "k1",
    "iban": "SE45 5000 0000 0583 9825 7466",
    "payee": "Energi",
    "bankgiro": "5050-1055",
    "mode": "B",
    "since": "2026-11-01",
}


@pytest.fixture
def account(energi) -> BankAccount:
    return BankAccount.objects.get(iban=IBAN)


@pytest.fixture
def second(energi) -> Client:
    client = Client()
    client.force_login(make.user("eva", ("approver", energi)))
    return client


@pytest.fixture
def other(desk, second, energi) -> BankAccount:
    """A second account, opened by two."""
    desk.post(at(energi, "open_account"), TYPED)
    decided(second, energi)
    return BankAccount.objects.get(iban=NEW)


def at(energi, name: str, *more: int) -> str:
    return reverse(name, args=[energi.slug, *more])


def decided(second: Client, energi, act: str = "agree_account"):
    newest = BankAccountChange.objects.latest("pk")
    return second.post(at(energi, act, newest.pk), headers=ENGLISH)


def imported(desk, energi, *rows: Row, **told: str):
    file = SimpleUploadedFile("fil.xml", camt(*rows, kind="053", **told))
    return desk.post(at(energi, "bank"), {"file": file})


def test_another_account_is_opened_by_two_and_once(desk, second, energi):
    answers = [desk.post(at(energi, "open_account"), TYPED) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert (BankAccountChange.objects.count(), BankAccount.objects.count()) == (1, 1)

    assert [decided(second, energi).status_code for _ in range(2)] == [302, 409]

    made = BankAccount.objects.get(iban=NEW)
    assert (made.account.code, made.unmatched.code) == ("assets:bank:2", "liabilities:unmatched:2")
    assert (made.bankgiro, books.mode_on(made, DAY)) == ("5050-1055", "B")
    change = BankAccountChange.objects.get()
    assert (change.state, change.bank_account) == ("agreed", made)


def test_nobody_agrees_to_what_they_proposed(desk, energi):
    desk.post(at(energi, "open_account"), TYPED)

    for act in ("agree_account", "refuse_account"):
        answer = decided(desk, energi, act)
        assert answer.status_code == 403
        assert "Somebody else than the one who proposed it" in answer.content.decode()

    assert (BankAccountChange.objects.get().state, BankAccount.objects.count()) == ("proposed", 1)
    change = BankAccountChange.objects.get()
    change.decided_by, change.decided_at = change.proposed_by, timezone.now()
    change.is_agreed = True
    with pytest.raises(IntegrityError), transaction.atomic():
        change.save()


def test_what_was_proposed_is_refused_or_taken_back_and_changes_nothing(desk, second, energi):
    for act, who in (("refuse_account", second), ("take_back_account", desk)):
        desk.post(at(energi, "open_account"), TYPED | {"key": act})
        assert decided(who, energi, act).status_code == 302
        assert decided(second, energi).status_code == 409

    states = {change.state for change in BankAccountChange.objects.all()}
    assert (states, BankAccount.objects.count()) == ({"refused", "taken-back"}, 1)


def test_an_iban_of_any_country_that_is_right_is_taken(desk, energi):
    told = TYPED | {"iban": "BE68 5390 0754 7034", "bankgiro": ""}

    response = desk.post(at(energi, "open_account"), told, headers=ENGLISH)

    assert response.status_code == 302
    assert BankAccountChange.objects.get().values["iban"] == "BE68539007547034"


@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ({"iban": "SE45 5000 0000 0583 9825 7467"}, 400, "That is no IBAN number"),
        ({"iban": ""}, 400, "Write the account&#x27;s IBAN"),
        ({"iban": IBAN}, 409, "Another account has the number"),
        ({"bankgiro": "5050-1056"}, 400, "That is no bankgiro number"),
        ({"bankgiro": "12"}, 400, "That is no bankgiro number"),
        ({"plusgiro": "1234567"}, 400, "That is no plusgiro number"),
        ({"swish": "12345"}, 400, "That is no Swish number"),
        ({"mode": "C"}, 400, "Select a valid choice"),
        ({"mode": ""}, 400, "Choose what the account is for"),
        ({"since": "igår"}, 400, "Enter a valid date"),
        ({"payee": "\u202ex"}, 400, ""),
        ({"key": ""}, 400, "The form came incomplete"),
    ],
)
def test_what_is_no_account_is_refused(desk, energi, typed, status, sentence):
    response = desk.post(at(energi, "open_account"), TYPED | typed, headers=ENGLISH)

    assert (response.status_code, BankAccountChange.objects.count()) == (status, 0)
    assert sentence in response.content.decode()


def test_an_account_is_changed_and_calls_ask_where_it_was_chosen_last(
    desk, second, energi, account, other
):
    ledger = energi.ledger_id
    assert books.asked_to_pay([ledger])[ledger] == account
    typed = TYPED | {"payee": "Energi i byn", "mode": "A", "asks_here": "on"}
    desk.post(at(energi, "change_account", other.pk), typed | {"key": "k2"})
    decided(second, energi)
    other.refresh_from_db()
    assert (other.payee, books.mode_on(other, DAY)) == ("Energi i byn", "A")
    assert books.asked_to_pay([ledger])[ledger] == other

    back = TYPED | {"iban": IBAN, "bankgiro": "", "mode": "A", "asks_here": "on"}
    desk.post(at(energi, "change_account", account.pk), back | {"key": "k3"})
    decided(second, energi)
    assert books.asked_to_pay([ledger])[ledger] == account


def test_one_change_of_an_account_waits_at_a_time(desk, energi, other):
    address = at(energi, "change_account", other.pk)
    desk.post(address, TYPED | {"key": "k2"})

    again = desk.post(address, TYPED | {"key": "k3", "payee": "X"}, headers=ENGLISH)

    assert again.status_code == 409
    assert "waits for a second person already" in again.content.decode()


def test_an_account_with_something_on_it_does_not_end(desk, energi, account, other):
    make.bank_line(500)
    ends = at(energi, "end_account", account.pk)

    waits = desk.post(ends, {"key": "k5"}, headers=ENGLISH)
    assert (waits.status_code, "waits to be placed" in waits.content.decode()) == (409, True)
    placing.hold(part=Part.objects.get(), person=None, amount_minor=500, by="user:9")
    holds = desk.post(ends, {"key": "k6"}, headers=ENGLISH)
    assert (holds.status_code, "The book has" in holds.content.decode()) == (409, True)


def test_the_only_account_does_not_end_while_calls_ask_for_money(desk, energi, offering, account):
    make.called(make.pledge(offering, 1000, "Ada"), DAY)

    answer = desk.post(at(energi, "end_account", account.pk), {"key": "k5"}, headers=ENGLISH)

    assert (answer.status_code, BankAccountChange.objects.count()) == (409, 0)
    assert "Calls ask to be paid to the account" in answer.content.decode()


def test_an_empty_account_ends_by_two(desk, second, energi, other):
    desk.post(at(energi, "end_account", other.pk), {"key": "k5"})
    decided(second, energi)

    other.refresh_from_db()
    assert other.ended_on == timezone.localdate()
    again = desk.post(at(energi, "end_account", other.pk), {"key": "k6"})
    assert again.status_code == 409


def test_an_approver_sees_the_accounts_and_proposes_nothing(second, energi, account):
    page = second.get(at(energi, "bank_accounts"))

    assert (page.status_code, "SE05 5000 0000" in page.content.decode()) == (200, True)
    assert at(energi, "open_account") not in page.content.decode()
    for address in (at(energi, "open_account"), at(energi, "end_account", account.pk)):
        assert second.post(address, TYPED).status_code == 404


@pytest.mark.fault("F58")
def test_another_organisations_account_and_change_are_not_there(desk, elsewhere, energi, account):
    desk.post(at(energi, "open_account"), TYPED)
    change = BankAccountChange.objects.get()

    for name in ("bank_agrees", "change_account", "end_account"):
        assert elsewhere.get(reverse(name, args=["annan", account.pk])).status_code == 404
    assert elsewhere.post(reverse("confirm_opening", args=["annan", account.pk])).status_code == 404
    for name in ("agree_account", "refuse_account", "take_back_account"):
        assert elsewhere.post(reverse(name, args=["annan", change.pk])).status_code == 404
    change.refresh_from_db()
    assert change.state == "proposed"


def test_the_opening_balance_is_confirmed_once_and_book_is_bank(desk, energi, account):
    imported(desk, energi, Row("5.00"), opening="1000.00", closing="1005.00")
    page = desk.get(at(energi, "bank_agrees", account.pk), headers=ENGLISH)
    assert (page.context["agreement"].differs_minor, page.context["opening"].minor) == (
        100_000,
        100_000,
    )

    confirm = at(energi, "confirm_opening", account.pk)
    assert [desk.post(confirm).status_code for _ in range(2)] == [302, 302]

    account.refresh_from_db()
    assert str(account.opening.booked_on) == "2026-11-22"
    assert balances.balance(Account.objects.get(code="assets:opening")) == -100_000
    assert (agreement(account).agrees, Entry.objects.count()) == (True, 2)
    told = desk.get(at(energi, "bank_agrees", account.pk), headers=ENGLISH).content.decode()
    assert "agrees with the bank to the öre" in told


def test_an_opening_in_a_closed_period_is_booked_on_the_first_open_day(desk, energi, account):
    imported(desk, energi, opening="1000.00", closing="1000.00")
    ledger = account.account.ledger
    ledger.locked_until = DAY.replace(day=30)
    ledger.save()

    desk.post(at(energi, "confirm_opening", account.pk))

    account.refresh_from_db()
    assert str(account.opening.booked_on) == "2026-12-01"
    assert agreement(account).agrees


def test_what_notifications_told_before_is_no_part_of_the_opening(desk, energi, account):
    make.bank_line(30_000, on=DAY.replace(day=10))
    imported(desk, energi, Row("5.00"), opening="1000.00", closing="1005.00")

    desk.post(at(energi, "confirm_opening", account.pk))

    account.refresh_from_db()
    assert account.opening.transfers.get().amount_minor == 70_000
    assert agreement(account).agrees


def test_an_older_statement_moves_where_the_book_begins(desk, energi, account):
    imported(desk, energi, Row("5.00"), opening="1000.00", closing="1005.00")
    desk.post(at(energi, "confirm_opening", account.pk))
    file = camt(
        Row("400.00", reference="old", on="2026-11-22"),
        kind="053",
        identification="S0",
        opening="600.00",
        closing="1000.00",
    ).replace(b"<Dt><Dt>2026-11-23", b"<Dt><Dt>2026-11-22")
    desk.post(at(energi, "bank"), {"file": SimpleUploadedFile("old.xml", file)})
    account.refresh_from_db()
    assert agreement(account).differs_minor == -40_000

    for _ in range(2):
        desk.post(at(energi, "confirm_opening", account.pk))

    account.refresh_from_db()
    assert account.opening.transfers.get().amount_minor == 60_000
    assert agreement(account).agrees


def test_where_there_is_nothing_to_confirm_it_says_so(desk, energi, account):
    confirm = at(energi, "confirm_opening", account.pk)

    answer = desk.post(confirm, follow=True, headers=ENGLISH)

    assert "There is no opening balance to confirm" in answer.content.decode()
    assert Entry.objects.count() == 0


def test_what_would_mend_an_account_is_told(desk, energi, account):
    imported(desk, energi, Row("5.00"), opening="0.00", closing="5.00")
    imported(
        desk,
        energi,
        Row("7.00", reference="r2"),
        identification="S2",
        opening="305.00",
        closing="312.00",
    )

    page = desk.get(at(energi, "bank_agrees", account.pk), headers=ENGLISH)

    assert page.context["agreement"].gaps[0].missing_minor == 30_000
    assert "Fetch the statement for those days" in page.content.decode()
    assert page.context["agreement"].differs_minor == 30_000
