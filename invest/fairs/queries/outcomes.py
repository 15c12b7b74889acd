"""What became of a fair's promises, for everybody: by project, and pointing at nobody.

Kronor and each unit of help stand by themselves: nothing here adds them together.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from invest.in_kind.in_kind import State
from invest.kinds import RAISED, SAVED
from invest.models import Fair, FollowUp, InKindEvent, Pitch, Placement, PledgeEvent, Project
from invest.progress import sums
from invest.progress.disclosure import Fact, Figure, in_steps, one_of
from invest.web.wording import quantity_text, unit_label
from pools.wording import kronor_text, number_text

_PROJECT = "pledge__offering__vehicle__project_id"
# How far help has come, each with the states in which it has come so far.
STEPS: tuple[frozenset[str], ...] = (
    InKindEvent.OPEN,
    InKindEvent.ACCEPTED,
    frozenset({State.DELIVERED, State.VERIFIED}),
    frozenset({State.VERIFIED}),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure, in words, and of how many givers it is. Empty words: it could point at somebody."""

    text: str
    givers: int
    is_near: bool = False

    @property
    def shown(self) -> str:
        """The figure, or that it is not told."""
        return self.text or (_("nearly as much") if self.is_near else _("not told"))


@dataclass(frozen=True, slots=True)
class Helped:
    """One unit of help: offered, accepted, delivered, verified."""

    unit: str
    steps: tuple[Shown, ...]

    @property
    def is_shown(self) -> bool:
        """Whether any of it is."""
        return any(step.text for step in self.steps)


@dataclass(frozen=True)
class Outcome:
    """What became of the promises to one project."""

    project: Project
    promised: Shown
    confirmed: Shown
    paid: Shown
    saving: Shown | None
    help_: tuple[Helped, ...] = ()
    few_help: bool = False  # Whether there is help of so few that none of its unit is told.
    answers: tuple[tuple[str, Shown], ...] = ()


@dataclass(frozen=True, slots=True)
class Sum:
    """What the projects of a fair have together of those figures that are told.

    `is_whole`: no project's own figure is held back. `total` None: every one is.
    """

    total: Decimal | None
    is_whole: bool


@dataclass(frozen=True)
class FairOutcomes:
    """What became of all promises of one fair; money in öre, help by its unit's code."""

    fair: Fair
    projects: tuple[int, ...]
    promised: Sum
    confirmed: Sum
    paid: Sum
    help_promised: tuple[tuple[str, Sum], ...]
    help_given: tuple[tuple[str, Sum], ...]


_Key = tuple[int, int]  # A fair and a project.
_Facts = dict[_Key, list[Fact]]
_Payments = dict[Hashable, list[tuple[datetime, int]]]  # Of each pledge: when, and how many öre.
SHOWN_AFTER = (1, 30, 90, 180, 365)  # Days; the four last are those of the follow-ups.
GIVEN = 2  # The step of help that says it was delivered.


def outcomes(fair: Fair, as_of: date) -> list[Outcome]:
    """Each project of the fair, in the programme's order, on a day. Five queries."""
    projects = Project.objects.filter(pitches__fair=fair, pitches__accepted_on__isnull=False)
    money, saved = _money([fair], as_of)
    helped, answers = _help([fair], as_of), _answers(fair, as_of)
    at, told = shown_at(fair, as_of), []
    for project in projects.order_by("pitches__position"):
        key = fair.pk, project.pk
        promised, confirmed, paid = _shown(money[key], 3, _kronor, at)
        saving = _shown(saved[key], 1, _kronor, at) if saved[key] else (None,)
        units = [
            Helped(unit_label(unit), _shown(facts, len(STEPS), _of_unit(unit), at))
            for unit, facts in sorted(helped[key].items())
        ]
        found = _shown(answers[project.pk], len(FollowUp.Found), _number, at)
        told.append(
            Outcome(
                project=project,
                promised=promised,
                confirmed=confirmed,
                paid=paid,
                saving=saving[0],
                help_=tuple(unit for unit in units if unit.is_shown),
                few_help=not all(unit.is_shown for unit in units),
                answers=tuple(
                    (str(kind.label), answer)
                    for kind, answer in zip(FollowUp.Found, found, strict=True)
                    if answer.givers or not answer.text
                ),
            )
        )
    return told


