"""The offers' desk: open an offer to savers, and move its goal in the open."""

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from invest.kinds import KINDS
from invest.kinds.refusals import BadTerms, UnitStep, WholeUnits
from invest.models import Offering, Organisation, Project, Vehicle
from invest.slugs import free_slug
from invest.vehicles import offerings
from invest.vehicles.forms import GoalForm, OfferForm, said_of
from invest.web.desk import UserRequest, desk, today
from pools.errors import Refused
from pools.money import ore


@never_cache
@require_safe
@desk("offers")
def offers(request: UserRequest, organisation: Organisation) -> HttpResponse:
    """Every offer with the goal in force, and the kinds one may open."""
    found = _offers_of(organisation).prefetch_related("goals")
    rows = [(offering, list(offering.goals.all())[-1]) for offering in found]
    context = {
        "organisation": organisation,
        "rows": rows,
        "kinds": KINDS,
        "may_open": organisation.ledger_id is not None,
    }
    return render(request, "invest/vehicles/offers.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk("offers")
def new(request: UserRequest, organisation: Organisation, kind: str) -> HttpResponse:
    """Open a vehicle of a kind with its first offering, whole or not at all."""
    if kind not in KINDS or organisation.ledger_id is None:
        raise Http404
    projects = Project.objects.filter(organisation=organisation).order_by("name")
    vehicles = Vehicle.objects.filter(organisation=organisation, kind=kind).order_by("name")
    of = projects.filter(slug=request.GET.get("project", "")).first()
    form = OfferForm(
        request.POST or None,
        kind=KINDS[kind],
        projects=projects,
        vehicles=vehicles,
        initial=said_of(of),
    )
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                made = _open(organisation, kind, form)
                messages.success(request, _("Opened: %(name)s.") % {"name": made.name})
                return redirect("offers", organisation.slug)
            except Refused as refusal:
                form.refuse(None, refusal)
        status = form.status
    context = {"organisation": organisation, "form": form, "kind": KINDS[kind]}
    return render(request, "invest/vehicles/new_offer.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk("offers")
def goal(request: UserRequest, organisation: Organisation, pk: int) -> HttpResponse:
    """Move a goal from today on; the old one stays to be seen."""
    offering = get_object_or_404(_offers_of(organisation), pk=pk)
    now = offering.goals.latest("number")
    form = GoalForm(request.POST or None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                offerings.revise_goal(offering=offering, on=today(), **form.cleaned_data)
                messages.success(request, _("The goal has moved."))
                return redirect("offers", organisation.slug)
            except Refused as refusal:
                form.refuse(None, refusal)
        status = form.status
    context = {"organisation": organisation, "offering": offering, "now": now, "form": form}
    return render(request, "invest/vehicles/revise_goal.html", context, status=status)


@transaction.atomic
def _open(organisation: Organisation, kind: str, form: OfferForm) -> Vehicle:
    vehicle = form.cleaned_data.get("vehicle") or offerings.open_vehicle(
        kind=kind,
        slug=free_slug(form.cleaned_data["name"], "offer", Vehicle, most=40),
        name=form.cleaned_data["name"],
        organisation=organisation,
        project=form.cleaned_data["project"],
        terms=form.terms(),
        on=min(today(), form.cleaned_data["opens_on"]),
    )
    made = offerings.open_offering(
        vehicle=vehicle, **form.offer(offerings.terms_on(vehicle, form.cleaned_data["opens_on"]))
    )
    try:
        offerings.terms_on(vehicle, made.opens_on).units_for(ore(made.minimum))
    except (UnitStep, WholeUnits) as half:
        raise BadTerms(field="minimum", reason=str(half)) from half
    return vehicle


def _offers_of(organisation: Organisation) -> QuerySet[Offering]:
    return (
        Offering.objects.filter(vehicle__organisation=organisation)
        .select_related("vehicle__project")
        .order_by("-opens_on", "-pk")
    )
