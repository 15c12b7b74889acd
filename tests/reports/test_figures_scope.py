"""Then and now, here and everywhere: the same day known to the same point tells the same, whatever
is recorded later; and a report of nothing, of one saver or of three hundred projects is a report.
"""

import json
import time
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pandas as pd
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from invest.fairs.queries import outcomes
from invest.in_kind import in_kind
from invest.me import retention
from invest.models import Fair, FinanceSource, Need, Offering, Person, Pitch, Placement
from invest.progress.sums import KnownTo
from invest.treasury import placing
from invest.vehicles import offerings
from invest.web.wording import quantity_text
from reports import figures
from reports.fair import FairReport, fair_report
from tests import factories as make
from tests.factories import DAY, sek

SAVERS = ("Ada", "Bo", "Cem", "Dee", "Eva", "Fia", "Gun")
SAVED = {"bank": "JAK Medlemsbank", "counts_by": "month", "factor": "1"}
SUMMER = date(2026, 6, 1)


def told(report: FairReport) -> str:
    """All that a report tells, as text."""
    parts = [asdict(chart) for chart in report.charts]
    facts = [asdict(fact) for part in report.parts for fact in part.facts]
    tiles = [asdict(tile) for tile in report.tiles]
    return json.dumps([parts, facts, tiles], ensure_ascii=False)


@pytest.fixture
def roof(db) -> Offering:
    return make.share_offering(cap=90_000)


@pytest.fixture
def fair(roof) -> Fair:
    """Seven savers have paid for a plant that runs, five have helped, and the bank has lent."""
    project = roof.vehicle.project
    made = make.fair(owner=roof.vehicle.organisation, of=(project,))
    Need.objects.create(project=project, text_sv="Ställ", text_en="Rack", money=sek(80_000))
    FinanceSource.objects.create(
        project=project, kind="bank-loan", text_sv="Lån", text_en="Loan", amount=sek(20_000),
        signed_on=SUMMER,
    )  # fmt: skip
    for number, name in enumerate(SAVERS):
        call = make.called(
            make.pledge(roof, 1000 + 500 * number, name, fair=made, on=SUMMER), SUMMER
        )
        line = make.bank_line(call.amount_minor, call.ocr, reference=f"r{number}", on=SUMMER)
        placing.pair_by_reference(parts=[line], by="t")
        given = make.help_offer(project, name, on=SUMMER, fair=made)
        in_kind.accept(in_kind=given, on=SUMMER, by="t")
    make.did(roof.vehicle, "plant", SUMMER, kw=20, place="Björkdalen")
    make.did(roof.vehicle, "reading", date(2026, 7, 2), month=SUMMER, kwh=700, estimated="no")
    return made


# --- Then and now ---------------------------------------------------------------------------


def book_much_more(roof: Offering, fair: Fair) -> None:
    """Everything that may be recorded later and dated before."""
    project = roof.vehicle.project
    day = DAY - timedelta(days=3)
    promise = make.pledge(roof, 5000, "Hans", key="late", fair=fair, on=day)
    make.called(promise, day)
    placing.undo(placement=Placement.objects.first(), by="t")
    offerings.revise_goal(offering=roof, goal_min=sek(60_000), goal_max=sek(90_000), on=day)
    FinanceSource.objects.create(
        project=project, kind="grant", text_sv="Bidrag", text_en="Grant", amount=sek(9_000),
        signed_on=SUMMER,
    )  # fmt: skip
    Need.objects.create(project=project, text_sv="Mer", text_en="More", money=sek(7_000))
    given = make.help_offer(project, "Ivar", on=SUMMER, fair=fair, key="late help")
    in_kind.accept(in_kind=given, on=day, by="t")
    in_kind.deliver(in_kind=project.in_kind.earliest("pk"), on=day, by="t")
    make.did(roof.vehicle, "reading", date(2026, 8, 3), month=date(2026, 7, 1), kwh=900,
             estimated="no")  # fmt: skip
    make.did(roof.vehicle, "plant", date(2026, 6, 15), kw=25, place="Björkdalen")
    Fair.objects.create(
        slug="en-till", organisation=fair.organisation, name="En till", venue="Här",
        municipality="Björkdalen", starts_at=fair.starts_at - timedelta(days=90),
        ends_at=fair.ends_at - timedelta(days=90),
    )  # fmt: skip
    Pitch.objects.create(
        fair=Fair.objects.get(slug="en-till"), project=project, position=1, accepted_on=SUMMER
    )


def test_the_same_day_known_to_the_same_point_tells_the_same_bytes(roof, fair):
    known = figures.known_now(fair)
    before = told(fair_report(fair, DAY, known))
    assert "700" in before

    book_much_more(roof, fair)

    assert told(fair_report(fair, DAY, known)) == before
    assert told(fair_report(fair, DAY)) != before


