"""Who a public form comes from: what is known of them, and whose key it is."""

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.utils.crypto import salted_hmac

from invest.models import Fair, Project, User
from invest.people import of_login


def wants_json(request: HttpRequest) -> bool:
    """Whether the phone's outbox asks: it reads no page, only whether and where it landed."""
    return request.headers.get("Accept", "") == "application/json"


def key_owner(request: HttpRequest) -> str:
    """Who may send a key again: the login, else this browser.

    A browser is known by the secret of its CSRF cookie, which every POST must show anyway: no
    session, and no row, for people who only promise.
    """
    if request.user.is_authenticated:
        return f"user:{request.user.pk}"
    get_token(request)
    return f"browser:{salted_hmac('pledge-key', request.META['CSRF_COOKIE']).hexdigest()}"


def fair_of(project: Project, slug: str) -> Fair | None:
    """The fair a form came from. A project that has not said yes to it is not there."""
    if not slug:
        return None
    return get_object_or_404(
        Fair, slug=slug, pitches__project=project, pitches__accepted_on__isnull=False
    )


def known(request: HttpRequest) -> dict[str, str]:
    """What the form can be filled with beforehand."""
    known = {"fair": request.GET.get("fair", "")}
    if request.user.is_authenticated:
        person = of_login(request.user)
        known["email"] = request.user.email
        if person:
            known |= {"name": person.name, "municipality": person.municipality}
    return known


def unlisted(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    return response


def user_of(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None
