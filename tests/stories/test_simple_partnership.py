"""Three neighbours and a wood chipper: an agreement, two years, and how it is settled, by hand."""

from datetime import date

import pytest

from invest import audit
from invest.kinds.refusals import (
    AlreadyRecorded,
    BadTerms,
    ConsentMissing,
    HoldsNothing,
    NothingOwed,
    TooEarly,
    TooMuch,
)
from invest.kinds.simple_partnership.terms import SimplePartnership
from invest.refusals import NeedsEvidence
from invest.vehicles import actions
from pools.audit import run
from pools.models import Transfer
from tests import factories as make

TERMS = {"keeper": "Ada", "agreement": "Avtal 1 januari 2025", "notice_months": 6}
START = date(2025, 1, 1)
NET = {"debts": None, "provisions": None}
JOINS = {"what": "cash", "due_on": None, "profit_key": None, "loss_key": None}


def join(vehicle, name: str, amount: int, on=START, consents=(), **more) -> int:
    number = actions.number_for(
        person=make.person(name), vehicle=vehicle, role="contribution", on=on
    )
    facts = {**JOINS, "holder": number, "amount": amount, "consents": list(consents), **more}
    make.did(vehicle, "partner-in", on, **facts)
    return number


@pytest.fixture
def chipper(db):
    """Ada puts in 60 000 kr of money, Bo a tractor for 20 000 kr, Cem work for 10 000 kr."""
    offering = make.offering("simple-partnership", TERMS)
    vehicle = offering.vehicle
    join(vehicle, "Ada", 6_000_000)
    join(vehicle, "Bo", 2_000_000, consents=[1])
    join(vehicle, "Cem", 1_000_000, consents=[1, 2])
    make.paid(offering, 60_000, "Ada", START)
    make.did(vehicle, "contribute", START, holder=2, what="property", amount=2_000_000)
    make.did(vehicle, "contribute", START, holder=3, what="work", amount=1_000_000)
    return vehicle


def test_what_each_has_put_in(chipper):
    rows = make.sheet(chipper, "partners", START)

    assert [(row[0], row[3], row[4], row[5]) for row in rows] == [
        (1, 6_000_000, 6_000_000, 0),
        (2, 2_000_000, 2_000_000, 0),
        (3, 1_000_000, 1_000_000, 0),
    ]
    assert run(audit.CHECKS) == []


def test_s3a_nobody_joins_without_everyones_consent(chipper):
    with pytest.raises(ConsentMissing, match="3"):
        join(chipper, "Dee", 100, consents=[1, 2])
    with pytest.raises(AlreadyRecorded):
        make.did(chipper, "partner-in", holder=1, amount=1, consents=[1, 2, 3], **JOINS)
    assert join(chipper, "Dan", 100, consents=[1, 2, 3]) == 5


def test_s3b_decisions_need_all_unless_they_cannot_wait(chipper):
    facts = {"what": "Köpa en större flishugg", "consents": [1, 3]}
    with pytest.raises(ConsentMissing, match="2"):
        make.did(chipper, "decide", START, sort="management", **facts)
    make.did(chipper, "decide", START, sort="urgent", **facts)

    assert [1, 3] in [row[3] for row in make.sheet(chipper, "decisions", START)]


def test_s3c_only_those_who_took_part_in_a_contract_are_bound(chipper):
    facts = {"what": "Leasing av lastbil", "amount": 500_000, "jointly": "yes"}
    make.did(chipper, "contract", START, partners=[1, 2], **facts)

    assert make.sheet(chipper, "contracts", START)[0][3] == [1, 2]
    with pytest.raises(BadTerms):
        make.did(chipper, "contract", START, partners=[9], **facts)


def test_s3d_nobody_must_give_more_than_agreed(chipper):
    with pytest.raises(TooMuch):
        make.did(chipper, "contribute", START, holder=2, what="work", amount=1)


def test_s3e_outlays_carry_interest_at_the_reference_rate_and_two_points(chipper):
    """10 000 kr from 1 January to 31 December 2025: 3 % and 2.5 % by half-year, two points more.

    181 days at 5 % = 247.95; 183 days at 4.5 % = 225.62; in all 473.56 (473.5616).
    """
    outlay = {"holder": 2, "what": "Diesel", "amount": 1_000_000}
    make.did(chipper, "outlay", START, **outlay)

    make.did(chipper, "outlay-interest", date(2025, 12, 31))

    assert actions.snapshot(chipper, date(2025, 12, 31)).held_by("outlay", 2) == 1_047_356
    with pytest.raises(NothingOwed):
        make.did(chipper, "outlay-interest", date(2025, 12, 31))
    with pytest.raises(TooMuch):
        make.did(chipper, "repay-outlay", date(2026, 1, 1), holder=2, amount=1_047_357)
    make.did(chipper, "repay-outlay", date(2026, 1, 1), holder=2, amount=1_047_356)
    assert actions.snapshot(chipper, date(2026, 1, 1)).all_held("outlay") == 0
    assert run(audit.CHECKS) == []


def test_s3f_a_late_contribution_owes_reference_rate_and_eight_points(db):
    vehicle = make.offering("simple-partnership", TERMS).vehicle
    join(vehicle, "Ada", 1_000_000, due_on=date(2025, 1, 31))

    # 10 000 kr · 11 % · 334/365 = 1 006.58.
    row = make.sheet(vehicle, "partners", date(2025, 12, 31))[0]
    assert (row[5], row[6]) == (1_000_000, 100_658)


