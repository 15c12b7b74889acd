"""Random payments, cut into random overlapping files: the book once all questions are answered.

Never silently more, never silently less: before an answer, what is booked is at most what was told,
and with what is asked about at least that.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

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


@st.composite
def histories(draw) -> list[Payment]:
    days = sorted(draw(st.lists(st.integers(0, 1), min_size=1, max_size=7)))
    named = draw(st.sampled_from(["bank", "entry", "nothing", "some"]))
    return [
        Payment(
            number,
            FIRST + timedelta(days=day),
            draw(st.sampled_from([10_000, 10_000, -10_000, 20_000])),
            draw(st.sampled_from(["", "Ada"])),
            f"R{number}" if named == "bank" or (named == "some" and number % 2) else "",
            f"N{number}" if named == "entry" else "",
        )
        for number, day in enumerate(days)
    ]


@st.composite
def cuts(draw, history: list[Payment]) -> list[Cut]:
    """Some files, cut anywhere, but those that tell a closing balance at the end of a day."""
    last = len(history)
    days = [n for n in range(1, last) if history[n].day != history[n - 1].day]
    made = []
    for _ in range(draw(st.integers(1, 5))):
        kind, tells = draw(st.sampled_from(["053", "054"])), draw(st.booleans())
        ends = [0, *days, last] if kind == "053" and tells else range(last + 1)
        start, end = sorted(draw(st.lists(st.sampled_from(ends), min_size=2, max_size=2)))
        if start < end:
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
    """Whoever knows how many there were says of each question whether it is one more."""
    truth = counts([(history[n].day, history[n].minor) for n in seen])
    for movement in Movement.objects.filter(entry=None).order_by("pk"):
        here = (movement.booked_on, movement.amount_minor)
        alike = Movement.objects.filter(
            booked_on=here[0], amount_minor=here[1], entry__isnull=False
        )
        is_one_more = alike.count() < truth[here]
        movements.settle(
            movement=movement, same_as=None if is_one_more else alike.first(), by="test"
        )


@pytest.fixture
def bank(db) -> BankAccount:
    ledger = make.ledger()
    return BankAccount.objects.create(
        account=make.account(ledger, "assets:bank"),
        unmatched=make.account(ledger, "liabilities:unmatched", make.LIABILITY),
        iban=IBAN,
        payee="Energi",
    )


@given(data=st.data())
def test_overlapping_files_are_one_book(bank, data):
    with transaction.atomic():
        play(bank, data)
        transaction.set_rollback(True)


def play(bank: BankAccount, data: st.DataObject) -> None:
    history = data.draw(histories())
    seen: set[int] = set()
    for number, cut in enumerate(data.draw(cuts(history))):
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
        if data.draw(st.booleans()):
            answer(history, seen)
    answer(history, seen)
    assert kept(booked=True) == counts([(history[n].day, history[n].minor) for n in seen])
    assert balances.balance(bank.account) == sum(history[n].minor for n in seen)
    assert audit.run(audit.CHECKS) == []
