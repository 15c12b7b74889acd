"""What the demo's valley publishes, as acts among the others of the played story."""

from datetime import datetime, time, timedelta
from functools import partial

from django.utils import timezone

from invest.models import Project, User
from invest.scenario.stage import Data, Stage
from reports import publish
from reports.models import Publication
from reports.refusals import PointsAtSomebody

MORNING = time(8)


def publications(stage: Stage) -> None:
    """Every row of the story's `publication` is told on its day: the first, then its revisions."""
    for told in stage.story.get("publication", []):
        stage.at(stage.day(told["on"]), partial(_publish, stage, told))


def _publish(stage: Stage, told: Data) -> None:
    """Drafted by one and approved by another; what would point at somebody is left out."""
    project = Project.objects.select_related("organisation").get(slug=told["project"])
    on = stage.day(told["on"])
    at, eve = timezone.make_aware(datetime.combine(on, MORNING)), on - timedelta(days=1)
    names = ("title_sv", "text_sv", "use_sv", "title_en", "text_en", "use_en")
    words = publish.Words(**{name: told[name] for name in names})
    earlier = Publication.objects.filter(project=project).first()
    if earlier is None:
        draft = publish.draft(
            organisation=project.organisation,
            project=project,
            as_of=eve,
            words=words,
            by=_user(told["by"]),
            at=at,
        )
    else:
        draft = publish.revise(
            publication=earlier,
            as_of=eve,
            words=words,
            reason=told["reason"],
            by=_user(told["by"]),
            at=at,
        )
    try:
        publish.approve(revision=draft, by=_user(told["approved_by"]), at=at)
    except PointsAtSomebody:
        publish.discard(revision=draft, at=at)


def _user(name: str) -> str:
    return f"user:{User.objects.get(email=f'{name}@bjorkdalen.example').pk}"
