"""The public calculators: a loan's plan, and what a group's savings points can carry."""

import csv
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from invest.forms import CarryForm, LoanForm
from invest.schedules import Due, plan
from invest.views.gate import today
from pools.errors import Refused
from pools.money import format_minor

FORMS: dict[str, type[LoanForm] | type[CarryForm]] = {"loan": LoanForm, "carry": CarryForm}


@require_safe
def calculator(request: HttpRequest) -> HttpResponse:
    """Everything stands in the address, so that an answer can be sent on. Nothing is kept."""
    what = request.GET.get("what", "loan")
    what = what if what in FORMS else "loan"
    is_asked = set(request.GET) - {"what"} != set()
    form: LoanForm | CarryForm = FORMS[what](request.GET if is_asked else None, today=today())
    context: dict[str, Any] = {"form": form, "what": what, "query": request.GET.urlencode()}
    status = 200
    if is_asked:
        try:
            context |= _answer(form)
        except Refused as refusal:
            form.refuse(None, refusal)
        status = 200 if form.is_valid() else form.status
    if status == 200 and request.GET.get("as") == "csv" and "rows" in context:
        return _as_csv(context["rows"])
    return render(request, "invest/calculator.html", context, status=status)


def _answer(form: LoanForm | CarryForm) -> dict[str, Any]:
    if not form.is_valid():
        return {}
    if isinstance(form, CarryForm):
        return {"carried": form.carried()}
    rows = plan(form.cleaned_data["kind"], form.loan())
    return {
        "rows": rows,
        "paid_minor": sum(row.payment_minor for row in rows),
        "cost_minor": sum(row.interest_minor + row.fee_minor for row in rows),
        "has_saving": any(row.saving_minor for row in rows),
        "has_units": any(row.units for row in rows),
    }


def _as_csv(rows: list[Due]) -> HttpResponse:
    """Kronor with two decimals and a point; days are ISO 8601."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="plan.csv"'
    writer = csv.writer(response)
    writer.writerow(["period", "due_on", "principal", "interest", "fee", "payment", "balance",
                     "saving", "units"])  # fmt: skip
    for row in rows:
        amounts = (
            row.principal_minor,
            row.interest_minor,
            row.fee_minor,
            row.payment_minor,
            row.balance_minor,
            row.saving_minor,
        )
        told = [format_minor(minor, scale=2) for minor in amounts]
        writer.writerow([row.period, row.due_on.isoformat(), *told, row.units])
    return response
