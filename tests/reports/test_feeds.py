"""Feeds and calendars: read back by the rules of their formats."""

from datetime import date, datetime, timedelta

import icalendar
import pytest
from defusedxml import ElementTree
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from invest.models import Milestone, Offering, Project, Update
from invest.projects import stages
from tests import factories as make
from tests.reports.test_api import published

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = ("/feed/", "/projects/soltaket/feed/")
CALENDARS = ("/deadlines.ics", "/projects/soltaket/deadlines.ics")
EVIL = "<script>alert(1)</script> & co\x0b\x01"


@pytest.fixture(autouse=True)
def _address(settings):
    settings.PUBLIC_URL = "https://kassan.example"


@pytest.fixture
def project():
    return make.share_offering().vehicle.project


def news(project, on=make.DAY, title="Taket är klart", text="Nu väntar vi."):
    return Update.objects.create(
        project=project, on=on, title_sv=title, text_sv=text, title_en="Roof", text_en="We wait."
    )


def aim(project, planned=make.DAY, reached=None, text="Panelerna är uppe"):
    return Milestone.objects.create(
        project=project, planned_on=planned, reached_on=reached, text_sv=text, text_en="Panels up"
    )


def atom(client, path):
    """The feed, if it keeps what RFC 4287 says it MUST."""
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(answer.content)
    assert feed.tag == f"{ATOM}feed"
    links = [(link.get("rel"), link.get("href")) for link in feed.findall(f"{ATOM}link")]
    assert [rel for rel, _href in links].count("alternate") == 1  # §4.1.1
    assert [rel for rel, _href in links].count("self") == 1
    ids = [one(feed, "id")]
    for entry in feed.findall(f"{ATOM}entry"):
        ids.append(one(entry, "id"))
        (alternate,) = entry.findall(f"{ATOM}link")  # §4.1.2: none has content.
        assert alternate.get("href").startswith("https://kassan.example/")
        assert entry.find(f"{ATOM}author/{ATOM}name").text  # §4.1.2
        assert entry.find(f"{ATOM}summary").get("type") == "html"
    assert len(set(ids)) == len(ids)
    for each in ids:
        assert each.startswith("tag:kassan.example,2026:")  # §4.2.6: an IRI; RFC 4151.
    for element in [feed, *feed.findall(f"{ATOM}entry")]:
        assert one(element, "title")
        at = datetime.fromisoformat(one(element, "updated"))  # §3.3
        assert at.tzinfo is not None
    return feed


def one(element, name) -> str:
    """The text of the one such child there must be."""
    (child,) = element.findall(ATOM + name)
    return child.text


def titles(feed) -> list[str]:
    return [one(entry, "title") for entry in feed.findall(f"{ATOM}entry")]


# --- Atom -----------------------------------------------------------------------------------------


def test_a_projects_feed_tells_what_happened_newest_first(client, project):
    news(project)
    aim(project, reached=make.DAY - timedelta(days=3))
    aim(project, planned=make.DAY + timedelta(days=30), text="Inte än")
    stages.set_stage(project=project, to="funded", on=date(2026, 11, 1), by="test")

    feed = atom(client, "/projects/soltaket/feed/")

    assert titles(feed) == [
        "Soltaket: Taket är klart",
        "Soltaket: Milstolpe nådd: Panelerna är uppe",
        "Soltaket: Finansierat",
        "Soltaket: Samlar in",
    ]
    assert one(feed, "updated") == "2026-11-23T00:00:00+01:00"
    assert feed.find(f"{ATOM}author/{ATOM}name").text == "Energi"


def test_the_feed_of_all_names_each_project_and_a_projects_own_only_itself(client, project):
    other = make.project("bageriet", project.organisation)
    news(project)
    news(other, title="Degen jäser")

    everything, own = atom(client, "/feed/"), atom(client, "/projects/soltaket/feed/")

    assert {"Soltaket: Taket är klart", "Bageriet: Degen jäser"} < set(titles(everything))
    assert not [title for title in titles(own) if "Bageriet" in title]


