"""The tests' own databases: made once, copied whole, and no copy knows of another's writing."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.apps import apps
from django.db import connection

from invest.models import Organisation, Setting
from pools import guards
from tests import factories as make
from tests import migrating
from tests.databases import Databases, print_of_tables

KIND = "sample"


@pytest.fixture
def workers(
    django_db_setup: None, databases: Databases, django_db_blocker: pytest.FixtureRequest
) -> Iterator[list[Databases]]:
    """Two more workers of this run."""
    names = [f"{databases.worker}-{name}" for name in ("ada", "bo")]
    told = [replace(databases, worker=name, notes={}) for name in names]
    with django_db_blocker.unblock():
        yield told
        for one in told:
            one.leave()
        databases.renew()
        databases.store.drop(KIND)
        (databases.room / f"{KIND}.json").unlink()


def test_one_worker_makes_what_all_of_them_copy(workers):
    made = []

    def found() -> dict:
        made.append(make.organisation())
        return {"founded": len(made)}

    for worker in workers:
        assert worker.made(KIND, "m", found, of="migrated") == {"founded": 1}
        worker.take(KIND)
        assert Organisation.objects.get() == made[0]
        assert guards.missing(connection) == []
        Organisation.objects.update(name="Nobody else sees this")
        worker.renew()
        assert Organisation.objects.get().name == made[0].name

    with workers[1].another("migrated"):
        assert not Organisation.objects.exists()
        assert Setting.objects.exists()
    assert len(made) == 1


def test_a_field_that_is_copied_is_the_field_that_is_cloned():
    fields = [
        field
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_fields + model._meta.local_many_to_many
    ]

    for field in fields:
        clone, copy = field.clone(), migrating.copied(field.clone())
        assert copy is not clone
        assert copy.deconstruct() == clone.deconstruct(), field
        assert vars(copy).keys() == vars(clone).keys(), field
        is_last = copy.creation_counter < clone.creation_counter
        assert is_last == field.auto_created, field
        assert getattr(copy.remote_field, "field", copy) is copy, field
    assert len(fields) > 500


def test_a_change_in_what_the_tables_rest_on_is_seen(tmp_path, monkeypatch):
    for folder in ("config", "pools/sql", "invest/migrations", "tests"):
        (tmp_path / folder).mkdir(parents=True)
    files = ["requirements.lock", "config/settings.py", "pools/sql/sqlite.sql"]
    files += ["invest/migrations/0001_first.py", "tests/databases.py", "tests/migrating.py"]
    for file in files:
        (tmp_path / file).write_text("before")
    monkeypatch.setattr("tests.databases.ROOT", tmp_path)
    monkeypatch.setattr("tests.databases.__file__", str(tmp_path / "tests/databases.py"))
    prints = {print_of_tables()}

    for file in files:
        (tmp_path / file).write_text("after")
        prints.add(print_of_tables())

    assert len(prints) == 1 + len(files)
