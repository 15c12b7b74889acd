"""The pages of projects that everybody may read."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import conditional_page, require_safe

from invest.models import Project
from invest.organisations.queries import partners
from invest.progress import listed
from invest.progress.progress import progress_of
from invest.projects import queries
from invest.projects.filters import ProjectFilter
from invest.web.desk import today, without_page

PER_PAGE = 24


@require_safe
def project_list(request: HttpRequest) -> HttpResponse:
    """Every project, narrowed down by what the visitor asks for."""
    chosen = ProjectFilter(request.GET, queryset=queries.all_projects(today()))
    page = Paginator(chosen.qs, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filter": chosen,
        "page": page,
        "cards": listed.listed_projects(page.object_list, today()),
        "rest": without_page(request),
    }
    return render(request, "invest/projects/project_list.html", context)


@require_safe
def project(request: HttpRequest, slug: str) -> HttpResponse:
    """All there is to know of one project."""
    found = get_object_or_404(queries.all_projects(today()), slug=slug)
    fair = request.GET.get("fair", "")
    context = {
        "page": queries.project_page(found, today()),
        "partners": partners(project=found),
        "fair": fair,
    }
    return render(request, "invest/projects/project.html", context)


@require_safe
@conditional_page
def raised(request: HttpRequest, slug: str) -> HttpResponse:
    """The thermometer alone, for a screen that stays open: 304 while nothing has changed."""
    found = get_object_or_404(Project, slug=slug)
    part = progress_of(found, today())
    card = listed.ListedProject(found, "", part)
    response = render(request, "invest/projects/_raised.html", {"card": card})
    response["Cache-Control"] = "no-cache"
    return response
