"""The organiser's desk of gatherings, and asking other organisations to take part."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from invest.gatherings import cooperations, gatherings, minutes, queries
from invest.gatherings.forms import (
    BecameForm,
    CameForm,
    CancelForm,
    CardOfForm,
    CooperationForm,
    DeskStepForm,
    FinishForm,
    FoundForm,
    GatheringForm,
    MinuteForm,
    MoveForm,
    RewordForm,
    StrikeForm,
)
from invest.gatherings.tables import CooperationTable, GatheringTable, GuestTable
from invest.models import Cooperation, Fair, Gathering, Minute, Organisation
from invest.web.desk import UserRequest, actor, desk, row_number, today
from invest.web.papers import paper
from invest.web.tables import first_file
from pools.errors import Refused

AGAIN = ("form", "name", "venue", "place", "most", "about_sv", "about_en")  # All but the hours.


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk("gatherings")
def gathering_desk(request: UserRequest, organisation: Organisation) -> HttpResponse:
    """The group's gatherings, and opening one."""
    if request.POST.get("step") == "fair":
        return _invite_to_fair(request, organisation)
    slug = organisation.slug
    first = {"place": organisation.places.first(), "form": request.GET.get("form", "")}
    if like := organisation.gatherings.filter(slug=request.GET.get("like", "")).first():
        first |= {name: getattr(like, name) for name in AGAIN}
    form = GatheringForm(request.POST or None, organisation=organisation, initial=first)
    status, at = 200, timezone.now()
    if request.method == "POST":
        if form.is_valid():
            try:
                made = gatherings.open_gathering(organisation=organisation, **form.cleaned_data)
            except Refused as refusal:
                form.refuse(None, refusal)
            else:
                if made.ends_at < at:
                    told = _("That day has passed: it stands among those that were held.")
                    messages.warning(request, told)
                else:
                    messages.success(request, _("The invitation is out."))
                return redirect("gathering_at_desk", organisation.slug, made.slug)
        status = form.status
    lists = [
        (title, GatheringTable(rows, prefix=prefix, caption=title).asked(request, f"{slug}-{part}"))
        for title, rows, prefix, part in (
            (_("To come"), queries.coming(at, organisation=organisation), "", "gatherings"),
            (_("Held"), queries.past(at, organisation=organisation), "held-", "gatherings-held"),
        )
    ]
    if file := first_file(*(table for _title, table in lists)):
        return file
    context = {
        "organisation": organisation,
        "lists": lists,
        "fairs": queries.uninvited(organisation, at),
        "form": form,
    }
    return render(request, "invest/gatherings/gatherings_desk.html", context, status=status)


