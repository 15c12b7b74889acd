"""The pages of organisations that everybody may read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from invest.models import Organisation
from invest.organisations import queries
from invest.organisations.queries import with_debt
from invest.web.desk import today


@require_safe
def organisation_list(request: HttpRequest) -> HttpResponse:
    """Organisations that run projects."""
    found = queries.organisation_cards(today())
    return render(
        request, "invest/organisations/organisation_list.html", {"cards": found, "as_of": today()}
    )


@require_safe
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """What an organisation has raised, and what came back."""
    found = get_object_or_404(with_debt(Organisation.objects.all()), slug=slug)
    page = queries.organisation_page(found, today())
    return render(request, "invest/organisations/organisation.html", {"page": page})
