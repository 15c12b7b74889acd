"""The figures of a fair, each against a plain recount of the rows it tells of."""

import json
from collections import Counter, defaultdict
from dataclasses import asdict
from datetime import date, timedelta
from fractions import Fraction
from statistics import median

import pandas as pd
import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from invest.kinds import KINDS, RAISED
from invest.models import (
    Fair,
    FinanceSource,
    Instalment,
    Organisation,
    Placement,
    Pledge,
    PledgeEvent,
    Project,
    Vehicle,
)
from invest.payouts import repayments
from invest.payouts.repayments import owed_on
from invest.pledges import pledges
from invest.progress.disclosure import FEWEST_SHOWN
from invest.progress.sums import KnownTo
from invest.treasury import placing
from pools import book
from pools.models import Ledger
from reports import charts, figures
from reports.figures import FairFrames, fair_frames
from reports.figures import energy as figures_energy
from reports.figures import saving as figures_saving
from tests import factories as make
from tests.conftest import STORY_DAY
from tests.factories import DAY


@pytest.fixture(scope="module")
def told(valley) -> FairFrames:
    return fair_frames(Fair.objects.get(slug="fjarde-massan"), STORY_DAY)


@pytest.fixture(scope="module")
def promised(told) -> list[PledgeEvent]:
    """The last event of every pledge that counts, recounted one by one."""
    fair = Fair.objects.get(slug="fjarde-massan")
    mine = Pledge.objects.filter(offering__vehicle__project__pitches__fair=fair)
    last = [pledge.events.latest("number") for pledge in mine.distinct()]
    return [event for event in last if event.to_state in PledgeEvent.COMMITTED]


def by_saver(promised) -> dict[int, int]:
    sums: dict[int, int] = defaultdict(int)
    for event in promised:
        sums[event.pledge.person_id] += event.amount_minor
    return sums


def test_s12c_raised_is_what_the_rows_say(told, promised):
    committed, received, enabled = Counter(), Counter(), Counter()
    for event in promised:
        committed[event.pledge.offering.vehicle.project.name] += event.amount_minor
    for match in Placement.objects.payments().standing():
        received[match.call.pledge.offering.vehicle.project.name] += match.amount_minor
    for loan in FinanceSource.objects.filter(kind="bank-loan", signed_on__lte=STORY_DAY):
        enabled[loan.project.name] += loan.amount_minor

    table = figures.raised_by_project(told)

    assert len(table) == 4
    for row in table.itertuples():
        assert row.committed_minor == committed[row.name]
        assert row.received_minor == received[row.name]
        assert row.enabled_minor == enabled[row.name]


def test_amounts_are_whole_ore(told):
    for frame in (told.pledges, told.receipts, told.finance, told.instalments, told.projects):
        for column in frame.columns:
            if column.endswith("_minor"):
                assert frame[column].dtype == "int64", column


def test_s12d_the_funnel_narrows_and_counts_whoever_got_so_far(told):
    fair = Fair.objects.get(slug="fjarde-massan")
    here = PledgeEvent.objects.filter(pledge__offering__vehicle__project__pitches__fair=fair)
    called = here.filter(to_state="called").values("pledge").distinct().count()
    paid = here.filter(to_state="paid").values("pledge").distinct().count()

    table = figures.funnel(told).set_index("step")

    assert table["pledges"].is_monotonic_decreasing
    assert table.loc["submitted", "pledges"] == here.values("pledge").distinct().count()
    assert table.loc["called", "pledges"] == called
    assert table.loc["paid", "pledges"] == paid


def test_s12e_growth_ends_at_what_is_committed(told, promised):
    table = figures.velocity(told)

    assert table["amount_minor"].iloc[-1] == sum(event.amount_minor for event in promised)
    assert table["amount_minor"].is_monotonic_increasing
    assert table["on"].is_monotonic_increasing


