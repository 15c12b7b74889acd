"""What stands: facts that rest on an entry in the book, until that entry is reversed."""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Case, IntegerField, Q, Value, When

_Row = TypeVar("_Row", bound=models.Model)


def stands(
    entry: str = "entry", *, as_of: date | None = None, known_to: Mapping[int, int] | None = None
) -> Q:
    """The one condition that what rests on an entry stands; `entry` is the path to it.

    `as_of` None: not reversed, whatever the days; else booked by the end of the day and not
    reversed by then. `known_to` (ledger pk → last seq) leaves out entries and reversals that were
    recorded later; of a ledger that is not named nothing was known.
    """
    if as_of is None and known_to is None:
        return Q(**{f"{entry}__reversed_by__isnull": True})
    booked, undone = Q(), Q()
    if as_of is not None:
        booked &= Q(**{f"{entry}__booked_on__lte": as_of})
        undone &= Q(**{f"{entry}__reversed_by__booked_on__lte": as_of})
    if known_to is not None:
        last = _last_known(f"{entry}__ledger", known_to)
        booked &= Q(**{f"{entry}__seq__lte": last})
        undone &= Q(**{f"{entry}__reversed_by__seq__lte": last})
    return booked & ~undone


def was_known(known_to: Mapping[int, int] | None, entry: str = "entry") -> Q:
    """The condition that an entry was recorded by then; nothing with None."""
    if known_to is None:
        return Q()
    return Q(**{f"{entry}__seq__lte": _last_known(f"{entry}__ledger", known_to)})


def _last_known(ledger: str, known_to: Mapping[int, int]) -> Case | Value:
    """The last seq that was known of the row's ledger, as a CASE: OR would nest too deep."""
    if not known_to:
        return Value(0)
    told = [When(**{ledger: pk}, then=Value(seq)) for pk, seq in known_to.items()]
    return Case(*told, default=Value(0), output_field=IntegerField())


class StandingQuerySet(models.QuerySet[_Row]):
    """Rows of a model that rest on entries."""

    entry_path: ClassVar[str] = "entry"

    def standing(
        self, as_of: date | None = None, known_to: Mapping[int, int] | None = None
    ) -> Self:
        """Those that stand, as `stands` says."""
        return self.filter(stands(self.entry_path, as_of=as_of, known_to=known_to))
