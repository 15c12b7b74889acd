"""Whose parts a published figure is the sum of, and whether telling it would point at somebody.

What everybody may know of people is a matter of differences (docs/adr/0010): a figure is told when
it differs from nought, from every other told with it and from every one told before by the parts
of five persons or more, or by nobody's. Nothing of this is stored: the logs are read anew, up to
what was known when each figure was frozen, so whose parts they were stands in no publication.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from invest.models import InKindEvent, Need, Organisation, Placement, PledgeEvent
from invest.progress import sums
from invest.progress.disclosure import points_at_nobody

Part = tuple[Hashable, int | None, Decimal]  # Of what, whose (None: forgotten), and how much.
MONEY = "SEK"


@dataclass(frozen=True, slots=True)
class Crowd:
    """A figure as the parts of people. Figures of one series can be taken from each other."""

    code: str
    series: str
    parts: frozenset[Part]

    @property
    def total(self) -> Decimal:
        """The figure: öre, heads, or a quantity of the unit that the series counts."""
        return sum((much for _what, _who, much in self.parts), Decimal(0))


@dataclass(frozen=True)
class Known:
    """What was known when figures were frozen: the last events, and each ledger's last entry."""

    event: int
    help: int
    seqs: Mapping[str, int]


def pointing(told: Iterable[Crowd], before: Iterable[Crowd]) -> list[str]:
    """Codes of figures that would point at fewer than five persons, beside all told `before` and
    those earlier in `told`. Pure: the parts are all it knows.
    """
    seen: dict[str, set[frozenset[Part]]] = defaultdict(lambda: {frozenset()})
    for crowd in before:
        seen[crowd.series].add(crowd.parts)
    found = []
    for crowd in told:
        if all(points_at_nobody(crowd.parts, other) for other in seen[crowd.series]):
            seen[crowd.series].add(crowd.parts)
        else:
            found.append(crowd.code)
    return found


@dataclass(frozen=True)
class Log:
    """What people did in an organisation's projects, read once: rows in the order they came."""

    promises: tuple[Any, ...]
    payments: tuple[Any, ...]
    help: tuple[Any, ...]
    needs: Mapping[int, tuple[int, Decimal]]

    def crowds(self, project: int | None, as_of: date, known: Known) -> list[Crowd]:
        """Every figure that people make up, of a project or (None) of all, on a day."""
        promised = self._promised(project, as_of, known)
        paid = self._paid(project, as_of, known)
        committed = {part for part, name in promised if name == sums.COMMITTED}
        saved = {part for part, name in promised if name == sums.SAVING}
        people = {(("person", who), who, Decimal(1)) for _w, who, _m in committed if who}
        return [
            Crowd("committed", MONEY, frozenset(committed)),
            Crowd("received", MONEY, frozenset(paid)),
            Crowd("saving", MONEY, frozenset(saved)),
            Crowd("savers", "PERSON", frozenset(people)),
            *self._helped(project, as_of, known),
        ]

    def asked(self, project: int | None) -> int:
        """How many needs in kind were asked for."""
        return sum(project in {None, of} for of, _quantity in self.needs.values())

    def _promised(self, project: int | None, as_of: date, known: Known) -> list[tuple[Part, str]]:
        """Each promise as it stood, and the sum it counts in."""
        last = {}
        for pk, on, pledge, person, of, kind, state, minor in self.promises:
            if on <= as_of and pk <= known.event and project in {None, of}:
                last[pledge] = (person, sums.counts_as(state, kind), minor)
        return [
            ((pledge, person, Decimal(minor)), name)
            for pledge, (person, name, minor) in last.items()
        ]

    def _paid(self, project: int | None, as_of: date, known: Known) -> list[Part]:
        paid: dict[tuple[int, int | None], int] = defaultdict(int)
        for pledge, person, of, minor, on, code, seq, undone_on, undone_seq in self.payments:
            if on > as_of or seq > known.seqs.get(code, 0) or project not in {None, of}:
                continue
            is_undone = undone_on is not None and undone_on <= as_of
            if not (is_undone and undone_seq <= known.seqs.get(code, 0)):
                paid[pledge, person] += minor
        return [(pledge, person, Decimal(minor)) for (pledge, person), minor in paid.items()]

    def _helped(self, project: int | None, as_of: date, known: Known) -> list[Crowd]:
        last = {}
        for pk, on, given, person, of, unit, state, quantity, need in self.help:
            if on <= as_of and pk <= known.help and project in {None, of}:
                last[given] = (person, unit, state, quantity, need)
        units, needs = defaultdict(set), defaultdict(set)
        for given, (person, unit, state, quantity, need) in last.items():
            if state in InKindEvent.ACCEPTED:
                units[unit].add((given, person, quantity))
                if need in self.needs:
                    needs[need].add((("need", need, given), person, quantity))
        enough = [
            parts
            for need, parts in needs.items()
            if sum(much for *_whose, much in parts) >= self.needs[need][1]
        ]
        return [
            *(Crowd(f"help-{u}", f"help-{u}", frozenset(units[u])) for u in sorted(units)),
            Crowd("needs", "NEED", frozenset().union(*enough)),
        ]


def met(crowd: Crowd) -> int:
    """How many needs the figure `needs` tells of."""
    return len({what[1] for what, _who, _much in crowd.parts if isinstance(what, tuple)})


def read_log(organisation: Organisation) -> Log:
    """What people did in the organisation's projects. Four queries."""
    vehicle = "pledge__offering__vehicle"
    own = f"{vehicle}__project__organisation"
    promises = PledgeEvent.objects.filter(**{own: organisation}).order_by("pledge", "number")
    payments = Placement.objects.filter(
        sums.raised(f"call__{vehicle}"), **{f"call__{own}": organisation}
    ).order_by("pk")
    given = InKindEvent.objects.filter(in_kind__project__organisation=organisation)
    needs = Need.objects.filter(project__organisation=organisation, quantity__gt=0)
    return Log(
        promises=tuple(
            promises.values_list(
                "pk",
                "on",
                "pledge_id",
                "pledge__person_id",
                f"{vehicle}__project_id",
                f"{vehicle}__kind",
                "to_state",
                "amount_minor",
            )
        ),
        payments=tuple(
            payments.values_list(
                "call__pledge_id",
                "call__pledge__person_id",
                f"call__{vehicle}__project_id",
                "amount_minor",
                "counts_from",
                "entry__ledger__code",
                "entry__seq",
                "counted_until",
                "entry__reversed_by__seq",
            )
        ),
        help=tuple(
            given.order_by("in_kind", "number").values_list(
                "pk",
                "on",
                "in_kind_id",
                "in_kind__person_id",
                "in_kind__project_id",
                "in_kind__unit_id",
                "to_state",
                "quantity",
                "in_kind__need_id",
            )
        ),
        needs={
            pk: (project, quantity or Decimal(0))
            for pk, project, quantity in needs.values_list("pk", "project_id", "quantity")
        },
    )