def test_what_has_not_happened_or_is_not_public_is_in_no_feed(client, project):
    tomorrow = timezone.localdate() + timedelta(days=1)
    news(project, on=tomorrow, title="Hemligt")
    published(project.organisation, project, is_draft=True)
    published(project.organisation, project, embargo_until=timezone.now() + timedelta(minutes=5))

    for path in FEEDS:
        assert titles(atom(client, path)) == ["Soltaket: Samlar in"]


def test_a_revised_publication_is_the_same_entry_later(client, project):
    first = published(project.organisation, project)
    before = atom(client, "/feed/").find(f"{ATOM}entry")
    published(project.organisation, of=first.publication)

    cache.clear()
    after = atom(client, "/feed/").find(f"{ATOM}entry")

    assert one(before, "id") == one(after, "id")
    assert one(before, "title") != one(after, "title")
    assert one(before, "updated") <= one(after, "updated")


def test_an_entry_keeps_its_id_when_it_is_edited(client, project):
    told = news(project)
    before = one(atom(client, "/feed/").find(f"{ATOM}entry"), "id")

    Update.objects.filter(pk=told.pk).update(title_sv="Nytt namn")
    Project.objects.update(name="Nytt", slug="nytt")
    cache.clear()

    assert one(atom(client, "/feed/").find(f"{ATOM}entry"), "id") == before


def test_text_with_script_in_it_stays_text(client, project):
    Project.objects.update(name=EVIL, summary_sv=EVIL)
    news(project, title=EVIL, text=EVIL)

    for path in FEEDS:
        entry = atom(client, path).find(f"{ATOM}entry")
        html = entry.find(f"{ATOM}summary").text
        assert "<script" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; co" in html
        assert "<script>alert(1)</script> & co" in one(entry, "title")  # Plain text, as it is.


def test_the_same_feed_is_the_same_bytes(client, project):
    news(project)
    for path in (*FEEDS, *CALENDARS):
        first = client.get(path)
        cache.clear()
        second = client.get(path)
        assert first.content == second.content
        assert first["ETag"] == second["ETag"]


def test_a_feed_of_nothing_is_valid_and_does_not_move(client):
    assert one(atom(client, "/feed/"), "updated") == "2026-01-01T00:00:00+01:00"


def test_feeds_speak_both_languages(client, project):
    news(project)

    english = atom(client, "/projects/soltaket/feed/?lang=en")

    assert titles(english)[0] == "Soltaket: Roof"
    assert english.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    assert one(english, "id") != one(atom(client, "/projects/soltaket/feed/"), "id")
    answer = client.get("/feed/", headers={"accept-language": "en"})
    assert answer["Content-Language"] == "sv"  # The address decides.


def test_pages_lead_to_the_feeds(client, project):
    home, page = (client.get(path).content.decode() for path in ("/", "/projects/soltaket/"))

    feed = 'rel="alternate" type="application/atom+xml"'
    assert feed in home
    assert f'{feed} title="Soltaket" href="/projects/soltaket/feed/?lang=sv"' in page
    assert 'type="text/calendar"' in page


# --- Calendars ------------------------------------------------------------------------------------


def events(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = icalendar.Calendar.from_ical(answer.content)
    assert str(calendar["version"]) == "2.0"
    assert calendar["prodid"]
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))  # RFC 5545 §3.1
    found = {str(event["uid"]): event for event in calendar.events}
    assert len(found) == len(calendar.events)
    for event in found.values():
        assert event["dtstamp"].dt.utcoffset() == timedelta(0)
    return found


def test_a_calendar_tells_when_savers_may_promise_and_what_is_planned(client, project):
    of = Offering.objects.get()
    planned = aim(project, planned=date(2026, 12, 24))
    aim(project, reached=make.DAY, text="Redan klart")

    for path in CALENDARS:
        found = events(client, path)
        assert {uid: event.start for uid, event in found.items()} == {
            f"offering-{of.pk}-opens@kassan.example": of.opens_on,
            f"offering-{of.pk}-closes@kassan.example": of.closes_on,
            f"milestone-{planned.pk}@kassan.example": date(2026, 12, 24),
        }
        event = found[f"milestone-{planned.pk}@kassan.example"]
        assert str(event["summary"]) == "Soltaket: Panelerna är uppe"
        assert str(event["url"]) == "https://kassan.example/projects/soltaket/"
        assert event["dtstart"].params["VALUE"] == "DATE"  # A whole day, in any time zone.