def test_s12f_median_and_mean_are_per_saver(told, promised):
    sums = by_saver(promised).values()

    assert figures.middle(told) == (int(median(sums)), sum(sums) // len(sums))


def test_the_histogram_counts_each_saver_once(told, promised):
    table = figures.histogram(told)

    assert table["savers"].sum() == len(by_saver(promised))
    assert (~table["is_hidden"] | (table["savers"] > 0)).all()


def test_s12g_local_share_is_by_home(told, promised):
    sums = Counter()
    for event in promised:
        home = event.pledge.person.municipality
        sums["unknown" if not home else "own" if home == "Björkdalen" else "elsewhere"] += (
            event.amount_minor
        )

    table = figures.local_share(told).set_index("place")

    assert dict(table["amount_minor"]) == dict(sums)


def test_s12h_outstanding_ends_at_what_the_accounts_hold(told):
    last = figures.outstanding(told).iloc[-1]
    vehicles = told.instalments["vehicle"].unique().tolist()
    owed = sum(owed_on(row).principal_minor for row in _instalments(vehicles))

    assert last["on"] == STORY_DAY
    assert last["outstanding_minor"] == last["lent_minor"] - last["repaid_minor"] == owed


def _instalments(vehicles):
    return Instalment.objects.filter(plan__vehicle__in=vehicles)


def test_s12i_arrears_are_what_is_due_and_unpaid(told):
    late = [
        row
        for row in _instalments(told.instalments["vehicle"].unique().tolist())
        if row.due_on < STORY_DAY
    ]

    assert figures.arrears(told)["amount_minor"].sum() == sum(owed_on(r).total_minor for r in late)


def test_s12j_cohorts_count_what_was_paid_in_time(told):
    table = figures.cohorts(told).set_index("fair_name")
    fair = Fair.objects.get(slug="forsta-massan")
    # Support savings are nobody's to raise.
    made = Pledge.objects.filter(fair=fair, offering__vehicle__kind__in=RAISED)
    total = sum(pledge.events.latest("number").amount_minor for pledge in made)
    held_on = fair.starts_at.date()
    in_time = 0
    for pledge in made:
        last = pledge.events.latest("number")
        paid = pledge.events.filter(to_state__in=["paid", "converted"]).order_by("number").first()
        if paid and (paid.on - held_on).days <= 90:
            in_time += last.amount_minor

    assert table.loc[fair.name, "pledged_minor"] == total
    assert table.loc[fair.name, "90"] == round(in_time / total, 2)


# --- The book itself, asked in SQL -------------------------------------------------------

RECEIVED = """
SELECT v.project_id, SUM(t.amount_minor)
FROM pools_transfer t
JOIN pools_entry e ON e.id = t.entry_id
JOIN invest_holding h ON h.account_id = t.credit_id
JOIN invest_vehicle v ON v.id = h.vehicle_id
JOIN invest_pitch p ON p.project_id = v.project_id AND p.fair_id = %s
WHERE e.kind = 'pay-in' AND e.booked_on <= %s
  AND NOT EXISTS (SELECT 1 FROM pools_entry r WHERE r.reverses_id = e.id AND r.booked_on <= %s)
GROUP BY v.project_id
"""
# What stands on the accounts of lenders whose loan has a plan, from every transfer there is.
OUTSTANDING = """
SELECT SUM(CASE WHEN t.credit_id = a.id THEN t.amount_minor ELSE -t.amount_minor END)
FROM pools_account a
JOIN invest_holding h ON h.account_id = a.id
JOIN pools_transfer t ON a.id IN (t.credit_id, t.debit_id)
JOIN pools_entry e ON e.id = t.entry_id
WHERE e.booked_on <= %s AND h.vehicle_id IN (SELECT vehicle_id FROM invest_plan)
"""
REPAID = """
SELECT SUM(t.amount_minor)
FROM pools_transfer t
JOIN pools_entry e ON e.id = t.entry_id
JOIN invest_holding h ON h.account_id = t.debit_id
WHERE e.kind = 'repayment' AND e.booked_on <= %s
  AND NOT EXISTS (SELECT 1 FROM pools_entry r WHERE r.reverses_id = e.id)
"""


def ask(sql: str, *given: object) -> list[tuple[int, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchall()


def test_sql_over_the_transfers_agrees_to_the_ore(told):
    fair = Fair.objects.get(slug="fjarde-massan")
    received = figures.raised_by_project(told).set_index("project")["received_minor"]
    last = figures.outstanding(told).iloc[-1]

    by_project = dict(ask(RECEIVED, fair.pk, STORY_DAY, STORY_DAY))
    ((outstanding,),) = ask(OUTSTANDING, STORY_DAY)
    ((repaid,),) = ask(REPAID, STORY_DAY)

    assert by_project == {key: minor for key, minor in received.items() if minor}
    assert len(by_project) >= 2
    assert last["repaid_minor"] == repaid > 0
    assert last["outstanding_minor"] == outstanding > 0


def test_a_fund_a_plant_and_savings_tell_what_their_own_sheets_tell(told):
    fund = Vehicle.objects.get(slug="mikrofonden")
    capacity = figures.capacity(told).iloc[0]
    sheet = figures.sheet_frame(fund, "capacity", STORY_DAY)["kronor"].dropna().tolist()
    plant = Vehicle.objects.get(slug="vattenkvarnen")
    read = figures.sheet_frame(plant, "production", STORY_DAY)
    saving = figures_saving(told)
    register = figures.sheet_frame(
        Vehicle.objects.get(slug="bygdegardens-varme"), "register", STORY_DAY
    )

    assert capacity["capital_minor"] == sheet[5]
    parts = [capacity[f"{part}_minor"] for part in figures.PARTS]
    assert sum(parts) == capacity["capital_minor"]
    assert figures.production(told)["kwh"].tolist() == read["kwh"].tolist()
    assert figures.production(told)["total_kwh"].iloc[-1] == read["kwh"].sum()
    # Only one holder has used electricity: the benefit would be that holder's own.
    assert figures_energy(told).benefit_minor is None
    assert saving.saved_minor == figures.balances(told)["saved_minor"].iloc[-1]
    assert saving.saved_minor in {
        int(register[name].sum()) for name in register.columns if register[name].dtype == "Int64"
    }


def test_the_community_in_all_tells_more_and_each_part_tells_its_own(valley):
    whole = figures.scope_frames(figures.of_all(), STORY_DAY)
    energy = Organisation.objects.get(slug="bjorkdalens-energi")
    table = figures.raised_by_project(whole).set_index("name")
    one = figures.scope_frames(figures.of_project(Project.objects.get(slug="soltaket")), STORY_DAY)
    own = figures.raised_by_project(
        figures.scope_frames(figures.of_organisation(energy), STORY_DAY)
    )
    lent = figures.scope_frames(figures.of_kind("direct-loan"), STORY_DAY)

    columns = ["committed_minor", "received_minor", "goal_min_minor"]
    soltaket = figures.raised_by_project(one).iloc[0]
    assert soltaket[columns].tolist() == table.loc["Soltaket på skolan", columns].tolist()
    assert set(own["name"]) <= set(table.index)
    assert len(own) == energy.projects.count()
    assert set(figures.committed(lent)["project"]) <= set(lent.projects["project"])
    assert figures.repaid(lent) == figures.repaid(whole)
    assert figures_energy(one) is None
    assert figures_energy(whole).year_kwh > 0


def test_any_scope_is_drawn_by_the_same_charts(valley):
    energy = Organisation.objects.get(slug="bjorkdalens-energi")
    scopes = [
        figures.of_all(date(2026, 1, 1)),
        figures.of_organisation(energy),
        figures.of_project(Project.objects.get(slug="flislaget")),
        *(figures.of_kind(kind) for kind in KINDS),
    ]
    drawn = set()
    for scope in scopes:
        frames = figures.scope_frames(scope, STORY_DAY)
        for code in charts.CHAPTERS:
            for chart in charts.drawn(frames, code):
                drawn.add(chart.id)
                assert len(chart.data.rows) == len(chart.rows), chart.id
                json.dumps(asdict(chart), allow_nan=False)
                assert "earlier fairs" not in chart.note
                assert "tidigare mässor" not in chart.note

    assert len(drawn) >= 18


def test_two_years_side_by_side_make_the_whole(valley):
    scope = figures.of_all()
    whole = figures.scope_frames(scope, STORY_DAY)
    table = figures.by_year(whole).set_index("year")
    this_year = figures.scope_frames(figures.of_all(date(2026, 1, 1)), STORY_DAY)

    assert table.index.tolist() == [2023, 2024, 2025, 2026]
    for name in ("committed_minor", "received_minor"):
        told = table.loc[table[name] >= 0, name]
        assert told.sum() <= figures.raised_by_project(whole)[name].sum()
    assert int(this_year.receipts["amount_minor"].sum()) == table.loc[2026, "received_minor"]
    assert table["repaid_minor"].sum() == figures.repaid(whole).repaid_minor
    assert table["lent_minor"].sum() == figures.repaid(whole).lent_minor


# --- Formulas ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("amounts", "index"),
    [([500, 1000, 1000, 2500, 5000], 0.42), ([1, 1, 1, 1], 0), ([0, 0, 0, 4], 0.75)],
)
def test_s12a_gini_by_hand(amounts, index):
    assert figures.gini(amounts) == pytest.approx(index)


def test_gini_of_nothing_is_nothing():
    assert figures.gini([]) is figures.gini([0]) is None


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=40), st.integers(2, 9))
def test_s12a_gini_lies_between_and_knows_no_unit(amounts, times):
    index = figures.gini(amounts)

    if index is not None:
        assert -1e-9 <= index < 1
        assert index == pytest.approx(figures.gini([amount * times for amount in amounts]))
        differences = sum(abs(a - b) for a in amounts for b in amounts)
        plain = Fraction(differences, 2 * len(amounts) * sum(amounts))
        assert index == pytest.approx(float(plain), abs=1e-9)


