"""The migrations, for the tests' templates, in a third of their time.

Django draws every model anew at nearly every step of a migration, and each field of it by telling
how it was made and making it again: two thirds of the time. Here a field is copied instead. The
steps are the same, and `migrate` as people run it is lived through in the demo and in the first
year (tests/proof.py, tests/stories/test_first_year.py).
"""

import copy
import gc
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db.models import Field


def copied(field: Field) -> Field:
    """What `Field.clone` gives: the same, and last in the order of fields."""
    new = copy.deepcopy(field)
    if field.auto_created:
        new.creation_counter = Field.auto_creation_counter
        Field.auto_creation_counter -= 1
    else:
        new.creation_counter = Field.creation_counter
        Field.creation_counter += 1
    return new


@contextmanager
def _unswept() -> Iterator[None]:
    """Thousands of models come and go: look for what is left of them afterwards."""
    gc.disable()
    yield
    gc.enable()


def migrate() -> dict[str, object]:
    """Half the tables first: guards wait for them."""
    with pytest.MonkeyPatch.context() as patch, _unswept():
        patch.setattr(Field, "clone", copied)
        for half in (["pools"], []):
            call_command("migrate", *half, verbosity=0, interactive=False)
    return {}
