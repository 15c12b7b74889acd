"""Projects, organisations and fairs in the words of schema.org."""

from typing import Any

from django.utils import timezone

from invest.models import Fair, Organisation, Project
from invest.queries.fair_desk import absolute
from invest.queries.wording import in_language


def described(thing: Project | Organisation | Fair) -> dict[str, Any]:
    """JSON-LD of one thing, texts in the reader's language."""
    told: dict[str, Any] = {
        "@context": "https://schema.org",
        "@id": absolute(thing.get_absolute_url()),
        "url": absolute(thing.get_absolute_url()),
        "name": thing.name,
        **_more(thing),
    }
    return {name: value for name, value in told.items() if value}


def _more(thing: Project | Organisation | Fair) -> dict[str, Any]:
    if isinstance(thing, Project):
        return _project(thing)
    return _fair(thing) if isinstance(thing, Fair) else _organisation(thing)


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


def _fair(fair: Fair) -> dict[str, Any]:
    return {
        "@type": "Event",
        "description": fair.about,
        "startDate": timezone.localtime(fair.starts_at).isoformat(),
        "endDate": timezone.localtime(fair.ends_at).isoformat(),
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "eventStatus": "https://schema.org/EventScheduled",
        "location": {**_place(fair.municipality), "name": fair.venue},
        "organizer": _named(fair.organisation),
    }


def _named(organisation: Organisation) -> dict[str, str]:
    url = absolute(organisation.get_absolute_url())
    return {"@type": "Organization", "@id": url, "name": organisation.name, "url": url}


def _place(municipality: str) -> dict[str, Any]:
    return {"@type": "Place", "name": municipality, "address": _address(municipality)}


def _address(municipality: str) -> dict[str, str]:
    return {"@type": "PostalAddress", "addressLocality": municipality, "addressCountry": "SE"}
