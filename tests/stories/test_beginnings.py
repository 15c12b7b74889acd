"""How the valley began: told in its fixture, and found again in the books and on the pages."""

import os
import tomllib
from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from itertools import chain

import pytest
from django.core.management import call_command
from django.db.models import Q
from django.utils import timezone

from invest import scenario
from invest.in_kind import fits
from invest.kinds import BOUGHT
from invest.models import (
    Assessment,
    AssetCard,
    Cooperation,
    Fair,
    Gathering,
    GatheringChange,
    Holding,
    Letter,
    Minute,
    Organisation,
    Person,
    Place,
    Pledge,
    Project,
    SignUp,
    Vehicle,
    VoucherCode,
)
from invest.places.queries import places
from invest.places.queries.directory import listings
from invest.progress.progress import progress, progress_of, total
from invest.scenario import beginnings
from invest.vehicles import actions
from invest.vouchers import codes
from pools import balances
from pools.models import Account, BankLine
from tests import factories as make
from tests.conftest import STORY_DAY
from tests.pools.test_exports import HLEDGER, hledger_says, ours

pytestmark = pytest.mark.django_db
TOLD = tomllib.loads(beginnings.STORY.read_text("utf-8"))
SOURCE = tomllib.loads(scenario.STORY.read_text("utf-8"))


@pytest.fixture(scope="module")
def place(valley):
    return Place.objects.get(name=TOLD["place"]["name"])


# --- The place and its inventory ------------------------------------------------------------------


def test_the_inventory_is_as_told(place):
    rows = TOLD["inventory"]["cards"]
    standing = [row["title"] for row in rows if "away" not in row]

    assert sorted(place.cards.values_list("title", flat=True)) == sorted(r["title"] for r in rows)
    assert sorted(c.title for c in fits.standing(place)) == sorted(standing)
    assert 45 <= len(standing) <= 60
    told = {(row["kind"], row.get("side", "have")) for row in rows}
    assert {kind for kind, _side in told} == set(AssetCard.Kind.values)
    assert {side for _kind, side in told} == set(AssetCard.Side.values)
    gone = place.cards.filter(removed_at__isnull=False)
    assert all(card.removed_why and card.removed_at > card.added_at for card in gone)


def test_what_fits_is_found_and_what_was_promised_is_on_its_way(place, valley):
    page = places.place_page(place, max(place.cards.values_list("added_at", flat=True)).date())
    promised = {row["card"] for row in TOLD["inventory"]["promised"]}

    assert any(fit.need for fit in page.fits)
    assert any(fit.card for fit in page.fits)
    became = place.cards.filter(in_kind__isnull=False)
    assert {card.title for card in became} == promised
    for card in became.select_related("in_kind"):
        assert card.in_kind.events.earliest("pk").on >= card.added_at.date()


def test_nobody_is_reached_without_their_word(place, client):
    """Every card's page of the public inventory, and who has not agreed stands on none of them."""
    pages = "".join(
        client.get(place.get_absolute_url(), {"page": number}).content.decode()
        for number in range(1, 5)
    )
    agreed = {
        card.person_id: card.person
        for card in place.cards.filter(contact_agreed_at__isnull=False).select_related("person")
    }
    silent = [
        card.person
        for card in place.cards.filter(person__isnull=False).select_related("person")
        if card.person_id not in agreed
    ]

    assert len(agreed) > 5
    assert len(silent) > 5
    assert [p.name for p in silent if p.name in pages or (p.email and p.email in pages)] == []
    assert any(person.name in pages for person in agreed.values())


# --- Gatherings -----------------------------------------------------------------------------------


def test_the_first_evening_is_three_years_before_the_first_fair(valley):
    first, fair = Gathering.objects.first(), Fair.objects.order_by("starts_at").first()
    told = TOLD["gathering"][0]

    assert (first.form, first.name) == ("meeting", told["name"])
    assert first.starts_at.date().replace(year=first.starts_at.year + 3) == fair.starts_at.date()
    assert first.sign_ups.count() == told["savers"][1] - told["savers"][0] + len(told["cast"]) > 25
    assert first.sign_ups.filter(cancelled_at__isnull=False).count() == len(told["withdrew"])
    assert first.sign_ups.filter(came=False).count() == len(told["stayed"])
    decided = first.minutes.filter(kind="decision")
    assert [minute.project and minute.project.slug for minute in decided] == [None, "mjolet"]
    assert all(minute.outcome and minute.done_on > first.starts_at.date() for minute in decided)


