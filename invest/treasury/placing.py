"""What a bank's movement became. By exact reference and amount by itself; anything else by hand.

Each placement posts between `unmatched` and where the money belongs, on the bank's own day (or the
first open one), counts from the bank's day, and is undone by reversal. Nothing lies in
`unmatched` without standing on the list of what waits.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max, Q, Sum

from invest.kinds.kind import Kind
from invest.kinds.refusals import TooMuch
from invest.models import Call, Person, Placement, Pledge, PledgeEvent
from invest.pledges import pledges
from invest.refusals import WrongState
from invest.treasury.refusals import (
    NotForShared,
    NothingLeft,
    NotMoneyIn,
    NotMoneyOut,
    NotOpposite,
    OtherBooks,
)
from invest.vehicles import books, holdings, offerings
from pools import balances, book
from pools.bank.movements import lock
from pools.errors import Refused
from pools.models import Account, BankAccount, BankMode, Entry, Ledger, Part, Transfer
from pools.money import kronor

FEES, BOOKKEEPER = "expenses:bank", "assets:bookkeeper"
HELD, IN_TRANSIT = "liabilities:held", books.IN_TRANSIT


@dataclass(slots=True)
class Outcome:
    """What was paired, and what waits for a person."""

    placed: list[Placement] = field(default_factory=list)
    waiting: list[Part] = field(default_factory=list)


def pair_by_reference(*, parts: Iterable[Part], by: str) -> Outcome:
    """Pair the parts whose reference and amount are exactly a call's; never guess."""
    outcome = Outcome()
    for part in parts:
        call = Call.objects.filter(ocr=part.ocr).first() if part.ocr else None
        if call is None or part.amount_minor < 0:
            outcome.waiting.append(part)
            continue
        try:
            outcome.placed.append(_pay(part, call, None, Placement.How.AUTO, by))
        except Refused:
            # Another amount, other books, or no longer to be paid: a person decides.
            outcome.waiting.append(part)
    return outcome


def pay(*, part: Part, call: Call, amount_minor: int, by: str) -> Placement:
    """Pair a part, or some of it, with a call of the same books. Raises TooMuch, WrongState."""
    return _pay(part, call, amount_minor, Placement.How.MANUAL, by)


@transaction.atomic
def _pay(part: Part, call: Call, amount_minor: int | None, how: str, by: str) -> Placement:
    """Pair; an amount of None asks that part and call are open with exactly the same."""
    part = _locked(part)
    pledge = (
        Pledge.objects.select_for_update(of=("self",))
        .select_related(
            "person", "offering__vehicle__pool__ledger", "offering__vehicle__units_ledger"
        )
        .get(pk=call.pledge_id)
    )
    if part.amount_minor < 0:
        raise NotMoneyIn
    left, owed = left_of(part), open_on_call(call)
    if amount_minor is None:
        amount_minor = left if left == owed else 0
    if not 0 < amount_minor <= min(left, owed):
        raise TooMuch(left=kronor(min(left, owed)))
    now = pledges.latest(pledge)
    vehicle = pledge.offering.vehicle
    if now.to_state not in PledgeEvent.PAYABLE or vehicle.pool.ledger_id != _ledger(part).pk:
        raise WrongState(state=now.label)
    on = part.movement.booked_on
    kind = offerings.terms_on(vehicle, on)
    role = pledge.offering.role or kind.money_role
    holding = holdings.holding(person=pledge.person, vehicle=vehicle, role=role, on=on)
    placement = _place(
        part,
        Placement.Kind.PAYMENT,
        holding.account,
        amount_minor,
        by,
        how=how,
        why="pay-in",
        call=call,
    )
    _follow(pledge, kind, on, by, f"place:{placement.pk}")
    return placement


@transaction.atomic
def hold(*, part: Part, person: Person | None, amount_minor: int, by: str) -> Placement:
    """Keep money that came in for somebody, until it is known what it is for."""
    part = _locked(part)
    if part.amount_minor < 0:
        raise NotMoneyIn
    account = _chart(part, HELD)
    return _place(part, Placement.Kind.HELD, account, amount_minor, by, person=person)


@transaction.atomic
def book_fee(*, part: Part, amount_minor: int, by: str) -> Placement:
    """A fee that the bank took. Raises NotForShared where the bookkeeping program books it."""
    part = _locked(part)
    if part.amount_minor > 0:
        raise NotMoneyOut
    if mode_of(part) == BankMode.Mode.SHARED:
        raise NotForShared
    return _place(part, Placement.Kind.FEE, _chart(part, FEES), amount_minor, by)


@transaction.atomic
def leave_to_bookkeeper(*, part: Part, amount_minor: int, by: str) -> Placement:
    """A line that is not ours: it stands on the account against the bookkeeping program."""
    part = _locked(part)
    account = _chart(part, BOOKKEEPER)
    return _place(part, Placement.Kind.BOOKKEEPER, account, amount_minor, by)


