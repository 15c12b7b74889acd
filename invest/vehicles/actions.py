"""Doing things with a vehicle: its kind says what moves, this books it and puts it on record.

An action is whole or not at all: the facts, and every posting of its rule. One that needs a second
person moves nothing until another approves. Undoing reverses what it posted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from invest import dated_settings
from invest.kinds import KINDS, Kind
from invest.kinds.actions import (
    MONEY,
    RIGHTS,
    UNITS,
    ActionType,
    Answer,
    ByItself,
    Done,
    Payout,
    Posting,
    Question,
    SnapshotOf,
)
from invest.kinds.refusals import AlreadyRecorded, NotOnRecord
from invest.models import Action, ActionEvent, Distribution, EventText, Person, Vehicle
from invest.once import Sent
from invest.refusals import NeedsEvidence, SecondPersonNeeded, WrongState
from invest.vehicles import books, holdings, offerings, voucher_codes
from invest.vehicles.refusals import BeforeItBegan, UndoneSince
from pools import balances, book
from pools.models import Account, Entry

State = ActionEvent.State


@dataclass(frozen=True, slots=True)
class Known:
    """What had been recorded: an action's last step, the last terms, each ledger's last entry."""

    step: int
    terms: int
    ledgers: Mapping[int, int]

    def entries(self, vehicle: Vehicle, entry: str) -> Q:
        """The entries of a vehicle's books that were known; `entry` names the path to them."""
        known = Q(pk__in=[])
        for ledger in (vehicle.pool.ledger_id, vehicle.units_ledger_id, vehicle.rights_ledger_id):
            if ledger is not None:
                seq = self.ledgers.get(ledger, 0)
                known |= Q(**{f"{entry}__ledger": ledger, f"{entry}__seq__lte": seq})
        return known


@transaction.atomic
def do(
    *,
    vehicle: Vehicle,
    act: str,
    facts: Mapping[str, Any],
    on: date,
    by: str,
    key: str,
    evidence: str = "",
    at: datetime | None = None,
) -> Action:
    """Do an act, or propose it where its kind wants a second person.

    `at` is the moment of writing (None: now). The same key with the same content returns the action
    already there; anything else raises KeyReused. Raises what the kind's rule refuses,
    NeedsEvidence, AheadOfTime, BeforeItBegan, HolderGone, NotOnRecord, AlreadyRecorded,
    PeriodLocked and the book's own refusals; nothing is kept then.
    """
    vehicle = Vehicle.objects.select_for_update(of=("self",)).get(pk=vehicle.pk)
    told = KINDS[vehicle.kind].act(act)
    stored = {asked.name: _stored(facts.get(asked.name)) for asked in told.questions}
    sent = Sent(
        key,
        columns={"vehicle_id": vehicle.pk},
        content=[act, stored, on.isoformat(), evidence],
        row_id=vehicle.pk,
    )
    if earlier := sent.earlier(Action.objects.all()):
        return earlier
    if told.needs_evidence and not evidence:
        raise NeedsEvidence
    at = at or timezone.now()
    books.refuse_day(vehicle, on, at)
    holdings.refuse_gone(vehicle, told, facts)
    _refuse_unfounded(vehicle, told, facts, on)
    if told.needs_second:
        _refuse_proposed(vehicle, told, stored)
    action = Action.objects.create(
        vehicle=vehicle,
        number=vehicle.actions.count() + 1,
        act=act,
        on=on,
        key=key,
        fingerprint=sent.fingerprint(),
        **_kept(told, stored, evidence),
    )
    _refuse_undone_since(action, on)
    # A proposal that could not be carried out is refused at once, not by the second person.
    postings = _follow_rule(action, told)
    if told.needs_second:
        ActionEvent.objects.step(action, State.PROPOSED, on=on, by=by, at=at)
    else:
        _carry_out(action, postings, by, at)
    return action


@transaction.atomic
def approve(*, action: Action, by: str, at: datetime | None = None) -> Action:
    """A second person agrees, and the action counts. Raises SecondPersonNeeded, WrongState."""
    action = _locked(action)
    if action.state != State.PROPOSED:
        raise WrongState(state=action.state.label)
    if action.events.get(number=1).actor == by:
        raise SecondPersonNeeded
    act = KINDS[action.vehicle.kind].act(action.act)
    books.refuse_locked(action.vehicle, action.on)
    _refuse_unfounded(action.vehicle, act, action.facts, action.on)
    _refuse_undone_since(action, action.on)
    _carry_out(action, _follow_rule(action, act), by, at or timezone.now())
    return action


