"""docs/data-model.svg: all of the models, nothing on top of anything, and never out of date."""

from itertools import combinations

import pytest
from defusedxml.ElementTree import fromstring
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

from config.data_model import boxes, ink, rooms
from config.data_model.rooms import Link, Room, Table
from config.management.commands.data_model import PICTURE

RENEW = "The models have changed: run `manage.py data_model`, look at the picture, and commit it."


def table(name: str, *links: Link, is_guarded: bool = False) -> Table:
    return Table(name, links, is_guarded)


def to(target: str, room: str, name: str = "", *, may_be_empty: bool = False) -> Link:
    return Link(name or target.lower(), target, room, may_be_empty)


def test_the_committed_picture_is_what_the_models_say_now(tmp_path):
    call_command("data_model", out=tmp_path / "now.svg")

    assert (settings.BASE_DIR / PICTURE).read_bytes() == (tmp_path / "now.svg").read_bytes(), RENEW


def test_every_model_stands_in_one_room_and_the_ground_is_money():
    tower = rooms.rooms()

    told = [one.name for room in tower for one in room.tables]
    ours = [model.__name__ for app in rooms.APPS for model in apps.get_app_config(app).get_models()]
    assert sorted(told) == sorted(ours)
    assert (tower[0].name, tower[-1].name) == ("pools", "reports")


def test_every_key_to_a_table_of_ours_is_told():
    told = {one.name: {link.name for link in one.links} for r in rooms.rooms() for one in r.tables}

    for app in rooms.APPS:
        for model in apps.get_app_config(app).get_models():
            keys = {f.name for f in model._meta.concrete_fields if f.is_relation}
            assert told[model.__name__] == keys


def test_nothing_lies_on_anything_and_every_box_is_on_its_floor():
    for floor in boxes.floors(rooms.rooms(), 0):
        placed = [box for tree in floor.trees for box in tree.everybody()]
        assert len(placed) == len(floor.room.tables)
        for box in placed:
            assert box.x + box.width <= boxes.EDGE + boxes.HEAD + boxes.TREES
            assert floor.y < box.y
            assert box.y + box.height < floor.y + floor.height
        for one, other in combinations(placed, 2):
            beside = one.x + one.width < other.x or other.x + other.width < one.x
            assert beside or one.y + one.height < other.y or other.y + other.height < one.y


def test_tables_that_point_in_a_circle_are_drawn_once_each():
    first = table("First", to("Second", "r"), to("First", "r", "before", may_be_empty=True))
    room = Room("r", "r.py", (first, table("Second", to("First", "r"))))

    (tree, *others) = boxes.boxes(room)

    assert [box.table.name for one in (tree, *others) for box in one.everybody()] == [
        "First",
        "Second",
    ]


@pytest.mark.parametrize(
    ("links", "line"),
    [
        ((to("Fair", "fairs"),), "→ Fair"),
        ((to("Fair", "fairs", may_be_empty=True),), "→ Fair?"),
        ((to("Account", "pools", "debit"), to("Account", "pools", "credit")),
         "→ Account (debit, credit)"),
        ((to("Fair", "fairs"), to("Person", "people", "by")), "→ Fair, Person (by)"),
    ],
)  # fmt: skip
def test_what_else_a_table_points_at_stands_under_its_name(links, line):
    (box,) = boxes.boxes(Room("r", "r.py", (table("One", *links),)))

    assert ["".join(text for text, _ in told) for told in box.lines] == [line]


def test_the_picture_says_what_is_guarded_and_who_uses_a_lift():
    ground = Room("ground", "g.py", (table("Stone", is_guarded=True), table("Sand")))
    above = Room("above", "a.py", (table("Wall", to("Stone", "ground")),))

    drawn = ink.draw([ground, above])

    assert fromstring(drawn).tag.endswith("svg")
    assert ink.draw([ground, above]) == drawn
    assert (drawn.count('class="guard"'), drawn.count('class="box"')) == (1, 3)
    assert (drawn.count('class="lift"'), drawn.count("<circle")) == (1, 1)
