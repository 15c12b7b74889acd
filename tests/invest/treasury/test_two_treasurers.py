"""Two treasurers at the same desk at the same moment: one wins, the other is told, money is once.

Each act runs in a thread with a connection of its own, and all begin at once. What comes of it is
the same whoever was first: no error but a refusal with its sentence, and books that audit clean.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.utils import translation

from invest import audit
from invest.kinds.refusals import TooMuch
from invest.models import Organisation, Placement
from invest.treasury import importing, placing
from invest.treasury.refusals import NothingLeft
from pools import balances
from pools.audit import run
from pools.bank import movements
from pools.errors import AlreadyImported, AlreadySettled, Refused
from pools.models import BankAccount, BankLine, Movement, Part
from tests import factories as make
from tests.camt_files import Row, camt

TIMES = 4  # Each race is run so often, for who comes first is chance.


@pytest.fixture
def offering(shared_db):
    return make.share_offering()


@pytest.fixture(autouse=True)
def audited(shared_db):
    """After each test nothing is found, and the book has what the bank has."""
    yield
    assert run(audit.CHECKS) == []
    account = BankAccount.objects.get()
    booked = Movement.objects.exclude(entry=None).values_list("amount_minor", flat=True)
    assert balances.balance(account.account) == sum(booked)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What came of each act, or its refusal, when all began at the same moment."""
    ready = Barrier(len(acts))

    def begin(act: Callable[[], object]) -> object:
        try:
            ready.wait(30)
            with translation.override("sv"):
                return act()
        except Refused as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        told = list(pool.map(begin, acts))
    assert all(str(refusal) for refusal in told if isinstance(refusal, Refused))
    return told


def refusals(outcomes: list[object]) -> list[type]:
    return [type(told) for told in outcomes if isinstance(told, Refused)]


def take_in(data: bytes) -> importing.Imported:
    return importing.import_file(
        data=data, file_name="b.xml", organisation=Organisation.objects.get(), by="user:1"
    )


def calls(offering, *names: str, amount: int = 1000):
    return [make.called(make.pledge(offering, amount, name)) for name in names]


def rows_of(calls, sort: str = "") -> list[Row]:
    return [Row("1000.00", call.ocr, reference=f"R{sort}{call.ocr}") for call in calls]


@pytest.mark.fault("F43")
def test_the_same_file_by_two_is_taken_once(offering):
    for turn in range(TIMES):
        asked = calls(offering, f"Ada{turn}", f"Bo{turn}", f"Cem{turn}")
        data = camt(*rows_of(asked), identification=f"S{turn}")

        told = at_once(*[lambda data=data: take_in(data)] * 2)

        assert refusals(told) == [AlreadyImported]
        assert Placement.objects.filter(call__in=asked).count() == 3
    assert Movement.objects.count() == BankLine.objects.count() == 3 * TIMES


@pytest.mark.fault("F44")
def test_two_files_that_overlap_are_each_payment_once(offering):
    for turn in range(TIMES):
        asked = calls(offering, *(f"{name}{turn}" for name in ("Ada", "Bo", "Cem", "Dee")))
        rows = rows_of(asked)
        first, second = (
            camt(*part, identification=f"{turn}-{len(part)}") for part in (rows[:3], rows[1:])
        )

        told = at_once(lambda: take_in(first), lambda: take_in(second))  # noqa: B023

        assert refusals(told) == []
        assert sorted(len(found.intake.new) for found in told) == [1, 3]
        assert Placement.objects.filter(call__in=asked).count() == 4
    assert (Movement.objects.count(), BankLine.objects.count()) == (4 * TIMES, 6 * TIMES)


def test_one_payment_paired_by_two_with_two_calls_pays_one(offering):
    for turn in range(TIMES):
        ada, bo = calls(offering, f"Ada{turn}", f"Bo{turn}")
        part = make.bank_line(100_000, reference=f"r{turn}")

        told = at_once(*(lambda to=to, part=part: pay(part, to) for to in (ada, bo)))

        assert refusals(told) == [TooMuch]
        assert placing.left_of(part) == 0
        assert sorted(placing.open_on_call(call) for call in (ada, bo)) == [0, 100_000]


def pay(part: Part, call, amount_minor: int = 100_000) -> Placement:
    return placing.pay(part=part, call=call, amount_minor=amount_minor, by="user:1")


def test_two_payments_paired_by_two_with_one_call_pay_it_once(offering):
    for turn in range(TIMES):
        (ada,) = calls(offering, f"Ada{turn}")
        parts = [make.bank_line(100_000, reference=f"r{turn}-{n}") for n in range(2)]

        told = at_once(*(lambda part=part: pay(part, ada) for part in parts))  # noqa: B023

        assert refusals(told) == [TooMuch]
        assert sorted(map(placing.left_of, parts)) == [0, 100_000]


