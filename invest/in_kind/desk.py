"""The desk of help in kind: a project says yes or no, sets a day, and tells what it got."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from invest import access
from invest.in_kind import in_kind as in_kind_in_kind
from invest.in_kind import queries
from invest.in_kind.fits import fits_of_project
from invest.in_kind.forms import HelpForm
from invest.in_kind.tables import HelpTable
from invest.kinds.refusals import BadTerms
from invest.models import InKind, Need, Project
from invest.web.desk import UserRequest, actor, project_desk, row_number, today
from pools.errors import Refused


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@project_desk("projects")
def help_desk(request: UserRequest, project: Project) -> HttpResponse:
    """Offers by state, each with its talk and the steps that come next."""
    needs = project.needs.filter(quantity__isnull=False)
    status, wrong, chosen = 200, None, None
    if request.method == "POST":
        chosen = _offer_of(request, project)
        wrong = HelpForm(request.POST, needs=needs, auto_id=f"id_{chosen.pk}_%s")
        if wrong.is_valid() and _handle(request, chosen, wrong):
            return redirect(f"{reverse('help_desk', args=[project.slug])}#offer-{chosen.pk}")
        status = wrong.status
    page = queries.help_page(project)
    table = HelpTable([offer for group in page.groups for offer in group.offers]).asked(
        request, f"{project.slug}-help", at=lambda offer: bool(wrong) and offer.in_kind == chosen
    )
    if file := table.file():
        return file
    context = {
        "page": page,
        "table": table,
        "groups": [
            (group, [(offer, _form(offer.in_kind, chosen, wrong, needs)) for offer in group.offers])
            for group in queries.grouped(table.records)
        ],
        "fits": fits_of_project(project, today()),
        "books": access.organisations_for(request.user, "registers"),
    }
    return render(request, "invest/in_kind/help_desk.html", context, status=status)


def _offer_of(request: UserRequest, project: Project) -> InKind:
    return get_object_or_404(project.in_kind, pk=row_number(request.POST.get("offer", "")))


def _form(offer: InKind, chosen: InKind | None, wrong: HelpForm | None, needs: Any) -> HelpForm:
    if wrong is not None and offer == chosen:
        return wrong
    initial = {"need": offer.need_id}
    return HelpForm(needs=needs, initial=initial, auto_id=f"id_{offer.pk}_%s")


def _handle(request: UserRequest, offer: InKind, form: HelpForm) -> bool:
    """Take the step; a word to the giver goes into the talk, whatever the step."""
    step, typed = request.POST.get("step", ""), form.cleaned_data
    if step not in STEPS:
        raise Http404
    try:
        with transaction.atomic():
            STEPS[step](in_kind=offer, typed=typed, by=actor(request))
            if typed["text"]:
                in_kind_in_kind.say(
                    in_kind=offer, text=typed["text"], is_from_giver=False, at=timezone.now()
                )
    except Refused as refusal:
        form.refuse(None, refusal)
        return False
    messages.success(request, _("Written down."))
    return True


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
    """Only the word, which `_handle` keeps."""
    del in_kind, by
    if not typed["text"]:
        raise BadTerms(field="text", reason=_("write a line"))


STEPS: dict[str, Callable[..., None]] = {
    "accept": _accept,
    "decline": _decline,
    "schedule": _schedule,
    "deliver": _deliver,
    "verify": _verify,
    "say": _say,
}
