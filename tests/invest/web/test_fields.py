"""Fields as every form shows them."""

import pytest
from lxml import html

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_box_to_tick_stands_before_its_words(client, language):
    page = client.get("/accounts/login/", headers={"accept-language": language}).content
    (box,) = html.fromstring(page).xpath("//main//input[@type='checkbox']")
    assert box.get("class") == "form-check-input"
    assert box.xpath("following-sibling::*[1][self::label]/@for") == [box.get("id")]
