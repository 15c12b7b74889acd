"""Random payments, cut into random overlapping files: the book once all questions are answered.

Never silently more, never silently less: before an answer, what is booked is at most what was told,
and with what is asked about at least that.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from pools import audit, balances
from pools.bank import intake, movements, statements
from pools.models import BankAccount, Movement
from tests import factories as make
from tests.camt_files import IBAN

FIRST = date(2026, 11, 2)


@dataclass(frozen=True)
class Payment:
    """What truly moved at the bank, and how the bank names it."""

    number: int
    day: date
    minor: int
    name: str
    reference: str
    entry_reference: str


@dataclass(frozen=True)
class Cut:
    """A file: payments `start` to `end`, as a statement or a notification."""

    kind: str
    start: int
    end: int
    tells_balances: bool


def a_history(chance: Random) -> list[Payment]:
    days = sorted(chance.choice([0, 0, 1, 2]) for _ in range(chance.randint(1, 7)))
    named = chance.choice(["bank", "entry", "nothing", "nothing", "some"])
    return [
        Payment(
            number,
            FIRST + timedelta(days=day),
            chance.choice([10_000, 10_000, 20_000, -10_000]),
            chance.choice(["", "", "Ada"]),
            f"R{number}" if named == "bank" or (named == "some" and number % 2) else "",
            f"N{number}" if named == "entry" else "",
        )
        for number, day in enumerate(days)
    ]


def some_cuts(chance: Random, history: list[Payment]) -> list[Cut]:
    """Some files, cut anywhere, but those that tell a closing balance at the end of a day."""
    last = len(history)
    days = [n for n in range(1, last) if history[n].day != history[n - 1].day]
    made = []
    for _ in range(chance.randint(2, 5)):
        kind, tells = chance.choice(["053", "054"]), chance.choice([True, True, False])
        ends = [0, *days, last] if kind == "053" and tells else range(last + 1)
        start, end = sorted(chance.sample(ends, 2))
        made.append(Cut(kind, start, end, tells))
    return made


def told(history: list[Payment], cut: Cut, number: int) -> statements.StatementFile:
    opening = sum(payment.minor for payment in history[: cut.start])
    closing = opening + sum(payment.minor for payment in history[cut.start : cut.end])
    is_chain = cut.kind == "053" and cut.tells_balances
    inside = history[cut.start : cut.end]
    statement = statements.Statement(
        identification=f"S{number}",
        kind=cut.kind,
        account=IBAN,
        currency="SEK",
        opening_minor=opening if is_chain else None,
        opens_on=inside[0].day,
        closing_minor=closing if is_chain else None,
        closes_on=inside[-1].day,
        lines=tuple(
            statements.Line(
                position=place,
                amount_minor=payment.minor,
                currency="SEK",
                booked_on=payment.day,
                reference=payment.reference,
                entry_reference=payment.entry_reference,
                parts=(statements.Part(amount_minor=payment.minor, payer_name=payment.name),),
            )
            for place, payment in enumerate(inside, start=1)
        ),
    )
    return statements.StatementFile(f"M{number}", None, (statement,))


def counts(rows: list[tuple[date, int]]) -> Counter[tuple[date, int]]:
    return Counter(rows)


def kept(*, booked: bool) -> Counter[tuple[date, int]]:
    rows = Movement.objects.filter(entry__isnull=not booked)
    return counts(list(rows.values_list("booked_on", "amount_minor")))


def answer(history: list[Payment], seen: set[int]) -> None:
    """Whoever knows what truly moved says of each question which one it is."""
    truth = Counter((history[n].day, history[n].minor, history[n].name) for n in seen)
    for movement in Movement.objects.filter(entry=None).order_by("pk"):
        name = movement.parts.get().payer_name
        alike = Movement.objects.filter(
            booked_on=movement.booked_on,
            amount_minor=movement.amount_minor,
            parts__payer_name=name,
            entry__isnull=False,
        )
        is_known = alike.count() >= truth[movement.booked_on, movement.amount_minor, name]
        movements.settle(movement=movement, same_as=alike.first() if is_known else None, by="test")


@pytest.fixture
def bank(db) -> BankAccount:
    ledger = make.ledger()
    return BankAccount.objects.create(
        account=make.account(ledger, "assets:bank"),
        unmatched=make.account(ledger, "liabilities:unmatched", make.LIABILITY),
        iban=IBAN,
        payee="Energi",
    )


@given(seed=st.integers(0, 2**32))
def test_overlapping_files_are_one_book(bank, seed):
    with transaction.atomic():
        play(bank, Random(seed))  # noqa: S311 -- a story, no secret
        transaction.set_rollback(True)


def play(bank: BankAccount, chance: Random) -> None:
    history = a_history(chance)
    seen: set[int] = set()
    for number, cut in enumerate(some_cuts(chance, history)):
        intake.take_in(
            file=told(history, cut, number),
            sha256=f"{bank.iban}-{number}",
            file_name="f.xml",
            bank_accounts=[bank],
            by="test",
        )
        seen |= set(range(cut.start, cut.end))
        truth = counts([(history[n].day, history[n].minor) for n in seen])
        assert not kept(booked=True) - truth, "silently more"
        assert not truth - kept(booked=True) - kept(booked=False), "silently less"
        if chance.random() < 0.5:
            answer(history, seen)
    answer(history, seen)
    assert kept(booked=True) == counts([(history[n].day, history[n].minor) for n in seen])
    assert balances.balance(bank.account) == sum(history[n].minor for n in seen)
    assert audit.run(audit.CHECKS) == []
