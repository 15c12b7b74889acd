"""Who comes in: the day of the request, and the doors of the desks."""

import logging
from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from invest import access
from invest.models import Fair, Organisation, Project, User

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
    *kinds: str,
) -> Callable[
    [Callable[Concatenate[UserRequest, Organisation, P], HttpResponse]],
    Callable[..., HttpResponse],
]:
    """Let in those who hold one of the roles in the organisation of the address today.

    Anybody else meets 404, as if it were not there; a role without its second factor is sent to
    set one up. The view gets the organisation.
    """

    def guard(
        view: Callable[Concatenate[UserRequest, Organisation, P], HttpResponse],
    ) -> Callable[..., HttpResponse]:
        @login_required
        @wraps(view)
        def guarded(
            request: UserRequest, slug: str, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponse:
            organisation = access.organisations_for(request.user, *kinds).filter(slug=slug).first()
            if organisation is None:
                log.warning("refused user:%s at %s", request.user.pk, request.path)
                raise Http404
            if access.needs_mfa(request.user):
                messages.warning(
                    request, _("Your role handles money: set up a second step for logging in.")
                )
                return redirect("mfa_index")
            return view(request, organisation, *args, **kwargs)

        return guarded

    return guard


Owned = TypeVar("Owned", Fair, Project)


def fair_desk(
    *kinds: str,
) -> Callable[
    [Callable[Concatenate[UserRequest, Fair, P], HttpResponse]], Callable[..., HttpResponse]
]:
    """Let in those who hold one of the roles with the fair's organiser today; see `desk`."""
    return _desk_of(Fair, kinds)


def project_desk(
    *kinds: str,
) -> Callable[
    [Callable[Concatenate[UserRequest, Project, P], HttpResponse]], Callable[..., HttpResponse]
]:
    """Let in those who hold one of the roles in the project's organisation today; see `desk`."""
    return _desk_of(Project, kinds)


def _desk_of(
    model: type[Owned], kinds: tuple[str, ...]
) -> Callable[
    [Callable[Concatenate[UserRequest, Owned, P], HttpResponse]], Callable[..., HttpResponse]
]:
    def guard(
        view: Callable[Concatenate[UserRequest, Owned, P], HttpResponse],
    ) -> Callable[..., HttpResponse]:
        @desk(*kinds)
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
        def guarded(
            request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponse:
            every = model._default_manager.select_related("organisation")
            found = get_object_or_404(every, slug=slug)
            return opened(request, found.organisation.slug, found, *args, **kwargs)

        return guarded

    return guard
