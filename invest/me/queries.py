"""Everything of one saver's own, on one page."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from invest import access
from invest.in_kind.queries import Given
from invest.kinds import BOUGHT, KINDS, RAISED, SAVED
from invest.kinds.actions import Text
from invest.letters.about import exit_of
from invest.models import (
    Consent,
    DistributionLine,
    Holding,
    InKind,
    Letter,
    RepaymentLine,
    User,
    Vehicle,
)
from invest.payouts.queries import Owed, owed
from invest.pledges.queries import Promise, promises
from invest.web.wording import counted_text
from pools import balances
from pools.models import Unit
from pools.wording import kronor_text

MOST_LETTERS = 50


@dataclass(frozen=True)
class Held:
    """What stands on an account of one's own, in the account's own unit."""

    holding: Holding
    balance_minor: int

    @property
    def is_shown(self) -> bool:
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


def my_page(user: User, on: date) -> MyPage:
    """Everything of the person behind a login, on a day."""
    mine = held(user)
    holdings = [one.holding for one in mine]
    return MyPage(
        promises=tuple(promises(access.pledges_of(user))),
        in_kind=tuple(_given(user)),
        held=tuple(one for one in mine if one.is_shown),
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
    topics = {vehicle: exit_of(vehicle, number) for vehicle, number in mine.items()}
    asked = Letter.objects.filter(about__in=topics.values()).order_by("written_at")
    last = {topic: timezone.localdate(at) for topic, at in asked.values_list("about", "written_at")}
    return [
        Papers(vehicle, KINDS[vehicle.kind].certificate, last.get(topics[vehicle]))
        for vehicle in mine
    ]


def _back(holdings: list[Holding]) -> list[Back]:
    """All that came back, newest first. Two queries."""
    standing = RepaymentLine.objects.standing().filter(holding__in=holdings)
    repaid = standing.select_related("repayment__instalment__plan__vehicle")
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