def test_what_was_known_survives_being_written_down(fair):
    known = figures.known_now(fair)

    again = KnownTo(**json.loads(json.dumps(asdict(known)), object_hook=_whole))

    assert again == known


def _whole(read: dict) -> dict:
    return {int(key) if key.isdigit() else key: value for key, value in read.items()}


def test_forgetting_a_saver_changes_no_sum(roof, fair):
    known = figures.known_now(fair)
    before = figures.fair_frames(fair, DAY, known)
    assert figures.returning(before)["savers"] == 7

    gun = Person.objects.get(name="Gun")
    gun.pledges.update(person=None)
    retention.forget(person=gun, on=DAY)

    after = figures.fair_frames(fair, DAY, known)
    assert figures.raised_by_project(after).equals(figures.raised_by_project(before))
    assert figures.velocity(after).equals(figures.velocity(before))
    assert figures.returning(after)["savers"] == 7
    assert figures.persons(figures.committed(after)) == 6


def test_support_savers_count_among_returning_savers(roof, fair):
    """Ada and Bo promised support savings at an earlier fair, and money at this one."""
    saving = make.offering("support-saving", SAVED, roof.vehicle.project)
    owner = fair.organisation
    before = make.fair("i-fjol", owner=owner)
    year = timedelta(days=365)
    before.starts_at, before.ends_at = fair.starts_at - year, fair.ends_at - year
    before.save()
    Pitch.objects.create(
        fair=before, project=roof.vehicle.project, position=1, accepted_on=date(2025, 1, 1)
    )
    for name in SAVERS[:2]:
        make.pledge(saving, 1000, name, fair=before, on=date(2025, 11, 23), key=f"saved {name}")

    frames = figures.fair_frames(fair, DAY)

    assert figures.returning(frames) == {"savers": 7, "returning": 2}
    assert set(frames.pledges["counts_as"]) == {"committed"}  # In no sum of money.


# --- A goal that was moved ------------------------------------------------------------------


def test_a_moved_goal_is_told_and_a_new_offering_is_no_move(roof, fair):
    offerings.revise_goal(offering=roof, goal_min=sek(60_000), goal_max=sek(90_000), on=DAY)

    frames = figures.fair_frames(fair, DAY)

    moves = figures.goal_moves(frames)
    assert moves[["was_minor", "now_minor"]].to_numpy().tolist() == [[5_000_000, 6_000_000]]
    assert figures.raised_by_project(frames)["goal_min_minor"].tolist() == [6_000_000]
    assert figures.goal_moves(figures.fair_frames(fair, DAY - timedelta(days=1))).empty


def test_from_need_to_gap(roof, fair):
    mix = figures.finance_mix(figures.fair_frames(fair, DAY)).set_index("kind")["amount_minor"]

    promised = sum(100_000 + 50_000 * n for n in range(7))
    assert mix["need"] == 8_000_000
    assert mix["savers"] == promised
    assert mix["bank-loan"] == 2_000_000
    assert mix["gap"] == 8_000_000 - promised - 2_000_000
    assert mix["beyond"] == 0


# --- Help -------------------------------------------------------------------------------------


def test_help_is_told_as_the_fairs_own_page_tells_it(roof, fair):
    for given in roof.vehicle.project.in_kind.all():
        in_kind.deliver(in_kind=given, on=DAY, by="t")
        in_kind.verify(in_kind=given, on=DAY, by="t")

    frames = figures.fair_frames(fair, DAY)

    after = DAY + timedelta(days=2)  # The fair's own page tells it from the day after.
    ((hours,),) = (project.help_ for project in outcomes.outcomes(fair, after))
    row = figures.help_steps(frames).iloc[0]
    shown = ["" if n < 0 else quantity_text(Decimal(str(n)), "HOUR") for n in row.tolist()[1:]]
    both = [(one, step.text) for one, step in zip(shown, hours.steps, strict=True)]
    assert all(one == other for one, other in both if one and other)
    assert any(one and other for one, other in both)
    each = roof.vehicle.project.in_kind.first().unit_value_minor
    assert figures.help_worth(frames) == figures.Worth(56 * each, 7, 0)
    assert figures.help_by_sort(frames)[["sort", "offers"]].to_numpy().tolist() == [["time", 7]]


def test_fulfilment_is_verified_of_accepted():
    moments = [(0, "offered", 10), (1, "accepted", 10), (2, "delivered", 5), (3, "verified", 5)]
    steps = [
        {
            "help": n,
            "at": datetime(2026, 1, 1 + day, tzinfo=UTC),
            "on": date(2026, 1, 1 + day),
            "state": state,
            "quantity": Decimal(8),
            "person": n,
            "unit": "HOUR",
            "is_here": True,
        }
        for day, state, givers in moments
        for n in range(1, givers + 1)
    ]
    empty = pd.DataFrame()
    names = ("projects", "pledges", "receipts", "finance", "instalments", "fairs")
    frames = figures.FairFrames(as_of=DAY, help=pd.DataFrame(steps), **dict.fromkeys(names, empty))

    assert figures.help_steps(frames).iloc[0].tolist() == ["HOUR", 80.0, 80.0, 40.0, 40.0]
    assert figures.fulfilment(frames)["share"].tolist() == [0.5]


