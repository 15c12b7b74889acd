"""Paper cards: entered one after another in batches, and counted by hand before a batch is closed.

A card becomes a promise like any other, and its serial stays taken: a card that was entered wrongly
is withdrawn, stays on record, and is written over on a spare one.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from moneyed import Money

from invest.fairs.refusals import BatchUneven, CardEntered
from invest.in_kind import in_kind
from invest.in_kind.in_kind import Help
from invest.kinds.refusals import BadTerms
from invest.models import (
    CardBatch,
    Fair,
    InKind,
    InKindEvent,
    Offering,
    Pledge,
    PledgeCard,
    PledgeEvent,
    Project,
)
from invest.people import Giver
from invest.pledges import pledges
from invest.pledges.refusals import OfferingClosed
from invest.refusals import WrongState
from pools.money import kronor, ore


@dataclass(frozen=True, slots=True)
class Counted:
    """How many cards of a batch stand, and the kronor on them in öre. Help in kind has no sum."""

    number: int
    amount_minor: int


@transaction.atomic
def open_batch(*, fair: Fair, by: str, at: datetime) -> CardBatch:
    """Begin a pile of cards; several runners may each have one open."""
    Fair.objects.select_for_update().get(pk=fair.pk)
    last = fair.batches.order_by("number").last()
    return CardBatch.objects.create(
        fair=fair, number=last.number + 1 if last else 1, opened_by=by, opened_at=at
    )


@transaction.atomic
def enter(
    *,
    batch: CardBatch,
    serial: int,
    project: Project,
    giver: Giver,
    promised: Money | Help,
    on: date,
    by: str,
    at: datetime,
) -> PledgeCard:
    """Enter a card as a promise made on `on`: of kronor, or of help in kind.

    Raises CardEntered where the serial is in already, WrongState where the batch is closed,
    OfferingClosed, BadTerms (`field` says which) and what `pledges.submit` and `in_kind.offer`
    raise; nothing is added then. Entering is one at a time for a fair, so a serial wins once.
    """
    Fair.objects.select_for_update().get(pk=batch.fair_id)
    _refuse_closed(batch)
    earlier = PledgeCard.objects.filter(fair=batch.fair_id, serial=serial).first()
    if earlier:
        raise CardEntered(serial=serial, batch=earlier.batch.number)
    if not batch.fair.pitches.filter(project=project, accepted_on__isnull=False).exists():
        raise BadTerms(field="project", reason=_("the project is not at this fair"))
    promise = _promise(batch.fair, serial, project, giver, promised, on=on, by=by, at=at)
    return PledgeCard.objects.create(
        fair=batch.fair,
        batch=batch,
        serial=serial,
        pledge=promise if isinstance(promise, Pledge) else None,
        in_kind=promise if isinstance(promise, InKind) else None,
    )


@transaction.atomic
def correct(*, card: PledgeCard, promised: Money | Decimal, on: date, by: str) -> None:
    """Another amount, or quantity of help, than was typed. The old one stays in the log."""
    _refuse_closed(card.batch)
    if card.pledge is not None and isinstance(promised, Money):
        pledges.change_amount(pledge=card.pledge, amount=promised, on=on, by=by)
    elif card.in_kind is not None and isinstance(promised, Decimal):
        in_kind.change_quantity(in_kind=card.in_kind, quantity=promised, on=on, by=by)
    else:
        raise BadTerms(field="promised", reason=_("the card is of another kind"))


@transaction.atomic
def withdraw(*, card: PledgeCard, on: date, by: str, reason: str = "") -> None:
    """Take back a card that was entered wrongly, while its batch is open. It stays on record."""
    _refuse_closed(card.batch)
    if card.pledge is not None:
        pledges.withdraw(pledge=card.pledge, on=on, by=by, reason=reason)
    if card.in_kind is not None:
        in_kind.withdraw(in_kind=card.in_kind, on=on, by=by, reason=reason)


@transaction.atomic
def close_batch(*, batch: CardBatch, number: int, total: Money, by: str, at: datetime) -> CardBatch:
    """Close a batch whose cards and kronor are those counted by hand.

    Raises BatchUneven, telling both counts, and WrongState where it is closed already.
    """
    batch = CardBatch.objects.select_for_update().get(pk=batch.pk)
    _refuse_closed(batch)
    entered = counted(batch.cards.all())
    if (entered.number, entered.amount_minor) != (number, ore(total)):
        raise BatchUneven(
            told=number,
            told_sum=total,
            entered=entered.number,
            entered_sum=kronor(entered.amount_minor),
        )
    batch.closed_by, batch.closed_at = by, at
    batch.save(update_fields=["closed_by", "closed_at"])
    return batch


def counted(cards: QuerySet[PledgeCard]) -> Counted:
    """Count the cards that stand. Two queries."""
    money = Pledge.objects.filter(card__in=cards).with_state().filter(state__in=PledgeEvent.OPEN)
    helping = InKind.objects.filter(card__in=cards).with_state().filter(state__in=InKindEvent.OPEN)
    amounts = [promise.amount_now_minor for promise in money]
    return Counted(number=len(amounts) + helping.count(), amount_minor=sum(amounts))


def _promise(
    fair: Fair,
    serial: int,
    project: Project,
    giver: Giver,
    promised: Money | Help,
    *,
    on: date,
    by: str,
    at: datetime,
) -> Pledge | InKind:
    key, key_owner = f"card:{fair.pk}:{serial}", f"fair:{fair.pk}"
    shown_as = giver.name if giver.publish_name else ""
    if isinstance(promised, Help):
        return in_kind.offer(
            project=project,
            giver=giver,
            help_=promised,
            key=key,
            key_owner=key_owner,
            on=on,
            by=by,
            at=at,
            source=Pledge.Source.PAPER,
            fair=fair,
            shown_as=shown_as,
        )
    return pledges.submit(
        offering=_open_offering(project, on),
        giver=giver,
        amount=promised,
        key=key,
        key_owner=key_owner,
        on=on,
        by=by,
        at=at,
        source=Pledge.Source.PAPER,
        fair=fair,
        shown_as=shown_as,
    )


def _open_offering(project: Project, on: date) -> Offering:
    """The offering that takes promises on the day, as the project's page chooses it."""
    offers = Offering.objects.filter(vehicle__project=project).order_by("opens_on", "pk")
    if found := offers.filter(opens_on__lte=on, closes_on__gte=on).first():
        return found
    if near := offers.filter(opens_on__gt=on).first() or offers.last():
        raise OfferingClosed(opens_on=near.opens_on, closes_on=near.closes_on)
    raise BadTerms(field="project", reason=_("the project asks for no money, only for help"))


def _refuse_closed(batch: CardBatch) -> None:
    if CardBatch.objects.filter(pk=batch.pk, closed_at__isnull=False).exists():
        raise WrongState(state=_("Closed"))
