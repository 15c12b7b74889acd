"""Where the valley met: who came, what was decided, and what became of it.

Rows where the verb would write a letter: those were sent long ago, and none goes out again.
"""

from datetime import date, datetime, time, timedelta
from functools import partial

from django.utils import timezone

from invest.gatherings import minutes
from invest.models import Cooperation, Fair, Gathering, GatheringChange, Place, Project, SignUp
from invest.people import Giver, person_for
from invest.scenario.stage import BY, Data, Stage

# How many come along with whoever signs up, and what they write; by their number.
PARTIES = (1, 2, 1, 1, 2, 1, 4, 1, 3)
WORDS = {6: "Hela familjen, två små.", 16: "Behöver skjuts från Norrby.", 25: "Tar med kaffebröd."}


def meet(stage: Stage, story: Data, place: Place, people: dict[str, Giver]) -> None:
    """Every gathering of the story, and the fairs as gatherings of their own."""
    for told in story["gathering"]:
        gathering = _open(stage, told, place)
        _comings(stage, told, gathering, people)
        _changes(stage, told, gathering)
        _minutes(stage, told, gathering)
        for row in told.get("together", []):
            stage.at(stage.day(row["invited"]), partial(_invite, stage, row, gathering=gathering))
    _fairs(stage, story["fairs"], place, people)


def moment(stage: Stage, told: date, at: time = time(19)) -> datetime:
    """An hour of a day as told, moved along with the story."""
    if isinstance(told, datetime):
        return timezone.make_aware(datetime.combine(stage.day(told.date()), told.time()))
    return timezone.make_aware(datetime.combine(stage.day(told), at))


def _open(stage: Stage, told: Data, place: Place) -> Gathering:
    """The gathering as it was announced."""
    first = told.get("moved", {})
    starts, ends = moment(stage, told["starts"]), moment(stage, told["ends"])
    begins = moment(stage, first["starts"]) if first else starts
    return Gathering.objects.create(
        slug=told["slug"],
        organisation=place.organisation,
        place=place,
        form=told["form"],
        name=told["name"],
        venue=first.get("venue", told["venue"]),
        starts_at=begins,
        ends_at=begins + (ends - starts),
        most=told.get("most"),
        opened_at=moment(stage, told["announced"]),
        about_sv=told["about_sv"],
        about_en=told["about_en"],
        became_sv=told.get("became_sv", ""),
        became_en=told.get("became_en", ""),
    )


# --- Who comes ------------------------------------------------------------------------------------


