"""A joint purchase on pages: opened at the desk, signed up for by number, listed to be fetched."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from invest.models import Pledge, Vehicle
from invest.pledges.refusals import LessIsLeft, Ordered
from pools.errors import NotAnAmount
from pools.money import ore
from tests import factories as make
from tests.papers import pages

ENGLISH = {"accept-language": "en"}
pytestmark = pytest.mark.django_db
ITEM = "<script>alert(1)</script> Mjöl"
FLOUR = {"item": ITEM, "unit_word": "säck", "price_minor": 18_000, "least": 10, "most": 40}


@pytest.fixture
def offering():
    return make.offering("joint-purchase", FLOUR, minimum=make.sek(180), goal_min=make.sek(1800),
                         goal_max=make.sek(7200))  # fmt: skip


def sign_up(client, offering, **typed):
    path = reverse("pledge", args=[offering.vehicle.project.slug])
    return client.post(path, {"name": "Ada", "key": "k", "choice": "", "amount": "", **typed})


def test_it_asks_how_many_and_counts_in_units(client, offering):
    told = client.get(reverse("pledge", args=["soltaket"])).content.decode()
    assert "3 × säck" in told
    assert "540\u00a0kr" in told

    chosen = sign_up(client, offering, choice="54000")
    written = sign_up(client, offering, choice="other", amount="7", key="k2", name="Bo")

    assert (chosen.status_code, written.status_code) == (302, 302)
    assert [ore(p.events.get().amount) for p in Pledge.objects.order_by("pk")] == [54_000, 126_000]
    for wrong in ("0", "-1", "1,5", "många"):
        assert sign_up(client, offering, choice="other", amount=wrong, key="k3").status_code == 400
    assert sign_up(client, offering, choice="other", amount="41", key="k4").status_code == 409


def test_the_words_of_a_purchase_speak_of_what_is_bought(client, offering):
    path = reverse("pledge", args=["soltaket"])
    page = client.get(path, headers=ENGLISH).content.decode()
    assert (">Buy</a>" in page, ">Money</a>" in page) == (True, False)

    nothing = sign_up(client, offering).content.decode()
    many = sign_up(client, offering, choice="other", amount="41", key="k2").content.decode()
    assert str(NotAnAmount()) not in nothing
    assert "Välj hur många" in nothing
    assert str(LessIsLeft(left="40 × säck")) in many
    made = client.get(sign_up(client, offering, choice="54000", key="k3").url).content.decode()
    assert "3 × säck" in made


def test_nothing_more_is_signed_up_for_once_it_is_ordered(client, offering):
    for name in ("Ada", "Bo"):
        make.paid(offering, 900, name)
    make.did(offering.vehicle, "order", timezone.localdate(), own=0)

    answer = sign_up(client, offering, choice="54000")
    page = client.get(reverse("project", args=["soltaket"])).content.decode()
    form = client.get(reverse("pledge", args=["soltaket"]))
    assert (answer.status_code, form.status_code, Pledge.objects.count()) == (409, 409, 2)
    assert str(Ordered()) in answer.content.decode()
    assert reverse("pledge", args=["soltaket"]) not in page


def test_the_project_invites_to_buy_and_raises_nothing(client, offering):
    make.called(make.pledge(offering, 1440, "Ada"))
    told = client.get(reverse("project", args=["soltaket"])).content.decode()

    assert 'id="buying-' in told
    assert "8 × säck" in told
    assert "2 × säck" in told  # So many are lacking.
    assert 'id="raised-title"' not in told
    assert "<script>alert" not in told
    assert "&lt;script&gt;alert" in told


def test_the_treasurer_opens_it_without_typing_what_follows(client):
    owner = make.organisation()
    project = make.project("mjolet", owner)
    client.force_login(make.user("dee", ("treasurer", owner)))
    path = reverse("new_offer", args=["energi", "joint-purchase"])
    assert 'name="goal_min"' not in client.get(path).content.decode()
    today = timezone.localdate()
    typed = {
        "name": "Mjölköpet",
        "project": project.pk,
        "opens_on": today.isoformat(),
        "closes_on": (today + timedelta(days=9)).isoformat(),
        "terms_item": "Mjöl",
        "terms_unit_word": "säck",
        "terms_price_minor": "180",
        "terms_least": "10",
        "terms_most": "40",
    }
    assert client.post(path, typed | {"terms_most": "9"}).status_code == 400

    answer = client.post(path, typed)

    assert answer.status_code == 302, answer.context["form"].errors
    offering = Vehicle.objects.get().offerings.get()
    assert (offering.minimum, offering.cap_minor) == (make.sek(180), 720_000)
    assert offering.goals.get().goal_min == make.sek(1800)


def test_the_collection_list_is_printed_with_a_box_to_tick(client, offering):
    make.paid(offering, 1800, "Ada")
    make.did(offering.vehicle, "order", own=0)
    client.force_login(make.user("dee", ("treasurer", offering.vehicle.organisation)))
    path = reverse("sheet", args=["energi", offering.vehicle.slug, "collection"])

    (page,) = pages(client.get(path, {"as": "pdf"}).content)

    assert "Ada" in page
    assert "☐" in page
