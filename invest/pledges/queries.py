"""Promises as their saver and the desk read them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, QuerySet

from invest.kinds import SAVED
from invest.models import Call, Organisation, Pledge, PledgeEvent
from invest.vehicles import books, offerings
from pools.bank.references import format_bankgiro, qr_svg, swish_payload
from pools.models import BankAccount
from pools.wording import kronor_text


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many pledges stand in a state."""

    label: str
    number: int


def pledges_of(
    pledges: QuerySet[Pledge], organisation: Organisation, state: str
) -> QuerySet[PledgeEvent]:
    """What pledges to an organisation are now, in a state (empty: all), newest pledge first."""
    own = pledges.filter(offering__vehicle__organisation=organisation)
    rows = PledgeEvent.objects.newest().filter(pledge__in=own)
    if state:
        rows = rows.filter(to_state=state)
    return rows.select_related("pledge__person", "pledge__offering__vehicle__project").order_by(
        "-pledge"
    )


def count_states(pledges: QuerySet[Pledge], organisation: Organisation) -> dict[str, StateCount]:
    """State → how many pledges stand in it, in the order of a pledge's life; none are left out."""
    rows = pledges_of(pledges, organisation, "").order_by()
    counted = dict(rows.values_list("to_state").annotate(Count("pk")))
    return {
        state: StateCount(str(PledgeEvent.State(state).label), counted[state])
        for state in PledgeEvent.State.values
        if state in counted
    }


State = PledgeEvent.State
_TONES = (
    dict.fromkeys((State.SUBMITTED, State.IN_REFLECTION, State.CALLED, State.PART_PAID), "is-warm")
    | dict.fromkeys((State.WITHDRAWN, State.DECLINED, State.LAPSED, State.RELEASED), "is-quiet")
    | {State.UNFULFILLED: "is-bad"}
)


@dataclass(frozen=True)
class ToPay:
    """A call that waits for money: what is left in öre, and how to pay it."""

    call: Call
    left_minor: int
    bank_account: BankAccount

    @property
    def bankgiro(self) -> str:
        """As printed; empty where there is none."""
        return format_bankgiro(self.bank_account.bankgiro) if self.bank_account.bankgiro else ""

    @property
    def swish_svg(self) -> str:
        """A Swish code as inline SVG, amount and reference locked; empty without a number."""
        if not self.bank_account.swish:
            return ""
        payload = swish_payload(
            payee=self.bank_account.swish, amount_minor=self.left_minor, message=self.call.ocr
        )
        return qr_svg(payload, title=f"Swish {kronor_text(self.left_minor)}")


@dataclass(frozen=True)
class Promise:
    """A pledge as it stands, in öre, with every step it took, oldest first."""

    pledge: Pledge
    events: tuple[PledgeEvent, ...]
    received_minor: int
    to_pay: tuple[ToPay, ...]

    @property
    def now(self) -> PledgeEvent:
        """The step that says what it is."""
        return self.events[-1]

    @property
    def units(self) -> str:
        """How many of what is bought; empty where money is promised."""
        kind = offerings.read(self.pledge.terms)
        return kind.units_text(kind.units_for(self.now.amount_minor)) if kind.one_minor else ""

    @property
    def made_on(self) -> date:
        """The day it was made."""
        return self.events[0].on

    @property
    def is_open(self) -> bool:
        """Whether it still stands."""
        return self.now.to_state in PledgeEvent.OPEN

    @property
    def is_paid_in(self) -> bool:
        """Whether it is money that somebody else gets; savings at the bank stay the saver's own."""
        return self.pledge.offering.vehicle.kind not in SAVED

    @property
    def tone(self) -> str:
        """The class that colours the state."""
        return tone(self.now.to_state)

    @property
    def reference(self) -> str:
        """What to name when asking about it."""
        return f"L{self.pledge.pk:06d}"

    def can_be_withdrawn(self, on: date) -> bool:
        """Whether the saver may take it back on the day (the verb decides again)."""
        in_time = self.pledge.binding == Pledge.Binding.INTENTION or (
            on <= self.pledge.withdraw_until
        )
        return in_time and self.now.may_become(State.WITHDRAWN)


def tone(state: str) -> str:
    """The class that colours a pledge's state."""
    return _TONES.get(State(state), "")


def receipt(pledge: Pledge) -> Promise:
    """One promise, for whoever holds its link."""
    return promises(Pledge.objects.filter(pk=pledge.pk))[0]


def promises(which: QuerySet[Pledge]) -> list[Promise]:
    """Promises as they stand, newest first. Four queries."""
    listed = list(
        which.select_related(
            "offering__vehicle__project",
            "offering__vehicle__organisation",
            "fair",
            "terms__vehicle",
        )
        .prefetch_related(Prefetch("calls", Call.objects.with_left()), "events")
        .order_by("-pk")
    )
    ledgers = {pledge.offering.vehicle.organisation.ledger_id for pledge in listed}
    banks = books.asked_to_pay(ledgers)
    return [
        _promise(pledge, banks.get(pledge.offering.vehicle.organisation.ledger_id or 0))
        for pledge in listed
    ]


def _promise(pledge: Pledge, bank: BankAccount | None) -> Promise:
    events = tuple(sorted(pledge.events.all(), key=lambda event: event.number))
    calls: list[Any] = list(pledge.calls.all())  # Each with its `left`.
    payable = bank is not None and events[-1].to_state in PledgeEvent.PAYABLE
    return Promise(
        pledge=pledge,
        events=events,
        received_minor=sum(call.amount_minor - call.left for call in calls),
        to_pay=tuple(
            ToPay(call, call.left, bank)
            for call in calls
            if payable and bank is not None and call.left > 0
        ),
    )
