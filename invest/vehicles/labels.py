"""Actions in words: what was done or is proposed, what it books, and which may be built on."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from invest.kinds import KINDS
from invest.kinds.actions import ActionType, Answer, Text
from invest.models import Action, ActionEvent, Vehicle
from invest.vehicles import actions
from invest.vehicles.holdings import Holder, holders
from invest.web.wording import counted_text
from pools.errors import Refused
from pools.models import Transfer
from pools.wording import day_text, kronor_text, number_text


@dataclass(frozen=True)
class DescribedAction:
    """An action with its facts in words."""

    action: Action
    act: ActionType
    facts: tuple[tuple[Text, str], ...]
    events: tuple[ActionEvent, ...]
    books: str = ""  # What it moved or would move, each book in its own unit.
    cannot: str = ""  # Why a proposal can no longer be carried out.

    @property
    def state(self) -> ActionEvent.State:
        """What the last event says."""
        return ActionEvent.State(self.events[-1].to_state)

    @property
    def proposed_by(self) -> str:
        """The actor of the first event."""
        return self.events[0].actor

    @property
    def why(self) -> str:
        """Why it was refused or undone."""
        return self.events[-1].reason

    @property
    def facts_text(self) -> str:
        """Its facts on one line."""
        return "; ".join(f"{label}: {text}" for label, text in self.facts)


def described_actions(
    vehicle: Vehicle, who: dict[int, Holder]
) -> tuple[tuple[DescribedAction, ...], tuple[DescribedAction, ...]]:
    """What waits for a second person, and what does not, newest first and without its `books`."""
    steps = Prefetch("events", ActionEvent.objects.with_words())
    told = vehicle.actions.with_words().prefetch_related(steps).order_by("-on", "-number")
    waits = [action for action in told if action.state == ActionEvent.State.PROPOSED]
    done = [action for action in told if action.state != ActionEvent.State.PROPOSED]
    return (
        tuple(_proposal(action, who) for action in waits),
        tuple(describe_action(action, who) for action in done),
    )


def with_books(done: Sequence[DescribedAction]) -> list[DescribedAction]:
    """The same with what each moved. One query."""
    booked = _booked([told.action for told in done])
    return [replace(told, books=booked.get(told.action.pk, "")) for told in done]


def describe_action(action: Action, who: dict[int, Holder]) -> DescribedAction:
    """An action with its facts in words; what was left empty is left out."""
    act = KINDS[action.vehicle.kind].act(action.act)
    read = actions.read_facts(act, action.facts)
    facts = [
        (asked.label, _fact_text(asked.answer, read[asked.name], dict(asked.choices), who))
        for asked in act.questions
        if read[asked.name] is not None
    ]
    return DescribedAction(action, act, tuple(facts), tuple(action.events.all()))


def _proposal(action: Action, who: dict[int, Holder]) -> DescribedAction:
    """What waits, with what it would book if it were approved now."""
    told = describe_action(action, who)
    try:
        postings = actions.preview(action)
    except Refused as refusal:
        return replace(told, cannot=str(refusal))
    net: _Net = defaultdict(lambda: defaultdict(int))
    for posting in postings:
        unit = actions.unit_of(action.vehicle, posting.book)
        net[unit][posting.debit] += posting.amount
        net[unit][posting.credit] -= posting.amount
    return replace(told, books=_net_text(net))


# Unit → account → what it gained, in minor units.
_Net = dict[str, dict[Any, int]]


def _booked(done: Sequence[Action]) -> dict[int, str]:
    """Action → what its entries moved, in words. One query."""
    keys = {f"deed:{action.pk}:{book}": action.pk for action in done for book in actions.BOOKS}
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
        case Answer.ACTION:
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


def action_choices(vehicle: Vehicle, act: ActionType) -> dict[str, list[tuple[str, str]]]:
    """For each act that a question chooses an action of: (number, words) of those to choose.

    The newest first: what is done next mostly follows what was done last.
    """
    who = holders(vehicle)
    choices: dict[str, list[tuple[str, str]]] = {}
    now = actions.snapshot(vehicle, date.max)
    for asked in act.questions:
        if not asked.of:
            continue
        rows = actions.standing_actions(vehicle).filter(act=asked.of)
        if asked.among is not None:
            rows = rows.filter(number__in=asked.among(now))
        choices[asked.of] = [
            (str(action.number), _in_short(describe_action(action, who)))
            for action in rows.order_by("-number")
        ]
    return choices


def _in_short(told: DescribedAction) -> str:
    words = ", ".join(text for _label, text in told.facts[:3])
    return f"{told.action.number} · {told.action.on.isoformat()} · {words}"
