"""A fair small enough to count by hand: two roofs, seven savers, and a name that a sheet runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from django.db import transaction
from django.utils import translation

from invest.models import Fair, Offering, Placement
from invest.treasury import placing
from reports.fair import FairReport, fair_report
from reports.models import Chapter
from tests import factories as make

SCRIPT = "<script>alert(1)</script> & <b>fet</b>"
RUNS = '=HYPERLINK("http://evil.example")'
GIVERS = ("Ada", "Bo", "Cem", "Dee", "Eva", "Fia", "Gun")
AS_OF = date(2026, 11, 23)


def small_fair() -> Fair:
    """Seven savers have paid 1 000, 2 000 … 7 000 kr to the first project; one promised 500.50 to
    the second, whose name a spreadsheet would run. The organiser's words have script in them.
    """
    roof = make.share_offering()
    owner = roof.vehicle.organisation
    runs = make.project("kvarnen", owner)
    runs.name = RUNS
    runs.save()
    mill = make.share_offering(runs)
    fair = make.fair(owner=owner, of=(roof.vehicle.project, runs))
    for number, name in enumerate(GIVERS, start=1):
        make.paid(roof, 1000 * number, name)
    make.called(make.pledge(mill, 500, "Hal", fair=fair))
    Chapter.objects.create(fair=fair, code="raised", words_sv=f"{SCRIPT}\n\nAndra stycket.")
    return fair


@contextmanager
def one_report(django_db_blocker: pytest.FixtureRequest) -> Iterator[FairReport]:
    """The report of the small fair, made once for a module in Swedish, and taken back after it."""
    with django_db_blocker.unblock(), transaction.atomic(), translation.override("sv"):
        yield fair_report(small_fair(), AS_OF)
        transaction.set_rollback(True)


def empty_fair(like: Fair) -> Fair:
    """A fair of the same organiser that nobody has promised anything at."""
    roof = make.share_offering(make.project("tomt", like.organisation))
    return make.fair("tom", owner=like.organisation, of=(roof.vehicle.project,))


def more_is_booked(fair: Fair) -> None:
    """Later, but dated before the report's day: a new payment, and one that is undone."""
    roof = Offering.objects.get(vehicle__project=fair.pitches.get(position=1).project)
    make.paid(roof, 9000, "Ina")
    placing.undo(placement=Placement.objects.order_by("pk").first(), by="test")