def _comings(stage: Stage, told: Data, gathering: Gathering, people: dict[str, Giver]) -> None:
    first, after = told.get("savers", (0, 0))
    numbers = range(first, after)
    coming = [(n, stage.crowd[n]) for n in numbers]
    coming += [(-1, people[f"{name}@bjorkdalen.example"]) for name in told.get("cast", [])]
    opened, closes = stage.day(told["announced"]), timezone.localdate(gathering.starts_at)
    was_held = "cancelled" not in told and gathering.ends_at < moment(stage, stage.story["told_on"])
    days = (min(closes, stage.today) - opened).days
    for turn, (number, giver) in enumerate(coming):
        on = opened + timedelta(days=days * turn // len(coming))
        withdrew = number in told.get("withdrew", [])
        came = number not in told.get("stayed", []) if was_held and not withdrew else None
        stage.at(on, partial(_sign_up, gathering, giver, turn, on, withdrew=withdrew, came=came))


def _sign_up(
    gathering: Gathering, giver: Giver, turn: int, on: date, *, withdrew: bool, came: bool | None
) -> None:
    at = timezone.make_aware(datetime.combine(on, time(9, turn)))
    SignUp.objects.create(
        gathering=gathering,
        person=person_for(giver, at=at),
        name=giver.name,
        party=PARTIES[turn % len(PARTIES)],
        words=WORDS.get(turn, ""),
        signed_up_at=at,
        cancelled_at=at + timedelta(hours=8) if withdrew else None,
        came=came,
        key=f"demo:{gathering.slug}:{turn}",
    )


# --- Moved or cancelled ---------------------------------------------------------------------------


def _changes(stage: Stage, told: Data, gathering: Gathering) -> None:
    if "moved" in told:
        stage.at(stage.day(told["moved"]["on"]), partial(_move, stage, told, gathering))
    if "cancelled" in told:
        stage.at(stage.day(told["cancelled"]["on"]), partial(_cancel, stage, told, gathering))


def _keep(stage: Stage, row: Data, gathering: Gathering) -> datetime:
    """Write down what was, and why it is no more; returns when."""
    change = GatheringChange.objects.create(
        gathering=gathering,
        at=moment(stage, row["on"]),
        actor=BY,
        was_at=gathering.starts_at,
        was_in=gathering.venue,
        reason=row["why"],
    )
    return change.at


def _move(stage: Stage, told: Data, gathering: Gathering) -> None:
    _keep(stage, told["moved"], gathering)
    gathering.starts_at, gathering.ends_at = (
        moment(stage, told["starts"]),
        moment(stage, told["ends"]),
    )
    gathering.venue = told["venue"]
    gathering.save(update_fields=["starts_at", "ends_at", "venue"])


def _cancel(stage: Stage, told: Data, gathering: Gathering) -> None:
    gathering.cancelled_at = _keep(stage, told["cancelled"], gathering)
    gathering.save(update_fields=["cancelled_at"])


# --- What was said --------------------------------------------------------------------------------


def _minutes(stage: Stage, told: Data, gathering: Gathering) -> None:
    met = timezone.localdate(gathering.starts_at)
    for number, row in enumerate(told.get("minutes", []), start=1):
        stage.at(met, partial(_minute, stage, row, gathering))
        if "done" in row:
            stage.at(stage.day(row["done"]), partial(_finish, stage, row, gathering, number))


def _minute(stage: Stage, row: Data, gathering: Gathering) -> None:
    minute = minutes.write(
        gathering=gathering,
        kind=row["kind"],
        text=row["text"],
        who=row.get("who", ""),
        due_on=stage.day(row["due"]) if "due" in row else None,
        by=BY,
        at=gathering.ends_at,
    )
    if "project" in row:
        # The project has an act of its own in the story, so it is not founded here.
        minute.project = Project.objects.filter(slug=row["project"]).first()
        minute.save(update_fields=["project"])


def _finish(stage: Stage, row: Data, gathering: Gathering, number: int) -> None:
    minute = gathering.minutes.get(number=number)
    minutes.finish(minute=minute, outcome=row["outcome"], on=stage.day(row["done"]))


# --- Together -------------------------------------------------------------------------------------


def _fairs(stage: Stage, story: Data, place: Place, people: dict[str, Giver]) -> None:
    for told in stage.story["fair"]:
        fair = stage.fairs[told["slug"]]
        announced = told["starts"].date() - timedelta(days=story["announced_days"])
        gathering = _held(fair, place, moment(stage, announced))
        coming = {"announced": announced, "savers": story["savers"][told["slug"]]}
        _comings(stage, coming, gathering, people)
    for row in story["together"]:
        fair = stage.fairs[row["fair"]]
        stage.at(stage.day(row["invited"]), partial(_invite, stage, row, fair=fair))


def _held(fair: Fair, place: Place, opened_at: datetime) -> Gathering:
    """The gathering that a fair is, at the fair's own address."""
    return Gathering.objects.create(
        slug=fair.slug,
        organisation=fair.organisation,
        place=place,
        fair=fair,
        form=Gathering.Form.FAIR,
        name=fair.name,
        venue=fair.venue,
        starts_at=fair.starts_at,
        ends_at=fair.ends_at,
        opened_at=opened_at,
        about_sv=fair.about_sv,
        about_en=fair.about_en,
    )


def _invite(
    stage: Stage, row: Data, gathering: Gathering | None = None, fair: Fair | None = None
) -> None:
    """Another organisation takes a part of its own, and answers on its day."""
    made = Cooperation.objects.create(
        organisation=stage.organisations[row["who"]],
        gathering=gathering,
        fair=fair,
        part=row["part"],
        invited_on=stage.day(row["invited"]),
    )
    for answer in ("accepted", "declined"):
        if answer in row:
            on = stage.day(row[answer])
            stage.at(on, partial(_answer, made, f"{answer}_on", on))


def _answer(made: Cooperation, field: str, on: date) -> None:
    setattr(made, field, on)
    made.save(update_fields=[field])


__all__ = ["meet", "moment"]
