"""Publications: frozen, agreed by two, signed, never changed, and pointing at nobody."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from hashlib import sha256
from itertools import combinations, pairwise
from random import Random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connections
from moneyed import Money

from invest.in_kind import in_kind
from invest.kinds.refusals import BadTerms
from invest.models import FinanceSource, Milestone, Need, Update
from invest.progress.progress import progress_of
from invest.refusals import SecondPersonNeeded, TextTooLong, UnsafeText
from invest.treasury import placing
from invest.vehicles import offerings
from invest.vehicles.refusals import AheadOfTime
from pools.errors import Refused
from pools.models import Entry
from reports import publish
from reports.models import Publication, PublicationRevision
from reports.publish import shown as publish_shown
from reports.publish.parts import Crowd, pointing
from reports.refusals import DraftWaits, EmbargoPast, NotADraft, NotPublished, PointsAtSomebody
from tests import factories as make
from tests.factories import DAY

AUTHOR, SECOND = "user:1", "user:2"
NOON = datetime.combine(DAY, time(12), make.STOCKHOLM)
WORDS = publish.Words("Solen kommer", "Taket är klart.", "Paneler", "The sun is coming")
NAMES = ("Ada", "Bo", "Cem", "Dee", "Eva", "Fia", "Gun", "Hans", "Ida", "Jon", "Kim", "Lo")


@pytest.fixture
def roof(db):
    return make.share_offering()


def draft(of, *, project=..., as_of=DAY, words=WORDS, by=AUTHOR, at=NOON, **more):
    about = of.vehicle.project
    return publish.draft(
        organisation=about.organisation,
        project=about if project is ... else project,
        as_of=as_of,
        words=words,
        by=by,
        at=at,
        **more,
    )


def published(of, at=NOON, **more):
    return publish.approve(revision=draft(of, at=at, **more), by=SECOND, at=at)


def revised(publication, at, *, as_of=None, words=WORDS, reason="Ett kommatecken"):
    made = publish.revise(
        publication=publication, as_of=as_of, words=words, reason=reason, by=AUTHOR, at=at
    )
    return publish.approve(revision=made, by=SECOND, at=at)


def promised(to, names, amount=1000):
    for name in names:
        make.called(make.pledge(to, amount, name))


def figure(revision, code):
    found = [f for f in revision.content["figures"] if f["code"] == code]
    assert len(found) == 1, found
    return found[0]


# --- What is frozen -------------------------------------------------------------------------------


def test_the_figures_are_those_of_the_projects_page_and_are_never_added(roof):
    project = roof.vehicle.project
    for name in NAMES[:6]:
        make.paid(roof, 2000, name)
    FinanceSource.objects.create(
        project=project, kind="bank-loan", amount=Money(250_000, "SEK"), signed_on=DAY
    )
    expected = progress_of(project, DAY).sums

    revision = draft(roof)

    assert figure(revision, "committed")["minor"] == expected.committed_minor == 1_200_000
    assert figure(revision, "received")["minor"] == expected.received_minor == 1_200_000
    assert figure(revision, "enabled")["minor"] == expected.enabled_minor == 25_000_000
    assert figure(revision, "savers")["value"] == expected.savers == 6
    assert "3700000" not in json.dumps(revision.content)


def test_what_is_booked_later_changes_nothing_that_is_frozen(roof):
    promised(roof, NAMES[:5])
    before = draft(roof).content

    promised(roof, NAMES[5:])
    Update.objects.create(
        project=roof.vehicle.project,
        on=DAY,
        title_sv="Nytt",
        title_en="New",
        text_sv=".",
        text_en=".",
    )

    assert PublicationRevision.objects.get().content == before
    assert figure(draft(roof), "committed")["minor"] == 1_200_000


def test_heads_name_the_last_entry_of_each_book_it_rests_on(roof):
    for name in NAMES[:5]:
        make.paid(roof, 1000, name)

    heads = {head["ledger"]: head for head in draft(roof).content["heads"]}

    books = {roof.vehicle.pool.ledger, roof.vehicle.units_ledger}
    assert set(heads) == {ledger.code for ledger in books}
    for ledger in books:
        last = Entry.objects.filter(ledger=ledger).latest("seq")
        assert heads[ledger.code] == {"ledger": ledger.code, "seq": last.seq, "seal": last.seal}


def test_a_payment_that_was_undone_is_not_received(roof):
    for name in NAMES[:6]:
        make.paid(roof, 1000, name)
    match = roof.pledges.first().calls.get().placements.get()
    placing.undo(placement=match, by="test")

    # One of six is not paid: to tell both sums would tell that one's.
    assert figure(draft(roof), "received") == {"code": "received", "unit": "SEK", "few": True}
    assert figure(draft(roof), "committed")["minor"] == 600_000


def test_every_goal_with_its_day_and_reason(roof):
    offerings.revise_goal(
        offering=roof,
        goal_min=make.sek(80_000),
        goal_max=make.sek(100_000),
        reason_sv="Hela taket",
        reason_en="The whole roof",
        on=date(2026, 5, 1),
    )

    goals = draft(roof).content["goals"]

    assert [(goal["number"], goal["on"], goal["min_minor"]) for goal in goals] == [
        (1, "2026-01-01", 5_000_000),
        (2, "2026-05-01", 8_000_000),
    ]
    assert goals[1]["reason_sv"] == "Hela taket"
    bar = publish_shown(draft(roof).content).goal_bar
    assert bar.now.min_minor == 8_000_000
    assert [step.min_minor for step in bar.earlier] == [5_000_000]


def test_a_goal_bar_goes_beyond_the_goal(roof):
    promised(roof, NAMES[:5], 15_000)

    bar = publish_shown(draft(roof).content).goal_bar

    (committed, received, enabled) = bar.bands
    assert committed.percent.replace("\u00a0", " ") == "150 %"
    assert committed.x > bar.least_x
    assert enabled.percent == ""
    assert received.x == 0


def test_milestones_and_news_after_the_day_are_still_to_come(roof):
    project = roof.vehicle.project
    Milestone.objects.create(
        project=project, text_sv="Lov", text_en="Permit", planned_on=DAY, reached_on=DAY
    )
    Update.objects.create(
        project=project, on=DAY, title_sv="Lov!", title_en="Permit!", text_sv="Ja.", text_en="Yes."
    )

    then = draft(roof, as_of=DAY - timedelta(days=1)).content

    assert then["milestones"][0]["reached_on"] == ""
    assert then["words"]["sv"]["updates"] == []
    assert draft(roof).content["milestones"][0]["reached_on"] == DAY.isoformat()
    assert draft(roof).content["words"]["en"]["updates"][0]["title"] == "Permit!"


def test_help_in_kind_stands_by_unit_beside_the_money(roof):
    project = roof.vehicle.project
    need = Need.objects.create(
        project=project, text_sv="Måla", text_en="Paint", quantity=40, unit="h"
    )
    for name in NAMES[:5]:
        given = make.help_offer(project, name)
        in_kind.answer_need(in_kind=given, need=need)
        in_kind.accept(in_kind=given, on=DAY, by="test")

    revision = draft(roof)

    assert figure(revision, "help-HOUR") == {"code": "help-HOUR", "unit": "HOUR", "value": 40}
    assert figure(revision, "needs") == {"code": "needs", "unit": "NEED", "of": 1, "value": 1}
    assert figure(revision, "committed")["minor"] == 0


def test_kilowatt_hours_by_month_after_the_plant_runs(roof):
    for name in NAMES[:5]:
        make.paid(roof, 1000, name, on=date(2026, 5, 1))
    vehicle = roof.vehicle
    make.did(vehicle, "plant", date(2026, 5, 2), kw=Decimal(20), place="SE2")
    for month, kwh in ((6, 500), (7, 700)):
        make.did(
            vehicle,
            "reading",
            date(2026, month + 1, 2),
            month=date(2026, month, 1),
            kwh=kwh,
            estimated="no" if month == 6 else "yes",
        )

    told = draft(roof).content

    produced = [f for f in told["figures"] if f["code"] == "produced"]
    assert produced == [
        {"code": "produced", "unit": "KWH", "month": "2026-06", "value": 500},
        {"code": "produced", "unit": "KWH", "month": "2026-07", "value": 700, "estimated": True},
    ]
    assert "1 200 kWh" in json.dumps(told["words"]["sv"]["plants"], ensure_ascii=False).replace(
        "\u00a0", " "
    )
    assert "1,200 kWh" in json.dumps(told["words"]["en"]["plants"], ensure_ascii=False)


def test_a_whole_organisation_tells_the_sums_of_its_projects(roof):
    other = make.loan_offering(make.project("ugnen", roof.vehicle.organisation))
    promised(roof, NAMES[:5])
    promised(other, NAMES[5:11], 2000)

    revision = draft(roof, project=None)

    assert revision.content["project"] is None
    assert figure(revision, "committed")["minor"] == 5 * 100_000 + 6 * 200_000
    assert figure(revision, "savers")["value"] == 11


def test_a_project_with_nothing_tells_noughts(roof):
    revision = published(roof)

    assert figure(revision, "committed")["minor"] == 0
    assert figure(revision, "savers")["value"] == 0
    assert publish_shown(revision.content).for_a_newspaper("https://x/").startswith("Solen kommer")


def test_english_words_fall_back_on_the_swedish(roof):
    words = draft(roof).content["words"]

    assert words["en"]["title"] == "The sun is coming"
    assert words["en"]["text"] == words["sv"]["text"] == "Taket är klart."


# --- From draft to published ----------------------------------------------------------------------


def test_a_draft_is_a_draft_until_a_second_person_approves(roof):
    made = draft(roof)
    assert publish.state(made, NOON) == "draft"
    assert publish.latest(made.publication, NOON) is None
    assert not publish.is_genuine(made)

    with pytest.raises(SecondPersonNeeded):
        publish.approve(revision=made, by=AUTHOR, at=NOON)
    approved = publish.approve(revision=made, by=SECOND, at=NOON)

    assert publish.state(approved, NOON) == "published"
    assert publish.latest(made.publication, NOON) == approved
    assert publish.is_genuine(PublicationRevision.objects.get())


def test_the_signature_holds_for_the_canonical_text_by_the_library_itself(roof):
    revision = published(roof)

    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(revision.key))
    key.verify(bytes.fromhex(revision.signature), revision.signed.encode())
    told = json.loads(revision.signed)
    assert revision.signed == json.dumps(
        told, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    assert told["type"] == "byakassan.publication/1"
    assert (told["publication"], told["revision"]) == (revision.publication_id, 1)
    assert told["as_of"] == "2026-11-23"
    assert told["previous"] == ""


def test_held_until_its_hour(roof):
    hour = NOON + timedelta(hours=20)

    revision = published(roof, embargo_until=hour)

    assert publish.state(revision, NOON) == "held"
    assert publish.latest(revision.publication, hour - timedelta(seconds=1)) is None
    assert publish.latest(revision.publication, hour) == revision
    assert json.loads(revision.signed)["published_from"] == "2026-11-24T07:00:00.000000Z"


def test_an_hour_that_came_while_the_draft_waited_is_now(roof):
    made = draft(roof, embargo_until=NOON + timedelta(hours=1))
    later = NOON + timedelta(hours=3)

    revision = publish.approve(revision=made, by=SECOND, at=later)

    assert revision.published_from == later
    assert publish.state(revision, later) == "published"


def test_a_revision_says_why_and_the_old_stays_as_it_was(roof):
    first = published(roof)
    other_words = publish.Words("Solen är här", "Den lyser.")
    later = NOON + timedelta(days=1)

    second = revised(first.publication, later, words=other_words, reason="Nya panelen")

    first.refresh_from_db()
    assert publish.state(first, later) == "revised"
    assert publish.state(first, NOON) == "published"
    assert publish.latest(first.publication, later) == second
    assert publish.is_genuine(first)
    assert second.content["previous"] == sha256(first.signed.encode()).hexdigest()
    assert second.content["reason"] == second.reason == "Nya panelen"


def test_other_words_beside_the_same_figures_need_no_new_people(roof):
    promised(roof, NAMES[:5])
    first = published(roof)
    promised(roof, NAMES[5:6])

    second = revised(first.publication, NOON)

    assert second.content["figures"] == first.content["figures"]
    assert second.content["heads"] == first.content["heads"]


def test_one_draft_at_a_time_and_nothing_to_revise_before_the_first(roof):
    made = draft(roof)
    more = {"as_of": None, "words": WORDS, "reason": "x", "by": AUTHOR, "at": NOON}

    with pytest.raises(NotPublished):
        publish.revise(publication=made.publication, **more)
    publish.approve(revision=made, by=SECOND, at=NOON)
    publish.revise(publication=made.publication, **more)
    with pytest.raises(DraftWaits):
        publish.revise(publication=made.publication, **more)
    whole = published(roof, project=None)
    with pytest.raises(BadTerms):
        publish.revise(publication=whole.publication, **{**more, "reason": " "})


def test_a_discarded_draft_comes_to_nothing(roof):
    made = draft(roof)

    publish.discard(revision=made, at=NOON)

    made.refresh_from_db()
    assert publish.state(made, NOON) == "discarded"
    for again in (publish.approve, publish.discard):
        who = {"by": SECOND} if again is publish.approve else {}
        with pytest.raises(NotADraft):
            again(revision=made, at=NOON, **who)


def test_what_is_approved_can_be_neither_approved_again_nor_discarded(roof):
    revision = published(roof)
    signed = revision.signature

    with pytest.raises(NotADraft):
        publish.approve(revision=revision, by="user:3", at=NOON)
    with pytest.raises(NotADraft):
        publish.discard(revision=revision, at=NOON)

    assert PublicationRevision.objects.get().signature == signed


def test_two_approvers_at_once_give_one_signature(shared_db):
    made = draft(make.share_offering())

    def approve(number):
        try:
            publish.approve(revision=made, by=f"user:{number}", at=NOON)
        except Refused as refusal:
            return type(refusal)
        else:
            return "signed"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(approve, range(2, 6)))

    assert sorted(map(str, told)) == sorted(map(str, ["signed", *[NotADraft] * 3]))
    revision = PublicationRevision.objects.get()
    assert publish.is_genuine(revision)
    assert revision.content["approved_at"]


# --- Bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"as_of": DAY + timedelta(days=1)}, AheadOfTime),
        ({"embargo_until": NOON}, EmbargoPast),
        ({"embargo_until": NOON - timedelta(days=1)}, EmbargoPast),
        ({"words": publish.Words("", "x")}, BadTerms),
        ({"words": publish.Words("x", " \n ")}, BadTerms),
        ({"words": publish.Words("x" * 121, "x")}, TextTooLong),
        ({"words": publish.Words("x", "x" * 6001)}, TextTooLong),
        ({"words": publish.Words("två\nrader", "x")}, UnsafeText),
        ({"words": publish.Words("x", "smyg\u202etext")}, UnsafeText),
        ({"words": publish.Words("x", "\x00")}, UnsafeText),
    ],
)
def test_bad_drafts_are_refused_and_nothing_is_kept(roof, wrong, refusal):
    with pytest.raises(refusal) as refused:
        draft(roof, **wrong)

    assert str(refused.value)
    assert not Publication.objects.exists()


def test_a_text_keeps_its_lines(roof):
    words = publish.Words("Titel", "ett\r\n\r\ntvå  \r\ntre")

    assert draft(roof, words=words).content["words"]["sv"]["text"] == "ett\n\ntvå\ntre"


# --- F67: nobody is found by taking one figure from another ---------------------------------------


@pytest.mark.fault("F67")
def test_sums_of_fewer_than_five_are_left_out(roof):
    promised(roof, NAMES[:4])

    revision = published(roof)

    for code in ("committed", "savers"):
        assert figure(revision, code)["few"]
        assert not {"minor", "value"} & set(figure(revision, code))
    assert "400000" not in revision.signed


@pytest.mark.fault("F67")
@pytest.mark.parametrize("newcomers", [1, 4])
def test_a_sum_that_fewer_than_five_moved_waits(roof, newcomers):
    promised(roof, NAMES[:5])
    published(roof)
    promised(roof, NAMES[5 : 5 + newcomers])
    made = draft(roof)

    with pytest.raises(PointsAtSomebody, match="fler är med"):
        publish.approve(revision=made, by=SECOND, at=NOON)

    assert PublicationRevision.objects.get(pk=made.pk).signature == ""
    promised(roof, NAMES[5 + newcomers : 10])
    assert figure(published(roof), "committed")["minor"] == 1_000_000


@pytest.mark.fault("F67")
def test_one_who_changes_a_promise_or_takes_it_back_is_not_seen_either(roof):
    from invest.pledges import pledges

    promised(roof, NAMES[:6])
    published(roof)
    pledge = roof.pledges.first()
    pledges.release(pledge=pledge, on=DAY, by="test", reason="Flyttar")

    with pytest.raises(PointsAtSomebody):
        published(roof)


@pytest.mark.fault("F67")
def test_what_the_organisation_told_is_weighed_against_what_its_project_tells(roof):
    other = make.loan_offering(make.project("ugnen", roof.vehicle.organisation))
    promised(roof, NAMES[:6])
    promised(other, NAMES[6:8], 2000)
    published(roof)

    # The whole less the roof would be two persons' loans.
    with pytest.raises(PointsAtSomebody):
        published(roof, project=None)
    promised(other, NAMES[8:11], 2000)
    assert figure(published(roof, project=None), "committed")["minor"] == 600_000 + 1_000_000


@pytest.mark.fault("F67")
def test_a_held_sum_counts_as_told(roof):
    promised(roof, NAMES[:5])
    published(roof, embargo_until=NOON + timedelta(days=9))
    promised(roof, NAMES[5:6])

    with pytest.raises(PointsAtSomebody):
        published(roof)


@pytest.mark.fault("F67")
def test_help_and_heads_that_would_point_at_somebody_are_left_out_of_the_next(roof):
    project = roof.vehicle.project
    for name in NAMES[:5]:
        in_kind.accept(in_kind=make.help_offer(project, name), on=DAY, by="test")
    assert figure(published(roof), "help-HOUR")["value"] == 40
    in_kind.accept(in_kind=make.help_offer(project, "Fia"), on=DAY, by="test")

    assert figure(published(roof), "help-HOUR")["few"]


class Village:
    """Made-up promises in memory, for a project that publishes again and again."""

    def __init__(self, chance):
        self.chance = chance
        self.stood = {}  # promise → (person, amount in öre, paid)
        self.told = []  # Crowds that were approved.

    def goes_on(self):
        """Some days pass: people promise, pay, change their minds."""
        for _ in range(self.chance.randint(0, 9)):
            roll = self.chance.random()
            if roll < 0.6 or not self.stood:
                person = self.chance.randrange(60)
                amount = Decimal(self.chance.randint(1, 40) * 50_000)
                self.stood[len(self.stood), person] = (person, amount, self.chance.random() < 0.5)
            else:
                promise = self.chance.choice(list(self.stood))
                person, amount, _paid = self.stood[promise]
                self.stood[promise] = (person, amount if roll < 0.9 else Decimal(0), roll < 0.8)

    def sums(self):
        committed = frozenset(
            (what, who, much) for what, (who, much, _p) in self.stood.items() if much
        )
        received = frozenset(
            (what, who, much) for what, (who, much, paid) in self.stood.items() if much and paid
        )
        return [Crowd("committed", "SEK", committed), Crowd("received", "SEK", received)]

    def publishes(self, *, guarded):
        """As `approve` does: refused whole where it would point, left out where it is few."""
        sums = self.sums()
        if guarded:
            few = pointing(sums, [])
            sums = [crowd for crowd in sums if crowd.code not in few]
            if pointing(sums, self.told):
                return False
        self.told += sums
        return True


def found_by_subtracting(told, limit=5):
    """What an observer finds who knows every sum told: pairs whose difference is made of one to
    four persons' parts. Counted from the parts, with nothing of the guard's own.
    """
    weights = [{(what, who): int(much) for what, who, much in crowd.parts} for crowd in told]
    unlike = {frozenset(weight.items()) for weight in weights} | {frozenset()}
    found = 0
    for one, other in combinations(unlike, 2):
        moved = {who for (_what, who), _much in one ^ other}
        found += 0 < len(moved) < limit
    return found


def found_by_threes(told, limit=5):
    """The same of three told after each other: their differences, and what is between those."""
    weights = [{(what, who): int(much) for what, who, much in crowd.parts} for crowd in told]
    found = 0
    for trio in zip(weights, weights[1:], weights[2:], strict=False):
        keys = set().union(*trio)
        for signs in ((1, -1, 0), (0, 1, -1), (1, 0, -1), (1, -2, 1)):
            people = {
                who
                for what, who in keys
                if sum(s * w.get((what, who), 0) for s, w in zip(signs, trio, strict=True))
            }
            found += 0 < len(people) < limit
    return found


@pytest.mark.fault("F67")
def test_ten_thousand_publications_name_nobody():
    chance = Random(67)  # noqa: S311 -- a story
    asked = approved = found = 0
    while asked < 10_000:
        village = Village(chance)
        for _ in range(50):
            village.goes_on()
            asked += 1
            approved += village.publishes(guarded=True)
        by_code = [
            [c for c in village.told if c.code == code] for code in ("committed", "received")
        ]
        found += found_by_subtracting(village.told) + sum(map(found_by_threes, by_code))

    assert found == 0
    assert approved > 1_000  # It is no guard that lets nothing through.


@pytest.mark.fault("F67")
def test_the_attack_finds_people_where_nobody_guards():
    village = Village(Random(67))  # noqa: S311 -- a story
    for _ in range(50):
        village.goes_on()
        village.publishes(guarded=False)

    assert found_by_subtracting(village.told) > 50
    assert found_by_threes([c for c in village.told if c.code == "committed"]) > 10


@pytest.mark.fault("F67")
def test_publishing_after_every_promise_tells_groups_of_five_only(roof):
    """The same through the real verbs and the database."""
    told = []
    for number, name in enumerate(NAMES):
        # Each person's part is a power of two shares: a difference says whose parts it is.
        promised(roof, [name], 500 * 2**number if number < 7 else 500)
        try:
            revision = published(roof)
        except PointsAtSomebody:
            PublicationRevision.objects.filter(approved_at=None).update(discarded_at=NOON)
            continue
        told.append(figure(revision, "committed").get("minor"))

    shown = [minor for minor in told if minor is not None]
    assert len(shown) == 2
    for one, other in pairwise([0, *shown]):
        shares = (other - one) // 50_000
        assert shares == sum(2**n for n in range(5)) or shares > 2**5


def test_the_parts_of_a_published_sum_are_its_sum(roof):
    """The guard weighs what the page tells, not something like it."""
    promised(roof, NAMES[:7], 1500)
    for name in NAMES[7:]:
        make.paid(roof, 2500, name)
    project = roof.vehicle.project
    revision = draft(roof)

    from reports.publish.freeze import shown_crowds
    from reports.publish.parts import read_log

    crowds = shown_crowds(read_log(project.organisation), project.pk, revision.content)
    told = {c.code: int(c.total) for c in crowds}
    assert told["committed"] == figure(revision, "committed")["minor"] == 7 * 150_000 + 5 * 250_000
    assert told["received"] == figure(revision, "received")["minor"] == 5 * 250_000
    assert told["savers"] == figure(revision, "savers")["value"] == 12


def test_what_is_not_needed_is_not_there(roof):
    """Nobody's name, number or address is signed."""
    for name in NAMES[:6]:
        make.paid(roof, 1000, name)

    signed = published(roof).signed

    assert not any(name in signed for name in NAMES)
    assert "example.org" not in signed
    assert "user:" not in signed
