"""What an organiser does before a fair: invite projects, order the programme, tick off tasks."""

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from invest.in_kind.refusals import ProjectClosed
from invest.kinds.refusals import AlreadyRecorded, BadTerms
from invest.models import Cooperation, Fair, FairTask, Pitch, Project
from invest.people import plain
from invest.refusals import WrongState

# Stages in which a project asks for nothing more.
ENDED_STAGES = frozenset({"failed", "completed", "wound_up"})
# Days before the fair → what is to be done by then.
USUAL_TASKS: tuple[tuple[int, str], ...] = (
    (60, gettext_noop("Book the room; look at the ramp, the hearing loop and the toilets")),
    (45, gettext_noop("Invite the projects")),
    (30, gettext_noop("Find a host, a timekeeper and two who enter cards")),
    (21, gettext_noop("Read each project's page: needs, goal and risk")),
    (14, gettext_noop("Put up the posters and tell the local paper")),
    (7, gettext_noop("Print the stand cards and the pledge cards")),
    (3, gettext_noop("Let every project rehearse its pitch against the clock")),
    (1, gettext_noop("Try the board on the projector in the hall")),
    (0, gettext_noop("Count the cards by two and close every batch before going home")),
)


@transaction.atomic
def invite(*, fair: Fair, project: Project, on: date) -> Pitch:
    """Ask a project of any organisation to pitch, last in the programme.

    One that has declined may be asked again and keeps its code. Raises AlreadyRecorded,
    ProjectClosed, and WrongState when the fair is over.
    """
    _lock(fair, on)
    _refuse_ended(project)
    last = fair.pitches.aggregate(last=Max("position"))["last"] or 0
    pitch = fair.pitches.filter(project=project).first() or Pitch(fair=fair, project=project)
    if pitch.pk and pitch.declined_on is None:
        raise AlreadyRecorded(what=project.name)
    pitch.position, pitch.invited_on, pitch.declined_on = last + 1, on, None
    pitch.save()
    return pitch


@transaction.atomic
def answer(*, pitch: Pitch, accepts: bool, on: date) -> Pitch:
    """The project says yes or no; until the fair is over it may think again.

    The same answer again changes nothing, not even its day. Raises WrongState.
    """
    _lock(pitch.fair, on)
    pitch.refresh_from_db()
    say(pitch, accepts=accepts, on=on)
    pitch.save()
    return pitch


def say(asked: Pitch | Cooperation, *, accepts: bool, on: date) -> None:
    """Yes or no, since a day; what was said already keeps its own."""
    asked.accepted_on = (asked.accepted_on or on) if accepts else None
    asked.declined_on = None if accepts else (asked.declined_on or on)


@transaction.atomic
def take_back(*, pitch: Pitch, on: date) -> None:
    """An invitation is taken back before it was accepted, and is gone. Raises WrongState."""
    _lock(pitch.fair, on)
    pitch.refresh_from_db()
    if pitch.accepted_on:
        raise WrongState(state=_("the project has accepted"))
    pitch.delete()


@transaction.atomic
def move(*, pitch: Pitch, is_up: bool) -> Pitch:
    """One place up or down in the programme; the first goes no higher, the last no lower."""
    Fair.objects.select_for_update().get(pk=pitch.fair_id)
    pitch.refresh_from_db()
    others = Pitch.objects.filter(fair=pitch.fair_id)
    if is_up:
        beside = others.filter(position__lt=pitch.position).order_by("-position").first()
    else:
        beside = others.filter(position__gt=pitch.position).order_by("position").first()
    if beside is not None:
        here, there = pitch.position, beside.position
        free = (others.aggregate(last=Max("position"))["last"] or 0) + 1
        # Two never share a place, not even between two statements.
        for moved, to in ((pitch, free), (beside, here), (pitch, there)):
            moved.position = to
            moved.save(update_fields=["position"])
    return pitch


def add_task(*, fair: Fair, text: str, due_on: date) -> FairTask:
    """Put something on the checklist. Raises BadTerms where empty, TextTooLong, UnsafeText."""
    words = plain(text, most=160)
    if not words:
        raise BadTerms(field="text", reason=_("write a line"))
    return FairTask.objects.create(fair=fair, text=words, due_on=due_on)


@transaction.atomic
def add_usual_tasks(*, fair: Fair) -> list[FairTask]:
    """The usual checklist in the reader's language, counted back from the fair's day.

    What stands there already, in whichever language, is not added again.
    """
    Fair.objects.select_for_update().get(pk=fair.pk)
    day = timezone.localdate(fair.starts_at)
    there = set(fair.tasks.values_list("text", flat=True))
    return [
        add_task(fair=fair, text=_(text), due_on=day - timedelta(days=before))
        for before, text in USUAL_TASKS
        if not there & _in_every_language(text)
    ]


def tick(*, task: FairTask, on: date) -> FairTask:
    """It is done; ticked again it keeps its first day."""
    task.done_on = task.done_on or on
    task.save(update_fields=["done_on"])
    return task


def untick(*, task: FairTask) -> FairTask:
    """It was not done after all."""
    task.done_on = None
    task.save(update_fields=["done_on"])
    return task


def _lock(fair: Fair, on: date) -> None:
    """One at a time, and nothing when the fair is over: what was on stage is history."""
    now = Fair.objects.select_for_update().get(pk=fair.pk)
    if timezone.localdate(now.ends_at) < on:
        raise WrongState(state=_("the fair is over"))


def _refuse_ended(project: Project) -> None:
    stage = project.stages.order_by("-number").first()
    if stage is not None and stage.to_state in ENDED_STAGES:
        raise ProjectClosed(project=project.name, on=stage.on)


def _in_every_language(text: str) -> set[str]:
    told = set()
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            told.add(translation.gettext(text))
    return told
