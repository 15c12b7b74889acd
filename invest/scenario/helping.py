"""Help in kind as the story tells it: who offers what at which fair, and what becomes of it."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial

from django.utils import timezone

from invest.in_kind import in_kind
from invest.in_kind.in_kind import Help
from invest.models import Fair, InKind, InKindEvent, Pledge, Project
from invest.people import Giver
from invest.scenario.stage import BY, Data, Stage

# How far each fate goes, one step every other week after the fair.
_STEPS = ("accepted", "scheduled", "delivered", "verified")


def helped(stage: Stage, project: Project, slug: str, people: dict[str, Giver]) -> None:
    """Every row of the story for a project, at its fair."""
    for row in stage.story.get("help", []):
        if row["project"] == slug:
            fair = stage.fairs[row["fair"]]
            on = timezone.localdate(fair.starts_at)
            stage.at(on, partial(_offer, stage, row, project, fair, people))


def _offer(stage: Stage, row: Data, project: Project, fair: Fair, people: dict[str, Giver]) -> None:
    on = timezone.localdate(fair.starts_at)
    giver = people.get(row["who"]) or Giver(row["who"], publish_name=row.get("publish", False))
    wanted = row.get("need", "")
    made = in_kind.offer(
        project=project,
        giver=giver,
        help_=Help(
            sort=row["sort"],
            what=row["what"],
            quantity=Decimal(str(row["quantity"])),
            unit=row.get("unit", in_kind.USUAL_UNITS[row["sort"]]),
            conditions=row.get("conditions", ""),
        ),
        key=f"demo:help:{project.slug}:{InKind.objects.count()}",
        key_owner="demo",
        on=on,
        by=BY,
        at=timezone.make_aware(datetime.combine(on, time(14, 5))),
        source=Pledge.Source.FAIR,
        fair=fair,
        need=project.needs.filter(text_sv=wanted).first() if wanted else None,
        shown_as=giver.name if giver.publish_name else "",
    )
    follow(stage, made, row.get("fate", "offered"), on)


def follow(stage: Stage, made: InKind, fate: str, on: date) -> None:
    """What becomes of an offer made on a day, one step every other week."""
    for turn, step in enumerate(_until(fate), start=1):
        day = on + timedelta(days=14 * turn)
        stage.at(day, partial(_step, step, made, day))


def _until(fate: str) -> tuple[str, ...]:
    if fate in {"declined", "withdrawn"}:
        return (fate,)
    return _STEPS[: _STEPS.index(fate) + 1] if fate in _STEPS else ()


def _step(step: str, made: InKind, on: date) -> None:
    if step == "scheduled":
        in_kind.schedule(in_kind=made, due_on=on, on=on, by=BY)
    else:
        _VERBS[step](in_kind=made, on=on, by=BY)


_VERBS: dict[str, Callable[..., InKindEvent]] = {
    "accepted": in_kind.accept,
    "delivered": in_kind.deliver,
    "verified": in_kind.verify,
    "declined": in_kind.decline,
    "withdrawn": in_kind.withdraw,
}
