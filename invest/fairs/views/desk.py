"""Before a fair: the organiser's desk, the invitations, and the short addresses on the papers."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from invest.fairs import fairs, letters
from invest.fairs.forms import CardsForm, InviteForm, TaskForm
from invest.fairs.queries import desk as fairs_desk
from invest.fairs.tables import SlotTable, TaskTable
from invest.models import Fair, Pitch
from invest.progress.progress import offers_of
from invest.web import desk as web_desk
from invest.web.desk import UserRequest, pitch_desk, today
from invest.web.tables import first_file
from pools.errors import Refused

FIRST_CARDS = {"from": 1, "count": 40}


@never_cache
@require_safe
@web_desk.fair_desk("fairs")
def fair_desk(request: UserRequest, fair: Fair) -> HttpResponse:
    """The programme, the checklist and the papers."""
    return desk_page(request, fair)


def desk_page(
    request: UserRequest,
    fair: Fair,
    *,
    invite: InviteForm | None = None,
    task: TaskForm | None = None,
    cards: CardsForm | None = None,
    refused: Refused | None = None,
) -> HttpResponse:
    """The desk with the form as it was sent; what a button met stands above all."""
    sent = refused or invite or task or cards
    page, here = fairs_desk.desk_page(fair, today()), reverse("fair_desk", args=[fair.slug])
    slots = SlotTable(page.slots, prefix="programme-").asked(
        request, f"{fair.slug}-programme", here=here
    )
    tasks = TaskTable(page.tasks, prefix="tasks-").asked(request, f"{fair.slug}-tasks", here=here)
    if file := first_file(slots, tasks):
        return file
    context = {
        "page": page,
        "here": here,
        "slots": slots,
        "tasks": tasks,
        "invite": invite or InviteForm(fair=fair, auto_id="invite_%s"),
        "task": task or TaskForm(auto_id="task_%s"),
        "cards": cards or CardsForm(FIRST_CARDS),
        "refused": refused,
    }
    status = sent.status if sent else 200
    return render(request, "invest/fairs/fair_desk.html", context, status=status)


# --- The programme --------------------------------------------------------------------------------


@never_cache
@require_POST
@web_desk.fair_desk("fairs")
def invite_pitch(request: UserRequest, fair: Fair) -> HttpResponse:
    """Ask a project to pitch; it gets a letter where it has an address."""
    form = InviteForm(request.POST, fair=fair, auto_id="invite_%s")
    if form.is_valid():
        try:
            pitch = fairs.invite(fair=fair, project=form.cleaned_data["project"], on=today())
        except Refused as refusal:
            form.refuse(None, refusal)
        else:
            messages.success(request, _invited(pitch))
            return _back(fair, "programme")
    return desk_page(request, fair, invite=form)


@never_cache
@require_POST
@web_desk.fair_desk("fairs")
def take_back_pitch(request: UserRequest, fair: Fair, pk: int) -> HttpResponse:
    """An invitation is taken back; pressed twice, it is gone already."""
    pitch = fair.pitches.filter(pk=pk).select_related("project").first()
    if pitch is None:
        messages.warning(request, _("Somebody has handled this one already."))
        return _back(fair, "programme")
    try:
        fairs.take_back(pitch=pitch, on=today())
    except Refused as refusal:
        return desk_page(request, fair, refused=refusal)
    messages.success(request, _("%(name)s is no longer invited.") % {"name": pitch.project.name})
    return _back(fair, "programme")


@never_cache
@require_POST
@web_desk.fair_desk("fairs")
def move_pitch_up(request: UserRequest, fair: Fair, pk: int) -> HttpResponse:
    """One place up in the programme."""
    pitch = fairs.move(pitch=get_object_or_404(fair.pitches, pk=pk), is_up=True)
    messages.success(request, _("%(name)s has moved up.") % {"name": pitch.project.name})
    return _back(fair, "programme")


@never_cache
@require_POST
@web_desk.fair_desk("fairs")
def move_pitch_down(request: UserRequest, fair: Fair, pk: int) -> HttpResponse:
    """One place down in the programme."""
    pitch = fairs.move(pitch=get_object_or_404(fair.pitches, pk=pk), is_up=False)
    messages.success(request, _("%(name)s has moved down.") % {"name": pitch.project.name})
    return _back(fair, "programme")


# --- The checklist --------------------------------------------------------------------------------


@never_cache
@require_POST
@web_desk.fair_desk("fairs")
def add_task(request: UserRequest, fair: Fair) -> HttpResponse:
    """Something to do, and by when."""
    form = TaskForm(request.POST, auto_id="task_%s")
    if form.is_valid():
        try:
            fairs.add_task(fair=fair, **form.cleaned_data)
        except Refused as refusal:
            form.refuse(None, refusal)
        else:
            messages.success(request, _("It is on the list."))
            return _back(fair, "tasks")
    return desk_page(request, fair, task=form)


@never_cache
@require_POST
@web_desk.fair_desk("fairs")
def add_usual_tasks(request: UserRequest, fair: Fair) -> HttpResponse:
    """The usual checklist; what is there already is not added again."""
    number = len(fairs.add_usual_tasks(fair=fair))
    said = ngettext("%(n)s task is on the list.", "%(n)s tasks are on the list.", number)
    none = _("All the usual tasks were on the list already.")
    messages.success(request, said % {"n": number} if number else none)
    return _back(fair, "tasks")


@never_cache
@require_POST
@web_desk.fair_desk("fairs")
def tick_task(request: UserRequest, fair: Fair, pk: int) -> HttpResponse:
    """It is done."""
    task = fairs.tick(task=get_object_or_404(fair.tasks, pk=pk), on=today())
    messages.success(request, _("Done: %(act)s.") % {"act": task.text})
    return _back(fair, "tasks")


@never_cache
@require_POST
@web_desk.fair_desk("fairs")
def untick_task(request: UserRequest, fair: Fair, pk: int) -> HttpResponse:
    """It was not done after all."""
    task = fairs.untick(task=get_object_or_404(fair.tasks, pk=pk))
    messages.success(request, _("Not done yet: %(task)s.") % {"task": task.text})
    return _back(fair, "tasks")


def _back(fair: Fair, anchor: str) -> HttpResponse:
    return redirect(f"{reverse('fair_desk', args=[fair.slug])}#{anchor}")


def _invited(pitch: Pitch) -> str:
    told = {"name": pitch.project.name}
    if letters.invite(fairs_desk.Slot(pitch, is_first=False, is_last=True)):
        return _("%(name)s is invited, and a letter with the link is on its way.") % told
    return _("%(name)s is invited. Send them the link.") % told


# --- The project's answer -------------------------------------------------------------------------


@never_cache
@require_safe
@pitch_desk("invitations")
def invitation(request: UserRequest, pitch: Pitch) -> HttpResponse:
    """Whether a project comes; its own organisation answers, and anybody else meets 404."""
    return _invitation_page(request, pitch)


@never_cache
@require_POST
@pitch_desk("invitations")
def accept_invitation(request: UserRequest, pitch: Pitch) -> HttpResponse:
    """The project comes."""
    return _answer(request, pitch, accepts=True)


@never_cache
@require_POST
@pitch_desk("invitations")
def decline_invitation(request: UserRequest, pitch: Pitch) -> HttpResponse:
    """The project does not come."""
    return _answer(request, pitch, accepts=False)


def _answer(request: UserRequest, pitch: Pitch, *, accepts: bool) -> HttpResponse:
    try:
        fairs.answer(pitch=pitch, accepts=accepts, on=today())
    except Refused as refused:
        return _invitation_page(request, pitch, refused)
    messages.success(request, _("Thank you. The organiser sees your answer."))
    return redirect("invitation", pitch.code)


def _invitation_page(
    request: UserRequest, pitch: Pitch, refusal: Refused | None = None
) -> HttpResponse:
    context = {
        "organisation": pitch.project.organisation,
        "here": reverse("invitation", args=[pitch.code]),
        "pitch": pitch,
        "is_over": fairs_desk.is_over(pitch.fair, today()),
        "refusal": refusal,
    }
    status = refusal.status if refusal else 200
    return render(request, "invest/fairs/invitation.html", context, status=status)


@require_safe
def short_code(request: HttpRequest, code: str) -> HttpResponse:
    """From a paper to the form for promises; to the project's page where nothing is open."""
    pitch = get_object_or_404(Pitch.objects.select_related("fair", "project"), code=code.lower())
    if pitch.accepted_on is None or offers_of(pitch.project, today()).open_offer is None:
        return redirect(pitch.project)
    return redirect(f"{reverse('pledge', args=[pitch.project.slug])}?fair={pitch.fair.slug}")
