"""Follow-ups: made once for each promise that stands, asked once by mail, answered once."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from invest.fairs import follow_ups
from invest.in_kind import in_kind
from invest.models import FollowUp, Letter
from invest.pledges import pledges
from invest.refusals import UnsafeText, WrongState
from pools.errors import NotAnAmount
from tests import factories as make
from tests.factories import DAY, STOCKHOLM

AT = datetime(2026, 12, 23, 6, tzinfo=STOCKHOLM)
MONTH = DAY + timedelta(days=30)
DUE = [DAY + timedelta(days=days) for days in (30, 90, 180, 365)]


@pytest.fixture
def roof(db):
    return make.share_offering()


@pytest.fixture
def fair(roof):
    return make.fair(owner=roof.vehicle.organisation, of=(roof.vehicle.project,))


@pytest.fixture
def promise(roof, fair):
    return make.pledge(roof, 1000, "Ada", fair=fair)


@pytest.fixture
def offered(roof, fair):
    of = {"sort": "tool", "what": "Grävmaskin", "quantity": Decimal(2), "unit": "DAY"}
    return make.help_offer(roof.vehicle.project, "Bo", fair=fair, **of)


def receipt(promise) -> str:
    return f"https://byakassan.example{promise.get_absolute_url()}"


def test_each_standing_promise_is_asked_four_times(fair, roof, promise, offered):
    gone = make.pledge(roof, 500, "Cem", fair=fair)
    pledges.withdraw(pledge=gone, on=DAY, by="t")
    make.pledge(roof, 500, "Dee")

    assert (follow_ups.plan_for(fair), follow_ups.plan_for(fair)) == (8, 0)
    assert [row.due_on for row in promise.follow_ups.all()] == DUE
    assert [row.days for row in offered.follow_ups.all()] == list(follow_ups.DAYS)
    make.pledge(roof, 500, "Eva", fair=fair)
    assert follow_ups.plan_for(fair) == 4


def test_what_stands_no_more_is_not_due(fair, promise, offered):
    follow_ups.plan_for(fair)
    in_kind.withdraw(in_kind=offered, on=DAY, by="t")

    assert [row.pledge for row in follow_ups.due(MONTH)] == [promise]
    assert not follow_ups.due(MONTH - timedelta(days=1)).exists()


def test_who_promised_is_reminded_once(fair, promise, offered):
    follow_ups.plan_for(fair)

    assert follow_ups.remind(on=MONTH, link=receipt, at=AT) == 2
    assert follow_ups.remind(on=MONTH, link=receipt, at=AT) == 0

    letter = Letter.objects.get(to="ada@example.org")
    assert (letter.kind, letter.person) == ("follow-up", promise.person)
    assert receipt(promise) in letter.text
    assert FollowUp.objects.filter(reminded_at=AT).count() == 2


def test_a_later_question_takes_the_place_of_an_earlier(fair, roof, promise):
    make.pledge(roof, 500, "Ada", fair=fair)
    follow_ups.plan_for(fair)

    assert follow_ups.remind(on=DUE[2], link=receipt, at=AT) == 1

    assert Letter.objects.get().text.count("https://byakassan.example/") == 2
    assert {row.days for row in FollowUp.objects.filter(reminded_at=AT)} == {180}


def test_who_has_no_address_waits_for_a_call(fair, promise):
    promise.person.email = ""
    promise.person.save()
    follow_ups.plan_for(fair)

    assert follow_ups.remind(on=MONTH, link=receipt, at=AT) == 0
    assert not FollowUp.objects.filter(reminded_at__isnull=False).exists()


def answer(row, **more) -> FollowUp:
    return follow_ups.answer(
        **{"follow_up": row, "found": "partly", "on": MONTH, "by": "user:1", **more}
    )


def test_what_was_found_is_written_down_once(fair, promise):
    follow_ups.plan_for(fair)
    row = answer(promise.follow_ups.first(), value_minor=50_000, comment=" Hälften ")

    assert (row.found, row.value_minor, row.comment, row.done_on) == (
        "partly",
        50_000,
        "Hälften",
        MONTH,
    )
    with pytest.raises(WrongState):
        answer(row)
    assert not follow_ups.due(MONTH).exists()


def test_an_answer_that_cannot_be_is_refused(fair, promise):
    follow_ups.plan_for(fair)
    row = promise.follow_ups.first()

    with pytest.raises(NotAnAmount):
        answer(row, value_minor=0)
    with pytest.raises(UnsafeText):
        answer(row, comment="a\u202eb")
    with pytest.raises(ValueError, match="maybe"):
        answer(row, found="maybe")
    row.refresh_from_db()
    assert row.done_on is None


def test_the_database_refuses_a_second_question_and_half_an_answer(fair, promise):
    follow_ups.plan_for(fair)
    row = {"fair": fair, "pledge": promise, "days": 30, "due_on": MONTH}

    for attack in (row, {**row, "days": 7, "done_on": MONTH}, {**row, "days": 7, "pledge": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            FollowUp.objects.create(**attack)


# --- The page -------------------------------------------------------------------------------------


@pytest.fixture
def past(fair, promise):
    """The fair as if it had been a month ago."""
    back = timezone.localdate() - timedelta(days=30) - timezone.localdate(fair.starts_at)
    fair.starts_at, fair.ends_at = fair.starts_at + back, fair.ends_at + back
    fair.save()
    return fair


@pytest.fixture
def desk(client, fair):
    client.force_login(make.user("olle", ("organiser", fair.organisation)))
    return client


def address(fair) -> str:
    return reverse("follow_ups", args=[fair.slug])


def test_the_page_fetches_asks_and_folds_what_is_done(desk, past, promise):
    assert desk.post(f"{address(past)}plan/").status_code == 302
    page = desk.get(address(past)).context
    assert ([row.promise for row, _asked, _form in page["rows"]], page["coming"]) == ([promise], 3)

    row = promise.follow_ups.first()
    told = {"found": "delivered", "value": "1 000", "comment": "Klart"}
    assert desk.post(f"{address(past)}{row.pk}/answer/", told).status_code == 302

    page = desk.get(address(past)).context
    assert (page["rows"], [asked for asked, _row in page["done"]]) == ([], [row])
    row.refresh_from_db()
    assert (row.value_minor, row.done_on) == (100_000, timezone.localdate())


@pytest.mark.parametrize("told", [{"found": ""}, {"found": "maybe"}, {"value": "-1"}])
def test_an_answer_that_is_none_is_refused_beside_it(desk, past, promise, told):
    follow_ups.plan_for(past)
    row = promise.follow_ups.first()

    sent = {"found": "partly", "value": "", **told}
    response = desk.post(f"{address(past)}{row.pk}/answer/", sent)

    ((_row, _asked, form),) = response.context["rows"]
    assert (response.status_code, list(form.errors)) == (400, list(told))


@pytest.mark.parametrize("pk", ["x", "99999999999999999999", "7"])
def test_a_question_of_another_fair_is_404(desk, past, pk):
    assert desk.post(f"{address(past)}{pk}/answer/", {"found": "partly"}).status_code == 404


def test_an_answer_twice_changes_nothing(desk, past, promise):
    follow_ups.plan_for(past)
    row = promise.follow_ups.first()

    for found in ("delivered", "never"):
        desk.post(f"{address(past)}{row.pk}/answer/", {"found": found})

    row.refresh_from_db()
    assert (row.found, row.done_on) == ("delivered", timezone.localdate())
