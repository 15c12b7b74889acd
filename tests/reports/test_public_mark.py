"""The mark of what everybody may read changes also when words are erased and no row is."""

import pytest
from django.utils import timezone

from invest.models import EventText
from invest.projects import stages
from invest.vehicles import offerings
from reports.public import public_mark
from tests import factories as make
from tests.factories import DAY, sek

pytestmark = pytest.mark.django_db


def moved(offering) -> None:
    offerings.revise_goal(
        offering=offering, goal_min=sek(70_000), goal_max=sek(90_000), on=DAY, reason_sv="Större"
    )


def passed(offering) -> None:
    project = offering.vehicle.project
    stages.set_stage(project=project, to="idea", on=DAY, by="t", reason="Ändå")


@pytest.mark.parametrize("write", [moved, passed])
def test_erased_words_give_another_mark(write):
    write(make.share_offering())
    now = timezone.now()
    before = public_mark(now)
    assert public_mark(now) == before

    EventText.objects.all().delete()

    assert public_mark(now) != before
