"""The desks of paying back and of payouts: plans of loans; one computes, another approves."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from invest import access
from invest.kinds import KINDS
from invest.kinds.refusals import NothingOwed
from invest.models import Distribution, Organisation, Repayment, Vehicle
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
@require_safe
@desk("payouts")
def distribution(request: UserRequest, organisation: Organisation, pk: int) -> HttpResponse:
    """One payout with its lines, and the next step with it."""
    found = _distribution(request, organisation, pk)
    if (wanted := request.GET.get("as")) in FILES:
        name = f"payout-{found.pk}-{found.record_on.isoformat()}"
        return table_file(queries.proof(found).table(), name, wanted)
    return _distribution_page(request, found)


@never_cache
@require_POST
@desk("payouts.approve")
def approve(request: UserRequest, organisation: Organisation, pk: int) -> HttpResponse:
    """Approve what somebody else computed."""
    found = _distribution(request, organisation, pk)
    try:
        payouts_distributions.approve(distribution=found, by=request.user, on=today())
    except Refused as refusal:
        return _distribution_page(request, found, refusal)
    messages.success(request, _("Approved. The treasurer can pay it now."))
    return redirect("distribution", organisation.slug, pk)


@never_cache
@require_POST
@desk("payouts.pay")
def pay(request: UserRequest, organisation: Organisation, pk: int) -> HttpResponse:
    """Record what was paid at the bank."""
    found = _distribution(request, organisation, pk)
    try:
        payouts_distributions.pay(distribution=found, by=request.user, on=today())
    except Refused as refusal:
        return _distribution_page(request, found, refusal)
    messages.success(request, _("Recorded as paid."))
    return redirect("distribution", organisation.slug, pk)


def _distribution(request: UserRequest, organisation: Organisation, pk: int) -> Distribution:
    mine = access.distributions_for(request.user).filter(vehicle__organisation=organisation)
    return get_object_or_404(mine.select_related("vehicle", "computed_by", "approved_by"), pk=pk)


def _distribution_page(
    request: UserRequest, found: Distribution, refusal: Refused | None = None
) -> HttpResponse:
    organisation = found.vehicle.organisation
    context = {
        "here": reverse("distribution", args=[organisation.slug, found.pk]),
        "organisation": organisation,
        "distribution": found,
        "proof": queries.proof(found),
        "files": FILES,
        "refusal": refusal,
        "may_approve": access.may(request.user, organisation, "payouts.approve"),
        "may_pay": access.may(request.user, organisation, "payouts.pay"),
    }
    status = refusal.status if refusal else 200
    return render(request, "invest/payouts/distribution.html", context, status=status)


@never_cache
@require_safe
@desk("repayments")
def plan(request: UserRequest, organisation: Organisation, vehicle: str) -> HttpResponse:
    """Every row with what is paid of it, and the next step."""
    return _plan_page(request, _plan_of(organisation, vehicle))


@never_cache
@require_POST
@desk("repayments")
def make_plan(request: UserRequest, organisation: Organisation, vehicle: str) -> HttpResponse:
    """Make the plan, or make it anew."""
    page = _plan_of(organisation, vehicle)
    form = PlanForm(request.POST, prefix="plan", is_again=page.plan is not None)
    return _taken(request, page, form, _make_plan)


@never_cache
@require_POST
@desk("repayments")
def repay(request: UserRequest, organisation: Organisation, vehicle: str) -> HttpResponse:
    """Book what was paid of what is due."""
    form = RepayForm(request.POST, prefix="repay")
    return _taken(request, _plan_of(organisation, vehicle), form, _repay)


@never_cache
@require_POST
@desk("repayments")
def repay_early(request: UserRequest, organisation: Organisation, vehicle: str) -> HttpResponse:
    """Book what was paid of more than what is due."""
    form = EarlyForm(request.POST, prefix="early")
    return _taken(request, _plan_of(organisation, vehicle), form, _repay_early)


@never_cache
@require_safe
@desk("repayments")
def repayment(
    request: UserRequest, organisation: Organisation, vehicle: str, pk: int
) -> HttpResponse:
    """What each lender got of a repayment, before and after, and whether to undo it."""
    return _repayment_page(request, _repayment(organisation, vehicle, pk))


@never_cache
@require_POST
@desk("repayments")
def undo_repayment(
    request: UserRequest, organisation: Organisation, vehicle: str, pk: int
) -> HttpResponse:
    """Undo the last repayment; its page asked first."""
    found = _repayment(organisation, vehicle, pk)
    try:
        repayments.undo(repayment=found, on=today(), by=actor(request))
    except Refused as refusal:
        return _repayment_page(request, found, refusal)
    messages.success(request, _("Undone. The payment is open on the plan again."))
    return redirect("plan", organisation.slug, vehicle)


def _repayment(organisation: Organisation, vehicle: str, pk: int) -> Repayment:
    of_plans = Repayment.objects.select_related("entry", "instalment__plan__vehicle")
    mine = vehicles_of(organisation).filter(slug=vehicle)
    return get_object_or_404(of_plans, instalment__plan__vehicle__in=mine, pk=pk)


def _repayment_page(
    request: UserRequest, found: Repayment, refusal: Refused | None = None
) -> HttpResponse:
    vehicle = found.instalment.plan.vehicle
    context = {
        "organisation": vehicle.organisation,
        "vehicle": vehicle,
        "repayment": found,
        "told": queries.parts(found),
        "is_undone": not Repayment.objects.standing().filter(pk=found.pk).exists(),
        "refusal": refusal,
    }
    status = refusal.status if refusal else 200
    return render(request, "invest/payouts/repayment.html", context, status=status)


def _to_each(page: PlanPage) -> tuple[Any, Refused | None]:
    """What each gets of the next payment if it is paid today, or why it is not to be paid yet."""
    if page.next_row is None:
        return None, None
    row = page.next_row.instalment
    try:
        repayments.refuse_old_plan(row, today())
    except Refused as refusal:
        return None, refusal
    return queries.parts_to_come(row, today()), None


def _plan_of(organisation: Organisation, vehicle: str) -> PlanPage:
    repaid = [code for code, kind in KINDS.items() if kind.is_repaid]
    found = get_object_or_404(vehicles_of(organisation), slug=vehicle, kind__in=repaid)
    return plan_page(found, today())


def _plan_page(
    request: UserRequest, page: PlanPage, wrong: RefusingForm | None = None
) -> HttpResponse:
    """The plan with its three forms; one that was refused stands as it was typed."""
    row = page.next_row
    initial = {"amount": typed_amount(row.open_minor)} if row else {}
    forms: dict[str, RefusingForm] = {
        "plan": PlanForm(prefix="plan", is_again=page.plan is not None),
        "repay": RepayForm(prefix="repay", initial=initial),
        "early": EarlyForm(prefix="early"),
    }
    if wrong is not None:
        forms[str(wrong.prefix)] = wrong
    organisation = page.vehicle.organisation
    here = reverse("plan", args=[organisation.slug, page.vehicle.slug])
    table = PlanTable(page.rows).asked(request, f"{page.vehicle.slug}-plan", here=here)
    if file := table.file():
        return file
    to_each, anew_first = _to_each(page)
    context = {
        "here": here,
        "organisation": organisation,
        "page": page,
        "to_each": to_each,
        "anew_first": anew_first,
        "forms": forms,
        "table": table,
    }
    status = wrong.status if wrong is not None else 200
    return render(request, "invest/payouts/plan.html", context, status=status)


def _taken(
    request: UserRequest,
    page: PlanPage,
    form: RefusingForm,
    take: Callable[[UserRequest, PlanPage, dict[str, Any]], None],
) -> HttpResponse:
    """Take the step with what was typed, or show the plan again with why not."""
    if form.is_valid():
        try:
            take(request, page, form.cleaned_data)
            return redirect("plan", page.vehicle.organisation.slug, page.vehicle.slug)
        except Refused as refusal:
            form.refuse(None, refusal)
            if page.next_row is None:  # Nothing left to pay: the form is not shown any more.
                messages.error(request, str(refusal))
    return _plan_page(request, page, form)


def _make_plan(request: UserRequest, page: PlanPage, typed: dict[str, Any]) -> None:
    repayments.make_plan(
        vehicle=page.vehicle,
        on=typed["on"],
        reason=typed["reason"],
        restructured=typed["restructured"],
    )
    messages.success(request, _("The plan is made."))


def _repay(request: UserRequest, page: PlanPage, typed: dict[str, Any]) -> None:
    if page.next_row is None:
        raise NothingOwed
    repayments.repay(
        instalment=page.next_row.instalment,
        on=typed["on"],
        by=actor(request),
        key=typed["key"],
        amount_minor=ore(typed["amount"]),
    )
    messages.success(request, _("Booked, and shared among the lenders."))


def _repay_early(request: UserRequest, page: PlanPage, typed: dict[str, Any]) -> None:
    repayments.repay_early(
        vehicle=page.vehicle,
        amount_minor=ore(typed["amount"]),
        on=typed["on"],
        then=typed["then"],
        by=actor(request),
        key=typed["key"],
    )
    messages.success(request, _("Booked, and the plan is reckoned anew."))