def test_every_fair_is_a_gathering_and_the_forms_are_told(valley):
    fairs = {fair.slug: fair for fair in Fair.objects.all()}
    held = {row.fair.slug: row for row in Gathering.objects.filter(fair__isnull=False)}

    assert held.keys() == fairs.keys()
    for slug, fair in fairs.items():
        assert (held[slug].starts_at, held[slug].venue) == (fair.starts_at, fair.venue)
    assert {row.form for row in Gathering.objects.all()} == set(Gathering.Form.values)
    assert Gathering.objects.count() == len(TOLD["gathering"]) + len(fairs)


def test_nobody_signs_up_where_there_is_no_room_or_twice(valley):
    for gathering in Gathering.objects.prefetch_related("sign_ups"):
        coming = [made for made in gathering.sign_ups.all() if made.cancelled_at is None]
        assert gathering.most is None or sum(made.party for made in coming) <= gathering.most
        assert len({made.person_id for made in coming}) == len(coming)


def test_what_was_moved_or_cancelled_says_from_what_and_why(valley):
    moved, cancelled = (
        [row for row in TOLD["gathering"] if word in row] for word in ("moved", "cancelled")
    )

    assert GatheringChange.objects.count() == len(moved) + len(cancelled) == 2
    for row in moved:
        change = GatheringChange.objects.get(gathering__slug=row["slug"])
        assert (change.was_in, change.reason) == (row["moved"]["venue"], row["moved"]["why"])
        assert change.gathering.venue == row["venue"] != change.was_in
    for row in cancelled:
        gathering = Gathering.objects.get(slug=row["slug"])
        assert gathering.cancelled_at == gathering.changes.get().at < gathering.starts_at
        assert not gathering.sign_ups.filter(came__isnull=False).exists()


def test_nobody_comes_before_they_are_known_and_nothing_lies_ahead(valley):
    for made in SignUp.objects.select_related("person", "gathering"):
        assert made.person.created_at <= made.signed_up_at
        assert made.signed_up_at.date() <= timezone.localdate(made.gathering.starts_at)
        assert made.signed_up_at.date() <= STORY_DAY
    for card in AssetCard.objects.filter(person__isnull=False).select_related("person"):
        assert card.person.created_at <= card.added_at
    for promise in Pledge.objects.select_related("person"):
        assert promise.person.created_at <= promise.submitted_at
    for minute in Minute.objects.select_related("gathering"):
        met = timezone.localdate(minute.gathering.starts_at)
        assert met <= STORY_DAY
        assert minute.done_on is None or met <= minute.done_on <= STORY_DAY
        assert minute.due_on is None or met <= minute.due_on


def test_no_letter_of_long_ago_goes_out_again(valley):
    assert not Letter.objects.filter(kind=Letter.Kind.GATHERING).exists()


def test_numbered_minutes_name_nobody_in_full_without_their_word(valley):
    agreed = Person.objects.filter(
        consents__kind="publish-name", consents__withdrawn_at__isnull=True
    )
    silent = Person.objects.exclude(pk__in=agreed).exclude(
        name__in=agreed.values_list("name", flat=True)
    )
    told = " ".join(
        f"{minute.text} {minute.who} {minute.outcome}" for minute in Minute.objects.all()
    )

    assert [name for name in silent.values_list("name", flat=True) if name in told] == []
    for gathering in Gathering.objects.prefetch_related("minutes"):
        numbers = [minute.number for minute in gathering.minutes.all()]
        assert numbers == list(range(1, len(numbers) + 1))


def test_others_have_a_part_of_their_own(valley):
    rows = [*TOLD["fairs"]["together"], *chain(*(g.get("together", []) for g in TOLD["gathering"]))]
    parts = Cooperation.objects.select_related("organisation", "gathering", "fair")

    assert sorted(part.part for part in parts) == sorted(row["part"] for row in rows)
    assert len({p.organisation for p in parts if p.fair_id}) >= 2
    assert len({p.organisation for p in parts if p.gathering_id}) >= 2
    for part in parts:
        holder = (part.fair or part.gathering).organisation
        assert part.organisation != holder
        answered = part.accepted_on or part.declined_on
        assert answered is None or part.invited_on <= answered


# --- Flour ----------------------------------------------------------------------------------------

FLOUR, PELLETS, CHEQUES = TOLD["project"]
BOUGHT_HERE = (FLOUR, PELLETS, CHEQUES)


