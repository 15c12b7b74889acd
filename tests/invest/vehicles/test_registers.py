"""Registers out of the book: any day, to the öre, for those who keep them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from invest import audit
from invest.models import Holding, Person, Placement
from invest.treasury import placing
from invest.vehicles import actions, registers
from pools.audit import run
from pools.models import Account
from tests import factories as make
from tests.factories import DAY

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}
LATER = DAY + timedelta(days=40)


def register(vehicle, on):
    """(number, name, since, account …) for each holder."""
    sheet = registers.shown_sheet(vehicle, "register", on)
    return [
        (row[0].plain[0], row[0].plain[1], *(c.plain[0] for c in row[1:])) for row in sheet.rows
    ]


def agrees(vehicle, on):
    return registers.agrees(vehicle, actions.snapshot(vehicle, on))


def pay(to, amount: int, name: str, reference: str, on=DAY) -> Placement:
    pledge = make.pledge(to, amount, name, key=reference)
    line = make.bank_line(amount * 100, make.called(pledge, on).ocr, reference=reference, on=on)
    return placing.pair_by_reference(parts=[line], by="t").placed[0]


@pytest.fixture
def roof():
    return make.share_offering()


def test_holders_stand_in_the_order_they_joined(roof):
    pay(roof, 1500, "Bo", "r1")
    pay(roof, 500, "Ada", "r2")
    pay(roof, 1000, "Bo", "r3")

    assert register(roof.vehicle, DAY) == [
        (1, "Bo", DAY, "2500.00", 5, 0),
        (2, "Ada", DAY, "500.00", 1, 0),
    ]
    sums = registers.shown_sheet(roof.vehicle, "register", DAY).table()[-1]
    assert sums == ["", "Totalt", "", "", "3000.00", 6, 0]
    assert agrees(roof.vehicle, DAY)


def test_a_past_day_is_as_it_was(roof):
    pay(roof, 1500, "Bo", "r1")
    wrong, returned = pay(roof, 500, "Cem", "r2"), pay(roof, 500, "Ada", "r3")
    placing.undo(placement=wrong, by="t")
    placing.undo(placement=returned, by="t", on=LATER)

    assert [row[1] for row in register(roof.vehicle, DAY - timedelta(days=1))] == []
    assert [row[1] for row in register(roof.vehicle, DAY)] == ["Bo", "Ada"]
    assert [row[1] for row in register(roof.vehicle, LATER)] == ["Bo"]


def test_a_loans_register_counts_no_units():
    oven = make.loan_offering()
    pay(oven, 5000, "Ada", "r1")

    assert register(oven.vehicle, DAY) == [(1, "Ada", DAY, "5000.00", "0.00", 0)]
    assert agrees(oven.vehicle, DAY)


def test_who_was_forgotten_keeps_the_row_without_the_name(roof):
    pay(roof, 1500, "Bo", "r1")
    pay(roof, 500, "Ada", "r2")
    Holding.objects.filter(person__name="Bo").update(person=None)

    assert register(roof.vehicle, DAY) == [
        (1, "", DAY, "1500.00", 3, 0),
        (2, "Ada", DAY, "500.00", 1, 0),
    ]
    assert agrees(roof.vehicle, DAY)


def test_few_queries_for_any_number_of_holders(roof, django_assert_max_num_queries):
    for number in range(6):
        pay(roof, 500, f"Saver {number}", f"r{number}")

    with django_assert_max_num_queries(12):
        assert len(register(roof.vehicle, DAY)) == 6


def test_the_audit_finds_a_holder_who_holds_what_the_book_does_not_know(roof):
    pay(roof, 1500, "Bo", "r1")
    assert run(audit.CHECKS) == []
    stray = make.account(roof.vehicle.pool.ledger, "stray", pool=roof.vehicle.pool)
    bank = make.account(roof.vehicle.pool.ledger, "till")

    make.post(stray, bank, 100, "stray")

    assert [f.check for f in run(audit.CHECKS)] == ["registers_are_what_the_book_says"]


def test_the_audit_finds_what_no_action_tells_of(roof):
    pay(roof, 1500, "Bo", "r1")
    facts = {"month": DAY.replace(day=1), "kwh": 70, "estimated": "no"}
    make.did(roof.vehicle, "reading", LATER, **facts)
    bo = Holding.objects.get(role="kwh").account
    produced = Account.objects.get(code=f"{roof.vehicle.slug}:produced")
    assert run(audit.CHECKS) == []

    make.post(produced, bo, 630, "stray", on=LATER)

    found = run(audit.CHECKS)
    assert {finding.check for finding in found} == {"registers_agree_on_every_day"}
    assert "70" in found[0].message
    assert "700" in found[0].message


@pytest.fixture
def keeper(client, roof):
    client.force_login(make.user("rut", ("register-keeper", roof.vehicle.organisation)))
    return client


@pytest.mark.fault("F56")
def test_the_register_is_taken_home(keeper, roof):
    pay(roof, 1500, "Bo", "r1")
    Person.objects.update(name="=Bo()")

    response = keeper.get(
        reverse("sheet", args=["energi", roof.vehicle.slug, "register"]),
        {"as": "csv", "as_of": DAY},
        headers=ENGLISH,
    )

    assert response.content.decode("utf-8-sig").splitlines() == [
        "No.,Name,Municipality,Since,Paid in,Shares,kWh to use",
        f"1,'=Bo(),Björkdalen,{DAY},1500.00,3,0",
        ",In all,,,1500.00,3,0",
    ]


def test_the_register_is_looked_at_by_its_keeper(keeper, roof):
    pay(roof, 1500, "Bo", "r1")

    page = keeper.get(reverse("vehicle", args=["energi", roof.vehicle.slug]), headers=ENGLISH)
    assert "Energy shares" in page.content.decode()
    assert "The register is what the book says" in page.content.decode()

    path = reverse("sheet", args=["energi", roof.vehicle.slug, "register"])
    assert "1 · Bo" in keeper.get(path, headers=ENGLISH).content.decode()


@pytest.mark.parametrize("asked", ["x", "9999-12-31", "2026-02-30"])
def test_a_day_that_is_none_is_400(keeper, roof, asked):
    path = reverse("sheet", args=["energi", roof.vehicle.slug, "register"])

    assert keeper.get(path, {"as_of": asked}).status_code == 400


@pytest.mark.fault("F58")
def test_another_organisations_register_is_not_there(keeper, roof):
    other = make.organisation("annan", iban="SE3550000000054910000003")
    theirs = make.share_offering(make.project("deras", other)).vehicle

    assert keeper.get(reverse("vehicle", args=["energi", theirs.slug])).status_code == 404
    assert keeper.get(reverse("vehicle", args=["annan", theirs.slug])).status_code == 404
