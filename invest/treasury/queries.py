"""What the treasurer sees: what of the bank's movements waits, what might fit, what it became."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet, Sum
from django.db.models.functions import Abs, Coalesce

from invest.models import Call, Placement, PledgeEvent
from invest.models.standing import stands
from invest.treasury import placing
from invest.vehicles import books
from pools import balances
from pools.models import Account, BankAccount, BankFile, Entry, Ledger, Movement, Part
from pools.money import format_minor
from pools.wording import kronor_text

_STANDING = stands("placements__entry")
# What the bank has that others are owed.
_OWED = (books.IN_TRANSIT, placing.HELD, "liabilities:payable")


@dataclass(frozen=True)
class OpenCall:
    """A call that waits for money, and what is left of it, in öre."""

    call: Call
    left_minor: int


@dataclass(frozen=True)
class Waiting:
    """A part of a movement with something left to place: öre above zero, in or out."""

    part: Part
    left_minor: int
    age_days: int = 0

    @property
    def is_out(self) -> bool:
        """Whether the money left the account."""
        return self.part.amount_minor < 0

    @property
    def booked_on(self) -> date:
        """The bank's day."""
        return self.part.movement.booked_on

    @property
    def signed_minor(self) -> int:
        """What is left, minus where it went out."""
        return -self.left_minor if self.is_out else self.left_minor

    @property
    def amount_text(self) -> str:
        """What is left, as somebody would type it."""
        return f"{format_minor(self.left_minor, scale=2)} {kronor_text(self.left_minor)}"


@dataclass(frozen=True)
class InTransit:
    """An entry that the bank has not told of yet: öre, plus to come in, minus to go out."""

    entry: Entry
    open_minor: int


def waiting_parts(accounts: QuerySet[BankAccount] | list[BankAccount]) -> QuerySet[Part]:
    """Booked parts with something left to place (`left`, öre above zero), oldest first."""
    placed = Coalesce(Sum("placements__amount_minor", filter=_STANDING), 0)
    rows: QuerySet[Part] = (
        Part.objects.filter(movement__bank_account__in=accounts, movement__entry__isnull=False)
        .annotate(left=Abs("amount_minor") - placed)
        .filter(left__gt=0)
        .select_related("movement__bank_account__account")
        .order_by("movement__booked_on", "pk")
    )
    return rows


def waiting(account: BankAccount) -> list[Waiting]:
    """All that waits on an account, in and out, oldest first."""
    return waiting_on([account])


def waiting_on(accounts: Sequence[BankAccount], today: date | None = None) -> list[Waiting]:
    """All that waits on several, oldest first; with `today` also for how many days."""
    return [
        Waiting(part, left, (today - part.movement.booked_on).days if today else 0)
        for part in waiting_parts(list(accounts))
        if (left := part.left)  # type: ignore[attr-defined]
    ]


def asked(*accounts: BankAccount) -> QuerySet[Movement]:
    """Movements that are perhaps told twice: unbooked until somebody says. Oldest first."""
    rows = Movement.objects.filter(bank_account__in=accounts, entry=None)
    return (
        rows.select_related("bank_account")
        .prefetch_related("parts", "lines__statement__file")
        .order_by("booked_on", "pk")
    )


def alike(movement: Movement) -> QuerySet[Movement]:
    """Booked movements that a questioned one may be: same account, day and amount."""
    rows = Movement.objects.filter(
        bank_account=movement.bank_account_id,
        booked_on=movement.booked_on,
        amount_minor=movement.amount_minor,
        entry__isnull=False,
    ).exclude(pk=movement.pk)
    return rows.prefetch_related("parts", "lines__statement__file").order_by("pk")


def placed(*accounts: BankAccount) -> QuerySet[Placement]:
    """Placements that stand, newest first."""
    rows = Placement.objects.standing().filter(part__movement__bank_account__in=accounts)
    return rows.select_related(
        "part__movement__bank_account",
        "call__pledge__person",
        "call__pledge__offering__vehicle",
        "person",
        "against__movement__bank_account",
        "confirms",
        "entry",
    ).order_by("-pk")


def files(*accounts: BankAccount) -> QuerySet[BankFile]:
    """The files that told of the accounts, newest first."""
    rows = BankFile.objects.filter(statements__bank_account__in=accounts).distinct()
    return rows.order_by("-received_at", "-pk")


def opposite(part: Part) -> list[Part]:
    """Parts of the same books that went the other way with just this amount, nearest day first."""
    ledger = part.movement.bank_account.account.ledger_id
    rows = (
        Part.objects.filter(
            movement__bank_account__account__ledger=ledger,
            movement__entry__isnull=False,
            amount_minor=-part.amount_minor,
        )
        .select_related("movement__bank_account")
        .prefetch_related("placements__entry__reversed_by")
    )
    day = part.movement.booked_on
    free = [row for row in rows if not _is_set_off(row)]
    return sorted(free, key=lambda row: (abs((row.movement.booked_on - day).days), row.pk))[:10]


def _is_set_off(part: Part) -> bool:
    return any(
        row.kind in Placement.AGAINST and not hasattr(row.entry, "reversed_by")
        for row in part.placements.all()
    )


def in_transit(ledger: Ledger) -> list[InTransit]:
    """Payouts and takings of a ledger that no bank has told of, oldest first."""
    left = placing.in_transit(entry__ledger=ledger)
    entries = Entry.objects.filter(pk__in=left).order_by("booked_on", "pk")
    return [InTransit(entry, left[entry.pk]) for entry in entries]


def open_calls(ledger: Ledger) -> list[OpenCall]:
    """Calls of the books that wait for money, by due day."""
    payable = PledgeEvent.objects.newest().filter(to_state__in=PledgeEvent.PAYABLE)
    rows = (
        Call.objects.filter(
            pledge__offering__vehicle__pool__ledger=ledger,
            pledge__in=payable.values("pledge"),
        )
        .with_left()
        .select_related("pledge__person", "pledge__offering__vehicle")
        .filter(left__gt=0)
        .order_by("due_on", "pk")
    )
    return [OpenCall(call, call.left) for call in rows]


def available_minor(ledger: Ledger) -> int:
    """What the bank has and nobody is owed, in öre: less what waits for its place, is held for
    somebody, has been decided or is on its way out.
    """
    accounts = list(BankAccount.objects.filter(account__ledger=ledger).select_related("account"))
    owed = Account.objects.filter(ledger=ledger, code__in=_OWED)
    there = sum(balances.balances([row.account for row in accounts]).values())
    waits = sum(max(0, row.signed_minor) for account in accounts for row in waiting(account))
    return there - waits - sum(max(0, minor) for minor in balances.balances(owed).values())