def test_a_need_is_met_by_accepted_help_of_its_whole_quantity(roof, fair):
    project = roof.vehicle.project
    need = Need.objects.create(
        project=project, text_sv="Måla", text_en="Paint", quantity=16, unit="h"
    )
    first, second, *_rest = project.in_kind.all()
    in_kind.answer_need(in_kind=first, need=need)

    assert figures.needs_met(figures.fair_frames(fair, DAY)) == figures.NeedsMet(1, 0)
    in_kind.answer_need(in_kind=second, need=need)
    assert figures.needs_met(figures.fair_frames(fair, DAY)) == figures.NeedsMet(1, 1)


# --- Scopes and periods ----------------------------------------------------------------------


def test_a_period_counts_what_happened_in_it(roof, fair):
    make.called(make.pledge(roof, 2000, "Hans", key="late", on=DAY), DAY)

    whole = figures.scope_frames(figures.of_project(roof.vehicle.project), DAY)
    autumn = figures.scope_frames(figures.of_project(roof.vehicle.project, date(2026, 9, 1)), DAY)

    assert figures.raised_by_project(whole)["committed_minor"].tolist() == [1_950_000]
    assert figures.raised_by_project(autumn)["committed_minor"].tolist() == [200_000]
    assert autumn.receipts.empty
    assert figures.raised_by_project(autumn)["enabled_minor"].tolist() == [0]
    assert figures.production(autumn).empty
    assert figures.help_steps(autumn).empty


def test_a_kind_of_vehicle_tells_only_what_it_raised(roof, fair):
    loan = make.loan_offering(make.project("ugnen", owner=roof.vehicle.organisation))
    for name in SAVERS:
        make.called(make.pledge(loan, 1000, name))

    lent = figures.raised_by_project(figures.scope_frames(figures.of_kind("direct-loan"), DAY))
    whole = figures.raised_by_project(figures.scope_frames(figures.of_all(), DAY))

    assert lent[["name", "committed_minor"]].to_numpy().tolist() == [["Ugnen", 700_000]]
    assert whole["committed_minor"].sum() == 700_000 + 1_750_000


# --- Very little and very much ------------------------------------------------------------------


def test_a_report_before_the_first_entry(roof, fair):
    report = fair_report(fair, date(2019, 1, 1))

    assert report.is_empty
    assert {part.code for part in report.parts} == {
        "raised",
        "savers",
        "finance",
        "loans",
        "became",
    }
    assert report.tiles[0].value == "0\xa0kr"


def test_a_report_over_one_day_and_over_ten_years(roof, fair):
    one = figures.scope_frames(figures.of_all(SUMMER), SUMMER)
    ten = figures.scope_frames(figures.of_all(date(2016, 1, 1)), DAY)

    assert figures.raised_by_project(one)["received_minor"].tolist() == [1_750_000]
    assert figures.by_year(one)["year"].tolist() == [2026]
    assert figures.by_year(ten)["year"].tolist() == [2026]
    assert figures.raised_by_project(ten)["received_minor"].tolist() == [1_750_000]


def test_a_report_with_one_saver_and_no_needs(roof):
    fair = make.fair(owner=roof.vehicle.organisation, of=(roof.vehicle.project,))
    make.called(make.pledge(roof, 1500, "Ada", fair=fair))

    report = fair_report(fair, DAY)

    shown = [chart.id for chart in report.charts if chart.figure is not None]
    assert shown == ["raised", "velocity", "finance"]
    assert not any(part.code == "help" for part in report.parts)
    facts = [fact.label for part in report.parts for fact in part.facts]
    assert facts == []


def test_a_report_of_three_hundred_projects_is_quick_and_asks_no_more(roof):
    owner = roof.vehicle.organisation
    projects = [make.project(f"p{n}", owner=owner) for n in range(299)]
    fair = make.fair(owner=owner, of=(roof.vehicle.project, *projects[:1]))
    with CaptureQueriesContext(connection) as few:
        fair_report(fair, DAY)
    Pitch.objects.bulk_create(
        Pitch(fair=fair, project=of, position=n, accepted_on=SUMMER)
        for n, of in enumerate(projects[1:], start=3)
    )
    for of in projects[:40]:
        loan = make.loan_offering(of)
        make.called(make.pledge(loan, 1000, "Ada"))

    began = time.process_time()
    with CaptureQueriesContext(connection) as many:
        report = fair_report(fair, DAY)

    assert time.process_time() - began < 3
    assert len(many) <= len(few)
    raised = next(chart for chart in report.charts if chart.id == "raised")
    assert len(raised.rows) == 300
    assert len(raised.figure["data"][1]["x"]) == 10
