"""Flour by the sack: ordered together, invoiced, fetched, and settled to the öre.

A sack is reckoned at 180 kr, and the mill takes orders of at least 10.
"""

from datetime import date

import pytest

from invest import audit
from invest.kinds import RAISED
from invest.kinds.joint_purchase.terms import JointPurchase
from invest.kinds.refusals import (
    AlreadyRecorded,
    BadTerms,
    BelowMinimum,
    NotEnough,
    NothingOwed,
    NotPaidFor,
    NotSettled,
    NotYetOrdered,
    UndoLaterFirst,
    WholeUnits,
)
from invest.me import queries
from invest.models import Project
from invest.pledges import pledges
from invest.pledges.refusals import LessIsLeft, OfferingClosed
from invest.progress.progress import progress_of
from invest.refusals import WrongState
from invest.treasury import placing
from invest.vehicles import actions
from pools import balances
from pools.audit import run
from pools.models import Account
from tests import factories as make

TERMS = {
    "item": "Vetemjöl från kvarnen",
    "unit_word": "säck à 25 kg",
    "price_minor": 18_000,
    "least": 10,
    "most": 40,
}
PAID, ORDER, BILL, HERE, END = (date(2026, month, 2) for month in (2, 3, 4, 5, 6))


@pytest.fixture
def offering(db):
    low, high = JointPurchase.parse(TERMS).goals_minor()
    return make.offering(
        "joint-purchase",
        TERMS,
        minimum=make.sek(180),
        goal_min=make.sek(low // 100),
        goal_max=make.sek(high // 100),
    )


@pytest.fixture
def flour(offering):
    """Ada 6 sacks (1 080 kr), Bo 3 (540 kr), Cem 2 (360 kr): eleven paid for."""
    for name, amount in (("Ada", 1080), ("Bo", 540), ("Cem", 360)):
        make.paid(offering, amount, name, PAID)
    return offering.vehicle


def booked(code: str) -> int:
    return balances.balance(Account.objects.get(code=code))


def back(vehicle, on=END) -> dict[int, int]:
    """Holder → what was paid back."""
    return {row[0]: row[4] for row in make.sheet(vehicle, "settlement", on)}


def test_it_is_paid_in_advance_and_raised_for_nobody(flour):
    project = Project.objects.get()
    sums = progress_of(project, PAID).sums

    assert make.sheet(flour, "register", PAID) == [
        (1, PAID, 108_000, 0), (2, PAID, 54_000, 0), (3, PAID, 36_000, 0),
    ]  # fmt: skip
    assert "joint-purchase" not in RAISED
    assert (sums.committed_minor, sums.received_minor, sums.saving_minor, sums.savers) == (0,) * 4
    # A liability (BAS 2420), whatever it is called at the desk.
    account = Account.objects.get(code=f"{flour.slug}:prepaid:00001")
    assert (account.kind, account.bas) == ("liability", "2420")


def test_the_whole_way_to_nothing_left(flour):
    """1 980 kr paid for 11 sacks; the invoice is 1 900 kr, so 80 kr go back, by sacks.

    1 900 · 6/11 = 1 036.3636, 1 900 · 3/11 = 518.1818, 1 900 · 2/11 = 345.4545: whole öre 1 036.36,
    518.18 and 345.45, and the öre that is left goes to the largest remainder: Cem's .45 of an öre.
    """
    make.did(flour, "order", ORDER, own=0)
    assert make.sheet(flour, "orders", ORDER) == [(1, 108_000, 6), (2, 54_000, 3), (3, 36_000, 2)]
    make.did(flour, "invoice", BILL, amount=190_000)
    assert [row[3] for row in make.sheet(flour, "settlement", BILL)] == [103_636, 51_818, 34_546]
    make.did(flour, "pay-supplier", BILL)
    make.did(flour, "arrive", HERE, number=7)
    make.did(flour, "fetch", HERE, holder=1, number=4)
    assert make.sheet(flour, "collection", HERE) == [
        (1, 6, 4, 2, "☐"), (2, 3, 0, 3, "☐"), (3, 2, 0, 2, "☐"),
    ]  # fmt: skip
    with pytest.raises(NotEnough, match="3 × säck"):  # Seven came, four are fetched.
        make.did(flour, "fetch", HERE, holder=2, number=4)
    make.did(flour, "arrive", HERE, number=4)
    for holder, number in ((1, 2), (2, 3), (3, 2)):
        make.did(flour, "fetch", HERE, holder=holder, number=number)
    with pytest.raises(NotSettled, match=r"80.*(köparnas|buyers)"):
        make.did(flour, "close", END)
    make.did(flour, "refund", END)

    make.did(flour, "close", END)

    assert back(flour) == {1: 4_364, 2: 2_182, 3: 1_454}
    assert sum(back(flour).values()) == 198_000 - 190_000
    now = actions.snapshot(flour, END)
    assert not any(now.held("prepaid").values())
    assert not any(now.held("units").values())
    assert (now.own("supplier"), now.own("fetched")) == (0, 11)
    # 1 900 kr to the mill and 80 to the buyers are on their way out of the bank.
    assert booked("liabilities:in-transit") == 198_000
    with pytest.raises(AlreadyRecorded):
        make.did(flour, "arrive", END, number=1)
    assert run(audit.CHECKS) == []


def test_below_the_minimum_nothing_is_ordered_and_all_get_theirs_back(offering):
    make.paid(offering, 900, "Ada", PAID)
    make.paid(offering, 540, "Bo", PAID)
    late = make.called(make.pledge(offering, 180, "Dee", on=PAID), PAID)
    vehicle = offering.vehicle
    with pytest.raises(BelowMinimum, match=r"8 × säck.*10 × säck.*2 × säck"):
        make.did(vehicle, "order", ORDER, own=0)
    with pytest.raises(NotYetOrdered):
        make.did(vehicle, "arrive", ORDER, number=1)

    make.did(vehicle, "cancel", ORDER)

    assert back(vehicle) == {1: 90_000, 2: 54_000}
    assert actions.snapshot(vehicle, ORDER).all_held("prepaid") == 0
    with pytest.raises(AlreadyRecorded):
        make.did(vehicle, "order", ORDER, own=2)
    # Nobody can sign up any more. Who was called and pays all the same is paid back too.
    offering.refresh_from_db()
    with pytest.raises(OfferingClosed):
        make.pledge(offering, 180, "Eva", on=END)
    line = make.bank_line(18_000, late.ocr, reference="late", on=END)
    placing.pair_by_reference(parts=[line], by="t")
    make.did(vehicle, "refund", END)
    assert back(vehicle) == {1: 90_000, 2: 54_000, 3: 18_000}
    assert run(audit.CHECKS) == []


def test_the_group_takes_what_is_lacking_and_sells_it(offering):
    """Eight paid, the group takes two: the invoice of 2 000 kr is a fifth the group's own."""
    make.paid(offering, 1440, "Ada", PAID)
    vehicle = offering.vehicle
    make.did(vehicle, "order", ORDER, own=2)
    with pytest.raises(NotPaidFor, match="160"):  # 1 600 kr are hers, and she paid 1 440.
        make.did(vehicle, "invoice", BILL, amount=200_000)
    make.did(vehicle, "invoice", BILL, amount=180_000)

    make.did(vehicle, "arrive", HERE, number=10)
    make.did(vehicle, "rest", HERE, number=2, amount=40_000)

    assert (booked("expenses:goods"), booked("income:result")) == (36_000, 40_000)
    assert actions.snapshot(vehicle, HERE).held_by("prepaid", 1) == 0
    assert run(audit.CHECKS) == []


def test_an_invoice_higher_than_reckoned_needs_the_money_first(flour):
    make.did(flour, "order", ORDER, own=0)
    with pytest.raises(NotPaidFor, match=r"20.*1, 2, 3"):
        make.did(flour, "invoice", BILL, amount=200_000)
    # 2 000 · 6/11 = 1 090.91, · 3/11 = 545.45, · 2/11 = 363.64.
    for holder, minor in ((1, 1_091), (2, 545), (3, 364)):
        make.did(flour, "pay-more", BILL, holder=holder, amount=minor)

    make.did(flour, "invoice", BILL, amount=200_000)

    assert actions.snapshot(flour, BILL).held("prepaid") == {1: 0, 2: 0, 3: 0}
    assert run(audit.CHECKS) == []


def test_a_sack_that_did_not_come_is_paid_back_to_who_missed_it(flour):
    make.did(flour, "order", ORDER, own=0)
    make.did(flour, "invoice", BILL, amount=198_000)
    make.did(flour, "pay-supplier", BILL)
    make.did(flour, "arrive", HERE, number=10)
    with pytest.raises(NotEnough):
        make.did(flour, "missing", HERE, holder=2, number=2)
    make.did(flour, "missing", HERE, holder=2, number=1)

    make.did(flour, "credit", HERE, amount=18_000)

    assert actions.snapshot(flour, HERE).held("prepaid") == {1: 0, 2: 18_000, 3: 0}
    # The supplier owes it until it has paid back.
    assert actions.snapshot(flour, HERE).own("supplier") == -18_000
    make.did(flour, "pay-supplier", HERE)
    make.did(flour, "refund", HERE)
    assert back(flour, HERE) == {1: 0, 2: 18_000, 3: 0}
    with pytest.raises(NothingOwed):
        make.did(flour, "refund", HERE)
    assert run(audit.CHECKS) == []


def test_a_sack_missing_before_the_invoice_has_no_part_in_it(flour):
    """The mill delivers ten and bills ten: 1 800 kr. Bo's 180 kr for the third are left."""
    make.did(flour, "order", ORDER, own=0)
    make.did(flour, "arrive", ORDER, number=10)
    make.did(flour, "missing", ORDER, holder=2, number=1)
    make.did(flour, "invoice", BILL, amount=180_000)

    make.did(flour, "refund", BILL)

    assert back(flour, BILL) == {1: 0, 2: 18_000, 3: 0}
    assert run(audit.CHECKS) == []


def test_paid_too_little_too_much_and_too_late(offering):
    """Ada pays for two and a half of three sacks, Bo 200 kr too much, Cem after the order."""
    promise = make.pledge(offering, 540, "Ada", on=PAID)
    call = make.called(promise, PAID)
    line = make.bank_line(45_000, call.ocr, reference="part", on=PAID)
    assert placing.pair_by_reference(parts=[line], by="t").waiting == [line]
    placing.pay(part=line, call=call, amount_minor=45_000, by="t")
    promise = make.pledge(offering, 1440, "Bo", on=PAID)
    call = make.called(promise, PAID)
    line = make.bank_line(164_000, call.ocr, reference="more", on=PAID)
    placing.pay(part=line, call=call, amount_minor=144_000, by="t")
    vehicle = offering.vehicle
    make.did(vehicle, "pay-more", PAID, holder=2, amount=20_000)

    late = make.called(make.pledge(offering, 360, "Cem", on=PAID), PAID)
    make.did(vehicle, "order", ORDER, own=0)
    line = make.bank_line(36_000, late.ocr, reference="late", on=BILL)
    placing.pair_by_reference(parts=[line], by="t")
    make.did(vehicle, "invoice", BILL, amount=180_000)
    make.did(vehicle, "refund", BILL)

    # Bo signed up for eight, and gets eight; Ada's half sack goes back.
    assert make.sheet(vehicle, "orders", BILL) == [
        (1, 45_000, 2), (2, 164_000, 8), (3, 36_000, 0),
    ]  # fmt: skip
    assert back(vehicle, BILL) == {1: 9_000, 2: 20_000, 3: 36_000}
    assert run(audit.CHECKS) == []


def test_signing_up_twice_withdrawing_and_half_a_sack(offering):
    first = make.pledge(offering, 360, "Ada", key="tap", on=PAID)
    assert make.pledge(offering, 360, "Ada", key="tap", on=PAID) == first
    with pytest.raises(WholeUnits, match="säck à 25 kg"):
        make.pledge(offering, 200, "Bo", on=PAID)
    with pytest.raises(LessIsLeft, match="38 × säck"):
        make.pledge(offering, 7200, "Bo", on=PAID)  # 38 of 40 are left.
    make.paid(offering, 1800, "Cem", PAID)
    make.called(first, PAID)
    make.did(offering.vehicle, "order", ORDER, own=0)

    # Who has not paid is not in the order, and may take it back; who has paid is in it.
    pledges.withdraw(pledge=first, on=BILL, by="public")
    with pytest.raises(WrongState):
        pledges.withdraw(pledge=offering.pledges.get(person__name="Cem"), on=BILL, by="public")
    assert make.sheet(offering.vehicle, "orders", BILL) == [(1, 180_000, 10)]


def test_steps_are_undone_from_the_last(flour):
    order = make.did(flour, "order", ORDER, own=0)
    bill = make.did(flour, "invoice", BILL, amount=190_000)
    with pytest.raises(AlreadyRecorded):
        make.did(flour, "order", BILL, own=0)
    with pytest.raises(UndoLaterFirst):
        actions.undo(action=order, on=BILL, by="user:1", why="Fel")
    for action in (bill, order):
        actions.undo(action=action, on=BILL, by="user:1", why="Fel")

    assert make.sheet(flour, "register", BILL)[0][2:] == (108_000, 0)
    make.did(flour, "order", BILL, own=0)
    assert run(audit.CHECKS) == []


@pytest.mark.parametrize(
    "wrong", [{"item": " "}, {"least": 0}, {"most": 9}, {"price_minor": 0}, {"unit_word": 3}]
)
def test_terms_that_contradict_are_refused(wrong):
    with pytest.raises(BadTerms):
        JointPurchase.parse({**TERMS, **wrong})


def test_my_page_tells_it_apart_from_what_i_invest(flour, client):
    user = make.user("ada")
    client.force_login(user)
    told = client.get("/me/").content.decode()

    page = queries.my_page(user, PAID)
    assert (page.promised_minor, page.received_minor, page.saved_minor) == (0, 0, 0)
    assert [promise.units for promise in page.promises] == ["6 × säck à 25 kg"]
    assert "6 × säck à 25 kg" in told
    assert "1\u00a0080\u00a0kr" in told
    assert client.get(f"/me/{flour.slug}/").status_code == 200