def test_s3n_what_is_put_in_carries_no_interest(chipper):
    rows = make.sheet(chipper, "partners", date(2026, 12, 31))

    assert [(row[4], row[6]) for row in rows] == [(6_000_000, 0), (2_000_000, 0), (1_000_000, 0)]


def test_s3g_the_result_is_shared_equally_unless_agreed(chipper):
    make.did(chipper, "result", date(2026, 2, 1), year=2025, sort="profit", amount=900_001)

    assert make.sheet(chipper, "results", date(2026, 2, 1)) == [
        (1, "2025", 300_001),
        (2, "2025", 300_000),
        (3, "2025", 300_000),
    ]
    with pytest.raises(AlreadyRecorded):
        make.did(chipper, "result", date(2026, 2, 2), year=2025, sort="loss", amount=1)
    with pytest.raises(TooMuch):
        make.did(chipper, "draw", date(2026, 2, 2), holder=3, amount=300_001)
    make.did(chipper, "draw", date(2026, 2, 2), holder=3, amount=300_000)
    assert actions.snapshot(chipper, date(2026, 2, 2)).held("result") == {
        1: 300_001,
        2: 300_000,
        3: 0,
    }


def test_s3h_a_basis_agreed_for_profit_serves_for_loss_too(db):
    vehicle = make.offering("simple-partnership", TERMS).vehicle
    join(vehicle, "Ada", 100, profit_key=3)
    join(vehicle, "Bo", 100, consents=[1], profit_key=1)

    make.did(vehicle, "result", date(2026, 2, 1), year=2025, sort="loss", amount=400)

    assert actions.snapshot(vehicle, date(2026, 2, 1)).held("result") == {1: -300, 2: -100}


def dissolve(vehicle, kr: int, **more):
    facts = {**NET, "assets": kr * 100, **more}
    return make.did(vehicle, "dissolve", date(2026, 12, 31), **facts)


def test_s3i_settlement_with_a_profit(chipper):
    """120 000 kr: 30 000 more than the 90 000 put in, shared equally: 70, 30 and 20 thousand."""
    dissolve(chipper, 150_000, debts=2_000_000, provisions=1_000_000)

    now = actions.snapshot(chipper, date(2026, 12, 31))
    assert now.all_held("contribution") == 0
    assert paid_out(chipper) == [7_000_000, 3_000_000, 2_000_000]
    assert run(audit.CHECKS) == []


def test_s3j_settlement_with_a_loss(chipper):
    """60 000 kr: 30 000 less than put in, lost equally: 50, 10 and 0 thousand."""
    dissolve(chipper, 60_000)

    assert paid_out(chipper) == [5_000_000, 1_000_000, 0]


def test_s3k_a_partner_whose_loss_is_larger_owes_the_rest(chipper):
    """45 000 kr: 45 000 less, 15 000 each: 45 000, 5 000, and Cem owes 5 000."""
    dissolve(chipper, 45_000)

    assert paid_out(chipper) == [4_500_000, 500_000, -500_000]
    assert actions.snapshot(chipper, date(2026, 12, 31)).held("result")[3] == -500_000


def paid_out(vehicle) -> list[int]:
    """Öre to each partner at the end; the bank has paid the same sum."""
    rows = make.sheet(vehicle, "settlement", date(2026, 12, 31))
    paid = Transfer.objects.filter(
        entry__kind="dissolve", credit__code="liabilities:in-transit"
    ).values_list("amount_minor", flat=True)
    assert sum(paid) == sum(max(0, row[4]) for row in rows)
    return [row[4] for row in rows]


def test_s3l_who_leaves_is_settled_with_when_the_notice_is_over(chipper):
    notice = make.did(chipper, "leave", date(2026, 1, 15), holder=3)
    facts = {**NET, "leaving": notice.number, "assets": 12_000_000}
    with pytest.raises(TooEarly, match="15 juli 2026"):
        make.did(chipper, "settle-exit", date(2026, 7, 14), **facts)

    make.did(chipper, "settle-exit", date(2026, 7, 15), **facts)

    # 120 000 kr less 90 000 put in: 10 000 each; Cem gets 20 000 and the others go on.
    assert actions.snapshot(chipper, date(2026, 7, 15)).held("contribution")[3] == 0
    assert [row[2] for row in make.sheet(chipper, "partners", date(2026, 7, 15))] == [
        None,
        None,
        date(2026, 7, 15),
    ]
    with pytest.raises(AlreadyRecorded):
        make.did(chipper, "settle-exit", date(2026, 7, 16), **facts)
    with pytest.raises(HoldsNothing):
        make.did(chipper, "outlay", date(2026, 7, 16), holder=3, what="x", amount=1)
    assert run(audit.CHECKS) == []


def test_s3m_debts_to_partners_are_paid_before_it_ends(chipper):
    make.did(chipper, "outlay", START, holder=1, what="Diesel", amount=100)

    with pytest.raises(BadTerms):
        dissolve(chipper, 90_000)


def test_12b_10_joining_rests_on_a_paper(chipper):
    facts = {**JOINS, "holder": 1, "amount": 1, "consents": [1, 2, 3]}
    with pytest.raises(NeedsEvidence):
        actions.do(vehicle=chipper, act="partner-in", facts=facts, on=START, by="t", key="k")


@pytest.mark.parametrize("wrong", [{"keeper": ""}, {"agreement": ""}, {"notice_months": 61}])
def test_terms_that_say_too_little_are_refused(wrong):
    with pytest.raises(BadTerms):
        SimplePartnership.parse({**TERMS, **wrong})
