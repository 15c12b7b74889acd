"""The valley with every word beside a row erased: figures stand, and every register reads on."""

from datetime import date
from fractions import Fraction

import pytest
from django.urls import reverse

from invest import audit
from invest.models import EventText, Organisation, Project, Vehicle
from invest.vehicles import actions
from pools.audit import run
from tests import factories as make
from tests.conftest import STORY_DAY

pytestmark = pytest.mark.django_db


def figures() -> dict[str, object]:
    """All that each vehicle's rules make of numbers."""
    told: dict[str, object] = {}
    for vehicle in Vehicle.objects.order_by("slug"):
        now = actions.snapshot(vehicle, STORY_DAY)
        told[vehicle.slug] = (
            [(str(tile), vehicle.slug) for tile in now.kind.key_figures(now)],
            actions.disagreements(vehicle, now),
        )
        for sheet in now.kind.all_sheets():
            rows = sheet.rule(now.kind, now)
            told[f"{vehicle.slug}/{sheet.name}"] = [
                [cell for cell in row if isinstance(cell, int | Fraction | date)] for row in rows
            ]
    return told


def pages() -> list[str]:
    """Where words of rows that only grow are shown, to those who keep them."""
    found = [reverse("project", args=[project.slug]) for project in Project.objects.all()]
    for vehicle in Vehicle.objects.select_related("organisation"):
        own = [vehicle.organisation.slug, vehicle.slug]
        found.append(reverse("vehicle", args=own))
        sheets = actions.snapshot(vehicle, STORY_DAY).kind.all_sheets()
        found += [reverse("sheet", args=[*own, sheet.name]) for sheet in sheets]
    return found


def test_no_figure_rests_on_words_that_can_be_erased(valley):
    before = figures()
    assert EventText.objects.count() > 50

    EventText.objects.all().delete()

    assert figures() == before
    assert run(audit.CHECKS) == []


def test_every_page_of_them_opens_and_tells_no_none(valley, client):
    keeps = [("register-keeper", owner) for owner in Organisation.objects.all()]
    client.force_login(make.user("Keeper", *keeps))
    EventText.objects.all().delete()

    for path in pages():
        answer = client.get(path, follow=True)
        assert answer.status_code == 200, path
        assert ">None<" not in answer.content.decode(), path
