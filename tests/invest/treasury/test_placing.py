"""What a part of a movement became: each kind posts, is on the lists, and is undone by reversal."""

from datetime import date, timedelta

import pytest

from invest import audit
from invest.kinds.refusals import TooMuch
from invest.models import Placement, PledgeEvent
from invest.payouts import repayments
from invest.pledges import pledges
from invest.progress import sums
from invest.treasury import placing, queries
from invest.treasury.refusals import (
    NotForShared,
    NothingLeft,
    NotMoneyIn,
    NotMoneyOut,
    NotOpposite,
)
from pools import balances, book
from pools.audit import run
from pools.models import Account, BankAccount, Part
from tests import factories as make
from tests.factories import DAY

Kind, State = Placement.Kind, PledgeEvent.State
LATER = DAY + timedelta(days=20)


@pytest.fixture
def roof(db):
    return make.share_offering()


@pytest.fixture(autouse=True)
def audited(db):
    """After each test nothing is found."""
    yield
    assert run(audit.CHECKS) == []


def balance(code: str) -> int:
    return balances.balance(Account.objects.get(code=code))


def waiting() -> list[int]:
    return [row.signed_minor for row in queries.waiting(BankAccount.objects.get())]


def came(amount_minor: int, reference: str = "r1", on: date = DAY, ocr: str = "") -> Part:
    return make.bank_line(amount_minor, ocr, reference=reference, on=on)


def paid(roof, amount: int = 1500) -> tuple[Part, Placement]:
    call = make.called(make.pledge(roof, amount))
    part = came(amount * 100, call.ocr, ocr=call.ocr)
    (placement,) = placing.pair_by_reference(parts=[part], by="t").placed
    return part, placement


def test_a_payment_counts_from_the_banks_day_whenever_it_is_paired(roof):
    call = make.called(make.pledge(roof, 1500))
    part = came(150_000, on=date(2026, 11, 30))

    placement = placing.pay(part=part, call=call, amount_minor=150_000, by="t")

    assert placement.counts_from == placement.entry.booked_on == date(2026, 11, 30)
    assert sums.received(date(2026, 11, 29)).count() == 0
    assert sums.received(date(2026, 11, 30)).get() == placement


def test_in_a_locked_period_it_is_booked_later_and_counts_the_same(roof):
    call = make.called(make.pledge(roof, 1500))
    part = came(150_000)
    book.lock_period(ledger=roof.vehicle.pool.ledger, until=LATER)

    placement = placing.pay(part=part, call=call, amount_minor=150_000, by="t")

    assert placement.counts_from == DAY
    assert placement.entry.booked_on == LATER + timedelta(days=1)
    assert sums.received(DAY).get() == placement


def test_undone_it_never_counted_and_paired_again_it_counts_from_the_banks_day(roof):
    part, placement = paid(roof)

    placing.undo(placement=placement, by="t")

    assert (waiting(), sums.received(DAY).count()) == ([150_000], 0)
    again = placing.pay(part=part, call=placement.call, amount_minor=150_000, by="t")
    assert sums.received(DAY).get() == again
    placing.undo(placement=placement, by="t")
    assert sums.received(DAY).get() == again


def test_a_returned_payment_opens_its_promise_again_and_both_are_set_off(roof):
    part, placement = paid(roof)
    back = came(-150_000, "r2", LATER)

    placing.set_off(part=back, against=part, kind=Kind.RETURNED, by="t")

    pledge = placement.call.pledge
    assert (waiting(), pledges.latest(pledge).to_state) == ([], State.CALLED)
    assert balance("assets:bank") == balance("liabilities:in-transit") == 0
    # It was there from the bank's day until the bank took it back.
    assert sums.received(LATER - timedelta(days=1)).get() == placement
    assert sums.received(LATER).count() == 0
    assert placing.open_on_call(placement.call) == 150_000


def test_what_was_set_off_is_undone_on_both_sides(roof):
    one, other = came(10_000), came(-10_000, "r2")
    first, _second = placing.set_off(part=one, against=other, kind=Kind.SENT_BACK, by="t")
    assert waiting() == []

    placing.undo(placement=first, by="t")

    assert sorted(waiting()) == [-10_000, 10_000]
    assert balance("liabilities:in-transit") == 0


