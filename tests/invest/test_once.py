"""Done once: the same key and content again is what is there, anything else is refused."""

import hashlib
import json
from uuid import uuid4

import pytest
from django.db import IntegrityError
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from invest.models import Action, InKind, Pledge
from invest.once import Sent
from pools.errors import KeyReused
from tests import factories as make
from tests.factories import DAY

WORDS = st.text(max_size=12)
VALUES = st.none() | st.booleans() | st.integers() | WORDS
CONTENT = st.lists(VALUES | st.dictionaries(WORDS, VALUES, max_size=3), max_size=5)


def kept(sent: Sent, fingerprint: str = "") -> Action:
    """An unsaved row that keeps what was sent."""
    return Action(fingerprint=fingerprint or sent.fingerprint(), **sent.columns)


def bare(*content: object) -> str:
    """As rows were fingerprinted before salts."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


@given(CONTENT, CONTENT)
def test_content_is_known_again_and_no_other_is(content, other):
    row = kept(Sent("k", content=content))

    assert Sent("k", content=content).is_in(row)
    assert Sent("k", content=other).is_in(row) == (json.dumps(other) == json.dumps(content))


@given(CONTENT)
def test_a_fingerprint_fits_its_column_and_is_never_twice_the_same(content):
    one, two = (Sent("k", content=content).fingerprint() for _ in range(2))

    assert one != two
    assert len(one) == len(two) == Action._meta.get_field("fingerprint").max_length


@given(CONTENT, st.integers(1, 10**6))
def test_a_fingerprint_of_before_salts_is_known_again(content, row_id):
    sent = Sent("k", content=content, row_id=row_id)

    assert sent.is_in(kept(sent, bare(row_id, *content)))
    assert not Sent("k", content=content, row_id=row_id + 1).is_in(
        kept(sent, bare(row_id, *content))
    )


def test_whoever_has_the_rows_alone_cannot_guess_what_was_sent():
    """Neither bare, nor with the salt that lies in the row: the secret is elsewhere."""
    sent = Sent("k", content=["Ada", "ada@example.org"])
    salt, _, mac = sent.fingerprint().partition(".")
    text = json.dumps(sent.content, ensure_ascii=False)

    for guess in (text, salt + text, text + salt, f"{salt}.{text}"):
        assert not hashlib.sha256(guess.encode()).hexdigest().startswith(mac)


def test_a_secret_that_was_changed_is_tried_while_it_is_told_of():
    sent = Sent("k", content=["Ada"])
    with override_settings(SECRET_KEY="before"):
        row = kept(sent)

    with override_settings(SECRET_KEY="after", SECRET_KEY_FALLBACKS=["before"]):
        assert sent.is_in(row)
    with override_settings(SECRET_KEY="after", SECRET_KEY_FALLBACKS=[]):
        assert not sent.is_in(row)


def test_a_row_whose_fingerprint_was_taken_away_is_like_nothing():
    sent = Sent("k", content=["Ada"])
    row = kept(sent)
    row.fingerprint = ""

    assert not sent.is_in(row)


@given(st.integers(1, 9), st.integers(1, 9))
def test_columns_are_compared_in_the_row(mine, other):
    row = kept(Sent("k", {"vehicle_id": mine}))

    assert Sent("k", {"vehicle_id": other}).is_in(row) == (mine == other)


# --- In the database -----------------------------------------------------------------------------


@pytest.fixture
def offering(db):
    return make.share_offering()


def test_the_key_of_another_is_refused_and_tells_nothing(offering):
    pledge = make.pledge(offering, 1000, "Ada")
    mine = Sent(pledge.key, {"key_owner": pledge.key_owner})

    assert mine.earlier(Pledge.objects.all()) == pledge
    with pytest.raises(KeyReused):
        Sent(pledge.key, {"key_owner": "somebody"}).earlier(Pledge.objects.all())
    assert Sent("new", {"key_owner": "somebody"}).earlier(Pledge.objects.all()) is None


def test_of_two_at_once_one_makes_it_and_both_get_it(offering):
    """As a second worker sees it: nothing was there when it asked, and then there was."""
    pledge = make.pledge(offering, 1000, "Ada")
    sent = Sent(pledge.key, {"key_owner": pledge.key_owner})

    def make_again() -> Pledge:
        return Pledge.objects.create(
            offering=offering,
            terms=pledge.terms,
            source="web",
            submitted_at=pledge.submitted_at,
            withdraw_until=DAY,
            key=pledge.key,
            key_owner=pledge.key_owner,
        )

    assert sent.once(Pledge.objects.all(), make_again) == pledge
    assert Pledge.objects.count() == 1


def test_what_cannot_be_for_another_reason_is_told(offering):
    def make_wrong() -> Pledge:
        return Pledge.objects.create(key="new", key_owner="x")

    with pytest.raises(IntegrityError):
        Sent("new", {"key_owner": "x"}).once(Pledge.objects.all(), make_wrong)


def test_a_promise_kept_before_salts_is_returned_when_it_is_sent_again(offering):
    pledge = make.pledge(offering, 1000, "Ada")
    old = bare(offering.pk, 100_000, "Ada", "ada@example.org", pledge.binding)
    Pledge.objects.filter(pk=pledge.pk).update(fingerprint=old)

    assert make.pledge(offering, 1000, "Ada") == pledge


def test_help_kept_before_salts_is_returned_when_it_is_sent_again(db):
    project = make.project()
    help_ = make.help_offer(project)
    told = [project.pk, "Ada", "ada@example.org", "time", "Måla taket", "8", "HOUR"]
    InKind.objects.filter(pk=help_.pk).update(fingerprint=bare(*told))

    assert make.help_offer(project) == help_


def test_no_fingerprint_in_the_rows_is_one_that_can_be_guessed(offering):
    pledge, key = make.pledge(offering, 1000, "Ada"), str(uuid4())
    again = make.pledge(offering, 1000, "Ada", key=key)

    assert "." in pledge.fingerprint
    assert "." in again.fingerprint
    assert pledge.fingerprint.partition(".")[2] != again.fingerprint.partition(".")[2]
