"""Before a fair: the organiser's desk, the invitations, and the short addresses on the papers."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from invest.fairs import fairs, letters
from invest.fairs.forms import CardsForm, FairStepForm, InviteForm, PitchForm, TaskForm, TickForm
from invest.fairs.queries import desk as fairs_desk
from invest.fairs.tables import SlotTable, TaskTable
from invest.models import Fair, Pitch
from invest.progress.figures import offers_of
from invest.web import desk as web_desk
from invest.web.desk import UserRequest, pitch_desk, today
from invest.web.tables import first_file
from pools.errors import Refused

FIRST_CARDS = {"from": 1, "count": 40}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@web_desk.fair_desk("fairs")
def fair_desk(request: UserRequest, fair: Fair) -> HttpResponse:
    """The programme, the checklist and the papers; each button is a step."""
    step = request.POST.get("step", "")
    if request.method == "POST" and step not in FORMS:
        raise Http404
    forms = {
        name: form(request.POST if name == step else None, fair=fair, auto_id=f"{name}_%s")
        for name, form in FORMS.items()
    }
    status = 200
    if request.method == "POST":
        form = forms[step]
        if form.is_valid():
            try:
                messages.success(request, DOES[step](fair, form.cleaned_data))
                return redirect(
                    reverse("fair_desk", args=[fair.slug]) + ANCHORS.get(step, "#tasks")
                )
            except Refused as refusal:
                form.refuse(None, refusal)
        status = form.status
    return desk_page(request, fair, forms, CardsForm(FIRST_CARDS), status=status)


def desk_page(
    request: UserRequest,
    fair: Fair,
    forms: dict[str, FairStepForm],
    cards: CardsForm,
    *,
    status: int,
) -> HttpResponse:
    """The desk with the forms as they were sent. What a button met stands above all."""
    silent = [form for name, form in forms.items() if name not in {"invite", "task"}]
    page = fairs_desk.desk_page(fair, today())
    slots = SlotTable(page.slots, prefix="programme-").asked(request, f"{fair.slug}-programme")
    tasks = TaskTable(page.tasks, prefix="tasks-").asked(request, f"{fair.slug}-tasks")
    if file := first_file(slots, tasks):
        return file
    context = {
        "page": page,
        "slots": slots,
        "tasks": tasks,
        "invite": forms["invite"],
        "task": forms["task"],
        "cards": cards,
        "refused": [told for form in silent for each in form.errors.values() for told in each],
    }
    return render(request, "invest/fairs/fair_desk.html", context, status=status)


def new_forms(fair: Fair) -> dict[str, FairStepForm]:
    """The desk's forms before anything was sent."""
    return {name: form(fair=fair, auto_id=f"{name}_%s") for name, form in FORMS.items()}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@pitch_desk("invitations")
def invitation(request: UserRequest, pitch: Pitch) -> HttpResponse:
    """Whether a project comes; its own organisation answers, and anybody else meets 404."""
    refusal, status = None, 200
    if request.method == "POST":
        step = request.POST.get("step")
        if step not in {"accept", "decline"}:
            raise Http404
        try:
            fairs.answer(pitch=pitch, accepts=step == "accept", on=today())
            messages.success(request, _("Thank you. The organiser sees your answer."))
            return redirect("invitation", pitch.code)
        except Refused as refused:
            refusal, status = refused, refused.status
    context = {
        "organisation": pitch.project.organisation,
        "pitch": pitch,
        "is_over": fairs_desk.is_over(pitch.fair, today()),
        "refusal": refusal,
    }
    return render(request, "invest/fairs/invitation.html", context, status=status)


@require_safe
def short_code(request: HttpRequest, code: str) -> HttpResponse:
    """From a paper to the form for promises; to the project's page where nothing is open."""
    pitch = get_object_or_404(Pitch.objects.select_related("fair", "project"), code=code.lower())
    if pitch.accepted_on is None or offers_of(pitch.project, today()).open_offer is None:
        return redirect(pitch.project)
    return redirect(f"{reverse('pledge', args=[pitch.project.slug])}?fair={pitch.fair.slug}")


# --- The steps of the desk: each does its verb and says what was done ----------------------------


def _invite(fair: Fair, asked: dict[str, Any]) -> str:
    pitch = fairs.invite(fair=fair, project=asked["project"], on=today())
    told = {"name": pitch.project.name}
    if letters.invite(fairs_desk.Slot(pitch, is_first=False, is_last=True)):
        return _("%(name)s is invited, and a letter with the link is on its way.") % told
    return _("%(name)s is invited. Send them the link.") % told


def _take_back(_fair: Fair, asked: dict[str, Any]) -> str:
    fairs.take_back(pitch=asked["pitch"], on=today())
    return _("%(name)s is no longer invited.") % {"name": asked["pitch"].project.name}


def _up(_fair: Fair, asked: dict[str, Any]) -> str:
    pitch = fairs.move(pitch=asked["pitch"], is_up=True)
    return _("%(name)s has moved up.") % {"name": pitch.project.name}


def _down(_fair: Fair, asked: dict[str, Any]) -> str:
    pitch = fairs.move(pitch=asked["pitch"], is_up=False)
    return _("%(name)s has moved down.") % {"name": pitch.project.name}


def _task(fair: Fair, asked: dict[str, Any]) -> str:
    fairs.add_task(fair=fair, **asked)
    return _("It is on the list.")


def _usual(fair: Fair, _asked: dict[str, Any]) -> str:
    number = len(fairs.add_usual_tasks(fair=fair))
    said = ngettext("%(n)s task is on the list.", "%(n)s tasks are on the list.", number)
    return said % {"n": number} if number else _("All the usual tasks were on the list already.")


def _tick(_fair: Fair, asked: dict[str, Any]) -> str:
    return _("Done: %(act)s.") % {"act": fairs.tick(task=asked["task"], on=today()).text}


def _untick(_fair: Fair, asked: dict[str, Any]) -> str:
    return _("Not done yet: %(task)s.") % {"task": fairs.untick(task=asked["task"]).text}


FORMS: dict[str, type[FairStepForm]] = {
    "invite": InviteForm,
    "take_back": PitchForm,
    "up": PitchForm,
    "down": PitchForm,
    "task": TaskForm,
    "usual": FairStepForm,
    "tick": TickForm,
    "untick": TickForm,
}
DOES: dict[str, Callable[[Fair, dict[str, Any]], str]] = {
    "invite": _invite,
    "take_back": _take_back,
    "up": _up,
    "down": _down,
    "task": _task,
    "usual": _usual,
    "tick": _tick,
    "untick": _untick,
}
# Where the page is read on after a step.
ANCHORS = dict.fromkeys(("invite", "take_back", "up", "down"), "#programme")
