"""What is pressed twice at a gathering is done once; a refused page leads back to the page."""

import pytest
from django.urls import reverse

from invest.gatherings import cooperations
from invest.gatherings.refusals import GatheringCancelled
from invest.kinds.refusals import AlreadyRecorded
from invest.models import Fair, Letter
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def evening(db):
    return make.gathering(make.organisation())


@pytest.fixture
def desk(client, evening):
    client.force_login(make.user("olle", ("organiser", evening.organisation)))
    return client


def act(name, of, *row) -> str:
    """Where an act of the desk is sent; `gathering_at_desk` is the page."""
    return reverse(name, args=[of.organisation.slug, of.slug, *row])


def test_cancelled_twice_it_is_cancelled_once_and_says_so(desk, evening):
    make.sign_up(evening, "Ada")
    Letter.objects.all().delete()
    first, second = (desk.post(act("cancel_gathering", evening), {"reason": "Snö"}) for _ in "ab")

    assert (first.status_code, second.status_code) == (302, 409)
    told = GatheringCancelled(name=evening.name)
    assert str(told) in second.content.decode()
    assert (evening.changes.count(), Letter.objects.count()) == (1, 1)


def test_a_fair_is_made_once_and_the_second_press_says_so(desk, evening):
    meant = make.gathering(evening.organisation, form="fair", name="Mässan")
    first, second = (desk.post(act("hold_fair", meant)) for _press in range(2))

    assert (first.status_code, second.status_code) == (302, 409)
    assert str(AlreadyRecorded(what="Mässan")) in second.content.decode()
    assert Fair.objects.count() == 1


@pytest.mark.parametrize(("name", "came"), [("guest_came", True), ("guest_did_not_come", False)])
def test_who_came_is_told_twice_and_stands_once(desk, evening, name, came):
    made, other = make.sign_up(evening, "Ada"), make.sign_up(evening, "Bo")
    page = act("gathering_at_desk", evening)
    for _press in range(2):
        assert desk.post(act(name, evening, made.pk)).url == f"{page}#who"

    for each, said in ((made, came), (other, None)):
        each.refresh_from_db()
        assert each.came is said


def test_withdrawn_and_answered_twice_keep_their_first_moment(client, evening):
    made = make.sign_up(evening, "Ada")
    church = make.organisation("kyrkan", iban="SE4550000000058398257466")
    asked = cooperations.invite(organisation=church, into=evening, part="Kaffe", on=make.DAY)
    told = set()
    for _press in range(2):
        gone = client.post(reverse("withdraw_sign_up", args=[made.token]))
        no = client.post(reverse("decline_cooperation", args=[asked.token]))
        assert (gone.url, no.url) == (made.get_absolute_url(), asked.get_absolute_url())
        made.refresh_from_db()
        asked.refresh_from_db()
        told.add((made.cancelled_at, asked.declined_on))

    assert len(told) == 1
    assert None not in told.pop()


def test_who_changes_the_language_of_a_refused_page_comes_back_to_the_page(desk, evening):
    refused = desk.post(act("cancel_gathering", evening), {"reason": ""})

    assert refused.status_code == 422
    assert f'name="next" value="{act("gathering_at_desk", evening)}"' in refused.content.decode()
