"""The path of a group: what is on record makes a line, and more never takes one back."""

import re
from dataclasses import asdict, fields, replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from invest.gatherings import cooperations, minutes
from invest.models import Gathering, Offering, Organisation
from invest.places import directory
from invest.places.path import STEPS, Facts, next_line, steps
from invest.places.queries.path import facts, sums
from tests import factories as make
from tests.factories import DAY

ENGLISH = {"accept-language": "en"}
NAMES = [field.name for field in fields(Facts)]
SOME = st.builds(Facts, **{name: st.integers(0, 60) for name in NAMES})


def html(client, place) -> str:
    return client.get(reverse("path", args=[place.slug]), headers=ENGLISH).content.decode()


def lines(told: Facts) -> dict:
    return {line.rule.fact: line for step in steps(told) for line in step.lines}


@given(told=SOME, name=st.sampled_from(NAMES), more=st.integers(1, 50))
def test_more_of_one_thing_takes_nothing_back_and_changes_no_other_line(told, name, more):
    before, after = lines(told), lines(replace(told, **{name: asdict(told)[name] + more}))

    assert after[name].have == before[name].have + more
    assert after[name].is_done >= before[name].is_done
    assert {k: v for k, v in after.items() if k != name} == {
        k: v for k, v in before.items() if k != name
    }


@given(told=SOME)
def test_every_fact_has_its_one_line_and_the_next_is_the_first_that_lacks(told):
    facts_told = [rule.fact for _c, _l, rules in STEPS for rule in rules]
    assert sorted(facts_told) == sorted(NAMES)
    lacking = [line for line in lines(told).values() if not line.is_done]
    assert next_line(steps(told)) == (lacking[0] if lacking else None)
    for line in lines(told).values():
        assert not (line.is_done and line.is_begun)


def test_an_empty_evening_has_a_next_thing_to_do(db, client):
    place = make.place(make.organisation())
    page = client.get(reverse("path", args=[place.slug]), headers=ENGLISH)

    assert facts(place, timezone.now()) == Facts()
    assert "Invite the neighbours to a first evening." in page.content.decode()
    assert page.content.decode().count("not yet") == len(NAMES)


def test_what_is_on_record_is_counted(db, client, django_assert_max_num_queries):
    offering = make.share_offering()
    project = offering.vehicle.project
    owner, now = project.organisation, timezone.now()
    place = make.place(owner)
    for number in range(3):
        make.asset_card(place, f"Kort {number}", kind="story")
    evening = make.gathering(owner, place=place, starts_at=now - timedelta(days=2))
    make.gathering(owner, name="I morgon")
    minute = minutes.write(gathering=evening, kind="decision", text="Vi gör", by="x", at=now)
    minutes.write(gathering=evening, kind="note", text="Kaffe", by="x", at=now)
    directory.enlist(place=place, name="Smedjan", what_sv="Smide", agreed_on=DAY)
    for number in range(5):
        make.paid(offering, 500, f"Sparare{number}")
    other = make.organisation("kyrkan", iban="SE4550000000058398257466")
    asked = cooperations.invite(organisation=other, into=evening, part="Kaffe", on=DAY)

    told = facts(place, now)
    assert told == Facts(
        gatherings=1, cards=3, stories=3, decisions=1, producers=1, projects=1, offers=1, savers=5
    )
    cooperations.answer(cooperation=asked, accepts=True, on=DAY)
    minutes.finish(minute=minute, outcome="Klart", on=DAY)
    assert facts(place, now) == replace(told, partners=1, outcomes=1)
    with django_assert_max_num_queries(21):
        page = client.get(reverse("path", args=[place.slug]), headers=ENGLISH).content.decode()
    assert "of 40 to go on with" in page


@pytest.mark.parametrize("number", [1, 4])
def test_fewer_than_five_savers_are_none(db, number):
    offering = make.share_offering()
    place = make.place(Organisation.objects.get())
    for each in range(number):
        make.paid(offering, 500, f"Sparare{each}")
    assert facts(place, timezone.now()).savers == 0


def test_a_few_savers_are_told_as_fewer_and_not_as_none(db, client):
    offering = make.share_offering()
    place = make.place(Organisation.objects.get())
    for number in range(5):
        page = html(client, place)
        assert "Savers who have promised: <strong" in page
        assert (">fewer than 5<" in page, "Paid in" in page) == (True, False)
        make.paid(offering, 500, f"Sparare{number}")
    page = html(client, place)
    assert (">fewer than 5<" in page, "Paid in" in page) == (False, True)
    assert sums(place, timezone.localdate()).received_minor == 5 * 50_000


def test_gatherings_held_here_count_whoever_held_them_and_cancelled_ones_do_not(db):
    now = timezone.now()
    place = make.place(make.organisation())
    other = make.organisation("kyrkan", iban="SE4550000000058398257466")
    met = make.gathering(other, place=place, starts_at=now - timedelta(days=2))
    minutes.write(gathering=met, kind="decision", text="Vi gör", by="x", at=now)
    assert facts(place, now) == Facts(gatherings=1, decisions=1)

    Gathering.objects.update(cancelled_at=now)

    assert facts(place, now) == Facts()


def test_an_offer_counts_from_the_day_it_opens(db):
    make.share_offering()
    place, now = make.place(Organisation.objects.get()), timezone.now()
    opens_on = timezone.localdate(now) + timedelta(days=3)
    Offering.objects.update(opens_on=opens_on, closes_on=opens_on)

    assert facts(place, now).offers == 0
    assert facts(place, now + timedelta(days=3)).offers == 1
    assert facts(place, now + timedelta(days=90)).offers == 1, "what was opened stays"


@pytest.mark.parametrize("kind", [None, "saver", "organiser", "treasurer"])
def test_every_way_out_of_the_path_opens_for_whoever_reads_it(db, client, kind):
    place = make.place(make.organisation(), slug="dalen")
    if kind:
        roles = () if kind == "saver" else ((kind, place.organisation),)
        client.force_login(make.user("dee", *roles))
    page = html(client, place)
    main = page[page.index("<main") : page.index("</main")]
    ways = set(re.findall(r'href="(/[^"#]*)', main))

    assert {way: client.get(way).status_code for way in ways} == dict.fromkeys(ways, 200)
    desk = reverse("gathering_desk", args=[place.organisation.slug])
    assert (desk in ways) == (kind == "organiser")


def test_script_in_a_name_stays_text(db, client):
    place = make.place(make.organisation(), name="<script>alert(1)</script>")
    page = html(client, place)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_the_first_page_of_an_empty_installation_leads_to_the_first_evening(db, client):
    def leads() -> bool:
        page = client.get("/").content.decode()
        return reverse("handbook_chapter", args=["first-evening"]) in page

    assert leads()
    make.paid(make.share_offering(), 500, "Ada")
    assert not leads()
