"""One holder of a vehicle, for its keeper; and the proof of what somebody holds."""

import logging

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from invest import people
from invest.models import Organisation, Vehicle
from invest.vehicles import holdings, registers
from invest.vehicles.forms import HolderForm
from invest.web.desk import UserRequest, desk, today
from invest.web.papers import paper, with_ledger_heads

log = logging.getLogger(__name__)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk("registers.keep")
def holder(
    request: UserRequest, organisation: Organisation, vehicle: str, number: int
) -> HttpResponse:
    """What one holds, and what the register must know of them."""
    found = get_object_or_404(registers.vehicles_of(organisation), slug=vehicle)
    person = holdings.person_of(found, number)
    if person is None:
        raise Http404
    is_shared = people.is_shared(person, organisation)
    form = HolderForm(request.POST or None, person=person, is_shared=is_shared)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            people.correct(person=person, **form.cleaned_data)
            log.info("user:%s changed holder %s of %s", request.user.pk, number, found.slug)
            messages.success(request, _("Kept. The register tells it so from now on."))
            return redirect("holder", organisation.slug, found.slug, number)
        status = form.status
    context = {
        "organisation": organisation,
        "page": registers.holding_page(found, number, today()),
        "who": holdings.holders(found)[number],
        "form": form,
        "is_shared": is_shared,
    }
    return render(request, "invest/vehicles/holder.html", context, status=status)


@never_cache
@require_safe
@desk("registers.keep")
def certificate(
    request: UserRequest, organisation: Organisation, vehicle: str, number: int
) -> HttpResponse:
    """The proof of what a holder has, as the keeper hands it out."""
    found = get_object_or_404(registers.vehicles_of(organisation), slug=vehicle)
    if holdings.person_of(found, number) is None:
        raise Http404
    return _certificate(request, found, number)


@login_required
@never_cache
@require_safe
def my_certificate(request: UserRequest, vehicle: str) -> HttpResponse:
    """The proof of what I hold."""
    person = people.claim(request.user)
    found = get_object_or_404(registers.own_vehicles(request.user), slug=vehicle)
    number = holdings.number_of(person, found)
    if number is None:
        raise Http404
    return _certificate(request, found, number)


def _certificate(request: HttpRequest, vehicle: Vehicle, number: int) -> HttpResponse:
    page, ledgers = with_ledger_heads(
        vehicle, lambda: registers.holding_page(vehicle, number, today())
    )
    context = {
        "organisation": vehicle.organisation,
        "page": page,
        "who": holdings.holders(vehicle)[number],
        "proof": registers.proof_sheet(vehicle, number, today()),
    }
    return paper(
        request,
        "invest/vehicles/paper_certificate.html",
        context,
        ledgers=ledgers,
        name=f"{vehicle.slug}-{number}-{today().isoformat()}",
        rows=sum(len(told.rows) for told in page.sheets),
    )
