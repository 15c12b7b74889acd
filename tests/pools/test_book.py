"""The one writer of the book: whole, once, in order, inside open periods, above every floor."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from hashlib import sha256

import pytest
from django.db import IntegrityError, connection, connections, transaction

from pools import audit, balances, book, guards
from pools.errors import (
    AccountClosed,
    AlreadyReversed,
    AmountTooLarge,
    BelowFloor,
    KeyReused,
    NotAnAmount,
    NotEmpty,
    NotYetThere,
    PeriodLocked,
    PoolClosed,
    SameAccount,
    UnevenLedgers,
)
from pools.models import AccountMonth, Entry, Ledger, Memo, Transfer
from tests import factories as make


@pytest.fixture
def bank(db):
    return make.account(make.ledger(), "bank")


@pytest.fixture
def ada(bank):
    return make.account(bank.ledger, "saver:1", make.LIABILITY, floor_minor=0)


@contextmanager
def lifted() -> Iterator[None]:
    """As whoever owns the database writes."""
    guards.lift(connection)
    yield
    guards.stand(connection)


def test_post_moves_the_amount_and_nothing_else(bank, ada):
    entry = make.post(bank, ada, 12_345, "k1")

    assert (entry.seq, entry.size, entry.booked_on) == (1, 1, make.DAY)
    assert balances.balances([bank, ada]) == {bank.pk: 12_345, ada.pk: 12_345}
    ada.refresh_from_db()
    assert ada.balance_minor == 12_345
    assert audit.run(audit.CHECKS) == []


@pytest.mark.fault("F02")
def test_same_key_and_content_returns_the_entry_already_there(bank, ada):
    first = make.post(bank, ada, 100, "k1")
    again = make.post(bank, ada, 100, "k1")

    assert again == first
    assert Entry.objects.count() == 1


@pytest.mark.fault("F03")
@pytest.mark.parametrize(
    "change", [{"amount_minor": 101}, {"on": date(2026, 11, 22)}, {"memo": "x"}]
)
def test_same_key_with_other_content_is_refused(bank, ada, change):
    make.post(bank, ada, 100, "k1")

    with pytest.raises(KeyReused):
        make.post(**{"debit": bank, "credit": ada, "amount_minor": 100, "key": "k1", **change})

    assert balances.balance(ada) == 100


@pytest.mark.parametrize("memo", ["", "Insats"])
def test_a_fingerprint_of_before_is_known_again(bank, ada, memo):
    """It hashed account rows and the memo bare."""
    first = make.post(bank, ada, 100, "k1", memo=memo)
    moved = [[bank.pk, ada.pk, 100]]
    old = json.dumps(["book", make.DAY.isoformat(), first.kind, moved, memo, None])
    with lifted():
        Entry.objects.update(fingerprint=sha256(old.encode()).hexdigest())

    assert make.post(bank, ada, 100, "k1", memo=memo) == first
    for other in (99, "Annat"):
        more = {"amount_minor": other} if other == 99 else {"memo": other}
        with pytest.raises(KeyReused):
            make.post(**{"debit": bank, "credit": ada, "amount_minor": 100, "key": "k1"} | more)


def test_the_fingerprint_is_of_codes_and_cannot_be_guessed_back(bank, ada):
    """The same words in two entries show nothing, and the rows' numbers are in neither."""
    one, two = (make.post(bank, ada, 100, key, memo="Insats") for key in ("k1", "k2"))
    assert one.fingerprint != two.fingerprint

    moved = [["bank", "saver:1", 100]]
    told = ["book", make.DAY.isoformat(), one.kind, moved, one.memo_commitment, None]
    assert one.fingerprint == sha256(json.dumps(told).encode()).hexdigest()
    assert make.post(bank, ada, 100, "k1", memo="Insats") == one


def test_when_the_memo_is_erased_the_same_entry_is_still_known(bank, ada):
    first = make.post(bank, ada, 100, "k1", memo="Insats")
    Memo.objects.all().delete()

    assert make.post(bank, ada, 100, "k1", memo="Insats") == first
    with pytest.raises(KeyReused):
        make.post(bank, ada, 100, "k1")


