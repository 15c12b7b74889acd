"""A project goes on to its next stage, through the gate before it."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from invest.models import EventText, Project, StageAnswer, StageEvent
from invest.projects import gates
from invest.projects.refusals import GateNotMet, NotNextStage, StageMoved
from invest.refusals import NeedsEvidence

Stage = StageEvent.Stage


@transaction.atomic
def answer(
    *, project: Project, code: str, is_met: bool, words: str, on: date, by: str
) -> StageAnswer:
    """Answer for a line of a gate, or take it back; the same answer again changes nothing.

    Raises NeedsEvidence without a word on what shows it, or why not.
    """
    if code not in gates.WORDS:
        raise KeyError(code)
    if not words.strip():
        raise NeedsEvidence
    Project.objects.select_for_update().get(pk=project.pk)
    held = project.stage_answers.filter(code=code).with_words().last()
    if held and (held.is_met, held.words) == (is_met, words.strip()):
        return held
    return StageAnswer.objects.create(
        project=project,
        code=code,
        is_met=is_met,
        on=on,
        actor=by,
        at=timezone.now(),
        **EventText.objects.beside(words.strip()),
    )


@transaction.atomic
def move(
    *, project: Project, to: Stage, after: int, on: date, by: str, reason: str = "", passes: bool
) -> StageEvent:
    """Move a project on from its `after`th step (0: none yet).

    Whoever `passes` may go through a gate that is not met, with a reason: what was lacking is
    kept with it and shown. Raises StageMoved, NotNextStage, GateNotMet.
    """
    Project.objects.select_for_update().get(pk=project.pk)
    newest = project.stages.order_by("-number").first()
    now = newest.to_state if newest else ""
    if after != (newest.number if newest else 0):
        raise StageMoved(now=newest.label if newest else "–")
    if to not in gates.NEXT[now]:
        raise NotNextStage(to=to.label, now=newest.label if newest else "–")
    lacking = [line for line in gates.lines(project, now, to, on) if not line.is_met]
    if lacking and not (passes and reason.strip()):
        told = "; ".join(str(line.text).rstrip(".") for line in lacking)
        raise GateNotMet(lacking=told)
    return set_stage(
        project=project,
        to=to,
        on=on,
        by=by,
        reason=reason.strip(),
        lacking=[line.code for line in lacking],
    )


def set_stage(
    *,
    project: Project,
    to: StageEvent.Stage,
    on: date,
    by: str,
    reason: str = "",
    lacking: Sequence[str] = (),
) -> StageEvent:
    """Write that a project has come to a stage. `move` keeps the gates before it."""
    return StageEvent.objects.step(project, to, on=on, by=by, reason=reason, lacking=list(lacking))
