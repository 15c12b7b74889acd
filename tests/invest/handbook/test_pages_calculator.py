"""The public calculators: the same figures as the command, every input can be wrong."""

from datetime import date

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}
LOAN = {
    "kind": "annuity",
    "principal": "50 000",
    "rate": "4",
    "periods": "24",
    "start": "2026-01-01",
}
CARRY = {
    "what": "carry",
    "principal": "200000",
    "months": "120",
    "balance": "85000",
    "months_before": "36",
    "factor": "1",
}


def ask(client, typed: dict[str, str], **more: str):
    return client.get(reverse("calculator"), {**typed, **more}, headers=ENGLISH)


def test_an_annuity_as_the_command_has_it(client):
    rows = ask(client, LOAN).context["rows"]

    assert {row.payment_minor for row in rows[:-1]} == {217_125}
    assert rows[-1].payment_minor == 217_113


def test_the_plan_is_taken_home_as_csv(client):
    lines = ask(client, LOAN, **{"as": "csv"}).content.decode().splitlines()

    assert lines[0] == "period,due_on,principal,interest,fee,payment,balance,saving,units"
    assert lines[1] == "1,2026-02-01,2004.58,166.67,0.00,2171.25,47995.42,0.00,0"
    assert len(lines) == 25


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("straight", {"grace": "3"}),
        ("bullet", {}),
        ("zero", {"rate": ""}),
        ("fee-flat", {"rate": "", "fee": "1,5", "fee_on": "balance"}),
        ("weighted", {"weights": " ".join(["1"] * 23 + ["2"])}),
        ("revenue-share", {"share": "5", "revenue": ",".join(["40000"] * 24)}),
        ("saving-linked", {"saving": "1245,18"}),
        ("in-kind", {"rate": "", "units": "480"}),
    ],
)
def test_every_plan_can_be_asked_for(client, kind, more):
    response = client.get(reverse("calculator"), {**LOAN, "kind": kind, **more})

    assert response.status_code == 200
    assert sum(row.principal_minor for row in response.context["rows"]) == 5_000_000


def test_a_dividend_by_days_held_repays_nothing(client):
    typed = {**LOAN, "kind": "dividend", "principal": "250", "rate": "6", "periods": "1"}
    row = ask(client, typed, months_per_period="12").context["rows"][0]

    assert (row.interest_minor, row.principal_minor, row.balance_minor) == (1_500, 0, 25_000)


def test_a_due_day_that_is_no_banking_day_moves(client):
    typed = {**LOAN, "start": "2026-05-19", "rolls": "on"}  # Midsummer eve is 19 June.
    rows = ask(client, typed).context["rows"]

    assert rows[0].due_on == date(2026, 6, 22)


def test_what_the_village_halls_savers_carry(client):
    carried = ask(client, CARRY).context["carried"]
    half = ask(client, CARRY, balance="42500").context["carried"]

    assert (carried.points_used, carried.points, carried.covered_pct) == (
        12_100_000,
        13_260_000,
        109,
    )
    assert carried.is_carried
    assert carried.after_saving_minor == 0
    assert not half.is_carried
    assert half.after_saving_minor == 75_344  # (12 100 000 − 6 630 000) / 7 260


@pytest.mark.fault("F52")
@pytest.mark.parametrize(
    "wrong",
    [
        {"principal": "1e6"},
        {"principal": "-5"},
        {"rate": "x"},
        {"rate": "101"},
        {"rate": "NaN"},
        {"periods": "0"},
        {"periods": "99999"},
        {"start": "yesterday"},
        {"kind": "pyramid"},
        {"grace": "24"},
        {"kind": "weighted", "weights": "1 1"},
        {"kind": "weighted", "weights": "1 x"},
        {"kind": "zero"},
        {"day_count": "ACT/1"},
        {"months_per_period": "5"},
    ],
)
def test_what_cannot_be_is_400_and_keeps_what_was_typed(client, wrong):
    response = ask(client, LOAN, **wrong)

    assert response.status_code == 400
    assert "rows" not in response.context
    assert response.context["form"].data["periods"] in {"24", "0", "99999"}
    assert response.context["form"].errors


@pytest.mark.fault("F52")
@pytest.mark.parametrize(
    "wrong", [{"months": "0"}, {"factor": "0"}, {"balance": ""}, {"months_before": "-1"}]
)
def test_what_cannot_be_carried_is_400(client, wrong):
    assert ask(client, CARRY, **wrong).status_code == 400


def test_nothing_asked_is_an_empty_form(client):
    response = client.get(reverse("calculator"), {"what": "nothing"})

    assert response.status_code == 200
    assert not response.context["form"].is_bound
