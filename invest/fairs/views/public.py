"""The pages of fairs that everybody may read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from invest import access
from invest.fairs.queries import fairs
from invest.models import Fair
from invest.organisations.queries import partners
from invest.web.desk import today


@require_safe
def fair_list(request: HttpRequest) -> HttpResponse:
    """Fairs, newest first."""
    return render(request, "invest/fairs/fair_list.html", {"fairs": fairs.fairs()})


@require_safe
def fair(request: HttpRequest, slug: str) -> HttpResponse:
    """A fair's place, hour and programme."""
    found = get_object_or_404(Fair.objects.select_related("organisation", "gathering"), slug=slug)
    context = {
        "page": fairs.fair_page(found, today()),
        "partners": partners(fair=found),
        "may_organise": access.may(request.user, found.organisation, "fairs"),
    }
    return render(request, "invest/fairs/fair.html", context)
