"""A vehicle's desk: figures, sheets, actions and terms; and the same for one who holds in it."""

import logging
from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from invest import access, people
from invest.kinds import KINDS
from invest.kinds.actions import ActionType, Answer
from invest.letters.queries import exits_asked
from invest.models import Action, ActionEvent, Organisation, Vehicle
from invest.people import Giver
from invest.vehicles import actions, holdings, labels, offerings, registers
from invest.vehicles.forms import ActForm, TermsForm, UndoForm
from invest.vehicles.refusals import HolderGone
from invest.vehicles.tables import ActionTable, VehicleTable
from invest.web.desk import UserRequest, actor, desk, today
from invest.web.papers import FILES, paper, table_file, with_ledger_heads
from pools.errors import Refused

log = logging.getLogger(__name__)


@never_cache
@require_safe
@desk("registers")
def vehicles(request: UserRequest, organisation: Organisation) -> HttpResponse:
    """Every vehicle of the organisation."""
    vehicles = registers.vehicles_of(organisation)
    table = VehicleTable(vehicles).asked(request, f"{organisation.slug}-registers")
    if file := table.file():
        return file
    context = {"organisation": organisation, "table": table}
    return render(request, "invest/vehicles/vehicles.html", context)


@never_cache
@require_safe
@desk("registers")
def vehicle(request: UserRequest, organisation: Organisation, vehicle: str) -> HttpResponse:
    """One vehicle: how it stands, what can be done, what was done, and its terms over time."""
    found = get_object_or_404(registers.vehicles_of(organisation), slug=vehicle)
    page = registers.vehicle_page(found, today())
    table = ActionTable(page.done).asked(request, f"{found.slug}-actions")
    if file := table.file():
        return file
    context = {
        "organisation": organisation,
        "page": page,
        "actions": table,
        "done": labels.with_books(table.records),
        "may_act": access.may(request.user, organisation, "actions.do"),
        "may_approve": access.may(request.user, organisation, "actions.approve"),
        "may_plan": access.may(request.user, organisation, "repayments"),
        "actor": actor(request),
    }
    return render(request, "invest/vehicles/vehicle.html", context)


@never_cache
@require_safe
@desk("registers")
def sheet(
    request: UserRequest, organisation: Organisation, vehicle: str, sheet: str
) -> HttpResponse:
    """A sheet of a vehicle at the end of a day: today, or the day asked for."""
    found = get_object_or_404(registers.vehicles_of(organisation), slug=vehicle)
    keeps = access.may(request.user, organisation, "registers.keep")
    return _sheet(request, found, sheet, None, keeps=keeps)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk("actions.do")
def act(request: UserRequest, organisation: Organisation, vehicle: str, act: str) -> HttpResponse:
    """Do one of the acts of the vehicle's kind, or propose it."""
    found = get_object_or_404(registers.vehicles_of(organisation), slug=vehicle)
    told = next((a for a in KINDS[found.kind].acts() if a.name == act), None)
    if told is None:
        raise Http404
    form = _act_form(request, found, told)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                action = _do(request, found, told, form)
                waits = action.state == ActionEvent.State.PROPOSED
                done = _("Done: %(act)s.") % {"act": told.label}
                messages.success(
                    request, _("Proposed. Another person must approve it.") if waits else done
                )
                return redirect("vehicle", organisation.slug, found.slug)
            except Refused as refusal:
                form.refuse(None, refusal)
        status = form.status
    context = {"organisation": organisation, "vehicle": found, "act": told, "form": form}
    return render(request, "invest/vehicles/act.html", context, status=status)


@never_cache
@require_POST
@desk("actions.approve")
def approve(
    request: UserRequest, organisation: Organisation, vehicle: str, pk: int
) -> HttpResponse:
    """Approve what somebody else proposed; it is booked."""
    found, by = _action(organisation, vehicle, pk), actor(request)
    said = _("Approved, and booked.")
    return _taken(request, found, lambda: actions.approve(action=found, by=by), said)