def test_one_pays_while_another_undoes(offering):
    for turn in range(TIMES):
        ada, bo = calls(offering, f"Ada{turn}", f"Bo{turn}")
        part = make.bank_line(100_000, reference=f"r{turn}")
        before = pay(part, ada)

        told = at_once(
            lambda: pay(part, bo),  # noqa: B023
            lambda: placing.undo(placement=before, by="user:2"),  # noqa: B023
        )

        assert refusals(told) in ([], [TooMuch])
        paid = 0 if refusals(told) else 100_000
        assert (placing.left_of(part), placing.open_on_call(ada)) == (100_000 - paid, 100_000)
        assert placing.open_on_call(bo) == 100_000 - paid


def test_two_undo_the_same_pairing_once(offering):
    for turn in range(TIMES):
        (ada,) = calls(offering, f"Ada{turn}")
        part = make.bank_line(100_000, reference=f"r{turn}")
        made = pay(part, ada)

        told = at_once(*[lambda made=made: placing.undo(placement=fresh(made), by="user:2")] * 2)

        assert refusals(told) == []
        assert (placing.left_of(part), placing.open_on_call(ada)) == (100_000, 100_000)


def fresh(placement: Placement) -> Placement:
    """As a request of its own would read it."""
    return Placement.objects.select_related("part", "entry", "call").get(pk=placement.pk)


def told_twice(turn: int) -> tuple[Movement, Movement]:
    """A booked movement and one that is perhaps the same: no reference tells them apart."""
    row = Row("1000.00", reference="", message=f"Gåva {turn}", name="")
    booked = take_in(camt(row, identification=f"A{turn}")).intake.new[0]
    asked = take_in(camt(row, identification=f"B{turn}")).intake.asked[0]
    return booked, asked


def test_one_settles_what_another_pays(offering):
    for turn in range(TIMES):
        (ada,) = calls(offering, f"Ada{turn}")
        booked, asked = told_twice(turn)
        mine, both = asked.parts.get(), {booked.pk, asked.pk}
        movements.settle(movement=asked, same_as=None, by="user:1")

        told = at_once(
            lambda: pay(mine, ada),  # noqa: B023
            lambda: settle(asked.pk, booked.pk),  # noqa: B023
        )

        paid = placing.received_minor(ada.pledge)
        assert refusals(told) == ([AlreadySettled] if paid else [NothingLeft])
        assert Movement.objects.filter(pk__in=both).count() == (2 if paid else 1)


def settle(movement: int, same_as: int | None) -> movements.Outcome:
    """As a request of its own reads them, and says it."""
    return movements.settle(
        movement=Movement.objects.get(pk=movement),
        same_as=Movement.objects.get(pk=same_as) if same_as else None,
        by="user:2",
    )


@pytest.mark.parametrize("answers", [("own", "own"), ("same", "same"), ("own", "same")])
def test_two_answer_whether_it_is_told_twice(offering, answers):
    for turn in range(TIMES):
        booked, asked = told_twice(turn)
        said = [booked if answer == "same" else None for answer in answers]

        told = at_once(
            *(
                lambda same=same: movements.settle(movement=asked, same_as=same, by="user:2")  # noqa: B023
                for same in said
            )
        )

        assert refusals(told) in ([], [AlreadySettled])
        left = Movement.objects.filter(pk__in=(booked.pk, asked.pk))
        assert left.count() == (2 if answers == ("own", "own") else 1)


def test_two_movements_are_not_each_told_to_be_the_other(offering):
    for turn in range(TIMES):
        one, other = told_twice(turn)

        told = at_once(
            lambda: movements.settle(movement=one, same_as=other, by="user:1"),  # noqa: B023
            lambda: movements.settle(movement=other, same_as=one, by="user:2"),  # noqa: B023
        )

        assert refusals(told) == [AlreadySettled]
        left = Movement.objects.filter(pk__in=(one.pk, other.pk))
        assert [movement.lines.count() for movement in left] == [2]


def test_one_imports_what_another_pairs_by_hand(offering):
    for turn in range(TIMES):
        ada, bo, cem = asked = calls(offering, *(f"{name}{turn}" for name in ("Ada", "Bo", "Cem")))
        part = make.bank_line(100_000, reference=f"by hand {turn}")

        told = at_once(
            lambda: take_in(camt(*rows_of(asked), identification=f"S{turn}")),  # noqa: B023
            lambda: pay(part, cem),  # noqa: B023
        )

        assert refusals(told) in ([], [TooMuch])
        assert [placing.open_on_call(call) for call in asked] == [0, 0, 0]
        by_hand = 0 if refusals(told) else 1
        assert placing.left_of(part) == (0 if by_hand else 100_000)
        assert (ada.placements.count(), bo.placements.count()) == (1, 1)
