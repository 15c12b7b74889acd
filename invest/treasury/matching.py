"""Pairing bank lines with calls. By exact reference and amount by itself; anything else by hand.

A pairing moves the money from the unmatched account to the holder's, and gives shares when a
pledge is paid in full. It is undone by reversal.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import Sum

from invest.kinds.kind import Kind
from invest.kinds.refusals import TooMuch
from invest.models import Call, Match, Pledge, PledgeEvent
from invest.pledges import pledges
from invest.refusals import WrongState
from invest.vehicles import holdings, offerings
from pools import balances, book
from pools.errors import Refused
from pools.models import Account, BankLine
from pools.money import kronor


@dataclass(slots=True)
class Outcome:
    """What was paired, and what waits for a person."""

    matched: list[Match] = field(default_factory=list)
    waiting: list[BankLine] = field(default_factory=list)


def match_by_reference(*, lines: Iterable[BankLine], on: date, by: str) -> Outcome:
    """Pair the lines whose reference and amount are exactly a call's; never guess."""
    outcome = Outcome()
    for line in lines:
        call = Call.objects.filter(ocr=line.ocr).first() if line.ocr else None
        if call is None:
            outcome.waiting.append(line)
            continue
        try:
            outcome.matched.append(
                _match(line, call, None, Match.How.AUTO, max(on, line.booked_on), by)
            )
        except Refused:
            # Another amount, other books, or no longer to be paid: a person decides.
            outcome.waiting.append(line)
    return outcome


def match_by_hand(*, line: BankLine, call: Call, amount_minor: int, on: date, by: str) -> Match:
    """Pair a line, or a part of it, with a call of the same books. Raises TooMuch, WrongState."""
    return _match(line, call, amount_minor, Match.How.MANUAL, on, by)


@transaction.atomic
def _match(
    line: BankLine, call: Call, amount_minor: int | None, how: str, on: date, by: str
) -> Match:
    """Pair; an amount of None asks that line and call are open with exactly the same."""
    line = (
        BankLine.objects.select_for_update(of=("self",))
        .select_related("entry", "statement__bank_account__unmatched")
        .get(pk=line.pk)
    )
    pledge = (
        Pledge.objects.select_for_update(of=("self",))
        .select_related(
            "person", "offering__vehicle__pool__ledger", "offering__vehicle__units_ledger"
        )
        .get(pk=call.pledge_id)
    )
    left, owed = left_on_line(line), open_on_call(call)
    if amount_minor is None:
        amount_minor = left if left == owed else 0
    if not 0 < amount_minor <= min(left, owed):
        raise TooMuch(left=kronor(min(left, owed)))
    now = pledges.latest(pledge)
    vehicle = pledge.offering.vehicle
    if now.to_state not in PledgeEvent.PAYABLE or vehicle.pool.ledger_id != line.entry.ledger_id:
        raise WrongState(state=now.label)
    kind = offerings.terms(vehicle, on)
    role = pledge.offering.role or kind.money_role
    holding = holdings.holding(person=pledge.person, vehicle=vehicle, role=role, on=on)
    number = Match.objects.filter(line=line).count() + 1
    entry = book.post(
        ledger=vehicle.pool.ledger,
        on=on,
        kind="pay-in",
        moves=[
            book.Move(
                debit=line.statement.bank_account.unmatched,
                credit=holding.account,
                amount_minor=amount_minor,
            )
        ],
        key=f"match:{line.pk}:{number}",
        by=by,
    )
    match = Match.objects.create(
        line=line, call=call, amount_minor=amount_minor, how=how, entry=entry
    )
    pledges.note_payment(pledge=pledge, received_minor=received_minor(pledge), on=on, by=by)
    _follow_with_units(pledge, kind, on, by, f"match:{match.pk}")
    return match


@transaction.atomic
def unmatch(*, match: Match, on: date, by: str) -> None:
    """Undo a pairing: the money goes back to the unmatched account, shares go back."""
    book.reverse(entry=match.entry, on=on, key=f"unmatch:{match.pk}", by=by)
    pledge = match.call.pledge
    pledges.note_payment(pledge=pledge, received_minor=received_minor(pledge), on=on, by=by)
    kind = offerings.terms(pledge.offering.vehicle, on)
    _follow_with_units(pledge, kind, on, by, f"unmatch:{match.pk}")


def left_on_line(line: BankLine) -> int:
    """What of a line is not yet paired, in minor units; 0 for money going out."""
    return max(0, line.amount_minor) - _standing(line=line)


def open_on_call(call: Call) -> int:
    """What of a call is not yet paid, in minor units."""
    return Call.objects.with_left().get(pk=call.pk).left


def received_minor(pledge: Pledge) -> int:
    """What has been received on a pledge, in minor units."""
    return _standing(call__pledge=pledge)


def _standing(**which: object) -> int:
    matches = Match.objects.standing().filter(**which)
    return matches.aggregate(total=Sum("amount_minor"))["total"] or 0


def _follow_with_units(pledge: Pledge, kind: Kind, on: date, by: str, key: str) -> None:
    """Let the holder's units be what the person has paid in full: issue or take back the rest."""
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
    book.post(
        ledger=vehicle.units_ledger,
        on=on,
        kind="issue" if missing > 0 else "take-back",
        moves=[
            book.Move(
                debit=issued if missing > 0 else held.account,
                credit=held.account if missing > 0 else issued,
                amount_minor=abs(missing),
            )
        ],
        key=f"{key}:units",
        by=by,
    )