def frames(**given) -> FairFrames:
    empty = pd.DataFrame()
    return FairFrames(**{**dict.fromkeys(FairFrames.__dataclass_fields__, empty), **given})


def loan(vehicle: int, balance: int, due: date) -> dict[str, object]:
    return {
        "vehicle": vehicle,
        "plan_minor": balance,
        "made_on": DAY - timedelta(days=400),
        "is_restructured": False,
        "instalment": vehicle,
        "due_on": due,
        "principal_minor": 1000,
        "interest_minor": 100,
        "paid_principal_minor": 0,
        "paid_interest_minor": 0,
    }


def test_s12b_at_risk_is_the_whole_balance_of_what_is_late():
    rows = [
        loan(1, 4_000_000, DAY - timedelta(days=35)),
        loan(2, 6_000_000, DAY + timedelta(days=5)),
    ]
    told = frames(as_of=DAY, instalments=pd.DataFrame(rows))

    assert figures.portfolio_at_risk(told, 30) == pytest.approx(0.40)
    assert figures.portfolio_at_risk(told, 90) == 0
    assert figures.arrears(told)["amount_minor"].tolist() == [0, 1100, 0, 0]


@pytest.mark.parametrize(("days_ago", "share"), [(1, 0.40), (360, 0.40), (370, 0)])
def test_s12b_a_restructured_loan_is_at_risk_for_a_year(days_ago, share):
    anew = {"is_restructured": True, "made_on": DAY - timedelta(days=days_ago)}
    rows = [
        loan(1, 4_000_000, DAY + timedelta(days=5)) | anew,
        loan(2, 6_000_000, DAY + timedelta(days=5)),
    ]
    told = frames(as_of=DAY, instalments=pd.DataFrame(rows))

    assert figures.portfolio_at_risk(told, 30) == pytest.approx(share)