def test_the_same_codes_in_another_ledger_are_other_content(bank, ada):
    make.post(bank, ada, 100, "k1")
    other = make.account(make.ledger("other"), "bank")
    twin = make.account(other.ledger, "saver:1", make.LIABILITY)
    move = book.Move(debit=other, credit=twin, amount_minor=100)

    with pytest.raises(KeyReused):
        book.post(ledger=bank.ledger, on=make.DAY, kind="test", moves=[move], key="k1", by="test")


def test_a_reversal_sent_again_is_known_again(bank, ada):
    entry = make.post(bank, ada, 100, "k1")
    sent = {"entry": entry, "on": make.DAY, "key": "back", "by": "t", "memo": "Fel"}

    assert book.reverse(**sent) == book.reverse(**sent)


@pytest.mark.fault("F05")
def test_a_refusal_does_not_burn_the_key(bank, ada):
    with pytest.raises(BelowFloor):
        make.post(ada, bank, 100, "k1")

    assert make.post(bank, ada, 100, "k1").seq == 1


@pytest.mark.fault("F52")
@pytest.mark.parametrize("amount", [0, -1, 0.5, 1.0, True, "100", float("nan"), None])
def test_only_whole_amounts_above_zero_are_booked(bank, ada, amount):
    with pytest.raises(NotAnAmount):
        make.post(bank, ada, amount, "k1")

    assert Entry.objects.count() == 0


@pytest.mark.fault("F53")
def test_amounts_are_bounded(bank, ada):
    with pytest.raises(AmountTooLarge):
        make.post(bank, ada, 10**14 + 1, "k1")

    for number in range(3):
        make.post(bank, ada, 10**14, f"big{number}")
    assert balances.balance(bank) == 3 * 10**14


def test_an_entry_without_moves_is_refused(bank):
    with pytest.raises(NotAnAmount):
        book.post(ledger=bank.ledger, on=make.DAY, kind="x", moves=[], key="k", by="t")


def test_12b_14_a_movement_needs_two_accounts_of_the_ledger(bank, ada):
    other = make.account(make.ledger("other"), "bank")

    with pytest.raises(SameAccount):
        make.post(bank, bank, 1, "k1")
    with pytest.raises(UnevenLedgers):
        make.post(bank, other, 1, "k1")


@pytest.mark.fault("F09")
def test_a_floor_holds(bank, ada):
    make.post(bank, ada, 100, "in")

    with pytest.raises(BelowFloor):
        make.post(ada, bank, 101, "out")

    make.post(ada, bank, 100, "out")
    assert balances.balance(ada) == 0


@pytest.mark.fault("F09")
def test_what_is_dated_back_takes_nothing_that_came_later(bank, ada):
    make.post(bank, ada, 100, "early", on=date(2026, 1, 1))
    make.post(ada, bank, 60, "spent", on=date(2026, 3, 1))
    make.post(bank, ada, 500, "later", on=date(2026, 6, 1))

    with pytest.raises(NotYetThere) as refusal, transaction.atomic():
        make.post(ada, bank, 41, "back", on=date(2026, 2, 1))

    assert refusal.value.facts == {"on": date(2026, 2, 1)}
    assert Entry.objects.count() == 3
    assert make.post(ada, bank, 40, "back", on=date(2026, 2, 1)).seq == 4
    assert make.post(ada, bank, 500, "now", on=date(2026, 6, 1)).seq == 5


def test_what_the_database_refuses_for_another_reason_is_no_floor(bank, ada):
    with connection.cursor() as cursor:
        cursor.execute("CREATE UNIQUE INDEX each_amount_once ON pools_transfer (amount_minor)")
    make.post(bank, ada, 100, "k1")

    with (
        pytest.raises(IntegrityError, match=r"each_amount_once|amount_minor"),
        transaction.atomic(),
    ):
        make.post(bank, ada, 100, "k2")

    assert Entry.objects.count() == 1
    assert make.post(bank, ada, 101, "k2").seq == 2


def test_money_comes_in_before_it_goes_out_within_an_entry(bank, ada):
    moves = [
        book.Move(debit=ada, credit=bank, amount_minor=70),
        book.Move(debit=bank, credit=ada, amount_minor=100),
    ]

    book.post(ledger=bank.ledger, on=make.DAY, kind="x", moves=moves, key="k", by="t")

    assert balances.balance(ada) == 30


