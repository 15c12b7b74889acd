"""The promises of a fair one by one: which wait, which are confirmed, and how to reach who gave."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Max, QuerySet

from invest.in_kind import in_kind
from invest.letters.about import FAIRS
from invest.models import (
    Fair,
    FollowUp,
    InKind,
    InKindEvent,
    Letter,
    Organisation,
    Person,
    Pledge,
    PledgeEvent,
    Project,
)
from invest.models.pledges import PledgeQuerySet
from invest.pledges import pledges
from invest.web.wording import quantity_text
from pools.wording import kronor_text

WAITING_MONEY = frozenset({PledgeEvent.State.SUBMITTED})
WAITING_HELP = frozenset({InKindEvent.State.OFFERED})


@dataclass(frozen=True)
class Row:
    """A promise as it stands: öre of money, or a quantity of help; never both."""

    promise: Pledge | InKind
    state: str
    amount_minor: int = 0
    quantity: Decimal = Decimal(0)
    asked_at: datetime | None = None

    @property
    def code(self) -> str:
        """What a form names it by."""
        return f"{'pledge' if self.is_money else 'in-kind'}-{self.promise.pk}"

    @property
    def is_money(self) -> bool:
        """Whether it is of kronor."""
        return isinstance(self.promise, Pledge)

    @property
    def person(self) -> Person | None:
        """Whoever gave it; None where they are forgotten or asked to be."""
        person = self.promise.person
        return None if person is None or person.restricted_on else person

    @property
    def project(self) -> Project | None:
        """What it is for."""
        if isinstance(self.promise, InKind):
            return self.promise.project
        return self.promise.offering.vehicle.project

    @property
    def what(self) -> str:
        """What help it is, in the giver's words; empty for kronor."""
        return self.promise.what if isinstance(self.promise, InKind) else ""

    @property
    def label(self) -> str:
        """The state in the reader's language."""
        states = PledgeEvent.State if self.is_money else InKindEvent.State
        return str(states(self.state).label)

    @property
    def text(self) -> str:
        """How much, in the reader's language."""
        if isinstance(self.promise, InKind):
            return quantity_text(self.quantity, self.promise.unit_id)
        return kronor_text(self.amount_minor)

    @property
    def typed(self) -> str:
        """How much, as somebody would type it."""
        number = self.quantity if not self.is_money else Decimal(self.amount_minor).scaleb(-2)
        whole = number == number.to_integral_value()
        return f"{number:.0f}" if whole else f"{number:f}".replace(".", ",")


def waiting(fair: Fair) -> list[Row]:
    """The promises of a fair that wait for a yes, oldest first, and when they were last asked."""
    found = [*_money(fair, WAITING_MONEY), *_help(fair, WAITING_HELP)]
    asked = _asked(row.promise.person_id for row in found if row.promise.person_id)
    return [
        Row(
            row.promise,
            row.state,
            row.amount_minor,
            row.quantity,
            asked.get(row.promise.person_id or 0),
        )
        for row in found
    ]


def confirmed(fair: Fair) -> list[Row]:
    """Promises of money that are confirmed and not yet called: to be handed over to the books."""
    return _money(fair, frozenset({PledgeEvent.State.CONFIRMED}))


def row_of(promise: Pledge | InKind) -> Row:
    """One promise as it stands."""
    if isinstance(promise, InKind):
        now = in_kind.latest(promise)
        return Row(promise, now.to_state, quantity=now.quantity)
    step = pledges.latest(promise)
    return Row(promise, step.to_state, amount_minor=step.amount_minor)


def promise_of(follow_up: FollowUp) -> Pledge | InKind:
    """What a follow-up asks about."""
    promise = follow_up.pledge or follow_up.in_kind
    if promise is None:
        raise ValueError(f"{follow_up} asks about nothing")  # A constraint forbids it.
    return promise


def whose(fair: Fair, promises: Iterable[Pledge | InKind]) -> Organisation:
    """Whose a letter about promises at a fair is: theirs who were promised, else the fair's.

    Where several were promised it tells each what was promised to the others.
    """
    promised = {
        promise.project.organisation
        if isinstance(promise, InKind)
        else promise.offering.vehicle.organisation
        for promise in promises
    }
    return promised.pop() if len(promised) == 1 else fair.organisation


def asked_about(follow_ups: Iterable[FollowUp]) -> list[tuple[FollowUp, Row]]:
    """Each follow-up with its promise as it stands. Two queries, however many."""
    listed = list(follow_ups)
    money = Pledge.objects.filter(follow_ups__in=listed).with_state()
    helping = InKind.objects.filter(follow_ups__in=listed).with_state()
    amounts = {row.pk: (row.state, row.amount_now_minor) for row in money}
    quantities = {row.pk: (row.state, row.quantity_now) for row in helping}
    found = []
    for follow_up in listed:
        promise = promise_of(follow_up)
        if isinstance(promise, InKind):
            state, quantity = quantities[promise.pk]
            found.append((follow_up, Row(promise, state, quantity=quantity)))
        else:
            state, minor = amounts[promise.pk]
            found.append((follow_up, Row(promise, state, amount_minor=minor)))
    return found


def answered(fair: Fair) -> QuerySet[FollowUp]:
    """What was found at a fair so far, newest first."""
    return (
        fair.follow_ups.filter(done_on__isnull=False)
        .select_related(
            "pledge__person",
            "pledge__offering__vehicle__project",
            "in_kind__person",
            "in_kind__project",
        )
        .order_by("-done_on", "-pk")
    )


def _money(fair: Fair, states: Iterable[str]) -> list[Row]:
    rows = _pledges(fair).with_state().filter(state__in=states)
    return [Row(row, row.state, amount_minor=row.amount_now_minor) for row in rows.order_by("pk")]


def _pledges(fair: Fair) -> PledgeQuerySet:
    return Pledge.objects.filter(fair=fair).select_related(
        "person", "offering__vehicle__project", "offering__vehicle__organisation"
    )


def _help(fair: Fair, states: Iterable[str]) -> list[Row]:
    offers = InKind.objects.filter(fair=fair).select_related("person", "project__organisation")
    rows = offers.with_state().filter(state__in=states)
    return [Row(row, row.state, quantity=row.quantity_now) for row in rows.order_by("pk")]


def _asked(people: Iterable[int]) -> dict[int, datetime]:
    """Person → when they were last asked by mail whether a promise of any fair stands."""
    letters = Letter.objects.filter(
        person__in=set(people), kind=Letter.Kind.CONFIRM, about__startswith=FAIRS
    )
    rows = letters.order_by().values_list("person").annotate(Max("written_at"))
    return {person: at for person, at in rows if person}
