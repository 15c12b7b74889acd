"""What is paid counts from the bank's day, however late and on whatever day it is booked.

Ada lends 10 000 kr at 2 % on notice. Her money came on 30 November 2025; the file is read a year
later, and on 29 November 2026 it has earned a whole year's interest, 200.00 kr (one day's: 0.56).
"""

from datetime import date
from itertools import count

import pytest

from invest import audit
from invest.models import Call, Distribution, Holding, Placement
from invest.payouts import distributions, plans, repayments
from invest.treasury import placing
from invest.vehicles import actions, holdings
from pools import book
from pools.audit import run
from reports.figures import frames
from reports.figures.scope import known_now, of_project
from tests import factories as make
from tests.factories import sek

CAME, CALLED = date(2025, 11, 30), date(2025, 11, 20)
READ = date(2026, 11, 29)  # The last of the year's days.
LOCKED, FIRST_OPEN = date(2026, 10, 31), date(2026, 11, 1)
ON_NOTICE = {
    "schedule_type": "on-notice",
    "rate_pct": "2",
    "periods": 1,
    "months_per_period": 1,
    "day_count": "30E/360",
    "notice_months": 3,
    "interest": "paid",
}
_references = (f"R{number}" for number in count())


@pytest.fixture
def loan(db):
    return make.offering("direct-loan", ON_NOTICE)


@pytest.fixture
def called(loan) -> Call:
    return make.called(make.pledge(loan, 10_000, on=CALLED), CALLED)


def came(call: Call, kronor: int = 10_000, on: date = CAME, *, ocr: str | None = None):
    reference = call.ocr if ocr is None else ocr
    return make.bank_line(kronor * 100, reference, reference=next(_references), on=on)


def paired(call: Call, kronor: int = 10_000, on: date = CAME) -> Placement:
    line = came(call, kronor, on, ocr="")
    return placing.pay(part=line, call=call, amount_minor=kronor * 100, by="t")


def locked(ledger) -> None:
    book.lock_period(ledger=ledger, until=LOCKED)


def earned(offering, on: date = READ) -> int:
    return sum(row[2] for row in make.sheet(offering.vehicle, "interest", on))


# --- Interest -------------------------------------------------------------------------------------


def test_a_line_imported_a_year_later_has_earned_the_whole_year(loan, called):
    placing.pair_by_reference(parts=[came(called)], by="t")

    assert earned(loan) == 20_000
    assert Placement.objects.get().entry.booked_on == CAME
    assert run(audit.CHECKS) == []


def test_under_a_locked_period_it_is_booked_later_and_earns_as_much(loan, called):
    locked(loan.vehicle.pool.ledger)

    placing.pair_by_reference(parts=[came(called)], by="t")

    assert earned(loan) == 20_000
    assert Placement.objects.get().entry.booked_on == FIRST_OPEN
    assert run(audit.CHECKS) == []


@pytest.mark.parametrize("is_locked", [False, True])
def test_paired_by_hand_it_earns_as_much(loan, called, is_locked):
    if is_locked:
        locked(loan.vehicle.pool.ledger)

    paired(called)

    assert earned(loan) == 20_000


@pytest.mark.parametrize("is_locked", [False, True])
def test_undone_and_paired_again_it_earns_as_much(loan, called, is_locked):
    first = paired(called)
    if is_locked:
        locked(loan.vehicle.pool.ledger)
    placing.undo(placement=first, by="t")
    assert earned(loan) == 0

    placing.pay(part=first.part, call=called, amount_minor=1_000_000, by="t")

    assert earned(loan) == 20_000
    assert run(audit.CHECKS) == []


@pytest.mark.parametrize("is_locked", [False, True])
def test_returned_by_the_bank_it_earned_until_that_day(loan, called, is_locked):
    # Half a year by 30E/360: 10 000 kr · 2 % · 180/360 = 100.00.
    placement = paired(called)
    back = make.bank_line(-1_000_000, reference="back", on=date(2026, 5, 30))
    if is_locked:
        locked(loan.vehicle.pool.ledger)

    placing.set_off(part=back, against=placement.part, kind=Placement.Kind.RETURNED, by="t")

    assert earned(loan) == 10_000
    assert holdings.held(loan.vehicle, "loan", date(2026, 5, 29)) == {1: 1_000_000}
    assert holdings.held(loan.vehicle, "loan", date(2026, 5, 30)) == {1: 0}
    assert run(audit.CHECKS) == []


def test_paired_with_the_wrong_saver_it_never_counted_there(loan, called):
    other = make.called(make.pledge(loan, 10_000, "Bo", on=CALLED), CALLED)
    wrong = paired(other)
    locked(loan.vehicle.pool.ledger)

    placing.undo(placement=wrong, by="t")
    placing.pay(part=wrong.part, call=called, amount_minor=1_000_000, by="t")

    bo, ada = (Holding.objects.get(person__name=name).number for name in ("Bo", "Ada"))
    now = actions.snapshot(loan.vehicle, READ)
    assert {now.held_by("loan", bo, day) for day in (CAME, LOCKED, READ)} == {0}
    assert {now.held_by("loan", ada, day) for day in (CAME, LOCKED, READ)} == {1_000_000}
    assert earned(loan) == 20_000


# --- Plans, payouts and days held -----------------------------------------------------------------


def test_a_plan_of_a_day_has_what_the_bank_had_by_then(called, loan):
    locked(loan.vehicle.pool.ledger)
    paired(called)

    assert repayments.outstanding(loan.vehicle, date(2025, 11, 29)) == 0
    assert repayments.outstanding(loan.vehicle, CAME) == 1_000_000


