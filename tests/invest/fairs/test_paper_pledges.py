"""Paper cards: entered by serial, once; corrected, withdrawn, and counted before a batch closes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connections, transaction
from django.urls import reverse

from invest.fairs import paper_pledges
from invest.fairs.refusals import BatchUneven, CardEntered
from invest.in_kind import in_kind
from invest.in_kind.in_kind import Help
from invest.kinds.refusals import BadTerms, UnitStep
from invest.models import CardBatch, Fair, InKind, Person, Pledge, PledgeCard, Project
from invest.people import Giver
from invest.pledges import pledges
from invest.pledges.refusals import OfferingClosed
from invest.refusals import WrongState
from tests import factories as make
from tests.factories import DAY, STOCKHOLM, sek

AT = datetime(2026, 11, 23, 20, tzinfo=STOCKHOLM)
HOURS = Help(sort="time", what="Två kvällar med pensel", quantity=Decimal(8), unit="HOUR")
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def roof(db):
    return make.share_offering()


@pytest.fixture
def fair(roof):
    return make.fair(
        owner=make.organisation("bygden", "SE3550000000054910000003"), of=(roof.vehicle.project,)
    )


@pytest.fixture
def batch(fair):
    return paper_pledges.open_batch(fair=fair, by="user:1", at=AT)


def enter(batch, serial=17, promised=None, *, name="Ada", on=DAY, project=None, **more):
    return paper_pledges.enter(
        batch=batch,
        serial=serial,
        project=project or batch.fair.pitches.get().project,
        giver=Giver(name, **more),
        promised=promised or sek(1000),
        on=on,
        by="user:1",
        at=AT,
    )


def test_a_card_of_kronor_is_a_promise_on_paper(batch):
    card = enter(batch, phone="070-1234567", publish_name=True)

    assert (card.serial, card.batch, card.in_kind) == (17, batch, None)
    assert (card.pledge.source, card.pledge.fair, card.pledge.key) == (
        Pledge.Source.PAPER,
        batch.fair,
        f"card:{batch.fair_id}:17",
    )
    assert (card.pledge.person.phone, card.pledge.shown_as) == ("070-1234567", "Ada")
    assert pledges.latest(card.pledge).amount == sek(1000)


def test_a_card_of_help_is_an_offer_in_kind(batch):
    card = enter(batch, promised=HOURS)

    assert (card.pledge, card.in_kind.what, card.in_kind.fair) == (None, HOURS.what, batch.fair)
    assert (card.in_kind.source, card.in_kind.shown_as) == ("paper", "")
    assert in_kind.latest(card.in_kind).quantity == 8


@pytest.mark.parametrize("promised", [sek(1000), sek(500), HOURS])
def test_a_serial_is_entered_once(batch, fair, promised):
    enter(batch)
    other = paper_pledges.open_batch(fair=fair, by="user:2", at=AT)

    with pytest.raises(CardEntered) as told:
        enter(other, promised=promised, name="Bo")

    assert told.value.facts == {"serial": 17, "batch": 1}
    assert (PledgeCard.objects.count(), Person.objects.count(), InKind.objects.count()) == (1, 1, 0)


def test_a_withdrawn_card_keeps_its_serial(batch, roof):
    card = enter(batch)

    paper_pledges.withdraw(card=card, on=DAY, by="user:1")

    roof.refresh_from_db()
    assert (pledges.latest(card.pledge).to_state, roof.pledged_minor) == ("withdrawn", 0)
    assert paper_pledges.counted(batch.cards.all()) == paper_pledges.Counted(
        number=0, amount_minor=0
    )
    with pytest.raises(CardEntered):
        enter(batch)


def test_a_card_of_help_is_withdrawn_too(batch):
    card = enter(batch, promised=HOURS)

    paper_pledges.withdraw(card=card, on=DAY, by="user:1")

    assert in_kind.latest(card.in_kind).to_state == "withdrawn"


def test_a_card_is_put_right(batch):
    money, helping = enter(batch), enter(batch, 18, HOURS, name="Bo")

    paper_pledges.correct(card=money, promised=sek(1500), on=DAY, by="user:1")
    paper_pledges.correct(card=helping, promised=Decimal("2.5"), on=DAY, by="user:1")

    assert paper_pledges.counted(batch.cards.all()) == paper_pledges.Counted(
        number=2, amount_minor=150_000
    )
    assert in_kind.latest(helping.in_kind).quantity == Decimal("2.5")
    with pytest.raises(BadTerms):
        paper_pledges.correct(card=money, promised=Decimal(3), on=DAY, by="user:1")


def test_a_card_that_breaks_a_rule_adds_nothing(batch, roof):
    with pytest.raises(UnitStep):
        enter(batch, promised=sek(750))
    with pytest.raises(OfferingClosed):
        enter(batch, on=DAY.replace(year=2027))
    with pytest.raises(BadTerms):
        enter(batch, project=make.project("annat", roof.vehicle.organisation))

    assert (PledgeCard.objects.count(), Person.objects.count()) == (0, 0)


def test_a_project_that_asks_for_no_money_takes_help_only(batch, fair, roof):
    shed = make.project("boden", roof.vehicle.organisation)
    fair.pitches.create(project=shed, position=2, accepted_on=DAY)

    with pytest.raises(BadTerms):
        enter(batch, project=shed)

    assert enter(batch, promised=HOURS, project=shed).in_kind.project == shed


def test_a_batch_closes_when_the_counts_agree(batch):
    enter(batch)
    enter(batch, 18, HOURS, name="Bo")

    closed = paper_pledges.close_batch(batch=batch, number=2, total=sek(1000), by="user:1", at=AT)

    assert (closed.closed_by, closed.closed_at) == ("user:1", AT)
    with pytest.raises(WrongState):
        paper_pledges.close_batch(batch=batch, number=2, total=sek(1000), by="user:1", at=AT)
    with pytest.raises(WrongState):
        enter(batch, 19)
    with pytest.raises(WrongState):
        paper_pledges.withdraw(card=batch.cards.first(), on=DAY, by="user:1")


@pytest.mark.parametrize(("number", "total"), [(2, 1000), (1, 1500), (0, 0)])
def test_an_uneven_batch_stays_open_and_tells_both_counts(batch, number, total):
    enter(batch)

    with pytest.raises(BatchUneven) as told:
        paper_pledges.close_batch(batch=batch, number=number, total=sek(total), by="user:1", at=AT)

    assert told.value.facts == {
        "told": number,
        "told_sum": sek(total),
        "entered": 1,
        "entered_sum": sek(1000),
    }
    assert CardBatch.objects.get().closed_at is None


def test_a_card_of_nothing_or_of_both_is_refused_by_the_database(batch):
    pledge = make.pledge(batch.fair.pitches.get().project.vehicles.get().offerings.get())
    offered = enter(batch, promised=HOURS).in_kind

    for promise in ({}, {"pledge": pledge, "in_kind": offered}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PledgeCard.objects.create(fair=batch.fair, batch=batch, serial=99, **promise)


def test_one_card_entered_by_many_at_once_is_one_promise(shared_db):
    roof = make.share_offering()
    fair = make.fair(owner=roof.vehicle.organisation, of=(roof.vehicle.project,))
    made = paper_pledges.open_batch(fair=fair, by="user:1", at=AT)

    def tap(number: int) -> str:
        try:
            enter(CardBatch.objects.select_related("fair").get(pk=made.pk), name=f"S{number % 2}")
        except CardEntered as refusal:
            return type(refusal).__name__
        finally:
            connections.close_all()
        return "in"

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(tap, range(6)))

    assert sorted(answers) == ["CardEntered"] * 5 + ["in"]
    assert Pledge.objects.count() == PledgeCard.objects.count() == Person.objects.count() == 1


# --- The desk -------------------------------------------------------------------------------------


@pytest.fixture
def desk(client, fair):
    client.force_login(make.user("olle", ("organiser", fair.organisation)))
    return client


def address(fair, query="") -> str:
    return reverse("cards", args=[fair.slug]) + query


def act(name, fair, *row) -> str:
    """Where an act of the desk is sent; most are of a batch, and some of a card of it."""
    return reverse(name, args=[fair.slug, *row])


def typed(fair, **more) -> dict:
    project = Project.objects.get(pitches__fair=fair).pk
    return {"serial": "17", "project": project, "name": "Ada", **more}


def test_the_desk_opens_a_batch_and_takes_card_after_card(desk, fair):
    opened = desk.post(act("open_batch", fair))
    assert opened["Location"] == address(fair, "?batch=1")

    entered = desk.post(act("enter_card", fair, 1), typed(fair, amount="1 000"))
    project = Project.objects.get(pitches__fair=fair).pk
    assert entered["Location"] == address(fair, f"?batch=1&project={project}")

    page = desk.get(entered["Location"])
    assert page.context["chosen"].amount_minor == 100_000
    assert page.context["forms"].card["project"].value() == str(project)
    assert 'name="serial" inputmode="numeric"' in page.content.decode()
    assert page.content.decode().count("autofocus") == 1


def test_the_desk_takes_help_with_its_usual_unit(desk, fair, batch):
    told = typed(fair, sort="time", what="Måla", quantity="2,5")

    assert desk.post(act("enter_card", fair, 1), told).status_code == 302

    offered = InKind.objects.get()
    assert (offered.unit_id, in_kind.latest(offered).quantity) == ("HOUR", Decimal("2.5"))


@pytest.mark.parametrize(
    ("more", "field", "status"),
    [
        ({"amount": "750"}, "amount", 400),
        ({"amount": "0"}, "amount", 400),
        ({}, "amount", 400),
        ({"amount": "500", "what": "Måla"}, "amount", 400),
        ({"what": "Måla", "quantity": "2"}, "sort", 400),
        ({"sort": "time", "quantity": "2"}, "what", 400),
        ({"sort": "time", "what": "Måla"}, "quantity", 400),
        ({"amount": "500", "serial": "0"}, "serial", 400),
        ({"amount": "500", "name": ""}, "name", 400),
        ({"amount": "200 000"}, "amount", 409),
    ],
)
def test_a_wrong_card_is_refused_beside_its_field(desk, fair, batch, more, field, status):
    response = desk.post(act("enter_card", fair, 1), typed(fair, **more))

    form = response.context["forms"].card
    assert (response.status_code, list(form.errors)) == (status, [field])
    assert form.fields[field].widget.attrs["autofocus"]
    assert PledgeCard.objects.count() == 0


def test_a_serial_again_is_409_beside_the_serial(desk, fair, batch):
    enter(batch)

    response = desk.post(act("enter_card", fair, 1), typed(fair, amount="500"), headers=ENGLISH)

    assert (response.status_code, PledgeCard.objects.count()) == (409, 1)
    assert list(response.context["forms"].card.errors) == ["serial"]
    assert "Card no. 17 was entered already, in batch 1." in response.content.decode()


def test_the_list_beside_a_refused_card_leads_to_its_own_batch(desk, fair, batch):
    enter(batch)

    told = desk.post(act("enter_card", fair, 1), typed(fair)).content.decode()

    here = address(fair, "?batch=1&amp;")
    assert f'href="{here}sort=name#list"' in told
    assert f'href="{here}as=csv"' in told
    assert 'href="?' not in told


def test_the_desk_puts_right_withdraws_and_closes(desk, fair, batch):
    first, second = enter(batch), enter(batch, 18, name="Bo")
    correct = act("correct_card", fair, 1, first.pk)
    withdraw, close = act("withdraw_card", fair, 1, second.pk), act("close_batch", fair, 1)

    page = desk.get(address(fair, f"?batch=1&card={first.pk}"))
    assert page.context["wrong"].card == first
    refused = desk.post(correct, {"promised": "750"})
    assert (refused.status_code, refused.context["wrong"].card) == (400, first)
    assert desk.post(correct, {"promised": "1500"}).status_code == 302
    for _press in range(2):
        assert desk.post(withdraw).url == address(fair, "?batch=1")
    assert desk.post(close, {"number": "2", "total": "2500"}).status_code == 409
    even = {"number": "1", "total": "1500"}
    assert desk.post(close, even)["Location"] == address(fair)
    assert desk.post(withdraw).status_code == 302


def test_a_batch_closed_twice_is_closed_once_and_says_so(desk, fair, batch):
    enter(batch)
    even, closed = {"number": "1", "total": "1000"}, []
    for status in (302, 409):
        answer = desk.post(act("close_batch", fair, 1), even)
        assert answer.status_code == status
        closed.append(CardBatch.objects.get().closed_at)

    assert closed[0] == closed[1] is not None
    assert "notice is-good" in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "row"), [("close_batch", (9,)), ("correct_card", (1, 9)), ("withdraw_card", (9, 1))]
)
def test_what_is_not_there_is_404(desk, fair, batch, name, row):
    assert desk.post(act(name, fair, *row), {"promised": "1"}).status_code == 404


@pytest.mark.parametrize("query", ["?batch=9", "?batch=x"])
def test_a_batch_that_is_not_there_is_404(desk, fair, batch, query):
    assert desk.get(address(fair, query)).status_code == 404


def test_the_page_itself_takes_no_post(desk, fair):
    assert desk.post(address(fair), {"step": "open"}).status_code == 405


@pytest.mark.parametrize("role", ["treasurer", "project-owner"])
def test_others_meet_404(client, fair, role):
    client.force_login(make.user("cem", (role, fair.organisation)))

    assert client.get(address(fair)).status_code == 404
    assert client.post(act("open_batch", fair)).status_code == 404
    assert Fair.objects.get().batches.count() == 0


def test_the_projects_own_organiser_is_a_stranger_here(client, fair, roof):
    client.force_login(make.user("cem", ("organiser", roof.vehicle.organisation)))

    assert client.get(address(fair)).status_code == 404


def test_the_desk_asks_the_same_number_of_questions_however_many_cards(
    desk, fair, batch, django_assert_max_num_queries
):
    for serial in range(1, 9):
        enter(batch, serial, name=f"S{serial}")

    with django_assert_max_num_queries(22):
        desk.get(address(fair, "?batch=1"))
