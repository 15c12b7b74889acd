"""Fields as every form shows them."""

import pytest
from django.core.exceptions import ValidationError
from lxml import html

from invest.in_kind.in_kind import parse_quantity
from invest.web.fields import WholeField

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_box_to_tick_stands_before_its_words(client, language):
    page = client.get("/accounts/login/", headers={"accept-language": language}).content
    (box,) = html.fromstring(page).xpath("//main//input[@type='checkbox']")
    assert box.get("class") == "form-check-input"
    assert box.xpath("following-sibling::*[1][self::label]/@for") == [box.get("id")]


@pytest.mark.parametrize("typed", ["12 000", "12\u00a0000", "12\u202f000", "12000"])
def test_whole_numbers_are_read_with_any_space_between_thousands(typed):
    assert WholeField().clean(typed) == 12_000
    assert parse_quantity(typed) == 12_000


@pytest.mark.parametrize("typed", ["1 2", "12 00", "1\u20132", "\u20131"])
def test_what_is_no_whole_number_is_refused(typed):
    with pytest.raises(ValidationError):
        WholeField().clean(typed)
