"""From project to enterprise: which stage may follow which, and what its gate asks.

A line of a gate is read from the project's own data where they show it (`DATA`); the others
somebody answers for with a few words (`WORDS`). A step past several stages passes all their gates.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import chain

from django.db.models import Sum
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from invest import access, legal_review
from invest.kinds import KINDS
from invest.models import (
    ActionEvent,
    Assessment,
    Offering,
    Organisation,
    Plan,
    Project,
    StageAnswer,
    StageEvent,
    Vehicle,
)
from invest.payouts import repayments
from invest.progress import sums
from invest.progress.progress import Progress, progress_of
from invest.refusals import NotReviewed
from invest.treasury import queries
from pools.models import BankAccount
from pools.money import ore

Stage = StageEvent.Stage
PATH: tuple[Stage, ...] = (
    Stage.IDEA,
    Stage.INVENTORIED,
    Stage.FORMED,
    Stage.VETTED,
    Stage.RAISING,
    Stage.FUNDED,
    Stage.CONTRACTING,
    Stage.BUILDING,
    Stage.OPERATING,
    Stage.REPAYING,
    Stage.COMPLETED,
)
_RUNNING = (Stage.OPERATING, Stage.REPAYING)
NEXT: dict[str, tuple[Stage, ...]] = {
    "": (Stage.IDEA, Stage.INVENTORIED, Stage.FORMED),
    Stage.IDEA: (Stage.INVENTORIED, Stage.FORMED, Stage.WOUND_UP),
    Stage.INVENTORIED: (Stage.FORMED, Stage.WOUND_UP),
    Stage.FORMED: (Stage.VETTED, Stage.RAISING, Stage.WOUND_UP),
    Stage.VETTED: (Stage.RAISING, Stage.WOUND_UP),
    Stage.RAISING: (Stage.FUNDED, Stage.FAILED),
    Stage.FAILED: (Stage.VETTED, Stage.RAISING, Stage.WOUND_UP),
    Stage.FUNDED: (Stage.CONTRACTING, Stage.BUILDING, *_RUNNING, Stage.WOUND_UP),
    Stage.CONTRACTING: (Stage.BUILDING, *_RUNNING, Stage.WOUND_UP),
    Stage.BUILDING: (*_RUNNING, Stage.RESTRUCTURED, Stage.WOUND_UP),
    Stage.OPERATING: (Stage.REPAYING, Stage.COMPLETED, Stage.RESTRUCTURED, Stage.WOUND_UP),
    Stage.REPAYING: (Stage.OPERATING, Stage.COMPLETED, Stage.RESTRUCTURED, Stage.WOUND_UP),
    Stage.RESTRUCTURED: (*_RUNNING, Stage.COMPLETED, Stage.WOUND_UP),
    Stage.COMPLETED: (),
    Stage.WOUND_UP: (),
}
# Stage → the lines of the gate before it, in the order they are told.
GATES: dict[Stage, tuple[str, ...]] = {
    Stage.FORMED: ("keeper",),
    Stage.VETTED: ("budget", "read"),
    Stage.RAISING: ("read", "terms", "orgnr", "account", "law", "mix", "board", "risk"),
    Stage.FUNDED: ("received",),
    Stage.BUILDING: ("received", "permits", "insurance", "contracts"),
    Stage.OPERATING: ("door", "pay"),
    Stage.COMPLETED: ("calls", "owed", "strays", "second", "thanks"),
    Stage.WOUND_UP: ("calls", "owed", "strays", "second", "decided"),
}
# What only a person can say: code → what to answer for, with words on what shows it.
WORDS: dict[str, Promise] = {
    "read": _("Somebody from outside has read the budget and asked questions."),
    "board": _("There is a board or a group that has decided to ask for money."),
    "risk": _("The risk is told in plain words where savers read it."),
    "permits": _("The permits that are needed are granted."),
    "insurance": _("It is insured."),
    "contracts": _("The contracts with those who build or deliver are signed."),
    "door": _("Somebody opens the door on Tuesday, and somebody else when that person is ill."),
    "pay": _("It is known who is paid, and from which income."),
    "thanks": _("Everybody is thanked, and the last account is told."),
    "decided": _("It is decided to end it, and it is told why."),
}


@dataclass(frozen=True)
class Facts:
    """What a project's own data say on a day, looked up when first asked for."""

    project: Project
    on: date

    @property
    def organisation(self) -> Organisation:
        """Whose project it is."""
        return self.project.organisation

    @cached_property
    def progress(self) -> Progress:
        """Its offers, sums and other finance."""
        return progress_of(self.project, self.on)

    @cached_property
    def vehicles(self) -> list[Vehicle]:
        """What savers hold or may come to hold."""
        return list(Vehicle.objects.filter(project=self.project))

    @cached_property
    def accounts(self) -> list[BankAccount]:
        """The organisation's own, in its books."""
        return list(BankAccount.objects.filter(account__ledger__organisation=self.organisation))

    def needed_minor(self) -> int:
        """What the budget asks for in money, öre."""
        needs = self.project.needs.filter(money__isnull=False)
        return sum(ore(need.money) for need in needs)