@transaction.atomic
def refuse(*, action: Action, by: str, why: str = "", at: datetime | None = None) -> Action:
    """What was proposed is not to be done. Raises WrongState."""
    action = _locked(action)
    ActionEvent.objects.step(action, State.REFUSED, on=action.on, by=by, at=at, reason=why)
    return action


@transaction.atomic
def undo(*, action: Action, on: date, by: str, why: str, at: datetime | None = None) -> Action:
    """Undo an action from a day on: what it posted is reversed, and history stays as it was.

    Raises WrongState, BelowFloor where what it gave is no longer there, PeriodLocked, UndoneSince.
    """
    action = _locked(action)
    if action.state != State.DONE or on < action.on:
        raise WrongState(state=action.state.label)
    books.refuse_locked(action.vehicle, on)
    _refuse_undone_since(action, on)
    now = snapshot(action.vehicle, date.max)
    if why_not := now.kind.why_not_undo(_done(action), now):
        raise why_not
    if now.kind.act(action.act).gives_codes:
        voucher_codes.take_back(action, on)
    _make_room(action, action.on, by, on)
    for entry in entries(action).order_by("-pk"):
        book.reverse(entry=entry, on=on, key=f"{entry.key}:undone", by=by)
    ActionEvent.objects.step(action, State.UNDONE, on=on, by=by, at=at, reason=why)
    _bring_up(action.vehicle, on, by, at or timezone.now())
    return action


def undo_day(action: Action, today: date) -> date:
    """From which day an action is undone, unless somebody says another.

    A step of what goes in order is undone from its own day, or from the first that may be, so that
    the right one can take its place; anything else from today.
    """
    if not _in_order(action.vehicle, action.act, action.facts):
        return today
    first = max(action.on, _undone_until(action))
    return min(book.first_open_day(action.vehicle.pool.ledger, first), today)


def preview(action: Action) -> Sequence[Posting]:
    """What a proposal would move if it were approved now. Raises what then would be refused."""
    act = KINDS[action.vehicle.kind].act(action.act)
    _refuse_unfounded(action.vehicle, act, action.facts, action.on)
    return _follow_rule(action, act)


def unit_of(vehicle: Vehicle, which: str) -> str:
    """The code of the unit that one of a vehicle's books counts."""
    return books.book_of(vehicle, which).unit_id


def entries(action: Action) -> QuerySet[Entry]:
    """What the action posted: at most one entry in each book."""
    return Entry.objects.filter(key__in=[f"deed:{action.pk}:{name}" for name in BOOKS])


def snapshot(vehicle: Vehicle, as_of: date, known: Known | None = None) -> SnapshotOf[Kind]:
    """A vehicle as it stood at the end of a day: what every rule, sheet and figure is read from.

    `known` leaves out what was recorded later, however it is dated; None: nothing. Seven queries,
    however many holders.
    """
    rows = standing_actions(vehicle, as_of, known)
    kind = KINDS[vehicle.kind]
    terms = vehicle.terms.filter(Q(pk__lte=known.terms) if known else Q())
    paid = known.entries(vehicle, "decided_entry") if known else Q()
    return SnapshotOf(
        as_of=as_of,
        terms=tuple(
            (row.valid_from, kind.parse(row.terms))
            for row in terms.order_by("version")
            if row.valid_from <= as_of or row.version == 1
        ),
        done=tuple(_done(action) for action in rows.order_by("on", "number")),
        changes=tuple(
            holdings.changes(vehicle, as_of, known.entries(vehicle, "entry") if known else None)
        ),
        payouts=tuple(
            Payout(row.decided_entry.booked_on, row.total_minor)
            for row in Distribution.objects.filter(
                paid, vehicle=vehicle, decided_entry__booked_on__lte=as_of
            ).select_related("decided_entry")
            if row.decided_entry
        ),
        setting=dated_settings.value,
    )


