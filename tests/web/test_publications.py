"""Publications in a real browser: written with a preview, signed, read and verified."""

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from reports import publish
from reports.models import PublicationRevision
from tests import factories as make
from tests.web.conftest import SIZES, axe_finds

pytestmark = pytest.mark.browser


@pytest.fixture
def roof(shared_db):
    offering = make.share_offering()
    for name in ("Ada", "Bo", "Cem", "Dee", "Eva", "Fia"):
        make.paid(offering, 1000, name, on=make.DAY.replace(month=5))
    return offering


def test_one_writes_while_the_preview_follows_and_another_signs(open_page, roof):
    owner = roof.vehicle.organisation
    laptop = open_page("laptop", make.user("olle", ("organiser", owner)))
    laptop.goto(f"/organisations/{owner.slug}/publications/new/?project=soltaket")
    laptop.get_by_label("Rubrik på svenska").fill("Solen kommer")
    laptop.get_by_label("Text på svenska").fill("Taket är klart.")
    expect(laptop.locator("#preview")).to_contain_text("6 000 kr")
    expect(laptop.locator("#preview .preview-title")).to_have_text("Solen kommer")
    laptop.get_by_role("button", name="Frys som utkast").click()
    expect(laptop.get_by_role("status")).to_contain_text("andra person")
    expect(laptop.get_by_role("button", name="Godkänn och signera")).to_have_count(0)

    phone = open_page("phone", make.user("eva", ("approver", owner)))
    phone.goto("/me/")
    phone.get_by_role("link", name="Publiceringar").click()
    phone.get_by_role("link", name="Solen kommer").click()
    phone.get_by_role("button", name="Godkänn och signera").click()
    phone.get_by_role("link", name="Som alla läser den").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Solen kommer")
    phone.get_by_role("link", name="Kontrollera här").click()

    expect(phone.get_by_role("status")).to_contain_text("det är det som gäller nu")


def test_without_scripts_a_copy_is_pasted_and_verified(open_page, roof):
    revision = make.publication(roof.vehicle.project)
    text = publish.signed_file(revision, "https://x/").decode()
    page = open_page("phone", java_script_enabled=False)

    for pasted, told in ((text, "Äkta"), (text.replace("Taket", "Huset"), "Ändrad")):
        page.goto("/verify/")
        page.get_by_label("Klistra in").fill(pasted)
        page.get_by_role("button", name="Kontrollera").click()
        expect(page.locator("main .notice h2").first).to_contain_text(told)


def addresses(roof):
    """Every page there is, with all it can show."""
    project = roof.vehicle.project
    for month, kwh in ((6, 500), (7, 700)):
        make.did(
            roof.vehicle,
            "reading",
            make.DAY.replace(month=month + 1, day=2),
            month=make.DAY.replace(month=month, day=1),
            kwh=kwh,
            estimated="no",
        )
    revision = make.publication(project, use_sv="Paneler " * 40)
    publish.approve(
        revision=publish.revise(
            publication=revision.publication,
            as_of=None,
            words=publish.Words("Enlångrubrikutanmellanslag" * 4, "Ja."),
            reason="Ett tal var fel",
            by="user:1",
            at=revision.published_from,
        ),
        by="user:2",
        at=revision.published_from,
    )
    broken = make.publication(project)
    PublicationRevision.objects.filter(pk=broken.pk).update(reason="Påhittad")
    desk, number = roof.vehicle.organisation.slug, revision.publication_id
    return [
        reverse("publication", args=[number]),
        reverse("publication", args=[number]) + "?revision=1",
        reverse("publication", args=[broken.publication_id]),
        reverse("verify"),
        reverse("verify") + f"?publication={number}",
        reverse("verify") + f"?publication={broken.publication_id}",
        reverse("publications", args=[desk]),
        reverse("new_publication", args=[desk]),
        reverse("publication_at_desk", args=[desk, number]),
        reverse("revise_publication", args=[desk, number]),
    ]


@pytest.mark.parametrize(
    ("size", "language", "theme"),
    [("phone", "sv", "dark"), ("laptop", "en", "light"), ("wall", "sv", "light")],
)
def test_axe_finds_nothing_and_nothing_runs_over_the_edge(
    open_page, roof, live_site, size, language, theme
):
    # A page that is broken answers 409, which the console tells of.
    roles = [(role, roof.vehicle.organisation) for role in ("treasurer", "approver")]
    page = open_page(size, make.user("olle", *roles), silent=False, color_scheme=theme)
    cookie = {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_site}
    page.context.add_cookies([cookie])
    found = {}

    for path in addresses(roof):
        page.goto(path)
        assert page.viewport_size["width"] == SIZES[size][0]
        wide = page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
        found[path] = [*axe_finds(page), *(["too wide"] if wide else [])]

    assert {path: what for path, what in found.items() if what} == {}
