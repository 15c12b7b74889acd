"""Words beside rows that only grow: erased or kept, never changed, and bound by the row."""

from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from invest import audit, legal_review
from invest.kinds import KINDS
from invest.models import Action, Assessment, EventText, GoalRevision, LegalReview, Worded
from invest.projects import stages
from invest.vehicles import actions, offerings
from pools import guards, seal
from pools.errors import KeyReused
from tests import factories as make
from tests.factories import DAY, sek
from tests.stories.test_microfund import TERMS

only_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own attack")
# What rows that only grow hold beside codes: no words of anybody.
JSON = {"coded", "answers", "lacking", "terms"}
LONGEST_CODE = 80


@pytest.fixture
def told(db) -> Callable[[], list[object]]:
    """A row of each sort with words, and how they are read anew."""
    roof = make.share_offering()
    project, owner = roof.vehicle.project, roof.vehicle.project.organisation
    offerings.revise_goal(
        offering=roof, goal_min=sek(70_000), goal_max=sek(90_000), on=DAY, reason_sv="Större"
    )
    legal_review.look_into(
        organisation=owner, code="aif", decided="ok", evidence=" Brevet ", on=DAY, by="t"
    )
    stages.answer(project=project, code="permits", is_met=True, words="Beslut", on=DAY, by="t")
    seen = make.assessment(project, words="Klimatet", evidence={"near": "Fyra"})

    def read() -> list[object]:
        goal, look = GoalRevision.objects.get(number=2), LegalReview.objects.get()
        answer, again = project.stage_answers.get(), Assessment.objects.get(pk=seen.pk)
        goals = [goal.reason_sv, goal.reason_en]
        return [*goals, look.evidence, answer.words, again.evidence, again.words]

    return read


def test_words_are_read_as_they_were_written_and_lie_beside(told):
    assert told() == ["Större", "", "Brevet", "Beslut", {"near": "Fyra"}, "Klimatet"]
    worded = [model for model in apps.get_models() if issubclass(model, Worded)]
    rows = str([list(model._default_manager.values()) for model in worded])
    assert not [word for word in ("Större", "Brevet", "Beslut", "Fyra", "Klimatet") if word in rows]
    assert list(audit.words_are_those_that_were_written()) == []


def test_erased_words_leave_nothing_and_the_rows_stand(told):
    EventText.objects.all().delete()

    assert told() == ["", "", "", "", {}, ""]
    assert list(audit.words_are_those_that_were_written()) == []


def test_an_actions_words_lie_beside_and_what_rules_read_stays(db):
    fund = make.offering("microfund", TERMS).vehicle
    act = KINDS["microfund"].act("decision")
    stored = {"says": "granted", "amount": 5, "bound_to": "Kvarnen", "override": "§ 7"}
    kept = actions._kept(act, stored, "Protokoll § 1")
    done = fund.actions.create(number=1, act="decision", on=DAY, key="k", **kept)

    assert done.coded == {"says": "granted", "amount": 5, "bound_to": "Kvarnen"}
    assert (done.facts, done.evidence) == (stored, "Protokoll § 1")
    assert done.words_commitment == seal.commit(done.beside.salt, done.beside.text)

    EventText.objects.all().delete()
    left = Action.objects.with_words().get()
    assert (left.facts, left.evidence) == (left.coded, "")
    assert actions.read_facts(act, left.facts)["override"] is None


def test_an_action_sent_again_is_known_also_when_its_words_are_erased(db):
    fund = make.offering("microfund", TERMS).vehicle
    told = {"vehicle": fund, "act": "enquiry", "on": DAY, "by": "t", "key": "k"}
    first = actions.do(facts={"what": "Cykelverkstad"}, **told)
    EventText.objects.all().delete()

    assert actions.do(facts={"what": "Cykelverkstad"}, **told) == first
    with pytest.raises(KeyReused):
        actions.do(facts={"what": "Bageri"}, **told)


# --- Guards ---------------------------------------------------------------------------------------


def sql(text: str) -> Callable[[EventText], object]:
    def change(row: EventText) -> None:
        with connection.cursor() as cursor:
            cursor.execute(text.format(pk=row.pk))

    return change


WRITE = "INSERT{how} INTO invest_eventtext (id, salt, text) VALUES ({{pk}}, '', 'Annat')"
CHANGES = {
    "orm": lambda row: EventText.objects.update(text="Annat"),
    "save": lambda row: EventText(pk=row.pk, salt=row.salt, text="Annat").save(),
    "salt": lambda row: EventText.objects.filter(pk=row.pk).update(salt="0" * 32),
    "moved": lambda row: EventText.objects.filter(pk=row.pk).update(id=row.pk + 900),
    "sql": sql("UPDATE invest_eventtext SET text = 'Annat'"),
    "upsert": sql(WRITE.format(how="") + " ON CONFLICT (id) DO UPDATE SET text = 'Annat'"),
    "again": sql(WRITE.format(how="")),
}
ON_SQLITE = {
    "replace": sql(WRITE.format(how=" OR REPLACE")),
    "trigger": sql("DROP TRIGGER guard_invest_eventtext_update"),
    "table": sql("ALTER TABLE invest_eventtext RENAME TO gone"),
}


def refused(change: Callable[[EventText], object], row: EventText) -> None:
    """The words are as they were."""
    with pytest.raises(DatabaseError), transaction.atomic():
        change(row)
    kept = EventText.objects.get(pk=row.pk)
    assert (kept.salt, kept.text) == (row.salt, row.text)


@pytest.mark.django_db
@pytest.mark.parametrize("name", CHANGES)
def test_the_database_refuses_to_change_words_but_lets_them_go(name):
    row = EventText.objects.beside("Hon ringde")["beside"]

    refused(CHANGES[name], row)

    row.delete()
    assert not EventText.objects.exists()


@only_sqlite
@pytest.mark.django_db
@pytest.mark.parametrize("name", ON_SQLITE)
def test_sqlite_keeps_the_guard_too(name):
    refused(ON_SQLITE[name], EventText.objects.beside("Hon ringde")["beside"])


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor == "sqlite", reason="PostgreSQL's own attack")
def test_the_webs_role_may_write_and_erase_but_not_change(db, settings):
    settings.BOOK_APP_ROLE = "byakassan_app"
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE byakassan_app")
        guards._grant(cursor, set(connection.introspection.table_names()))
        cursor.execute("SET LOCAL ROLE byakassan_app")

    row = EventText.objects.beside("Hon ringde")["beside"]
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        EventText.objects.update(text="Annat")
    row.delete()


def test_no_row_that_only_grows_holds_free_text():
    """A new column of words in a guarded table is found here."""
    guarded = [m for m in apps.get_models() if m._meta.db_table in guards._kept_for_ever]
    fields = [field for model in guarded for field in model._meta.concrete_fields]
    wide = [
        str(field)
        for field in fields
        if isinstance(field, models.TextField)
        or (isinstance(field, models.CharField) and field.max_length > LONGEST_CODE)
        or (isinstance(field, models.JSONField) and field.name not in JSON)
    ]

    assert len(guarded) == len(guards._kept_for_ever)
    assert wide == []
