"""What must hold whatever happens, attacked one rule at a time. The numbers: docs/rules.md."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from moneyed import Money

from invest import dated_settings
from invest.kinds.refusals import TooMuch
from invest.models import Call, DistributionLine, Holding, Pledge, Setting
from invest.payouts import distributions, repayments
from invest.people import Giver, give_consent, withdraw_consent
from invest.pledges import pledges
from invest.progress.progress import progress_of
from invest.treasury import placing
from invest.vehicles import actions, offerings
from pools import balances
from pools.errors import BelowFloor, NotKronor, UnevenLedgers
from pools.models import BankLine, Entry, Part, Unit
from reports import figures
from reports.figures import fair_frames
from tests import factories as make
from tests.factories import DAY, sek
from tests.strategies import examples

pytestmark = pytest.mark.django_db
SAVING = {"bank": "JAK Medlemsbank", "counts_by": "month", "factor": "1"}
FUND = {"buffer_pct": 10, "most_per_borrower_minor": 20_000_000, "most_cover_pct": 80}


def is_paid_as_received(pledge: Pledge) -> bool:
    """Paid means received in full, and no more is received than was called."""
    received = placing.received_minor(pledge)
    now = pledges.latest(pledge)
    called = sum(Call.objects.filter(pledge=pledge).values_list("amount_minor", flat=True))
    return (now.to_state == "paid") == (received >= now.amount_minor) and received <= called


@examples(20)
@given(st.lists(st.integers(1, 90_000), min_size=1, max_size=5), st.randoms())
def test_12b_2_paid_is_received_in_full_at_every_step(parts, chance):
    with transaction.atomic():
        call = make.called(make.pledge(make.loan_offering(), 1500))
        line, pairs = make.bank_line(400_000), []

        for part in parts:
            amount = min(part, placing.open_on_call(call))
            if amount:
                pairs.append(pair(line, call, amount))
                assert is_paid_as_received(call.pledge)
        chance.shuffle(pairs)
        for made in pairs:
            placing.undo(placement=made, by="t")
            assert is_paid_as_received(call.pledge)

        assert placing.received_minor(call.pledge) == 0
        transaction.set_rollback(True)


def test_12b_2_no_more_is_received_than_was_called():
    call = make.called(make.pledge(make.loan_offering(), 1500))
    line = make.bank_line(200_000)

    with pytest.raises(TooMuch):
        pair(line, call, 150_001)
    pair(line, call, 150_000)
    with pytest.raises(TooMuch):
        pair(line, call, 1)

    assert placing.received_minor(call.pledge) == 150_000


def pair(line: Part, call: Call, amount_minor: int):
    return placing.pay(part=line, call=call, amount_minor=amount_minor, by="t")


def test_12b_3_a_line_pays_no_more_than_it_is():
    oven = make.loan_offering()
    ada, bo = (make.called(make.pledge(oven, 1000, name)) for name in ("Ada", "Bo"))
    line = make.bank_line(150_000)

    pair(line, ada, 100_000)
    with pytest.raises(TooMuch):
        pair(line, bo, 50_001)
    pair(line, bo, 50_000)

    assert (placing.left_of(line), placing.open_on_call(bo)) == (0, 50_000)


def test_12b_3_a_line_is_kept_once_past_the_verb():
    make.organisation()
    first, second = (
        make.bank_line(100, reference=reference).movement.lines.get() for reference in ("r1", "r2")
    )

    with pytest.raises(IntegrityError, match="statement"), transaction.atomic():
        BankLine.objects.filter(pk=second.pk).update(statement=first.statement)

    assert first.statement.lines.count() == 1


def test_12b_4_a_new_plan_begins_with_what_is_outstanding():
    oven = make.loan_offering(schedule_type="straight", periods=12)
    make.paid(oven, 12_000)
    first = repayments.make_plan(vehicle=oven.vehicle, on=DAY)
    due = first.instalments.get(period=1)
    repayments.repay(instalment=due, on=due.due_on, by="t", key="1")

    terms = {**offerings.terms(oven.vehicle, DAY).dump(), "periods": 24}
    second = repayments.restructure(
        vehicle=oven.vehicle, terms=terms, on=due.due_on + timedelta(days=90), reason="Sent"
    )

    # Beside a row of the interest so far, which is due on the day.
    parts = [row.principal_minor for row in second.instalments.filter(period__gte=1)]
    assert (len(parts), sum(parts), second.principal_minor) == (24, 1_100_000, 1_100_000)
    assert sum(row.principal_minor for row in first.instalments.all()) == 1_200_000


def test_12b_5_the_book_refuses_to_repay_more_than_is_out():
    oven = make.loan_offering()
    make.paid(oven, 1000)
    ada = Holding.objects.get().account
    bank = ada.ledger.accounts.get(code="assets:bank")

    with pytest.raises(BelowFloor):
        make.post(ada, bank, 100_001, "too-much")

    assert balances.balance(ada) == 100_000


def test_12b_5_no_part_of_a_payout_is_below_zero_past_the_verb():
    roof = make.share_offering()
    make.paid(roof, 1000)
    told = {"vehicle": roof.vehicle, "record_on": DAY, "reason": "Utdelning", "key": "k"}
    distributions.compute(total=sek(100), by=make.user("Dee"), **told)

    with pytest.raises(IntegrityError, match="not_negative"), transaction.atomic():
        DistributionLine.objects.update(amount_minor=-1)

    assert DistributionLine.objects.get().amount_minor == 10_000


def test_12b_9_a_fairs_report_counts_no_support_savings():
    saving = make.offering("support-saving", SAVING).vehicle
    fair = make.fair(owner=saving.organisation, of=(saving.project,))
    promise = make.pledge(saving.offerings.get(), 5000, fair=fair)
    pledges.confirm(pledge=promise, on=DAY, by="t")

    told = fair_frames(fair, DAY)

    assert figures.raised_by_project(told)["committed_minor"].tolist() == [0]
    assert figures.funnel(told)["amount_minor"].tolist() == [0, 0, 0, 0]
    assert figures.finance_mix(told).set_index("kind").loc["savers", "amount_minor"] == 0


def test_12b_9_a_guarantee_is_no_cash():
    fund = make.offering("microfund", FUND).vehicle
    make.paid(fund.offerings.get(), 100_000)
    before = progress_of(fund.project, DAY).sums
    asked = make.did(fund, "application", what="Bageri", amount=4_000_000)
    granted = {"application": asked.number, "says": "granted", "amount": 4_000_000}
    cem = actions.number_for(person=make.person("Cem"), vehicle=fund, role="claim", on=DAY)
    facts = {"debtor": cem, "lender": "Ekobanken", "bank_loan": 5_000_000, "cover_pct": 80}
    entries = Entry.objects.count()

    given_by = make.did(fund, "decision", **granted).number
    make.did(fund, "guarantee", decision=given_by, until=DAY + timedelta(days=365), **facts)

    assert progress_of(fund.project, DAY).sums == before
    assert before.received_minor == 10_000_000
    assert Entry.objects.count() == entries


def test_12b_11_a_name_is_gone_when_its_consent_is(client):
    promise = make.pledge(make.share_offering(), 1000, "Ada Lindgren")
    pledges.confirm(pledge=promise, on=DAY, by="t")
    address = promise.offering.vehicle.project.get_absolute_url()
    told = {"person": promise.person, "kind": "publish-name"}

    shown = []
    for step in (None, give_consent, withdraw_consent):
        if step:
            step(**told, at=promise.submitted_at)
        shown.append("Ada Lindgren" in client.get(address).content.decode())

    assert shown == [False, True, False]


def test_12b_13_a_setting_counts_from_its_day():
    Setting.objects.create(key="reflection-days", valid_from=DAY, value=30, source="test")
    roof, eve = make.share_offering(), DAY - timedelta(days=1)

    before = make.pledge(roof, 500, "Ada", on=eve)
    after = make.pledge(roof, 500, "Bo", on=DAY)

    assert before.withdraw_until == eve + timedelta(days=14)
    assert after.withdraw_until == DAY + timedelta(days=30)


def test_12b_13_before_its_first_day_a_setting_is_not_guessed():
    first = dated_settings.row("reflection-days", date(2000, 1, 1))

    with pytest.raises(Setting.DoesNotExist):
        dated_settings.value("reflection-days", date(1999, 12, 31))

    assert (first.value, "2005:59" in first.source) == (14, True)


def test_12b_13_a_setting_has_one_value_a_day():
    with pytest.raises(IntegrityError), transaction.atomic():
        Setting.objects.create(
            key="reflection-days", valid_from=date(2000, 1, 1), value=1, source="test"
        )

    assert dated_settings.value("reflection-days", DAY) == 14


def test_12b_14_units_are_never_mixed_in_an_entry():
    assert Unit.objects.filter(code="HOUR").exists()
    bank = make.account(make.ledger(), "bank")
    work = make.account(make.ledger("hours", "HOUR"), "work", make.LIABILITY)

    with pytest.raises(UnevenLedgers):
        make.post(bank, work, 1, "mixed")

    assert not Entry.objects.exists()


def test_12b_14_a_promise_in_another_currency_is_refused():
    roof = make.share_offering()
    told = {"offering": roof, "giver": Giver("Ada"), "key": "k", "key_owner": "t", "by": "t"}

    with pytest.raises(NotKronor):
        pledges.submit(amount=Money("1000", "EUR"), on=DAY, **told)

    assert not Pledge.objects.exists()
