"""What the cards desk shows: the batches of a fair, and the cards of one."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from invest.fairs.queries.after import Row
from invest.models import (
    CardBatch,
    Fair,
    InKind,
    InKindEvent,
    Pledge,
    PledgeCard,
    PledgeEvent,
    Project,
)


@dataclass(frozen=True)
class Card:
    """A card with its promise as it stands."""

    card: PledgeCard
    row: Row

    @property
    def stands(self) -> bool:
        """Whether it counts."""
        open_states = PledgeEvent.OPEN if self.row.is_money else InKindEvent.OPEN
        return self.row.state in open_states


@dataclass(frozen=True)
class Batch:
    """A pile of cards, newest card first."""

    batch: CardBatch
    cards: tuple[Card, ...]

    @property
    def number(self) -> int:
        """How many cards stand."""
        return sum(card.stands for card in self.cards)

    def card(self, pk: str) -> Card | None:
        """The card that an address names; None where it is not of this batch."""
        return next((card for card in self.cards if str(card.card.pk) == pk), None)

    @property
    def amount_minor(self) -> int:
        """The kronor on them, in öre."""
        return sum(card.row.amount_minor for card in self.cards if card.stands)


def batches(fair: Fair) -> list[Batch]:
    """Every batch of a fair, newest first, with its cards. Four queries."""
    cards = PledgeCard.objects.filter(fair=fair)
    money = (
        Pledge.objects.filter(card__in=cards)
        .select_related("person", "offering__vehicle__project")
        .with_state()
    )
    helping = InKind.objects.filter(card__in=cards).select_related("person", "project").with_state()
    rows = {
        **{(True, row.pk): Row(row, row.state, amount_minor=row.amount_now_minor) for row in money},
        **{(False, row.pk): Row(row, row.state, quantity=row.quantity_now) for row in helping},
    }
    listed = list(cards.order_by("-pk"))
    return [
        Batch(batch, tuple(_cards((c for c in listed if c.batch_id == batch.pk), rows)))
        for batch in fair.batches.order_by("-number")
    ]


def projects(fair: Fair) -> QuerySet[Project]:
    """Projects that a card may be for: those that are at the fair."""
    return Project.objects.filter(pitches__fair=fair, pitches__accepted_on__isnull=False).order_by(
        "pitches__position"
    )


def _cards(cards: Iterable[PledgeCard], rows: dict[tuple[bool, int], Row]) -> list[Card]:
    return [
        Card(card, rows[card.pledge_id is not None, card.pledge_id or card.in_kind_id or 0])
        for card in cards
    ]
