"""The community page: its figures against a plain recount, its edges, its CSV and JSON."""

import csv
import io
import json
import re
import time
import tomllib
from collections import Counter
from datetime import date, timedelta

import pandas as pd
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from invest.fairs.queries.outcomes import outcomes, outcomes_of_fairs
from invest.kinds import BOUGHT, RAISED
from invest.models import (
    Fair,
    FinanceSource,
    Organisation,
    Placement,
    Plan,
    Pledge,
    PledgeEvent,
    Project,
    Repayment,
    Setting,
    StageEvent,
)
from invest.pledges import pledges
from invest.projects import stages
from invest.scenario import beginnings
from invest.treasury import placing
from pools.models import Transfer
from reports.charts import COLOURS
from reports.community import community_report, read
from reports.figures import community_sums as figures
from reports.figures.community_sums import Part
from reports.figures.tellable import Cut
from tests import factories as make
from tests.conftest import STORY_DAY
from tests.factories import DAY

NAMES = ("Ada", "Bo", "Cem", "Dee", "Eva", "Fia", "Gun", "Hal")
PAGE = "/community/"


@pytest.fixture(scope="module")
def frames(valley):
    return read(STORY_DAY)


@pytest.fixture(scope="module")
def told(frames):
    with translation.override("sv"):
        return community_report(frames, Part())


def raised(project: Project, savers: int, year: int = 2026, amount: int = 1000) -> None:
    """So many savers promise and pay to a project on a day of a year."""
    offering = make.share_offering(project)
    for name in NAMES[:savers]:
        make.paid(offering, amount, name, on=date(year, 11, 23))


def in_place(slug: str, place: str, owner: Organisation) -> Project:
    project = make.project(slug, owner)
    Project.objects.filter(pk=project.pk).update(municipality=place)
    project.refresh_from_db()
    return project


# --- The figures ----------------------------------------------------------------------------------


def test_sums_are_what_the_rows_say(frames):
    committed, received = Counter(), Counter()
    for pledge in Pledge.objects.filter(offering__vehicle__kind__in=RAISED):
        events = list(pledge.events.order_by("number"))
        if events[-1].to_state in PledgeEvent.COMMITTED:
            since = next(event.on for event in events if event.to_state in PledgeEvent.COMMITTED)
            committed[since.year] += events[-1].amount_minor
    paid_in = Placement.objects.filter(call__pledge__offering__vehicle__kind__in=RAISED)
    for match in paid_in.filter(entry__reversed_by=None).select_related("entry"):
        received[match.entry.booked_on.year] += match.amount_minor

    table = figures.by_year(frames, Part()).set_index("name")

    assert len(table) == 4
    for year, row in table.iterrows():
        assert row["committed_minor"] == committed[int(year)]
        assert row["received_minor"] == received[int(year)]
    whole = figures.sums(frames, {"": Cut()}).iloc[0]
    assert whole["committed_minor"] == sum(committed.values())
    assert whole["received_minor"] == sum(received.values())


def test_what_is_paid_for_goods_is_in_no_sum(frames):
    bought = Project.objects.filter(vehicles__kind__in=BOUGHT)
    paid = Placement.objects.filter(call__pledge__offering__vehicle__project__in=bought)

    told = tomllib.loads(beginnings.STORY.read_text("utf-8"))
    assert bought.count() == len(told["project"])
    assert paid.count() > 10
    assert frames.facts[frames.facts["project"].isin(bought.values_list("pk", flat=True))].empty


