"""The limit watch: near and over, ended contracts, dated thresholds, and gates with evidence."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from invest import legal_review
from invest.kinds.refusals import TooEarly
from invest.models import LegalReview, Organisation, Setting
from invest.organisations.limits import open_questions, watch
from invest.pledges import pledges
from invest.refusals import NeedsEvidence, NotReviewed
from invest.vehicles import offerings
from tests import factories as make
from tests.factories import DAY, sek

pytestmark = pytest.mark.django_db
SHARES = {"price_minor": 100_000, "quota_minor": 100_000, "limit": "svb"}


def told(organisation, code, on=DAY):
    return next((w for w in watch(organisation, on) if w.code == code), None)


def setting(key, value, since=DAY):
    Setting.objects.create(key=key, valid_from=since, value=value, source="test")


@pytest.fixture
def oven():
    return make.loan_offering()


def confirmed(to, amount, name, on=DAY):
    promise = make.pledge(to, amount, name, on=on)
    pledges.confirm(pledge=promise, on=on, by="t")
    return promise


@pytest.mark.parametrize(
    ("kronor", "state"), [(799, "ok"), (800, "near"), (1000, "near"), (1001, "over")]
)
def test_12b_13_a_sum_is_within_near_or_over(oven, kronor, state):
    setting("prospectus-eur", "100")  # 100 euro at 10 kr: 1 000 kr.
    setting("sek-per-euro", "10")

    confirmed(oven, kronor, "Ada")

    assert told(oven.vehicle.organisation, "prospectus").state == state


def test_12b_13_the_threshold_is_that_of_the_day(oven):
    confirmed(oven, 1000, "Ada", date(2026, 6, 1))
    owner = oven.vehicle.organisation

    before = told(owner, "prospectus", date(2026, 6, 4))
    after = told(owner, "prospectus", date(2026, 6, 5))

    # 2.5 and 12 million euro at 11 kr.
    assert [w.limit.replace("\xa0", " ") for w in (before, after)] == [
        "27 500 000 kr",
        "132 000 000 kr",
    ]
    assert "2019:414" in before.source


def test_what_was_offered_more_than_twelve_months_ago_counts_no_more(oven):
    confirmed(oven, 1000, "Ada", date(2026, 1, 15))
    owner = oven.vehicle.organisation

    assert told(owner, "prospectus", date(2027, 1, 14)) is not None
    assert told(owner, "prospectus", date(2027, 1, 15)) is None


def test_ended_contracts_count_and_called_off_ones_do_not(oven):
    make.paid(oven, 1000, "Ada")
    converted = oven.pledges.get()
    pledges.convert(pledge=converted, on=DAY, by="t")
    confirmed(oven, 2000, "Bo")
    off = confirmed(oven, 4000, "Cem")
    pledges.withdraw(pledge=off, on=DAY, by="t")

    owner = oven.vehicle.organisation
    assert told(owner, "lenders").value.startswith("2 ")
    assert told(owner, "lent").value.replace("\xa0", " ") == "3 000 kr"


def test_persons_in_a_private_companys_shares_are_counted(oven):
    owner = oven.vehicle.organisation
    assert told(owner, "spread") is None
    shares = make.offering("company-shares", SHARES, oven.vehicle.project)
    Organisation.objects.update(form="ab-svb")
    setting("spread-persons", 2)
    for name in ("Ada", "Bo", "Cem"):
        confirmed(shares, 1000, name)

    owner.refresh_from_db()
    assert (told(owner, "spread").state, told(owner, "spread").share) == ("over", 3 / 2)


@pytest.mark.parametrize("word", ["Garanterad avkastning", "din INSÄTTNING hos oss"])
def test_words_that_only_banks_use_or_that_promise_too_much_are_found(oven, word):
    project = oven.vehicle.project
    owner = project.organisation
    assert told(owner, "words") is None

    project.story_sv = f"Hos oss får du {word}."
    project.save()

    found = told(owner, "words")
    assert found.is_open
    assert project.name in found.value


def test_a_fund_is_asked_about_pooled_money_and_lending():
    terms = {"buffer_pct": 10, "most_per_borrower_minor": 100, "most_cover_pct": 80}
    fund = make.offering("microfund", terms)

    assert {w.code for w in open_questions(fund.vehicle.organisation, DAY)} == {"aif", "aml"}


# --- Gates ----------------------------------------------------------------------------------------


def look(organisation, decided="ok", on=DAY, code="public-offer"):
    return legal_review.look_into(
        organisation=organisation,
        code=code,
        decided=decided,
        evidence="Juristens brev",
        on=on,
        by="user:1",
    )


def open_again(offering, on=DAY):
    return offerings.open_offering(
        vehicle=offering.vehicle,
        opens_on=on,
        closes_on=date(2030, 1, 1),
        minimum=sek(1000),
        goal_min=sek(1000),
        goal_max=sek(2000),
    )


def test_a_private_company_looks_into_the_ban_before_it_invites_the_public():
    shares = make.offering("company-shares", SHARES)
    open_again(shares)  # An association may.
    Organisation.objects.update(form="ab")
    owner = Organisation.objects.get()
    shares.vehicle.organisation = owner

    with pytest.raises(NotReviewed):
        open_again(shares)
    look(owner, "needs-lawyer")
    with pytest.raises(NotReviewed):
        open_again(shares)
    look(owner)
    open_again(shares)
    # A look stands for a year.
    with pytest.raises(NotReviewed):
        open_again(shares, date(2027, 11, 23))


def test_a_look_clears_a_question_and_is_kept_for_ever(oven):
    project = oven.vehicle.project
    project.story_sv = "Riskfri"
    project.save()
    owner = project.organisation

    review = look(owner, code="words")

    found = told(owner, "words")
    assert (found.is_open, found.tone, found.review) == (False, "is-warm", review)
    with pytest.raises(Exception, match="append-only"):
        LegalReview.objects.update(words_commitment="0" * 64)


def test_a_look_rests_on_evidence_and_is_not_ahead(oven):
    owner = oven.vehicle.organisation
    with pytest.raises(NeedsEvidence):
        legal_review.look_into(
            organisation=owner, code="aif", decided="ok", evidence=" ", on=DAY, by="t"
        )
    with pytest.raises(TooEarly):
        look(owner, on=date(2999, 1, 1))


@pytest.fixture
def page(client, oven):
    def get(role: str):
        client.force_login(make.user(role, (role, oven.vehicle.organisation)))
        return client, reverse("limits", args=[oven.vehicle.organisation.slug])

    return get


def test_the_treasurer_puts_a_look_on_record(page, oven):
    client, path = page("treasurer")
    told_facts = {"code": "lenders", "decided": "ok", "evidence": "Styrelsen § 8"}

    assert client.post(path, {**told_facts, "evidence": ""}).status_code == 400
    assert client.post(path, {**told_facts, "code": "x"}).status_code == 400
    assert client.post(path, told_facts).status_code == 302

    review = LegalReview.objects.get()
    assert (review.evidence, review.looked_on) == ("Styrelsen § 8", timezone.localdate())


def test_an_auditor_reads_and_does_not_look(page):
    client, path = page("auditor")

    assert client.get(path).status_code == 200
    posted = client.post(path, {"code": "lenders", "decided": "ok", "evidence": "x"})
    assert posted.status_code == 404
    assert not LegalReview.objects.exists()
