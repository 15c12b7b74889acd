"""Logging in, attacked: led away, tried out, guessed at."""

import re
from urllib.parse import parse_qs

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse

from tests import factories as make

pytestmark = pytest.mark.django_db
ELSEWHERE = ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
ASK, ANSWER = "account_request_login_code", "account_confirm_login_code"


def code() -> str:
    """The code of the last letter."""
    return re.search(r"^\s*([A-Z0-9-]{6,9})\s*$", mail.outbox[-1].body, re.MULTILINE)[1]


@pytest.mark.fault("F66")
@pytest.mark.parametrize("there", ELSEWHERE)
def test_a_change_of_language_leads_to_our_own_pages_only(client, there):
    answer = client.post(reverse("set_language"), {"language": "en", "next": there})

    assert answer.status_code == 302
    assert answer["Location"] == "/"


@pytest.mark.fault("F66")
@pytest.mark.parametrize("there", ELSEWHERE)
def test_a_login_leads_to_our_own_pages_only(client, there):
    make.user("ada", mfa=False)
    client.post(f"{reverse(ASK)}?next={there}", {"email": "ada@example.org", "next": there})

    answer = client.post(reverse(ANSWER), {"code": code(), "next": there})

    assert answer.status_code == 302
    assert answer["Location"].startswith("/")
    assert "evil" not in answer["Location"]
    assert "alert" not in answer["Location"]


@pytest.mark.fault("F68")
def test_a_known_and_an_unknown_address_get_the_same_answer(client):
    make.user("ada", mfa=False)
    assert EmailAddress.objects.filter(email="ada@example.org").exists()
    told = []
    for address in ("ada@example.org", "bo@example.org"):
        client.cookies.clear()
        answer = client.post(reverse(ASK), {"email": address}, follow=True)
        page = answer.content.decode().replace(address, "…")
        hidden = r'(name="csrfmiddlewaretoken" value|nonce)="[^"]+"'
        told.append((answer.status_code, answer.redirect_chain, re.sub(hidden, "", page)))

    assert told[0] == told[1]
    assert len(mail.outbox) == 2  # The stranger is told that there is no account: by mail only.


@pytest.mark.fault("F69")
def test_a_code_is_worth_nothing_after_three_wrong_tries(client):
    make.user("ada", mfa=False)
    client.post(reverse(ASK), {"email": "ada@example.org"})
    right = code()
    for wrong in ("AAAAAA", "BBBBBB", "CCCCCC"):
        client.post(reverse(ANSWER), {"code": wrong})

    client.post(reverse(ANSWER), {"code": right})

    assert client.get(reverse("me")).status_code == 302


@pytest.mark.fault("F69")
def test_the_right_code_opens(client):
    make.user("ada", mfa=False)
    client.post(reverse(ASK), {"email": "ada@example.org"})

    client.post(reverse(ANSWER), {"code": code()})

    assert client.get(reverse("me")).status_code == 200


@pytest.mark.parametrize(
    ("stood_on", "there"),
    [
        ("http://testserver/organisations/energi/pledges/?state=submitted", None),
        ("", "/me/"),
        ("https://evil.example/elsewhere/", "/elsewhere/"),
    ],
)
def test_after_a_login_that_had_ended_one_stands_on_the_page_again(client, stood_on, there):
    """What was pressed has an address that only a press opens."""
    pressed = reverse("confirm_pledges", args=["energi"])

    answer = client.post(pressed, {"pledges": ["1"]}, headers={"referer": stood_on})

    path = there or stood_on.removeprefix("http://testserver")
    login, _mark, asked = answer["Location"].partition("?")
    assert (answer.status_code, login) == (302, reverse("account_login"))
    assert parse_qs(asked) == {"next": [path]}
