"""A fund's loan by the sums of its actions: money ahead, early payments, fees, losses."""

from dataclasses import astuple
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from invest.kinds.actions import Done, SnapshotOf
from invest.kinds.microfund.capacity import DefaultRate
from invest.kinds.microfund.fund import default_windows
from invest.kinds.microfund.lending import LoanStory, stories
from invest.kinds.microfund.quotes import quote
from tests.fund_model import Model
from tests.strategies import examples

START = date(2024, 1, 1)
TERMS = {"plan": "straight", "rate": Decimal(12), "periods": 12, "months_per_period": 1}


def lend(principal: int = 1_200_000, on: date = START, **terms) -> Done:
    return Done(1, "lend", on, {"borrower": 9, "principal": principal, **TERMS, **terms})


def pay(n: int, on: date, amount: int, early: str = "no", **more) -> Done:
    facts = {"loan": 1, "amount": amount, "early": early, "costs": None, "late": None, **more}
    return Done(n, "receipt", on, facts)


def snapshot(on: date, *done: Done) -> SnapshotOf:
    return SnapshotOf(on, (), done, setting=lambda key, day: 10_000)


def story(on: date, *done: Done) -> LoanStory:
    return stories(snapshot(on, *done))[1]


def two_days_early() -> list[Done]:
    """12 000 kr at 12 %: 1 120, 1 110 … 1 010 kr, each two days before its day."""
    days = [date(2024 + month // 12, month % 12 + 1, 1) for month in range(1, 13)]
    paid = [100_000 + 1_000 * (12 - n) for n in range(12)]
    return [
        pay(n + 2, day - timedelta(days=2), minor)
        for n, (day, minor) in enumerate(zip(days, paid, strict=True))
    ]


def test_s4a_money_ahead_pays_on_the_due_day_and_the_loan_is_never_late():
    life = [lend(), *two_days_early()]

    for day in (START + timedelta(days=n) for n in range(0, 500, 3)):
        assert story(day, *life).days_late(day, 0) == 0
    closed = story(date(2025, 1, 1), *life)
    assert (closed.left_minor, closed.advance_minor, closed.written_off_on) == (0, 0, None)
    assert story(date(2024, 12, 31), *life).left_minor == 100_000
    assert closed.default_days(date(2026, 1, 1), 0) == []
    windows = default_windows(snapshot(date(2025, 6, 1), *life))
    assert [rate for _start, _end, rate in windows] == [DefaultRate(0, 1)]


def test_s4a_on_the_due_day_money_ahead_comes_before_what_is_paid_that_day():
    life = [lend(), pay(2, date(2024, 1, 20), 50_000), pay(3, date(2024, 2, 1), 62_000)]

    told = story(date(2024, 2, 1), *life)

    assert [(on.day, parts.total_minor) for on, parts in told.received] == [
        (20, 50_000),  # Kept as an advance.
        (1, 50_000),
        (1, 62_000),
    ]
    assert told.owed(date(2024, 2, 1)).total_minor == 0


def test_s4b_a_second_early_payment_charges_no_interest_twice():
    """60.00 for fifteen days on 12 000, 30.00 for ten on 9 000, 10.00 for five on 6 000."""
    first = pay(2, date(2024, 1, 16), 306_000, "yes")
    second = pay(3, date(2024, 1, 26), 303_000, "yes")

    told = story(date(2024, 2, 1), lend(), first, second)

    assert [parts.interest_minor for _on, parts in told.received] == [6_000, 3_000]
    assert told.owed(date(2024, 2, 1)).interest_minor == 1_000


def test_s4c_after_an_early_payment_in_february_due_days_stay_the_31st():
    began = date(2024, 1, 31)
    early = pay(2, date(2024, 2, 29), 500_000, "yes")

    days = [row.due_on for row in story(date(2024, 3, 1), lend(on=began), early).now.rows]

    assert days[:3] == [date(2024, 3, 31), date(2024, 4, 30), date(2024, 5, 31)]
    assert days[-1] == date(2025, 1, 31)


def test_s4d_a_loan_paid_off_early_owes_no_later_interest():
    told = story(date(2025, 6, 1), lend(), pay(2, date(2024, 1, 16), 1_206_000, "yes"))

    assert (told.left_minor, told.advance_minor, told.now.rows) == (0, 0, [])
    assert told.now.owed(date(2025, 6, 1)).total_minor == 0


def test_s4d_no_more_than_the_interest_so_far_is_kept_as_an_advance():
    told = story(date(2024, 1, 16), lend(), pay(2, date(2024, 1, 16), 6_000, "yes"))

    assert (told.left_minor, told.advance_minor) == (1_200_000, 6_000)


def test_s4e_a_fee_on_the_whole_loan_stays_when_some_is_paid_early():
    flat = {"plan": "fee-flat", "rate": Decimal(0), "fee": Decimal(12)}

    told = story(START, lend(**flat))
    after = story(date(2024, 2, 1), lend(**flat), pay(2, date(2024, 1, 16), 600_000, "yes"))

    assert {row.fee_minor for row in (*told.now.rows, *after.now.rows)} == {12_000}


def test_s4f_fees_count_in_what_is_late():
    """Principal is paid and the fee is not: it is due, late, and in the end a default."""
    flat = {"plan": "fee-flat", "rate": Decimal(0), "fee": Decimal(12), "periods": 1}
    told = story(date(2024, 5, 3), lend(**flat), pay(2, date(2024, 2, 1), 1_200_000))

    assert told.owed(date(2024, 5, 3)).total_minor == 12_000
    assert told.days_late(date(2024, 5, 3), 10_000) == 92
    assert told.default_days(date(2024, 5, 3), 10_000) == [date(2024, 5, 2)]


def test_s4g_interest_of_a_loan_written_off_can_still_be_paid():
    lost = Done(2, "write-off", date(2024, 2, 10), {"loan": 1, "amount": 1_200_000})
    told = story(date(2024, 4, 1), lend(), lost, pay(3, date(2024, 4, 1), 30_000))

    _on, parts = told.received[0]
    # 120, 110 and 100 kr have fallen due by the plan.
    assert (parts.interest_minor, parts.principal_minor, parts.over_minor) == (30_000, 0, 0)


def test_s4k_a_quote_pays_off_the_loan_on_its_day():
    """1 120 kr due on 1 February are paid; 11 000 kr for 15 days are 55 kr; 20 kr are ahead."""
    life = [lend(), pay(2, date(2024, 2, 1), 114_000)]
    on = date(2024, 2, 16)

    told = quote(snapshot(on, *life), story(on, *life))

    assert astuple(told) == (1_100_000, 0, 5_500, 2_000, 0)
    paid = story(on, *life, pay(3, on, told.total_minor, "yes"))
    assert (told.total_minor, paid.left_minor, paid.advance_minor) == (1_103_500, 0, 0)


def test_s4l_late_interest_is_the_reference_rate_and_eight_points_on_what_is_late():
    """1 121.10 kr for 29 days at 12 %, then 560 kr for 31: 16.40 kr, rounded once."""
    rates = {"reference-rate-pct": "4.00", "late-margin-pct": "8"}
    life = [lend(periods=1, principal=111_000), pay(2, date(2024, 3, 1), 56_110)]
    assert story(date(2024, 2, 1), life[0]).owed(date(2024, 2, 1)).total_minor == 112_110

    on = date(2024, 4, 1)
    now = SnapshotOf(on, (), tuple(life), setting=lambda key, day: rates.get(key))

    # 1 121.10 · 12 % · 29 / 365 + 560.00 · 12 % · 31 / 365 = 10.6888 + 5.7074
    assert quote(now, stories(now)[1]).late_minor == 1_640
    claimed = pay(3, on, 1_640, late=1_640)
    after = SnapshotOf(on, (), (*life, claimed), setting=now.setting)
    assert quote(after, stories(after)[1]).late_minor == 0


counts = st.sampled_from(["30E/360", "ACT/360", "ACT/365F", "ACT/ACT"])
step = st.tuples(
    st.integers(0, 50),
    st.sampled_from(["receipt", "receipt", "receipt", "early", "restructure"]),
    st.integers(1, 60_000_000),
    st.integers(0, 2_500),
    st.integers(1, 18),
)


def told_and_modelled(loan: Done, steps, bullet: bool) -> tuple[LoanStory, Model]:
    """A life by the book's code and by the model's."""
    facts = loan.facts
    model = Model(
        loan.on, facts["principal"], Fraction(facts["rate"]), facts["periods"], facts["day_count"],
        bullet,
    )  # fmt: skip
    on, life = loan.on, [loan]
    for n, (days, what, minor, rate, periods) in enumerate(steps, start=2):
        on += timedelta(days=days)
        model.live_until(on)
        if what == "restructure" and model.left:
            terms = {"rate": Decimal(rate) / 100, "periods": periods}
            life.append(Done(n, what, on, {**facts, "loan": 1, **terms}))
            model.agree(Fraction(rate, 100), periods)
        elif what != "restructure":
            early = what == "early"
            life.append(pay(n, on, minor, "yes" if early else "no"))
            model.receive(minor, early)
    on += timedelta(days=100)
    model.live_until(on)
    return story(on, *life), model


@examples(200)
@given(
    st.integers(1, 100_000_000),
    st.dates(date(2023, 1, 1), date(2026, 12, 31)),
    st.integers(0, 2_500),
    st.integers(1, 24),
    counts,
    st.booleans(),
    st.lists(step, max_size=8),
)
def test_s4h_interest_is_the_integral_of_the_balance(
    principal, on, rate, periods, count, bullet, steps
):
    terms = {"plan": "bullet" if bullet else "straight", "day_count": count, "periods": periods}
    loan = lend(principal, on, rate=Decimal(rate) / 100, **terms)

    told, model = told_and_modelled(loan, steps, bullet)

    paid = sum(parts.interest_minor for _on, parts in told.received)
    owed = told.owed(model.day)
    assert (told.left_minor, told.advance_minor, paid, owed.interest_minor) == (
        model.left, model.advance, model.interest_paid, model.interest_due,
    )  # fmt: skip
    assert owed.principal_minor == model.principal_due
    assert sum(sum(astuple(parts)[:-1]) for _on, parts in told.received) == (
        paid + principal - told.left_minor
    )