# --- Few savers ----------------------------------------------------------------


@given(st.lists(st.integers(0, 30), min_size=1, max_size=9))
def test_12b_11_no_hidden_group_can_be_found_by_subtraction(counts):
    hidden = figures.hide_few(pd.Series(counts))

    for count, is_hidden in zip(counts, hidden, strict=True):
        assert is_hidden or count == 0 or count >= FEWEST_SHOWN
    unknown = [count for count, is_hidden in zip(counts, hidden, strict=True) if is_hidden]
    # What a reader can subtract to: the sum of all hidden groups. It is not a small one's own.
    others = [count for count, is_hidden in zip(counts, hidden, strict=True) if not is_hidden]
    if unknown and any(others):
        assert sum(unknown) >= FEWEST_SHOWN or sum(others) == 0


# --- Then and now ----------------------------------------------------------------


@pytest.fixture
def fair(db) -> Fair:
    roof = make.share_offering()
    made = make.fair(owner=roof.vehicle.organisation, of=(roof.vehicle.project,))
    for number, name in enumerate(("Ada", "Bo", "Cem", "Dee", "Eva", "Fia")):
        call = make.called(make.pledge(roof, 1000, name, fair=made))
        line = make.bank_line(100_000, call.ocr, reference=f"r{number}")
        placing.pair_by_reference(parts=[line], by="t")
    return made


def known() -> KnownTo:
    return KnownTo(
        event=PledgeEvent.objects.latest("pk").pk,
        ledgers={ledger.pk: ledger.head_seq for ledger in Ledger.objects.all()},
    )


def sums(told: FairFrames) -> tuple[int, int]:
    table = figures.raised_by_project(told)
    return int(table["committed_minor"].sum()), int(table["received_minor"].sum())


def test_as_of_a_day_and_known_to_a_point_stay_the_same(fair):
    before = known()
    assert sums(fair_frames(fair, DAY, before)) == (600_000, 600_000)

    placing.undo(placement=Placement.objects.first(), by="t")
    pledge = make.pledge(Pledge.objects.first().offering, 5000, "Gun", key="late")
    pledges.confirm(pledge=pledge, on=DAY, by="t")

    assert sums(fair_frames(fair, DAY, before)) == (600_000, 600_000)
    assert sums(fair_frames(fair, DAY)) == (1_100_000, 500_000)


def test_what_is_dated_later_does_not_count_before(fair):
    day_before = DAY - timedelta(days=1)

    assert sums(fair_frames(fair, day_before)) == (0, 0)


def test_a_repayment_undone_later_still_stood_then(db):
    oven = make.loan_offering(schedule_type="straight", periods=12)
    made = make.fair(owner=oven.vehicle.organisation, of=(oven.vehicle.project,))
    call = make.called(make.pledge(oven, 12_000, "Ada"))
    placing.pair_by_reference(parts=[make.bank_line(1_200_000, call.ocr)], by="t")
    plan = repayments.make_plan(vehicle=oven.vehicle, on=DAY)
    first = plan.instalments.get(period=1)
    paid = repayments.repay(instalment=first, on=first.due_on, by="t", key="1")
    before, after = known(), first.due_on + timedelta(days=5)

    book.reverse(entry=paid.entry, on=after, key="undo", by="t")

    def repaid(as_of: date, to: KnownTo | None) -> int:
        return int(figures.outstanding(fair_frames(made, as_of, to)).iloc[-1]["repaid_minor"])

    assert repaid(first.due_on, None) == repaid(after, before) == 100_000
    assert repaid(after, None) == 0
