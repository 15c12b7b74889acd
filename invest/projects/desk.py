"""A project's way to an enterprise: its stages, their gates, and how it sees itself."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from invest import access
from invest.models import Project, StageEvent
from invest.projects import assessments, gates, stages
from invest.projects.forms import AnswerForm, AssessForm, MoveForm
from invest.web.desk import UserRequest, actor, project_desk, today
from invest.web.fields import RefusingForm
from pools.errors import Refused


@never_cache
@require_safe
@project_desk("projects")
def stage_desk(request: UserRequest, project: Project) -> HttpResponse:
    """Where the project stands, what the gates ahead ask, and going on."""
    return _stage_page(request, project)


@never_cache
@require_POST
@project_desk("projects")
def answer(request: UserRequest, project: Project) -> HttpResponse:
    """Answer for a line of a gate, or say that it is not so."""
    form = AnswerForm(request.POST, auto_id=f"{_place(request.POST)}_%s")
    if not form.is_valid():
        return _stage_page(request, project, form)
    try:
        stages.answer(project=project, on=today(), by=actor(request), **form.cleaned_data)
    except Refused as refusal:
        form.refuse(None, refusal)
        return _stage_page(request, project, form)
    messages.success(request, _("Written down."))
    return redirect(f"{reverse('stage_desk', args=[project.slug])}#ahead")


@never_cache
@require_POST
@project_desk("projects")
def move(request: UserRequest, project: Project) -> HttpResponse:
    """Go on to a stage; an organiser passes a gate that is not met, in the open."""
    form = MoveForm(request.POST, auto_id=f"{_place(request.POST)}_%s")
    if not form.is_valid():
        return _stage_page(request, project, form)
    typed = {**form.cleaned_data, "to": StageEvent.Stage(form.cleaned_data["to"])}
    passes = _passes(request, project)
    try:
        event = stages.move(project=project, on=today(), by=actor(request), passes=passes, **typed)
    except Refused as refusal:
        form.refuse(None, refusal)
        return _stage_page(request, project, form)
    told = {"project": project.name, "stage": event.label}
    messages.success(request, _("%(project)s now stands at “%(stage)s”.") % told)
    return redirect(f"{reverse('stage_desk', args=[project.slug])}#ahead")


def _stage_page(
    request: UserRequest, project: Project, wrong: RefusingForm | None = None
) -> HttpResponse:
    """The desk; a form that was refused stands in its place as it was typed."""
    page = gates.stage_page(project, today())
    ways = _ways(page, wrong)
    ahead = gates.ahead(page.ways)
    aside = [told for told in ways if told["way"] not in ahead]
    context = {
        "here": reverse("stage_desk", args=[project.slug]),
        "page": page,
        "ways": [told for told in ways if told["way"] in ahead],
        "aside": aside,
        "is_aside_open": wrong is not None
        and any(wrong in (told["move"], *(form for _line, form in told["rows"])) for told in aside),
        "papers": [(gates.words_for(held.code), held) for held in page.papers],
        "wrong": wrong,
        "passes": _passes(request, project),
        "after": page.now.number if page.now else 0,
    }
    status = wrong.status if wrong else 200
    return render(request, "invest/projects/stage_desk.html", context, status=status)


def _passes(request: UserRequest, project: Project) -> bool:
    return access.may(request.user, project.organisation, "projects.pass")


def _place(typed: Any) -> str:
    """Which form on the page was sent."""
    return str(typed.get("code") or typed.get("to") or "step")[:30]


def _ways(page: gates.StagePage, wrong: RefusingForm | None) -> list[dict[str, Any]]:
    """Each stage ahead with its forms; a line that several gates share has its form once."""
    asked: set[str] = set()
    told = []
    for way in page.ways:
        rows = []
        for line in way.lines:
            form = None
            if line.by_word and line.code not in asked:
                form = _same(wrong, AnswerForm, line.code) or AnswerForm(
                    auto_id=f"{line.code}_%s", initial={"code": line.code}
                )
            asked.add(line.code)
            rows.append((line, form))
        move = _same(wrong, MoveForm, way.to) or MoveForm(
            auto_id=f"{way.to}_%s",
            initial={"to": way.to, "after": page.now.number if page.now else 0},
        )
        told.append({"way": way, "rows": rows, "move": move})
    return told


def _same(wrong: RefusingForm | None, kind: type[RefusingForm], place: str) -> RefusingForm | None:
    return wrong if isinstance(wrong, kind) and _place(wrong.data) == place else None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@project_desk("projects")
def assess(request: UserRequest, project: Project) -> HttpResponse:
    """Answer the seven questions, and the one before them."""
    form = AssessForm(request.POST or None, on=today())
    if request.method == "POST" and form.is_valid():
        try:
            made = assessments.assess(
                project=project, on=today(), by=actor(request), **form.as_assessment()
            )
        except Refused as refusal:
            form.refuse(None, refusal)
        else:
            said = _("On record. Choose one question to work with.")
            messages.success(request, _("On record.") if made.words else said)
            return redirect("assessment", project.slug)
    context = {"project": project, "form": form, "last": project.assessments.first()}
    status = form.status if request.method == "POST" else 200
    return render(request, "invest/projects/assess.html", context, status=status)
