"""The pledge form, its receipt, and taking a promise back."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from invest.models import Consent, Offering, Person, Pledge, PledgeEvent
from invest.pledges import pledges
from invest.treasury import placing
from tests import factories as make

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def offering() -> Offering:
    made = make.share_offering()
    Offering.objects.filter(pk=made.pk).update(closes_on=timezone.localdate() + timedelta(days=9))
    return Offering.objects.get(pk=made.pk)


@pytest.fixture
def address(offering) -> str:
    return reverse("pledge", args=[offering.vehicle.project.slug])


def form(**more: str) -> dict[str, str]:
    return {"key": "key-1", "choice": "100000", "name": "Ada", **more}


def send(client: Client, address: str, **more: str):
    return client.post(address, form(**more), headers=ENGLISH)


def written(amount: str) -> dict[str, str]:
    return {"choice": "other", "amount": amount}


def count() -> tuple[int, int, int]:
    return Pledge.objects.count(), PledgeEvent.objects.count(), Person.objects.count()


def test_form_offers_whole_shares_and_a_fresh_key(client, address):
    first, second = client.get(address), client.get(address)

    assert [chip.value for chip in first.context["form"].chips()] == [
        "50000",
        "100000",
        "250000",
        "500000",
    ]
    assert first.context["form"]["key"].value() != second.context["form"]["key"].value()
    assert "sessionid" not in client.cookies


def test_promise_leads_to_its_receipt(client, address, offering):
    response = send(client, address)

    pledge = Pledge.objects.get()
    assert (response.status_code, response["Location"]) == (302, pledge.get_absolute_url())
    assert "Idempotent-Replayed" not in response.headers
    latest = pledges.latest(pledge)
    assert (pledge.offering, pledge.person.name, pledge.source) == (offering, "Ada", "web")
    assert (latest.amount_minor, latest.to_state, latest.actor) == (100_000, "submitted", "public")


@pytest.mark.fault("F01")
@pytest.mark.fault("F02")
def test_sent_twice_is_one_promise_with_the_same_receipt(client, address):
    client.get(address)
    first = send(client, address, email="ada@example.org")
    again = send(client, address, email="ada@example.org")

    assert first["Location"] == again["Location"]
    assert again["Idempotent-Replayed"] == "true"
    assert count() == (1, 1, 1)


@pytest.mark.fault("F03")
@pytest.mark.parametrize("other", [{"choice": "500000"}, {"name": "Bo"}])
def test_same_key_with_other_content_is_422(client, address, other):
    client.get(address)
    send(client, address)

    response = send(client, address, **other)

    assert response.status_code == 422
    assert "already been sent with other content" in response.content.decode()
    assert count() == (1, 1, 1)


@pytest.mark.fault("F04")
def test_somebody_elses_key_is_422_and_tells_nothing(client, address):
    client.get(address)
    send(client, address, email="ada@example.org")
    receipt = Pledge.objects.get().get_absolute_url()
    stranger = Client()
    stranger.get(address)

    response = send(stranger, address, email="ada@example.org")

    assert response.status_code == 422
    assert receipt not in response.content.decode()
    assert count() == (1, 1, 1)


@pytest.mark.fault("F04")
def test_a_logins_key_is_not_the_browsers(client, address):
    send(client, address)
    client.force_login(make.user("cem"))

    assert send(client, address).status_code == 422


@pytest.mark.fault("F05")
def test_refused_then_corrected_with_the_same_key(client, address):
    refused = send(client, address, **written("700"))
    accepted = send(client, address)

    assert (refused.status_code, accepted.status_code) == (400, 302)
    assert refused.context["form"]["key"].value() == "key-1"
    assert count() == (1, 1, 1)


@pytest.mark.fault("F08")
def test_over_the_cap_is_409_and_tells_what_is_left(client, address, offering):
    Offering.objects.filter(pk=offering.pk).update(cap_minor=150_000, pledged_minor=100_000)

    response = send(client, address)

    assert response.status_code == 409
    assert "500 SEK is left" in response.content.decode().replace("\xa0", " ")
    assert count() == (0, 0, 0)


@pytest.mark.fault("F52")
@pytest.mark.fault("F53")
@pytest.mark.parametrize(
    "amount",
    [
        *("-500", "0", "NaN", "Infinity", "1e6", "1_000", "１２３", "007", "True", "0,5"),
        *("500,005", "1" * 16, str(2**63), "500\u202e", "500; DROP TABLE", "700", "\x00500"),
    ],
)
def test_what_is_no_amount_is_400_with_a_sentence_at_the_field(client, address, amount):
    response = send(client, address, **written(amount))

    page = response.content.decode()
    assert response.status_code == 400
    assert 'id="id_amount_error"' in page
    assert 'aria-describedby="id_amount_error"' in page
    assert 'value="Ada"' in page
    assert count() == (0, 0, 0)


@pytest.mark.parametrize(
    ("amount", "minor"), [("1 500", 150_000), ("1500,00 kr", 150_000), ("1 tkr", 100_000)]
)
def test_amounts_are_read_as_people_write_them(client, address, amount, minor):
    assert send(client, address, **written(amount)).status_code == 302
    assert PledgeEvent.objects.get().amount_minor == minor


def test_choosing_and_writing_another_amount_is_asked_about(client, address):
    response = send(client, address, choice="50000", amount="1000")

    assert (response.status_code, count()) == (400, (0, 0, 0))


@pytest.mark.parametrize("missing", ["key", "name", "choice"])
def test_an_incomplete_form_is_400_and_keeps_what_was_typed(client, address, missing):
    response = send(client, address, **{missing: "", "municipality": "Åre"})

    assert (response.status_code, count()) == (400, (0, 0, 0))
    assert 'value="Åre"' in response.content.decode()


@pytest.mark.fault("F55")
@pytest.mark.parametrize(
    "name",
    ["Ada\x00", "Ada\x07", "A\u202eda", "\u2066Ada", "A\nda", "A" * 121, "Å" * 5_000, "   "],
)
def test_names_that_would_lie_are_refused(client, address, name):
    response = send(client, address, name=name)

    assert (response.status_code, count()) == (400, (0, 0, 0))
    assert 'id="id_name_error"' in response.content.decode()


@pytest.mark.fault("F55")
@pytest.mark.parametrize(
    ("name", "stored"),
    [("Åsa 🌻", "Åsa 🌻"), ("A\u030asa", "Åsa"), ("O'Hara'; --", "O'Hara'; --"), ("A" * 120,) * 2],
)
def test_other_names_are_stored_as_they_are(client, address, name, stored):
    assert send(client, address, name=name).status_code == 302
    assert Person.objects.get().name == stored


def test_consent_to_show_the_name_is_given_only_by_the_tick(client, address):
    send(client, address)
    assert not Consent.objects.exists()

    send(client, address, key="key-2", publish_name="on")
    assert Consent.objects.get().kind == "publish-name"


@pytest.mark.fault("F63")
def test_a_forged_post_is_403_and_does_nothing(address):
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(address, form()).status_code == 403
    assert count() == (0, 0, 0)


def test_a_promise_at_a_fair_counts_there(client, address, offering):
    project = offering.vehicle.project
    fair = make.fair(owner=project.organisation, of=(project,))
    page = client.get(f"{address}?fair={fair.slug}")
    assert page.context["form"]["fair"].value() == fair.slug

    send(client, address, fair=fair.slug)

    assert (Pledge.objects.get().fair, Pledge.objects.get().source) == (fair, "fair")


def test_a_fair_without_the_project_is_404(client, address):
    assert send(client, address, fair="ingen").status_code == 404


def test_a_closed_offering_is_409(client, address, offering):
    yesterday = timezone.localdate() - timedelta(days=1)
    Offering.objects.filter(pk=offering.pk).update(closes_on=yesterday)

    assert client.get(address).status_code == 409
    assert (send(client, address).status_code, count()) == (409, (0, 0, 0))


def test_receipt_is_for_its_holder_only(client, address):
    send(client, address)

    response = client.get(Pledge.objects.get().get_absolute_url(), headers=ENGLISH)

    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"
    assert "1,000 SEK" in response.content.decode().replace("\xa0", " ")


def test_receipt_of_a_guessed_address_does_not_name_its_owner(client, address):
    make.person("Ada", email="ada@example.org")
    send(client, address, name="Cem", email="ada@example.org")

    page = client.get(Pledge.objects.get().get_absolute_url()).content.decode()

    assert ("Ada" in page, "ada@example.org" in page) == (False, False)


def test_receipt_is_mailed_once_in_the_persons_language(
    client, address, django_capture_on_commit_callbacks
):
    client.get(address)
    with django_capture_on_commit_callbacks(execute=True):
        send(client, address, email="ada@example.org")
        send(client, address, email="ada@example.org")

    letter = mail.outbox[0]
    link = f"http://testserver{Pledge.objects.get().get_absolute_url()}"
    assert [sent.to for sent in mail.outbox] == [["ada@example.org"]]
    assert "1,000 SEK" in letter.body.replace("\xa0", " ")
    assert (link in letter.body, link in letter.alternatives[0].content) == (True, True)


def test_without_an_address_nothing_is_mailed(client, address, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        send(client, address)

    assert mail.outbox == []


def test_a_called_promise_shows_how_to_pay(client, address):
    send(client, address)
    pledge = Pledge.objects.get()
    call = make.called(pledge, timezone.localdate())

    page = client.get(pledge.get_absolute_url(), headers=ENGLISH).content.decode()

    assert (call.ocr in page, "5051-0015" in page, "<svg" in page) == (True, True, True)


def test_taking_back_asks_first_and_needs_a_post(client, address, offering):
    send(client, address)
    pledge = Pledge.objects.get()
    withdraw = reverse("withdraw", args=[pledge.token])

    asked = client.get(withdraw)
    assert (asked.status_code, pledges.latest(pledge).to_state) == (200, "submitted")

    done = client.post(withdraw)
    assert (done.status_code, done["Location"]) == (302, pledge.get_absolute_url())
    assert pledges.latest(pledge).to_state == "withdrawn"
    offering.refresh_from_db()
    assert offering.pledged_minor == 0
    assert client.post(withdraw).status_code == 409


def test_a_paid_promise_cannot_be_taken_back(client, address):
    send(client, address)
    pledge = Pledge.objects.get()
    call = make.called(pledge, timezone.localdate())
    line = make.bank_line(100_000, call.ocr, on=timezone.localdate())
    placing.pair_by_reference(parts=[line], by="test")

    withdraw = reverse("withdraw", args=[pledge.token])
    assert withdraw not in client.get(pledge.get_absolute_url()).content.decode()
    assert client.post(withdraw).status_code == 409
    assert pledges.latest(pledge).to_state == "paid"


@pytest.mark.parametrize("of_fair", ["annan-massa", "massan"])
def test_a_promise_at_a_fair_that_the_project_is_not_at_is_not_there(client, of_fair):
    roof = make.share_offering()
    Offering.objects.update(closes_on=timezone.localdate() + timedelta(days=9))
    owner = roof.vehicle.organisation
    make.fair("annan-massa", owner=owner)
    make.fair(owner=owner, of=(roof.vehicle.project,)).pitches.update(accepted_on=None)

    typed = {"choice": "other", "amount": "500", "name": "Ada", "key": "k", "fair": of_fair}
    answer = client.post("/projects/soltaket/pledge/", typed)

    assert answer.status_code == 404
    assert not Pledge.objects.exists()