def _keeper(facts: Facts) -> bool:
    """Somebody has a role there today."""
    return access.is_kept(facts.organisation, "projects", facts.on)


def _orgnr(facts: Facts) -> bool:
    """A simple partnership is nobody in law, and has none."""
    kinds = {vehicle.kind for vehicle in facts.vehicles}
    return bool(facts.organisation.orgnr) or kinds == {"simple-partnership"}


def _law(facts: Facts) -> bool:
    """The gates of law of the kinds offered are looked into, and all right."""
    codes = {code for vehicle in facts.vehicles for code in KINDS[vehicle.kind].legal_reviews}
    try:
        legal_review.refuse_unseen(facts.organisation, codes, facts.on)
    except NotReviewed:
        return False
    return True


def _mix(facts: Facts) -> bool:
    """The highest goal and the money from elsewhere reach what the budget asks for."""
    elsewhere: int = sum(source.amount_minor for source in facts.progress.finance)
    asked = sum(offer.goal.goal_max_minor for offer in facts.progress.inviting)
    return asked + elsewhere >= facts.needed_minor()


def _received(facts: Facts) -> bool:
    """The least goal of each offer is paid in; of support savings alone, the loan is signed."""
    inviting = facts.progress.inviting
    if not inviting:
        saved = any(not offer.kind.money_role for offer in facts.progress.offers)
        return saved and facts.progress.sums.enabled_minor > 0
    paid = ((_paid_in(offer.offering, facts.on), offer.goal) for offer in inviting)
    return all(minor >= goal.goal_min_minor for minor, goal in paid)


def _paid_in(offering: Offering, on: date) -> int:
    paid = sums.received(on).filter(call__pledge__offering=offering)
    minor: int = paid.aggregate(minor=Sum("amount_minor", default=0))["minor"]
    return minor


def _calls(facts: Facts) -> bool:
    ledger = facts.organisation.ledger
    return ledger is None or not any(
        waiting.call.pledge.offering.vehicle.project_id == facts.project.pk
        for waiting in queries.open_calls(ledger)
    )


def _owed(facts: Facts) -> bool:
    planned = {plan.vehicle for plan in Plan.objects.filter(vehicle__in=facts.vehicles)}
    loans = [v for v in facts.vehicles if v in planned or KINDS[v.kind].money_role == "loan"]
    return all(repayments.outstanding(vehicle, facts.on) == 0 for vehicle in loans)


def _strays(facts: Facts) -> bool:
    return not any(queries.waiting(account) for account in facts.accounts)


def _second(facts: Facts) -> bool:
    newest = {
        event.action_id: event.to_state
        for event in ActionEvent.objects.filter(action__vehicle__in=facts.vehicles).order_by(
            "number"
        )
    }
    return ActionEvent.State.PROPOSED not in newest.values()


@dataclass(frozen=True, slots=True)
class Shown:
    """A line that data show: how it reads, the look-up, and the desk where it is mended."""

    text: Promise
    look: Callable[[Facts], bool]
    mend: str = ""  # The name of an address that takes an organisation's slug; "": administrator.