@never_cache
@require_POST
@desk("actions.approve")
def refuse(request: UserRequest, organisation: Organisation, vehicle: str, pk: int) -> HttpResponse:
    """Refuse what is proposed; nothing is booked."""
    found, by = _action(organisation, vehicle, pk), actor(request)
    said = _("Refused. Nothing was booked.")
    return _taken(request, found, lambda: actions.refuse(action=found, by=by), said)


@never_cache
@require_POST
@desk("actions.undo")
def undo(request: UserRequest, organisation: Organisation, vehicle: str, pk: int) -> HttpResponse:
    """Undo what was done, by its reversal and with the reason why."""
    found, by, form = _action(organisation, vehicle, pk), actor(request), UndoForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why it is undone."))
        return redirect("vehicle", organisation.slug, vehicle)
    why, said = form.cleaned_data["why"], _("Undone. Both stay on record.")
    on = actions.undo_day(found, today())
    return _taken(request, found, lambda: actions.undo(action=found, on=on, by=by, why=why), said)


def _action(organisation: Organisation, vehicle: str, pk: int) -> Action:
    vehicles = registers.vehicles_of(organisation)
    return get_object_or_404(Action, vehicle__in=vehicles.filter(slug=vehicle), pk=pk)


def _taken(
    request: UserRequest, action: Action, take: Callable[[], object], said: str
) -> HttpResponse:
    """Take the step, tell how it went, and lead back to the vehicle."""
    try:
        take()
        messages.success(request, said)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("vehicle", action.vehicle.organisation.slug, action.vehicle.slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk("registers.keep")
def terms(request: UserRequest, organisation: Organisation, vehicle: str) -> HttpResponse:
    """New terms from a day on; what was agreed before stays on record."""
    found = get_object_or_404(registers.vehicles_of(organisation), slug=vehicle)
    now = offerings.terms(found, today())
    form = TermsForm(request.POST or None, kind=now, initial={"on": today()})
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                made = offerings.change_terms(
                    vehicle=found,
                    terms={**now.dump(), **form.terms()},
                    on=form.cleaned_data["on"],
                    reason=form.cleaned_data["reason"],
                    today=today(),
                )
                messages.success(request, _("New terms. Print the letter to the holders."))
                return redirect("letter", organisation.slug, found.slug, made.version)
            except Refused as refusal:
                form.refuse(None, refusal)
        status = form.status
    context = {"organisation": organisation, "vehicle": found, "kind": now, "form": form}
    return render(request, "invest/vehicles/terms_change.html", context, status=status)


@never_cache
@require_safe
@desk("registers")
def letter(
    request: UserRequest, organisation: Organisation, vehicle: str, version: int
) -> HttpResponse:
    """The letter that tells every holder of new terms: one page each, to print or as PDF."""
    found = get_object_or_404(registers.vehicles_of(organisation), slug=vehicle)

    def read() -> registers.Letter:
        return registers.letter(found, version) or _not_there()

    if request.GET.get("as") == "pdf":
        told, ledgers = with_ledger_heads(found, read)
        context = {"organisation": organisation, "letter": told}
        return paper(
            request,
            "invest/vehicles/paper_letter.html",
            context,
            ledgers=ledgers,
            name=f"{found.slug}-letter-{told.terms.valid_from.isoformat()}",
            rows=len(told.holders) * len(told.rows),
        )
    context = {"organisation": organisation, "letter": read()}
    return render(request, "invest/vehicles/letter.html", context)


@login_required
@never_cache
@require_safe
def holding(request: UserRequest, vehicle: str) -> HttpResponse:
    """All that one holds in a vehicle: terms, figures and every movement."""
    people.claim(request.user)
    found = get_object_or_404(registers.own_vehicles(request.user), slug=vehicle)
    number = _own_number(request, found)
    context = {
        "page": registers.holding_page(found, number, today()),
        "asked": exits_asked(found, number).first(),
    }
    return render(request, "invest/vehicles/holding.html", context)


@login_required
@never_cache
@require_safe
def holding_sheet(request: UserRequest, vehicle: str, sheet: str) -> HttpResponse:
    """The saver's own rows of a sheet, to look at and to take home."""
    people.claim(request.user)
    found = get_object_or_404(registers.own_vehicles(request.user), slug=vehicle)
    return _sheet(request, found, sheet, _own_number(request, found), keeps=False)


def _own_number(request: UserRequest, vehicle: Vehicle) -> int:
    number = holdings.number_of(people.claim(request.user), vehicle)
    return number if number is not None else _not_there()


def _not_there() -> Any:
    raise Http404


def _sheet(
    request: UserRequest, vehicle: Vehicle, sheet: str, holder: int | None, *, keeps: bool
) -> HttpResponse:
    """To look at, or as a file; who keeps the register gets its files in full, as law has it."""
    asked = request.GET.get("as_of", "")
    try:
        as_of = date.fromisoformat(asked) if asked else today()
    except ValueError:
        as_of = date.max
    if as_of > today():
        reason = _("“%(asked)s” is not a day up to today, written YYYY-MM-DD.") % {"asked": asked}
        return render(request, "400.html", {"reason": reason}, status=400)
    wanted, name = request.GET.get("as"), f"{vehicle.slug}-{sheet}-{as_of.isoformat()}"

    in_full = holder is not None or (keeps and wanted in {*FILES, "pdf"})

    def read() -> registers.ShownSheet:
        told = registers.shown_sheet(vehicle, sheet, as_of, holder=holder, in_full=in_full)
        return told or _not_there()

    if keeps and in_full:
        log.info("user:%s took %s of %s in full", request.user.pk, sheet, vehicle.slug)
    if wanted in FILES:
        return table_file(read().table(), name, wanted)
    context = {
        "organisation": vehicle.organisation,
        "is_own": holder is not None,
        "may_edit_holders": keeps,
        "files": FILES,
    }
    if wanted == "pdf":
        told, ledgers = with_ledger_heads(vehicle, read)
        return paper(
            request,
            "invest/vehicles/paper_sheet.html",
            {"organisation": vehicle.organisation, "told": told},
            ledgers=ledgers,
            name=name,
            rows=len(told.rows),
            as_of=as_of,
        )
    return render(request, "invest/vehicles/sheet.html", {**context, "told": read()})


def _act_form(request: UserRequest, vehicle: Vehicle, told: ActionType) -> ActForm:
    who = [(str(n), str(h)) for n, h in sorted(holdings.holders(vehicle).items()) if h.name]
    return ActForm(
        request.POST or None, act=told, holders=who, actions=labels.action_choices(vehicle, told)
    )


@transaction.atomic
def _do(request: UserRequest, vehicle: Vehicle, told: ActionType, form: ActForm) -> Action:
    on = form.cleaned_data["on"]
    facts = form.facts()
    for asked in told.questions:
        if asked.answer is Answer.PERSON:
            name, email = facts[asked.name]
            facts[asked.name] = name and _becomes_holder(vehicle, name, email, asked.role, on)
    return actions.do(
        vehicle=vehicle,
        act=told.name,
        facts=facts,
        on=on,
        by=actor(request),
        key=form.cleaned_data["key"],
        evidence=form.cleaned_data["evidence"],
    )


def _becomes_holder(vehicle: Vehicle, name: str, email: str, role: str, on: date) -> int:
    """The number of who is named: a holder by name where one alone has it, else by e-mail."""
    if not email:
        known = [h.number for h in holdings.holders(vehicle).values() if h.name == name]
        if len(known) == 1:
            return known[0]
        if known:
            raise HolderGone
    person = people.person_for(Giver(name=name, email=email), at=timezone.now())
    return actions.number_for(person=person, vehicle=vehicle, role=role, on=on)
