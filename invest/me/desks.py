"""The desks that the roles of a user open, by organisation."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from invest import access
from invest.access import (
    ANSWER_KINDS,
    BANK_KINDS,
    DISTRIBUTION_KINDS,
    HELP_KINDS,
    LIMIT_KINDS,
    PLEDGE_KINDS,
    PUBLISH_KINDS,
    VEHICLE_KINDS,
)
from invest.models import Fair, Organisation, Pitch, Place, Project, Role


@dataclass(frozen=True, slots=True)
class Desk:
    """An organisation that a user works for, and which of its desks the roles open."""

    organisation: Organisation
    has_bank: bool
    has_pledges: bool
    has_distributions: bool
    has_registers: bool
    has_limits: bool
    has_publications: bool
    has_places: bool
    places: tuple[Place, ...]
    helped: tuple[Project, ...]
    fairs: tuple[Fair, ...]
    invitations: tuple[Pitch, ...]


def _invitations(organisations: QuerySet[Organisation]) -> QuerySet[Pitch]:
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
    """The desks of a user's roles, by organisation, with what waits for an answer. 13 queries."""
    bank = set(access.organisations_for(user, *BANK_KINDS))
    promised = set(access.organisations_for(user, *PLEDGE_KINDS))
    payouts = set(access.organisations_for(user, *DISTRIBUTION_KINDS))
    kept = set(access.organisations_for(user, *VEHICLE_KINDS))
    watched = set(access.organisations_for(user, *LIMIT_KINDS))
    publishing = set(access.organisations_for(user, *PUBLISH_KINDS))
    helping = access.organisations_for(user, *HELP_KINDS)
    organised = access.organisations_for(user, Role.Kind.ORGANISER)
    keeping = set(organised)
    projects, fairs, invited = defaultdict(list), defaultdict(list), defaultdict(list)
    places = defaultdict(list)
    for pitch in _invitations(access.organisations_for(user, *ANSWER_KINDS)):
        invited[pitch.project.organisation_id].append(pitch)
    for project in Project.objects.filter(organisation__in=helping).order_by("name"):
        projects[project.organisation_id].append(project)
    for place in Place.objects.filter(organisation__in=organised).order_by("name"):
        places[place.organisation_id].append(place)
    for fair in Fair.objects.filter(organisation__in=organised).order_by("-starts_at"):
        fairs[fair.organisation_id].append(fair)
    return [
        Desk(
            organisation,
            has_bank=organisation in bank,
            has_pledges=organisation in promised,
            has_distributions=organisation in payouts,
            has_registers=organisation in kept,
            has_limits=organisation in watched,
            has_publications=organisation in publishing,
            has_places=organisation in keeping,
            places=tuple(places[organisation.pk]),
            helped=tuple(projects[organisation.pk]),
            fairs=tuple(fairs[organisation.pk]),
            invitations=tuple(invited[organisation.pk]),
        )
        for organisation in sorted(
            bank | promised | payouts | kept | watched | publishing, key=lambda found: found.name
        )
    ]
