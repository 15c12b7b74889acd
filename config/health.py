"""Two addresses for whoever watches the server: is it alive, is it ready."""

from django.core.checks import run_checks
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """The database answers, is set as it must be, and its guards stand."""
    found = run_checks(databases=["default"])
    text = "".join(f"{message.id}\n" for message in found) or "ready\n"
    return HttpResponse(text, status=503 if found else 200, content_type="text/plain")
