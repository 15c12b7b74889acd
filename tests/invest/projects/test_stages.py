"""The gates between a project and an enterprise: read from data, answered for, or passed openly."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from invest import legal_review
from invest.models import Need, StageAnswer, StageEvent
from invest.projects import gates, stages
from invest.projects.refusals import GateNotMet, NotNextStage, StageMoved
from invest.refusals import NeedsEvidence
from tests import factories as make

pytestmark = pytest.mark.django_db
Stage = StageEvent.Stage
DAY = make.DAY


@pytest.fixture
def roof():
    """A project that raises by shares of 500 kr; the least goal is 50 000 kr."""
    return make.share_offering()


def codes(project, to, *, on=DAY) -> set[str]:
    """What the gate before a stage lacks."""
    now = project.stages.order_by("number").last()
    return {
        line.code
        for line in gates.lines(project, now.to_state if now else "", to, on)
        if not line.is_met
    }


def stand(project, stage) -> None:
    stages.set_stage(project=project, to=stage, on=DAY, by="test")


def move(project, to, **more):
    told = {"after": project.stages.count(), "on": DAY, "by": "user:1", "passes": False, **more}
    return stages.move(project=project, to=to, **told)


def yes(project, *lines: str) -> None:
    for code in lines:
        stages.answer(project=project, code=code, is_met=True, words="§ 3", on=DAY, by="user:1")


def test_the_way_leads_somewhere_and_ends():
    assert set(gates.NEXT) == {"", *Stage}
    for now, after in gates.NEXT.items():
        assert now not in after
        assert bool(after) == (now not in {Stage.COMPLETED, Stage.WOUND_UP})
    reached, left = set(), [""]
    while left:
        ahead = set(gates.NEXT[left.pop()]) - reached
        reached |= ahead
        left += ahead
    assert reached == set(Stage)


def test_a_step_past_several_gates_passes_them_all():
    far = gates.codes_between(Stage.FUNDED, Stage.REPAYING)

    assert {"received", "permits", "insurance", "contracts", "door", "pay"} == set(far)
    assert gates.codes_between(Stage.RAISING, Stage.FAILED) == ()
    assert gates.codes_between(Stage.REPAYING, Stage.OPERATING) == ()
    assert "budget" in gates.codes_between(Stage.FORMED, Stage.RAISING)


def test_promised_is_not_received(roof):
    project = roof.vehicle.project
    promise = make.pledge(roof, 60_000)
    call = make.called(promise)
    assert codes(project, Stage.FUNDED) == {"received"}
    with pytest.raises(GateNotMet):
        move(project, Stage.FUNDED)

    make.placing.pair_by_reference(parts=[make.bank_line(6_000_000, call.ocr)], by="test")

    assert codes(project, Stage.FUNDED) == set()
    assert move(project, Stage.FUNDED).lacking == []


def test_each_offer_must_reach_its_own_least_goal(roof):
    make.paid(roof, 60_000)
    make.offering("coop-stakes", {"price_minor": 100_000, "exit_months": 6}, roof.vehicle.project)

    assert "received" in codes(roof.vehicle.project, Stage.FUNDED)


def test_raising_wants_a_number_terms_and_a_goal_that_covers_the_need():
    owner = make.organisation()
    project = make.project(owner=owner)
    stand(project, Stage.FORMED)
    wants = codes(project, Stage.RAISING)
    assert {"budget", "terms", "orgnr"} <= wants
    assert {"account", "law", "mix"} & wants == set()

    need = Need.objects.create(
        project=project, text_sv="Tak", text_en="Roof", money=make.sek(100_000)
    )
    make.share_offering(project)
    owner.orgnr = "769600-0000"
    owner.save()
    yes(project, "read", "board", "risk")
    project.refresh_from_db()

    assert codes(project, Stage.RAISING) == set()
    need.money = make.sek("100000.01")
    need.save()
    assert codes(project, Stage.RAISING) == {"mix"}


def test_a_private_company_looks_into_the_law_first():
    owner = make.organisation()
    project = make.project(owner=owner)
    stand(project, Stage.VETTED)
    terms = {"price_minor": 125_000, "quota_minor": 100_000, "limit": "none"}
    make.offering("company-shares", terms, project)
    assert "law" not in codes(project, Stage.RAISING)

    owner.form = "ab-svb"
    owner.save()
    project.refresh_from_db()
    assert "law" in codes(project, Stage.RAISING)

    make_look = {"code": "public-offer", "decided": "ok", "evidence": "PM", "on": DAY, "by": "t"}
    legal_review.look_into(organisation=owner, **make_look)
    assert "law" not in codes(project, Stage.RAISING)


def test_who_lent_is_paid_before_it_is_completed():
    loan = make.loan_offering()
    project = loan.vehicle.project
    call = make.called(make.pledge(loan, 1000))
    stand(project, Stage.REPAYING)
    assert {"calls"} <= codes(project, Stage.COMPLETED)
    assert "owed" not in codes(project, Stage.COMPLETED)

    make.placing.pair_by_reference(parts=[make.bank_line(100_000, call.ocr)], by="t")

    assert "calls" not in codes(project, Stage.COMPLETED)
    assert "owed" in codes(project, Stage.COMPLETED)
    make.bank_line(777, reference="stray")
    assert "strays" in codes(project, Stage.COMPLETED)


def test_a_word_is_kept_with_who_and_when_and_can_be_taken_back(roof):
    project = roof.vehicle.project
    stand(project, Stage.FUNDED)
    with pytest.raises(NeedsEvidence):
        stages.answer(project=project, code="permits", is_met=True, words=" ", on=DAY, by="user:1")
    yes(project, "permits", "permits")
    held = StageAnswer.objects.get()
    assert (held.actor, held.on, held.words) == ("user:1", DAY, "§ 3")
    assert "permits" not in codes(project, Stage.BUILDING)

    stages.answer(project=project, code="permits", is_met=False, words="Nej", on=DAY, by="user:1")

    assert "permits" in codes(project, Stage.BUILDING)
    assert StageAnswer.objects.count() == 2
    with pytest.raises(KeyError):
        stages.answer(project=project, code="received", is_met=True, words="x", on=DAY, by="t")
    for write in (held.delete, lambda: StageAnswer.objects.update(is_met=False)):
        with pytest.raises(DatabaseError), transaction.atomic():
            write()


def test_a_gate_is_passed_only_by_who_may_and_with_a_reason(roof):
    project = roof.vehicle.project
    for more in ({"reason": "Vi hinner"}, {"passes": True}, {"passes": True, "reason": "  "}):
        with pytest.raises(GateNotMet):
            move(project, Stage.FUNDED, **more)
    assert project.stages.count() == 1

    event = move(project, Stage.FUNDED, passes=True, reason="Kommunen betalar i mars")

    assert (event.lacking, event.reason) == (["received"], "Kommunen betalar i mars")


def test_what_does_not_follow_is_refused_even_with_a_reason(roof):
    with pytest.raises(NotNextStage):
        move(roof.vehicle.project, Stage.COMPLETED, passes=True, reason="Vi är klara")


def test_sent_twice_moves_once(roof):
    make.paid(roof, 60_000)
    project = roof.vehicle.project
    move(project, Stage.FUNDED, after=1)

    with pytest.raises(StageMoved):
        move(project, Stage.CONTRACTING, after=1)

    assert project.stages.count() == 2


class TestTheDesk:
    def page(self, client, project, *roles, act="stage_desk", **post):
        client.force_login(make.user("dee", *((role, project.organisation) for role in roles)))
        path = reverse(act, args=[project.slug])
        return client.post(path, post) if post else client.get(path)

    def test_it_shows_what_is_met_and_lacking_and_where_to_mend(self, client, roof):
        text = self.page(client, roof.vehicle.project, "project-owner").content.decode()

        assert reverse("bank", args=["energi"]) in text
        assert 'aria-current="step"' in text

    def test_an_owner_is_told_what_is_lacking_and_nothing_moves(self, client, roof):
        project = roof.vehicle.project
        sent = {"act": "move_project", "to": "funded", "after": 1, "reason": "Nu kör vi"}

        page = self.page(client, project, "project-owner", **sent)

        assert page.status_code == 409
        assert str(gates.words_for("received")).rstrip(".") in page.content.decode()
        assert project.stages.count() == 1

    def test_an_organiser_passes_in_the_open(self, client, roof):
        project = roof.vehicle.project
        sent = {"act": "move_project", "to": "funded", "after": 1, "reason": "Nu <b>kör</b> vi"}

        assert self.page(client, project, "organiser", **sent).status_code == 302

        public = client.get(project.get_absolute_url()).content.decode()
        assert str(gates.words_for("received")) in public
        assert "Nu &lt;b&gt;kör&lt;/b&gt; vi" in public

    def test_an_answer_without_words_is_kept_open_with_its_error(self, client, roof):
        project = roof.vehicle.project
        stand(project, Stage.FUNDED)

        page = self.page(
            client, project, "treasurer", act="answer_gate", code="permits", is_met="yes", words=""
        )

        assert page.status_code == 422
        assert "<details open" in page.content.decode()
        assert not StageAnswer.objects.exists()

    @pytest.mark.parametrize(
        "sent",
        [
            {"act": "answer_gate", "code": "received", "is_met": "yes", "words": "x"},
            {"act": "move_project", "to": "heaven", "after": 1},
            {"act": "move_project", "to": "funded", "after": "x"},
        ],
    )
    def test_what_the_page_never_sends_is_refused(self, client, roof, sent):
        page = self.page(client, roof.vehicle.project, "organiser", **sent)

        assert page.status_code == 422
        assert StageEvent.objects.count() == 1

    def test_the_desk_itself_takes_no_post(self, client, roof):
        answer = self.page(client, roof.vehicle.project, "organiser", to="funded", after=1)

        assert (answer.status_code, StageEvent.objects.count()) == (405, 1)

    def test_moving_twice_moves_once_and_says_where_it_stands(self, client, roof):
        project = roof.vehicle.project
        sent = {"act": "move_project", "to": "funded", "after": 1, "reason": "Nu kör vi"}

        assert self.page(client, project, "organiser", **sent).status_code == 302
        again = client.post(reverse("move_project", args=[project.slug]), sent)

        assert (again.status_code, project.stages.count()) == (409, 2)
        assert 'role="alert"' in again.content.decode()

    def test_answering_twice_says_the_same(self, client, roof):
        project = roof.vehicle.project
        stand(project, Stage.FUNDED)
        sent = {"act": "answer_gate", "code": "permits", "is_met": "yes", "words": "Beslut 3"}

        assert self.page(client, project, "treasurer", **sent).status_code == 302
        again = client.post(reverse("answer_gate", args=[project.slug]), sent)

        assert again.status_code == 302
        assert {(a.code, a.is_met, a.words) for a in StageAnswer.objects.all()} == {
            ("permits", True, "Beslut 3")
        }


def test_what_is_ahead_reads_no_later_answers(roof):
    project = roof.vehicle.project
    stand(project, Stage.FUNDED)
    yes(project, "permits")

    assert "permits" in codes(project, Stage.BUILDING, on=date(2026, 1, 2))


def test_the_desk_opens_on_the_next_gate_and_folds_what_lies_beyond(roof):
    project = roof.vehicle.project
    stand(project, Stage.FUNDED)

    page = gates.stage_page(project, DAY)

    assert [way.to for way in gates.ahead(page.ways)] == [Stage.CONTRACTING, Stage.BUILDING]
    assert {way.to for way in page.ways} > {Stage.REPAYING, Stage.WOUND_UP}
