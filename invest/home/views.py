"""The front page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from invest.home import queries
from invest.web.desk import today


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is, how it stands, and what happens next."""
    return render(request, "invest/home/home.html", {"page": queries.home_page(today())})