def test_the_flour_is_settled_to_the_ore(valley):
    """Each gets back what they paid less their share of the invoice, within one öre of exact."""
    vehicle = Vehicle.objects.get(slug=FLOUR["slug"])
    price = FLOUR["offer"]["terms"]["price_minor"]
    invoice = next(
        round(row["facts"]["amount"] * 100) for row in FLOUR["actions"] if row["act"] == "invoice"
    )
    sacks = sorted(row["n"] for row in FLOUR["buyers"] if "paid" in row)
    rows = make.sheet(vehicle, "settlement", STORY_DAY)
    came_back = sorted(row[4] for row in rows)
    exact = sorted(n * price - Fraction(invoice * n, sum(sacks)) for n in sacks)

    assert sorted(row[2] for row in make.sheet(vehicle, "orders", STORY_DAY)) == sacks
    assert sum(came_back) == sum(sacks) * price - invoice
    assert all(abs(got - due) < 1 for got, due in zip(came_back, exact, strict=True))
    now = actions.snapshot(vehicle, STORY_DAY)
    assert not any(now.held("prepaid").values())
    assert not any(now.held("units").values())
    assert (now.own("supplier"), now.own("fetched")) == (0, sum(sacks))
    assert vehicle.actions.filter(act="close").exists()
    assert vehicle.project.stages.latest("number").to_state == "completed"


# --- Pellets --------------------------------------------------------------------------------------


def test_the_pellets_are_being_ordered_and_lack_a_few(valley, client):
    """By hand: who has ordered and not withdrawn, and who has paid; nothing is ordered yet."""
    vehicle = Vehicle.objects.get(slug=PELLETS["slug"])
    terms = PELLETS["offer"]["terms"]
    wanted = sum(row["n"] for row in PELLETS["buyers"] if "withdrew" not in row)
    paid = sum(row["n"] for row in PELLETS["buyers"] if "paid" in row)
    now = actions.snapshot(vehicle, STORY_DAY)
    offer = progress_of(vehicle.project, STORY_DAY).open_offer

    assert 0 < paid < wanted < terms["least"]
    assert offer.offering.pledged_minor == wanted * terms["price_minor"]
    assert offer.lacking == f"{terms['least'] - wanted} × {terms['unit_word']}"
    assert now.all_held("prepaid") == paid * terms["price_minor"]
    assert not vehicle.actions.filter(act__in={"order", "cancel", "close"}).exists()
    assert offer.lacking in client.get(vehicle.project.get_absolute_url()).content.decode()


# --- Vouchers -------------------------------------------------------------------------------------


