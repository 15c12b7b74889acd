"""The outbox: what was written to those who take part in an organisation."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from invest.letters import queries
from invest.models import Organisation
from invest.web.desk import UserRequest, desk

PER_PAGE = 50


@never_cache
@require_safe
@desk("letters")
def letters(request: UserRequest, organisation: Organisation) -> HttpResponse:
    """Every letter with its text, newest first."""
    pages = Paginator(queries.letters_of(organisation), PER_PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "organisation": organisation,
        "page": page,
        "letters": [queries.shown(letter, is_open=settings.DEMO) for letter in page],
    }
    return render(request, "invest/letters/letters.html", context)