def outcomes_of_fairs(fairs: Sequence[Fair], as_of: date) -> list[FairOutcomes]:
    """Each fair on a day, summed over what `became` tells of its projects: nothing that is not told
    there is told here. Four queries, however many fairs.
    """
    pitches = Pitch.objects.filter(fair__in=fairs, accepted_on__isnull=False)
    projects = defaultdict(list)
    for fair_id, project_id in pitches.order_by("position").values_list("fair_id", "project_id"):
        projects[fair_id].append(project_id)
    money, _saved = _money(fairs, as_of)
    helped = _help(fairs, as_of)
    told = []
    for fair in fairs:
        at = shown_at(fair, as_of)
        keys = [(fair.pk, project) for project in projects[fair.pk]]
        units = sorted({unit for key in keys for unit in helped[key]})
        by_unit = {
            unit: _summed([in_steps(helped[key][unit], len(STEPS), at) for key in keys], len(STEPS))
            for unit in units
        }
        promised, confirmed, paid = _summed([in_steps(money[key], 3, at) for key in keys], 3)
        told.append(
            FairOutcomes(
                fair=fair,
                projects=tuple(projects[fair.pk]),
                promised=promised,
                confirmed=confirmed,
                paid=paid,
                help_promised=tuple((unit, steps[0]) for unit, steps in by_unit.items()),
                help_given=tuple((unit, steps[GIVEN]) for unit, steps in by_unit.items()),
            )
        )
    return told


def help_by_year(as_of: date) -> dict[int, dict[str, tuple[Figure, ...]]]:
    """All help, at fairs and elsewhere, by the year it was offered and its unit: the figure of each
    of `STEPS` as it was told when the last quarter of a year ended. One query.
    """
    facts: dict[int, dict[str, list[Fact]]] = defaultdict(lambda: defaultdict(list))
    began: dict[int, int] = {}
    rows = InKindEvent.objects.filter(on__lte=as_of).order_by("in_kind", "number")
    for at, on, help_, person, unit, state, quantity in rows.values_list(
        "at",
        "on",
        "in_kind_id",
        "in_kind__person_id",
        "in_kind__unit_id",
        "to_state",
        "quantity",
    ):
        year = began.setdefault(help_, on.year)
        fact = Fact(_known(at, on), help_, person, _amounts(state, quantity))
        facts[year][unit].append(fact)
    quarters = _quarters(min(facts, default=as_of.year), as_of)
    return {
        year: {unit: in_steps(found, len(STEPS), quarters) for unit, found in units.items()}
        for year, units in sorted(facts.items())
    }


def _quarters(first_year: int, as_of: date) -> list[datetime]:
    """The ends of all quarters from a year on that are past on a day."""
    firsts = [date(y, m, 1) for y in range(first_year, as_of.year + 1) for m in (1, 4, 7, 10)]
    return [_moment(day - timedelta(days=1), time.max) for day in firsts if day <= as_of]


def _amounts(state: str, quantity: Decimal) -> tuple[Decimal, ...]:
    return tuple(quantity if state in states else Decimal(0) for states in STEPS)


def _summed(parts: Sequence[tuple[Figure, ...]], steps: int) -> tuple[Sum, ...]:
    """Step by step, the figures that are told; one that is held back makes the sum not whole."""
    sums = []
    for step in range(steps):
        totals = [figures[step].total for figures in parts]
        told = [total for total in totals if total is not None]
        is_whole = len(told) == len(totals)
        sums.append(Sum(sum(told, Decimal(0)) if told or is_whole else None, is_whole))
    return tuple(sums)