def by_hand(told_today: date) -> dict[str, int]:
    """Kronor sold, given, taken, lapsed and still good, from the fixture alone."""
    worth, months = (CHEQUES["offer"]["terms"][name] for name in ("worth", "months"))
    given = {row["batch"]: (row["on"], row["n"] * worth) for row in CHEQUES["given"]}
    sold = {
        row["batch"]: (row["on"] + timedelta(days=14), row["n"] * worth)
        for row in CHEQUES["buyers"]
        if row["on"] + timedelta(days=14) <= told_today
    }
    used = defaultdict(int)
    for row in CHEQUES["uses"]:
        used[row["batch"]] += row["kr"]
    left = {batch: kr - used[batch] for batch, (_, kr) in {**sold, **given}.items()}
    over = {
        batch
        for batch, (on, _kr) in {**sold, **given}.items()
        if on.replace(year=on.year + months // 12) < told_today
    }
    return {
        "sold": sum(kr for _, kr in sold.values()),
        "given": sum(kr for _, kr in given.values()),
        "taken": sum(used.values()),
        "lapsed": sum(kr for batch, kr in left.items() if batch in over),
        "good": sum(kr for batch, kr in left.items() if batch not in over),
        "waiting": worth * sum(row["n"] for row in CHEQUES["buyers"] if row["batch"] not in sold),
    }


def test_the_vouchers_are_what_the_fixture_says(valley, place):
    vehicle = Vehicle.objects.get(slug=CHEQUES["slug"])
    told = by_hand(SOURCE["told_on"])
    now = actions.snapshot(vehicle, STORY_DAY)
    tills = [sum(u["kr"] for u in CHEQUES["uses"] if u["till"] == n) for n in (0, 1)]
    last_paid = max(row["on"] for row in CHEQUES["pays_out"])
    owed = sum(use["kr"] for use in CHEQUES["uses"] if use["on"] > last_paid)

    assert min(told.values()) > 0
    assert told["sold"] + told["given"] == told["taken"] + told["lapsed"] + told["good"]
    assert now.own("outstanding") == 100 * told["good"]
    assert now.own("fund") == 100 * told["lapsed"]
    assert now.all_held("prepaid") == 100 * told["waiting"]
    assert now.all_held("owed") == 100 * owed > 0
    taken = sorted(row[1] for row in make.sheet(vehicle, "producers", STORY_DAY))
    assert taken == sorted(100 * kr for kr in tills)
    assert codes.outstanding(VoucherCode.objects.filter(vehicle=vehicle)) == told["good"]
    names = Holding.objects.filter(vehicle=vehicle, role="owed").values_list("person__name")
    # Nobody has ticked it: the book knows who takes them.
    listed = {(listing.producer.name,) for listing in listings(place, takes="vouchers")}
    assert set(names) == listed


def test_the_association_never_pays_what_it_has_not_got(valley):
    bank = Account.objects.get(ledger__code="bygdeforeningen-sek", code="assets:bank")
    days = BankLine.objects.filter(statement__bank_account__account=bank).values_list(
        "booked_on", flat=True
    )

    assert len(set(days)) > 10
    assert min(balances.balance(bank, as_of=day) for day in set(days)) >= 0


# --- All of it ------------------------------------------------------------------------------------


def test_what_is_bought_is_raised_for_nobody(valley):
    for told in BOUGHT_HERE:
        vehicle = Vehicle.objects.get(slug=told["slug"])
        assert vehicle.kind in BOUGHT
        assert balances.balances(Account.objects.filter(pool=vehicle.pool))
        sums = progress_of(vehicle.project, STORY_DAY).sums
        assert (sums.committed_minor, sums.received_minor, sums.saving_minor) == (0, 0, 0)
    of_bought = Pledge.objects.filter(offering__vehicle__kind__in=BOUGHT)
    assert of_bought.count() == sum(len(told["buyers"]) for told in BOUGHT_HERE)


def test_the_community_raises_no_more_for_what_came_before(valley):
    """All that is raised is raised by the projects told of in the valley's own story."""
    raised = progress(Q(slug__in=[told["slug"] for told in SOURCE["project"]]), STORY_DAY)
    everything = progress(Q(), STORY_DAY)
    before = Q(slug__in=[told["slug"] for told in BOUGHT_HERE])

    assert Project.objects.filter(before).count() == len(BOUGHT_HERE)
    assert len(everything) == len(raised) + len(BOUGHT_HERE)
    assert total(everything.values(), savers=0) == total(raised.values(), savers=0)
    assert total(raised.values(), savers=0).received_minor > 0


def test_two_enterprises_have_looked_at_themselves(valley):
    told = {one["slug"]: one["assessed"] for one in SOURCE["project"] if "assessed" in one}

    assert len(told) >= 2
    assert max(len(rows) for rows in told.values()) >= 2
    for slug, rows in told.items():
        made = Assessment.objects.filter(project__slug=slug).order_by("on")
        assert [one.answers for one in made] == [row["answers"] for row in rows]
        assert all(one.next_on > one.on for one in made)


def test_producers_are_listed_from_the_day_they_agreed(place):
    assert place.producers.count() == len(TOLD["producer"])
    assert 10 <= place.producers.filter(ended_on__isnull=True).count() <= 14
    assert all(
        row.ended_on is None or row.ended_on > row.agreed_on for row in place.producers.all()
    )


def test_the_pages_of_the_beginnings_name_nobody_without_their_word(place, client):
    agreed = Person.objects.filter(
        consents__kind="publish-name", consents__withdrawn_at__isnull=True
    )
    shown = set(agreed.values_list("name", flat=True))
    shown |= {c.person.name for c in place.cards.filter(contact_agreed_at__isnull=False)}
    silent = Person.objects.exclude(name__in=shown)
    told = [told["slug"] for told in BOUGHT_HERE]
    pages = "".join(
        client.get(address).content.decode()
        for address in (place.get_absolute_url(), *(f"/projects/{slug}/" for slug in told))
    )

    assert silent.count() > 50
    assert [p.name for p in silent if p.name in pages or (p.email and p.email in pages)] == []


@pytest.mark.skipif(not HLEDGER and os.environ.get("CI") != "true", reason="hledger not found")
def test_hledger_agrees_with_the_association_s_book(valley, tmp_path):
    keeper = Organisation.objects.get(slug="bygdeforeningen")
    journal = tmp_path / "book.hledger"
    call_command(
        "export_book",
        "--format=hledger",
        f"--organisation={keeper.slug}",
        f"--out={journal}",
        verbosity=0,
    )

    ledgers = {keeper.ledger}
    for vehicle in keeper.vehicles.all():
        ledgers |= {vehicle.units_ledger, vehicle.rights_ledger}
    told = hledger_says(journal)
    assert told == ours(ledgers - {None})
    assert len(told) > 10
