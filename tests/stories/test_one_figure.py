"""One figure, one value: whoever tells it, and on whatever day.

Every project on twelve days of the valley's years, read where people read it: its page, its widget,
the board on the wall, its organisation's page, the API, the report and a publication. What each
figure counts stands in `invest/progress/`; why these values and no others: docs/adr/0014.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.utils import timezone
from icalendar import Calendar
from lxml import html

from invest.kinds import RAISED
from invest.models import Fair, Organisation, Project
from reports import charts, figures
from reports.charts import outcomes
from reports.figures import community, community_sums
from reports.publish import shown as publish_shown
from reports.publish.freeze import Words, freeze
from reports.publish.parts import read_log
from tests.conftest import STORY_DAY

pytestmark = pytest.mark.django_db
DAYS = (
    date(2023, 11, 17),  # The day before the first fair: nothing is open yet.
    date(2023, 11, 18),  # Its evening.
    date(2024, 1, 15),
    date(2024, 11, 15),
    date(2024, 11, 16),  # The second fair.
    date(2024, 12, 9),  # The day before a goal is raised, and the day.
    date(2024, 12, 10),
    date(2025, 6, 30),  # A goal is missed: every promise is released.
    date(2025, 11, 22),
    date(2026, 3, 12),  # A goal is doubled.
    date(2026, 11, 22),  # The day before an offering opens.
    STORY_DAY,  # Tonight.
)
SUMS = ("committed", "received", "enabled")
STOCKHOLM = ZoneInfo("Europe/Stockholm")


@dataclass(frozen=True)
class Told:
    """What somebody tells of a project, in öre; None: it is not told there."""

    committed: int | None = None
    received: int | None = None
    enabled: int | None = None
    goal_min: int | None = None
    goal_max: int | None = None
    pending: int | None = None
    local_pct: int | None = None

    def differs(self, other: "Told") -> list[str]:
        """What both tell, and not alike."""
        both = [(name, mine, vars(other)[name]) for name, mine in vars(self).items()]
        pairs = [(n, a, b) for n, a, b in both if a is not None and b is not None and a != b]
        return [f"{name}: {mine} ≠ {theirs}" for name, mine, theirs in pairs]


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let it be nine in the evening of a day."""

    def let_it_be(day: date) -> None:
        moment = datetime.combine(day, time(21), STOCKHOLM)
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return let_it_be


# --- Read where people read it --------------------------------------------------------------------


def ore(text: str | None) -> int | None:
    """12 500,50 kr → 1250050."""
    found = re.search(r"(\d[\d\s]*(?:,\d\d)?)\s*kr", text or "")
    if found is None:
        return None
    return int(Decimal(re.sub(r"\s", "", found[1]).replace(",", ".")) * 100)


def text_of(part: Any, path: str) -> str | None:
    """The text of the first thing found."""
    found = part.xpath(path)
    return " ".join(found[0].text_content().split()) if found else None


def page_of(client: Any, address: str) -> Any:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return html.fromstring(answer.content.decode())


def by_page(client: Any, slug: str) -> Told:
    """The thermometer of the project's page."""
    page = page_of(client, f"/projects/{slug}/")
    box = "//div[@id='raised']"
    bars = {
        code: ore(text_of(page, f"{box}//div[.//rect[@class='bar-{code}']]/dd[1]")) for code in SUMS
    }
    keys = page.xpath(f"{box}//p[@class='goal-key']/span")
    least, most = (ore(key.text_content()) for key in keys) if keys else (None, None)
    waits = ore(text_of(page, f"{box}//p[contains(@class, 'is-warm')]"))
    share = re.match(r"(\d+)", text_of(page, f"{box}//dt[.='Lokal andel']/following::dd[1]") or "")
    return Told(
        **bars,
        goal_min=least or 0,
        goal_max=most or 0,
        pending=waits or (0 if keys else None),
        local_pct=int(share[1]) if share else None,
    )


def by_widget(client: Any, slug: str) -> Told:
    """What other people's pages frame."""
    page = page_of(client, f"/embed/projects/{slug}/")
    bars = {code: ore(text_of(page, f"//div[@class='{code}']/dd[1]")) for code in SUMS}
    goals = [ore(line.text_content()) for line in page.xpath("//main/ul/li")]
    least, most = goals or (0, 0)
    return Told(**bars, goal_min=least, goal_max=most)


def by_board(client: Any, slug: str) -> dict[str, Told]:
    """A fair's wall, by the project's name."""
    page = page_of(client, f"/fairs/{slug}/board/")
    told = {}
    for row in page.xpath("//section[contains(@class, 'board-row')]"):
        bars = {
            code: ore(text_of(row, f".//div[contains(@class, 'is-{code}')]/dd[1]")) for code in SUMS
        }
        told[text_of(row, "./h2") or ""] = Told(
            **bars,
            goal_min=ore(text_of(row, ".//p[@class='board-goal']")) or 0,
            pending=ore(text_of(row, ".//span[@class='board-pending']")) or 0,
        )
    return told