def test_12b_1_a_reversal_restores_every_balance_and_happens_once(bank, ada):
    entry = make.post(bank, ada, 100, "k1", memo="Insats")
    back = book.reverse(entry=entry, on=make.DAY, key="back", by="t", memo="Fel")

    assert balances.balances([bank, ada]) == {bank.pk: 0, ada.pk: 0}
    assert (back.reverses, back.kind) == (entry, "test-reversed")
    with pytest.raises(AlreadyReversed):
        book.reverse(entry=entry, on=make.DAY, key="back2", by="t")


@pytest.mark.fault("F42")
def test_a_locked_period_takes_nothing_and_never_opens_again(bank, ada):
    book.lock_period(ledger=bank.ledger, until=date(2026, 6, 30))

    with pytest.raises(PeriodLocked) as refusal:
        make.post(bank, ada, 1, "k1", on=date(2026, 6, 30))
    assert "30 juni 2026" in str(refusal.value)
    make.post(bank, ada, 1, "k1", on=date(2026, 7, 1))
    with pytest.raises(PeriodLocked):
        book.lock_period(ledger=bank.ledger, until=date(2026, 5, 31))


def test_a_closed_account_takes_nothing(bank, ada):
    make.post(bank, ada, 1, "in")
    with pytest.raises(NotEmpty):
        book.close_account(account=ada, on=make.DAY)
    make.post(ada, bank, 1, "out")

    book.close_account(account=ada, on=make.DAY)

    with pytest.raises(AccountClosed):
        make.post(bank, ada, 1, "again")


def test_a_closed_pool_takes_nothing(bank):
    pool = book.open_pool(ledger=bank.ledger, code="p", name="Potten", on=date(2020, 1, 1))
    inside = make.account(bank.ledger, "p:1", make.LIABILITY, pool=pool)
    book.close_pool(pool=pool, on=make.DAY)
    type(inside).objects.filter(pk=inside.pk).update(closed_on=None)

    with pytest.raises(PoolClosed):
        make.post(bank, inside, 1, "k")


def test_sequences_have_no_gaps_and_follow_the_writing_not_the_date(bank, ada):
    days = [make.DAY, make.DAY - timedelta(days=400), make.DAY - timedelta(days=3)]

    entries = [make.post(bank, ada, 1, f"k{i}", on=day) for i, day in enumerate(days)]

    assert [entry.seq for entry in entries] == [1, 2, 3]
    bank.ledger.refresh_from_db()
    assert (bank.ledger.head_seq, bank.ledger.head_seal) == (3, entries[-1].seal)


@pytest.mark.fault("F41")
def test_the_new_year_belongs_to_the_day_booked(bank, ada):
    make.post(bank, ada, 1, "old", on=date(2026, 12, 31))
    make.post(bank, ada, 2, "new", on=date(2027, 1, 1))

    months = AccountMonth.objects.filter(account=ada).order_by("month")
    assert [(m.month, m.credited_minor) for m in months] == [
        (date(2026, 12, 1), 1),
        (date(2027, 1, 1), 2),
    ]


def test_a_memo_may_be_erased_and_the_chain_still_holds(bank, ada):
    make.post(bank, ada, 1, "k", memo="Gåva från Ada")
    Memo.objects.all().delete()

    assert audit.run(audit.CHECKS) == []


def test_a_simple_post_takes_few_queries(bank, ada, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        make.post(bank, ada, 1, "k")


@pytest.mark.fault("F09")
def test_a_floor_holds_under_a_rush(shared_db):
    bank = make.account(make.ledger(), "bank")
    ada = make.account(bank.ledger, "saver", make.LIABILITY, floor_minor=0)
    make.post(bank, ada, 500, "in")

    def take(number: int) -> bool:
        try:
            make.post(ada, bank, 100, f"out{number}")
        except BelowFloor:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(8) as pool:
        taken = sum(pool.map(take, range(12)))

    assert taken == 5
    assert balances.balance(ada) == 0
    assert Ledger.objects.get().head_seq == Entry.objects.count() == 6
    assert audit.run(audit.CHECKS) == []


@pytest.mark.fault("F01")
def test_a_key_sent_by_many_at_once_is_booked_once(shared_db):
    bank = make.account(make.ledger(), "bank")
    ada = make.account(bank.ledger, "saver", make.LIABILITY, floor_minor=0)

    def send(_: int) -> int:
        try:
            return make.post(bank, ada, 100, "one").pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        answers = set(pool.map(send, range(6)))

    assert len(answers) == Transfer.objects.count() == 1
    assert connection.vendor in {"sqlite", "postgresql"}
