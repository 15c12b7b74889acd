"""The doors of a fair's and of a project's desks: those of the organisation behind it."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from invest.models import Fair, Organisation, Project
from invest.views.gate import UserRequest, desk

P = ParamSpec("P")


def fair_desk(
    *kinds: str,
) -> Callable[
    [Callable[Concatenate[UserRequest, Fair, P], HttpResponse]], Callable[..., HttpResponse]
]:
    """Let in those who hold one of the roles with the fair's organiser today; see `desk`."""

    def guard(
        view: Callable[Concatenate[UserRequest, Fair, P], HttpResponse],
    ) -> Callable[..., HttpResponse]:
        @desk(*kinds)
        def opened(
            request: UserRequest,
            _organisation: Organisation,
            fair: Fair,
            /,
            *args: P.args,
            **kwargs: P.kwargs,
        ) -> HttpResponse:
            return view(request, fair, *args, **kwargs)

        @wraps(view)
        def guarded(
            request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponse:
            fair = get_object_or_404(Fair.objects.select_related("organisation"), slug=slug)
            return opened(request, fair.organisation.slug, fair, *args, **kwargs)

        return guarded

    return guard


def project_desk(
    *kinds: str,
) -> Callable[
    [Callable[Concatenate[UserRequest, Project, P], HttpResponse]], Callable[..., HttpResponse]
]:
    """Let in those who hold one of the roles in the project's organisation today; see `desk`."""

    def guard(
        view: Callable[Concatenate[UserRequest, Project, P], HttpResponse],
    ) -> Callable[..., HttpResponse]:
        @desk(*kinds)
        def opened(
            request: UserRequest,
            _organisation: Organisation,
            project: Project,
            /,
            *args: P.args,
            **kwargs: P.kwargs,
        ) -> HttpResponse:
            return view(request, project, *args, **kwargs)

        @wraps(view)
        def guarded(
            request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponse:
            project = get_object_or_404(Project.objects.select_related("organisation"), slug=slug)
            return opened(request, project.organisation.slug, project, *args, **kwargs)

        return guarded

    return guard
