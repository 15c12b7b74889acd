"""The limit watch: what law lets an organisation do, and who has looked."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from invest import access, legal_review
from invest.models import Organisation
from invest.organisations.forms import LegalReviewForm
from invest.organisations.limits import watch
from invest.web.desk import UserRequest, actor, desk, today


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk("limits")
def limits(request: UserRequest, organisation: Organisation) -> HttpResponse:
    """Every rule that is watched, and putting a look on record."""
    may_look = access.may(request.user, organisation, "limits.look")
    form = LegalReviewForm(request.POST or None)
    status = 200
    if request.method == "POST":
        if not may_look:
            raise Http404
        if form.is_valid():
            legal_review.look_into(
                organisation=organisation, on=today(), by=actor(request), **form.cleaned_data
            )
            messages.success(request, _("Put on record. It stands for a year."))
            return redirect("limits", organisation.slug)
        status = form.status
    context = {
        "organisation": organisation,
        "watched": watch(organisation, today()),
        "form": form,
        "may_look": may_look,
    }
    return render(request, "invest/organisations/limits.html", context, status=status)
