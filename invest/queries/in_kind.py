"""Help in kind as its giver, its project and the board read it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from invest.in_kind import ACCEPTED_STATES, OPEN_STATES, TRANSITIONS, State, with_latest
from invest.models import InKind, InKindEvent, InKindMessage, Need
from invest.queries.wording import quantity_text
from pools.wording import kronor_text

_TONES = {
    State.OFFERED: "is-warm",
    State.DECLINED: "is-quiet",
    State.WITHDRAWN: "is-quiet",
}


@dataclass(frozen=True)
class Given:
    """Help in kind as it stands, with every step, oldest first, and the talk about it."""

    in_kind: InKind
    events: tuple[InKindEvent, ...]
    messages: tuple[InKindMessage, ...]

    @property
    def now(self) -> InKindEvent:
        """The step that says what it is."""
        return self.events[-1]

    @property
    def how_much(self) -> str:
        """Quantity and unit."""
        return quantity_text(self.now.quantity, self.in_kind.unit_id)

    @property
    def worth(self) -> str:
        """What it is worth in kronor, for information; empty where nobody has said."""
        each = self.in_kind.unit_value_minor
        if each is None or self.in_kind.unit_id == "SEK":
            return ""
        return kronor_text(int(each * self.now.quantity))

    @property
    def tone(self) -> str:
        """The class that colours the state."""
        return _TONES.get(State(self.now.to_state), "")

    @property
    def can_be_withdrawn(self) -> bool:
        """Whether the giver may still take it back."""
        return State.WITHDRAWN in TRANSITIONS.get(self.now.to_state, frozenset())

    @property
    def reference(self) -> str:
        """What to name when asking about it."""
        return f"N{self.in_kind.pk:06d}"


def given(in_kind: InKind) -> Given:
    """One offer with all its steps."""
    return Given(in_kind, tuple(in_kind.events.all()), tuple(in_kind.messages.all()))


@dataclass(frozen=True, slots=True)
class Helped:
    """What a project is offered in kind: by unit, how many offers, and which needs are met."""

    by_unit: tuple[str, ...]
    offers: int
    givers: int
    needs_met: int
    needs: int


def helped(projects: Iterable[int]) -> dict[int, Helped]:
    """Project → what it is offered and not refused. Two queries."""
    wanted = list(projects)
    rows = with_latest(InKind.objects.filter(project__in=wanted)).filter(state__in=OPEN_STATES)
    units: dict[int, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    needs: dict[int, Decimal] = defaultdict(Decimal)
    givers: dict[int, set[int]] = defaultdict(set)
    offers: dict[int, int] = defaultdict(int)
    for project, unit, quantity, need, state, person, pk in rows.values_list(
        "project", "unit", "quantity_now", "need", "state", "person", "pk"
    ):
        units[project][unit] += quantity
        offers[project] += 1
        givers[project].add(person or -pk)
        if need and state in ACCEPTED_STATES:
            needs[need] += quantity
    asked: dict[int, list[bool]] = defaultdict(list)
    for line in Need.objects.filter(project__in=wanted, quantity__isnull=False):
        asked[line.project_id].append(needs[line.pk] >= (line.quantity or 0))
    return {
        project: Helped(
            by_unit=tuple(quantity_text(q, unit) for unit, q in sorted(units[project].items())),
            offers=offers[project],
            givers=len(givers[project]),
            needs_met=sum(asked[project]),
            needs=len(asked[project]),
        )
        for project in wanted
    }
