"""A subordinated stake: bound for five years, then two years' notice, certificate terms by hand."""

from datetime import date

import pytest

from invest import audit
from invest.kinds.refusals import AlreadyRecorded, BadTerms, HoldsNothing, TooEarly
from invest.kinds.stakes.subordinated import SubordinatedStakes
from pools.audit import run
from tests import factories as make

TERMS = {
    "price_minor": 500_000,
    "years": 5,
    "notice_months": 24,
    "dividend_pct": "4",
    "missed": "made-up",
}
PUT_IN = date(2021, 3, 15)


@pytest.fixture
def dairy(db):
    offering = make.offering("subordinated-stakes", TERMS)
    make.paid(offering, 10_000, "Ada", PUT_IN)
    make.paid(offering, 5_000, "Bo", date(2022, 1, 1))
    return offering.vehicle


def test_s2_4_it_is_paid_back_when_years_and_notice_are_both_over(dairy):
    """Put in 15 March 2021: five years end 15 March 2026. Notice of 1 May 2024 ends 1 May 2026."""
    notice = make.did(dairy, "notice", date(2024, 5, 1), holder=1)
    with pytest.raises(AlreadyRecorded):
        make.did(dairy, "notice", date(2024, 5, 2), holder=1)
    with pytest.raises(TooEarly, match="1 maj 2026"):
        make.did(dairy, "redeem", date(2026, 4, 30), notice=notice.number)

    make.did(dairy, "redeem", date(2026, 5, 1), notice=notice.number)

    assert make.sheet(dairy, "terms-by-holder", date(2026, 5, 1)) == [
        (2, date(2022, 1, 1), 500_000, date(2027, 1, 1), 20_000),
    ]
    assert run(audit.CHECKS) == []


def test_nobody_gives_notice_before_they_paid_in(dairy):
    with pytest.raises(HoldsNothing):
        make.did(dairy, "notice", date(2021, 12, 31), holder=2)  # Paid in the day after.

    assert make.did(dairy, "notice", date(2022, 1, 1), holder=2)


def test_s2_4_early_notice_does_not_shorten_the_five_years(dairy):
    notice = make.did(dairy, "notice", date(2021, 4, 1), holder=1)

    with pytest.raises(TooEarly, match="15 mars 2026"):
        make.did(dairy, "redeem", date(2026, 3, 14), notice=notice.number)


def test_the_register_tells_when_and_how_much(dairy):
    # 4 % of 10 000 kr is 400 kr a year.
    assert make.sheet(dairy, "terms-by-holder", date(2023, 1, 1)) == [
        (1, PUT_IN, 1_000_000, date(2026, 3, 15), 40_000),
        (2, date(2022, 1, 1), 500_000, date(2027, 1, 1), 20_000),
    ]


@pytest.mark.parametrize(
    "wrong", [{"years": 4}, {"notice_months": 61}, {"dividend_pct": "101"}, {"missed": "x"}]
)
def test_terms_that_the_law_or_reason_forbids_are_refused(wrong):
    with pytest.raises(BadTerms):
        SubordinatedStakes.parse({**TERMS, **wrong})