def test_lent_and_repaid_are_plans_and_fund_loans(frames):
    lent = sum(plan.principal_minor for plan in Plan.objects.filter(version=1))
    repaid = sum(r.principal_minor for r in Repayment.objects.filter(entry__reversed_by=None))
    for transfer in Transfer.objects.filter(entry__reversed_by=None).select_related("entry"):
        if transfer.entry.kind == "lend":
            lent += transfer.amount_minor
        elif transfer.entry.kind == "receipt" and transfer.credit.code.split(":")[1] == "lent":
            repaid += transfer.amount_minor

    row = figures.sums(frames, {"": Cut()}).iloc[0]

    assert row["lent_minor"] == lent
    assert row["repaid_minor"] == repaid
    loans = FinanceSource.objects.filter(kind="bank-loan", signed_on__lte=STORY_DAY)
    assert row["enabled_minor"] == sum(loan.amount_minor for loan in loans)


def test_savers_are_persons_not_promises(frames):
    last = [
        p.events.latest("number") for p in Pledge.objects.filter(offering__vehicle__kind__in=RAISED)
    ]
    people = {event.pledge.person_id for event in last if event.to_state in PledgeEvent.COMMITTED}

    assert figures.sums(frames, {"": Cut()})["savers"][0] == len(people - {None})
    assert PledgeEvent.objects.count() > len(people)


def test_so_far_adds_up_the_years(frames):
    years = figures.by_year(frames, Part())[::-1]
    so_far = figures.so_far(frames, Part())

    for column in ("committed_minor", "received_minor", "enabled_minor", "lent_minor", "kwh"):
        assert so_far[column].tolist() == years[column].cumsum().tolist()


def test_stages_are_each_projects_last(frames):
    last = Counter(
        project.stages.filter(on__lte=STORY_DAY).latest("number").to_state
        for project in Project.objects.filter(stages__on__lte=STORY_DAY).distinct()
    )

    table = figures.by_stage(frames, Part())

    assert dict(zip(table["stage"], table["projects"], strict=True)) == last


def test_the_timeline_holds_every_project_once(frames):
    table = figures.timeline(frames, Part())

    assert sorted(table["slug"]) == sorted(Project.objects.values_list("slug", flat=True))
    for row in table.itertuples():
        funded = StageEvent.objects.filter(project__slug=row.slug, to_state="funded").first()
        assert row.reached == (funded.on if funded else None)
        assert row.promised is None or row.promised.day == 1


def test_fairs_tell_only_what_became_tells(valley):
    for row in outcomes_of_fairs(list(Fair.objects.all()), STORY_DAY):
        told = outcomes(row.fair, STORY_DAY)
        shown = [project.paid for project in told]
        assert row.projects == tuple(project.project.pk for project in told)
        assert row.paid.is_whole == all(figure.text for figure in shown)
        if not any(figure.text for figure in shown):
            assert row.paid.total is None


# --- Potential ------------------------------------------------------------------------------------


@pytest.fixture
def potential(db):
    for on, kronor in ((date(2025, 1, 1), 1_000_000), (date(2026, 1, 1), 2_000_000)):
        Setting.objects.create(
            key="potential-energy", valid_from=on, value=kronor, source=f"Utredning {on.year}"
        )
    Setting.objects.create(key="potential-food", valid_from=DAY, value="mycket", source="Ingen")
    Setting.objects.create(key="potential-moon", valid_from=DAY, value=5, source="Ingen")
    raised(make.project(), 6)


def test_a_sector_is_told_by_the_potential_in_force(potential):
    frames = read(DAY)

    now = figures.potential(frames, Part())
    assert now[["sector", "year", "potential_minor", "received_minor"]].to_numpy().tolist() == [
        ["energy", 2026, 200_000_000, 600_000]
    ]
    assert now["source"].tolist() == ["Utredning 2026"]
    before = figures.potential(frames, Part(year=2025))
    assert before["potential_minor"].tolist() == [100_000_000]


def test_sectors_without_potential_tell_nothing(db, client):
    raised(make.project(), 6)

    assert figures.potential(read(DAY), Part()).empty
    page = client.get(PAGE)
    assert "potential" not in {chart.id for chart in page.context["told"].charts}


