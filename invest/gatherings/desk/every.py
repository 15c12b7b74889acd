"""The group's gatherings: opening one, and letting people sign up for a fair."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from invest.gatherings import gatherings, queries
from invest.gatherings.forms import GatheringForm
from invest.models import Fair, Organisation
from invest.web.desk import UserRequest, desk
from pools.errors import Refused

AGAIN = ("form", "name", "venue", "place", "most", "about_sv", "about_en")  # All but the hours.


@never_cache
@require_safe
@desk("gatherings")
def gathering_desk(request: UserRequest, organisation: Organisation) -> HttpResponse:
    """The group's gatherings, and the form for a new one, which may begin like an earlier one."""
    first = {"place": organisation.places.first(), "form": request.GET.get("form", "")}
    if like := organisation.gatherings.filter(slug=request.GET.get("like", "")).first():
        first |= {name: getattr(like, name) for name in AGAIN}
    return _page(request, organisation, GatheringForm(organisation=organisation, initial=first))


@never_cache
@require_POST
@desk("gatherings")
def open_gathering(request: UserRequest, organisation: Organisation) -> HttpResponse:
    """A new gathering."""
    form = GatheringForm(request.POST, organisation=organisation)
    if form.is_valid():
        try:
            made = gatherings.open_gathering(organisation=organisation, **form.cleaned_data)
        except Refused as refusal:
            form.refuse(None, refusal)
        else:
            if made.ends_at < timezone.now():
                told = _("That day has passed: it stands among those that were held.")
                messages.warning(request, told)
            else:
                messages.success(request, _("The invitation is out."))
            return redirect("gathering_at_desk", organisation.slug, made.slug)
    return _page(request, organisation, form)


@never_cache
@require_POST
@desk("gatherings")
def invite_to_fair(request: UserRequest, organisation: Organisation, fair: str) -> HttpResponse:
    """People may sign up for a fair, without its day written again."""
    found = get_object_or_404(Fair.objects.filter(organisation=organisation), slug=fair)
    try:
        gatherings.invite_to(fair=found, at=timezone.now())
        messages.success(request, _("The invitation is out."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("gathering_desk", organisation.slug)


def _page(request: UserRequest, organisation: Organisation, form: GatheringForm) -> HttpResponse:
    at = timezone.now()
    context = {
        "organisation": organisation,
        "here": reverse("gathering_desk", args=[organisation.slug]),
        "lists": [
            (_("To come"), queries.coming(at, organisation=organisation)),
            (_("Held"), queries.past(at, organisation=organisation)),
        ],
        "fairs": queries.uninvited(organisation, at),
        "form": form,
    }
    status = form.status if form.is_bound else 200
    return render(request, "invest/gatherings/gatherings_desk.html", context, status=status)
