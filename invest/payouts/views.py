"""The desks of paying back and of payouts: plans of loans; one computes, another approves."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from invest import access
from invest.kinds import KINDS
from invest.kinds.refusals import NothingOwed
from invest.models import Distribution, Organisation, Vehicle
from invest.payouts import distributions as payouts_distributions
from invest.payouts import queries, repayments
from invest.payouts.forms import DistributionForm, EarlyForm, PlanForm, RepayForm
from invest.payouts.queries import PlanPage, plan_page
from invest.payouts.tables import DistributionTable, PlanTable
from invest.vehicles.registers import vehicles_of
from invest.web.desk import UserRequest, actor, desk, today
from invest.web.fields import RefusingForm, typed_amount
from invest.web.papers import FILES, table_file
from pools.errors import Refused
from pools.money import ore


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk("payouts")
def distributions(request: UserRequest, organisation: Organisation) -> HttpResponse:
    """Payouts so far, and computing a new one."""
    may_compute = access.may(request.user, organisation, "payouts.compute")
    vehicles = Vehicle.objects.filter(organisation=organisation)
    form = DistributionForm(request.POST or None, vehicles=vehicles)
    status = 200
    if request.method == "POST":
        if not may_compute:
            raise Http404
        if form.is_valid():
            try:
                made = payouts_distributions.compute(by=request.user, **form.cleaned_data)
                return redirect("distribution", organisation.slug, made.pk)
            except Refused as refusal:
                form.refuse("total", refusal)
        status = form.status
    mine = access.distributions_for(request.user).filter(vehicle__organisation=organisation)
    rows = mine.select_related("vehicle__organisation", "paid_entry").order_by("-record_on", "-pk")
    table = DistributionTable(rows).asked(request, f"{organisation.slug}-payouts")
    if file := table.file():
        return file
    context = {
        "organisation": organisation,
        "form": form,
        "may_compute": may_compute,
        "table": table,
    }
    return render(request, "invest/payouts/distributions.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk("payouts")
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
    proof = queries.proof(found)
    if (wanted := request.GET.get("as")) in FILES:
        name = f"payout-{found.pk}-{found.record_on.isoformat()}"
        return table_file(proof.table(), name, wanted)
    context = {
        "organisation": organisation,
        "distribution": found,
        "proof": proof,
        "files": FILES,
        "refusal": refusal,
        "may_approve": access.may(request.user, organisation, "payouts.approve"),
        "may_pay": access.may(request.user, organisation, "payouts.pay"),
    }
    status = refusal.status if refusal else 200
    return render(request, "invest/payouts/distribution.html", context, status=status)


def _step(request: UserRequest, organisation: Organisation, found: Distribution) -> None:
    """Approve or pay, by what was asked and what the role allows."""
    if request.POST.get("step") == "pay":
        get_object_or_404(access.organisations_for(request.user, "payouts.pay"), pk=organisation.pk)
        payouts_distributions.pay(distribution=found, by=request.user, on=today())
        messages.success(request, _("Recorded as paid."))
    else:
        allowed = access.organisations_for(request.user, "payouts.approve")
        get_object_or_404(allowed, pk=organisation.pk)
        payouts_distributions.approve(distribution=found, by=request.user, on=today())
        messages.success(request, _("Approved. The treasurer can pay it now."))


FORMS: dict[str, type[RefusingForm]] = {"plan": PlanForm, "repay": RepayForm, "early": EarlyForm}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk("repayments")
def plan(request: UserRequest, organisation: Organisation, vehicle: str) -> HttpResponse:
    """Every row with what is paid of it, and the next step."""
    repaid = [code for code, kind in KINDS.items() if kind.is_repaid]
    found = get_object_or_404(vehicles_of(organisation), slug=vehicle, kind__in=repaid)
    page = plan_page(found, today())
    told = {"plan": {"is_again": page.plan is not None}}
    step = request.POST.get("step", "")
    open_row = page.next_row
    initial = {"amount": typed_amount(open_row.open_minor)} if open_row else {}
    forms = {
        name: form(
            request.POST if step == name else None,
            prefix=name,
            initial=initial if name == "repay" else {},
            **told.get(name, {}),
        )
        for name, form in FORMS.items()
    }
    status = 200
    if request.method == "POST":
        form = forms.get(step)
        if form is not None and form.is_valid():
            try:
                _STEPS[step](request, page, form)
                return redirect("plan", organisation.slug, found.slug)
            except Refused as refusal:
                form.refuse(None, refusal)
                if page.next_row is None:  # Nothing left to pay: the form is not shown any more.
                    messages.error(request, str(refusal))
        status = form.status if form is not None else 400
    table = PlanTable(page.rows).asked(request, f"{found.slug}-plan")
    if file := table.file():
        return file
    context = {"organisation": organisation, "page": page, "forms": forms, "table": table}
    return render(request, "invest/payouts/plan.html", context, status=status)


def _plan(request: UserRequest, page: PlanPage, form: RefusingForm) -> None:
    told = form.cleaned_data
    repayments.make_plan(
        vehicle=page.vehicle,
        on=told["on"],
        reason=told["reason"],
        restructured=told["restructured"],
    )
    messages.success(request, _("The plan is made."))


def _repay(request: UserRequest, page: PlanPage, form: RefusingForm) -> None:
    if page.next_row is None:
        raise NothingOwed
    repayments.repay(
        instalment=page.next_row.instalment,
        on=form.cleaned_data["on"],
        by=actor(request),
        key=form.cleaned_data["key"],
        amount_minor=ore(form.cleaned_data["amount"]),
    )
    messages.success(request, _("Booked, and shared among the lenders."))


def _early(request: UserRequest, page: PlanPage, form: RefusingForm) -> None:
    repayments.repay_early(
        vehicle=page.vehicle,
        amount_minor=ore(form.cleaned_data["amount"]),
        on=form.cleaned_data["on"],
        then=form.cleaned_data["then"],
        by=actor(request),
        key=form.cleaned_data["key"],
    )
    messages.success(request, _("Booked, and the plan is reckoned anew."))


_STEPS = {"plan": _plan, "repay": _repay, "early": _early}