def by_organisation(client: Any, slug: str) -> dict[str, Told]:
    """The table of an organisation's page, by the project's name; only those that are raising."""
    page = page_of(client, f"/organisations/{slug}/")
    rows = page.xpath("//section[@aria-labelledby='offers']//tbody/tr")
    cells = {text_of(row, "./th"): [ore(cell.text_content()) for cell in row[2:6]] for row in rows}
    return {
        str(name): Told(goal_min=least, goal_max=most, committed=promised, received=paid)
        for name, (least, most, promised, paid) in cells.items()
    }


def by_api(client: Any) -> dict[str, Told]:
    """The open data, by slug. It tells every sum, and no goal where none is in force."""
    answer = client.get("/api/v1/projects?per_page=200").json()
    assert answer["count"] == len(answer["items"])
    return {
        each["slug"]: Told(
            **{code: each["sums"][code]["minor"] for code in (*SUMS, "pending")},
            goal_min=(each["goal_least"] or {"minor": 0})["minor"],
            goal_max=(each["goal_most"] or {"minor": 0})["minor"],
        )
        for each in answer["items"]
    }


def by_report(day: date) -> dict[str, Told]:
    """The report of everybody, by the project's name."""
    told = {}
    names = (*(f"{code}_minor" for code in SUMS), "goal_min_minor", "goal_max_minor")
    table = figures.raised_by_project(figures.scope_frames(figures.of_all(), day))
    for row in table.to_dict("records"):
        told[row["name"]] = Told(**{name.removesuffix("_minor"): int(row[name]) for name in names})
    return told


def by_fair_report(day: date) -> dict[str, Told]:
    """The chart "raised" of the newest fair's report, by the project's name."""
    fairs = Fair.objects.filter(starts_at__date__lte=day).order_by("-starts_at")
    if not fairs:
        return {}
    table = charts.raised(figures.fair_frames(fairs[0], day)).data
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    names = (*SUMS, "goal_min", "goal_max")
    return {row["name"]: Told(**{name: row[f"{name}_minor"] for name in names}) for row in rows}


def by_publication(day: date) -> dict[str, Told]:
    """What each project would publish, frozen, by slug; a sum of fewer than five is not told."""
    told = {}
    for organisation in Organisation.objects.filter(projects__isnull=False).distinct():
        log = read_log(organisation)
        for project in organisation.projects.all():
            content = freeze(
                organisation=organisation,
                project=project,
                as_of=day,
                words=Words("Titel", "Text"),
                at=timezone.now(),
                log=log,
                before=(),
            )
            sums = {figure["code"]: figure.get("minor") for figure in content["figures"]}
            now = publish_shown(content).goal_bar.now
            told[project.slug] = Told(
                **{code: sums[code] for code in SUMS},
                goal_min=now.min_minor if now else 0,
                goal_max=now.max_minor if now else 0,
            )
    return told


# --- And held against each other ------------------------------------------------------------------


def everywhere(client: Any, day: date) -> Iterator[tuple[Project, dict[str, Told]]]:
    """Each project, and what everybody tells of it on the day, by who tells."""
    projects = list(Project.objects.select_related("organisation").order_by("slug"))
    api, published = by_api(client), by_publication(day)
    named = {"report": by_report(day), "the fair's report": by_fair_report(day)}
    fairs = Fair.objects.filter(starts_at__date__lte=day + timedelta(days=1))
    named |= {f"board of {fair.slug}": by_board(client, fair.slug) for fair in fairs}
    for organisation in {project.organisation for project in projects}:
        named[f"page of {organisation}"] = by_organisation(client, organisation.slug)
    for project in projects:
        told = {"api": api[project.slug], "publication": published[project.slug]}
        told["page"] = by_page(client, project.slug)
        if DAYS.index(day) % 2:  # Every second day: the rest of a minute is for the pages.
            told["widget"] = by_widget(client, project.slug)
        told |= {who: known[project.name] for who, known in named.items() if project.name in known}
        yield project, told


@pytest.mark.parametrize("day", DAYS, ids=date.isoformat)
def test_whoever_tells_it_tells_the_same(valley, client, on, day):
    on(day)
    wrong, heard = [], set()

    for project, told in everywhere(client, day):
        for who, theirs in told.items():
            heard.add(who.split(" ")[0])
            wrong += [f"{project.slug}, api and {who}: {d}" for d in told["api"].differs(theirs)]

    assert not wrong, "\n".join(wrong)
    assert heard >= {"api", "board", "page", "publication", "report"}