def _invite_to_fair(request: UserRequest, organisation: Organisation) -> HttpResponse:
    fairs = Fair.objects.filter(organisation=organisation)
    fair = get_object_or_404(fairs, slug=request.POST.get("fair", ""))
    try:
        gatherings.invite_to(fair=fair, at=timezone.now())
        messages.success(request, _("The invitation is out."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("gathering_desk", organisation.slug)


@never_cache
@require_safe
@desk("gatherings")
def guest_list(request: UserRequest, organisation: Organisation, gathering: str) -> HttpResponse:
    """Who comes, on paper for the door: by the name that was typed, else by the address."""
    found = get_object_or_404(queries.every().filter(organisation=organisation), slug=gathering)
    context = {
        "organisation": organisation,
        "gathering": found,
        "guests": (guests := queries.guests(found, timezone.now())),
        "headcount": queries.headcount(found),
    }
    name, rows = f"{found.slug}-guests", len(guests)
    return paper(
        request, "invest/gatherings/paper_guests.html", context, heads=(), name=name, rows=rows
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk("gatherings")
def gathering_at_desk(
    request: UserRequest, organisation: Organisation, gathering: str
) -> HttpResponse:
    """One gathering: who comes, the minutes, moving it; each button is a step."""
    found = get_object_or_404(queries.every().filter(organisation=organisation), slug=gathering)
    step = request.POST.get("step", "")
    if request.method == "POST" and step not in STEPS:
        raise Http404
    forms = {
        name: form(request.POST if name == step else None, gathering=found, auto_id=f"{name}_%s")
        for name, (form, _does) in STEPS.items()
    }
    status = 200
    if request.method == "POST":
        form, (_kind, does) = forms[step], STEPS[step]
        if form.is_valid():
            try:
                messages.success(request, does(request, found, form.cleaned_data))
                if step == "remove":
                    return redirect("gathering_desk", organisation.slug)
                there = reverse("gathering_at_desk", args=[organisation.slug, found.slug])
                return redirect(f"{there}#{ANCHORS.get(step, 'top')}")
            except Refused as refusal:
                form.refuse(None, refusal)
        status = form.status
    sent = forms.get(step)
    told = queries.gathering_desk(found, timezone.now())
    lines = [(minute, _folds(minute, found, step, sent)) for minute in told.page.minutes]
    shown = [fold.form for _minute, folds in lines for fold in folds]
    in_place = step in SHOWS_OWN_ERRORS or any(form is sent for form in shown)
    guests = GuestTable(told.guests).asked(request, f"{found.slug}-guests")
    if file := guests.file():
        return file
    context = {
        "organisation": organisation,
        "guests": guests,
        "desk": told,
        "lines": lines,
        "gathering": found,
        "forms": forms,
        "step": step,
        "refused": [] if sent is None or in_place else sent.sentences(),
    }
    return render(request, "invest/gatherings/gathering_at_desk.html", context, status=status)


@dataclass(frozen=True)
class Fold:
    """What may be made of a line of the minutes."""

    step: str
    label: str
    button: str
    form: DeskStepForm


def _folds(minute: Minute, found: Gathering, step: str, sent: DeskStepForm | None) -> list[Fold]:
    """What may be made of a line; what was sent and refused keeps what was typed."""
    if minute.struck_at:
        return []
    is_note = minute.kind == Minute.Kind.NOTE
    offered = (
        ("finish", _("What became of it?"), _("Write it down"), not (is_note or minute.done_on)),
        (
            "project",
            _("Make it a project"),
            _("Found the project"),
            not (is_note or minute.project),
        ),
        ("card", _("Make it a card of the place"), _("Make the card"), _may_be_card(minute, found)),
        ("strike", _("Strike it out"), _("Strike it out"), True),
    )
    folds = []
    for name, label, button, may in offered:
        form = sent if name == step and sent and _is_of(sent, minute) else None
        if may:
            form = form or STEPS[name][0](
                gathering=found,
                initial={"minute": minute.pk, "name": minute.text[:120]},
                auto_id=f"{name}-{minute.number}_%s",
            )
            folds.append(Fold(name, label, button, form))
    return folds


def _may_be_card(minute: Minute, found: Gathering) -> bool:
    return found.place is not None and not minute.is_card  # type: ignore[attr-defined]


def _is_of(sent: DeskStepForm, minute: Minute) -> bool:
    return sent.data.get("minute") == str(minute.pk)


def _move(request: UserRequest, found: Gathering, typed: dict[str, Any]) -> str:
    gatherings.move(gathering=found, by=actor(request), at=timezone.now(), **typed)
    return " ".join([_("It is moved."), *_who_has_a_letter(found)])


def _cancel(request: UserRequest, found: Gathering, typed: dict[str, Any]) -> str:
    gatherings.cancel(gathering=found, by=actor(request), at=timezone.now(), **typed)
    return " ".join([_("It is cancelled."), *_who_has_a_letter(found)])


def _who_has_a_letter(found: Gathering) -> Iterator[str]:
    reached, without = queries.unreached(found)
    if reached:
        yield ngettext(
            "%(n)s who has signed up has a letter.",
            "%(n)s who have signed up have a letter.",
            reached,
        ) % {"n": reached}
    if without:
        names = ", ".join(without)
        yield _("These get no letter, so tell them yourself: %(names)s.") % {"names": names}


def _strike(request: UserRequest, found: Gathering, typed: dict[str, Any]) -> str:
    minutes.strike(by=actor(request), at=timezone.now(), **typed)
    return _("The line is struck out. That it was there stays.")


def _remove(request: UserRequest, found: Gathering, typed: dict[str, Any]) -> str:
    gatherings.remove(gathering=found)
    return _("%(name)s is taken away.") % {"name": found.name}


def _write(request: UserRequest, found: Gathering, typed: dict[str, Any]) -> str:
    minutes.write(gathering=found, by=actor(request), at=timezone.now(), **typed)
    return _("Written down.")


def _finish(request: UserRequest, found: Gathering, typed: dict[str, Any]) -> str:
    minutes.finish(on=today(), **typed)
    return _("Written down.")


def _found(request: UserRequest, found: Gathering, typed: dict[str, Any]) -> str:
    project = minutes.found_project(on=today(), by=actor(request), **typed)
    return _("%(name)s is a project now, at the stage of an idea.") % {"name": project.name}


def _card(request: UserRequest, found: Gathering, typed: dict[str, Any]) -> str:
    title = typed.pop("name")
    card = minutes.become_card(by=actor(request), at=timezone.now(), title=title, **typed)
    return _("%(name)s is a card of the place now.") % {"name": card.title}


def _came(request: UserRequest, found: Gathering, typed: dict[str, Any]) -> str:
    gatherings.mark(**typed)
    return _("Written down.")


def _reword(request: UserRequest, found: Gathering, typed: dict[str, Any]) -> str:
    gatherings.reword(gathering=found, at=timezone.now(), **typed)
    return _("Written down.")


def _became(request: UserRequest, found: Gathering, typed: dict[str, Any]) -> str:
    gatherings.tell_what_became(gathering=found, **typed)
    return _("Everybody can read it on its page.")


def _fair(request: UserRequest, found: Gathering, typed: dict[str, Any]) -> str:
    fair = gatherings.hold_fair(gathering=found)
    return _("%(name)s has its programme, checklist and papers now.") % {"name": fair.name}


# Step → its form, and what it does: a sentence that says what was done.
STEPS: dict[str, tuple[type[DeskStepForm], Callable[..., str]]] = {
    "move": (MoveForm, _move),
    "cancel": (CancelForm, _cancel),
    "minute": (MinuteForm, _write),
    "finish": (FinishForm, _finish),
    "project": (FoundForm, _found),
    "card": (CardOfForm, _card),
    "came": (CameForm, _came),
    "reword": (RewordForm, _reword),
    "became": (BecameForm, _became),
    "fair": (DeskStepForm, _fair),
    "strike": (StrikeForm, _strike),
    "remove": (DeskStepForm, _remove),
}
SHOWS_OWN_ERRORS = {"move", "cancel", "minute", "reword", "became"}
ANCHORS = {
    "minute": "minutes",
    "finish": "minutes",
    "project": "minutes",
    "card": "minutes",
    "strike": "minutes",
    "came": "who",
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk("gatherings")
def cooperation_desk(request: UserRequest, organisation: Organisation) -> HttpResponse:
    """Whom the group has asked to take part in its own, and what it was asked itself."""
    step = request.POST.get("step", "")
    form = CooperationForm(
        request.POST if step == "invite" else None,
        organisation=organisation,
        initial={"thing": request.GET.get("thing", "")},
    )
    status, refused = 200, None
    if request.method == "POST":
        try:
            if step == "take-back":
                cooperations.take_back(
                    cooperation=_own(organisation, request.POST.get("asked", ""))
                )
                messages.success(request, _("The question is taken back."))
                return redirect("cooperation_desk", organisation.slug)
            if step != "invite":
                raise Http404
            if form.is_valid():
                typed = form.cleaned_data
                cooperations.invite(
                    organisation=typed["organisation"],
                    into=form.things[typed["thing"]],
                    part=typed["part"],
                    on=today(),
                )
                messages.success(request, _("They are asked."))
                return redirect("cooperation_desk", organisation.slug)
            status = form.status
        except Refused as refusal:
            status = refusal.status
            if step == "invite":
                form.refuse(None, refusal)
            else:
                refused = refusal
    asked_of = CooperationTable(
        list(queries.asked_of(organisation)), prefix="of-", caption=_("You are asked")
    ).asked(request, f"{organisation.slug}-asked-of")
    asked_by = CooperationTable(
        list(queries.asked_by(organisation)), prefix="by-", caption=_("You have asked")
    ).asked(request, f"{organisation.slug}-asked-by")
    if file := first_file(asked_of, asked_by):
        return file
    context = {
        "organisation": organisation,
        "asked_by": asked_by,
        "asked_of": asked_of,
        "form": form,
        "refused": refused,
    }
    return render(request, "invest/gatherings/cooperation_desk.html", context, status=status)


def _own(organisation: Organisation, asked: str) -> Cooperation:
    return get_object_or_404(queries.asked_by(organisation), pk=row_number(asked))
