"""Migrations 0016–0019 carry words beside their rows, and home again; guards step aside as ever."""

from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from invest import audit, legal_review
from invest.in_kind import in_kind
from invest.models import EventText, LegalReview
from invest.pledges import pledges
from invest.projects import stages
from invest.vehicles import offerings
from pools import guards
from tests import factories as make
from tests.factories import DAY, sek

OLD, NEW = "0015_whose_the_old_letters_are", "0019_words_beside_rows"
FACTS = {"says": "granted", "amount": 5, "bound_to": "Kvarnen", "override": "§ 7"}
# Model → what a row of before tells in words, by column.
TOLD: dict[str, dict[str, Any]] = {
    "Action": {"facts": FACTS, "evidence": "Protokoll"},
    "ActionEvent": {"reason": "Fel"},
    "Assessment": {"evidence": {"near": "Fyra"}, "words": "Klimatet"},
    "GoalRevision": {"reason_sv": "Större", "reason_en": ""},
    "InKindEvent": {"reason": "Å nej"},
    "LegalReview": {"evidence": "Brevet"},
    "PledgeEvent": {"reason": "Hon ringde"},
    "StageAnswer": {"words": "Beslut"},
    "StageEvent": {"reason": "Ändå"},
    "VehicleTerms": {"reason": "Dyrare"},
}
MORE = {"Action": {"act": "decision"}}
WORDS = ("§ 7", "Protokoll", "Fyra", "Klimatet", "Å nej", "Brevet", "Hon ringde", "Ändå", "Dyrare")
ONCE = {"number", "version", "key"}  # Of a copy of a row, something else.


def migrate(to: str) -> Any:
    """The models as they were then. With the guards away, and back, as when `migrate` does it."""
    guards.lift(connection)
    state = MigrationExecutor(connection).migrate([("invest", to)])
    guards.stand(connection)
    return state.apps


def told(models: Any, name: str) -> list[dict[str, Any]]:
    """What each row tells in words, oldest first."""
    rows = models.get_model("invest", name)._default_manager.order_by("pk")
    return [{column: getattr(row, column) for column in TOLD[name]} for row in rows]


def everything(models: Any) -> dict[str, list[dict[str, Any]]]:
    return {name: told(models, name) for name in TOLD}


def write_as_before(models: Any, name: str, words: dict[str, Any]) -> None:
    """A row as the code of then wrote it: one that is there, with words of its own."""
    row = models.get_model("invest", name)._default_manager.order_by("pk").last()
    named = {field.name for field in row._meta.concrete_fields} & ONCE
    for column in named:
        last = getattr(row, column)
        setattr(row, column, f"{last}-old" if column == "key" else last + 1)
    for column, value in words.items():
        setattr(row, column, value)
    row.pk, row._state.adding = None, True
    row.save()


@pytest.fixture
def small_batches(monkeypatch):
    """More than one, also here."""
    for name in ("0017_reasons_beside_events", NEW):
        monkeypatch.setattr(import_module(f"invest.migrations.{name}"), "BATCH", 2)


@pytest.fixture
def written(shared_db):
    """At least one row in each table, with words of today."""
    roof = make.share_offering()
    vehicle, project = roof.vehicle, roof.vehicle.project
    pledges.confirm(pledge=make.pledge(roof), on=DAY, by="t", reason="Ja")
    in_kind.withdraw(in_kind=make.help_offer(project), on=DAY, by="t")
    offerings.revise_goal(
        offering=roof, goal_min=sek(60_000), goal_max=sek(90_000), on=DAY, reason_en="More"
    )
    terms = {"price_minor": 50_000, "kwh_per_unit": 90}
    offerings.change_terms(vehicle=vehicle, terms=terms, on=DAY, reason="Mindre sol")
    look = {"organisation": project.organisation, "code": "aif", "decided": "ok"}
    legal_review.look_into(**look, evidence="PM", on=DAY, by="t")
    stages.answer(project=project, code="permits", is_met=True, words="Ja", on=DAY, by="t")
    stages.set_stage(project=project, to="idea", on=DAY, by="t")
    make.assessment(project)
    make.did(vehicle, "plant", place="Björkdalen, SE3", kw=Decimal(9))
    type(vehicle).objects.update(kind="microfund")  # Whose decisions have most words.


def test_words_written_before_are_carried_beside_and_back(written, small_batches):
    """Backwards first, over what is erased, then on with rows that the code of then wrote."""
    EventText.objects.filter(legalreview=LegalReview.objects.get()).delete()
    now = everything(apps)
    before = migrate(OLD)
    now["LegalReview"] = [{"evidence": "–"}]  # It must say something, and stays erased.
    assert everything(before) == now

    for name, words in TOLD.items():
        write_as_before(before, name, words | MORE.get(name, {}))
    migrate(NEW)

    assert everything(apps) == {name: [*rows, TOLD[name]] for name, rows in now.items()}
    assert list(audit.words_are_those_that_were_written()) == []
    assert guards.missing(connection) == []
    kept = str([list(apps.get_model("invest", name).objects.values()) for name in TOLD])
    assert not [word for word in WORDS if word in kept]
    assert FACTS["bound_to"] in kept
