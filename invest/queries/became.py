"""What became of a fair's promises, for everybody: by project, and pointing at nobody.

Kronor and each unit of help stand by themselves: nothing here adds them together.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from invest.in_kind import ACCEPTED_STATES, OPEN_STATES, State
from invest.models import Fair, FollowUp, InKindEvent, Match, PledgeEvent, Project
from invest.pledges import COMMITTED_STATES
from invest.pledges import OPEN_STATES as OPEN_PLEDGES
from invest.queries.disclosure import Fact, Figure, in_steps, one_of
from invest.queries.wording import quantity_text, unit_label
from invest.vehicles import RAISED, SAVED
from pools.wording import kronor_text, number_text

_PROJECT = "pledge__offering__vehicle__project_id"
# How far help has come, each with the states in which it has come so far.
STEPS: tuple[frozenset[str], ...] = (
    OPEN_STATES,
    ACCEPTED_STATES,
    frozenset({State.DELIVERED, State.VERIFIED}),
    frozenset({State.VERIFIED}),
)


@dataclass(frozen=True, slots=True)
class Told:
    """A figure, in words, and of how many givers it is. Empty words: it could point at somebody."""

    text: str
    givers: int

    @property
    def shown(self) -> str:
        """The figure, or that it is not told."""
        return self.text or _("not told")


@dataclass(frozen=True, slots=True)
class Helped:
    """One unit of help: offered, accepted, delivered, verified."""

    unit: str
    steps: tuple[Told, ...]


@dataclass(frozen=True)
class Became:
    """What became of the promises to one project."""

    project: Project
    promised: Told
    confirmed: Told
    paid: Told
    saving: Told | None
    help_: tuple[Helped, ...] = ()
    answers: tuple[tuple[str, Told], ...] = ()


_Facts = dict[int, list[Fact]]  # Of each project.
_Payments = dict[Hashable, list[tuple[datetime, int]]]  # Of each pledge: when, and how many öre.


def became(fair: Fair, as_of: date) -> list[Became]:
    """Each project of the fair, in the programme's order, on a day. Five queries."""
    projects = Project.objects.filter(pitches__fair=fair, pitches__accepted_on__isnull=False)
    money, saved = _money(fair, as_of)
    helped, answers = _help(fair, as_of), _answers(fair, as_of)
    told = []
    for project in projects.order_by("pitches__position"):
        promised, confirmed, paid = _told(money[project.pk], 3, _kronor)
        saving = _told(saved[project.pk], 1, _kronor) if saved[project.pk] else (None,)
        units = helped[project.pk]
        found = _told(answers[project.pk], len(FollowUp.Found), _number)
        told.append(
            Became(
                project=project,
                promised=promised,
                confirmed=confirmed,
                paid=paid,
                saving=saving[0],
                help_=tuple(
                    Helped(unit_label(unit), _told(units[unit], len(STEPS), _of_unit(unit)))
                    for unit in sorted(units)
                ),
                answers=tuple(
                    (str(kind.label), answer)
                    for kind, answer in zip(FollowUp.Found, found, strict=True)
                    if answer.givers or not answer.text
                ),
            )
        )
    return told


def _told(facts: list[Fact], steps: int, words: Callable[[Decimal], str]) -> tuple[Told, ...]:
    return tuple(_in_words(figure, words) for figure in in_steps(facts, steps))


def _in_words(figure: Figure, words: Callable[[Decimal], str]) -> Told:
    return Told("" if figure.total is None else words(figure.total), figure.givers)


def _kronor(minor: Decimal) -> str:
    return kronor_text(int(minor))


def _number(count: Decimal) -> str:
    return number_text(int(count))


def _of_unit(unit: str) -> Callable[[Decimal], str]:
    return lambda quantity: quantity_text(quantity, unit)