@pytest.fixture
def roof(db):
    return make.offering("energy-shares", {"price_minor": 50_000, "kwh_per_unit": 100})


def shares(to, name: str) -> Call:
    return make.called(make.pledge(to, 1_000, name, on=CALLED), CALLED)


def payout(to, record_on: date, **more) -> Distribution:
    return distributions.compute(
        vehicle=to.vehicle,
        total=sek(300),
        record_on=record_on,
        reason="Stämman",
        by=make.user("Dee"),
        key="p",
        **more,
    )


def test_a_payout_by_the_record_day_weighs_what_the_bank_had_by_then(roof):
    first, second = shares(roof, "Ada"), shares(roof, "Bo")
    paired(first, 1_000)
    for ledger in (roof.vehicle.pool.ledger, roof.vehicle.units_ledger):
        locked(ledger)
    paired(second, 1_000)

    made = payout(roof, date(2026, 1, 31))

    assert [line.amount_minor for line in made.lines.order_by("holding__number")] == [15_000] * 2
    assert run(audit.CHECKS) == []


def test_a_payout_by_days_held_counts_them_from_the_banks_day(roof):
    # Ada holds from 30 November, Bo from 30 December: 62 days and 32 up to 30 January, of 2 each.
    first, second = shares(roof, "Ada"), shares(roof, "Bo")
    for ledger in (roof.vehicle.pool.ledger, roof.vehicle.units_ledger):
        locked(ledger)
    paired(first, 1_000)
    paired(second, 1_000, date(2025, 12, 30))

    made = payout(roof, date(2026, 1, 30), held_since=date(2025, 1, 1))

    assert [line.weight for line in made.lines.order_by("holding__number")] == [124, 64]


def test_shares_count_from_the_last_payment_whichever_is_placed_last(roof):
    call = shares(roof, "Ada")
    first = paired(call, 400)
    paired(call, 600, date(2025, 12, 10))
    assert units_on(roof) == {CAME: 0, date(2025, 12, 9): 0, date(2025, 12, 10): 2}

    placing.undo(placement=first, by="t")
    assert set(units_on(roof).values()) == {0}

    placing.pay(part=first.part, call=call, amount_minor=40_000, by="t")
    assert units_on(roof) == {CAME: 0, date(2025, 12, 9): 0, date(2025, 12, 10): 2}
    assert run(audit.CHECKS) == []


def units_on(to) -> dict[date, int]:
    days = (CAME, date(2025, 12, 9), date(2025, 12, 10))
    return {day: holdings.held(to.vehicle, "units", day).get(1, 0) for day in days}


def test_shares_of_a_returned_payment_count_until_that_day(roof):
    call = shares(roof, "Ada")
    placement = paired(call, 1_000)
    for ledger in (roof.vehicle.pool.ledger, roof.vehicle.units_ledger):
        locked(ledger)
    back = make.bank_line(-100_000, reference="back", on=date(2025, 12, 10))

    placing.set_off(part=back, against=placement.part, kind=Placement.Kind.RETURNED, by="t")

    assert units_on(roof) == {CAME: 2, date(2025, 12, 9): 2, date(2025, 12, 10): 0}
    assert run(audit.CHECKS) == []


# --- Figures --------------------------------------------------------------------------------------


def receipts(of, as_of: date, known_to=None) -> list[tuple[date, int]]:
    found = frames.scope_frames(of_project(of), as_of, known_to).receipts
    return list(zip(found["on"], found["amount_minor"], strict=True))


def as_told(of, known_to) -> tuple:
    """What the register and the figures tell, as known to a point."""
    now = actions.snapshot(of.vehicle, READ, known_to.actions)
    return now.changes, receipts(of.vehicle.project, READ, known_to)


def test_received_by_a_day_is_what_the_bank_had_by_then(loan, called):
    locked(loan.vehicle.pool.ledger)
    paired(called)

    assert receipts(loan.vehicle.project, date(2025, 11, 29)) == []
    assert receipts(loan.vehicle.project, CAME) == [(CAME, 1_000_000)]


def test_what_was_known_before_a_late_line_stays_as_it_was_told(loan, called):
    paired(called, 6_000)
    before = known_now(of_project(loan.vehicle.project))
    told = as_told(loan, before)

    locked(loan.vehicle.pool.ledger)
    late = paired(called, 4_000)
    after = known_now(of_project(loan.vehicle.project))
    both = as_told(loan, after)
    placing.undo(placement=late, by="t")

    assert (as_told(loan, before), as_told(loan, after)) == (told, both)
    assert told != both != as_told(loan, known_now(of_project(loan.vehicle.project)))


# --- A plan's interest ----------------------------------------------------------------------------


@pytest.mark.parametrize("is_locked", [False, True])
def test_a_plans_interest_knows_how_long_a_returned_payment_was_there(loan, called, is_locked):
    line = came(called)
    if is_locked:
        locked(loan.vehicle.pool.ledger)
    wrong = placing.pay(part=line, call=called, amount_minor=300_000, by="t")
    placing.undo(placement=wrong, by="t")
    placing.pay(part=line, call=called, amount_minor=1_000_000, by="t")
    back = make.bank_line(-1_000_000, reference="back", on=date(2026, 5, 30))

    placing.set_off(part=back, against=line, kind=Placement.Kind.RETURNED, by="t")

    held = plans.holdings_of(loan.vehicle, READ)
    moves = plans.moves_of(loan.vehicle, held)[held[0].pk]
    stood = {day: sum(minor for on, minor in moves if on <= day) for day, _minor in moves}
    assert stood == {CAME: 1_000_000, date(2026, 5, 30): 0}