@transaction.atomic
def confirm(*, part: Part, entry: Entry, amount_minor: int, by: str) -> Placement:
    """The bank tells what the book has: a payout that went, or money that a step took in.

    Raises OtherBooks, NotOpposite where the entry went the other way, TooMuch beyond what of the
    entry the bank has not told yet.
    """
    part = _locked(part)
    ledger = _ledger(part)
    if entry.ledger_id != ledger.pk:
        raise OtherBooks
    Entry.objects.select_for_update().get(pk=entry.pk)
    open_minor = in_transit(entry=entry).get(entry.pk, 0)
    if open_minor * part.amount_minor < 0:
        raise NotOpposite
    if amount_minor > abs(open_minor):
        raise TooMuch(left=kronor(abs(open_minor)))
    account = _chart(part, IN_TRANSIT)
    return _place(part, Placement.Kind.CONFIRMED, account, amount_minor, by, confirms=entry)


@transaction.atomic
def set_off(*, part: Part, against: Part, kind: str, by: str) -> list[Placement]:
    """Money in and money out that answer each other: returned, sent back, or moved between own.

    What a returned payment had paid is undone first, so its promise is open again. Sets off as
    much as both have. Raises NotOpposite, OtherBooks, NothingLeft.
    """
    first, second = sorted((part, against), key=lambda one: one.pk)
    locked = {one.pk: _locked(one) for one in (first, second)}
    part, against = locked[part.pk], locked[against.pk]
    if part.amount_minor * against.amount_minor > 0:
        raise NotOpposite
    if _ledger(part).pk != _ledger(against).pk:
        raise OtherBooks
    for one, other in ((part, against), (against, part)):
        if kind == Placement.Kind.RETURNED and not left_of(one):
            _open_again(one, other.movement.booked_on, by)
    amount = min(left_of(part), left_of(against))
    if not amount:
        raise NothingLeft
    account = _chart(part, IN_TRANSIT)
    return [
        _place(one, Placement.Kind(kind), account, amount, by, against=other)
        for one, other in ((part, against), (against, part))
    ]


def _open_again(part: Part, on: date, by: str) -> None:
    """Undo what a payment paid that the bank has taken back that day."""
    paid = Placement.objects.standing().filter(part=part)
    for placement in paid.filter(kind__in=[Placement.Kind.PAYMENT, Placement.Kind.HELD]):
        undo(placement=placement, by=by, on=on)


@transaction.atomic
def undo(*, placement: Placement, by: str, on: date | None = None) -> None:
    """Undo a placement by reversal: the money waits again, units go back.

    A mistake (`on` None) never counted, so it is reversed on its own day; what the bank took back
    counted until then. What was set off is undone on both sides. Undone already, it stays so.
    """
    _locked(placement.part)
    placement.refresh_from_db(fields=["counted_until"])
    if placement.counted_until is not None:
        return
    entry, ends = placement.entry, on or placement.counts_from
    day = book.first_open_day(entry.ledger, max(on or entry.booked_on, entry.booked_on))
    book.reverse(entry=entry, on=day, key=f"undo:{placement.pk}", by=by)
    placement.counted_until = max(ends, placement.counts_from)
    placement.save(update_fields=["counted_until"])
    if placement.against is not None:
        other = Placement.objects.standing().filter(
            part=placement.against, against=placement.part, amount_minor=placement.amount_minor
        )
        for back in other[:1]:
            undo(placement=back, by=by)
    if placement.call is not None:
        pledge = placement.call.pledge
        kind = offerings.terms_on(pledge.offering.vehicle, placement.counts_from)
        _follow(pledge, kind, ends, by, f"undo:{placement.pk}")


def left_of(part: Part) -> int:
    """What of a part has no place yet, in öre above zero whichever way it went."""
    return abs(part.amount_minor) - _standing(part=part)


def open_on_call(call: Call) -> int:
    """What of a call is not yet paid, in öre."""
    return Call.objects.with_left().get(pk=call.pk).left


def received_minor(pledge: Pledge) -> int:
    """What has been received on a pledge, in öre."""
    return _standing(call__pledge=pledge)


def in_transit(**which: object) -> dict[int, int]:
    """Entry → what of it the bank has not told yet, in öre: plus to come in, minus to go out.

    Of one that was reversed after the bank told of it, what must come the other way. `which`
    chooses the transfers; entries that are told of whole are not there.
    """
    moved: dict[int, int] = defaultdict(int)
    rows = Transfer.objects.filter(**which, entry__reverses=None, entry__placement=None).order_by()
    for side, sign in (("debit", 1), ("credit", -1)):
        sums = rows.filter(**{f"{side}__code": IN_TRANSIT}).values_list("entry")
        for pk, minor in sums.annotate(Sum("amount_minor")):
            moved[pk] += sign * minor
    standing = Placement.objects.standing().filter(confirms__in=moved).order_by()
    told = dict(standing.values_list("confirms").annotate(Sum("amount_minor")))
    gone = set(Entry.objects.filter(reverses__in=moved).values_list("reverses", flat=True))
    left = {
        pk: (0 if pk in gone else minor) - told.get(pk, 0) * (1 if minor > 0 else -1)
        for pk, minor in moved.items()
    }
    return {pk: minor for pk, minor in left.items() if minor}