def _money(fair: Fair, as_of: date) -> tuple[_Facts, _Facts]:
    """Promised, confirmed and paid in öre; and what is saved at the bank, apart from it."""
    events = PledgeEvent.objects.filter(pledge__fair=fair, on__lte=as_of).values_list(
        "at",
        "pledge_id",
        "pledge__person_id",
        _PROJECT,
        "pledge__offering__vehicle__kind",
        "to_state",
        "amount_minor",
    )
    money, saved = defaultdict(list), defaultdict(list)
    for at, pledge, person, project, kind, state, minor in events.order_by("pledge", "number"):
        amount = Decimal(minor if state in OPEN_PLEDGES else 0)
        if kind in RAISED:
            confirmed = amount if state in COMMITTED_STATES else Decimal(0)
            money[project].append(Fact(at, pledge, person, (amount, confirmed)))
        elif kind in SAVED:
            saved[project].append(Fact(at, pledge, person, (amount,)))
    paid = _paid(fair, as_of)
    return defaultdict(list, {pk: _with_paid(facts, paid) for pk, facts in money.items()}), saved


def _paid(fair: Fair, as_of: date) -> _Payments:
    """What came in on each promise, and what was taken back, each when it was recorded."""
    rows = Match.objects.filter(call__pledge__fair=fair, entry__booked_on__lte=as_of).values_list(
        "call__pledge_id",
        "amount_minor",
        "entry__recorded_at",
        "entry__reversed_by__recorded_at",
        "entry__reversed_by__booked_on",
    )
    paid: _Payments = defaultdict(list)
    for pledge, minor, came_at, undone_at, undone_on in rows:
        paid[pledge].append((came_at, minor))
        if undone_on and undone_on <= as_of:
            paid[pledge].append((undone_at, -minor))
    return paid


def _with_paid(facts: list[Fact], paid: _Payments) -> list[Fact]:
    """The facts of promises with those of payments among them, each with all three amounts."""
    last: dict[Hashable, Fact] = {}
    came: dict[Hashable, int] = defaultdict(int)
    steps = [(fact.at, 0, fact, 0) for fact in facts]
    first = {fact.promise: fact for fact in reversed(facts)}
    for promise, fact in first.items():
        steps += [(at, 1, fact, minor) for at, minor in paid.get(promise, ())]
    told = []
    for at, is_payment, fact, minor in sorted(steps, key=lambda step: step[:2]):
        came[fact.promise] += minor
        now = last.get(fact.promise, fact) if is_payment else fact
        last[fact.promise] = now
        amounts = (*now.amounts, Decimal(came[fact.promise]))
        told.append(Fact(at, fact.promise, fact.person, amounts))
    return told


def _help(fair: Fair, as_of: date) -> dict[int, dict[str, list[Fact]]]:
    """How far help has come, by unit."""
    rows = InKindEvent.objects.filter(in_kind__fair=fair, on__lte=as_of).values_list(
        "at",
        "in_kind_id",
        "in_kind__person_id",
        "in_kind__project_id",
        "in_kind__unit_id",
        "to_state",
        "quantity",
    )
    facts: dict[int, dict[str, list[Fact]]] = defaultdict(lambda: defaultdict(list))
    for at, help_, person, project, unit, state, quantity in rows.order_by("in_kind", "number"):
        amounts = tuple(quantity if state in states else Decimal(0) for states in STEPS)
        facts[project][unit].append(Fact(at, help_, person, amounts))
    return facts


def _answers(fair: Fair, as_of: date) -> _Facts:
    """What was found of each promise when its giver was asked; the last answer counts."""
    rows = FollowUp.objects.filter(fair=fair, done_on__lte=as_of).filter(
        Q(pledge__isnull=False) | Q(in_kind__isnull=False)
    )
    facts = defaultdict(list)
    for row in rows.select_related("pledge__offering__vehicle", "in_kind").order_by("days"):
        promise = row.pledge or row.in_kind
        about = row.pledge.offering.vehicle if row.pledge else row.in_kind
        if promise is None or about is None or row.done_on is None or about.project_id is None:
            continue
        answered = timezone.make_aware(datetime.combine(row.done_on, time(12)))
        counted = one_of(FollowUp.Found.values, row.found)
        facts[about.project_id].append(
            Fact(answered, (row.pledge_id, row.in_kind_id), promise.person_id, counted)
        )
    return facts
