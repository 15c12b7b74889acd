"""The pledges desk: confirm, call for payment, decline, release."""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_tables2 import RequestConfig

from invest import access
from invest.models import Organisation, Pledge, PledgeEvent
from invest.pledges import allotments, pledges, queries
from invest.pledges.forms import CallForm, PledgeDeskForm
from invest.pledges.tables import PledgeTable
from invest.vehicles.forms import RULE_LABELS, ReasonForm
from invest.vehicles.views.offers import _offers_of
from invest.web.desk import UserRequest, actor, desk, today
from invest.web.papers import csv_file
from pools.errors import Refused
from pools.exports.cells import csv_text

PER_PAGE = 50


@dataclass(slots=True)
class Handled:
    """How many steps were taken, and which were refused and why."""

    done: int = 0
    refused: list[tuple[Pledge, str]] = field(default_factory=list)


@never_cache
@require_safe
@desk("pledges")
def pledges_desk(request: UserRequest, organisation: Organisation) -> HttpResponse:
    """Tick some promises and choose what happens with them."""
    if request.GET.get("as") == "csv":
        return _as_csv(_table(request, organisation), organisation)
    form = PledgeDeskForm(allowed=_allowed(request, organisation))
    return _desk_page(request, organisation, form)


@never_cache
@require_POST
@desk("pledges")
def confirm(request: UserRequest, organisation: Organisation) -> HttpResponse:
    """Confirm those that are ticked."""
    return _with_ticked(request, organisation, PledgeDeskForm, pledges.confirm)


@never_cache
@require_POST
@desk("pledges.call")
def call(request: UserRequest, organisation: Organisation) -> HttpResponse:
    """Call those that are ticked for payment."""
    return _with_ticked(request, organisation, CallForm, pledges.call, "due_on")


@never_cache
@require_POST
@desk("pledges")
def decline(request: UserRequest, organisation: Organisation) -> HttpResponse:
    """Decline those that are ticked."""
    return _with_ticked(request, organisation, PledgeDeskForm, pledges.decline)


@never_cache
@require_POST
@desk("pledges")
def release(request: UserRequest, organisation: Organisation) -> HttpResponse:
    """Let those that are ticked go."""
    return _with_ticked(request, organisation, PledgeDeskForm, pledges.release)


@never_cache
@require_POST
@desk("pledges")
def mark_unfulfilled(request: UserRequest, organisation: Organisation) -> HttpResponse:
    """Mark those that are ticked as not fulfilled."""
    return _with_ticked(request, organisation, PledgeDeskForm, pledges.mark_unfulfilled)


def _desk_page(
    request: UserRequest,
    organisation: Organisation,
    form: PledgeDeskForm,
    handled: Handled | None = None,
) -> HttpResponse:
    """The list and what may be done with it; `handled` tells what was done just now."""
    table = _table(request, organisation)
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    here = table.here = reverse("pledges_desk", args=[organisation.slug])
    kept = {"state": _state(request), "sort": request.GET.get("sort", "")}
    context = {
        "organisation": organisation,
        "here": here,
        "form": form,
        "handled": handled,
        "table": table,
        "states": queries.count_states(access.pledges_handled_by(request.user), organisation),
        "state": kept["state"],
        "rest": urlencode({key: value for key, value in kept.items() if value}),
        "may_call": access.may(request.user, organisation, "pledges.call"),
    }
    status = form.status if form.errors else 200
    return render(request, "invest/pledges/pledges_desk.html", context, status=status)


def _own(request: UserRequest, organisation: Organisation) -> QuerySet[Pledge]:
    mine = access.pledges_handled_by(request.user)
    return mine.filter(offering__vehicle__organisation=organisation).order_by("pk")


def _allowed(request: UserRequest, organisation: Organisation) -> list[int]:
    return list(_own(request, organisation).values_list("pk", flat=True))


def _state(request: UserRequest) -> str:
    state = request.GET.get("state", "")
    return state if state in PledgeEvent.State.values else ""


def _table(request: UserRequest, organisation: Organisation) -> PledgeTable:
    mine = access.pledges_handled_by(request.user)
    return PledgeTable(queries.pledges_of(mine, organisation, _state(request)))


def _as_csv(table: PledgeTable, organisation: Organisation) -> HttpResponse:
    """Every row, all pages, with mail and phone."""
    rows = table.as_values(exclude_columns=("tick",))
    return csv_file(csv_text(rows), f"{organisation.slug}-pledges")


def _with_ticked(
    request: UserRequest,
    organisation: Organisation,
    form_class: type[PledgeDeskForm],
    act: Callable[..., object],
    said: str = "reason",
) -> HttpResponse:
    """Each step stands or falls by itself: one that is refused stops no other.

    `said` names what of the form goes along with the act.
    """
    form = form_class(request.POST, allowed=_allowed(request, organisation))
    if not form.is_valid():
        return _desk_page(request, organisation, form)
    handled, told = Handled(), {said: form.cleaned_data[said]}
    for pledge in _own(request, organisation).filter(pk__in=form.cleaned_data["pledges"]):
        try:
            act(pledge=pledge, on=today(), by=actor(request), **told)
            handled.done += 1
        except Refused as refusal:
            handled.refused.append((pledge, str(refusal)))
    return _desk_page(request, organisation, form, handled)


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
    context = {
        "organisation": organisation,
        "offering": offering,
        "rule": RULE_LABELS.get(offering.allotment_rule, ""),
        "rows": rows,
        "asked": sum(row.asked for row in rows),
        "given": sum(row.given for row in rows),
        "form": form,
        "refusal": refusal,
    }
    return render(request, "invest/pledges/allot.html", context, status=status)
