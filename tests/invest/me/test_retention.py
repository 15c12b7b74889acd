"""How long law orders that somebody is known, and that nobody is forgotten before or kept after."""

from datetime import date

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from invest import audit
from invest.me import retention
from invest.models import Holding, Person
from pools.audit import run
from tests import factories as make
from tests.factories import DAY

SHARES = {"price_minor": 100_000, "quota_minor": 100_000, "limit": "none"}


@pytest.mark.parametrize(
    ("booked_on", "year_ends_in", "until"),
    [
        (date(2026, 11, 23), 12, date(2033, 12, 31)),
        (date(2026, 9, 1), 8, date(2034, 12, 31)),  # The year that ends in August 2027.
        (date(2026, 8, 31), 8, date(2033, 12, 31)),
    ],
)
def test_12b_12_records_are_kept_seven_years_after_the_year(booked_on, year_ends_in, until):
    assert retention.financial_until(booked_on, year_ends_in=year_ends_in) == until


@given(st.dates(date(1990, 1, 1), date(2900, 1, 1)), st.integers(1, 12))
def test_12b_12_nothing_is_kept_for_less_than_seven_years(booked_on, year_ends_in):
    until = retention.financial_until(booked_on, year_ends_in=year_ends_in)

    assert (until.month, until.day) == (12, 31)
    assert 7 <= until.year - booked_on.year <= 8


@pytest.mark.django_db
def test_12b_12_who_has_paid_is_kept_by_name_and_shown_nowhere():
    make.paid(make.share_offering(), 1000, "Ada")
    ada = Person.objects.get()

    assert retention.forget(person=ada, on=DAY) == date(2033, 12, 31)

    ada.refresh_from_db()
    assert (ada.name, ada.email, ada.phone, ada.municipality) == ("Ada", "", "", "")
    assert retention.purge(date(2033, 12, 31)) == 0
    assert retention.purge(date(2034, 1, 1)) == 1
    assert set(Holding.objects.values_list("person", flat=True)) == {None}
    assert run(audit.CHECKS) == []


@pytest.mark.django_db
def test_12b_12_a_share_register_is_kept_for_as_long_as_the_company():
    make.paid(make.offering("company-shares", SHARES), 1000, "Ada")
    ada = Person.objects.get()

    assert retention.forget(person=ada, on=DAY) == date.max
    call_command("purge")
    assert Person.objects.filter(pk=ada.pk).exists()


@pytest.mark.django_db
def test_12b_12_who_has_only_promised_is_forgotten_at_once():
    promise = make.pledge(make.share_offering())

    assert retention.forget(person=promise.person, on=DAY) is None

    promise.refresh_from_db()
    assert promise.person is None
    assert not Person.objects.exists()


@pytest.mark.django_db
def test_who_has_not_asked_is_never_purged():
    make.paid(make.share_offering(), 1000, "Ada")

    assert retention.purge(date(2999, 1, 1)) == 0
