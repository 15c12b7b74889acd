"""What a saver sees: the receipt of one promise, and everything of one's own."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from invest import access, offerings
from invest.matching import PAYABLE
from invest.models import (
    Call,
    Consent,
    DistributionLine,
    Holding,
    InKind,
    Letter,
    Match,
    Pledge,
    PledgeEvent,
    RepaymentLine,
    User,
    Vehicle,
)
from invest.pledges import OPEN_STATES, TRANSITIONS
from invest.queries.in_kind import Given
from invest.queries.letters import exit_reference
from invest.queries.owed import Owed, owed
from invest.queries.wording import counted_text
from invest.vehicles import BOUGHT, KINDS, RAISED, SAVED
from invest.vehicles.deeds import Text
from pools import balances
from pools.bank.references import format_bankgiro, qr_svg, swish_payload
from pools.models import BankAccount, Unit
from pools.wording import kronor_text

State = PledgeEvent.State
MOST_LETTERS = 50
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
        return self.now.to_state in OPEN_STATES

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
        return in_time and State.WITHDRAWN in TRANSITIONS.get(self.now.to_state, frozenset())


@dataclass(frozen=True)
class Held:
    """What stands on an account of one's own, in the account's own unit."""

    holding: Holding
    balance_minor: int

    @property
    def is_told(self) -> bool:
        """Not where all that was bought is fetched, and paid back."""
        return bool(self.balance_minor) or self.holding.vehicle.kind not in BOUGHT

    @property
    def is_money(self) -> bool:
        """Whether the unit is money; nothing else is added to it."""
        return self.holding.account.ledger.unit.kind == Unit.Kind.MONEY

    @property
    def text(self) -> str:
        """The amount with its unit, in the reader's language."""
        if self.is_money:
            return kronor_text(self.balance_minor)
        return counted_text(self.balance_minor, self.holding.account.ledger.unit_id)

    @property
    def label(self) -> Text:
        """What the account is, in the words of the vehicle's kind."""
        kind = KINDS[self.holding.vehicle.kind]
        return next(role.label for role in kind.accounts() if role.role == self.holding.role)


@dataclass(frozen=True, slots=True)
class Back:
    """What came back to one saver on a day, in öre: principal and interest, or surplus."""

    on: date
    vehicle: str
    principal_minor: int = 0
    interest_minor: int = 0
    surplus_minor: int = 0


@dataclass(frozen=True, slots=True)
class Papers:
    """What can be taken home of a vehicle that I hold in, and when I last asked to leave it."""

    vehicle: Vehicle
    certificate: Text
    exit_asked_on: date | None


@dataclass(frozen=True)
class MyPage:
    """Everything of one saver's. Sums in öre, each of its own kind; shares are counted apart."""

    promises: tuple[Promise, ...]
    in_kind: tuple[Given, ...]
    held: tuple[Held, ...]
    owed: Owed
    back: tuple[Back, ...]
    papers: tuple[Papers, ...]
    letters: tuple[Letter, ...]
    shows_name: bool

    @property
    def promised_minor(self) -> int:
        """All that I promise to a project now, paid or not; my own savings at the bank are not."""
        return self._open(RAISED)

    @property
    def saved_minor(self) -> int:
        """What I promise to save at the bank, where it stays my own."""
        return self._open(SAVED)

    def _open(self, kinds: tuple[str, ...]) -> int:
        return sum(
            promise.now.amount_minor
            for promise in self.promises
            if promise.is_open and promise.pledge.offering.vehicle.kind in kinds
        )

    @property
    def received_minor(self) -> int:
        """All that I have paid in to projects; not what I have paid for goods."""
        return sum(
            promise.received_minor
            for promise in self.promises
            if promise.pledge.offering.vehicle.kind in RAISED
        )

    @property
    def repaid_minor(self) -> int:
        """Principal that came back."""
        return sum(part.principal_minor for part in self.back)

    @property
    def earned_minor(self) -> int:
        """Interest and my part of surplus."""
        return sum(part.interest_minor + part.surplus_minor for part in self.back)


def tone(state: str) -> str:
    """The class that colours a pledge's state."""
    return _TONES.get(State(state), "")


def receipt(pledge: Pledge) -> Promise:
    """One promise, for whoever holds its link."""
    return promises(Pledge.objects.filter(pk=pledge.pk))[0]


def promises(which: QuerySet[Pledge]) -> list[Promise]:
    """Promises as they stand, newest first. Five queries."""
    listed = list(
        which.select_related(
            "offering__vehicle__project",
            "offering__vehicle__organisation",
            "fair",
            "terms__vehicle",
        )
        .prefetch_related("calls", "events")
        .order_by("-pk")
    )
    received = _received(Match.objects.filter(call__pledge__in=listed))
    ledgers = {pledge.offering.vehicle.organisation.ledger_id for pledge in listed}
    banks = {
        bank.account.ledger_id: bank
        for bank in BankAccount.objects.filter(account__ledger__in=ledgers).select_related(
            "account"
        )
    }
    return [
        _promise(pledge, received, banks.get(pledge.offering.vehicle.organisation.ledger_id or 0))
        for pledge in listed
    ]