@pytest.mark.fault("F67")
def test_help_is_told_in_steps_of_five_and_never_of_a_municipality(db):
    project = make.project()
    for name in NAMES[:5]:
        make.help_offer(project, name)
    make.help_offer(project, "Gun", unit="DAY")

    quarter = date(2027, 1, 1)
    assert pd.isna(figures.help_in_kind(read(DAY), Part())["promised"]).all()  # Not yet.
    of_all = figures.help_in_kind(read(quarter), Part())
    make.help_offer(project, "Hal", on=quarter)  # One more: it waits for four others.
    again = figures.help_in_kind(read(quarter + timedelta(days=200)), Part(year=2026))

    told = of_all.set_index("unit")["promised"].to_dict()
    assert told["HOUR"] == 40
    assert pd.isna(told["DAY"])
    assert again.equals(of_all)
    assert figures.help_in_kind(read(DAY), Part(year=2025)).empty
    assert figures.help_in_kind(read(DAY), Part("Björkdalen")).empty


# --- What is drawn and said -----------------------------------------------------------------------


def test_every_chart_says_its_finding_and_has_its_table(told):
    assert len(told.charts) >= 8
    for chart in told.charts:
        assert all((chart.title, chart.finding, chart.note))
        assert {len(row) for row in chart.rows} <= {len(chart.columns)}
        assert (chart.figure is None) == (chart.id == "help")
        # Of help, only the data name units of which nothing can be told.
        assert len(chart.rows) <= len(chart.data.rows)
        assert chart.id == "help" or len(chart.rows) == len(chart.data.rows)
        json.dumps([chart.figure, chart.data.rows], allow_nan=False)
        drawn = re.findall(r"#[0-9a-f]{6}", json.dumps((chart.figure or {}).get("data")))
        assert set(drawn) <= set(COLOURS.values()), chart.id
    assert len({chart.id for chart in told.charts}) == len(told.charts)


def test_different_sums_are_never_stacked(told):
    for chart in told.charts:
        layout = chart.figure["layout"] if chart.figure else {}
        assert layout.get("barmode") in {None, "group"}, chart.id


def test_the_timeline_and_its_table_tell_the_same_days(told):
    chart = next(chart for chart in told.charts if chart.id == "timeline")
    signs = [trace for trace in chart.figure["data"] if trace["mode"] == "markers"]
    drawn = sorted(day[:10] for trace in signs for day in trace["x"])

    assert drawn == sorted(day for row in chart.data.rows for day in row[2:] if day)


def test_a_name_is_never_read_as_markup(db):
    project = make.project()
    Project.objects.update(name="<a href='x'>Sol</a>")
    raised(project, 5)

    chart = next(c for c in community_report(read(DAY), Part()).charts if c.id == "timeline")

    assert "<a" not in json.dumps(chart.figure)
    assert chart.rows[0][0] == "<a href='x'>Sol</a>"


# --- The page, and its edges ----------------------------------------------------------------------


@pytest.mark.parametrize("language", ["sv", "en"])
def test_an_empty_site_says_so(db, client, language):
    page = client.get(PAGE, headers={"accept-language": language})

    assert page.status_code == 200
    assert page.context["told"].is_empty
    assert page.context["told"].fairs == ()
    assert [tile.value for tile in page.context["told"].tiles[:2]] == ["0\u00a0kr"] * 2 or (
        language == "en"
    )


def test_one_project_without_promises(db, client):
    make.share_offering()

    told = client.get(PAGE).context["told"]

    assert told.tiles[-1].value == "1"
    assert told.municipalities == ("Björkdalen",)


@pytest.mark.fault("F67")
@pytest.mark.parametrize("savers", [1, 4])
def test_few_savers_are_nowhere_on_the_page(db, client, savers):
    raised(make.project(), savers, amount=1500)
    text = "".join(client.get(f"{PAGE}?{asked}").content.decode() for asked in ASKED)

    assert f"{savers * 1500:,}".replace(",", "\u00a0") not in text
    assert f"{savers * 150000}" not in text
    sums = client.get(f"{PAGE}?as=json").json()["tables"]["years"]["rows"]
    assert sums[-1] == ["2026", None, None, 0, None]


