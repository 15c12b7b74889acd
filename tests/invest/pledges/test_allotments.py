"""An issue of ten shares that nineteen are asked of, shared out by each announced rule."""

import pytest
from django.urls import reverse

from invest import audit
from invest.kinds.refusals import AlreadyRecorded, BadTerms, NothingHeld
from invest.models import Offering
from invest.pledges import allotments, pledges
from pools.audit import run
from tests import factories as make
from tests.factories import DAY, sek

pytestmark = pytest.mark.django_db
TERMS = {"price_minor": 100_000, "quota_minor": 100_000, "limit": "svb"}
ASKED = (("Ada", 8), ("Bo", 6), ("Cem", 5))


def issue(rule: str, asked=ASKED) -> Offering:
    limits = {"goal_min": sek(5_000), "goal_max": sek(10_000), "cap": sek(100_000)}
    offering = make.offering("company-shares", TERMS, allotment_rule=rule, **limits)
    for name, shares in asked:
        promise = make.pledge(offering, shares * 1000, name)
        pledges.confirm(pledge=promise, on=DAY, by="t")
    return Offering.objects.get(pk=offering.pk)


@pytest.mark.parametrize(
    ("rule", "given"),
    [
        ("first-come", [8, 2, 0]),
        # 10 · 8/19 = 4.21, 10 · 6/19 = 3.16, 10 · 5/19 = 2.63: the last one is rounded up.
        ("pro-rata", [4, 3, 3]),
        # Three each, and the odd one to the first.
        ("equal", [4, 3, 3]),
    ],
)
def test_an_oversubscribed_issue_is_shared_out_by_its_rule(rule, given):
    offering = issue(rule)

    shared = allotments.carry_out(offering=offering, on=DAY, by="t", reason="Styrelsen § 4")

    assert [row.given for row in shared] == given
    now = [pledges.latest(p) for p in offering.pledges.order_by("pk")]
    kept = [event.amount_minor // 100_000 if event.to_state == "confirmed" else 0 for event in now]
    assert kept == given
    cut = [event for event, row in zip(now, shared, strict=True) if row.given < row.asked]
    assert {event.reason for event in cut} == {"Styrelsen § 4"}
    assert run(audit.CHECKS) == []
    with pytest.raises(AlreadyRecorded):
        allotments.carry_out(offering=offering, on=DAY, by="t", reason="igen")


def test_an_issue_with_room_for_all_gives_all():
    offering = issue("pro-rata", (("Ada", 4), ("Bo", 6)))

    assert [row.given for row in allotments.preview(offering, DAY)] == [4, 6]


def test_without_an_announced_rule_nothing_is_shared_out():
    with pytest.raises(BadTerms):
        allotments.preview(issue(""), DAY)


def test_without_confirmed_promises_there_is_nothing_to_share_out():
    with pytest.raises(NothingHeld):
        allotments.preview(issue("equal", ()), DAY)


def test_the_treasurer_sees_it_before_it_is_done(client):
    offering = issue("first-come")
    owner = offering.vehicle.organisation
    client.force_login(make.user("dee", ("treasurer", owner)))
    path = reverse("allot", args=[owner.slug, offering.pk])

    seen = client.get(path)
    assert (seen.context["asked"], seen.context["given"]) == (19, 10)
    assert client.post(path, {"reason": ""}).status_code == 400
    assert Offering.objects.get(pk=offering.pk).allotted_on is None

    assert client.post(path, {"reason": "Styrelsen § 4"}).status_code == 302
    assert client.post(path, {"reason": "igen"}).status_code == 409
