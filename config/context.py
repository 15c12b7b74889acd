"""What every template knows of the site."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """Name, version, where the code is, whom to write to, and whether this is the demo."""
    return {
        "site_name": settings.SITE_NAME,
        "version": settings.VERSION,
        "source_url": settings.SOURCE_URL,
        "site_contact": settings.CONTACT_EMAIL,
        "is_demo": settings.DEMO,
    }
