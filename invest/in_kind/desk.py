"""The desk of help in kind: a project says yes or no, sets a day, and tells what it got."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from invest import access
from invest.in_kind import in_kind as in_kind_in_kind
from invest.in_kind import queries
from invest.in_kind.fits import fits_of_project
from invest.in_kind.forms import HelpForm
from invest.kinds.refusals import BadTerms
from invest.models import InKind, Need, Project
from invest.web.desk import UserRequest, actor, project_desk, today
from pools.errors import Refused


@never_cache
@require_safe
@project_desk("projects")
def help_desk(request: UserRequest, project: Project) -> HttpResponse:
    """Offers by state, each with its talk and the steps that come next."""
    return _help_page(request, project)


@never_cache
@require_POST
@project_desk("projects")
def say(request: UserRequest, project: Project, pk: int) -> HttpResponse:
    """Only the line to the giver, which decides nothing."""
    return _taken(request, project, pk, _say)


@never_cache
@require_POST
@project_desk("projects")
def accept(request: UserRequest, project: Project, pk: int) -> HttpResponse:
    """Say yes, please; perhaps for one of the needs."""
    return _taken(request, project, pk, _accept)


@never_cache
@require_POST
@project_desk("projects")
def decline(request: UserRequest, project: Project, pk: int) -> HttpResponse:
    """Say no, thank you, with a kind word."""
    return _taken(request, project, pk, _decline)


@never_cache
@require_POST
@project_desk("projects")
def schedule(request: UserRequest, project: Project, pk: int) -> HttpResponse:
    """Set the day."""
    return _taken(request, project, pk, _schedule)


@never_cache
@require_POST
@project_desk("projects")
def deliver(request: UserRequest, project: Project, pk: int) -> HttpResponse:
    """Tell that it was delivered, or that they were introduced."""
    return _taken(request, project, pk, _deliver)


@never_cache
@require_POST
@project_desk("projects")
def verify(request: UserRequest, project: Project, pk: int) -> HttpResponse:
    """Tell that the project got it, and thank."""
    return _taken(request, project, pk, _verify)


def _help_page(
    request: UserRequest,
    project: Project,
    chosen: InKind | None = None,
    wrong: HelpForm | None = None,
) -> HttpResponse:
    """The desk; the form of the chosen offer stands as it was typed, with what was wrong."""
    needs, page = _needs(project), queries.help_page(project)
    context = {
        "here": reverse("help_desk", args=[project.slug]),
        "page": page,
        "groups": [
            (group, [(offer, _form(offer.in_kind, chosen, wrong, needs)) for offer in group.offers])
            for group in page.groups
        ],
        "fits": fits_of_project(project, today()),
        "books": access.organisations_for(request.user, "registers"),
    }
    status = wrong.status if wrong is not None else 200
    return render(request, "invest/in_kind/help_desk.html", context, status=status)


def _needs(project: Project) -> QuerySet[Need]:
    return project.needs.filter(quantity__isnull=False)


def _form(offer: InKind, chosen: InKind | None, wrong: HelpForm | None, needs: Any) -> HelpForm:
    if wrong is not None and offer == chosen:
        return wrong
    initial = {"need": offer.need_id}
    return HelpForm(needs=needs, initial=initial, auto_id=f"id_{offer.pk}_%s")


def _taken(
    request: UserRequest, project: Project, pk: int, take: Callable[..., None]
) -> HttpResponse:
    """Take the step; a word to the giver goes into the talk, whatever the step."""
    offer = get_object_or_404(project.in_kind, pk=pk)
    form = HelpForm(request.POST, needs=_needs(project), auto_id=f"id_{pk}_%s")
    if not form.is_valid():
        return _help_page(request, project, offer, form)
    typed = form.cleaned_data
    try:
        with transaction.atomic():
            take(in_kind=offer, typed=typed, by=actor(request))
            if typed["text"]:
                in_kind_in_kind.say(
                    in_kind=offer, text=typed["text"], is_from_giver=False, at=timezone.now()
                )
    except Refused as refusal:
        form.refuse(None, refusal)
        return _help_page(request, project, offer, form)
    messages.success(request, _("Written down."))
    return redirect(f"{reverse('help_desk', args=[project.slug])}#offer-{pk}")


def _accept(*, in_kind: InKind, typed: dict[str, Any], by: str) -> None:
    need: Need | None = typed["need"]
    in_kind_in_kind.answer_need(in_kind=in_kind, need=need)
    in_kind_in_kind.accept(in_kind=in_kind, on=today(), by=by)


def _decline(*, in_kind: InKind, typed: dict[str, Any], by: str) -> None:
    if not typed["text"]:
        raise BadTerms(field="text", reason=_("write a kind word to the giver"))
    in_kind_in_kind.decline(in_kind=in_kind, on=today(), by=by, reason=typed["text"])


def _schedule(*, in_kind: InKind, typed: dict[str, Any], by: str) -> None:
    if typed["due_on"] is None or typed["due_on"] < today():
        raise BadTerms(field="due_on", reason=_("write a day from today on"))
    in_kind_in_kind.schedule(in_kind=in_kind, due_on=typed["due_on"], on=today(), by=by)


def _deliver(*, in_kind: InKind, typed: dict[str, Any], by: str) -> None:
    in_kind_in_kind.deliver(in_kind=in_kind, quantity=typed["quantity"], on=today(), by=by)


def _verify(*, in_kind: InKind, typed: dict[str, Any], by: str) -> None:
    in_kind_in_kind.verify(in_kind=in_kind, on=today(), by=by, reason=typed["text"])


def _say(*, in_kind: InKind, typed: dict[str, Any], by: str) -> None:
    """Only the word, which `_taken` keeps."""
    del in_kind, by
    if not typed["text"]:
        raise BadTerms(field="text", reason=_("write a line"))
