"""The plan of a loan: made, paid by and by, paid early, made anew."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from invest import repayments
from invest.forms import EarlyForm, PlanForm, RepayForm
from invest.forms.fields import RefusingForm, typed_amount
from invest.models import Organisation, Role
from invest.queries.plans import PlanPage, plan_page
from invest.queries.vehicles import vehicles_of
from invest.vehicles import KINDS
from invest.views.gate import UserRequest, actor, desk, today
from pools.errors import NothingOwed, Refused
from pools.money import ore

FORMS: dict[str, type[RefusingForm]] = {"plan": PlanForm, "repay": RepayForm, "early": EarlyForm}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk(Role.Kind.TREASURER)
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
    context = {"organisation": organisation, "page": page, "forms": forms}
    return render(request, "invest/plan.html", context, status=status)


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
