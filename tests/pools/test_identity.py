"""Which line of one file tells a payment that another file has told."""

import pytest

from pools.bank.identity import (
    NOTIFICATION,
    STATEMENT,
    Decision,
    Known,
    Told,
    Verdict,
    compare,
    decide,
)

CLOSED = {"opening_minor": 0, "closing_minor": 100, "before_minor": 0}
ADA, BO = frozenset({"ada"}), frozenset({"bo"})


@pytest.mark.parametrize(
    ("new", "old", "verdict"),
    [
        (Told(STATEMENT, reference="a"), Told(STATEMENT, reference="b"), Verdict.OTHER),
        (Told(STATEMENT, reference="a"), Told(STATEMENT, reference="a"), Verdict.SAME),
        (Told(NOTIFICATION, text="x"), Told(NOTIFICATION, text="y"), Verdict.OTHER),
        (Told(NOTIFICATION, text="x"), Told(NOTIFICATION, text="x"), Verdict.UNSURE),
        (Told(STATEMENT, **CLOSED), Told(STATEMENT, **CLOSED), Verdict.SAME),
        (Told(NOTIFICATION, names=ADA), Told(STATEMENT, names=BO, **CLOSED), Verdict.UNSURE),
        (Told(NOTIFICATION, names=ADA), Told(STATEMENT, names=ADA, **CLOSED), Verdict.LIKELY),
        (Told(NOTIFICATION), Told(STATEMENT), Verdict.UNSURE),
        (Told(NOTIFICATION, marks=ADA), Told(STATEMENT, marks=BO, **CLOSED), Verdict.OTHER),
        (Told(NOTIFICATION, reference="a"), Told(STATEMENT, reference="b"), Verdict.UNSURE),
    ],
)
def test_two_lines_of_equal_day_and_amount(new, old, verdict):
    assert compare(new, old) is verdict


def test_of_equals_the_likest_is_taken_and_each_answers_once():
    known = [Known((Told(STATEMENT, names=who, **CLOSED),)) for who in (ADA, BO)]
    new = [Told(NOTIFICATION, names=who) for who in (BO, ADA)]

    assert decide(new, known) == [Decision(known=1), Decision(known=0)]
    assert decide([*new, Told(NOTIFICATION)], known)[2] == Decision()
