"""The payouts desk: one computes, another approves, the treasurer pays."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from invest import access
from invest import distributions as verbs
from invest.forms import DistributionForm
from invest.models import Distribution, Organisation, Role, Vehicle
from invest.queries import payouts
from invest.queries.desk import DISTRIBUTION_KINDS
from invest.views.gate import UserRequest, desk, today
from invest.views.papers import csv_file
from pools.errors import Refused
from pools.exports.cells import csv_text

TREASURER, APPROVER = Role.Kind.TREASURER, Role.Kind.APPROVER


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk(*DISTRIBUTION_KINDS)
def distributions(request: UserRequest, organisation: Organisation) -> HttpResponse:
    """Payouts so far, and computing a new one."""
    may_compute = access.has_role(request.user, organisation, TREASURER)
    vehicles = Vehicle.objects.filter(organisation=organisation)
    form = DistributionForm(request.POST or None, vehicles=vehicles)
    status = 200
    if request.method == "POST":
        if not may_compute:
            raise Http404
        if form.is_valid():
            try:
                made = verbs.compute(by=request.user, **form.cleaned_data)
                return redirect("distribution", organisation.slug, made.pk)
            except Refused as refusal:
                form.refuse("total", refusal)
        status = form.status
    mine = access.distributions_for(request.user).filter(vehicle__organisation=organisation)
    context = {
        "organisation": organisation,
        "form": form,
        "may_compute": may_compute,
        "distributions": mine.select_related("vehicle", "paid_entry").order_by("-record_on", "-pk"),
    }
    return render(request, "invest/distributions.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk(*DISTRIBUTION_KINDS)
def distribution(request: UserRequest, organisation: Organisation, pk: int) -> HttpResponse:
    """One payout with its lines, and the next step with it."""
    mine = access.distributions_for(request.user).filter(vehicle__organisation=organisation)
    found = get_object_or_404(mine.select_related("vehicle", "computed_by", "approved_by"), pk=pk)
    refusal = None
    if request.method == "POST":
        try:
            _step(request, organisation, found)
            return redirect("distribution", organisation.slug, pk)
        except Refused as refused:
            refusal = refused
    proof = payouts.proof(found)
    if request.GET.get("as") == "csv":
        name = f"payout-{found.pk}-{found.record_on.isoformat()}"
        return csv_file(csv_text(proof.table()), name)
    context = {
        "organisation": organisation,
        "distribution": found,
        "proof": proof,
        "refusal": refusal,
        "may_approve": access.has_role(request.user, organisation, TREASURER, APPROVER),
        "may_pay": access.has_role(request.user, organisation, TREASURER),
    }
    status = refusal.status if refusal else 200
    return render(request, "invest/distribution.html", context, status=status)


def _step(request: UserRequest, organisation: Organisation, found: Distribution) -> None:
    """Approve or pay, by what was asked and what the role allows."""
    if request.POST.get("step") == "pay":
        get_object_or_404(access.organisations_for(request.user, TREASURER), pk=organisation.pk)
        verbs.pay(distribution=found, by=request.user, on=today())
        messages.success(request, _("Recorded as paid."))
    else:
        allowed = access.organisations_for(request.user, TREASURER, APPROVER)
        get_object_or_404(allowed, pk=organisation.pk)
        verbs.approve(distribution=found, by=request.user, on=today())
        messages.success(request, _("Approved. The treasurer can pay it now."))
