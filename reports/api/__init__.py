"""The open data, version 1: to read by any program, described at `/api/v1/openapi.json`.

What is promised of the addresses and of the fields: docs/open-data.md.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, URLResolver, re_path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.renderers import JSONRenderer

from invest import models
from invest.fairs.queries.fairs import fair_page
from invest.fairs.queries.fairs import fairs as all_fairs
from invest.links import absolute
from invest.organisations import queries
from invest.progress import listed
from invest.projects.queries import all_projects, project_page
from pools.exports.cells import csv_text
from reports import publish
from reports.api import asking, rows, shapes
from reports.models import PublicationRevision
from reports.views.open_data import open_data, problem


class OpenApi(NinjaAPI):
    """Describes refusals, and filters that may be left out but are never null."""

    def get_openapi_schema(self, **of: Any) -> OpenAPISchema:
        """The description as a dictionary."""
        told = super().get_openapi_schema(**of)
        told["components"]["schemas"]["Problem"] = shapes.Problem.model_json_schema()
        operations = (each for at in told["paths"].values() for each in at.values())
        for parameter in (each for operation in operations for each in operation["parameters"]):
            schema = parameter["schema"]
            for kind in schema.pop("anyOf", []):
                schema |= kind if kind != {"type": "null"} else {}
            if schema.get("default", "") is None:
                del schema["default"]
        return told


class Utf8(JSONRenderer):
    """Swedish letters as they are."""

    json_dumps_params = {"ensure_ascii": False}


api = OpenApi(
    title=f"{settings.SITE_NAME}: open data",
    version="1",
    description=(
        "What local projects were promised, what was paid in and what it enabled: the same figures"
        " as on the pages. Amounts are whole öre. Sums with different meanings are never added."
        " No person is named, and groups of fewer than five are not told. Reading only, no key;"
        " ask again with If-None-Match and get 304 while nothing has changed."
    ),
    urls_namespace="v1",
    docs_url=None,
    renderer=Utf8(),
    openapi_extra={"info": {"license": {"name": "CC BY 4.0", "identifier": "CC-BY-4.0"}}},
)


@api.exception_handler(ValidationError)
def _not_a_question(request: HttpRequest, wrong: ValidationError) -> HttpResponse:
    names = ", ".join(dict.fromkeys(str(each["loc"][-1]) for each in wrong.errors))
    return problem(
        422, _("This part of the question cannot be read: %(names)s.") % {"names": names}
    )


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, _missing: Http404) -> HttpResponse:
    return problem(404, _("There is nothing at this address."))


@api.get(
    "/projects",
    response=shapes.Projects,
    url_name="projects",
    operation_id="projects",
    openapi_extra=asking.described(422, csv=True),
)
def projects(
    request: HttpRequest,
    municipality: str | None = asking.MUNICIPALITY,
    sector: models.Project.Sector | None = asking.SECTOR,
    stage: models.StageEvent.Stage | None = asking.STAGE,
    organisation: str | None = asking.ORGANISATION,
    page: int = asking.PAGE,
    per_page: int = asking.PER_PAGE,
    form: asking.Form = asking.FORM,
) -> Any:
    """Projects by name, with their sums as of today; each filter narrows the list down."""
    today = timezone.localdate()
    asked = {
        "municipality": municipality,
        "sector": sector,
        "stage": stage,
        "organisation__slug": organisation,
    }
    found = all_projects(today).filter(
        **{name: value for name, value in asked.items() if value is not None}
    )
    found = found.order_by("name", "pk")

    def as_rows(part: Iterable[Any]) -> list[Any]:
        return [rows.project_line(card) for card in listed.listed_projects(part, today)]

    return _listed(request, found, shapes.ProjectLine, as_rows, page, per_page, form)


@api.get(
    "/projects/{slug:slug}",
    response=shapes.Project,
    url_name="project",
    operation_id="project",
    openapi_extra=asking.described(404),
)
def project(request: HttpRequest, slug: str = asking.SLUG) -> Any:
    """All there is to know of one project, as of today."""
    today = timezone.localdate()
    found = get_object_or_404(all_projects(today), slug=slug)
    return rows.project(project_page(found, today))


@api.get(
    "/organisations",
    response=shapes.Organisations,
    url_name="organisations",
    operation_id="organisations",
    openapi_extra=asking.described(422, csv=True),
)
def organisations(
    request: HttpRequest,
    page: int = asking.PAGE,
    per_page: int = asking.PER_PAGE,
    form: asking.Form = asking.FORM,
) -> Any:
    """Organisations that run projects, by name."""
    running = models.Organisation.objects.filter(projects__isnull=False)
    found = running.annotate(running=Count("projects")).order_by("name", "pk")

    def as_rows(part: Iterable[Any]) -> list[Any]:
        return [rows.organisation_line(each, each.running) for each in part]

    return _listed(request, found, shapes.OrganisationLine, as_rows, page, per_page, form)


@api.get(
    "/organisations/{slug:slug}",
    response=shapes.Organisation,
    url_name="organisation",
    operation_id="organisation",
    openapi_extra=asking.described(404),
)
def organisation(request: HttpRequest, slug: str = asking.SLUG) -> Any:
    """An organisation: what it was entrusted with, and what came back."""
    found = get_object_or_404(models.Organisation, slug=slug)
    page = queries.organisation_page(found, timezone.localdate())
    return rows.organisation(page)


@api.get(
    "/fairs",
    response=shapes.Fairs,
    url_name="fairs",
    operation_id="fairs",
    openapi_extra=asking.described(422, csv=True),
)
def fairs(
    request: HttpRequest,
    page: int = asking.PAGE,
    per_page: int = asking.PER_PAGE,
    form: asking.Form = asking.FORM,
) -> Any:
    """Fairs, newest first."""

    def as_rows(part: Iterable[Any]) -> list[Any]:
        return [rows.fair_line(fair) for fair in part]

    found = all_fairs().order_by("-starts_at", "pk")
    return _listed(request, found, shapes.FairLine, as_rows, page, per_page, form)


@api.get(
    "/fairs/{slug:slug}",
    response=shapes.Fair,
    url_name="fair",
    operation_id="fair",
    openapi_extra=asking.described(404),
)
def fair(request: HttpRequest, slug: str = asking.SLUG) -> Any:
    """A fair and the projects that come, in the order they pitch."""
    found = get_object_or_404(models.Fair.objects.select_related("organisation"), slug=slug)
    page = fair_page(found, timezone.localdate())
    return {
        **rows.fair_line(found),
        "about": rows.words(found.about_sv, found.about_en),
        "projects": [rows.project_line(card) for card in page.cards],
    }


@api.get(
    "/publications",
    response=shapes.Publications,
    url_name="publications",
    operation_id="publications",
    openapi_extra=asking.described(422, csv=True),
)
def publications(
    request: HttpRequest,
    project: str | None = asking.PROJECT,
    organisation: str | None = asking.ORGANISATION,
    page: int = asking.PAGE,
    per_page: int = asking.PER_PAGE,
    form: asking.Form = asking.FORM,
) -> Any:
    """What was published and signed, newest first; each by its newest public revision."""
    asked = {"publication__project__slug": project, "publication__organisation__slug": organisation}
    found = publish.newest(timezone.now()).filter(
        **{name: value for name, value in asked.items() if value is not None}
    )

    def as_rows(part: Iterable[PublicationRevision]) -> list[Any]:
        return [
            rows.publication_line(revision).model_dump()
            for revision in part
            if publish.is_genuine(revision)
        ]

    return _listed(request, found, shapes.PublicationLine, as_rows, page, per_page, form)


@api.get(
    "/publications/{int:pk}",
    response=shapes.Signed,
    url_name="publication",
    operation_id="publication",
    openapi_extra=asking.described(404, 409, 422),
)
def publication(
    request: HttpRequest,
    pk: int = asking.PK,
    revision: int | None = asking.REVISION,
) -> Any:
    """A publication exactly as it was signed: what the signature covers, letter for letter."""
    public = publish.published(timezone.now()).filter(publication=pk)
    if revision is not None:
        public = public.filter(number=revision)
    found = public.order_by("-number").first()
    if found is None:
        raise Http404
    if not publish.is_genuine(found):
        return problem(409, _("The signature does not hold: this is not what was signed."))
    return {"signed": found.signed, "signature": found.signature, "key": found.key}


def _listed(
    request: HttpRequest,
    found: QuerySet[Any],
    shape: type[Schema],
    as_rows: Callable[[Iterable[Any]], list[Any]],
    page: int,
    per_page: int,
    form: asking.Form,
) -> Any:
    """A page of a list, or all of it as CSV. A page beyond the last one is empty."""
    if form == "csv":
        columns = list(rows.columns(shape))
        lines = [rows.flat(shape(**row).model_dump()) for row in as_rows(found)]
        table = csv_text([columns, *([row.get(name) for name in columns] for row in lines)])
        answer = HttpResponse(table, content_type="text/csv; charset=utf-8")
        name = request.path.rsplit("/", 1)[-1]
        answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
        return answer
    pages = Paginator(found, per_page)
    asked = request.GET.copy()
    asked["page"] = str(page + 1)
    return {
        "count": pages.count,
        "page": page,
        "pages": pages.num_pages,
        "next": absolute(f"{request.path}?{asked.urlencode()}") if page < pages.num_pages else None,
        "items": as_rows(pages.page(page)) if page <= pages.num_pages else [],
    }


@open_data
def _nothing(_request: HttpRequest, **_words: object) -> HttpResponseBase:
    raise Http404


@open_data
def _front(_request: HttpRequest) -> HttpResponseBase:
    """Where to begin."""
    names = ("openapi-json", "projects", "organisations", "fairs", "publications")
    return JsonResponse({name: absolute(reverse(f"v1:{name}")) for name in names})


def _addresses() -> Iterator[URLPattern | URLResolver]:
    for each in api.urls[0]:
        if isinstance(each, URLPattern):
            view = _front if each.name == "api-root" else open_data(each.callback)
            yield URLPattern(each.pattern, view, each.default_args, each.name)
    yield re_path("", _nothing)  # Whatever else begins so, also a line break.


urls = (list(_addresses()), "v1")