ASKED = ("", "year=2026", "municipality=Björkdalen", "as=json", "as=csv", "as=json&year=2026")


@pytest.mark.fault("F67")
def test_a_small_municipality_is_not_found_by_taking_another_from_the_total(db, client):
    owner = make.organisation()
    raised(in_place("sol", "Björkdalen", owner), 8, amount=1000)
    raised(in_place("vind", "Skogsby", owner), 2, amount=2500)

    tables = client.get(f"{PAGE}?as=json").json()["tables"]

    assert dict(row[:2] for row in tables["years"]["rows"])["2026"] == 1_300_000
    assert [row[1] for row in tables["places"]["rows"]] == [None, None]
    for place in ("Björkdalen", "Skogsby"):
        of_place = client.get(PAGE, {"municipality": place, "as": "json"}).json()["tables"]
        assert dict(row[:2] for row in of_place["years"]["rows"])["2026"] is None


def test_a_year_without_anything_stands_among_the_others(db):
    project = make.project()
    offering = make.offering("energy-shares", {"price_minor": 50_000, "kwh_per_unit": 1}, project)
    for year in (2024, 2026):
        for name in NAMES[:5]:
            make.paid(offering, 1000, name + str(year), on=date(year, 11, 23))

    table = figures.by_year(read(DAY), Part())

    assert table["name"].tolist() == ["2026", "2025", "2024"]
    assert table["received_minor"].tolist() == [500_000, 0, 500_000]
    empty = community_report(read(DAY), Part(year=2025))
    assert empty.tiles[0].value == "0\u00a0kr"


def test_ten_years_and_more(db):
    project = make.project()
    FinanceSource.objects.bulk_create(
        FinanceSource(
            project=project,
            kind="bank-loan",
            text_sv="Lån",
            text_en="Loan",
            amount=make.sek(1000),
            signed_on=date(year, 5, 1),
        )
        for year in (1024, *range(2016, 2027))
    )

    frames = read(DAY)

    # Somebody's slip of a year neither makes a thousand rows nor drops out of the sum.
    assert len(frames.years) == 20
    assert figures.so_far(frames, Part())["enabled_minor"].iloc[-1] == 1_200_000
    assert figures.by_year(frames, Part())["enabled_minor"].sum() == 1_100_000


def test_a_withdrawn_promise_and_an_undone_payment_are_gone(db):
    offering = make.share_offering()
    for name in NAMES:
        make.paid(offering, 1000, name)
    last = Pledge.objects.latest("pk")
    placing.undo(placement=Placement.objects.latest("pk"), by="test")
    before = figures.by_year(read(DAY), Part())
    pledges.withdraw(pledge=last, on=DAY, by="test")
    after = figures.by_year(read(DAY), Part())

    assert before["received_minor"][0] == after["received_minor"][0] == 700_000
    assert before["committed_minor"][0] == 800_000
    assert after["committed_minor"][0] == 700_000


def test_what_came_later_is_not_told_before(db):
    raised(make.project(), 6, year=2026)

    before = read(date(2026, 11, 22))

    assert before.facts.empty
    assert before.tellable["received"].total(Cut()) == 0


@pytest.mark.parametrize(
    "asked", ["municipality=Ingenstans", "year=1999", "year=abc", "year=%00", "year=2026x"]
)
def test_what_is_not_there_is_refused_in_words(db, client, asked):
    raised(make.project(), 5)

    page = client.get(f"{PAGE}?{asked}")

    assert page.status_code == 400
    assert "Traceback" not in page.content.decode()


