"""Promised, paid in and enabled: what each sum counts, once, for whoever tells it.

All are whole öre, never below nought, as of the end of a day (inclusive: what is dated that day
counts) and, where asked, as known to a point. Three sums with three meanings, of three sources, and
no function here adds one to another:

committed  promises of money to be raised that are confirmed, and not withdrawn since: savers' word
received   payments of such promises that stand: the bank's lines, and the entries they became
enabled    bank loans that are signed: a bank's word, and no saver's money

Beside them, in none of them: `pending`, promised and not yet confirmed; `saving`, support savings,
which stay the savers' own at their bank; help in kind; and what is bought (joint purchases,
vouchers), which is a price and raises nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from invest.kinds import RAISED, SAVED
from invest.models import ActionEvent, FinanceSource, Placement, PledgeEvent, VehicleTerms
from invest.progress.disclosure import FEWEST_SHOWN
from invest.vehicles.actions import Known

COMMITTED, PENDING, SAVING = "committed", "pending", "saving"
# In which sum a promise counts: by its state on the day, and by the kind of vehicle it is made to.
COUNTED: Mapping[str, tuple[frozenset[str], tuple[str, ...]]] = {
    COMMITTED: (PledgeEvent.COMMITTED, RAISED),
    PENDING: (PledgeEvent.PENDING, RAISED),
    SAVING: (PledgeEvent.COMMITTED, SAVED),
}


@dataclass(frozen=True, slots=True)
class KnownTo:
    """What had been recorded: the last event of a promise, each ledger's last entry, and the last
    row of every other table that figures read (by its model's name; one not named is not bounded).
    """

    event: int
    ledgers: dict[int, int]
    rows: dict[str, int] = field(default_factory=dict)

    def bound(self, model: type[Model], path: str = "pk") -> Q:
        """Only rows that were there; `path` leads to their key."""
        last = self.event if model is PledgeEvent else self.rows.get(model.__name__)
        return Q() if last is None else Q(**{f"{path}__lte": last})

    @property
    def actions(self) -> Known:
        """The same, as vehicles are read."""
        many = 2**63 - 1
        return Known(
            self.rows.get(ActionEvent.__name__, many),
            self.rows.get(VehicleTerms.__name__, many),
            self.ledgers,
        )


@dataclass(frozen=True, slots=True)
class Sums:
    """Öre and heads. `pending` is promised but not yet confirmed: it counts in no other sum.

    `saving` is promised support savings, which stay the savers' own: they stand beside the rest.
    `local` and `known_place` are parts of `committed`: see `invest.progress.local`.
    """

    committed_minor: int = 0
    received_minor: int = 0
    enabled_minor: int = 0
    pending_minor: int = 0
    saving_minor: int = 0
    savers: int = 0
    local_minor: int = 0
    known_place_minor: int = 0

    @property
    def savers_are_few(self) -> bool:
        """Whether the number of savers is too small to be told."""
        return 0 < self.savers < FEWEST_SHOWN

    @property
    def local_pct(self) -> int | None:
        """How much of what is promised comes from the project's own municipality.

        Of the part whose home is known; None where none is, or where the group is too small.
        """
        if not self.known_place_minor or self.savers < FEWEST_SHOWN:
            return None
        return round(100 * self.local_minor / self.known_place_minor)


def raised(vehicle: str) -> Q:
    """Only vehicles that raise money; `vehicle` leads to them. Nothing else is told as raised."""
    return Q(**{f"{vehicle}__kind__in": RAISED})


def counts_as(state: str, kind: str) -> str:
    """The sum that a promise in a state counts in, a key of `COUNTED`; empty where in none."""
    return next(
        (name for name, (states, kinds) in COUNTED.items() if state in states and kind in kinds),
        "",
    )


def counted(name: str) -> Q:
    """The same as `counts_as`, as a condition on `PledgeEvent`."""
    states, kinds = COUNTED[name]
    return Q(to_state__in=states, pledge__offering__vehicle__kind__in=kinds)


def steps(as_of: date, known_to: KnownTo | None = None) -> QuerySet[PledgeEvent]:
    """Every step that a promise had taken by the end of the day, of any kind of vehicle."""
    known = Q() if known_to is None else known_to.bound(PledgeEvent)
    return PledgeEvent.objects.filter(known, on__lte=as_of).order_by("pledge", "number")


def promises(as_of: date, known_to: KnownTo | None = None) -> QuerySet[PledgeEvent]:
    """For each promise the step that says what it was at the end of the day: state and amount."""
    if known_to is None:
        return PledgeEvent.objects.newest(as_of)
    taken = steps(as_of, known_to).order_by()
    return taken.filter(
        ~Exists(taken.filter(pledge=OuterRef("pledge"), number__gt=OuterRef("number")))
    )


def committed(as_of: date, known_to: KnownTo | None = None) -> QuerySet[PledgeEvent]:
    """The promises that `committed` is the sum of (`amount_minor`)."""
    return promises(as_of, known_to).filter(counted(COMMITTED))


def received(as_of: date, known_to: KnownTo | None = None) -> QuerySet[Placement]:
    """The payments that `received` is the sum of (`amount_minor`): on the bank's day by the end
    of the day, and not taken back by then.
    """
    standing = Placement.objects.payments().standing(as_of, known_to.ledgers if known_to else None)
    return standing.filter(raised("call__pledge__offering__vehicle"))


def enabled(as_of: date, known_to: KnownTo | None = None) -> QuerySet[FinanceSource]:
    """The bank loans that `enabled` is the sum of (`amount_minor`): signed by the end of the day.

    Grants, gifts and own money are no loan; one applied for is not signed.
    """
    known = Q() if known_to is None else known_to.bound(FinanceSource)
    return FinanceSource.objects.filter(
        known, kind=FinanceSource.Kind.BANK_LOAN, signed_on__lte=as_of
    )


def is_enabled(kind: str, signed_on: date | None, as_of: date) -> bool:
    """The same as `enabled`, of one source that is read already."""
    is_loan = kind == FinanceSource.Kind.BANK_LOAN
    return is_loan and signed_on is not None and signed_on <= as_of
