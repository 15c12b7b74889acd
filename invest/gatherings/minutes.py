"""Minutes: what was said at a gathering, who does what by when, and what became of it.

A line is never rewritten: what was wrong is followed by a line that says so. What should not stand
there at all is struck out: its words go, and that there was a line stays, with who and why.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from invest.gatherings.refusals import BadGathering
from invest.kinds.refusals import AlreadyRecorded
from invest.models import AssetCard, Gathering, Minute, Project, StageEvent
from invest.people import open_words, plain
from invest.places import places
from invest.projects import stages
from invest.refusals import WrongState
from invest.slugs import free_slug


@transaction.atomic
def write(
    *,
    gathering: Gathering,
    kind: str,
    text: str,
    by: str,
    at: datetime,
    who: str = "",
    due_on: date | None = None,
) -> Minute:
    """A line of the minutes, numbered.

    The last line sent once more is still that line. Raises BadGathering for an empty line,
    ContactShown, UnsafeText, TextTooLong.
    """
    words = open_words(text, most=600)
    if not words:
        raise BadGathering(field="text", reason=_("write a line"))
    Gathering.objects.select_for_update(of=("self",)).get(pk=gathering.pk)
    told = {"kind": kind, "text": words, "who": open_words(who), "due_on": due_on, "actor": by}
    last = gathering.minutes.order_by("number").last()
    if last is not None and all(getattr(last, name) == said for name, said in told.items()):
        return last
    number = last.number + 1 if last else 1
    return Minute.objects.create(gathering=gathering, number=number, at=at, **told)


@transaction.atomic
def finish(*, minute: Minute, outcome: str, on: date) -> Minute:
    """What became of a decision or a task. Raises BadGathering without words, WrongState twice."""
    minute = Minute.objects.select_for_update(of=("self",)).get(pk=minute.pk)
    if minute.done_on or minute.struck_at or minute.kind == Minute.Kind.NOTE:
        raise WrongState(state=minute.get_kind_display())
    minute.outcome = open_words(outcome, most=300)
    if not minute.outcome:
        raise BadGathering(field="outcome", reason=_("write a line"))
    minute.done_on = on
    minute.save(update_fields=["outcome", "done_on"])
    return minute


@transaction.atomic
def strike(*, minute: Minute, why: str, by: str, at: datetime) -> Minute:
    """Strike a line out: its words are gone for good. Twice is once. Raises BadGathering."""
    minute = Minute.objects.select_for_update(of=("self",)).get(pk=minute.pk)
    if minute.struck_at:
        return minute
    minute.struck_why = open_words(why, most=200)
    if not minute.struck_why:
        raise BadGathering(field="why", reason=_("write a reason"))
    minute.struck_at, minute.struck_by = at, by
    minute.text = minute.who = minute.outcome = ""
    minute.save()
    return minute


@transaction.atomic
def found_project(*, minute: Minute, name: str, sector: str, on: date, by: str) -> Project:
    """A decision becomes a project at the stage of an idea, with its words. Once.

    Raises AlreadyRecorded, WrongState for a note, UnsafeText, TextTooLong.
    """
    minute = Minute.objects.select_for_update(of=("self",)).get(pk=minute.pk)
    if minute.struck_at or minute.kind == Minute.Kind.NOTE:
        raise WrongState(state=minute.get_kind_display())
    if minute.project is not None:
        raise AlreadyRecorded(what=minute.project.name)
    gathering = minute.gathering
    minute.project = Project.objects.create(
        slug=free_slug(name, "projekt", Project),
        organisation=gathering.organisation,
        name=plain(name),
        sector=sector,
        municipality=gathering.municipality,
        summary_sv=minute.text[:240],
        summary_en=minute.text[:240],
    )
    minute.save(update_fields=["project"])
    reason = _("Decided at %(name)s, line %(number)s") % {
        "name": gathering.name,
        "number": minute.number,
    }
    stages.set_stage(
        project=minute.project, to=StageEvent.Stage.IDEA, on=on, by=by, reason=reason[:300]
    )
    return minute.project


@transaction.atomic
def become_card(
    *, minute: Minute, side: str, kind: str, title: str, by: str, at: datetime
) -> AssetCard:
    """A line becomes a card of the gathering's place, with its words; sent twice it is one.

    Anew only when that card was taken away. Raises WrongState where the gathering is in none of
    our places, AlreadyRecorded for another card of the line, UnsafeText, TextTooLong.
    """
    minute = Minute.objects.select_for_update(of=("self",)).get(pk=minute.pk)
    place = minute.gathering.place
    if place is None or minute.struck_at:
        raise WrongState(state=minute.get_kind_display())
    title = plain(title)
    cards = AssetCard.objects.filter(key__startswith=f"minute:{minute.pk}:")
    if (card := cards.filter(removed_at__isnull=True).first()) is not None:
        if (card.side, card.kind, card.title) != (side, kind, title):
            raise AlreadyRecorded(what=card.title)
        return card
    words = "" if minute.text == title else minute.text[:400]
    asset = places.Asset(kind=kind, side=side, title=title, text=words)
    key = f"minute:{minute.pk}:{cards.count()}"
    return places.add_card(place=place, asset=asset, key=key, by=by, at=at)
