"""The pledges desk: confirm, call for payment, decline, release."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from invest import access
from invest.models import Organisation, Pledge, PledgeEvent
from invest.pledges import allotments, pledges, queries
from invest.pledges.forms import PledgeDeskForm
from invest.pledges.tables import AllottedTable, PledgeTable
from invest.vehicles.forms import RULE_LABELS, ReasonForm
from invest.vehicles.views.offers import _offers_of
from invest.web.desk import UserRequest, actor, desk, today
from pools.errors import Refused

ACTIONS: dict[str, Callable[..., object]] = {
    "confirm": pledges.confirm,
    "call": pledges.call,
    "decline": pledges.decline,
    "release": pledges.release,
    "mark_unfulfilled": pledges.mark_unfulfilled,
}


@dataclass(slots=True)
class Handled:
    """How many steps were taken, and which were refused and why."""

    done: int = 0
    refused: list[tuple[Pledge, str]] = field(default_factory=list)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk("pledges")
def pledges_desk(request: UserRequest, organisation: Organisation) -> HttpResponse:
    """Tick some promises and choose what happens with them."""
    mine = access.pledges_handled_by(request.user)
    state = request.GET.get("state", "")
    state = state if state in PledgeEvent.State.values else ""
    may_call = access.may(request.user, organisation, "pledges.call")
    own = mine.filter(offering__vehicle__organisation=organisation)
    form = PledgeDeskForm(
        request.POST or None, allowed=list(own.values_list("pk", flat=True)), may_call=may_call
    )
    handled, status = None, 200
    if request.method == "POST":
        if form.is_valid():
            ticked = own.filter(pk__in=form.cleaned_data["pledges"]).order_by("pk")
            handled = _handle(ticked, form.cleaned_data, actor(request))
        status = 200 if form.is_valid() else form.status
    rows = queries.pledges_of(mine, organisation, state)
    table = PledgeTable(rows).asked(request, f"{organisation.slug}-pledges")
    if file := table.file():
        return file
    context = {
        "organisation": organisation,
        "form": form,
        "handled": handled,
        "table": table,
        "states": queries.count_states(mine, organisation),
        "state": state,
    }
    return render(request, "invest/pledges/pledges_desk.html", context, status=status)


def _handle(ticked: Iterable[Pledge], asked: dict[str, Any], by: str) -> Handled:
    """Each step stands or falls by itself: one that is refused stops no other."""
    handled = Handled()
    extra = (
        {"due_on": asked["due_on"]} if asked["action"] == "call" else {"reason": asked["reason"]}
    )
    for pledge in ticked:
        try:
            ACTIONS[asked["action"]](pledge=pledge, on=today(), by=by, **extra)
            handled.done += 1
        except Refused as refusal:
            handled.refused.append((pledge, str(refusal)))
    return handled


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk("pledges.allot")
def allot(request: UserRequest, organisation: Organisation, pk: int) -> HttpResponse:
    """Share out an issue by its announced rule: seen first, then carried out."""
    offering = get_object_or_404(_offers_of(organisation), pk=pk)
    form = ReasonForm(request.POST or None)
    refusal: Refused | None = None
    rows: list[allotments.Allotted] = []
    status = 200
    try:
        rows = allotments.preview(offering, today())
        if request.method == "POST" and form.is_valid():
            allotments.carry_out(
                offering=offering,
                on=today(),
                by=actor(request),
                reason=form.cleaned_data["reason"],
            )
            messages.success(request, _("Allotted. Call for payment next."))
            return redirect("offers", organisation.slug)
    except Refused as refused:
        refusal, status = refused, refused.status if request.method == "POST" else 200
    if request.method == "POST" and not refusal:
        status = form.status
    table = AllottedTable(rows).asked(request, f"{offering.vehicle.slug}-allotted")
    if rows and (file := table.file()):
        return file
    context = {
        "organisation": organisation,
        "offering": offering,
        "table": table,
        "rule": RULE_LABELS.get(offering.allotment_rule, ""),
        "rows": rows,
        "asked": sum(row.asked for row in rows),
        "given": sum(row.given for row in rows),
        "form": form,
        "refusal": refusal,
    }
    return render(request, "invest/pledges/allot.html", context, status=status)
