"""Deeds in words: what was done or is proposed, what it books, and which may be built on."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from invest.kinds import KINDS
from invest.kinds.actions import Act, Answer, Text
from invest.models import Deed, DeedEvent, Vehicle
from invest.vehicles import actions
from invest.vehicles.holdings import Holder, holders
from invest.web.wording import counted_text
from pools.errors import Refused
from pools.models import Transfer
from pools.wording import day_text, kronor_text, number_text


@dataclass(frozen=True)
class ToldDeed:
    """A deed with its facts in words."""

    deed: Deed
    act: Act
    facts: tuple[tuple[Text, str], ...]
    events: tuple[DeedEvent, ...]
    books: str = ""  # What it moved or would move, each book in its own unit.
    cannot: str = ""  # Why a proposal can no longer be carried out.

    @property
    def state(self) -> DeedEvent.State:
        """What the last event says."""
        return DeedEvent.State(self.events[-1].to_state)

    @property
    def proposed_by(self) -> str:
        """The actor of the first event."""
        return self.events[0].actor

    @property
    def why(self) -> str:
        """Why it was refused or undone."""
        return self.events[-1].reason


def told_deeds(
    vehicle: Vehicle, who: dict[int, Holder], most: int | None
) -> tuple[tuple[ToldDeed, ...], tuple[ToldDeed, ...], int]:
    """What waits for a second person, the newest `most` that do not, and how many are left out."""
    told = vehicle.deeds.prefetch_related("events").order_by("-on", "-number")
    waits = [deed for deed in told if deed.state == DeedEvent.State.PROPOSED]
    done = [deed for deed in told if deed.state != DeedEvent.State.PROPOSED]
    booked = _booked(done[:most])
    return (
        tuple(_proposal(deed, who) for deed in waits),
        tuple(replace(tell_deed(deed, who), books=booked.get(deed.pk, "")) for deed in done[:most]),
        len(done) - len(done[:most]),
    )


def tell_deed(deed: Deed, who: dict[int, Holder]) -> ToldDeed:
    """A deed with its facts in words; what was left empty is left out."""
    act = KINDS[deed.vehicle.kind].act(deed.act)
    read = actions.read_facts(act, deed.facts)
    facts = [
        (asked.label, _fact_text(asked.answer, read[asked.name], dict(asked.choices), who))
        for asked in act.questions
        if read[asked.name] is not None
    ]
    return ToldDeed(deed, act, tuple(facts), tuple(deed.events.all()))


def _proposal(deed: Deed, who: dict[int, Holder]) -> ToldDeed:
    """What waits, with what it would book if it were approved now."""
    told = tell_deed(deed, who)
    try:
        postings = actions.preview(deed)
    except Refused as refusal:
        return replace(told, cannot=str(refusal))
    net: _Net = defaultdict(lambda: defaultdict(int))
    for posting in postings:
        unit = actions.unit_of(deed.vehicle, posting.book)
        net[unit][posting.debit] += posting.amount
        net[unit][posting.credit] -= posting.amount
    return replace(told, books=_net_text(net))


# Unit → account → what it gained, in minor units.
_Net = dict[str, dict[Any, int]]


def _booked(done: Sequence[Deed]) -> dict[int, str]:
    """Deed → what its entries moved, in words. One query."""
    keys = {f"deed:{deed.pk}:{book}": deed.pk for deed in done for book in actions.BOOKS}
    net: dict[int, _Net] = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    rows = Transfer.objects.filter(entry__key__in=keys).values_list(
        "entry__key", "entry__ledger__unit", "debit", "credit", "amount_minor"
    )
    for key, unit, debit, credit, minor in rows:
        net[keys[key]][unit][debit] += minor
        net[keys[key]][unit][credit] -= minor
    return {pk: _net_text(units) for pk, units in net.items()}


def _net_text(net: _Net) -> str:
    """What went from somewhere to somewhere else in each unit; what only passed through is not."""
    told = []
    for unit, gains in net.items():
        total = sum(minor for minor in gains.values() if minor > 0)
        if total:
            told.append(kronor_text(total) if unit == "SEK" else counted_text(total, unit))
    return ", ".join(told)


def _fact_text(answer: Answer, value: Any, choices: dict[str, Text], who: dict[int, Holder]) -> str:
    match answer:
        case Answer.KRONOR:
            return kronor_text(value)
        case Answer.HOLDER | Answer.PERSON:
            return str(who.get(value, Holder(value)))
        case Answer.DAY:
            return day_text(value)
        case Answer.CHOICE:
            return str(choices.get(value, value))
        case Answer.DEED:
            return _("No. %(n)s") % {"n": value}
        case Answer.WHOLE:
            return number_text(value)
        case Answer.NUMBERS:
            return " ".join(map(str, value))
        case Answer.HOLDERS:
            return ", ".join(str(who.get(number, Holder(number))) for number in value)
        case Answer.YEAR:
            return str(value)
        case Answer.PERCENT:
            return f"{value} %".replace(".", ",")
        case _:
            return str(value)


def deed_choices(vehicle: Vehicle, act: Act) -> dict[str, list[tuple[str, str]]]:
    """For each act that a question chooses a deed of: (number, words) of those that may be chosen.

    The newest first: what is done next mostly follows what was done last.
    """
    who = holders(vehicle)
    choices: dict[str, list[tuple[str, str]]] = {}
    now = actions.standing(vehicle, date.max)
    for asked in act.questions:
        if not asked.of:
            continue
        rows = actions.standing_deeds(vehicle).filter(act=asked.of)
        if asked.among is not None:
            rows = rows.filter(number__in=asked.among(now))
        choices[asked.of] = [
            (str(deed.number), _in_short(tell_deed(deed, who))) for deed in rows.order_by("-number")
        ]
    return choices


def _in_short(told: ToldDeed) -> str:
    words = ", ".join(text for _label, text in told.facts[:3])
    return f"{told.deed.number} · {told.deed.on.isoformat()} · {words}"