def test_an_offering_still_to_open_has_no_goal_that_promises_are_measured_by(valley, client, on):
    for day in DAYS[::3]:
        on(day)
        cache.clear()
        deadlines = Calendar.from_ical(client.get("/deadlines.ics").content)
        opened = {
            urlsplit(event["url"]).path.split("/")[2]
            for event in deadlines.walk("VEVENT")
            if re.fullmatch(r"offering-\d+-opens@.*", event["uid"]) and event["dtstart"].dt <= day
        }
        asked = {slug for slug, told in by_api(client).items() if told.goal_min}
        raising = Project.objects.filter(vehicles__kind__in=RAISED).values_list("slug", flat=True)

        assert asked == opened & set(raising)


@pytest.mark.parametrize("day", DAYS[::2], ids=date.isoformat)
def test_all_together_are_what_each_is(valley, client, on, day):
    on(day)
    api = by_api(client).values()
    tiles = page_of(client, "/").xpath("//div[contains(@class, 'tiles')]/div[not(@class='tile')]")
    frames = community.community_frames(day)
    told = community_sums.sums(frames, {"": community_sums.Part().cut}).iloc[0]

    front = {tile.get("class").split()[-1]: ore(text_of(tile, "./strong")) for tile in tiles}

    for code in SUMS:
        whole = sum(getattr(each, code) for each in api)
        # On the first days fewer than five have paid, and the community page tells nothing.
        assert int(told[f"{code}_minor"]) in {whole, -1}
        assert front.get(code, 0) == whole


@pytest.mark.parametrize("day", [date(2024, 1, 15), STORY_DAY], ids=date.isoformat)
def test_the_local_share_is_that_of_the_projects_own_municipality(valley, client, on, day):
    on(day)
    frames, compared = figures.scope_frames(figures.of_all(), day), 0

    for project in Project.objects.all():
        told = by_page(client, project.slug).local_pct
        to_it = frames.pledges[frames.pledges["project"] == project.pk]
        own, elsewhere, _unknown = figures.local_share(replace(frames, pledges=to_it))[
            "amount_minor"
        ]
        if told is not None:
            compared += 1
            assert told == round(100 * int(own) / int(own + elsewhere)), project.slug

    assert compared >= 5


# --- An evening -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Evening:
    """What was promised at a fair, in öre; None: not told there, or not yet."""

    promised: int | None
    promises: int | None = None


def tile(page: Any, label: str) -> str | None:
    """The figure of a tile."""
    return text_of(page, f"//div[contains(@class, 'tile')][span='{label}']/strong")


def by_fair_page(client: Any, slug: str) -> Evening:
    """The tiles of the fair's page."""
    page = page_of(client, f"/fairs/{slug}/")
    return Evening(ore(tile(page, "Utlovat")), int(tile(page, "Löften") or 0))


def by_wall(client: Any, slug: str) -> Evening:
    """The board counts promises; kronor it tells by project."""
    page = page_of(client, f"/fairs/{slug}/board/")
    return Evening(None, int(text_of(page, "//p[@class='board-count']/strong") or 0))


def by_outcomes(client: Any, slug: str) -> Evening:
    """What became of it, summed over the projects; None while any of them is not told."""
    page = page_of(client, f"/fairs/{slug}/became/")
    parts = page.xpath("//div[contains(@class, 'tile')][span='Utlovat']/strong")
    told = [ore(part.text_content()) for part in parts]
    return Evening(None if None in told or not told else sum(told))


def by_cohort(fair: Fair, day: date) -> Evening:
    """The fair's row of the chart "cohorts" of its report."""
    table = outcomes.cohorts(figures.fair_frames(fair, day)).data
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    return Evening(next(row["pledged_minor"] for row in rows if row["fair_name"] == fair.name))


@pytest.mark.parametrize("slug", ["forsta", "andra", "tredje", "fjarde"])
def test_an_evening_is_told_alike_that_night_and_years_later(valley, client, on, slug):
    fair = Fair.objects.get(slug=f"{slug}-massan")
    held_on, heard = timezone.localdate(fair.starts_at), 0
    for days in (0, 2, 40, (STORY_DAY - held_on).days):
        day = min(held_on + timedelta(days=days), STORY_DAY)
        on(day)
        cache.clear()
        page, wall = by_fair_page(client, fair.slug), by_wall(client, fair.slug)
        later = by_outcomes(client, fair.slug).promised
        heard += later is not None

        assert page.promised == by_cohort(fair, day).promised > 0
        assert later in {page.promised, None}
        assert page.promises == wall.promises > 0

    assert heard or day == held_on  # Of tonight nothing is told yet.
