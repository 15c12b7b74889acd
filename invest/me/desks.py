"""The desks that the roles of a user open, by organisation."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from invest import access
from invest.models import Fair, Organisation, Pitch, Place, Project


@dataclass(frozen=True, slots=True)
class Desk:
    """An organisation that a user works for, and which of its desks the roles open."""

    organisation: Organisation
    opened: frozenset[str]
    places: tuple[Place, ...]
    helped: tuple[Project, ...]
    fairs: tuple[Fair, ...]
    invitations: tuple[Pitch, ...]


def _invitations(organisations: Iterable[Organisation]) -> QuerySet[Pitch]:
    """Fairs to come that wait for an answer from projects of these."""
    return (
        Pitch.objects.filter(
            project__organisation__in=organisations,
            invited_on__isnull=False,
            accepted_on__isnull=True,
            declined_on__isnull=True,
            fair__ends_at__gte=timezone.now(),
        )
        .select_related("fair", "project")
        .order_by("fair__starts_at", "pk")
    )


def desks(user: access.Visitor) -> list[Desk]:
    """The desks of a user's roles, by organisation, with what waits for an answer. 5 queries."""
    opened = access.desks_of(user)

    def whose(desk: str) -> list[Organisation]:
        return [organisation for organisation, names in opened.items() if desk in names]

    projects, fairs, invited = defaultdict(list), defaultdict(list), defaultdict(list)
    places = defaultdict(list)
    for pitch in _invitations(whose("invitations")):
        invited[pitch.project.organisation_id].append(pitch)
    for project in Project.objects.filter(organisation__in=whose("projects")).order_by("name"):
        projects[project.organisation_id].append(project)
    for place in Place.objects.filter(organisation__in=whose("places")).order_by("name"):
        places[place.organisation_id].append(place)
    for fair in Fair.objects.filter(organisation__in=whose("fairs")).order_by("-starts_at"):
        fairs[fair.organisation_id].append(fair)
    return [
        Desk(
            organisation,
            opened=opened[organisation],
            places=tuple(places[organisation.pk]),
            helped=tuple(projects[organisation.pk]),
            fairs=tuple(fairs[organisation.pk]),
            invitations=tuple(invited[organisation.pk]),
        )
        for organisation in sorted(opened, key=lambda found: found.name)
    ]