def mode_of(part: Part) -> str:
    """How the part's account was kept on the bank's day."""
    return books.mode_on(part.movement.bank_account, part.movement.booked_on)


def _standing(**which: object) -> int:
    rows = Placement.objects.standing().filter(**which)
    return rows.aggregate(total=Sum("amount_minor"))["total"] or 0


def _locked(part: Part) -> Part:
    """The part as it is now, with its books' bank accounts locked. Raises NothingLeft.

    Whoever places, settles or imports waits here: an import may move a part or tell it anew.
    """
    ledgers = Ledger.objects.filter(accounts__bank_account__movements__parts=part.pk)
    lock(BankAccount.objects.filter(account__ledger__in=ledgers))
    found = (
        Part.objects.filter(pk=part.pk)
        .select_related("movement__bank_account__unmatched__ledger", "movement__entry")
        .first()
    )
    if found is None or found.movement.entry_id is None:
        raise NothingLeft
    return found


def _ledger(part: Part) -> Ledger:
    return part.movement.bank_account.unmatched.ledger


def _chart(part: Part, code: str) -> Account:
    return books.chart_account(_ledger(part), code, part.movement.booked_on)


def _place(
    part: Part,
    kind: Placement.Kind,
    account: Account,
    amount_minor: int,
    by: str,
    *,
    how: str = Placement.How.MANUAL,
    why: str = "",
    **target: Any,
) -> Placement:
    """Post between `unmatched` and the account, and say what it became. Raises TooMuch."""
    left = left_of(part)
    if not 0 < amount_minor <= left:
        raise TooMuch(left=kronor(left))
    movement, unmatched = part.movement, part.movement.bank_account.unmatched
    came_in = part.amount_minor > 0
    entry = book.post(
        ledger=unmatched.ledger,
        on=book.first_open_day(unmatched.ledger, movement.booked_on),
        kind=why or f"bank-{kind}",
        moves=[
            book.Move(
                debit=unmatched if came_in else account,
                credit=account if came_in else unmatched,
                amount_minor=amount_minor,
            )
        ],
        key=f"place:{part.pk}:{part.placements.count() + 1}",
        by=by,
    )
    return Placement.objects.create(
        part=part,
        kind=kind,
        amount_minor=amount_minor,
        how=how,
        counts_from=movement.booked_on,
        entry=entry,
        **target,
    )


def _follow(pledge: Pledge, kind: Kind, on: date, by: str, key: str) -> None:
    """Let the promise, and the holder's units, be what has been paid by now."""
    pledges.note_payment(pledge=pledge, received_minor=received_minor(pledge), on=on, by=by)
    vehicle = pledge.offering.vehicle
    if vehicle.units_ledger is None or not kind.units_on_payment:
        return
    held = holdings.holding(person=pledge.person, vehicle=vehicle, role=kind.units_role, on=on)
    paid = (
        Pledge.objects.filter(person=pledge.person, offering__vehicle=vehicle)
        .with_state()
        .filter(state__in=[PledgeEvent.State.PAID, PledgeEvent.State.CONVERTED])
    )
    # Each promise buys by the terms it was made under, whatever the price is now.
    due = sum(
        offerings.read(p.terms).units_for(p.amount_now_minor)
        for p in paid.select_related("terms__vehicle")
    )
    missing = due - balances.balance(held.account)
    if missing == 0:
        return
    issued = Account.objects.get(ledger=vehicle.units_ledger, code=f"{vehicle.slug}:issued")
    counts_on = _units_day(pledge, held.account, on, gives=missing > 0)
    booked_on = book.first_open_day(vehicle.units_ledger, counts_on)
    book.post(
        ledger=vehicle.units_ledger,
        on=booked_on,
        kind="issue" if missing > 0 else "take-back",
        moves=[
            book.Move(
                debit=issued if missing > 0 else held.account,
                credit=held.account if missing > 0 else issued,
                amount_minor=abs(missing),
            )
        ],
        key=holdings.units_key(f"{key}:units", counts_on=counts_on, booked_on=booked_on),
        by=by,
    )


def _units_day(pledge: Pledge, account: Account, on: date, *, gives: bool) -> date:
    """The day that units count: when the last payment of the promise came, whichever was placed
    last; taken back, not before they were given.
    """
    payments = Placement.objects.payments().filter(call__pledge=pledge)
    if gives:
        last = payments.standing().aggregate(on=Max("counts_from"))["on"]
        return max(on, last or on)
    keys = Q(pk__in=[])
    for pk in payments.values_list("pk", flat=True):
        keys |= Q(key=f"place:{pk}:units") | Q(key__startswith=f"place:{pk}:units:")
    given = Entry.objects.filter(transfers__credit=account).order_by("-seq")
    issue = given.filter(keys).first() or given.first()
    return max(on, holdings.units_day(issue)) if issue else on
