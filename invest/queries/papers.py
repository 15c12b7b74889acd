"""What stands on a paper beside its own text, so that it can be checked against the book."""

from collections.abc import Callable
from typing import TypeVar

from django.db import transaction

from invest.models import Vehicle
from pools.models import Ledger

T = TypeVar("T")


@transaction.atomic
def with_heads(vehicle: Vehicle, tell: Callable[[], T]) -> tuple[T, tuple[Ledger, ...]]:
    """What `tell` tells of a vehicle, and its books with their last entries, money first.

    Nothing is booked in them meanwhile: what is told is what the heads cover.
    """
    ledgers = (vehicle.pool.ledger_id, vehicle.units_ledger_id, vehicle.rights_ledger_id)
    books = [pk for pk in ledgers if pk is not None]
    heads = tuple(Ledger.objects.select_for_update().filter(pk__in=books).order_by("pk"))
    return tell(), heads
