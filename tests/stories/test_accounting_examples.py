"""The six examples of docs/accounting.md, booked by the verbs and compared row by row."""

import re
from pathlib import Path

import pytest

from invest import audit
from invest.models import Placement
from invest.payouts import distributions, repayments
from invest.treasury import placing
from invest.vehicles import books
from pools import balances
from pools.audit import run
from pools.models import Account, Transfer
from tests import factories as make
from tests.factories import DAY, sek

pytestmark = pytest.mark.django_db
DOCS = Path(__file__).parents[2] / "docs/accounting.md"
# Those that stand between the book and the bank.
BETWEEN = {
    "assets:bookkeeper",
    "assets:opening",
    "expenses:bank",
    placing.HELD,
    books.IN_TRANSIT,
}


def booked(since: int = 0) -> list[tuple[str, str, str, int]]:
    """(kind, debit, credit, minor units) of every transfer after the first `since`."""
    rows = Transfer.objects.order_by("pk").values_list(
        "entry__kind", "debit__code", "credit__code", "amount_minor"
    )
    return list(rows)[since:]


def pay(to, amount: int, name: str, reference: str):
    """Promise, call, pay exactly, pair."""
    call = make.called(make.pledge(to, amount, name))
    line = make.bank_line(amount * 100, call.ocr, reference=reference)
    (match,) = placing.pair_by_reference(parts=[line], by="t").placed
    return match


def standing(code: str) -> int:
    return balances.balance(Account.objects.get(code=code))


def test_money_in_is_paired_and_becomes_shares():
    roof = make.share_offering()

    pay(roof, 1500, "Ada", "r1")

    assert booked() == [
        ("bank-in", "assets:bank", "liabilities:unmatched", 150_000),
        ("pay-in", "liabilities:unmatched", "soltaket:capital:00001", 150_000),
        ("issue", "soltaket:issued", "soltaket:units:00001", 3),
    ]


def test_an_instalment_is_shared_by_what_each_has_outstanding():
    oven = make.loan_offering(schedule_type="straight", periods=12)
    pay(oven, 10_000, "Ada", "r1")
    pay(oven, 5_000, "Bo", "r2")
    plan = repayments.make_plan(vehicle=oven.vehicle, on=DAY)
    before = len(booked())

    first, second = plan.instalments.order_by("period")[:2]
    repaid = repayments.repay(instalment=first, on=first.due_on, by="t", key="1")
    line = make.bank_line(-130_000, reference="r3", on=first.due_on)
    placing.confirm(part=line, entry=repaid.entry, amount_minor=130_000, by="t")

    assert booked(before) == [
        ("repayment", "expenses:interest", "liabilities:in-transit", 5_000),
        ("repayment", "ugnen:loan:00001", "liabilities:in-transit", 83_333),
        ("repayment", "ugnen:loan:00002", "liabilities:in-transit", 41_667),
        ("bank-out", "liabilities:unmatched", "assets:bank", 130_000),
        ("bank-confirmed", "liabilities:in-transit", "liabilities:unmatched", 130_000),
    ]
    repayments.repay(instalment=second, on=second.due_on, by="t", key="2")
    assert standing("ugnen:loan:00001") == 1_000_000 - 83_333 - 83_334
    assert standing("liabilities:unmatched") == 0
    assert standing("liabilities:in-transit") == 125_000 + 4_583  # On its way out of the bank.


