"""The life of a pledge, from the tap at the fair to paid, withdrawn or released.

Facts are events: a pledge's state and amount are those of its last `PledgeEvent`. The life cycle
is `PledgeEvent.TRANSITIONS`; every step is taken under a lock on the pledge.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from moneyed import Money

from invest import dated_settings
from invest.kinds.refusals import TooMuch
from invest.models import Call, Fair, Offering, Person, Pledge, PledgeEvent, VehicleTerms
from invest.once import Sent
from invest.people import Giver, person_for, plain
from invest.pledges.refusals import (
    LessIsLeft,
    NotAsked,
    OfferingClosed,
    Ordered,
    OutsideLimits,
    OverCap,
)
from invest.progress import room
from invest.refusals import WrongState
from invest.vehicles import offerings
from pools.bank.references import make_ocr
from pools.money import kronor, ore

State = PledgeEvent.State


# Before any call an amount may be changed. What no call has asked for yet may be called.
_NOT_CALLED = frozenset({State.SUBMITTED, State.IN_REFLECTION, State.CONFIRMED})
_CALLABLE = frozenset({State.CONFIRMED, State.CALLED, State.PART_PAID})


def submit(
    *,
    offering: Offering,
    giver: Giver,
    amount: Money,
    key: str,
    key_owner: str,
    on: date,
    by: str,
    at: datetime | None = None,
    source: str = Pledge.Source.WEB,
    fair: Fair | None = None,
    binding: str = Pledge.Binding.INTENTION,
    valid_until: date | None = None,
    shown_as: str = "",
    person: Person | None = None,
) -> Pledge:
    """Make a promise, once, by a `person` on record (None: the giver tells who it is).

    `shown_as` is the name that others may see; empty: none. The client makes `key` before the
    first send: the same key with the same content from the same owner returns the pledge already
    there, anything else raises KeyReused and tells nothing. Raises OfferingClosed, Ordered,
    OutsideLimits, UnitStep, OverCap, LessIsLeft, UnsafeText; nothing is kept then, and the same key
    may be sent again.
    """
    amount_minor = ore(amount)
    sent = Sent(
        key,
        columns={"key_owner": key_owner, "offering_id": offering.pk},
        content=[amount_minor, giver.name, giver.email.lower(), binding],
        row_id=offering.pk,
    )
    if earlier := sent.earlier(Pledge.objects.all()):
        return earlier
    if not offering.opens_on <= on <= offering.closes_on:
        raise OfferingClosed(opens_on=offering.opens_on, closes_on=offering.closes_on)
    terms = offerings.terms_row(offering.vehicle, on)
    if offerings.closing_actions().filter(vehicle=offering.vehicle_id).exists():
        raise Ordered
    _refuse_outside(offering, amount, terms)
    at = at or timezone.now()

    def make() -> Pledge:
        pledge = Pledge.objects.create(
            offering=offering,
            person=person or person_for(giver, at=at),
            fair=fair,
            terms=terms,
            source=source,
            binding=binding,
            submitted_at=at,
            withdraw_until=on + timedelta(days=dated_settings.value("reflection-days", on)),
            valid_until=valid_until,
            shown_as=plain(shown_as),
            key=key,
            key_owner=key_owner,
            fingerprint=sent.fingerprint(),
        )
        _take_room(offering, amount_minor)
        PledgeEvent.objects.step(pledge, State.SUBMITTED, on=on, by=by, at=at, amount=amount)
        if binding != Pledge.Binding.INTENTION:
            PledgeEvent.objects.step(pledge, State.IN_REFLECTION, on=on, by=by, at=at)
        return pledge

    return sent.once(Pledge.objects.all(), make)


def confirm(*, pledge: Pledge, on: date, by: str, reason: str = "") -> PledgeEvent:
    """The saver was reached, or the reflection period is over: the promise counts.

    Raises WrongState where it counts already, or the reflection period still runs.
    """
    now = latest(pledge)
    waits = now.to_state == State.IN_REFLECTION and on <= pledge.withdraw_until
    if waits or now.to_state == State.CONFIRMED:
        raise WrongState(state=now.label)
    return _step(pledge, State.CONFIRMED, on=on, by=by, reason=reason)


@transaction.atomic
def change_amount(
    *, pledge: Pledge, amount: Money, on: date, by: str, reason: str = ""
) -> PledgeEvent:
    """Revise a promise that is not yet called; the old amount stays in the log.

    Raises WrongState from the first call on, and what `submit` raises of an amount.
    """
    now = latest(pledge)
    if now.to_state not in _NOT_CALLED:
        raise WrongState(state=now.label)
    _refuse_outside(pledge.offering, amount, pledge.terms)
    _take_room(pledge.offering, ore(amount) - now.amount_minor)
    return _step(pledge, now.to_state, on=on, by=by, reason=reason, amount=amount)


@transaction.atomic
def call(*, pledge: Pledge, on: date, due_on: date, by: str, amount: Money | None = None) -> Call:
    """Ask for payment of a pledge (None: all that no call has asked for), with its own reference.

    Raises NotAsked where nothing is ever paid in, WrongState where all is called or paid, TooMuch.
    """
    if not (pledge.offering.role or offerings.read(pledge.terms).money_role):
        raise NotAsked
    Pledge.objects.select_for_update().get(pk=pledge.pk)
    now = latest(pledge)
    if now.to_state not in _CALLABLE:
        raise WrongState(state=now.label)
    calls = list(pledge.calls.all())
    left = now.amount_minor - sum(earlier.amount_minor for earlier in calls)
    if left < 1:
        raise WrongState(state=now.label)
    asked = left if amount is None else ore(amount)
    if asked > left:
        raise TooMuch(left=kronor(left))
    if now.to_state == State.CONFIRMED:
        _step(pledge, State.CALLED, on=on, by=by)
    number = len(calls) + 1
    return Call.objects.create(
        pledge=pledge,
        number=number,
        amount=kronor(asked),  # type: ignore[misc] # django-money has no stubs
        ocr=make_ocr(f"{pledge.offering_id:04d}{pledge.pk:06d}{number:02d}"),
        issued_on=on,
        due_on=due_on,
    )


def deliver(*, pledge: Pledge, on: date, by: str, reason: str = "") -> PledgeEvent:
    """What was promised other than by paying in is there: savings on the account, help given."""
    if pledge.offering.role or offerings.read(pledge.terms).money_role:
        raise WrongState(state=latest(pledge).label)
    return _step(pledge, State.DELIVERED, on=on, by=by, reason=reason)


def verify(*, pledge: Pledge, on: date, by: str, reason: str = "") -> PledgeEvent:
    """Who got it says that it is so."""
    return _step(pledge, State.VERIFIED, on=on, by=by, reason=reason)


def withdraw(*, pledge: Pledge, on: date, by: str, reason: str = "") -> PledgeEvent:
    """The saver takes the promise back: while it is an intention, or within the right to."""
    if pledge.binding != Pledge.Binding.INTENTION and on > pledge.withdraw_until:
        raise WrongState(state=latest(pledge).label)
    return _step(pledge, State.WITHDRAWN, on=on, by=by, reason=reason)


def decline(*, pledge: Pledge, on: date, by: str, reason: str = "") -> PledgeEvent:
    """The project says no."""
    return _step(pledge, State.DECLINED, on=on, by=by, reason=reason)


def lapse(*, pledge: Pledge, on: date, by: str, reason: str = "") -> PledgeEvent:
    """The promise was never called before its last day."""
    if pledge.valid_until is None or on <= pledge.valid_until:
        raise WrongState(state=latest(pledge).label)
    return _step(pledge, State.LAPSED, on=on, by=by, reason=reason)


def mark_unfulfilled(*, pledge: Pledge, on: date, by: str, reason: str = "") -> PledgeEvent:
    """Called and reminded, but not paid in full."""
    return _step(pledge, State.UNFULFILLED, on=on, by=by, reason=reason)


def release(*, pledge: Pledge, on: date, by: str, reason: str = "") -> PledgeEvent:
    """The project did not reach its goal: nobody owes it anything."""
    return _step(pledge, State.RELEASED, on=on, by=by, reason=reason)


def convert(*, pledge: Pledge, on: date, by: str, reason: str = "") -> PledgeEvent:
    """What was paid became something else, such as a loan turned into shares."""
    return _step(pledge, State.CONVERTED, on=on, by=by, reason=reason)


def note_payment(*, pledge: Pledge, received_minor: int, on: date, by: str) -> PledgeEvent:
    """Follow the book: called, part-paid or paid, by what has been received so far."""
    now = latest(pledge)
    if now.to_state == State.UNFULFILLED and not received_minor:
        return now  # A part that was paired by mistake: it stays what it was.
    if received_minor >= now.amount_minor:
        to = State.PAID
    else:
        to = State.PART_PAID if received_minor else State.CALLED
    return _step(pledge, to, on=max(on, now.on), by=by)


def latest(pledge: Pledge) -> PledgeEvent:
    """The event that says what the pledge is now."""
    return pledge.events.latest("number")


@transaction.atomic
def _step(
    pledge: Pledge, to: str, *, on: date, by: str, reason: str = "", amount: Money | None = None
) -> PledgeEvent:
    changed: dict[str, Any] = {"amount": amount} if amount else {}
    event = PledgeEvent.objects.step(pledge, to, on=on, by=by, reason=reason, **changed)
    was_open, is_open = event.from_state in PledgeEvent.OPEN, to in PledgeEvent.OPEN
    if was_open and not is_open:
        _give_room_back(pledge.offering, ore(event.amount))
    elif is_open and not was_open:
        _take_room(pledge.offering, ore(event.amount))
    return event


def _take_room(offering: Offering, amount_minor: int) -> None:
    """Gate and effect in one statement: never oversold, however many ask at once."""
    taken = Offering.objects.filter(
        pk=offering.pk, pledged_minor__lte=F("cap_minor") - amount_minor
    ).update(pledged_minor=F("pledged_minor") + amount_minor)
    if not taken:
        fresh = Offering.objects.select_related("vehicle").get(pk=offering.pk)
        left_minor = room.left_minor(fresh)
        kind = offerings.read(offerings.terms_row(fresh.vehicle, fresh.opens_on))
        if kind.one_minor:
            raise LessIsLeft(left=kind.units_text(left_minor // kind.one_minor))
        raise OverCap(left=kronor(left_minor))


def _give_room_back(offering: Offering, amount_minor: int) -> None:
    Offering.objects.filter(pk=offering.pk).update(pledged_minor=F("pledged_minor") - amount_minor)


def _refuse_outside(offering: Offering, amount: Money, terms: VehicleTerms) -> None:
    if amount < offering.minimum or (offering.maximum and amount > offering.maximum):
        most = offering.maximum or kronor(offering.cap_minor)
        raise OutsideLimits(minimum=offering.minimum, maximum=most)
    offerings.read(terms).units_for(ore(amount))
