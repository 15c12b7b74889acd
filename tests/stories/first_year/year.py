"""Whose year it is: a site, its people at their browsers, and what had to be done by hand."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import wraps

from django.utils import timezone

from tests import served, visitor
from tests.visitor import Page, Visitor

GROUP, SLUG = "Sjöviks energiförening", "sjoviks-energiforening"
PROJECT = "Solceller på bygdegården"
WITH_A_FACTOR = ("anna", "maj", "dag", "eva", "rut")


@dataclass
class Year:
    """A site, its people at their browsers, and what had to be done by hand."""

    site: served.Site
    office: served.PostOffice
    browsers: dict[str, Visitor] = field(default_factory=dict)
    by_shell: list[str] = field(default_factory=list)
    today: date = field(default_factory=timezone.localdate)
    told: dict[str, str] = field(default_factory=dict)  # Addresses somebody wrote down.

    def browser(self, name: str) -> Visitor:
        """Somebody's own browser, logged in or not."""
        return self.browsers.setdefault(name, Visitor(self.site))

    def home(self, name: str) -> Page:
        """Somebody's own page. Who has not logged in yet does, and sets up what their role asks."""
        if name in self.browsers:
            return self.browser(name).open("/me/")
        browser = self.browser(name)
        page = visitor.log_in(browser, self.office, address(name))
        assert page.path == "/me/"
        if name in WITH_A_FACTOR:
            visitor.set_up_authenticator(browser)
        return browser.open("/me/")

    def letter(self, name: str) -> str:
        """Somebody's latest letter."""
        return self.office.last_to(address(name))

    def in_days(self, days: int) -> str:
        """A day as a form wants it."""
        return (self.today + timedelta(days=days)).isoformat()


def address(name: str) -> str:
    """Where somebody gets letters."""
    return f"{name}@sjovik.example"


def still_by_shell(what: str) -> Callable[[Callable[[Year], None]], Callable[[Year], None]]:
    """A step that no page does yet, as the list in the test names it; taking it is written down."""

    def mark(take: Callable[[Year], None]) -> Callable[[Year], None]:
        @wraps(take)
        def taken(year: Year) -> None:
            year.by_shell.append(what)
            take(year)

        return taken

    return mark
