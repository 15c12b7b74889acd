"""`manage.py split`: an amount shared by weights, exact to the öre, with no database."""

import json

import pytest
from django.core.management import CommandError, call_command


def split(capsys, *options: str) -> str:
    call_command("split", *options)
    return capsys.readouterr().out


def test_the_parts_are_told_to_a_program(capsys):
    told = split(capsys, "--total=10000.00", "--weights=5000,2500,1250,750,333", "--format=json")

    assert json.loads(told) == {
        "total": "10000.00",
        "parts": ["5084.92", "2542.46", "1271.23", "762.74", "338.65"],
    }


def test_the_parts_are_told_to_a_person(capsys):
    rows = split(capsys, "--total=1", "--weights=2, 1").splitlines()

    assert [row.split() for row in rows] == [["2", "0.67"], ["1", "0.33"]]


@pytest.mark.parametrize(
    ("total", "weights", "sentence"),
    [
        ("-1", "1", "Det är inget belopp"),
        ("0.005", "1", "finare än ett öre"),
        ("1", "1,x", "not a weight: 'x'"),
        ("1", "1,-1", "not a weight: '-1'"),
        ("1", "１", "not a weight: '１'"),
        ("1", "0,0", "a split needs a total"),
    ],
)
def test_what_cannot_be_shared_is_refused_with_a_sentence(capsys, total, weights, sentence):
    with pytest.raises(CommandError, match=sentence):
        split(capsys, f"--total={total}", f"--weights={weights}")
    assert capsys.readouterr().out == ""