def disagreements(vehicle: Vehicle, now: SnapshotOf[Kind]) -> list[str]:
    """Where the register of a day is not what the book says: by account, and by the kind's own.

    Empty where both tell the same, to the öre and the unit.
    """
    found = []
    for role in KINDS[vehicle.kind].accounts():
        ledger = books.book_of(vehicle, role.book)
        accounts = Account.objects.filter(
            ledger=ledger, code__startswith=f"{vehicle.slug}:{role.role}:"
        )
        booked = sum(balances.balances(accounts, as_of=now.as_of).values())
        # The book's own days on both sides: what was booked late counts from the bank's day.
        told = sum(
            change.amount
            for change in now.changes
            if change.role == role.role and change.booked_on <= now.as_of
        )
        if booked != told:
            found.append(f"{role.role}: {told} in the register, {booked} in the book")
    found += [
        f"{same.what}: {same.by_actions} by actions, {same.by_accounts} by accounts"
        for same in now.kind.agreements(now)
        if same.by_actions != same.by_accounts
    ]
    return found


def standing_actions(
    vehicle: Vehicle, as_of: date = date.max, known: Known | None = None
) -> QuerySet[Action]:
    """Actions that were done by the end of a day and not undone by then."""
    steps = ActionEvent.objects.of(OuterRef("pk"), as_of)
    if known is not None:
        steps = steps.filter(pk__lte=known.step)
    then = Subquery(steps.values("to_state")[:1])
    return vehicle.actions.annotate(then=then).filter(then=State.DONE).with_words()


def read_facts(act: ActionType, stored: Mapping[str, Any]) -> dict[str, Any]:
    """Stored facts as the rules read them: days as days, per cent as decimals."""
    return {asked.name: _read(asked, stored.get(asked.name)) for asked in act.questions}


def number_for(*, person: Person, vehicle: Vehicle, role: str, on: date) -> int:
    """The number of a person in a vehicle, who becomes a holder of the role where needed."""
    return holdings.holding(person=person, vehicle=vehicle, role=role, on=on).number


def _locked(action: Action) -> Action:
    Vehicle.objects.select_for_update().get(pk=action.vehicle_id)
    return Action.objects.with_words().select_related("vehicle__pool__ledger").get(pk=action.pk)


def _follow_rule(action: Action, act: ActionType) -> Sequence[Posting]:
    """What the act moves; the rule refuses what cannot be."""
    # Later actions are known too: nobody uses the same share, point or krona twice by dating back.
    known = replace(snapshot(action.vehicle, date.max), as_of=action.on)
    return act.rule(known.kind, read_facts(act, action.facts) | {"action": action.number}, known)


def _carry_out(action: Action, postings: Sequence[Posting], by: str, at: datetime) -> None:
    accounts = holdings.Accounts(action.vehicle, action.on)
    _make_room(action, action.on + timedelta(days=1), by)
    for name in BOOKS:
        if moves := accounts.moves(postings, name):
            book.post(
                ledger=books.book_of(action.vehicle, name),
                on=action.on,
                kind=action.act,
                moves=moves,
                key=f"deed:{action.pk}:{name}",
                by=by,
                at=at,
            )
    act = KINDS[action.vehicle.kind].act(action.act)
    if act.gives_codes:
        voucher_codes.make(action)
    if act.closes_offers:
        offerings.close(action.vehicle, action.on)
    ActionEvent.objects.step(action, State.DONE, on=action.on, by=by, at=at)
    _bring_up(action.vehicle, action.on, by, at)


def _bring_up(vehicle: Vehicle, since: date, by: str, at: datetime) -> None:
    """What has followed by now, of whatever was put on record."""
    today = max(timezone.localdate(at), timezone.localdate())
    move_by_itself(vehicle=vehicle, until=today, by=by, since=since)


BOOKS = (MONEY, UNITS, RIGHTS)


def move_by_itself(
    *, vehicle: Vehicle, until: date, by: str, since: date = date.min, at: datetime | None = None
) -> int:
    """Book what has followed by itself by a day, and take back what no longer does. How many.

    Each counts from its own day, or from `since` where it has changed from then on only, and never
    in a closed period.
    """
    if not KINDS[vehicle.kind].moves_by_itself:
        return 0
    now = snapshot(vehicle, until)
    told = {(it.action, it.on.isoformat()): it for it in now.kind.by_itself(now)}
    since = book.first_open_day(vehicle.pool.ledger, since)
    written = books.by_itself(vehicle)
    kept, gone = set(), 0
    for entry in books.standing(entry for booked in written.values() for entry in booked):
        key = books.key_of(entry)
        if key in told and _same(vehicle, entry, told[key]):
            kept.add(key)
        else:
            books.take_back(entry, since, by)
            gone += 1
    new = [(key, it) for key, it in told.items() if key not in kept and max(it.on, since) <= until]
    for (action, day), it in new:
        on = max(it.on, since)
        times = len(written.get((action, day), ()))
        book.post(
            ledger=vehicle.pool.ledger,
            on=on,
            kind=books.BY_ITSELF,
            moves=holdings.Accounts(vehicle, on).moves(it.postings, MONEY),
            key=f"alone:{vehicle.pk}:{action}:{day}:{times}",
            by=by,
        )
    return gone + len(new)