def test_a_part_is_linked_and_chosen(db, client):
    raised(make.project(), 5)

    page = client.get(PAGE, {"municipality": "Björkdalen", "year": "2026"}).content.decode()

    assert '<option value="Björkdalen" selected>' in page
    assert '<option value="2026" selected>' in page
    assert "?municipality=Bj%C3%B6rkdalen&amp;year=2026&amp;as=csv" in page
    for name in ("home", "project_list"):
        assert f'href="{PAGE}"' in client.get(reverse(name)).content.decode()


def test_csv_and_json_are_the_same_figures_in_every_language(db, client):
    raised(make.project(), 6)
    answers = {
        (form, language): client.get(
            PAGE, {"as": form}, headers={"accept-language": language}
        ).content
        for form in ("csv", "json")
        for language in ("sv", "en", "sv")
    }
    told = json.loads(answers["json", "sv"])
    rows = list(csv.DictReader(io.StringIO(answers["csv", "sv"].decode("utf-8-sig"))))

    assert answers["csv", "sv"] == answers["csv", "en"]
    assert answers["json", "sv"] == answers["json", "en"]
    assert told["as_of"] == timezone.localdate().isoformat()
    for row in rows:
        table = told["tables"][row["table"]]
        found = next(line for line in table["rows"] if str(line[0]) == row["row"])
        value = found[table["columns"].index(row["figure"])]
        assert row["value"] == ("" if value is None else str(value))
    assert {row["table"] for row in rows} == set(told["tables"])


def test_a_formula_in_a_name_runs_nowhere(db, client):
    project = make.project()
    Project.objects.update(slug="minus", municipality="=1+1")
    raised(project, 5)

    text = client.get(PAGE, {"as": "csv", "municipality": "=1+1"}).content.decode("utf-8-sig")

    assert ",'=1+1," in text
    assert ",=1+1," not in text


# --- Three hundred projects -----------------------------------------------------------------------


def grow(projects: int, per_project: int) -> None:
    """More projects beside the one there is, each with so many promises of a person of its own."""
    first = Pledge.objects.latest("pk")
    organisation = first.offering.vehicle.organisation
    people = [make.person(f"P{n}") for n in range(per_project)]
    sectors, places = Project.Sector.values, ("Björkdalen", "Skogsby", "Sjövik", "Åsen")
    offers = []
    for n in range(projects):
        project = Project.objects.create(
            slug=f"p{n}",
            organisation=organisation,
            name=f"Projekt {n}",
            sector=sectors[n % len(sectors)],
            municipality=places[n % len(places)],
        )
        stages.set_stage(project=project, to="raising", on=date(2017, 1, 1), by="test")
        offers.append(make.share_offering(project))
    fields = [field.attname for field in Pledge._meta.fields]
    like = {name: getattr(first, name) for name in fields}
    copies = [
        Pledge(
            **like
            | {"id": None, "offering_id": offer.pk, "person_id": person.pk}
            | {"token": f"t{n}-{m}", "key": f"k{n}-{m}"}
        )
        for n, offer in enumerate(offers)
        for m, person in enumerate(people)
    ]
    made = Pledge.objects.bulk_create(copies)
    PledgeEvent.objects.bulk_create(
        PledgeEvent(
            pledge=pledge,
            number=1,
            on=date(2017 + i % 10, 5, 1),
            at=timezone.now(),
            actor="test",
            to_state="confirmed",
            amount=make.sek(1000),
        )
        for i, pledge in enumerate(made)
    )


def test_three_hundred_projects_cost_no_more_queries_and_little_time(db, client):
    raised(make.project(), 5)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    grow(300, 8)
    client.get(PAGE)  # The drawing library loads once.

    began = time.process_time()  # Its own work: the machine may be busy with other things.
    with CaptureQueriesContext(connection) as many:
        page = client.get(PAGE)
    took = time.process_time() - began

    assert len(many) == len(few)
    assert took < 3
    told = page.context["told"]
    assert told.tiles[-1].value == "301"
    assert len(next(c for c in told.charts if c.id == "timeline").rows) == 301
    assert set(told.years) >= set(range(2017, 2027))