def test_a_surplus_is_decided_by_one_approved_by_another_and_paid():
    roof = make.share_offering()
    pay(roof, 1500, "Ada", "r1")
    pay(roof, 500, "Bo", "r2")
    owner = roof.vehicle.organisation
    dee, eva = make.user("dee", ("treasurer", owner)), make.user("eva", ("approver", owner))
    before = len(booked())

    payout = distributions.compute(
        vehicle=roof.vehicle, total=sek(100), record_on=DAY, reason="Stämman", by=dee, key="k"
    )
    assert booked(before) == []
    distributions.approve(distribution=payout, by=eva, on=DAY)
    paid = distributions.pay(distribution=payout, by=dee, on=DAY)
    line = make.bank_line(-10_000, reference="r3")
    placing.confirm(part=line, entry=paid.paid_entry, amount_minor=10_000, by="t")

    parts = payout.lines.order_by("holding__number").values_list("amount_minor", flat=True)
    assert list(parts) == [7_500, 2_500]
    assert booked(before) == [
        ("distribution-decided", "equity:retained", "liabilities:payable", 10_000),
        ("distribution-paid", "liabilities:payable", "liabilities:in-transit", 10_000),
        ("bank-out", "liabilities:unmatched", "assets:bank", 10_000),
        ("bank-confirmed", "liabilities:in-transit", "liabilities:unmatched", 10_000),
    ]
    for code in ("payable", "unmatched", "in-transit"):
        assert standing(f"liabilities:{code}") == 0


def test_a_wrong_pairing_is_undone_by_its_mirror_image():
    roof = make.share_offering()
    pay(roof, 1500, "Ada", "r1")
    wrong = pay(roof, 500, "Bo", "r2")
    before = len(booked())

    placing.undo(placement=wrong, by="t")

    assert booked(before) == [
        ("pay-in-reversed", "soltaket:capital:00002", "liabilities:unmatched", 50_000),
        ("take-back", "soltaket:units:00002", "soltaket:issued", 1),
    ]
    assert run(audit.CHECKS) == []


def test_what_is_no_payment_becomes_something_too():
    make.organisation()
    amounts = (20_000, -20_000, -4_500, 30_000, -8_000)
    came, back, fee, held, other = (
        make.bank_line(minor, reference=f"r{number}") for number, minor in enumerate(amounts)
    )
    before = len(booked())

    placing.set_off(part=came, against=back, kind=Placement.Kind.SENT_BACK, by="t")
    placing.book_fee(part=fee, amount_minor=4_500, by="t")
    placing.hold(part=held, person=make.person("Cem"), amount_minor=30_000, by="t")
    placing.leave_to_bookkeeper(part=other, amount_minor=8_000, by="t")

    assert booked(before) == [
        ("bank-sent-back", "liabilities:unmatched", "liabilities:in-transit", 20_000),
        ("bank-sent-back", "liabilities:in-transit", "liabilities:unmatched", 20_000),
        ("bank-fee", "expenses:bank", "liabilities:unmatched", 4_500),
        ("bank-held", "liabilities:unmatched", "liabilities:held", 30_000),
        ("bank-bookkeeper", "assets:bookkeeper", "liabilities:unmatched", 8_000),
    ]
    assert standing("liabilities:unmatched") == standing("liabilities:in-transit") == 0
    assert run(audit.CHECKS) == []


def test_the_page_tells_of_the_accounts_as_the_chart_has_them():
    rows = re.findall(
        r"^\| `((?:assets|liabilities|equity|expenses):[\w-]+)` \| (\w+) \| (\d{4}) \|",
        DOCS.read_text("utf-8"),
        re.MULTILINE,
    )
    make.organisation()
    first = {account.code for account in Account.objects.all()}

    assert {code for code, _kind, _bas in rows} == first | BETWEEN
    for code, kind, bas in rows:
        assert books.CHART[code] == (kind, bas)


def test_the_page_tells_of_each_role_as_its_kind_has_it():
    rows = re.findall(
        r"^\| (`<vehicle>\S.*) \| (\w+) \| ([\d, –]+) \|", DOCS.read_text("utf-8"), re.MULTILINE
    )
    kinds = make.KINDS.values()
    roles = [role for kind in kinds for role in (*kind.accounts(), *kind.own_accounts())]

    assert len(rows) > 10
    for codes, side, numbers in rows:
        told = [role for role in roles if role.role in re.findall(r":([a-z]+)", codes)]
        assert {role.kind for role in told} == {side}
        assert {role.bas or "–" for role in told} == set(numbers.split(", "))