def test_an_over_payment_is_sent_back_in_part(roof):
    call = make.called(make.pledge(roof, 1500))
    part = came(160_000)
    placing.pay(part=part, call=call, amount_minor=150_000, by="t")
    assert waiting() == [10_000]

    placing.set_off(part=came(-10_000, "r2"), against=part, kind=Kind.SENT_BACK, by="t")

    assert (waiting(), placing.open_on_call(call)) == ([], 0)


def test_money_is_set_off_only_against_money_the_other_way(roof):
    with pytest.raises(NotOpposite):
        placing.set_off(part=came(100), against=came(200, "r2"), kind=Kind.RETURNED, by="t")


def test_what_has_a_place_is_not_sent_back(roof):
    part, _placement = paid(roof)

    with pytest.raises(NothingLeft):
        placing.set_off(part=came(-100, "r2"), against=part, kind=Kind.SENT_BACK, by="t")


def test_money_is_held_for_somebody_and_is_nobody_elses(roof):
    person = make.pledge(roof).person
    part = came(20_000)

    placement = placing.hold(part=part, person=person, amount_minor=15_000, by="t")

    assert (balance("liabilities:held"), waiting()) == (15_000, [5_000])
    assert queries.available_minor(roof.vehicle.pool.ledger) == 0
    placing.undo(placement=placement, by="t")
    assert (balance("liabilities:held"), waiting()) == (0, [20_000])
    with pytest.raises(NotMoneyIn):
        placing.hold(part=came(-100, "r2"), person=None, amount_minor=100, by="t")


def test_a_fee_is_a_cost_of_its_day(roof):
    placing.book_fee(part=came(-3_000, on=LATER), amount_minor=3_000, by="t")

    cost = Account.objects.get(code="expenses:bank")
    assert (cost.bas, balances.balance(cost, as_of=LATER)) == ("6570", 3_000)
    assert (balances.balance(cost, as_of=DAY), waiting()) == (0, [])
    with pytest.raises(NotMoneyOut):
        placing.book_fee(part=came(100, "r2"), amount_minor=100, by="t")


def test_on_a_shared_account_a_fee_is_the_bookkeepers(roof):
    BankAccount.objects.get().modes.create(mode="B", since=DAY)
    part = came(-3_000)
    with pytest.raises(NotForShared):
        placing.book_fee(part=part, amount_minor=3_000, by="t")

    placing.leave_to_bookkeeper(part=part, amount_minor=3_000, by="t")

    account = Account.objects.get(code="assets:bookkeeper")
    assert (account.bas, balances.balance(account), waiting()) == ("1689", 3_000, [])


def test_the_banks_line_confirms_a_payout(db):
    oven = make.loan_offering()
    make.paid(oven, 10_000)
    plan = repayments.make_plan(vehicle=oven.vehicle, on=DAY)
    instalment = plan.instalments.first()
    repayment = repayments.repay(instalment=instalment, on=DAY, by="t", key="a", amount_minor=5_000)
    ledger = repayment.entry.ledger
    (expected,) = queries.in_transit(ledger)
    assert expected.open_minor == -5_000
    iban = BankAccount.objects.get(account__ledger=ledger).iban
    part = make.bank_line(-5_000, reference="out", iban=iban)

    with pytest.raises(TooMuch):
        placing.confirm(part=part, entry=expected.entry, amount_minor=5_001, by="t")
    placement = placing.confirm(part=part, entry=expected.entry, amount_minor=5_000, by="t")

    assert queries.in_transit(ledger) == []
    placing.undo(placement=placement, by="t")
    assert queries.in_transit(ledger) == [expected]


def test_more_than_there_is_has_no_place(roof):
    part = came(10_000)

    for amount in (10_001, 0, -1):
        with pytest.raises(TooMuch):
            placing.hold(part=part, person=None, amount_minor=amount, by="t")