def test_a_day_that_moves_is_the_same_event(client, project):
    before = events(client, CALENDARS[0])

    Offering.objects.update(closes_on=date(2027, 2, 1))
    cache.clear()
    after = events(client, CALENDARS[0])

    assert before.keys() == after.keys()
    moved = {uid for uid in after if after[uid].start != before[uid].start}
    assert [after[uid].start for uid in moved] == [date(2027, 2, 1)]


def test_a_calendar_of_one_project_is_of_no_other(client, project):
    other = make.project("bageriet", project.organisation)
    aim(other)

    assert not [uid for uid in events(client, CALENDARS[1]) if "milestone" in uid]


def test_a_calendar_survives_any_text_and_any_language(client, project):
    aim(project, text=f"{EVIL};,\\\nBEGIN:VEVENT\r\n" + "å" * 90)
    Project.objects.update(name="A;B,C")

    found = [e for uid, e in events(client, CALENDARS[0]).items() if "milestone" in uid]
    assert len(found) == 1
    assert str(found[0]["summary"]).startswith("A;B,C: <script>")
    english = events(client, f"{CALENDARS[1]}?lang=en")
    assert {str(event["summary"]).split(": ")[1] for event in english.values()} >= {
        "Soltaket andelar opens",
        "Last day of Soltaket andelar",
    }


# --- Both -----------------------------------------------------------------------------------------


def test_they_are_open_data(client, project):
    for path in (*FEEDS, *CALENDARS):
        answer = client.get(path)
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert answer["Cache-Control"] == "public, max-age=60"
        assert answer.cookies == {}
        assert client.get(path, headers={"if-none-match": answer["ETag"]}).status_code == 304
        assert client.head(path)["ETag"] == answer["ETag"]
        assert client.post(path).status_code == 405
    for path in ("/projects/nix/feed/", "/projects/nix/deadlines.ics"):
        assert client.get(path).status_code == 404


def test_three_hundred_projects_cost_no_more_queries(client, project):
    made = Project.objects.bulk_create(
        Project(slug=f"p{n}", organisation=project.organisation, name=f"P{n}", sector="food")
        for n in range(300)
    )
    Update.objects.bulk_create(Update(project=each, on=make.DAY, title_sv="a") for each in made)
    Milestone.objects.bulk_create(Milestone(project=each, planned_on=make.DAY) for each in made)

    for path in (FEEDS[0], CALENDARS[0]):
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        assert len(asked) <= 25, path


# --- Search engines -------------------------------------------------------------------------------


def test_search_engines_find_every_public_page_and_nothing_of_anybody(client, project):
    make.fair(owner=project.organisation)
    pledge = make.pledge(Offering.objects.get())
    told = make.publication(project)
    evening = make.gathering(project.organisation, place=make.place(project.organisation))

    answer = client.get("/sitemap.xml")
    spaces = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    root = ElementTree.fromstring(answer.content)
    found = [loc.text for loc in root.findall("s:url/s:loc", spaces)]

    paths = {address.removeprefix("https://kassan.example") for address in found}
    assert {"/", "/projects/soltaket/", "/organisations/energi/", "/fairs/massan/"} <= paths
    assert {told.publication.get_absolute_url(), "/handbook/joint-purchase/"} <= paths
    assert {"/community/", "/verify/", evening.get_absolute_url()} <= paths
    assert {"/places/bjorkdalen/shops/", "/places/bjorkdalen/path/"} <= paths
    assert {client.get(path).status_code for path in paths} == {200}
    assert pledge.token not in answer.content.decode()


def test_robots_are_told_where_not_to_go(client):
    told = client.get("/robots.txt").content.decode()

    assert "Sitemap: https://kassan.example/sitemap.xml" in told.splitlines()
    assert "Disallow: /pledges/" in told.splitlines()
    assert "Disallow: /" not in told.splitlines()
