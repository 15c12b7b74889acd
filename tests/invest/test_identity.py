"""Identity numbers: as people write them, sealed in the database, shown in part."""

from datetime import date

import pytest

from invest import identity
from invest.refusals import NotAnIdentity

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("19811228-9874", "19811228-9874"),
        ("811228-9874", "19811228-9874"),
        ("8112289874", "19811228-9874"),
        ("060312+1005", "19060312-1005"),  # A hundred and twenty, and no more.
        ("101228+1000", "19101228-1000"),
        ("811228\u20139874", "19811228-9874"),  # With a dash, as a text program makes it.
        ("19811228\u00a0\u2013\u00a09874", "19811228-9874"),
        ("198112289874", "19811228-9874"),
        ("701063-2391", "19701063-2391"),  # A coordination number: the day plus sixty.
        ("769600-1234", "769600-1234"),
        ("16 769600-1234", "769600-1234"),
    ],
)
def test_a_number_is_read_as_people_write_it(typed, read):
    assert identity.read(typed, today=TODAY) == read


@pytest.mark.parametrize(
    "typed",
    ["19811228-9875", "811328-9874", "20311228-9876", "8112289", "abc", "", "٨١١٢٢٨-٩٨٧٤"],
)
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(NotAnIdentity):
        identity.read(typed, today=TODAY)


def test_a_plus_that_makes_somebody_older_than_120_is_refused():
    with pytest.raises(NotAnIdentity):
        identity.read("811228+9874", today=TODAY)
    with pytest.raises(NotAnIdentity):
        identity.read("060312+1005", today=date(2027, 1, 1))


def test_a_sealed_number_tells_nothing_and_can_be_read_again(settings):
    sealed = identity.seal("19811228-9874")

    assert "9874" not in sealed
    assert identity.unseal(sealed) == "19811228-9874"
    settings.IDENTITY_KEY = "another"
    assert identity.unseal(sealed) == ""


def test_a_screen_shows_a_person_in_part_and_an_organisation_whole():
    assert identity.shown("19811228-9874") == "19811228-****"
    assert identity.shown("769600-1234") == "769600-1234"