def shown_at(fair: Fair, as_of: date) -> list[datetime]:
    """When what became of a fair is told: the ends of its days `SHOWN_AFTER`, then once a year.

    Those that are past on `as_of`.
    """
    held_on = timezone.localdate(fair.ends_at)
    years = range(2, (as_of - held_on).days // 365 + 1)
    days = [held_on + timedelta(days=n) for n in (*SHOWN_AFTER, *(365 * year for year in years))]
    return [_moment(day, time.max) for day in days if day < as_of]


def _moment(on: date, at: time = time(12)) -> datetime:
    return timezone.make_aware(datetime.combine(on, at))


def _known(at: datetime, on: date) -> datetime:
    """When everybody could know. A demo plays years in a minute: there the day it counts."""
    return _moment(on) if settings.DEMO else at


def _shown(
    facts: list[Fact], steps: int, words: Callable[[Decimal], str], at: list[datetime]
) -> tuple[Shown, ...]:
    return tuple(_in_words(figure, words) for figure in in_steps(facts, steps, at))


def _in_words(figure: Figure, words: Callable[[Decimal], str]) -> Shown:
    text = "" if figure.total is None else words(figure.total)
    return Shown(text, figure.givers, figure.is_near)


def _kronor(amount_minor: Decimal) -> str:
    return kronor_text(int(amount_minor))


def _number(count: Decimal) -> str:
    return number_text(int(count))


def _of_unit(unit: str) -> Callable[[Decimal], str]:
    return lambda quantity: quantity_text(quantity, unit)


def _money(fairs: Sequence[Fair], as_of: date) -> tuple[_Facts, _Facts]:
    """Promised, confirmed and paid in öre; and what is saved at the bank, apart from it.

    Promised as `invest.progress.evening` has it, whatever became of it; the rest as `sums` has it.
    """
    events = PledgeEvent.objects.filter(pledge__fair__in=fairs, on__lte=as_of).values_list(
        "at",
        "on",
        "pledge_id",
        "pledge__person_id",
        "pledge__fair_id",
        _PROJECT,
        "pledge__offering__vehicle__kind",
        "to_state",
        "amount_minor",
    )
    money, saved = defaultdict(list), defaultdict(list)
    for recorded, on, pledge, person, held_at, project, kind, state, minor in events.order_by(
        "pledge", "number"
    ):
        at = _known(recorded, on)
        name, amount = sums.counts_as(state, kind), Decimal(minor)
        if kind in RAISED:
            confirmed = amount if name == sums.COMMITTED else Decimal(0)
            money[held_at, project].append(Fact(at, pledge, person, (amount, confirmed)))
        elif kind in SAVED:
            kept = amount if name == sums.SAVING else Decimal(0)
            saved[held_at, project].append(Fact(at, pledge, person, (kept,)))
    paid = _paid(fairs, as_of)
    return defaultdict(list, {key: _with_paid(facts, paid) for key, facts in money.items()}), saved


def _paid(fairs: Sequence[Fair], as_of: date) -> _Payments:
    """What came in on each promise, and what was taken back, each when it was recorded."""
    rows = Placement.objects.filter(
        call__pledge__fair__in=fairs, counts_from__lte=as_of
    ).values_list(
        "call__pledge_id",
        "amount_minor",
        "entry__recorded_at",
        "counts_from",
        "entry__reversed_by__recorded_at",
        "counted_until",
    )
    paid: _Payments = defaultdict(list)
    for pledge, minor, came_at, came_on, undone_at, undone_on in rows:
        paid[pledge].append((_known(came_at, came_on), minor))
        if undone_on and undone_on <= as_of:
            paid[pledge].append((_known(undone_at, undone_on), -minor))
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


def _help(fairs: Sequence[Fair], as_of: date) -> dict[_Key, dict[str, list[Fact]]]:
    """How far help has come, by unit."""
    rows = InKindEvent.objects.filter(in_kind__fair__in=fairs, on__lte=as_of).values_list(
        "at",
        "on",
        "in_kind_id",
        "in_kind__person_id",
        "in_kind__fair_id",
        "in_kind__project_id",
        "in_kind__unit_id",
        "to_state",
        "quantity",
    )
    facts: dict[_Key, dict[str, list[Fact]]] = defaultdict(lambda: defaultdict(list))
    for recorded, on, help_, person, held_at, project, unit, state, quantity in rows.order_by(
        "in_kind", "number"
    ):
        fact = Fact(_known(recorded, on), help_, person, _amounts(state, quantity))
        facts[held_at, project][unit].append(fact)
    return facts


def _answers(fair: Fair, as_of: date) -> dict[int, list[Fact]]:
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
        counted = one_of(FollowUp.Found.values, row.found)
        facts[about.project_id].append(
            Fact(_moment(row.done_on), (row.pledge_id, row.in_kind_id), promise.person_id, counted)
        )
    return facts
