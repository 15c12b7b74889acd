"""A village shop of 80 owners, by hand: issue, share register, transfer, redemption, dividend."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invest import audit
from invest.kinds.actions import Change, Done, Snapshot
from invest.kinds.company_shares.numbers import blocks, owns
from invest.kinds.company_shares.terms import CompanyShares
from invest.kinds.refusals import (
    BadTerms,
    NotHeld,
    NothingNew,
    OfferFirst,
    OverCeiling,
    TooEarly,
    UndoLaterFirst,
)
from invest.models import Setting
from invest.payouts import distributions
from invest.vehicles import actions
from invest.vehicles.refusals import HolderGone
from pools import book
from pools.audit import run
from pools.errors import PeriodLocked
from tests import factories as make
from tests.factories import DAY, sek

pytestmark = pytest.mark.django_db
TERMS = {"price_minor": 125_000, "quota_minor": 100_000, "limit": "svb", "hembud_days": 60}
REGISTERED = date(2026, 12, 1)


@pytest.fixture
def shop():
    return make.offering("company-shares", TERMS)


@pytest.fixture
def issued(shop):
    """Ada buys four shares and Bo two, registered on the first of December."""
    make.paid(shop, 5000, "Ada")
    make.paid(shop, 2500, "Bo")
    make.did(shop.vehicle, "register-issue", REGISTERED)
    return shop.vehicle


def test_paid_money_becomes_shares_when_the_issue_is_registered(shop):
    ada, bo = make.paid(shop, 5000, "Ada"), make.paid(shop, 2500, "Bo")
    rows = make.sheet(shop.vehicle, "register")
    assert [row[2:] for row in rows] == [(500_000, 0, 0), (250_000, 0, 0)]
    assert make.sheet(shop.vehicle, "aktiebok") == []

    make.did(shop.vehicle, "register-issue", REGISTERED)

    # 4 · 1 000 kr of share capital and 4 · 250 kr of premium; 2 · 1 000 and 2 · 250.
    rows = make.sheet(shop.vehicle, "register", REGISTERED)
    assert [row[2:] for row in rows] == [(0, 400_000, 4), (0, 200_000, 2)]
    assert actions.snapshot(shop.vehicle, REGISTERED).own("premium") == 150_000
    assert make.sheet(shop.vehicle, "aktiebok", REGISTERED) == [
        (ada, 1, 4, 4, "–", REGISTERED, "", ada, ada),
        (bo, 5, 6, 2, "–", REGISTERED, "", bo, bo),
    ]
    assert run(audit.CHECKS) == []
    with pytest.raises(NothingNew):
        make.did(shop.vehicle, "register-issue", REGISTERED)


def test_owners_are_asked_before_somebody_new(issued):
    ada, bo = 1, 2
    cem = actions.number_for(person=make.person("Cem"), vehicle=issued, role="units", on=REGISTERED)
    sale = {"seller": ada, "buyer": cem, "first": 2, "last": 3, "price": 130_000}

    with pytest.raises(OfferFirst):
        make.did(issued, "transfer", date(2027, 1, 1), **sale)
    offer = {"seller": ada, "first": 1, "last": 4, "price": 130_000}
    make.did(issued, "offer-to-owners", date(2027, 1, 1), **offer)
    with pytest.raises(TooEarly):
        make.did(issued, "transfer", date(2027, 3, 1), **sale)
    make.did(issued, "transfer", date(2027, 3, 2), **sale)
    # An owner already may buy at once.
    again = {"seller": ada, "buyer": bo, "first": 4, "last": 4, "price": None}
    make.did(issued, "transfer", date(2027, 3, 3), **again)

    assert [
        (row[0], row[1], row[2]) for row in make.sheet(issued, "aktiebok", date(2027, 3, 3))
    ] == [
        (ada, 1, 1),
        (cem, 2, 3),
        (bo, 4, 4),
        (bo, 5, 6),
    ]
    # The register of any day before is as it was.
    assert [row[:3] for row in make.sheet(issued, "aktiebok", REGISTERED)] == [
        (ada, 1, 4),
        (bo, 5, 6),
    ]
    assert run(audit.CHECKS) == []


@pytest.mark.parametrize(("first", "last"), [(1, 5), (5, 6), (0, 1), (3, 2), (7, 9)])
def test_12b_7_numbers_that_are_not_the_sellers_are_refused(issued, first, last):
    with pytest.raises(NotHeld):
        make.did(issued, "transfer", REGISTERED, seller=1, buyer=2, first=first, last=last)


def test_nobody_sells_to_a_holder_who_is_gone(issued):
    issued.holdings.filter(number=2).update(person=None)

    with pytest.raises(HolderGone):
        make.did(issued, "transfer", REGISTERED, seller=1, buyer=2, first=1, last=1)


def test_nothing_is_entered_in_a_locked_period(issued):
    book.lock_period(ledger=issued.pool.ledger, until=date(2026, 12, 31))

    with pytest.raises(PeriodLocked):
        make.did(issued, "note", date(2026, 12, 31), first=1, last=2, text="Aktiebrev")
    make.did(issued, "note", date(2027, 1, 1), first=1, last=2, text="Aktiebrev utfärdat")
    assert [row[6] for row in make.sheet(issued, "aktiebok", date(2027, 1, 1))] == [
        "Aktiebrev utfärdat",
        "",
        "",
    ]


def test_redeemed_shares_are_paid_and_their_numbers_rest(issued):
    make.did(issued, "redeem", date(2027, 5, 1), holder=2, first=5, last=6, price=120_000)

    now = actions.snapshot(issued, date(2027, 5, 1))
    assert (now.held("units"), now.own("issued")) == ({1: 4, 2: 0}, 4)
    assert now.held_by("capital", 2) == 0
    assert [row[1:3] for row in make.sheet(issued, "aktiebok", date(2027, 5, 1))] == [(1, 4)]
    # New shares get new numbers.
    make.paid(issued.offerings.get(), 1250, "Dee", date(2027, 6, 1))
    make.did(issued, "register-issue", date(2027, 7, 1))
    assert [row[1:3] for row in make.sheet(issued, "aktiebok", date(2027, 7, 1))] == [
        (1, 4),
        (7, 7),
    ]
    assert run(audit.CHECKS) == []


def test_an_issue_is_not_undone_under_later_entries(issued):
    issue = issued.actions.get(act="register-issue")
    sold = make.did(issued, "transfer", REGISTERED, seller=1, buyer=2, first=1, last=1)

    with pytest.raises(UndoLaterFirst, match=str(sold.number)):
        actions.undo(action=issue, on=REGISTERED, by="user:1", why="Fel dag")
    actions.undo(action=sold, on=REGISTERED, by="user:1", why="Fel köpare")
    actions.undo(action=issue, on=REGISTERED, by="user:1", why="Fel dag")

    assert make.sheet(issued, "aktiebok", REGISTERED) == []
    assert run(audit.CHECKS) == []


# --- Dividend -------------------------------------------------------------------------------------


def test_s2_2d_the_ceiling_of_an_svb_company(issued):
    """7 500 kr paid in at the year's end, state loan rate 2.5 %: 3.5 % of 7 500 = 262.50 kr."""
    Setting.objects.create(
        key="state-loan-rate-pct", valid_from=date(2026, 11, 30), value="2.5", source="test"
    )
    dee, eva = make.user("dee"), make.user("eva")
    day = date(2027, 5, 2)
    told = {"vehicle": issued, "record_on": day, "reason": "Stämman § 9", "by": dee}

    with pytest.raises(OverCeiling, match="262,50"):
        distributions.compute(total=sek("262.51"), key="k1", **told)
    payout = distributions.compute(total=sek("262.50"), key="k2", **told)
    distributions.approve(distribution=payout, by=eva, on=day)

    assert [line.amount_minor for line in payout.lines.all()] == [17_500, 8_750]
    assert make.sheet(issued, "svb-room", day)[-1] == (
        "2027", 750_000, Decimal("2.5"), 26_250, 26_250, 0,
    )  # fmt: skip
    with pytest.raises(OverCeiling):
        distributions.compute(total=sek(1), key="k3", **told)
    # Unused room of a year lives on for five years.
    assert (
        actions.snapshot(issued, date(2028, 1, 1)).kind.ceiling(
            actions.snapshot(issued, date(2028, 1, 1))
        )
        == 26_250
    )


