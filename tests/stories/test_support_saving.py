"""The village hall's solar roof, carried by support savings: the worked example, through the book.

Forty savers keep 85 000 kr together for 36 months. One point a krona a month: 3 060 000 points. The
bank lends 200 000 kr over 120 months, which uses 200 000 · 121 / 2 = 12 100 000 points.
"""

from datetime import date
from fractions import Fraction

import pytest

from invest import audit
from invest.kinds.refusals import AlreadyRecorded, BadTerms, NotEnough, TooMuch
from invest.kinds.support_saving.saved import balances_on, coverage
from invest.kinds.support_saving.terms import SupportSaving
from invest.models import Action, ActionEvent
from invest.pledges import pledges
from invest.pledges.refusals import NotAsked
from invest.progress.progress import progress_of
from invest.refusals import NeedsEvidence, SecondPersonNeeded
from invest.vehicles import actions
from invest.vehicles.registers import shown_sheet
from pools.audit import run
from pools.errors import BelowFloor
from tests import factories as make
from tests.factories import DAY, sek

pytestmark = pytest.mark.django_db
TERMS = {"bank": "JAK Medlemsbank", "counts_by": "month", "factor": "1"}
START = date(2023, 1, 1)
PAID_OUT = date(2026, 1, 1)  # 36 whole months later


def saver(vehicle, name: str, on=START) -> int:
    number = actions.number_for(person=make.person(name), vehicle=vehicle, role="points", on=on)
    make.did(vehicle, "open", on, holder=number)
    return number


@pytest.fixture
def roof():
    return make.offering("support-saving", TERMS).vehicle


@pytest.fixture
def saved(roof):
    """39 savers of 2 000 kr and one of 7 000 kr: 85 000 kr together."""
    for number in range(40):
        holder = saver(roof, f"Saver {number}")
        make.did(roof, "observe", START, holder=holder, balance=200_000 if number else 700_000)
    return roof


def test_s1_3f_the_worked_example_when_the_savings_stay(saved):
    make.did(saved, "points", date(2025, 12, 31))
    make.did(saved, "loan", PAID_OUT, principal=20_000_000, months=120)

    now = actions.snapshot(saved, PAID_OUT)
    told = coverage(now)

    assert sum(balances_on(now).values()) == 8_500_000
    assert now.own("free") == 3_060_000
    assert told.points_used == 12_100_000
    # The first month has begun; 119 are to come: 119 · 85 000.
    assert told.to_come == 10_115_000
    assert told.there == 3_060_000

    make.did(saved, "points", date(2026, 1, 31))
    after = coverage(actions.snapshot(saved, date(2026, 1, 31)))
    assert after.there + after.to_come == 13_260_000
    assert round(100 * after.projected, 1) == Fraction("109.6")
    assert after.after_saving_minor == 0


def test_s1_3g_the_worked_example_when_all_withdraw_at_pay_out(saved):
    make.did(saved, "points", date(2025, 12, 31))
    make.did(saved, "loan", PAID_OUT, principal=20_000_000, months=120)
    for holder, minor in balances_on(actions.snapshot(saved, PAID_OUT)).items():
        make.did(saved, "withdraw", PAID_OUT, holder=holder, amount=minor)

    # (12 100 000 − 3 060 000) / (120 · 121 / 2) = 9 040 000 / 7 260 = 1 245.18 kr a month.
    assert coverage(actions.snapshot(saved, PAID_OUT)).after_saving_minor == 124_518


def test_s1_4_a_withdrawal_stops_new_points_and_rewrites_nothing(roof):
    ada = saver(roof, "Ada")
    make.did(roof, "observe", START, holder=ada, balance=1_000_000)
    make.did(roof, "points", date(2023, 6, 30))
    assert actions.snapshot(roof, date(2023, 6, 30)).own("free") == 60_000
    make.did(roof, "withdraw", date(2023, 7, 10), holder=ada, amount=400_000)

    make.did(roof, "points", date(2023, 8, 31))

    # July counts what stayed all of it, 6 000 kr, and so does August.
    assert make.sheet(roof, "points", date(2023, 8, 31))[-3:] == [
        ("2023-06", 1_000_000, 1, 10_000, 60_000),
        ("2023-07", 600_000, 1, 6_000, 66_000),
        ("2023-08", 600_000, 1, 6_000, 72_000),
    ]
    assert actions.snapshot(roof, date(2023, 8, 31)).own("free") == 72_000
    assert actions.snapshot(roof, date(2023, 6, 30)).own("free") == 60_000


