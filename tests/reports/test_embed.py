"""The widget and oEmbed, as a program meets them; in a browser: tests/web/test_embed.py."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from defusedxml import ElementTree
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.utils import timezone

from invest.models import Fair, FinanceSource, Offering, Organisation, Project
from invest.vehicles import offerings
from tests import factories as make
from tests.reports.test_api import confirmed

pytestmark = pytest.mark.django_db
WIDGET = "/embed/projects/soltaket/"
PAGE = "https://kassan.example/projects/soltaket/"
MOST_BYTES = 30_000
EVIL = '"><script>alert(1)</script></script><!--'


@pytest.fixture(autouse=True)
def _address(settings):
    settings.PUBLIC_URL = "https://kassan.example"


@pytest.fixture
def offering():
    made = make.share_offering(cap=1_000_000)
    Offering.objects.update(closes_on=timezone.localdate() + timedelta(days=9))
    return made


def text(answer) -> str:
    told = answer.content.decode().replace("\xa0", " ")
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", told))


# --- The widget -----------------------------------------------------------------------------------


def test_the_widget_tells_three_sums_apart_beyond_the_goal_too(client, offering):
    confirmed(offering, 60_000)
    make.paid(offering, 15_000, "Bo")
    FinanceSource.objects.create(
        project=offering.vehicle.project,
        kind="bank-loan",
        text_sv="Lån",
        amount=make.sek(9000),
        signed_on=make.DAY,
    )

    answer = client.get(WIDGET)

    words = text(answer)
    assert "Utlovat 75 000 kr 150 %" in words
    assert "Inbetalt 15 000 kr 30 %" in words
    assert "9 000 kr" in words
    assert "99 000" not in words  # Nothing adds them.
    assert "90 000" not in words
    assert "9 dagar kvar" in words
    (committed, received, enabled) = re.findall(
        r'class="sum" width="(\d+)"', answer.content.decode()
    )
    least, most = re.findall(r'x1="(\d+)"', answer.content.decode())[:2]
    assert (committed, received, enabled, least, most) == ("750", "150", "90", "500", "1000")


def test_the_widget_may_be_framed_by_anybody_and_does_nothing_else(client, offering):
    for answer in (client.get(WIDGET), client.get("/embed/projects/nix/")):
        policy = dict(
            part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";")
        )
        assert policy["frame-ancestors"] == "*"
        assert (policy["script-src"], policy["default-src"]) == ("'none'", "'none'")
        assert "unsafe" not in str(policy)
        assert "X-Frame-Options" not in answer
        assert answer.cookies == {}
        assert "Cookie" not in answer["Vary"]
        assert "<script" not in answer.content.decode()
        assert "<form" not in answer.content.decode()


def test_an_unchanged_widget_stays_frameable(client, offering):
    tag = client.get(WIDGET)["ETag"]

    answer = client.get(WIDGET, headers={"if-none-match": tag})

    assert answer.status_code == 304
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer


def test_the_widget_is_light(client, offering):
    Project.objects.update(name="å" * 120, summary_sv="å" * 240)
    page = client.get(WIDGET).content
    sheets = re.findall(r'<link rel="stylesheet" href="/static/([^"]+)"', page.decode())

    assert sheets == ["reports/embed.css"]
    style = Path(finders.find(sheets[0])).read_bytes()
    assert len(page) + len(style) <= MOST_BYTES
    assert b"url(" not in style
    assert b"@import" not in style
    assert b"style=" not in page


def test_the_widget_names_nobody_and_counts_no_savers(client, offering):
    confirmed(offering, 1000, "Hemligtnamn")

    assert "hemligtnamn" not in text(client.get(WIDGET)).lower()


def test_the_address_decides_the_language(client, offering):
    swedish = client.get(WIDGET, headers={"accept-language": "en"})
    english = client.get(f"{WIDGET}?lang=en", headers={"accept-language": "sv"})

    assert ('lang="sv"' in swedish.content.decode(), swedish["Content-Language"]) == (True, "sv")
    assert ('lang="en"' in english.content.decode(), english["Content-Language"]) == (True, "en")
    assert "9 days left" in text(english)
    assert client.get(f"{WIDGET}?lang=xx")["Content-Language"] == "sv"


def test_links_leave_the_frame(client, offering):
    links = re.findall(r"<a [^>]+>", client.get(WIDGET).content.decode())

    assert links
    assert all('target="_top"' in link and 'href="https://kassan' in link for link in links)


def test_text_with_script_in_it_stays_text(client, offering):
    Project.objects.update(name=EVIL, summary_sv=EVIL, summary_en=EVIL)
    Organisation.objects.update(name=EVIL)

    assert "<script" not in client.get(WIDGET).content.decode()
    html = oembed(client).json()["html"]
    assert "<script" not in html


def test_a_project_that_never_asked_savers_has_a_widget_too(client):
    make.project("bageriet")

    assert "Sol på taket" in text(client.get("/embed/projects/bageriet/"))


def test_a_goal_that_moved_is_told(client, offering):
    assert "Målet har flyttats" not in text(client.get(WIDGET))

    offerings.revise_goal(
        offering=offering,
        goal_min=make.sek(60_000),
        goal_max=make.sek(90_000),
        on=timezone.localdate(),
        reason_sv="Större tak",
        reason_en="Larger roof",
    )
    cache.clear()

    assert "Målet har flyttats" in text(client.get(WIDGET))


# --- oEmbed ---------------------------------------------------------------------------------------


def oembed(client, url=PAGE, **more):
    return client.get("/oembed", {"url": url, **more})


def test_the_projects_page_says_where_it_can_be_asked_for(client, offering):
    page = client.get("/projects/soltaket/").content.decode()
    found = re.search(r'type="application/json\+oembed" title="[^"]*" href="([^"]+)"', page)

    address = found[1].replace("&amp;", "&").removeprefix("https://kassan.example")

    told = client.get(address).json()
    assert (told["version"], told["type"], told["title"]) == ("1.0", "rich", "Soltaket")
    assert told["provider_url"] == "https://kassan.example/"
    assert 'src="https://kassan.example/embed/projects/soltaket/?lang=sv"' in told["html"]
    assert f'width="{told["width"]}" height="{told["height"]}"' in told["html"]


def test_json_and_xml_tell_the_same(client, offering):
    told = oembed(client).json()
    xml = oembed(client, format="xml")

    root = ElementTree.fromstring(xml.content)
    assert xml["Content-Type"] == "text/xml; charset=utf-8"
    assert {child.tag: child.text for child in root} == {
        name: str(value) for name, value in told.items()
    }


@pytest.mark.parametrize("most", [(300, 200), (300, None), (None, 200), (100, 9999), (5000, 5000)])
def test_it_never_becomes_larger_than_asked(client, offering, most):
    wide, high = most
    asked = {name: n for name, n in (("maxwidth", wide), ("maxheight", high)) if n}

    told = oembed(client, **asked).json()

    assert told["width"] <= (wide or 480)
    assert told["height"] <= (high or 9999)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://kassan.example/",
        "https://kassan.example/projects/nix/",
        "https://kassan.example/projects/",
        "https://kassan.example/organisations/energi/",
        "https://kassan.example/api/v1/projects/soltaket",
        "https://annan.example/projects/soltaket/",
        "https://kassan.example.evil.example/projects/soltaket/",
        "https://kassan.example@evil.example/projects/soltaket/",
        "ftp://kassan.example/projects/soltaket/",
        "//kassan.example/projects/soltaket/",
        "/projects/soltaket/",
        "http://[",
        "javascript:alert(1)",
    ],
)
def test_an_address_that_is_no_project_of_ours_is_not_found(client, offering, url):
    answer = oembed(client, url)

    assert answer.status_code == 404
    assert answer.json()["detail"]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"format": "yaml"}, 501),
        ({"maxwidth": "0"}, 400),
        ({"maxwidth": "-1"}, 400),
        ({"maxheight": "1e9"}, 400),
        ({"maxheight": "²"}, 400),
        ({"maxheight": "9" * 5000}, 400),
    ],
)
def test_what_oembed_cannot_do_it_says(client, offering, asked, status):
    assert oembed(client, **asked).status_code == status


def test_the_widgets_own_address_is_known_too(client, offering):
    told = oembed(client, f"https://kassan.example{WIDGET}?lang=en", lang="en").json()

    assert "?lang=en" in told["html"]


# --- schema.org -----------------------------------------------------------------------------------


def test_pages_tell_programs_what_they_are(client, offering):
    project = offering.vehicle.project
    make.fair(owner=project.organisation, of=(project,))
    Fair.objects.update(about_sv=EVIL)
    found = {}

    for path in ("/projects/soltaket/", "/organisations/energi/", "/fairs/massan/"):
        page = client.get(path).content.decode()
        (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
        told = json.loads(data)
        found[told["@type"]] = told
        assert told["@context"] == "https://schema.org"
        assert told["url"] == f"https://kassan.example{path}"
        assert f'<link rel="canonical" href="{told["url"]}">' in page

    assert set(found) == {"Project", "Organization", "Event"}
    assert found["Event"]["startDate"] == "2026-11-23T18:00:00+01:00"
    assert found["Event"]["location"]["name"] == "Bygdegården"
    assert found["Event"]["description"] == EVIL
    assert found["Project"]["parentOrganization"]["@id"] == found["Organization"]["@id"]
