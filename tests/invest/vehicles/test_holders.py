"""Who a register names in full, who may see it, and the proof of what is held."""

import pytest
from django.urls import reverse

from invest.models import Person
from tests import factories as make
from tests.factories import DAY
from tests.papers import pages

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}
TYPED = {
    "name": "Ada Lindgren",
    "municipality": "Björkdalen",
    "phone": "",
    "postal_address": "Storgatan 1, 123 45 Björkdalen",
    "identity_number": "811228-9874",
}


def words(pdf: bytes) -> str:
    return " ".join(pages(pdf)).replace("\xa0", " ")


@pytest.fixture
def stakes():
    offering = make.offering("coop-stakes", {"price_minor": 100_000, "exit_months": 6})
    make.paid(offering, 2000, "Ada")
    return offering.vehicle


def at(stakes, name: str = "holder", **more) -> str:
    return reverse(name, kwargs={"slug": "energi", "vehicle": stakes.slug, "number": 1, **more})


def sheet(client, stakes, **asked) -> str:
    path = reverse("sheet", args=["energi", stakes.slug, "register"])
    return client.get(path, {"as_of": DAY.isoformat(), **asked}, headers=ENGLISH).content.decode()


@pytest.fixture
def keeper(client, stakes):
    client.force_login(make.user("rut", ("register-keeper", stakes.organisation)))
    return client


def test_the_keeper_puts_on_record_what_law_orders(keeper, stakes):
    assert keeper.post(at(stakes), TYPED).status_code == 302

    assert Person.objects.get().name == "Ada Lindgren"
    assert "19811228-****" in sheet(keeper, stakes)
    assert "9874" not in sheet(keeper, stakes)
    in_full = sheet(keeper, stakes, **{"as": "csv"}).splitlines()[1]
    assert in_full.endswith('19811228-9874,"Storgatan 1, 123 45 Björkdalen"')


def test_an_auditor_takes_home_no_numbers_and_addresses(client, keeper, stakes):
    keeper.post(at(stakes), TYPED)
    client.force_login(make.user("axel", ("auditor", stakes.organisation)))

    taken = sheet(client, stakes, **{"as": "csv"})

    assert "Ada Lindgren" in taken
    assert "9874" not in taken
    assert "Storgatan" not in taken


def test_a_protected_person_is_named_nowhere(keeper, stakes):
    keeper.post(at(stakes), {**TYPED, "is_protected": "on"})

    taken = sheet(keeper, stakes, **{"as": "csv"})
    assert "1,protected identity,," in taken
    assert not any(word in taken for word in ("Ada", "9874", "Storgatan"))


def test_who_is_known_elsewhere_keeps_the_own_name(keeper, stakes):
    other = make.project("annat", make.organisation("annan", iban="SE3550000000054910000003"))
    make.pledge(make.share_offering(other), 500, "Ada")

    keeper.post(at(stakes), {**TYPED, "name": "Nisse"})

    assert Person.objects.get(email="ada@example.org").name == "Ada"
    assert "name" not in keeper.get(at(stakes)).context["form"].fields


def test_a_number_that_is_none_is_refused_beside_its_field(keeper, stakes):
    response = keeper.post(at(stakes), {**TYPED, "identity_number": "123"}, headers=ENGLISH)

    assert response.status_code == 400
    assert "19811228-9874" in str(response.context["form"].errors["identity_number"])
    assert Person.objects.get().postal_address == ""


def test_a_proof_tells_firm_holder_amount_and_terms(keeper, stakes):
    keeper.post(at(stakes), TYPED)

    paper = words(keeper.get(at(stakes, "certificate"), headers=ENGLISH).content)

    for told in ("Energi", "Proof of membership", "1 · Ada Lindgren, 19811228-9874", "2,000 SEK"):
        assert told in paper
    assert "6 months" in paper


def test_a_saver_takes_home_the_own_proof(client, stakes):
    client.force_login(make.user("ada"))

    response = client.get(reverse("my_certificate", args=[stakes.slug]))

    assert response["Content-Type"] == "application/pdf"
    assert "1 · Ada" in words(response.content)
