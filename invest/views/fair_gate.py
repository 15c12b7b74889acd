"""The doors of a fair's and of a project's desks: those of the organisation behind it."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from invest.models import Fair, Organisation, Project
from invest.views.gate import UserRequest, desk

P = ParamSpec("P")
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
