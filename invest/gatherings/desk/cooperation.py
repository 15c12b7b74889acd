"""Asking other organisations to take part in one's own, and taking the question back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from invest.gatherings import cooperations, queries
from invest.gatherings.forms import CooperationForm
from invest.models import Organisation
from invest.web.desk import UserRequest, desk, today
from pools.errors import Refused


@never_cache
@require_safe
@desk("gatherings")
def cooperation_desk(request: UserRequest, organisation: Organisation) -> HttpResponse:
    """Whom the group has asked to take part in its own, and what it was asked itself."""
    return _page(request, organisation)


@never_cache
@require_POST
@desk("gatherings")
def ask_cooperation(request: UserRequest, organisation: Organisation) -> HttpResponse:
    """Ask an organisation to take a part."""
    form = CooperationForm(request.POST, organisation=organisation)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            cooperations.invite(
                organisation=typed["organisation"],
                into=form.things[typed["thing"]],
                part=typed["part"],
                on=today(),
            )
            messages.success(request, _("They are asked."))
            return redirect("cooperation_desk", organisation.slug)
        except Refused as refusal:
            form.refuse(None, refusal)
    return _page(request, organisation, form)


@never_cache
@require_POST
@desk("gatherings")
def take_back_cooperation(
    request: UserRequest, organisation: Organisation, pk: int
) -> HttpResponse:
    """The question is taken back; pressed twice, it is gone already."""
    asked = queries.asked_by(organisation).filter(pk=pk).first()
    if asked is None:
        messages.warning(request, _("Somebody has handled this one already."))
        return redirect("cooperation_desk", organisation.slug)
    try:
        cooperations.take_back(cooperation=asked)
    except Refused as refusal:
        return _page(request, organisation, refused=refusal)
    messages.success(request, _("The question is taken back."))
    return redirect("cooperation_desk", organisation.slug)


def _page(
    request: UserRequest,
    organisation: Organisation,
    form: CooperationForm | None = None,
    refused: Refused | None = None,
) -> HttpResponse:
    status = refused.status if refused else form.status if form else 200
    first = {"thing": request.GET.get("thing", "")}
    context = {
        "organisation": organisation,
        "here": reverse("cooperation_desk", args=[organisation.slug]),
        "asked_by": queries.asked_by(organisation),
        "asked_of": queries.asked_of(organisation),
        "form": form or CooperationForm(organisation=organisation, initial=first),
        "refused": refused,
    }
    return render(request, "invest/gatherings/cooperation_desk.html", context, status=status)
