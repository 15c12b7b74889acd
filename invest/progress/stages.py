"""Where a project stands on its way: its last step by a day."""

from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from invest.models import Project, StageEvent


def with_stage(projects: QuerySet[Project], as_of: date) -> Any:
    """Annotate `stage` and `stage_on` as of the day; both None before the first step."""
    return projects.annotate(
        stage=Subquery(stages(OuterRef("pk"), as_of).values("to_state")[:1]),
        stage_on=Subquery(stages(OuterRef("pk"), as_of).values("on")[:1]),
    )


def stages(project: OuterRef, as_of: date) -> QuerySet[StageEvent]:
    """A project's steps by the end of the day, newest first."""
    return StageEvent.objects.of(project, as_of)
