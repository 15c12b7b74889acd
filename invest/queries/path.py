"""What the group that keeps a place has on record, for its path."""

from datetime import datetime

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from invest.models import Cooperation, Fair, Minute, Offering, Place, Project, Vehicle
from invest.path import Facts
from invest.queries.figures import FEWEST_SHOWN, count_savers, with_stage
from invest.vehicles import BOUGHT

OPERATING = ("operating", "repaying", "completed")
REPAID = ("repaying", "completed")


def facts(place: Place, at: datetime) -> Facts:
    """Counted in its own place and municipality. Eleven queries, however much there is."""
    here, on = Q(municipality=place.municipality), timezone.localdate(at)
    met = Q(gathering__place=place) | Q(gathering__organisation=place.organisation_id)
    cards = place.cards.filter(removed_at__isnull=True).aggregate(
        all=Count("pk"),
        stories=Count("pk", filter=Q(kind="story")),
        helped=Count("pk", filter=Q(in_kind__isnull=False)),
    )
    minutes = Minute.objects.filter(met).exclude(kind=Minute.Kind.NOTE)
    came = Q(done_on__isnull=False) | Q(project__isnull=False)
    decided = minutes.aggregate(all=Count("pk"), done=Count("pk", filter=came))
    projects = with_stage(Project.objects.filter(here), on)
    stages = [project.stage for project in projects]
    vehicles = Vehicle.objects.filter(organisation__municipality=place.municipality)
    offers = Offering.objects.filter(vehicle__project__municipality=place.municipality)
    savers = count_savers(
        on, Q(pledge__offering__vehicle__project__municipality=place.municipality)
    )
    partners = Cooperation.objects.filter(accepted_on__isnull=False).filter(
        Q(gathering__organisation=place.organisation_id)
        | Q(fair__organisation=place.organisation_id)
        | Q(project__organisation=place.organisation_id)
    )
    held = place.organisation.gatherings.filter(ends_at__lt=at, cancelled_at__isnull=True)
    return Facts(
        gatherings=held.count(),
        cards=cards["all"],
        stories=cards["stories"],
        decisions=decided["all"],
        outcomes=decided["done"],
        helped=cards["helped"],
        producers=place.producers.filter(ended_on__isnull=True).count(),
        bought=vehicles.filter(kind__in=BOUGHT).count(),
        projects=len(stages),
        offers=offers.exclude(vehicle__kind__in=BOUGHT).count(),
        savers=savers if savers >= FEWEST_SHOWN else 0,
        fairs=Fair.objects.filter(here, ends_at__lt=at).count(),
        partners=partners.values("organisation").distinct().count(),
        operating=sum(stage in OPERATING for stage in stages),
        repaid=sum(stage in REPAID for stage in stages),
        assessed=Project.objects.filter(here, assessments__isnull=False).distinct().count(),
    )


def addresses(place: Place) -> dict[str, str]:
    """Where each thing is done; the desks ask who comes."""
    keeper = place.organisation.slug
    return {
        "gather": reverse("gathering_desk", args=[keeper]),
        "add_card": reverse("add_card", args=[place.slug]),
        "place": place.get_absolute_url(),
        "shops": reverse("shops", args=[place.slug]),
        "offers": reverse("offers", args=[keeper]),
        "choose": reverse("choose"),
        "projects": reverse("project_list"),
        "cooperate": reverse("cooperation_desk", args=[keeper]),
    }
