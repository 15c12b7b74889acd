"""Help in kind as its giver, its project and the board read it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Prefetch, Sum

from invest.in_kind.in_kind import State
from invest.models import InKind, InKindEvent, InKindMessage, Need, PledgeEvent, Project, Vehicle
from invest.web.wording import quantity_text
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
        return self.now.may_become(State.WITHDRAWN)

    @property
    def reference(self) -> str:
        """What to name when asking about it."""
        return f"N{self.in_kind.pk:06d}"


def given(in_kind: InKind) -> Given:
    """One offer with all its steps."""
    return Given(in_kind, tuple(in_kind.events.with_words()), tuple(in_kind.messages.all()))


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
    rows = InKind.objects.filter(project__in=wanted).with_state().filter(state__in=InKindEvent.OPEN)
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
        if need and state in InKindEvent.ACCEPTED:
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


# What may come next, in the order it happens.
STEPS = {
    State.ACCEPTED: "accept",
    State.SCHEDULED: "schedule",
    State.DELIVERED: "deliver",
    State.VERIFIED: "verify",
    State.DECLINED: "decline",
}


@dataclass(frozen=True)
class Offer(Given):
    """An offer with the steps that are open to the project."""

    @property
    def steps(self) -> list[str]:
        """Names of the steps, first what comes first. What was delivered is only verified."""
        may = self.now.next_states() - {self.now.to_state}
        if self.now.to_state == State.SCHEDULED:
            may = may - {State.ACCEPTED} | {State.SCHEDULED}
        if self.now.to_state == State.DELIVERED:
            may = frozenset({State.VERIFIED})
        return [step for state, step in STEPS.items() if state in may]

    @property
    def giver(self) -> str:
        """Who offers; empty where they are forgotten or asked to be."""
        person = self.in_kind.person
        return "" if person is None or person.restricted_on else person.name


@dataclass(frozen=True)
class Group:
    """The offers in one state."""

    state: str
    label: str
    offers: tuple[Offer, ...]
    is_over: bool


@dataclass(frozen=True)
class Met:
    """A need of help, and what is accepted of it: each unit by itself."""

    need: Need
    accepted: tuple[str, ...]


@dataclass(frozen=True)
class Money:
    """A vehicle of the project's, and its promises that are confirmed and not yet called."""

    vehicle: Vehicle
    promises: int
    amount_minor: int


@dataclass(frozen=True)
class HelpPage:
    """The desk of help in kind."""

    project: Project
    groups: tuple[Group, ...]
    needs: tuple[Met, ...]
    money: tuple[Money, ...]


def help_page(project: Project) -> HelpPage:
    """The desk of one project. Six queries, however many offers."""
    offers = [
        Offer(found, tuple(found.events.all()), tuple(found.messages.all()))
        for found in InKind.objects.filter(project=project)
        .select_related("person", "need", "fair")
        .prefetch_related(Prefetch("events", InKindEvent.objects.with_words()), "messages")
        .order_by("-pk")
    ]
    return HelpPage(
        project=project,
        groups=tuple(grouped(offers)),
        needs=tuple(_needs(project, offers)),
        money=tuple(_money(project)),
    )


def grouped(offers: Iterable[Offer]) -> list[Group]:
    """Offers by state, in the order it happens."""
    by_state: dict[str, list[Offer]] = defaultdict(list)
    for offer in offers:
        by_state[offer.now.to_state].append(offer)
    over = {State.VERIFIED, State.DECLINED, State.WITHDRAWN}
    return [
        Group(state, str(state.label), tuple(by_state[state]), state in over)
        for state in State
        if state in by_state
    ]


def _needs(project: Project, offers: Iterable[Offer]) -> list[Met]:
    accepted: dict[int, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for offer in offers:
        if offer.in_kind.need_id and offer.now.to_state in InKindEvent.ACCEPTED:
            accepted[offer.in_kind.need_id][offer.in_kind.unit_id] += offer.now.quantity
    return [
        Met(need, tuple(quantity_text(q, unit) for unit, q in sorted(accepted[need.pk].items())))
        for need in project.needs.filter(quantity__isnull=False)
    ]


def _money(project: Project) -> list[Money]:
    waiting = PledgeEvent.objects.newest().filter(
        pledge__offering__vehicle__project=project, to_state=PledgeEvent.State.CONFIRMED
    )
    counted = {
        row["pledge__offering__vehicle"]: row
        for row in waiting.values("pledge__offering__vehicle").annotate(
            number=Count("pk"), minor=Sum("amount_minor")
        )
    }
    vehicles = Vehicle.objects.filter(project=project).select_related("organisation")
    return [
        Money(vehicle, counted[vehicle.pk]["number"], counted[vehicle.pk]["minor"])
        for vehicle in vehicles
        if vehicle.pk in counted
    ]
