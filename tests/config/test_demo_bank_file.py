"""The bank file that the demo offers: a statement that opens where the book stands."""

import pytest
from django.urls import reverse

from invest.pledges import pledges
from invest.treasury import importing
from invest.treasury.agreement import agreement
from pools.models import BankAccount
from tests import factories as make

pytestmark = pytest.mark.django_db


def fetched(client, organisation) -> importing.Imported:
    """Fetched from the demo's bank and imported."""
    file = client.get(reverse("demo_bank_file", args=[organisation.slug]))
    name = file["Content-Disposition"]
    return importing.import_file(
        data=file.content, file_name=name, organisation=organisation, by="user:1"
    )


def test_it_pays_every_call_and_the_account_agrees_with_the_bank(client):
    offering = make.share_offering()
    owner = offering.vehicle.organisation
    make.bank_line(5_000)
    call = make.called(make.pledge(offering, 1000, "Åsa & <Bo>"))

    found = fetched(client, owner)

    assert len(found.intake.new) == 2
    assert [found.outcome.placed[0].call, len(found.outcome.waiting)] == [call, 1]
    assert pledges.latest(call.pledge).to_state == "paid"
    assert found.intake.statements[0].opening_minor == 5_000
    assert agreement(BankAccount.objects.get()).agrees


def test_fetched_again_it_goes_on_from_there(client):
    owner = make.organisation()
    first = fetched(client, owner)
    again = fetched(client, owner)

    closing = first.intake.statements[0].closing_minor
    assert (again.intake.statements[0].opening_minor, len(again.intake.new)) == (closing, 1)
    assert agreement(BankAccount.objects.get()).agrees
