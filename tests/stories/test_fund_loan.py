"""A fund's loan from pay-out to the last öre, as an accountant would follow it by hand.

12 000 kr at 12 % a year in twelve equal parts, paid out on 31 January 2024, due on the last of each
month, 30E/360: a month of 30 days on the whole loan is 120 kr.

| Day | What happens | Interest | Principal | Ahead | Left |
|---|---|---|---|---|---|
| 27 February | 1 000 kr, two days early | | | 1 000.00 | 12 000.00 |
| 29 February | due: 29 days, 1 000 kr; what is ahead pays | 116.00 | 884.00 | 0.00 | 11 116.00 |
| 5 March | the 116 kr that were lacking | | 116.00 | 0.00 | 11 000.00 |
| 15 March | 2 058.67 early: 16 days on 11 000 | 58.67 | 2 000.00 | 0.00 | 9 000.00 |
| 25 March | 1 030 kr early: 10 days on 9 000 kr | 30.00 | 1 000.00 | 0.00 | 8 000.00 |
| 31 March | due: 5 days on 8 000 kr, and a part of eleven | 13.33 | 727.28 | 0.00 | 7 272.72 |
| 10 April | new plan at 6 %, ten parts; 10 days at 12 %, 24.24 kr, are due | | | | |
| 10 April | 24.24 kr paid | 24.24 | | 0.00 | 7 272.72 |
| 10 May | due: a month at 6 % on 7 272.72 kr | 36.36 | 727.28 | 0.00 | 6 545.44 |
| 25 May | paid off after 15 days, with 10 kr too much | 16.36 | 6 545.44 | 10.00 | 0.00 |
"""

from datetime import date

import pytest

from invest import audit
from invest.kinds.microfund.lending import stories
from invest.vehicles import actions
from pools import balances
from pools.audit import run
from pools.models import Account
from tests import factories as make
from tests.invest.kinds.test_fund_books import PLAN, lent, pays
from tests.invest.kinds.test_fund_books import a_fund as new_fund

# Day, what is paid (or "plan"), early; then interest and principal so far, ahead and left, in öre.
LIFE = [
    ("2024-02-27", 100_000, "no", (0, 0, 100_000, 1_200_000)),
    ("2024-02-29", None, "", (11_600, 88_400, 0, 1_111_600)),
    ("2024-03-05", 11_600, "no", (11_600, 100_000, 0, 1_100_000)),
    ("2024-03-15", 205_867, "yes", (17_467, 300_000, 0, 900_000)),
    ("2024-03-25", 103_000, "yes", (20_467, 400_000, 0, 800_000)),
    ("2024-03-31", 74_061, "no", (21_800, 472_728, 0, 727_272)),
    ("2024-04-10", "plan", "", (21_800, 472_728, 0, 727_272)),
    ("2024-04-10", 2_424, "no", (24_224, 472_728, 0, 727_272)),
    ("2024-05-10", 76_364, "no", (27_860, 545_456, 0, 654_544)),
    ("2024-05-25", 657_180, "yes", (29_496, 1_200_000, 1_000, 0)),
]


@pytest.fixture
def fund(db):
    return new_fund()


def live(fund, loan: int, on: date, what, early: str) -> None:
    if what == "plan":
        make.did(fund, "restructure", on, loan=loan, **{**PLAN, "rate": "6", "periods": 10})
    elif what:
        pays(fund, loan, what, on, early=early)


def told(fund, loan: int, on: date) -> tuple[int, int, int, int]:
    story = stories(actions.snapshot(fund, on))[loan]
    parts = [parts for _on, parts in story.received]
    return (
        sum(part.interest_minor for part in parts),
        sum(part.principal_minor for part in parts),
        story.advance_minor,
        story.left_minor,
    )


def booked(on: date) -> tuple[int, int, int]:
    """Interest earned, what is kept ahead, and what is lent, by the accounts alone."""
    found = []
    for code in ("income:interest", "liabilities:advance", ":lent:"):
        accounts = Account.objects.filter(code__contains=code)
        found.append(sum(balances.balances(accounts, as_of=on).values()))
    return tuple(found)


def test_s4b_a_loan_is_followed_by_hand_from_pay_out_to_the_last_ore(fund):
    loan = lent(fund, date(2024, 1, 31))
    for day, what, early, parts in LIFE:
        on = date.fromisoformat(day)
        live(fund, loan, on, what, early)
        assert told(fund, loan, on) == parts, day
        assert booked(on) == (parts[0], parts[2], parts[3]), day

    make.did(fund, "give-back", date(2024, 5, 27), loan=loan)

    assert booked(date(2024, 5, 27)) == (29_496, 0, 0)
    for row in make.sheet(fund, "loans", date(2024, 12, 31)):
        assert (row[4:7], str(row[7])) == ((0, 0, 0), "återbetalt")
    assert run(audit.CHECKS) == []
