"""What the group that keeps a place has on record, for its path."""

from datetime import date, datetime
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from invest.kinds import BOUGHT
from invest.models import Cooperation, Fair, Gathering, Minute, Offering, Place, Project, Vehicle
from invest.models.gatherings import held as was_held
from invest.places.path import Facts
from invest.progress.disclosure import FEWEST_SHOWN
from invest.progress.progress import progress, total
from invest.progress.savers import count_savers
from invest.progress.stages import with_stage
from invest.progress.sums import Sums

OPERATING = ("operating", "repaying", "completed")
REPAID = ("repaying", "completed")
# Fact → a chapter of its own. The rest is told in the chapter of its step.
CHAPTERS = {
    "gatherings": "first-evening",
    "cards": "inventory",
    "decisions": "working-group",
    "producers": "directory",
    "bought": "joint-purchase",
    "fairs": "fair",
    "assessed": "self-assessment",
}


def facts(place: Place, at: datetime) -> Facts:
    """Counted in its own place and municipality. Eleven queries, however much there is.

    Gatherings are those that anybody held here, and those its keeper held at no place by name.
    """
    here, on = Q(municipality=place.municipality), timezone.localdate(at)
    held = Gathering.objects.filter(was_held(at)).filter(
        Q(place=place) | Q(place__isnull=True, organisation=place.organisation_id)
    )
    cards = place.cards.filter(removed_at__isnull=True).aggregate(
        all=Count("pk"),
        stories=Count("pk", filter=Q(kind="story")),
        helped=Count("pk", filter=Q(in_kind__isnull=False)),
    )
    minutes = Minute.objects.filter(gathering__in=held.order_by().values("pk"))
    minutes = minutes.filter(struck_at__isnull=True).exclude(kind=Minute.Kind.NOTE)
    came = Q(done_on__isnull=False) | Q(project__isnull=False)
    decided = minutes.aggregate(all=Count("pk"), done=Count("pk", filter=came))
    projects = with_stage(Project.objects.filter(here), on)
    stages = [project.stage for project in projects]
    vehicles = Vehicle.objects.filter(organisation__municipality=place.municipality)
    offers = Offering.objects.filter(
        vehicle__project__municipality=place.municipality, opens_on__lte=on
    )
    savers = _savers(place, on)
    partners = Cooperation.objects.filter(accepted_on__isnull=False).filter(
        Q(gathering__in=held.order_by().values("pk"))
        | Q(gathering__organisation=place.organisation_id)
        | Q(fair__organisation=place.organisation_id)
        | Q(project__organisation=place.organisation_id)
    )
    return Facts(
        gatherings=held.count(),
        cards=cards["all"],
        stories=cards["stories"],
        decisions=decided["all"],
        outcomes=decided["done"],
        helped=cards["helped"],
        producers=sum(each.is_shown for each in place.producers.select_related("card__person")),
        bought=vehicles.filter(kind__in=BOUGHT).count(),
        projects=len(stages),
        offers=offers.exclude(vehicle__kind__in=BOUGHT).count(),
        savers=savers if savers >= FEWEST_SHOWN else 0,
        fairs=Fair.objects.filter(
            here, ends_at__lt=at, gathering__cancelled_at__isnull=True
        ).count(),
        partners=partners.values("organisation").distinct().count(),
        operating=sum(stage in OPERATING for stage in stages),
        repaid=sum(stage in REPAID for stage in stages),
        assessed=Project.objects.filter(here, assessments__isnull=False).distinct().count(),
    )


def sums(place: Place, on: date) -> Sums | None:
    """Promised, received and enabled in its municipality, each by itself. Five queries.

    None where so few have promised that an amount could point at somebody.
    """
    savers = _savers(place, on)
    if savers < FEWEST_SHOWN:
        return None
    return total(progress(Q(municipality=place.municipality), on).values(), savers=savers)


def evidence(place: Place) -> dict[str, str]:
    """Fact → the page where everybody can see what was counted."""
    home, projects = place.get_absolute_url(), reverse("project_list")
    here = f"{projects}?{urlencode({'municipality': place.municipality})}"
    return {
        **dict.fromkeys(
            ("gatherings", "decisions", "outcomes", "partners"),
            f"{reverse('gathering_list')}?{urlencode({'place': place.slug})}",
        ),
        **dict.fromkeys(("cards", "helped"), f"{home}#inventory"),
        "stories": f"{home}?kind=story#found",
        "producers": reverse("listings", args=[place.slug]),
        **dict.fromkeys(("bought", "projects", "offers", "repaid", "assessed"), here),
        "savers": reverse("community"),
        "fairs": reverse("fair_list"),
        "operating": f"{here}&stage=operating",
    }


def addresses(place: Place, *, organises: bool, keeps_money: bool) -> dict[str, str]:
    """Where each thing is done, for whoever may: a desk opens to its role and to nobody else."""
    keeper = place.organisation.slug
    told = {
        "add_card": reverse("add_card", args=[place.slug]),
        "place": place.get_absolute_url(),
        "listings": reverse("listings", args=[place.slug]),
        "choose": reverse("choose"),
        "projects": reverse("project_list"),
    }
    if organises:
        told["gather"] = reverse("gathering_desk", args=[keeper])
        told["cooperate"] = reverse("cooperation_desk", args=[keeper])
    if keeps_money:
        told["offers"] = reverse("offers", args=[keeper])
    return told


def how(fact: str, chapter: str) -> str:
    """The chapter that tells how a thing is done: its own, or else its step's."""
    return reverse("handbook_chapter", args=[CHAPTERS.get(fact, chapter)])


def _savers(place: Place, on: date) -> int:
    here = Q(pledge__offering__vehicle__project__municipality=place.municipality)
    return count_savers(on, here)
