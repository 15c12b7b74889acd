"""Where search engines may go, and what is there."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap, views
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from invest.handbook.chapters import chapters
from invest.links import absolute
from invest.models import Fair, Gathering, Organisation, Place, Project
from reports import publish

# Behind a log-in, or behind a secret in the address.
CLOSED = (
    "/accounts/",
    "/admin/",
    "/me/",
    "/pledges/",
    "/in-kind/",
    "/k/",
    "/listings/",
    "/invitations/",
)


class OurPages(Sitemap[Any]):
    """Pages at the public address, whatever name the server was asked by."""

    @property
    def protocol(self) -> str:  # type: ignore[override]
        """As in the public address."""
        return urlsplit(settings.PUBLIC_URL).scheme

    def get_domain(self, site: Any = None) -> str:
        """As in the public address."""
        return urlsplit(settings.PUBLIC_URL).netloc


class Fixed(OurPages):
    """Pages that are always there."""

    def items(self) -> list[str]:
        """Names of addresses."""
        lists = ["home", "project_list", "organisation_list", "fair_list", "community"]
        met = ["place_list", "gathering_list", "vouchers", "choose"]
        return [*lists, *met, "calculator", "handbook", "verify"]

    def location(self, item: str) -> str:
        """The path."""
        return reverse(item)


class Projects(OurPages):
    """Projects, organisations and fairs have pages of their own."""

    model: Any = Project

    def items(self) -> Any:
        """One of each, in the order of their slugs."""
        return self.model.objects.order_by("slug")


class Organisations(Projects):
    """See `Projects`."""

    model = Organisation


class Fairs(Projects):
    """See `Projects`."""

    model = Fair


class Gatherings(Projects):
    """See `Projects`."""

    model = Gathering


class Places(OurPages):
    """A place, its directory and its path."""

    def items(self) -> list[tuple[str, str]]:
        """Name of the address, and the slug of the place."""
        slugs = Place.objects.order_by("slug").values_list("slug", flat=True)
        return [(name, slug) for slug in slugs for name in ("place", "listings", "path")]

    def location(self, item: tuple[str, str]) -> str:
        """The path."""
        return reverse(item[0], args=[item[1]])


class Publications(OurPages):
    """What has been published; only the newest revision of each has an address of its own."""

    def items(self) -> Any:
        """One of each, newest first."""
        return [told.publication for told in publish.newest(timezone.now())]


class Chapters(OurPages):
    """The handbook's chapters, in the language of the request."""

    def items(self) -> Any:
        """Chapters in order."""
        return list(chapters(get_language() or "sv"))

    def location(self, item: Any) -> str:
        """The path."""
        return reverse("handbook_chapter", args=[item.slug])


MAPS: dict[str, Any] = {
    "fixed": Fixed,
    "projects": Projects,
    "organisations": Organisations,
    "fairs": Fairs,
    "gatherings": Gatherings,
    "places": Places,
    "publications": Publications,
    "handbook": Chapters,
}


@require_safe
def sitemap(request: HttpRequest) -> HttpResponseBase:
    """Every page that everybody may read."""
    return views.sitemap(request, MAPS)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What is public may be read by anybody."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED)]
    text = "\n".join([*lines, "", f"Sitemap: {absolute(reverse('sitemap'))}", ""])
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
