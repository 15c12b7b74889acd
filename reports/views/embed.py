"""A project on other people's pages: the widget to frame, and oEmbed to find it by."""

from io import StringIO
from urllib.parse import urlsplit
from xml.sax.xmlreader import AttributesImpl

from csp.constants import NONE
from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import Resolver404, resolve
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.clickjacking import xframe_options_exempt

from invest.links import absolute
from invest.models import Project
from invest.progress.listed import listed_projects
from invest.projects.queries import all_projects
from reports.markup import framed
from reports.public import plain
from reports.views.open_data import FRESH_SECONDS, asked_language, open_data, problem


# Also what is not modified tells this policy: a browser takes it over from the 304.
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"], "script-src": [NONE]})
@open_data
def embed_project(request: HttpRequest, slug: str) -> HttpResponse:
    """A project's bars and days left. The only page that may be framed; it runs no script."""
    today = timezone.localdate()
    card = next(iter(listed_projects(all_projects(today).filter(slug=slug), today)), None)
    language = asked_language(request)
    with translation.override(language):
        context = {"card": card, "home": absolute("/")}
        if card:
            context["page"] = absolute(card.project.get_absolute_url())
        answer = render(request, "reports/embed.html", context, status=200 if card else 404)
    answer["Content-Language"] = language
    return answer


@open_data
def oembed(request: HttpRequest) -> HttpResponse:
    """How to frame a project's page, for a program that was given its address (oembed.com)."""
    form = request.GET.get("format", "json")
    if form not in {"json", "xml"}:
        return problem(501, _("Ask for format=json or format=xml."))
    try:
        most = [_most(request, name) for name in ("maxwidth", "maxheight")]
    except ValueError:
        return problem(400, _("maxwidth and maxheight are whole numbers above nought."))
    project = get_object_or_404(
        Project.objects.select_related("organisation"), slug=_slug(request.GET.get("url", ""))
    )
    with translation.override(asked_language(request)):
        told = _rich(project, *most)
    if form == "json":
        return JsonResponse(told, json_dumps_params={"ensure_ascii": False})
    return HttpResponse(_xml(told), content_type="text/xml; charset=utf-8")


def _slug(address: str) -> str:
    """The project of an address of ours. Raises Http404 for any other."""
    try:
        parts = urlsplit(address)
        found = resolve(parts.path)
    except (ValueError, Resolver404):
        raise Http404 from None
    ours = urlsplit(settings.PUBLIC_URL).netloc
    if (
        parts.scheme not in {"http", "https"}
        or parts.netloc.lower() != ours.lower()
        or found.url_name not in {"project", "embed_project"}
        or found.namespace
    ):
        raise Http404
    return str(found.kwargs["slug"])


def _most(request: HttpRequest, name: str) -> int | None:
    """A size in pixels that must not be passed. Raises ValueError."""
    asked = request.GET.get(name)
    if asked is None:
        return None
    if not (asked.isascii() and asked.isdecimal() and 1 <= len(asked) <= 6 and int(asked)):
        raise ValueError(asked)
    return int(asked)


def _rich(project: Project, most_wide: int | None, most_high: int | None) -> dict[str, object]:
    """oEmbed of the type rich, §2.3.4.4."""
    frame = framed(project, most_wide, most_high)
    return {
        "version": "1.0",
        "type": "rich",
        "title": plain(project.name),
        "author_name": plain(project.organisation.name),
        "author_url": absolute(project.organisation.get_absolute_url()),
        "provider_name": settings.SITE_NAME,
        "provider_url": absolute("/"),
        "cache_age": FRESH_SECONDS,
        "width": frame.width,
        "height": frame.height,
        "html": plain(frame.html),
    }


def _xml(told: dict[str, object]) -> str:
    out = StringIO()
    writer = SimplerXMLGenerator(out, "utf-8")
    writer.startDocument()
    writer.startElement("oembed", AttributesImpl({}))
    for name, value in told.items():
        writer.addQuickElement(name, str(value))
    writer.endElement("oembed")
    return out.getvalue()