def my_page(user: User, on: date) -> MyPage:
    """Everything of the person behind a login, on a day."""
    mine = held(user)
    holdings = [one.holding for one in mine]
    return MyPage(
        promises=tuple(promises(access.pledges_of(user))),
        in_kind=tuple(_given(user)),
        held=tuple(one for one in mine if one.is_told),
        owed=owed({one.holding: one.balance_minor for one in mine}, on),
        back=tuple(_back(holdings)),
        papers=tuple(_papers(holdings)),
        letters=tuple(Letter.objects.filter(person__user=user)[:MOST_LETTERS]),
        shows_name=Consent.objects.filter(
            person__user=user, kind=Consent.Kind.PUBLISH_NAME, withdrawn_at__isnull=True
        ).exists(),
    )


def held(user: User) -> list[Held]:
    """What stands on one's own accounts, by vehicle. Four queries at most."""
    holdings = list(
        access.holdings_of(user)
        .select_related("account__ledger__unit", "vehicle__project", "vehicle__organisation")
        .order_by("vehicle__name", "role")
    )
    standing = balances.balances([holding.account for holding in holdings])
    return [Held(holding, standing[holding.account_id]) for holding in holdings]


def _given(user: User) -> list[Given]:
    """Help in kind that I offered, newest first. Three queries."""
    mine = InKind.objects.filter(person__user=user).select_related("project")
    return [
        Given(row, tuple(row.events.all()), tuple(row.messages.all()))
        for row in mine.prefetch_related("events", "messages").order_by("-pk")
    ]


def _papers(holdings: list[Holding]) -> list[Papers]:
    """One for each vehicle, by name. One query."""
    mine = {holding.vehicle: holding.number for holding in holdings}
    if not mine:
        return []
    begins = {v: exit_reference(v, number) for v, number in mine.items()}
    asked = Letter.objects.filter(person__isnull=True)
    asked = asked.filter(reduce(or_, (Q(subject__startswith=b) for b in begins.values()), Q()))
    last: dict[str, date] = {}
    for subject, at in asked.order_by("written_at").values_list("subject", "written_at"):
        last[subject.split(" ", 1)[0]] = timezone.localdate(at)
    return [
        Papers(vehicle, KINDS[vehicle.kind].certificate, last.get(begins[vehicle]))
        for vehicle in mine
    ]


def _back(holdings: list[Holding]) -> list[Back]:
    """All that came back, newest first. Two queries."""
    repaid = RepaymentLine.objects.filter(
        holding__in=holdings, repayment__entry__reversed_by__isnull=True
    ).select_related("repayment__instalment__plan__vehicle")
    shared = DistributionLine.objects.filter(
        holding__in=holdings, distribution__paid_entry__isnull=False, paid_minor__gt=0
    ).select_related("distribution__vehicle", "distribution__paid_entry")
    back = [
        Back(
            on=line.repayment.paid_on,
            vehicle=line.repayment.instalment.plan.vehicle.name,
            principal_minor=line.principal_minor,
            interest_minor=line.interest_minor,
        )
        for line in repaid
    ]
    for line in shared:
        payout = line.distribution
        if payout.paid_entry is not None:
            back.append(
                Back(
                    on=payout.paid_entry.booked_on,
                    vehicle=payout.vehicle.name,
                    surplus_minor=line.paid_minor,
                )
            )
    return sorted(back, key=lambda part: part.on, reverse=True)


def _received(matches: QuerySet[Match]) -> dict[int, int]:
    """Call pk → öre received on it."""
    rows = (
        matches.filter(entry__reversed_by__isnull=True)
        .order_by()
        .values_list("call")
        .annotate(Sum("amount_minor"))
    )
    return defaultdict(int, rows)


def _promise(pledge: Pledge, received: dict[int, int], bank: BankAccount | None) -> Promise:
    events = tuple(sorted(pledge.events.all(), key=lambda event: event.number))
    calls: Iterable[Call] = pledge.calls.all()
    payable = bank is not None and events[-1].to_state in PAYABLE
    return Promise(
        pledge=pledge,
        events=events,
        received_minor=sum(received[call.pk] for call in calls),
        to_pay=tuple(
            ToPay(call, call.amount_minor - received[call.pk], bank)
            for call in calls
            if payable and bank is not None and call.amount_minor > received[call.pk]
        ),
    )
