"""A link to what was last published, for the pages of projects and organisations."""

from django import template
from django.utils import timezone

from invest.models import Organisation, Project
from reports.models import PublicationRevision
from reports.publish import published

register = template.Library()


@register.inclusion_tag("reports/_latest.html")
def latest_publication(
    project: Project | None = None, organisation: Organisation | None = None
) -> dict[str, PublicationRevision | None]:
    """The newest revision that everybody may read of a project, or of all an organisation tells."""
    # The verbs are not needed here, and neither is what signs.
    found = published(timezone.now()).select_related("publication")
    if project is not None:
        found = found.filter(publication__project=project)
    else:
        found = found.filter(publication__organisation=organisation)
    return {"revision": found.order_by("publication", "number").last()}