def test_s1_2_points_follow_the_banks_terms_of_each_month():
    """The account has no factor of its own: 0.9 until 2004, 1 from 2005 (dated bank terms)."""
    by_bank = {**TERMS, "factor": "0"}
    hall = make.offering("support-saving", by_bank, since=date(2004, 11, 1)).vehicle
    ada = saver(hall, "Ada", date(2004, 11, 1))
    make.did(hall, "observe", date(2004, 11, 1), holder=ada, balance=10_000)

    assert make.sheet(hall, "points", date(2005, 1, 31)) == [
        ("2004-11", 10_000, Fraction(9, 10), 90, 90),  # 100 kr · 1 month · 0.9
        ("2004-12", 10_000, Fraction(9, 10), 90, 180),
        ("2005-01", 10_000, 1, 100, 280),
    ]


def test_12b_8_a_loan_never_uses_more_points_than_there_are(saved):
    make.did(saved, "points", date(2023, 1, 31))  # 85 000
    make.did(saved, "loan", date(2023, 2, 1), principal=20_000_000, months=120)

    with pytest.raises(NotEnough, match=r"85.000.*200.000"):
        make.did(saved, "use", date(2023, 2, 1))

    now = actions.snapshot(saved, date(2023, 2, 1))
    assert (now.own("free"), now.own("used")) == (85_000, 0)
    assert not Action.objects.filter(act="use").exists()


def test_12b_8_points_given_by_others_carry_the_loan_and_no_more(roof):
    bo = actions.number_for(person=make.person("Bo"), vehicle=roof, role="points", on=START)
    make.did(roof, "donate", START, holder=bo, points=200_000)
    make.did(roof, "loan", START, principal=20_000_000, months=120)

    make.did(roof, "use", START)
    with pytest.raises(NotEnough):
        make.did(roof, "use", date(2023, 2, 1))

    now = actions.snapshot(roof, date(2023, 2, 1))
    assert (now.own("issued"), now.own("used"), now.own("free")) == (200_000, 200_000, 0)


def test_12b_8_points_that_a_loan_has_used_are_not_taken_back(saved):
    counted = make.did(saved, "points", date(2025, 12, 31))
    make.did(saved, "loan", PAID_OUT, principal=20_000_000, months=120)
    make.did(saved, "use", PAID_OUT)

    with pytest.raises(BelowFloor):
        actions.undo(action=counted, on=PAID_OUT, by="user:1", why="Fel konto")

    now = actions.snapshot(saved, PAID_OUT)
    assert (now.own("issued"), now.own("used")) == (3_060_000, 200_000)


def test_the_loan_uses_points_month_by_month(saved):
    make.did(saved, "points", date(2025, 12, 31))
    make.did(saved, "loan", PAID_OUT, principal=20_000_000, months=120)

    make.did(saved, "use", PAID_OUT)
    assert actions.snapshot(saved, PAID_OUT).own("used") == 200_000
    make.did(saved, "use", date(2026, 3, 1))

    # 200 000 + 198 333.33 + 196 666.67 kronor owed at the start of three months.
    now = actions.snapshot(saved, date(2026, 3, 1))
    assert now.own("used") == 595_000
    assert now.own("free") == 3_060_000 - 595_000
    assert run(audit.CHECKS) == []


def test_12b_9_savings_are_never_counted_as_raised(saved):
    """A promise of support saving stands beside what is promised and paid in, never in it."""
    offering = saved.offerings.get()
    promise = make.pledge(offering, 5000, "Ada")
    pledges.confirm(pledge=promise, on=DAY, by="t")

    sums = progress_of(saved.project, DAY).sums

    assert (sums.committed_minor, sums.received_minor) == (0, 0)
    assert sums.saving_minor == 500_000
    with pytest.raises(NotAsked):
        pledges.call(pledge=promise, on=DAY, due_on=DAY, by="t")
    pledges.deliver(pledge=promise, on=DAY, by="t")
    assert progress_of(saved.project, DAY).sums.saving_minor == 500_000
    assert run(audit.CHECKS) == []


