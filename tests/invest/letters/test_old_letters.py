"""Letters that earlier versions wrote get whose they are and what about, from the links in them."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core import signing
from django.db import connection
from django.utils import timezone

from invest.fairs import confirmations
from invest.models import Cooperation, JoinInvitation, Letter, Pitch
from invest.places import card_consents, directory, listing_links
from tests import factories as make

pytestmark = pytest.mark.django_db
fill = import_module("invest.migrations.0015_whose_the_old_letters_are").fill


def told(kind: str, text: str, person=None, **more) -> tuple:
    """What is filled in for a letter as it was written then."""
    more = {"to": "x@example.org", "subject": "Hej", "written_at": timezone.now(), **more}
    letter = Letter.objects.create(kind=kind, text=text, person=person, **more)
    fill(apps, connection.schema_editor())
    letter.refresh_from_db()
    return letter.organisation and letter.organisation.slug, letter.about, letter.key


@pytest.fixture
def roof():
    return make.share_offering()


def test_of_a_receipt_and_of_a_late_call(roof):
    call = make.called(make.pledge(roof, 1000, on=make.DAY))
    pledge, link = call.pledge, f"http://x{call.pledge.get_absolute_url()}"

    assert told("receipt", f"Se {link} nu", pledge.person) == (
        "energi", f"pledge:{pledge.pk}", f"pledge:{pledge.pk}:receipt",
    )  # fmt: skip
    late = f"call:{call.pk}", f"call:{call.pk}:late"
    assert told("call", f"{call.ocr} {link}", pledge.person) == ("energi", *late)


def test_of_two_of_the_same_the_first_has_the_key(roof):
    pledge = make.pledge(roof)
    text = f"http://x{pledge.get_absolute_url()}"
    Letter.objects.create(
        kind="receipt", text=text, person=pledge.person, to="x@y.se", written_at=timezone.now()
    )

    assert told("receipt", text, pledge.person) == ("energi", f"pledge:{pledge.pk}", None)
    assert Letter.objects.first().about == Letter.objects.last().about


@pytest.mark.parametrize("kind", ["confirm", "follow-up"])
def test_of_a_question_about_promises_at_a_fair(roof, kind):
    owner = make.organisation("massan", iban="SE1")
    fair = make.fair(owner=owner, of=(roof.vehicle.project,))
    other = make.share_offering(make.project("annat", make.organisation("annan", iban="SE2")))
    pledges = [make.pledge(offer, fair=fair) for offer in (roof, other)]

    def links(rows):
        if kind == "follow-up":
            return " ".join(f"http://x{row.get_absolute_url()}" for row in rows)
        return " ".join(f"http://x/pledges/confirm/{confirmations.sign(row)}/" for row in rows)

    ada = pledges[0].person
    assert told(kind, links(pledges[:1]), ada) == ("energi", f"fair:{fair.pk}", None)
    assert told(kind, links(pledges), ada) == ("massan", f"fair:{fair.pk}", None)


def test_of_cards_and_listings_and_invitations_to_join(roof):
    place = make.place(make.organisation("bygden", iban="SE1"))
    card = make.asset_card(place, person=make.person("Bo"))
    producer = directory.enlist(place=place, name="Gården", what_sv="Bröd", agreed_on=make.DAY)
    asked = JoinInvitation.objects.create(
        offering=roof, person=make.person("Cem"), invited_on=make.DAY
    )

    agree = f"http://x/asset-cards/agree/{card_consents.sign(card)}/"
    assert told("confirm", agree, card.person) == ("bygden", f"card:{card.pk}", None)
    listing = f"http://x/listings/{listing_links.sign(producer)}/"
    assert told("confirm", listing, card.person) == ("bygden", f"listing:{producer.pk}", None)
    about = f"invitation:{asked.pk}"
    join = f"http://x{asked.get_absolute_url()}"
    assert told("confirm", join, asked.person) == ("energi", about, f"{about}:asked")


def test_of_gatherings_by_the_link_and_by_the_name_of_a_cancelled_one(roof):
    evening = make.gathering(roof.vehicle.organisation)
    made = make.sign_up(evening)
    expected = ("energi", f"gathering:{evening.pk}:sign-up:{made.pk}", None)

    assert told("gathering", f"http://x{made.get_absolute_url()}", made.person) == expected
    assert told("gathering", f"Inställt: {evening.name}", made.person) == expected
    assert told("gathering", "Inställt: en annan", made.person) == (None, "", None)


def test_of_letters_to_organisations(roof):
    vehicle, owner = roof.vehicle, roof.vehicle.organisation
    fair = make.fair(owner=owner, of=(vehicle.project,))
    pitch, seen = Pitch.objects.get(), make.assessment(vehicle.project)
    asked = Cooperation.objects.create(
        organisation=owner, part="Kaffe", invited_on=make.DAY, fair=fair
    )

    about, today = f"holding:{vehicle.pk}:12:exit", timezone.localdate()
    subject = f"[{vehicle.slug}-12] Innehavare nr 12"
    assert told("confirm", "", subject=subject) == ("energi", about, f"{about}:{today}")
    about = f"project:{vehicle.project_id}:assessment:{seen.pk}"
    look = f"http://x/projects/{vehicle.project.slug}/way/assess/"
    assert told("follow-up", look) == ("energi", about, f"{about}:again")
    about = f"fair:{fair.pk}:pitch:{pitch.pk}"
    assert told("confirm", f"http://x/invitations/{pitch.code}/") == ("energi", about, None)
    join = f"http://x{asked.get_absolute_url()}"
    assert told("confirm", join) == ("energi", f"cooperation:{asked.pk}", None)


def test_what_no_link_tells_is_theirs_who_alone_may_have_written_it(roof):
    make.organisation("bygden", iban="SE1", contact_email="vi@bygden.example")
    ada = make.pledge(roof).person

    assert told("news", "Nyheter", ada) == ("energi", "", None)
    assert told("confirm", "", to="vi@bygden.example") == ("bygden", "", None)
    make.organisation("annan", iban="SE2", contact_email="vi@bygden.example")
    assert told("confirm", "", to="vi@bygden.example") == (None, "", None)
    odd = f"http://x/pledges/confirm/{signing.dumps(['x', 1], salt='s')}/ http://x/listings/??/"
    assert told("confirm", odd, make.person("Bo")) == (None, "", None)
