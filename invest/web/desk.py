"""Who comes in: the day of the request, and the doors of the desks."""

import logging
from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar
from urllib.parse import urlsplit, urlunsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from invest import access
from invest.models import Fair, Organisation, Pitch, Project, User

log = logging.getLogger(__name__)
P = ParamSpec("P")


class UserRequest(HttpRequest):
    """A request from somebody who has logged in."""

    user: User


def today() -> date:
    """The business day in Stockholm. Views read the clock; verbs and queries are told."""
    return timezone.localdate()


def row_number(typed: str) -> int:
    """A row's number as plain digits; 0, which no row has, for anything else."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 18 else 0


def without_page(request: HttpRequest) -> str:
    """What was asked, but for which page of it: for the links between pages."""
    asked = request.GET.copy()
    asked.pop("page", None)
    return asked.urlencode()


def actor(request: HttpRequest) -> str:
    """Who did it, as the book may know it."""
    return f"user:{request.user.pk}" if request.user.is_authenticated else "public"


def desk(
    name: str,
) -> Callable[
    [Callable[Concatenate[UserRequest, Organisation, P], HttpResponse]],
    Callable[..., HttpResponse],
]:
    """Let in those for whom the desk of the organisation of the address is open today.

    The name is one of `access.DESKS`, a desk or a right; another is a KeyError when the module is
    read. Anybody else meets 404, as if it were not there; a role without its second factor is sent
    to set one up. The view gets the organisation, and says by `desk` what opens it.
    """
    _known(name)

    def guard(
        view: Callable[Concatenate[UserRequest, Organisation, P], HttpResponse],
    ) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(
            request: UserRequest, slug: str, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(_page_of(request))
            organisation = access.organisations_for(request.user, name).filter(slug=slug).first()
            if organisation is None:
                log.warning("refused user:%s at %s", request.user.pk, request.path)
                raise Http404
            if access.needs_mfa(request.user):
                messages.warning(
                    request, _("Your role handles money: set up a second step for logging in.")
                )
                return redirect("mfa_index")
            return view(request, organisation, *args, **kwargs)

        return _labelled(guarded, name)

    return guard


def _page_of(request: HttpRequest) -> str:
    """Where to come back after the login: of an act, to the page that its form stood on."""
    if request.method != "POST":
        return request.get_full_path()
    stood_on = urlsplit(request.headers.get("Referer", ""))
    return urlunsplit(("", "", stood_on.path or reverse("me"), stood_on.query, ""))


def _known(name: str) -> None:
    if name not in access.DESKS:
        raise KeyError(name)


def _labelled(guarded: Callable[..., HttpResponse], name: str) -> Callable[..., HttpResponse]:
    """Say what opens it: decorators above carry it on, and the walk over every address reads it."""
    guarded.desk = name  # type: ignore[attr-defined]
    return guarded


Owned = TypeVar("Owned", Fair, Project, Pitch)


def fair_desk(
    name: str,
) -> Callable[
    [Callable[Concatenate[UserRequest, Fair, P], HttpResponse]], Callable[..., HttpResponse]
]:
    """Let in those for whom the desk of the fair's organiser is open today; see `desk`."""
    return _desk_of(Fair, name)


def project_desk(
    name: str,
) -> Callable[
    [Callable[Concatenate[UserRequest, Project, P], HttpResponse]], Callable[..., HttpResponse]
]:
    """Let in those for whom the desk of the project's organisation is open today; see `desk`."""
    return _desk_of(Project, name)


def pitch_desk(
    name: str,
) -> Callable[
    [Callable[Concatenate[UserRequest, Pitch, P], HttpResponse]], Callable[..., HttpResponse]
]:
    """Let in those for whom the desk of the pitching project's organisation is open; see `desk`.

    The address has the pitch's code, and the view gets the pitch with its fair.
    """
    return _desk_of(Pitch, name, key="code")


def _owner(found: Fair | Project | Pitch) -> Organisation:
    return found.project.organisation if isinstance(found, Pitch) else found.organisation


def _desk_of(
    model: type[Owned], name: str, key: str = "slug"
) -> Callable[
    [Callable[Concatenate[UserRequest, Owned, P], HttpResponse]], Callable[..., HttpResponse]
]:
    along = ("fair__organisation", "project__organisation") if model is Pitch else ("organisation",)

    def guard(
        view: Callable[Concatenate[UserRequest, Owned, P], HttpResponse],
    ) -> Callable[..., HttpResponse]:
        @desk(name)
        def opened(
            request: UserRequest,
            _organisation: Organisation,
            found: Owned,
            /,
            *args: P.args,
            **kwargs: P.kwargs,
        ) -> HttpResponse:
            return view(request, found, *args, **kwargs)

        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            every = model._default_manager.select_related(*along)
            found = get_object_or_404(every, **{key: kwargs.pop(key)})
            return opened(request, _owner(found).slug, found, *args, **kwargs)

        return _labelled(guarded, name)

    return guard
