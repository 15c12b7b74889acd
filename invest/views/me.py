"""A saver's own page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from invest import people, queries
from invest.models import Consent
from invest.views.gate import UserRequest, today


@login_required
@never_cache
@require_safe
def me(request: UserRequest) -> HttpResponse:
    """Everything I promised, paid, hold and got back; and the desks I keep."""
    people.claim(request.user)
    context = {
        "page": queries.savers.my_page(request.user),
        "desks": queries.desk.desks(request.user),
        "as_of": today(),
    }
    return render(request, "invest/me.html", context)


@login_required
@require_POST
def show_name(request: UserRequest) -> HttpResponse:
    """Give or take back the consent to show my name."""
    person, kind, at = people.claim(request.user), Consent.Kind.PUBLISH_NAME, timezone.now()
    if request.POST.get("show") == "yes":
        people.give_consent(person=person, kind=kind, at=at)
        messages.success(request, _("Your name may now be shown where you save."))
    else:
        people.withdraw_consent(person=person, kind=kind, at=at)
        messages.success(request, _("Your name is no longer shown anywhere."))
    return redirect("me")
