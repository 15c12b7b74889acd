"""Village cheques: sold and given, redeemed once at a producer's, lapsed, and settled.

A cheque is 100 kr and good for 12 months. The numbers are small enough to follow by hand.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connections

from invest import audit
from invest.kinds import RAISED
from invest.kinds.local_vouchers import LocalVouchers
from invest.kinds.refusals import BadTerms, NotEnough
from invest.models import Holding, VoucherCode, VoucherUse
from invest.vehicles import actions, voucher_codes
from invest.vehicles.refusals import VoucherUsed
from invest.vouchers import codes
from invest.vouchers.refusals import NoSuchTill, NoSuchVoucher, VoucherExpired, VoucherWhole
from pools import balances
from pools.audit import run
from pools.errors import KeyReused, Refused
from pools.models import Account
from tests import factories as make
from tests.pools.test_exports import HLEDGER, export, hledger_says, ours

TERMS = {"worth": 100, "months": 12, "in_part": "yes", "lapses_to": "income", "most": 500}
SOLD, USED, LAST, OVER = date(2025, 1, 1), date(2025, 6, 1), date(2026, 1, 1), date(2026, 1, 2)


def opened(**more):
    terms = TERMS | more
    return make.offering(
        "local-vouchers", terms, minimum=make.sek(100), goal_min=make.sek(100)
    ).vehicle


def joined(vehicle, name: str, on=SOLD) -> Holding:
    """A producer with a till."""
    person = make.person(name)
    number = actions.number_for(person=person, vehicle=vehicle, role="owed", on=on)
    action = make.did(vehicle, "join", on, producer=number)
    return codes.till(codes.till_token(action))


@pytest.fixture
def cheques(db):
    """Ada has bought five cheques, and three are given to those who moved in."""
    vehicle = opened()
    make.paid(vehicle.offerings.get(), 500, "Ada", SOLD)
    make.did(vehicle, "sell", SOLD, holder=1, number=5)
    make.did(vehicle, "give", SOLD, number=3)
    return vehicle


@pytest.fixture
def shop(cheques):
    return joined(cheques, "Lanthandeln")


def redeem(voucher, till, worth=None, on=USED, key=""):
    key = key or f"tap-{VoucherUse.objects.count()}"
    return codes.redeem(voucher=voucher, till=till, worth=worth, on=on, by="till", key=key)


def booked(vehicle, role: str) -> int:
    return balances.balance(Account.objects.get(code=f"{vehicle.slug}:{role}"))


def test_sold_and_given_they_are_a_debt_with_a_code_each(cheques):
    made = list(VoucherCode.objects.all())

    assert [(c.number, c.worth, c.left, c.valid_until) for c in made] == [
        (n, 100, 100, LAST) for n in range(1, 9)
    ]
    assert len({c.code for c in made}) == 8
    assert all(len(c.code) == 13 and set(c.code) <= set(voucher_codes.SIGNS) for c in made)
    assert (booked(cheques, "outstanding"), booked(cheques, "out")) == (80_000, 800)
    assert actions.snapshot(cheques, SOLD).held("prepaid") == {1: 0}
    # What was given away cost the issuer 300 kr; what was sold cost nobody anything.
    assert balances.balance(Account.objects.get(code="expenses:running")) == 30_000
    assert "local-vouchers" not in RAISED
    with pytest.raises(NotEnough):
        make.did(cheques, "sell", SOLD, holder=1, number=1)
    assert run(audit.CHECKS) == []


def test_a_code_is_read_as_it_is_spelled_and_misread(cheques):
    voucher = VoucherCode.objects.first()
    VoucherCode.objects.filter(pk=voucher.pk).update(code="0123456789ABC")

    assert codes.find(" o123-4567-89abc ").pk == voucher.pk
    assert codes.find("Ol23456789abc").pk == voucher.pk
    for wrong in ("", "0123456789ABD", "<script>alert(1)</script>", "0" * 500):
        with pytest.raises(NoSuchVoucher):
            codes.find(wrong)


def test_it_is_redeemed_once_and_in_part(cheques, shop):
    first, second, *_ = VoucherCode.objects.all()
    redeem(first, shop)
    with pytest.raises(VoucherUsed, match="2025"):
        redeem(first, shop)
    redeem(second, shop, 40)
    with pytest.raises(NotEnough, match="60"):
        redeem(second, shop, 61)
    redeem(second, shop, 60)

    assert make.sheet(cheques, "producers", USED) == [(2, 20_000, 0, 20_000)]
    assert (booked(cheques, "outstanding"), booked(cheques, "out")) == (60_000, 600)
    make.did(cheques, "settle", USED)
    assert make.sheet(cheques, "producers", USED) == [(2, 20_000, 20_000, 0)]
    assert run(audit.CHECKS) == []


def test_the_same_tap_is_one_use_and_anothers_key_is_refused(cheques, shop):
    first, second, *_ = VoucherCode.objects.all()
    use = redeem(first, shop, 30, key="k")

    assert redeem(first, shop, 30, key="k") == use
    with pytest.raises(KeyReused):
        redeem(second, shop, key="k")
    assert VoucherCode.objects.get(pk=first.pk).left == 70


def test_where_terms_want_it_whole_no_part_is_taken(db):
    vehicle = opened(in_part="no")
    make.did(vehicle, "give", SOLD, number=1)
    till, voucher = joined(vehicle, "Lanthandeln"), VoucherCode.objects.get()

    with pytest.raises(VoucherWhole, match="100"):
        redeem(voucher, till, 50)
    assert redeem(voucher, till).worth == 100


@pytest.mark.parametrize(("lapses_to", "code"), [("income", "income:lapsed"), ("fund", "fund")])
def test_the_day_after_its_last_it_lapses_as_the_terms_say(db, lapses_to, code):
    vehicle = opened(lapses_to=lapses_to)
    make.did(vehicle, "give", SOLD, number=2)
    till = joined(vehicle, "Lanthandeln")
    first, second = VoucherCode.objects.all()
    redeem(first, till, 25, on=LAST)
    with pytest.raises(VoucherExpired, match="2026"):
        redeem(second, till, on=OVER)
    call_command("due", on=LAST, verbosity=0)
    assert booked(vehicle, "outstanding") == 17_500

    call_command("due", on=OVER, verbosity=0)
    call_command("due", on=OVER, verbosity=0)

    code = code if ":" in code else f"{vehicle.slug}:{code}"
    assert balances.balance(Account.objects.get(code=code)) == 17_500
    assert booked(vehicle, "outstanding") == 0
    assert make.sheet(vehicle, "liability", OVER) == [
        ("2025-01", 20_000, 0, 0, 20_000),
        ("2026-01", 0, 2_500, 17_500, 0),
    ]
    assert [c.ended_on for c in VoucherCode.objects.all()] == [OVER, OVER]
    assert run(audit.CHECKS) == []


def test_a_mistake_at_the_till_is_undone_by_reversal(cheques, shop):
    voucher = VoucherCode.objects.first()
    use = redeem(voucher, shop, 40)

    codes.undo_use(use=use, on=USED, by="user:1")

    assert make.sheet(cheques, "producers", USED) == [(2, 0, 0, 0)]
    redeem(voucher, shop)
    assert run(audit.CHECKS) == []


def test_a_batch_is_taken_back_while_none_of_it_is_used(cheques, shop):
    given = cheques.actions.get(act="give")
    actions.undo(action=given, on=USED, by="user:1", why="Fel antal")
    assert (booked(cheques, "outstanding"), VoucherCode.objects.filter(left=100).count()) == (
        50_000,
        5,
    )
    with pytest.raises(VoucherUsed):
        redeem(given.voucher_codes.first(), shop)
    redeem(VoucherCode.objects.first(), shop, 1)
    with pytest.raises(VoucherUsed):
        actions.undo(action=cheques.actions.get(act="sell"), on=USED, by="user:1", why="Fel")
    assert run(audit.CHECKS) == []


def test_a_till_is_the_producers_own_and_ends_when_it_is_taken_back(cheques, shop):
    other = make.offering(
        "local-vouchers", TERMS, make.project("grannen", cheques.organisation),
        minimum=make.sek(100), goal_min=make.sek(100),
    ).vehicle  # fmt: skip
    elsewhere = joined(other, "Macken")
    with pytest.raises(NoSuchVoucher):
        redeem(VoucherCode.objects.first(), elsewhere)
    join = cheques.actions.get(act="join")
    token = codes.till_token(join)
    with pytest.raises(NoSuchTill):
        codes.till(token[:-1] + ("A" if token[-1] != "A" else "B"))

    actions.undo(action=join, on=USED, by="user:1", why="Slutar")

    with pytest.raises(NoSuchTill):
        codes.till(token)


@pytest.mark.fault("F11")
def test_two_tills_at_the_same_time_get_one_redemption(shared_db):
    vehicle = opened()
    make.did(vehicle, "give", SOLD, number=1)
    tills = [joined(vehicle, name) for name in ("Lanthandeln", "Macken", "Bageriet", "Kvarnen")]
    voucher = VoucherCode.objects.get()

    def take(till: Holding) -> str:
        try:
            redeem(voucher, till, key=f"till-{till.pk}")
        except Refused as refusal:
            return type(refusal).__name__
        finally:
            connections.close_all()
        return "taken"

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(take, tills))

    assert sorted(answers) == ["VoucherUsed"] * 3 + ["taken"]
    assert sum(row[1] for row in make.sheet(vehicle, "producers", USED)) == 10_000
    assert run(audit.CHECKS) == []


def test_the_audit_finds_a_code_that_the_book_does_not_know(cheques, shop):
    voucher = VoucherCode.objects.first()
    redeem(voucher, shop, 40)
    VoucherCode.objects.filter(pk=voucher.pk).update(left=100)

    found = {finding.check for finding in run(audit.CHECKS)}

    assert found == {"vouchers_are_what_the_book_says"}


@pytest.mark.skipif(not HLEDGER and os.environ.get("CI") != "true", reason="hledger not found")
def test_hledger_agrees_with_purchases_and_vouchers_in_one_book(cheques, shop, tmp_path):
    project = make.project("mjolet", cheques.organisation)
    terms = {"item": "Mjöl", "unit_word": "säck", "price_minor": 10_000, "least": 2, "most": 9}
    flour = make.offering("joint-purchase", terms, project, minimum=make.sek(100))
    for name, amount in (("Bo", 200), ("Cem", 100)):
        make.paid(flour, amount, name, SOLD)
    make.did(flour.vehicle, "order", SOLD, own=1)
    make.did(flour.vehicle, "invoice", USED, amount=35_001)
    make.did(flour.vehicle, "refund", USED)
    redeem(VoucherCode.objects.first(), shop, 33)

    journal = export(tmp_path, "hledger")
    vehicles = (cheques, flour.vehicle)
    ledgers = {v.pool.ledger for v in vehicles} | {v.units_ledger for v in vehicles}
    ledgers |= {v.rights_ledger for v in vehicles}
    assert hledger_says(journal) == ours(ledgers - {None})
    assert run(audit.CHECKS) == []


@pytest.mark.parametrize(
    "wrong", [{"worth": 0}, {"months": 0}, {"in_part": "perhaps"}, {"lapses_to": ""}]
)
def test_terms_that_make_no_sense_are_refused(wrong):
    with pytest.raises(BadTerms):
        LocalVouchers.parse({**TERMS, **wrong})
