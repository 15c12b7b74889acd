"""How the valley began: its place and inventory, its gatherings, and what it bought together.

The story is `fixtures/beginnings.toml`, told and played as the valley's own.
"""

import tomllib
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

from django.utils.text import slugify

from invest.models import AssetCard, Place, Project
from invest.people import Giver
from invest.places import card_consents, directory, places
from invest.scenario.buying import buy
from invest.scenario.helping import follow
from invest.scenario.meeting import meet, moment
from invest.scenario.stage import BY, Data, Stage

WORDS_OF_A_LISTING = (
    "name",
    "sort",
    "what_sv",
    "what_en",
    "address",
    "hours",
    "phone",
    "takes_currency",
)
STORY = Path(__file__).parent.parent.parent / "fixtures" / "beginnings.toml"


def begin(stage: Stage, people: dict[str, Giver]) -> None:
    """Add the acts of the first years; they come before all that is told of the valley."""
    story = tomllib.loads(STORY.read_text("utf-8"))
    place = _inventory(stage, story, people)
    meet(stage, story, place, people)
    whoever: dict[str | int, Giver] = dict(enumerate(stage.crowd))
    whoever |= {address.partition("@")[0]: one for address, one in people.items()}
    for told in story["project"]:
        buy(stage, told, whoever)
    for row in story["producer"]:
        called = stage.day(story["place"]["called_round"])
        stage.at(stage.day(row["agreed"]), partial(_producer, stage, place, row, called))


def giver(stage: Stage, people: dict[str, Giver], who: str | int) -> Giver:
    """Somebody of the story: one of the cast, a saver by number, or a name of its own."""
    if isinstance(who, int):
        return stage.crowd[who]
    return people.get(f"{who}@bjorkdalen.example") or Giver(
        name=who, email=f"{slugify(who)}@bjorkdalen.example", municipality="Björkdalen"
    )


# --- The place and its inventory ------------------------------------------------------------------


def _inventory(stage: Stage, story: Data, people: dict[str, Giver]) -> Place:
    told, inventory = story["place"], story["inventory"]
    place = places.add_place(
        organisation=stage.organisations[told["keeper"]],
        name=told["name"],
        municipality=told["municipality"],
        about_sv=told["about_sv"],
        about_en=told["about_en"],
    )
    for number, row in enumerate(inventory["cards"]):
        stage.at(stage.day(row["on"]), partial(_card, stage, place, row, number, people))
        if "away" in row:
            stage.at(stage.day(row["away"]), partial(_away, stage, place, row))
    for row in inventory["promised"]:
        stage.at(stage.day(row["on"]), partial(_promised, stage, place, row))
    return place


def _card(stage: Stage, place: Place, row: Data, number: int, people: dict[str, Giver]) -> None:
    owner = giver(stage, people, row["who"]) if "who" in row else None
    at = moment(stage, row["on"])
    card = places.add_card(
        place=place,
        asset=places.Asset(
            kind=row["kind"],
            side=row.get("side", "have"),
            title=row["title"],
            text=row.get("text", ""),
            quantity=Decimal(row["n"]) if "n" in row else None,
            unit=row.get("unit", ""),
        ),
        key=f"demo:card:{number}",
        by=BY,
        at=at,
        giver=owner,
    )
    if card.person and "phone" in row and not card.person.phone:
        card.person.phone = row["phone"]
        card.person.save(update_fields=["phone"])
    if row.get("agrees", False):
        card_consents.agree(card=card, at=at)


def _away(stage: Stage, place: Place, row: Data) -> None:
    card = _named(place, row["title"])
    places.take_away(card=card, by=BY, at=moment(stage, row["away"]), why=row["why"])


def _promised(stage: Stage, place: Place, row: Data) -> None:
    project = Project.objects.get(slug=row["project"])
    on = stage.day(row["on"])
    made = places.promise(
        card=_named(place, row["card"]),
        project=project,
        need=project.needs.get(text_sv=row["need"]),
        on=on,
        at=moment(stage, row["on"]),
        by=BY,
    )
    follow(stage, made, row["fate"], on)


def _named(place: Place, title: str) -> AssetCard:
    return place.cards.get(title=title)


# --- Who sells locally ----------------------------------------------------------------------------


def _producer(stage: Stage, place: Place, row: Data, called: date) -> None:
    """Listed from the day they agreed, with the telephone they agreed to show, and called since."""
    told = {name: row[name] for name in WORDS_OF_A_LISTING if name in row} | {
        "phone_agreed": "phone" in row
    }
    agreed = stage.day(row["agreed"])
    listed = directory.enlist(place=place, agreed_on=agreed, **told)
    if "ended" in row:
        on = stage.day(row["ended"])
        stage.at(on, partial(directory.end, producer=listed, on=on))
    else:
        stage.at(called, partial(directory.correct, producer=listed, on=called, **told))
