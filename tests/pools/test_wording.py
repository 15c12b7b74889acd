"""How amounts, numbers and days read, in Swedish and in English."""

from datetime import date

import pytest
from django.utils import translation
from moneyed import Money

from pools import wording
from pools.errors import Refused

HARD = "\u00a0"  # Between thousands and before a unit: a line is not broken there.


@pytest.mark.parametrize(
    ("read", "sv", "en"),
    [
        (lambda: wording.money_text(Money(12500, "SEK")), "12~500~kr", "12,500~SEK"),
        (lambda: wording.money_text(Money("12500.5", "SEK")), "12~500,50~kr", "12,500.50~SEK"),
        (lambda: wording.kronor_text(-1_250_050), "-12~500,50~kr", "-12,500.50~SEK"),
        (lambda: wording.number_text(12_500), "12~500", "12,500"),
        (lambda: wording.decimal_text(0.425), "0,42", "0.42"),
        (lambda: wording.percent_text(42), "42~%", "42%"),
        (lambda: wording.day_text(date(2026, 6, 30)), "2026-06-30", "2026-06-30"),
        (lambda: wording.fact_text(Money(5, "SEK")), "5~kr", "5~SEK"),
        (lambda: wording.fact_text(date(2026, 6, 30)), "30 juni 2026", "June 30, 2026"),
        (lambda: wording.fact_text("Ada"), "Ada", "Ada"),
    ],
)
def test_it_reads_as_people_write_it(read, sv, en):
    for language, text in (("sv", sv), ("en", en)):
        with translation.override(language):
            assert read() == text.replace("~", HARD)


def test_outside_a_request_it_is_swedish():
    with translation.override(None):
        assert wording.locale() == "sv_SE"


def test_the_facts_of_a_refusal_read_in_the_readers_language():
    class TooDear(Refused):
        sentence = "It costs %(price)s since %(on)s."

    refusal = TooDear(price=Money(500, "SEK"), on=date(2026, 6, 30))

    assert str(refusal) == f"It costs 500{HARD}kr since 30 juni 2026."
