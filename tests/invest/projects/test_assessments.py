"""How an enterprise sees itself: a four is shown, history stays, and a letter says when."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from invest import tasks
from invest.models import Assessment, Letter
from invest.projects import assessments
from invest.projects.assessments import QUESTIONS, refuse_unshown
from invest.projects.refusals import AssessedLater, FourNeedsEvidence
from pools.errors import KeyReused
from tests import factories as make

DAY = make.DAY
WORDS = st.sampled_from(["", "  ", "Ett brev"])
TOLD = st.fixed_dictionaries({code: st.integers(0, 4) for code in QUESTIONS})


@given(TOLD, st.dictionaries(st.sampled_from(list(QUESTIONS)), WORDS))
def test_without_evidence_the_number_is_three_at_most(answers, evidence):
    unshown = [c for c, n in answers.items() if n == 4 and not evidence.get(c, "").strip()]

    if unshown:
        with pytest.raises(FourNeedsEvidence) as refused:
            refuse_unshown(answers, evidence)
        assert refused.value.facts["field"] == f"evidence_{unshown[0]}"
    else:
        refuse_unshown(answers, evidence)


@pytest.fixture
def bakery(db):
    return make.project("bageriet", make.organisation(contact_email="bageriet@example.org"))


def seen(project, **more):
    return make.assessment(project, **more)


def test_the_same_key_is_one_and_other_content_is_refused(bakery):
    first = seen(bakery, key="k")

    assert seen(bakery, key="k") == first
    with pytest.raises(KeyReused):
        seen(bakery, key="k", climate=1)
    assert Assessment.objects.count() == 1


def test_it_is_looked_at_again_later(bakery):
    with pytest.raises(AssessedLater):
        seen(bakery, next_on=DAY)


def test_what_was_answered_stays(bakery):
    was = seen(bakery)
    for write in (was.delete, lambda: Assessment.objects.update(pays="no")):
        with pytest.raises(DatabaseError), transaction.atomic():
            write()


@pytest.mark.parametrize("answers", [{"climate": 3}, {**dict.fromkeys(QUESTIONS, 3), "x": 1}])
def test_every_question_is_answered_and_no_other(bakery, answers):
    with pytest.raises(ValueError, match="climate"):
        assessments.assess(
            project=bakery, pays="yes", answers=answers, evidence={}, on=DAY,
            next_on=DAY + timedelta(days=9), by="t", key="k",
        )  # fmt: skip


def test_a_letter_reminds_once_for_each_time(bakery):
    today = timezone.localdate()
    seen(bakery, on=today - timedelta(days=90), next_on=today)

    told = [
        tasks.remind_of_assessments.call(day.isoformat())
        for day in (today - timedelta(days=1), today, today, today + timedelta(days=40))
    ]

    assert told == [0, 1, 0, 0]
    letter = Letter.objects.get()
    assert (letter.to, letter.kind) == ("bageriet@example.org", "follow-up")
    assert reverse("assess", args=[bakery.slug]) in letter.text
    seen(bakery, on=today, next_on=today + timedelta(days=30), key="again")
    assert tasks.remind_of_assessments.call((today + timedelta(days=29)).isoformat()) == 0
    assert tasks.remind_of_assessments.call((today + timedelta(days=30)).isoformat()) == 1


def test_who_has_no_address_gets_no_letter(bakery):
    bakery.organisation.contact_email = ""
    bakery.organisation.save()
    seen(bakery)

    assert tasks.remind_of_assessments.call("2099-01-01") == 0


class TestTheForm:
    SENT = {
        "pays": "not-yet", "evidence_pays": "Bokslutet 2025", "key": "abc",
        "next_on": "2099-01-01", "words": "Klimatet", "evidence_near": "Fyra anställda",
        **{f"step_{code}": "3" for code in QUESTIONS}, "step_near": "4",
    }  # fmt: skip

    def send(self, client, project, **more):
        client.force_login(make.user("dee", ("project-owner", project.organisation)))
        return client.post(reverse("assess", args=[project.slug]), {**self.SENT, **more})

    def test_it_is_put_on_record_once_and_shown(self, client, bakery):
        answer = self.send(client, bakery)
        client.post(reverse("assess", args=[bakery.slug]), self.SENT)

        assert answer.status_code == 302
        made = Assessment.objects.get()
        assert made.answers["near"] == 4
        assert made.evidence == {"pays": "Bokslutet 2025", "near": "Fyra anställda"}
        assert "Fyra anställda" in client.get(answer.url).content.decode()
        assert (
            reverse("assessment", args=[bakery.slug])
            in client.get(bakery.get_absolute_url()).content.decode()
        )

    def test_a_four_without_evidence_is_refused_beside_the_question(self, client, bakery):
        page = self.send(client, bakery, evidence_near="  ")

        assert page.status_code == 422
        assert page.context["form"].errors.keys() == {"evidence_near"}
        assert "Bokslutet 2025" in page.content.decode()
        assert not Assessment.objects.exists()

    @pytest.mark.parametrize(
        "wrong",
        [{"step_climate": "5"}, {"step_climate": ""}, {"pays": "maybe"}, {"next_on": "2000-01-01"},
         {"next_on": "31/31"}, {"evidence_open": "x" * 201}, {"key": "a:b"}],
    )  # fmt: skip
    def test_what_is_wrong_is_refused(self, client, bakery, wrong):
        assert self.send(client, bakery, **wrong).status_code == 422
        assert not Assessment.objects.exists()
