"""Pages that everyone may read."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import conditional_page, require_safe

from invest import access, queries
from invest.filters import ProjectFilter
from invest.models import Fair, Organisation, Project, Role
from invest.queries.gatherings import partners
from invest.queries.vouchers import with_debt
from invest.views.gate import today, without_page

PER_PAGE = 24


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is, how it stands, and what happens next."""
    return render(request, "invest/home.html", {"page": queries.fairs.home_page(today())})


@require_safe
def project_list(request: HttpRequest) -> HttpResponse:
    """Every project, narrowed down by what the visitor asks for."""
    chosen = ProjectFilter(request.GET, queryset=queries.projects.all_projects(today()))
    page = Paginator(chosen.qs, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filter": chosen,
        "page": page,
        "cards": queries.cards.cards(page.object_list, today()),
        "rest": without_page(request),
    }
    return render(request, "invest/project_list.html", context)


@require_safe
def project(request: HttpRequest, slug: str) -> HttpResponse:
    """All there is to know of one project."""
    found = get_object_or_404(queries.projects.all_projects(today()), slug=slug)
    fair = request.GET.get("fair", "")
    context = {
        "page": queries.projects.project_page(found, today()),
        "partners": partners(project=found),
        "fair": fair,
    }
    return render(request, "invest/project.html", context)


@require_safe
@conditional_page
def raised(request: HttpRequest, slug: str) -> HttpResponse:
    """The thermometer alone, for a screen that stays open: 304 while nothing has changed."""
    found = get_object_or_404(Project, slug=slug)
    part = queries.figures.progress_of(found, today())
    card = queries.cards.ProjectCard(found, "", part)
    response = render(request, "invest/_raised.html", {"card": card})
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def organisation_list(request: HttpRequest) -> HttpResponse:
    """Organisations that run projects."""
    found = queries.organisations.organisation_cards(today())
    return render(request, "invest/organisation_list.html", {"cards": found, "as_of": today()})


@require_safe
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """What an organisation has raised, and what came back."""
    found = get_object_or_404(with_debt(Organisation.objects.all()), slug=slug)
    page = queries.organisations.organisation_page(found, today())
    return render(request, "invest/organisation.html", {"page": page})


@require_safe
def fair_list(request: HttpRequest) -> HttpResponse:
    """Fairs, newest first."""
    return render(request, "invest/fair_list.html", {"fairs": queries.fairs.fairs()})


@require_safe
def fair(request: HttpRequest, slug: str) -> HttpResponse:
    """A fair's place, hour and programme."""
    found = get_object_or_404(Fair.objects.select_related("organisation", "gathering"), slug=slug)
    context = {
        "page": queries.fairs.fair_page(found, today()),
        "partners": partners(fair=found),
        "may_organise": access.has_role(request.user, found.organisation, Role.Kind.ORGANISER),
    }
    return render(request, "invest/fair.html", context)