def test_an_ordinary_company_has_no_such_ceiling():
    vehicle = make.offering("company-shares", {**TERMS, "limit": "none"}).vehicle
    now = actions.snapshot(vehicle, DAY)

    assert now.kind.ceiling(now) is None
    assert make.sheet(vehicle, "svb-room") == []


@pytest.mark.parametrize(
    "wrong",
    [{"quota_minor": 125_001}, {"limit": "x"}, {"hembud_days": 367}, {"share_class": "C"}],
)
def test_terms_that_contradict_are_refused(wrong):
    with pytest.raises(BadTerms):
        CompanyShares.parse({**TERMS, **wrong})


# --- Numbers, whatever happens --------------------------------------------------------------------


@st.composite
def histories(draw) -> Snapshot:
    """Issues and transfers in any order; a transfer moves numbers that its seller has."""
    kind = CompanyShares.parse(TERMS)
    now = Snapshot(as_of=DAY, terms=((date(2020, 1, 1), kind),))
    for number in range(1, draw(st.integers(1, 8)) + 1):
        on = date(2020, 1, 1) + timedelta(days=number)
        owned = [b for b in blocks(now) if b.holder]
        if not owned or draw(st.booleans()):
            given = draw(st.dictionaries(st.integers(1, 4), st.integers(1, 9), min_size=1))
            changes = [
                Change(on, "units", who, n, "register-issue", number) for who, n in given.items()
            ]
            done = Done(number, "register-issue", on, {})
            now = Snapshot(now.as_of, now.terms, (*now.done, done), (*now.changes, *changes))
        else:
            block = draw(st.sampled_from(owned))
            first = draw(st.integers(block.first, block.last))
            last = draw(st.integers(first, block.last))
            facts = {
                "seller": block.holder,
                "buyer": draw(st.integers(1, 5)),
                "first": first,
                "last": last,
            }
            done = Done(number, "transfer", on, facts)
            now = Snapshot(now.as_of, now.terms, (*now.done, done), now.changes)
    return now


@given(histories())
def test_12b_7_numbers_have_no_gaps_and_no_overlaps(now):
    held = blocks(now)

    assert [b.first for b in held] == [1, *(b.last + 1 for b in held[:-1])]
    assert sum(b.shares for b in held) == sum(c.amount for c in now.changes)
    assert all(owns(now, b.holder, b.first, b.last) for b in held)
