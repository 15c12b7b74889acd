"""The path of a group: what is on record makes a line, and more never takes one back."""

from dataclasses import asdict, fields, replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from invest import cooperations, minutes, producers
from invest.models import Organisation
from invest.path import STEPS, Facts, next_line, steps
from invest.queries.path import facts
from tests import factories as make
from tests.factories import DAY

ENGLISH = {"accept-language": "en"}
NAMES = [field.name for field in fields(Facts)]
SOME = st.builds(Facts, **{name: st.integers(0, 60) for name in NAMES})


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
    producers.enlist(place=place, name="Smedjan", what_sv="Smide", agreed_on=DAY)
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
    with django_assert_max_num_queries(16):
        page = client.get(reverse("path", args=[place.slug]), headers=ENGLISH).content.decode()
    assert "of 40 to go on with" in page


@pytest.mark.parametrize("number", [1, 4])
def test_fewer_than_five_savers_are_none(db, number):
    offering = make.share_offering()
    place = make.place(Organisation.objects.get())
    for each in range(number):
        make.paid(offering, 500, f"Sparare{each}")
    assert facts(place, timezone.now()).savers == 0


def test_the_first_page_of_an_empty_installation_leads_to_the_first_evening(db, client):
    def leads() -> bool:
        page = client.get("/").content.decode()
        return reverse("handbook_chapter", args=["first-evening"]) in page

    assert leads()
    make.paid(make.share_offering(), 500, "Ada")
    assert not leads()
