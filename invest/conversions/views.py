"""A purchase group becomes an association or a company, and its people answer whether they join."""

from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from invest import access
from invest.conversions import conversions
from invest.conversions.forms import ConversionForm, FoundForm, JoinForm
from invest.conversions.tables import InvitationTable
from invest.kinds import BOUGHT, KINDS, RAISED
from invest.models import JoinInvitation, Organisation, Project, Vehicle
from invest.progress.offers import offer_of
from invest.slugs import free_slug
from invest.vehicles.forms import said_of
from invest.vehicles.registers import vehicles_of
from invest.web.desk import UserRequest, actor, desk, today
from invest.web.throttle import throttle
from invest.web.visitors import unlisted
from pools.errors import Refused


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk("conversions")
def become(request: UserRequest, organisation: Organisation, vehicle: str) -> HttpResponse:
    """What it may become, founding an organisation for it, and who has answered."""
    old = _group(organisation, vehicle)
    form = FoundForm(request.POST or None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                made = conversions.found(
                    old=old,
                    on=today(),
                    user=request.user,
                    **form.cleaned_data,
                )
                told = _("%(name)s is founded. Choose below what the members will hold.")
                messages.success(request, told % {"name": made.name})
                said = {"project": made.slug, "paper": form.cleaned_data["paper"]}
                there = reverse("conversion", args=[organisation.slug, old.slug])
                return redirect(f"{there}?{urlencode(said)}#open")
            except Refused as refusal:
                form.refuse(None, refusal)
        status = form.status
    invited = JoinInvitation.objects.filter(offering__vehicle__grew_from=old)
    rows = invited.select_related("person", "pledge", "offering__vehicle")
    table = InvitationTable(rows).asked(request, f"{old.slug}-invitations")
    if file := table.file():
        return file
    context = {
        "organisation": organisation,
        "vehicle": old,
        "form": form,
        "kinds": {code: KINDS[code] for code in RAISED},
        "projects": _projects(request, old),
        "said": request.GET.urlencode(),
        "table": table,
    }
    return render(request, "invest/conversions/conversion.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk("conversions")
def open_it(
    request: UserRequest, organisation: Organisation, vehicle: str, kind: str
) -> HttpResponse:
    """Open the new vehicle and ask everybody, whole or not at all."""
    old = _group(organisation, vehicle)
    if kind not in RAISED:
        raise Http404
    projects = _projects(request, old)
    none = Vehicle.objects.none()
    # What was said as it was founded is not asked again.
    of = projects.filter(slug=request.GET.get("project", "")).first()
    form = ConversionForm(
        request.POST or None,
        kind=KINDS[kind],
        projects=projects,
        vehicles=none,
        initial={**said_of(of), "paper": request.GET.get("paper", "")[:120]},
    )
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                conversions.become(
                    old=old,
                    kind=kind,
                    name=form.cleaned_data["name"],
                    slug=free_slug(form.cleaned_data["name"], "offer", Vehicle, most=40),
                    project=form.cleaned_data["project"],
                    terms=form.terms(),
                    offer=form.offer(KINDS[kind].parse(form.terms())),
                    on=min(today(), form.cleaned_data["opens_on"]),
                    by=actor(request),
                    paper=form.cleaned_data["paper"],
                )
                messages.success(request, _("Opened, and everybody in the group is asked."))
                return redirect("conversion", organisation.slug, old.slug)
            except Refused as refusal:
                form.refuse(None, refusal)
        status = form.status
    context = {
        "organisation": organisation,
        "form": form,
        "kind": KINDS[kind],
        "vehicle": old,
    }
    return render(request, "invest/vehicles/new_offer.html", context, status=status)


@never_cache
@require_safe
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Yes with an amount, or no thank you: a promise like any other, once."""
    return _join_page(request, _invitation(token))


@never_cache
@require_POST
def say_yes(request: HttpRequest, token: str) -> HttpResponse:
    """Join with an amount."""
    invitation = _invitation(token)
    form = JoinForm(request.POST, offer=offer_of(invitation.offering, today()))
    try:
        throttle(request, "join")
        if not form.is_valid():
            return _join_page(request, invitation, form)
        pledge = conversions.say_yes(
            invitation=invitation,
            amount=form.cleaned_data["money"],
            key=form.cleaned_data["key"],
            on=today(),
            by=actor(request),
        )
    except Refused as refusal:
        return _join_page(request, invitation, form, refusal)
    return redirect(pledge)


@never_cache
@require_POST
def say_no(request: HttpRequest, token: str) -> HttpResponse:
    """No, thank you."""
    invitation = _invitation(token)
    try:
        throttle(request, "join")
        conversions.say_no(invitation=invitation, on=today())
    except Refused as refusal:
        return _join_page(request, invitation, refusal=refusal)
    return redirect(invitation)


def _invitation(token: str) -> JoinInvitation:
    found = JoinInvitation.objects.select_related(
        "offering__vehicle__project", "offering__vehicle__organisation", "person",
        "offering__vehicle__grew_from", "pledge",
    )  # fmt: skip
    return get_object_or_404(found, token=token)


def _join_page(
    request: HttpRequest,
    invitation: JoinInvitation,
    typed: JoinForm | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    """The question; what was typed stands, with what was wrong beside it or above."""
    offer = offer_of(invitation.offering, today())
    context = {
        "here": invitation.get_absolute_url(),
        "invitation": invitation,
        "offer": offer,
        "form": typed or JoinForm(offer=offer),
        "refusal": refusal,
    }
    status = refusal.status if refusal else typed.status if typed else 200
    return unlisted(render(request, "invest/conversions/join.html", context, status=status))


def _group(organisation: Organisation, slug: str) -> Vehicle:
    return get_object_or_404(vehicles_of(organisation), slug=slug, kind__in=BOUGHT)


def _projects(request: UserRequest, old: Vehicle) -> QuerySet[Project]:
    """Its own, and those of organisations with books that the user keeps too."""
    ours = access.organisations_for(request.user, "conversions").filter(ledger__isnull=False)
    return Project.objects.filter(organisation__in=ours).order_by("name")
