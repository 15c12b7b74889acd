"""The board on the wall: what is promised, paid and helped, apart; fresh, and with consent only."""

from decimal import Decimal

import pytest
from django.core.cache import cache
from django.utils import timezone

from invest import people
from invest.fairs.queries import board
from invest.in_kind.in_kind import Help, offer
from invest.models import Consent, InKind, Pledge
from invest.people import Giver
from invest.web.wording import quantity_text
from tests import factories as make
from tests.factories import DAY

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}
NOW = "/fairs/massan/board/now/"


@pytest.fixture
def fair():
    offering = make.share_offering()
    made = make.fair(owner=offering.vehicle.organisation, of=(offering.vehicle.project,))
    made.offering = offering
    return made


def promise(fair, amount=1000, name="Ada", shown_as="", **more):
    return make.pledge(fair.offering, amount, name, fair=fair, shown_as=shown_as, **more)


def help_with(fair, shown_as="", key="h"):
    return offer(
        project=fair.offering.vehicle.project,
        giver=Giver("Bo", publish_name=bool(shown_as)),
        help_=Help("time", "Rygg", Decimal(8), "HOUR"),
        key=key,
        key_owner="test",
        on=DAY,
        by="test",
        fair=fair,
        shown_as=shown_as,
    )


def told(fair):
    return board.board(fair, DAY, timezone.now())


def test_kronor_help_and_needs_are_told_apart(fair):
    make.called(promise(fair, 2000))
    promise(fair, 500, "Bo")
    help_with(fair)

    (row,) = told(fair).rows

    sums = row.progress.sums
    assert (sums.committed_minor, row.pending_minor, sums.received_minor) == (200_000, 50_000, 0)
    assert row.helped.by_unit == ("8 timmar",)
    assert quantity_text(Decimal(1), "DAY") == "1 dag"
    assert quantity_text(Decimal("1.5"), "DAY") == "1,5 dagar"
    here = told(fair).evening
    assert (here.promises, here.givers, here.shows_givers) == (3, 3, False)


def test_givers_are_counted_once_and_told_from_five_on(client, fair):
    for name in ("Ada", "Bo", "Cem", "Dee"):
        promise(fair, 500, name)
    promise(fair, 1000, "Ada")
    assert "personer" not in client.get(NOW).content.decode()

    promise(fair, 500, "Eva")

    assert (told(fair).evening.promises, told(fair).evening.givers) == (6, 5)
    cache.clear()
    assert "från 5 personer" in " ".join(client.get(NOW).content.decode().split())


def test_a_name_is_shown_only_with_consent_and_while_it_stands(fair):
    promise(fair, name="Cem")
    named = promise(fair, 500, "Ada", shown_as="Ada i backen")
    assert told(fair).newest == ()
    people.give_consent(person=named.person, kind=Consent.Kind.PUBLISH_NAME, at=timezone.now())

    assert [newest.who for newest in told(fair).newest] == ["Ada i backen"]

    people.withdraw_consent(person=named.person, kind=Consent.Kind.PUBLISH_NAME)
    assert told(fair).newest == ()


def test_a_promise_to_a_project_of_another_fair_is_not_counted_here(fair):
    other = make.project("ugnen", fair.organisation)
    loan = make.loan_offering(other)
    make.pledge(loan, 500, "Bo")

    assert told(fair).evening.promises == 0
    assert [row.project.slug for row in told(fair).rows] == ["soltaket"]


def test_figures_answer_304_until_something_changes(client, fair):
    first = client.get(NOW)
    again = client.get(NOW, headers={"if-none-match": first["ETag"]})
    promise(fair)
    cache.clear()  # The second in which everybody gets the same is over.
    after = client.get(NOW, headers={"if-none-match": first["ETag"]})

    assert (first.status_code, again.status_code, after.status_code) == (200, 304, 200)
    assert after["ETag"] != first["ETag"]
    assert first["Cache-Control"] == "no-cache"


def test_within_a_second_one_answer_serves_everybody(client, fair, django_assert_num_queries):
    client.get(NOW)

    with django_assert_num_queries(0):
        client.get(NOW)


def test_the_wall_tells_beyond_the_goal(client, fair):
    make.called(promise(fair, 75_000))

    page = client.get("/fairs/massan/board/", headers=ENGLISH).content.decode()

    assert "150" in page
    assert 'class="goal-mark"' in page
    assert "<noscript>" in page


def test_the_moderator_holds_back_a_name_and_shows_it_again(client, fair):
    named = promise(fair, shown_as="Elak text")
    people.give_consent(person=named.person, kind=Consent.Kind.PUBLISH_NAME, at=timezone.now())
    client.force_login(make.user("olle", ("organiser", fair.organisation)))
    page, row = "/fairs/massan/board/moderate/", f"pledge/{named.pk}"

    for act, shown in (
        ("hold", []),
        ("hold", []),
        ("show", ["Elak text"]),
        ("show", ["Elak text"]),
    ):
        assert client.post(f"{page}{row}/{act}/").url == page
        assert [newest.who for newest in told(fair).newest] == shown
    assert f"{row}/hold/" in client.get(page).content.decode()


def test_others_do_not_moderate(client, fair):
    named = promise(fair, shown_as="Ada")
    client.force_login(make.user("dee", ("treasurer", fair.organisation)))

    answer = client.post(f"/fairs/massan/board/moderate/pledge/{named.pk}/hold/")

    assert answer.status_code == 404
    assert not Pledge.objects.get().is_held_back


def test_what_is_no_promise_of_the_fair_is_404(client, fair):
    help_ = help_with(fair)
    InKind.objects.update(fair=None)
    client.force_login(make.user("olle", ("organiser", fair.organisation)))
    for row in (f"in-kind/{help_.pk}", f"in-kind/{10**30}", f"pitch/{help_.pk}", "in-kind/x"):
        for act in ("hold", "show"):
            answer = client.post(f"/fairs/massan/board/moderate/{row}/{act}/")
            assert answer.status_code == 404


def test_script_in_a_name_is_text_on_the_wall(client, fair):
    named = promise(fair, shown_as="<script>x</script>")
    people.give_consent(person=named.person, kind=Consent.Kind.PUBLISH_NAME, at=timezone.now())

    body = client.get(NOW).content.decode()

    assert "<script>" not in body
    assert "&lt;script&gt;" in body


def test_the_worker_names_the_files_of_this_version(client, db):
    answer = client.get("/sw.js")

    assert answer["Content-Type"] == "text/javascript"
    assert '"/static/invest/pledges/outbox.js"' in answer.content.decode()
