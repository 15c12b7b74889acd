"""Plays a fixture story through the verbs: for the demo, for tests and for benchmarks.

The story is `fixtures/bjorkdalen.toml`. Everything that happens is an act on a day; the acts are
sorted and played in order, so the book is written as it would have been. The same story, day and
scale play the same way every time.
"""

import random
import tomllib
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from pathlib import Path

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction
from django.utils import timezone

from invest import access
from invest.models import Fair, Organisation, Person, Pledge, Role, Setting, User
from invest.people import Giver
from invest.scenario import afterwards, beginnings, founding
from invest.scenario.bank import strays
from invest.scenario.doings import doings
from invest.scenario.helping import helped
from invest.scenario.promises import promises
from invest.scenario.stage import Data, Stage, Summary
from invest.vehicles import books

STORY = Path(__file__).parent.parent.parent / "fixtures" / "bjorkdalen.toml"
USUAL_START = date(2023, 1, 1)  # As told: when books were opened and roles given.
DEMO_TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 -- the demo's, for all to know


@transaction.atomic
def play(*, today: date, scale: int = 1, more: Iterable[Callable[[Stage], None]] = ()) -> Summary:
    """Play the story so that it ends on `today`; `scale` tells the valley so many times over.

    `more` adds the acts of those who know more than `invest` does, such as what is published.
    """
    story = tomllib.loads(STORY.read_text("utf-8"))
    stage = Stage(story, today, random.Random(story["seed"]))  # noqa: S311 -- a story
    for told in story["organisation"]:
        _organisation(stage, told)
    people = _cast(stage)
    _potentials(stage)
    for told in story["fair"]:
        _fair(stage, told)
    for copy in range(scale):
        # The same lots for each, so that the money a project's deeds are told of is there.
        stage.chance, stage.turn = random.Random(story["seed"]), 0  # noqa: S311 -- a story
        stage.crowd = _crowd(stage, copy)
        if not copy:
            beginnings.begin(stage, people)
        for told in story["project"]:
            _project(stage, told, f"-{copy + 1}" if copy else "", people)
    for add in more:
        add(stage)
    stage.play()
    strays(stage)
    stage.summary.savers = Person.objects.count()
    stage.summary.pledges = Pledge.objects.count()
    return stage.summary


# --- Master data ----------------------------------------------------------------------------------


def _organisation(stage: Stage, told: Data) -> None:
    organisation = Organisation.objects.create(
        slug=told["slug"],
        name=told["name"],
        form=told["form"],
        orgnr=told["orgnr"],
        municipality="Björkdalen",
        about_sv=told["about_sv"],
        about_en=told["about_en"],
        contact_email=f"{told['slug']}@bjorkdalen.example",
        is_energy_company=told.get("energy", False),
    )
    stage.organisations[told["slug"]] = organisation
    stage.banks[told["slug"]] = books.open_books(
        organisation=organisation,
        on=stage.day(told.get("since", USUAL_START)),
        iban=told["iban"],
        payee=told["name"],
        bankgiro=told["bankgiro"],
        swish=told["swish"],
    )
    stage.arriving[told["slug"]] = []


def _cast(stage: Stage) -> dict[str, Giver]:
    """The people with a name in the story: a login each, roles, and a second factor."""
    people = {}
    since = {told["slug"]: told.get("since", USUAL_START) for told in stage.story["organisation"]}
    appear = timezone.make_aware(datetime.combine(stage.day(min(since.values())), time()))
    for told in stage.story["cast"]:
        make = (
            User.objects.create_superuser
            if told.get("administrator", False)
            else User.objects.create_user
        )
        user = make(told["email"])
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        Person.objects.create(
            user=user,
            name=told["name"],
            email=told["email"],
            municipality=told["municipality"],
            created_at=appear,
        )
        for slug, kind in told.get("roles", []):
            for organisation in stage.organisations.values():
                if slug in {"*", organisation.slug}:
                    Role.objects.create(
                        user=user,
                        organisation=organisation,
                        kind=kind,
                        since=stage.day(since[organisation.slug]),
                    )
        if access.needs_mfa(user):
            TOTP.activate(user, DEMO_TOTP_SECRET)
        people[told["email"]] = Giver(
            name=told["name"],
            email=told["email"],
            user=user,
            publish_name=told.get("publish", False),
        )
    return people


def _potentials(stage: Stage) -> None:
    for told in stage.story["potential"]:
        Setting.objects.create(
            key=f"potential-{told['sector']}",
            valid_from=stage.day(told["from"]),
            value=told["kr"],
            source=told["source"],
        )


def _fair(stage: Stage, told: Data) -> None:
    stage.fairs[told["slug"]] = Fair.objects.create(
        slug=told["slug"],
        organisation=stage.organisations["bygdeforeningen"],
        name=told["name"],
        venue=told["venue"],
        municipality="Björkdalen",
        starts_at=_moment(stage, told["starts"]),
        ends_at=_moment(stage, told["ends"]),
        about_sv=told["about_sv"],
        about_en=told["about_en"],
    )


def _moment(stage: Stage, told: datetime) -> datetime:
    return timezone.make_aware(datetime.combine(stage.day(told.date()), told.time()))


def _crowd(stage: Stage, copy: int) -> list[Giver]:
    """The valley's savers: every name once for as long as they last."""
    names = stage.story["names"]
    pairs = [(first, last) for first in names["first"] for last in names["last"]]
    stage.chance.shuffle(pairs)
    places, weights = list(names["places"]), list(names["places"].values())
    cast = len(stage.story["cast"])
    return [
        Giver(
            name=f"{first} {last}",
            email=f"sparare{copy:03d}{number:03d}@bjorkdalen.example",
            municipality=stage.chance.choices(places, weights)[0],
            publish_name=stage.chance.random() < 0.4,
        )
        for number, (first, last) in enumerate(pairs[: stage.story["savers"] - cast])
    ]


def _project(stage: Stage, told: Data, copy: str, people: dict[str, Giver]) -> None:
    project = founding.project(stage, told, copy)
    offering = founding.offer(stage, told["offer"], project)
    promises(stage, told, offering, people)
    if not copy:
        helped(stage, project, told["slug"], people)
    if "repaid" in told:
        afterwards.repaid(stage, told["repaid"], offering.vehicle, told["organisation"])
    doings(stage, told.get("deeds", []), offering.vehicle)
    for row in told.get("assessed", []):
        afterwards.assessed(stage, row, project)
    if "dividend" in told:
        afterwards.dividend(stage, told["dividend"], offering.vehicle, told["organisation"])


__all__ = ["DEMO_TOTP_SECRET", "STORY", "Summary", "play"]
