"""A treasurer at the desk of an association with one offer."""

import pytest
from django.test import Client
from django.utils import timezone

from tests import factories as make


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def offering(db):
    return make.share_offering()


@pytest.fixture
def energi(offering):
    return offering.vehicle.organisation


@pytest.fixture
def dee(energi):
    return make.user("dee", ("treasurer", energi))


@pytest.fixture
def desk(client, dee) -> Client:
    client.force_login(dee)
    return client


@pytest.fixture
def elsewhere(db) -> Client:
    """The treasurer of another association."""
    other = make.organisation("annan", iban="SE3550000000054910000003")
    client = Client()
    client.force_login(make.user("dan", ("treasurer", other)))
    return client
