"""What other people's programs and pages get: schema.org's words for things, and a frame."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from invest.links import absolute
from invest.models import Fair, Gathering, Organisation, Project
from invest.places.queries.directory import Listing
from invest.web.wording import in_language

Thing = Project | Organisation | Fair | Gathering
WIDTH = 480
# The least height in pixels that shows all of the widget, from a width on.
HEIGHTS = {0: 480, 340: 420, 480: 400, 560: 350}


@dataclass(frozen=True, slots=True)
class Frame:
    """A project's widget for somebody else's page, in pixels."""

    width: int
    height: int
    html: SafeString


def framed(project: Project, most_wide: int | None = None, most_high: int | None = None) -> Frame:
    """The widget in the reader's language, no larger than asked."""
    width = min(WIDTH, most_wide or WIDTH)
    needed = HEIGHTS[max(start for start in HEIGHTS if start <= width)]
    height = min(needed, most_high or needed)
    address = absolute(reverse("embed_project", args=[project.slug]))
    html = format_html(
        '<iframe src="{}?lang={}" width="{}" height="{}" title="{}" loading="lazy"'
        ' frameborder="0"></iframe>',
        *(address, get_language(), width, height, project.name),
    )
    return Frame(width, height, html)


def described(thing: Thing) -> dict[str, Any]:
    """JSON-LD of one thing, texts in the reader's language."""
    told: dict[str, Any] = {
        "@context": "https://schema.org",
        "@id": absolute(thing.get_absolute_url()),
        "url": absolute(thing.get_absolute_url()),
        "name": thing.name,
        **_more(thing),
    }
    return {name: value for name, value in told.items() if value}


def listed(listings: Iterable[Listing]) -> dict[str, Any]:
    """JSON-LD of a directory: what its page shows, and no telephone that the page does not."""
    return {
        "@context": "https://schema.org",
        "@graph": [_business(listing) for listing in listings],
    }


def _business(listing: Listing) -> dict[str, Any]:
    producer = listing.producer
    address = _address(producer.place.municipality) | {"streetAddress": producer.address}
    told = {
        "@type": "LocalBusiness",
        "name": producer.name,
        "description": producer.what,
        "address": {name: value for name, value in address.items() if value},
        "telephone": listing.phone,
        "url": producer.web,
    }
    return {name: value for name, value in told.items() if value}


def _more(thing: Thing) -> dict[str, Any]:
    if isinstance(thing, Project):
        return _project(thing)
    if isinstance(thing, Organisation):
        return _organisation(thing)
    return _event(thing) | _changed(thing)


def _project(project: Project) -> dict[str, Any]:
    return {
        "@type": "Project",
        "description": project.summary,
        "location": _place(project.municipality),
        "parentOrganization": _named(project.organisation),
    }


def _organisation(organisation: Organisation) -> dict[str, Any]:
    return {
        "@type": "Organization",
        "description": in_language(organisation.about_sv, organisation.about_en),
        "taxID": organisation.orgnr,
        "email": organisation.contact_email,
        "address": _address(organisation.municipality),
    }


def _event(thing: Fair | Gathering) -> dict[str, Any]:
    return {
        "@type": "Event",
        "description": thing.about,
        "startDate": timezone.localtime(thing.starts_at).isoformat(),
        "endDate": timezone.localtime(thing.ends_at).isoformat(),
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "eventStatus": "https://schema.org/EventScheduled",
        "location": {**_place(thing.municipality), "name": thing.venue},
        "organizer": _named(thing.organisation),
    }


def _changed(thing: Fair | Gathering) -> dict[str, Any]:
    """What is no more as it was first told."""
    if thing.cancelled_at:
        return {"eventStatus": "https://schema.org/EventCancelled"}
    if isinstance(thing, Fair):
        return {}
    change = thing.changes.order_by("-pk").first()
    if change is None or change.was_at == thing.starts_at:
        return {}
    return {
        "eventStatus": "https://schema.org/EventRescheduled",
        "previousStartDate": timezone.localtime(change.was_at).isoformat(),
    }


def _named(organisation: Organisation) -> dict[str, str]:
    url = absolute(organisation.get_absolute_url())
    return {"@type": "Organization", "@id": url, "name": organisation.name, "url": url}


def _place(municipality: str) -> dict[str, Any]:
    return {"@type": "Place", "name": municipality, "address": _address(municipality)}


def _address(municipality: str) -> dict[str, str]:
    return {"@type": "PostalAddress", "addressLocality": municipality, "addressCountry": "SE"}
