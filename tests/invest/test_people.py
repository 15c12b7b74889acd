"""Whose a login is; and what may stand in words that everybody reads: no way to reach somebody."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st

from invest import people
from invest.models import Person
from invest.people import holds_contact
from pools.wording import kronor_text
from tests import factories as make


def test_a_first_login_finds_its_person_without_anybody_s_transaction(client, shared_db):
    kept = make.person("Ada")
    client.force_login(make.user("Ada"))

    page = client.get("/me/")

    assert page.status_code == 200
    assert Person.objects.get().user.email == kept.email


@pytest.mark.parametrize("is_known", [True, False])
def test_two_first_pages_at_once_make_one_person(shared_db, is_known):
    ada = make.user("Ada")
    known = {make.person("Ada").pk} if is_known else set()

    def claim(_: int) -> int:
        try:
            return people.claim(ada).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        claimed = set(pool.map(claim, range(4)))

    assert claimed == (known or claimed) == set(Person.objects.values_list("pk", flat=True))


@pytest.mark.parametrize(
    "text",
    [
        "Ring Elsa 070-174 06 16",
        "0640-123 45",
        "08-12 34 56 efter fem",
        "+46 70 174 06 16",
        "0046 70 1740616",
        "(070) 174 06 16",
        "070\u00a0174\u00a006\u00a016",
        "elsa@example.se",
        "Skriv till Elsa.Norberg+kort@mail.example.co.uk!",
        "åsa@björkdalen.se",
    ],
)
def test_a_number_that_is_dialled_or_an_address_is_found(text):
    assert holds_contact(text)


@pytest.mark.parametrize(
    "text",
    [
        "Det kostar 1 500 000 kr, eller 10 000 000 000 öre",
        "2026-11-25 kl. 08.00–17.00",
        "Öppet 0830-1600 och 07 till 09",
        "Postnummer 831 00–831 99",
        "Bolaget 556016-0680 har bankgiro 5050-1055",
        "0,05 procent av 240 000",
        "Möt oss @ skolan 18:00",
        "16 m² och 0 trappor",
    ],
)
def test_amounts_days_hours_and_other_numbers_are_none(text):
    assert not holds_contact(text)


@given(st.integers(0, 10**13), st.dates(min_value=date(1900, 1, 1)))
def test_no_sum_and_no_day_is_taken_for_a_number(minor, day):
    assert not holds_contact(f"Vi behöver {kronor_text(minor)} senast {day.isoformat()}.")


@given(st.from_regex(r"0\d{1,3}[- ]?\d{2,3}( ?\d\d){2}", fullmatch=True), st.text(max_size=20))
def test_a_swedish_number_is_found_in_whatever_stands_before_it(number, words):
    assert holds_contact(f"{words} ring {number}")
