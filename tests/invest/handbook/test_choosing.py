"""The chooser over every set of answers: one verdict a form, never without a reason, law kept."""

from itertools import product

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from invest.handbook.chapters import chapters
from invest.handbook.choosing import nearest, outcome, outcomes
from invest.handbook.choosing_questions import QUESTIONS
from invest.handbook.choosing_rules import FORMS, RULES, Verdict
from invest.kinds import KINDS
from tests import factories as make

NOT, FITS = Verdict.NOT, Verdict.FITS
EVERY = [
    dict(zip(QUESTIONS, picked, strict=True))
    for picked in product(*(answers for _text, answers in QUESTIONS.values()))
]
ANSWERS = st.fixed_dictionaries(
    {}, optional={code: st.sampled_from(list(said)) for code, (_text, said) in QUESTIONS.items()}
)


def verdicts(**answers: str) -> dict[str, Verdict]:
    return {told.form.chapter: told.verdict for told in outcomes(answers)}


def those(chapter: str, **fixed: str) -> set[Verdict]:
    """The verdicts of a form over every whole set of answers that holds the fixed ones."""
    chosen = (a for a in EVERY if all(a[question] == said for question, said in fixed.items()))
    return {outcome(chapter, answers).verdict for answers in chosen}


@given(ANSWERS)
def test_each_form_gets_one_verdict_with_its_reasons(answers):
    told = outcomes(answers)

    assert sorted(found.form.chapter for found in told) == sorted(FORMS)
    assert [found.verdict for found in told] == sorted(found.verdict for found in told)
    for found in told:
        assert found.reasons
        assert found.verdict == max(reason.rule.verdict for reason in found.reasons)
        assert all(reason.question in {*answers, ""} for reason in found.reasons)
        assert (found.verdict is NOT) == bool(found.blocking)


@given(ANSWERS)
def test_an_answer_more_never_opens_a_form(answers):
    for question in answers:
        fewer = {code: said for code, said in answers.items() if code != question}
        for chapter in FORMS:
            shut = outcome(chapter, fewer).verdict is NOT
            assert not shut or outcome(chapter, answers).verdict is NOT


def test_nobody_is_left_with_nothing():
    left = 0
    for answers in EVERY:
        told = outcomes(answers)
        if all(found.verdict is NOT for found in told):
            left += 1
            near = nearest(told)
            assert near
            assert all(found.blocking for found in near)
            # What is named is enough: with those questions open again the form is not shut out.
            for found in near:
                kept = {q: said for q, said in answers.items() if q not in found.blocking}
                assert outcome(found.form.chapter, kept).verdict is not NOT
        else:
            assert nearest(told) == []
    assert 0 < left < len(EVERY)


@pytest.mark.parametrize("chapter", FORMS)
def test_each_form_fits_somebody(chapter):
    assert {FITS, NOT} <= {outcome(chapter, answers).verdict for answers in EVERY}


def test_the_rules_ask_what_is_asked():
    assert set(RULES) == set(FORMS)
    for rules in RULES.values():
        for question, said in rules.items():
            assert set(said) <= set(QUESTIONS[question][1])
    assert {kind for form in FORMS.values() for kind in form.kinds} <= set(KINDS)
    assert set(FORMS) == {c.slug for c in chapters("sv") if 21 <= c.number <= 27}


def law_of(chapter: str, question: str, said: str) -> str:
    return str(RULES[chapter][question][said].law)


def test_s9a_a_private_company_is_never_chosen_for_an_offer_to_the_public():
    assert those("local-company", people="anybody") == {NOT}
    assert "2005:551" in law_of("local-company", "people", "anybody")
    assert "7–8" in law_of("local-company", "people", "anybody")


@pytest.mark.parametrize("chapter", sorted(set(FORMS) - {"support-savings"}))
def test_s9b_only_a_bank_keeps_savings_for_others(chapter):
    assert those(chapter, back="own") == {NOT}
    assert "2004:297" in law_of(chapter, "back", "own")
    assert those(chapter, loss="nobody") == {NOT}


def test_s9c_nobody_borrows_from_many_to_lend_on():
    assert those("direct-loan", what="lend") == {NOT}
    assert "2004:297" in law_of("direct-loan", "what", "lend")


def test_s9d_savings_points_need_a_bank_that_opens_them():
    assert those("support-savings", bank="no") == {NOT}


@pytest.mark.parametrize("what", ["one", "trade", "lend"])
def test_s5a_kilowatt_hours_only_from_a_plant(what):
    assert those("energy-company", what=what) == {NOT}


@pytest.mark.parametrize("people", ["circle", "anybody"])
def test_s3o_a_simple_partnership_is_for_few_who_know_each_other(people):
    assert those("simple-partnership", people=people) == {NOT}
    assert "1980:1102" in law_of("simple-partnership", "people", people)


@pytest.mark.django_db
class TestThePage:
    ROOF = {
        "back": "stays",
        "say": "member",
        "surplus": "use",
        "people": "circle",
        "loss": "stake",
        "what": "energy",
        "bank": "no",
        "amount": "more",
        "body": "yes",
    }

    def test_it_answers_from_the_address_with_law_risk_and_chapter(self, client):
        page = client.get(reverse("choose"), self.ROOF)

        assert page.status_code == 200
        text = page.content.decode()
        assert "2018:672" in text
        assert reverse("handbook_chapter", args=["energy-company"]) in text
        first = page.context["told"][0]
        assert (first.form.chapter, first.verdict) == ("energy-company", FITS)

    def test_it_asks_before_anything_is_answered(self, client):
        page = client.get(reverse("choose"))

        assert page.status_code == 200
        assert page.context["told"] == []
        assert 'id="answer"' not in page.content.decode()

    def test_where_nothing_fits_swedes_read_swedish_quotation_marks(self, client):
        alone = next(a for a in EVERY if nearest(outcomes(a)))

        told = client.get(reverse("choose"), alone).content.decode()

        assert "Tänk igen på:" in told
        assert "“" not in told

    def test_what_is_no_answer_is_refused_in_words(self, client):
        page = client.get(reverse("choose"), {**self.ROOF, "back": "<script>"})

        assert page.status_code == 400
        assert "<script>" not in page.content.decode().replace("<script src", "")

    def test_whoever_keeps_the_money_goes_straight_to_the_offer(self, client):
        owner = make.organisation()
        client.force_login(make.user("dee", ("treasurer", owner)))

        page = client.get(reverse("choose"), self.ROOF)

        assert reverse("new_offer", args=[owner.slug, "energy-shares"]) in page.content.decode()
        assert (
            client.get(reverse("new_offer", args=[owner.slug, "energy-shares"])).status_code == 200
        )

    @pytest.mark.parametrize(
        ("kind", "term", "chosen"),
        [("company-shares", "limit", "svb"), ("direct-loan", "schedule_type", "annuity")],
    )
    def test_an_offer_begins_with_what_mostly_stays_or_comes_back_by_a_plan(
        self, client, kind, term, chosen
    ):
        """The two answers that say the same as a term of an offer: nobody chooses it again."""
        owner = make.organisation()
        client.force_login(make.user("dee", ("treasurer", owner)))

        page = client.get(reverse("new_offer", args=[owner.slug, kind]))

        field = page.context["form"][f"terms_{term}"]
        assert (field.value() or field.field.choices[0][0]) == chosen
