"""A vehicle's sheets as frames: every kind of the valley, every sheet, the same figures."""

import pytest

from invest.kinds.actions import Shape
from invest.models import Vehicle
from invest.vehicles import actions
from reports.figures import sheet_frame
from tests.conftest import STORY_DAY


def test_every_sheet_of_the_valley_is_a_frame_of_the_same_figures(valley, db):
    for vehicle in Vehicle.objects.order_by("slug"):
        now = actions.standing(vehicle, STORY_DAY)
        for sheet in now.kind.all_sheets():
            frame = sheet_frame(vehicle, sheet.name, STORY_DAY)
            rows = sheet.rule(now.kind, now)

            assert list(frame.columns) == [column.name for column in sheet.columns]
            assert len(frame) == len(rows)
            for i, column in enumerate(sheet.columns):
                if column.shape is Shape.KRONOR:
                    assert frame[column.name].sum() == sum(row[i] or 0 for row in rows)


def test_names_are_in_no_frame(valley, db):
    shop = Vehicle.objects.get(slug="lanthandelns-agare")

    frame = sheet_frame(shop, "aktiebok", STORY_DAY)

    assert frame["holder"].dtype == "Int64"
    assert frame["shares"].sum() == actions.standing(shop, STORY_DAY).all_held("units")


def test_a_sheet_that_the_kind_has_not_is_refused(valley, db):
    with pytest.raises(KeyError):
        sheet_frame(Vehicle.objects.first(), "no-such-sheet", STORY_DAY)
