"""What a treasurer answers on a page: done once, however often it is sent, and seen before.

A page tells how many placements a part had when it was shown. Whoever sends it twice finds what
the first time made; where somebody else placed something meanwhile, nothing is placed unseen.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction

from invest.models import Placement
from invest.treasury import placing
from invest.treasury.refusals import PlacedMeanwhile
from pools.bank import movements
from pools.errors import NotAlike, Refused
from pools.models import BankAccount, BankLine, Entry, Movement, Part


@dataclass(frozen=True)
class Undoing:
    """What undoing a placement would reverse, or why it cannot be."""

    units: tuple[tuple[int, str], ...] = ()  # how many, of what
    refusal: Refused | None = None


def made(*, part: Part, seen: int, **wanted: object) -> Placement | None:
    """The placement made since the page was shown, where it is just what is wanted again."""
    found = part.placements.order_by("pk")[seen : seen + 1]
    return next(
        (
            row
            for row in found
            if all(getattr(row, name) == value for name, value in wanted.items())
        ),
        None,
    )


@transaction.atomic
def once(
    *,
    part: Part,
    seen: int,
    place: Callable[[], Placement | Sequence[Placement]],
    **wanted: object,
) -> Placement:
    """Place a part whose page showed `seen` placements; `wanted` is what the placement shall be.

    Sent again it is the same placement. Raises PlacedMeanwhile, and what `place` raises.
    """
    ledger = part.movement.bank_account.account.ledger_id
    movements.lock(BankAccount.objects.filter(account__ledger=ledger))
    if earlier := made(part=part, seen=seen, **wanted):
        return earlier
    if part.placements.count() != seen:
        raise PlacedMeanwhile
    placed = place()
    return placed if isinstance(placed, Placement) else placed[0]


@transaction.atomic
def settle(*, line: BankLine, same_as: Movement | None, by: str) -> placing.Outcome | None:
    """Say what a movement that is perhaps told twice is, and pair what becomes booked by it.

    The line keeps its number whatever it is answered. None where it was answered before. Raises
    NotAlike unless the other is a booked one of the same account and amount.
    """
    ledger = line.statement.bank_account.account.ledger_id
    movements.lock(BankAccount.objects.filter(account__ledger=ledger))
    movement = BankLine.objects.select_related("movement").get(pk=line.pk).movement
    if movement.entry_id is not None:
        return None
    if same_as is not None and same_as.entry_id is None:
        raise NotAlike
    outcome = movements.settle(movement=movement, same_as=same_as, by=by)
    return placing.pair_by_reference(parts=outcome.parts, by=by)


def preview_undo(*, placement: Placement, by: str) -> Undoing:
    """Undo it and take that back again: what would move, or why it cannot be undone."""
    with transaction.atomic():
        before = Entry.objects.filter(key=f"undo:{placement.pk}:units")
        found = Undoing()
        try:
            with transaction.atomic():
                placing.undo(placement=Placement.objects.get(pk=placement.pk), by=by)
                units = [
                    (transfer.amount_minor, entry.ledger.unit.name)
                    for entry in before.select_related("ledger__unit")
                    for transfer in entry.transfers.all()
                ]
                found = Undoing(tuple(units))
        except Refused as refusal:
            found = Undoing(refusal=refusal)
        transaction.set_rollback(True)
    return found