def test_a_pools_points_go_to_who_meets_the_criteria(roof):
    ada = saver(roof, "Kommunen")
    make.did(roof, "observe", START, holder=ada, balance=10_000_000)
    make.did(roof, "points", date(2023, 12, 31))  # 1 200 000
    yes = make.did(roof, "apply", DAY, what="Bygdegården, värmepump", points=500_000, meets="yes")
    no = make.did(roof, "apply", DAY, what="Ett bolag i stan", points=9, meets="no")

    with pytest.raises(BadTerms, match="kriterierna"):
        make.did(roof, "decide", DAY, application=no.number, says="yes", points=None)
    make.did(roof, "decide", DAY, application=no.number, says="no", points=None)
    make.did(roof, "decide", DAY, application=yes.number, says="yes", points=400_000)

    assert [row[-1] for row in make.sheet(roof, "applications")] == [400_000, 0]
    assert actions.snapshot(roof, DAY).own("free") == 800_000
    with pytest.raises(AlreadyRecorded):
        make.did(roof, "decide", DAY, application=yes.number, says="yes", points=1)


def test_a_decision_needs_two_persons(roof):
    asked = make.did(roof, "apply", DAY, what="Bygdegården", points=5, meets="yes")
    facts = {"application": asked.number, "says": "no", "points": None}
    action = actions.do(
        vehicle=roof, act="decide", facts=facts, on=DAY, by="user:1", key="d", evidence="§ 4"
    )

    assert action.state == ActionEvent.State.PROPOSED
    assert make.sheet(roof, "applications")[0][4] == "inte ännu"
    with pytest.raises(SecondPersonNeeded):
        actions.approve(action=action, by="user:1")
    actions.refuse(action=action, by="user:2")
    assert Action.objects.get(pk=action.pk).state == ActionEvent.State.REFUSED


def test_12b_10_a_balance_needs_its_paper_and_an_account(roof):
    ada = saver(roof, "Ada")
    facts = {"holder": ada, "balance": 100}
    with pytest.raises(NeedsEvidence):
        actions.do(vehicle=roof, act="observe", facts=facts, on=DAY, by="t", key="k")
    with pytest.raises(AlreadyRecorded):
        make.did(roof, "open", holder=ada)
    make.did(roof, "observe", holder=ada, balance=100)
    with pytest.raises(TooMuch):
        make.did(roof, "withdraw", holder=ada, amount=101)


def test_what_was_wrong_is_undone_and_stays_on_record(roof):
    ada = saver(roof, "Ada")
    make.did(roof, "observe", START, holder=ada, balance=1_000_000)
    counted = make.did(roof, "points", date(2023, 1, 31))
    assert actions.snapshot(roof, DAY).own("free") == 10_000

    actions.undo(action=counted, on=date(2023, 2, 1), by="user:1", why="Fel konto")

    assert actions.snapshot(roof, DAY).own("free") == 0
    assert actions.snapshot(roof, date(2023, 1, 31)).own("free") == 10_000  # as it was
    assert run(audit.CHECKS) == []


def test_the_register_tells_how_old_a_balance_is(roof):
    ada = saver(roof, "Ada", DAY)
    make.did(roof, "observe", DAY, holder=ada, balance=150_000)

    assert make.sheet(roof, "register") == [(ada, DAY, 150_000, DAY, "", 0)]
    later = shown_sheet(roof, "register", date(2027, 3, 1))
    assert [cell.text for cell in later.rows[0]][4] == "gammal"


@pytest.mark.parametrize(
    "wrong", [{"counts_by": "week"}, {"factor": "11"}, {"factor": "-1"}, {"bank": "x" * 81}]
)
def test_terms_that_make_no_sense_are_refused(wrong):
    with pytest.raises(BadTerms):
        SupportSaving.parse({**TERMS, **wrong})


def test_an_offer_is_in_kronor_of_savings(roof):
    assert sek(5000) in [sek(minor // 100) for minor in SupportSaving.parse(TERMS).suggestions()]