DATA: dict[str, Shown] = {
    "keeper": Shown(_("Somebody answers for it, with a role here."), _keeper),
    "budget": Shown(
        _("The budget is on record: what is needed, in kronor."),
        lambda facts: facts.needed_minor() > 0,
    ),
    "terms": Shown(
        _("The form is chosen, and its terms are on record as an offer."),
        lambda facts: any(o.offering.closes_on >= facts.on for o in facts.progress.offers),
        "offers",
    ),
    "orgnr": Shown(_("The organisation has its number."), _orgnr),
    "account": Shown(
        _("There is a bank account of the organisation's own."),
        lambda facts: bool(facts.accounts),
    ),
    "law": Shown(_("The rules of law for the offer are looked into."), _law, "limits"),
    "mix": Shown(_("The goal and the money from elsewhere reach what is needed."), _mix, "offers"),
    "received": Shown(_("The least goal is paid in, not only promised."), _received, "bank"),
    "calls": Shown(_("No call for payment waits."), _calls, "bank"),
    "owed": Shown(_("Everybody who lent is paid."), _owed, "registers"),
    "strays": Shown(_("Nothing on the bank account waits to be paired."), _strays, "bank"),
    "second": Shown(_("Nothing in the registers waits for a second person."), _second, "registers"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a gate as it stands; `answer` is the word that holds, `mend` an address."""

    code: str
    text: Promise
    is_met: bool
    by_word: bool
    answer: StageAnswer | None = None
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """A stage that may come next, and its gate."""

    to: Stage
    lines: tuple[Line, ...]

    @property
    def lacking(self) -> tuple[Line, ...]:
        """What is not met."""
        return tuple(line for line in self.lines if not line.is_met)


@dataclass(frozen=True, slots=True)
class Step:
    """A stage on the path: passed, where the project stands, or to come."""

    stage: Stage
    is_now: bool
    event: StageEvent | None


@dataclass(frozen=True)
class StagePage:
    """Where a project stands, where it may go, and what it rests on."""

    project: Project
    events: tuple[StageEvent, ...]
    ways: tuple[Way, ...]
    papers: tuple[StageAnswer, ...]
    assessment: Assessment | None

    @property
    def now(self) -> StageEvent | None:
        """The newest step."""
        return self.events[-1] if self.events else None

    @property
    def path(self) -> list[Step]:
        """The whole path, and a side stage after it where the project stands on one."""
        newest = {event.to_state: event for event in self.events}
        state = self.now.to_state if self.now else ""
        stages = [*PATH, *([Stage(state)] if state and state not in PATH else [])]
        return [Step(stage, stage == state, newest.get(stage)) for stage in stages]


def ahead(ways: Sequence[Way]) -> list[Way]:
    """The next ways on the path, to the first that has a gate; the others lie aside."""
    on_path = [way for way in ways if way.to in PATH]
    first = next((i for i, way in enumerate(on_path) if way.lines), len(on_path) - 1)
    return on_path[: first + 1]


def words_for(code: str) -> Promise:
    """How a line of a gate reads."""
    return WORDS[code] if code in WORDS else DATA[code].text


def codes_between(now: str, to: Stage) -> tuple[str, ...]:
    """The lines of every gate that a step passes, each once. A stage that was left is not passed.

    To fail, or to go on in another form, has no gate; to wind up has its own.
    """
    if to in PATH and now in ("", *PATH):
        first = PATH.index(Stage(now)) + 1 if now else 0
        passed: Sequence[Stage] = PATH[first : PATH.index(to) + 1]
    else:
        passed = (to,)
    return tuple(dict.fromkeys(code for stage in passed for code in GATES.get(stage, ())))


def lines(project: Project, now: str, to: Stage, on: date) -> tuple[Line, ...]:
    """A gate read anew. A query, and a few for what data must show."""
    known = _read(project, on, codes_between(now, to), project.stage_answers.with_words())
    return tuple(known.values())


def _read(
    project: Project, on: date, codes: Iterable[str], answers: Iterable[StageAnswer]
) -> dict[str, Line]:
    """Each line once, in the order asked for, by the newest of its answers up to the day."""
    held = {answer.code: answer for answer in answers if answer.on <= on}
    facts = Facts(project, on)
    return {code: _line(code, facts, held.get(code)) for code in dict.fromkeys(codes)}


def _line(code: str, facts: Facts, held: StageAnswer | None) -> Line:
    if code in WORDS:
        return Line(code, WORDS[code], held is not None and held.is_met, True, held)
    shown = DATA[code]
    mend = reverse(shown.mend, args=[facts.organisation.slug]) if shown.mend else ""
    return Line(code, shown.text, shown.look(facts), False, None, mend)


def stage_page(project: Project, on: date) -> StagePage:
    """Everything on the desk of a project's way."""
    events = tuple(project.stages.order_by("number"))
    now = events[-1].to_state if events else ""
    gates = {to: codes_between(now, to) for to in NEXT[now]}
    answers = list(project.stage_answers.with_words())
    known = _read(project, on, chain.from_iterable(gates.values()), answers)
    held = {answer.code: answer for answer in answers}
    return StagePage(
        project=project,
        events=events,
        ways=tuple(Way(to, tuple(known[code] for code in codes)) for to, codes in gates.items()),
        papers=tuple(answer for answer in held.values() if answer.is_met),
        assessment=project.assessments.first(),
    )