def _same(vehicle: Vehicle, entry: Entry, it: ByItself) -> bool:
    moves = holdings.Accounts(vehicle, entry.booked_on).moves(it.postings, MONEY)
    told = sorted((m.debit.pk, m.credit.pk, m.amount_minor) for m in moves)
    return told == sorted(entry.transfers.values_list("debit", "credit", "amount_minor"))


def _make_room(action: Action, on: date, by: str, since: date = date.min) -> None:
    """What followed by itself from a day on is booked anew once the action is done or undone."""
    if named := _in_order(action.vehicle, action.act, action.facts):
        found = books.by_itself(action.vehicle).items()
        booked = [entry for (number, _day), told in found if number == named for entry in told]
        for entry in books.standing(booked)[::-1]:
            if entry.booked_on >= on:
                books.take_back(entry, since, by)


def _done(action: Action) -> Done:
    act = KINDS[action.vehicle.kind].act(action.act)
    return Done(
        action.number, action.act, action.on, read_facts(act, action.facts), action.evidence
    )


def _kept(act: ActionType, stored: Mapping[str, Any], evidence: str) -> dict[str, Any]:
    """What an action's row keeps of its facts, with those told in words, and its paper, beside."""
    free = {q.name for q in act.questions if q.answer is Answer.TEXT and not q.is_reckoned}
    words = {name: value for name, value in stored.items() if name in free and value}
    coded = {name: value for name, value in stored.items() if name not in words}
    return {"coded": coded, **EventText.objects.beside({"evidence": evidence, "facts": words})}


def _stored(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.isoformat() if isinstance(value, date) else value


def _read(asked: Question, value: Any) -> Any:
    if value is None or value == "":
        return None
    if asked.answer in {Answer.PERCENT, Answer.DECIMAL}:
        return Decimal(value)
    return date.fromisoformat(value) if asked.answer is Answer.DAY else value


def _refuse_unfounded(
    vehicle: Vehicle, act: ActionType, facts: Mapping[str, Any], on: date
) -> None:
    """An earlier action that is named must stand, and be no later than what builds on it."""
    for asked in act.questions:
        number = facts.get(asked.name)
        if asked.answer is not Answer.ACTION or number is None:
            continue
        founded = standing_actions(vehicle).filter(act=asked.of, number=number).first()
        if founded is None:
            raise NotOnRecord
        if founded.on > on:
            raise BeforeItBegan(on=founded.on)


def _in_order(vehicle: Vehicle, act: str, facts: Mapping[str, Any]) -> int | None:
    """The number of the earlier action whose steps go in order, and of which this is one."""
    asked = (q.name for q in KINDS[vehicle.kind].act(act).questions if q.in_order)
    return next((facts.get(name) for name in asked), None)


def _undone_until(action: Action) -> date:
    """The last day on which something undone had counted, among steps that go in order."""
    named = _in_order(action.vehicle, action.act, action.facts)
    steps = ActionEvent.objects.filter(
        action__vehicle=action.vehicle, to_state=State.UNDONE, on__gt=F("action__on")
    )
    last = date.min
    for step in steps.select_related("action"):
        if named and _in_order(action.vehicle, step.action.act, step.action.coded) == named:
            last = max(last, step.on)
    return last


def _refuse_undone_since(action: Action, on: date) -> None:
    """What was undone had counted until then: nothing is put in between afterwards."""
    if on < (until := _undone_until(action)):
        raise UndoneSince(on=until)


def _refuse_proposed(vehicle: Vehicle, act: ActionType, stored: Mapping[str, Any]) -> None:
    """Two proposals of one thing: the first is approved or refused before there is another."""
    founded = [asked.name for asked in act.questions if asked.answer is Answer.ACTION]
    for waiting in vehicle.actions.filter(act=act.name).with_words().prefetch_related("events"):
        same = founded and all(waiting.facts.get(name) == stored[name] for name in founded)
        if waiting.state == State.PROPOSED and (same or waiting.facts == stored):
            raise AlreadyRecorded(what=_("the proposal no. %(n)s") % {"n": waiting.number})
