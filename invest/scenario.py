"""Plays a fixture story through the verbs: for the demo, for tests and for benchmarks.

The story is `fixtures/bjorkdalen.toml`. Everything that happens is an act on a day; the acts are
sorted and played in order, so the book is written as it would have been. The same story, day and
scale play the same way every time.
"""

import random
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction
from django.utils import timezone
from moneyed import Money

from invest import access, distributions, matching, offerings, pledges, repayments
from invest.models import (
    Call,
    Fair,
    FinanceSource,
    Milestone,
    Need,
    Offering,
    Organisation,
    Person,
    Pitch,
    Pledge,
    Project,
    Role,
    Update,
    User,
    Vehicle,
)
from invest.people import Giver
from pools.bank import camt, intake
from pools.models import BankAccount
from pools.money import ore

STORY = Path(__file__).parent.parent / "fixtures" / "bjorkdalen.toml"
DEMO_TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 -- the demo's, for all to know
BY = "job:demo"
Data = dict[str, Any]
Binding = Pledge.Binding
State = pledges.State

# How a promise may end, and how often in a hundred, by how old its offer is. What a fate has no
# time for by the last day has not happened yet.
FATES: dict[str, dict[str, int]] = {
    "old": {
        "paid": 84,
        "withdrawn": 4,
        "declined": 3,
        "lapsed": 3,
        "unfulfilled": 4,
        "converted": 2,
    },
    "missed": {"confirmed": 88, "withdrawn": 8, "declined": 4},
    "open": {
        "paid": 60,
        "part_paid": 4,
        "called": 10,
        "confirmed": 8,
        "submitted": 6,
        "withdrawn": 6,
        "declined": 2,
        "unfulfilled": 4,
    },
    "young": {"paid": 48, "called": 18, "confirmed": 20, "submitted": 10, "withdrawn": 4},
    "new": {"confirmed": 35, "in_reflection": 30, "submitted": 35},
}
SHARES = (1, 1, 2, 2, 3, 4, 5, 5, 8, 10, 20, 30)
KRONOR = (500, 1000, 2000, 2000, 3000, 5000, 5000, 5000, 8000, 10_000, 15_000)


@dataclass
class Summary:
    """How much was played."""

    projects: int = 0
    savers: int = 0
    pledges: int = 0
    lines: int = 0


@dataclass
class _Stage:
    """What the acts share while the story is played."""

    story: Data
    today: date
    chance: random.Random
    acts: list[tuple[date, int, Callable[[], object]]] = field(default_factory=list)
    order: Iterator[int] = field(default_factory=count)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    banks: dict[str, BankAccount] = field(default_factory=dict)
    fairs: dict[str, Fair] = field(default_factory=dict)
    crowd: list[Giver] = field(default_factory=list)
    turn: int = 0
    arriving: dict[str, list[tuple[date, int, str, str]]] = field(default_factory=dict)
    fetched: set[tuple[str, date]] = field(default_factory=set)
    part_paid: dict[str, Call] = field(default_factory=dict)
    summary: Summary = field(default_factory=Summary)

    def day(self, told: date) -> date:
        """The day as told, moved along so that the story ends today."""
        last_day: date = self.story["told_on"]
        return told + (self.today - last_day)

    def at(self, on: date, act: Callable[[], object]) -> None:
        """Let something happen on a day; what lies ahead has not happened."""
        if on <= self.today:
            heappush(self.acts, (on, next(self.order), act))

    def play(self) -> None:
        """Play every act, day by day; acts may add acts on the same day or later."""
        while self.acts:
            _, _, act = heappop(self.acts)
            act()


@transaction.atomic
def play(*, today: date, scale: int = 1) -> Summary:
    """Play the story so that it ends on `today`; `scale` tells the valley so many times over."""
    story = tomllib.loads(STORY.read_text("utf-8"))
    stage = _Stage(story, today, random.Random(story["seed"]))  # noqa: S311 -- a story
    for told in story["organisation"]:
        _organisation(stage, told)
    people = _cast(stage)
    for told in story["fair"]:
        _fair(stage, told)
    for copy in range(scale):
        stage.crowd = _crowd(stage, copy)
        for told in story["project"]:
            _project(stage, told, f"-{copy + 1}" if copy else "", people)
    stage.play()
    _strays(stage)
    stage.summary.savers = Person.objects.count()
    stage.summary.pledges = Pledge.objects.count()
    return stage.summary


# --- Master data ----------------------------------------------------------------------------------


def _organisation(stage: _Stage, told: Data) -> None:
    organisation = Organisation.objects.create(
        slug=told["slug"],
        name=told["name"],
        form=told["form"],
        orgnr=told["orgnr"],
        municipality="Björkdalen",
        about_sv=told["about_sv"],
        about_en=told["about_en"],
        contact_email=f"{told['slug']}@bjorkdalen.example",
        is_energy_company=told.get("energy", False),
    )
    stage.organisations[told["slug"]] = organisation
    stage.banks[told["slug"]] = offerings.open_books(
        organisation=organisation,
        on=stage.day(date(2023, 1, 1)),
        iban=told["iban"],
        payee=told["name"],
        bankgiro=told["bankgiro"],
        swish=told["swish"],
    )
    stage.arriving[told["slug"]] = []


def _cast(stage: _Stage) -> dict[str, Giver]:
    """The people with a name in the story: a login each, roles, and a second factor."""
    people = {}
    for told in stage.story["cast"]:
        make = (
            User.objects.create_superuser
            if told.get("administrator", False)
            else User.objects.create_user
        )
        user = make(told["email"])
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        Person.objects.create(
            user=user,
            name=told["name"],
            email=told["email"],
            municipality=told["municipality"],
        )
        for slug, kind in told.get("roles", []):
            for organisation in stage.organisations.values():
                if slug in {"*", organisation.slug}:
                    Role.objects.create(
                        user=user,
                        organisation=organisation,
                        kind=kind,
                        since=stage.day(date(2023, 1, 1)),
                    )
        if access.needs_mfa(user):
            TOTP.activate(user, DEMO_TOTP_SECRET)
        people[told["email"]] = Giver(
            name=told["name"],
            email=told["email"],
            user=user,
            publish_name=told.get("publish", False),
        )
    return people


def _fair(stage: _Stage, told: Data) -> None:
    stage.fairs[told["slug"]] = Fair.objects.create(
        slug=told["slug"],
        organisation=stage.organisations["bygdeforeningen"],
        name=told["name"],
        venue=told["venue"],
        municipality="Björkdalen",
        starts_at=_moment(stage, told["starts"]),
        ends_at=_moment(stage, told["ends"]),
        about_sv=told["about_sv"],
        about_en=told["about_en"],
    )


def _moment(stage: _Stage, told: datetime) -> datetime:
    return timezone.make_aware(datetime.combine(stage.day(told.date()), told.time()))


def _crowd(stage: _Stage, copy: int) -> list[Giver]:
    """The valley's savers: every name once for as long as they last."""
    names = stage.story["names"]
    pairs = [(first, last) for first in names["first"] for last in names["last"]]
    stage.chance.shuffle(pairs)
    places, weights = list(names["places"]), list(names["places"].values())
    cast = len(stage.story["cast"])
    return [
        Giver(
            name=f"{first} {last}",
            email=f"sparare{copy:03d}{number:03d}@bjorkdalen.example",
            municipality=stage.chance.choices(places, weights)[0],
            publish_name=stage.chance.random() < 0.4,
        )
        for number, (first, last) in enumerate(pairs[: stage.story["savers"] - cast])
    ]


def _project(stage: _Stage, told: Data, copy: str, people: dict[str, Giver]) -> None:
    organisation = stage.organisations[told["organisation"]]
    project = Project.objects.create(
        slug=told["slug"] + copy,
        organisation=organisation,
        name=told["name"] + copy.replace("-", " "),
        sector=told["sector"],
        municipality="Björkdalen",
        summary_sv=told["summary_sv"],
        summary_en=told["summary_en"],
        story_sv=told["story_sv"],
        story_en=told["story_en"],
        use_of_money_sv=told["use_sv"],
        use_of_money_en=told["use_en"],
    )
    stage.summary.projects += 1
    _papers(stage, told, project)
    for on, to in told["stages"]:
        stage.at(
            stage.day(on),
            partial(offerings.set_stage, project=project, to=to, on=stage.day(on), by=BY),
        )
    for fair in stage.story["fair"]:
        if told["slug"] in fair["pitches"]:
            Pitch.objects.create(
                fair=stage.fairs[fair["slug"]],
                project=project,
                position=Pitch.objects.filter(fair=stage.fairs[fair["slug"]]).count() + 1,
            )
    offering = _offer(stage, told["offer"], project)
    _promises(stage, told, offering, people if not copy else {})
    if "repaid" in told:
        _repaid(stage, told["repaid"], offering.vehicle, told["organisation"])
    if "dividend" in told:
        _dividend(stage, told["dividend"], offering.vehicle, told["organisation"])


def _papers(stage: _Stage, told: Data, project: Project) -> None:
    for row in told["needs"]:
        Need.objects.create(
            project=project,
            text_sv=row["sv"],
            text_en=row["en"],
            money=Money(row["kr"], "SEK") if "kr" in row else None,  # type: ignore[misc] # django-money has no stubs
            quantity=row.get("quantity"),
            unit=row.get("unit", ""),
        )
    for row in told.get("finance", []):
        FinanceSource.objects.create(
            project=project,
            kind=row["kind"],
            text_sv=row["sv"],
            text_en=row["en"],
            amount=Money(row["kr"], "SEK"),  # type: ignore[misc] # django-money has no stubs
            signed_on=stage.day(row["signed"]) if "signed" in row else None,
        )
    for row in told.get("updates", []):
        Update.objects.create(
            project=project,
            on=stage.day(row["on"]),
            title_sv=row["title_sv"],
            title_en=row["title_en"],
            text_sv=row["sv"],
            text_en=row["en"],
        )
    for row in told.get("milestones", []):
        Milestone.objects.create(
            project=project,
            text_sv=row["sv"],
            text_en=row["en"],
            planned_on=stage.day(row["planned"]),
            reached_on=stage.day(row["reached"]) if "reached" in row else None,
        )


def _offer(stage: _Stage, told: Data, project: Project) -> Offering:
    opens = stage.day(told["opens"])
    vehicle = offerings.open_vehicle(
        kind=told["kind"],
        slug=project.slug,
        name=told["name"],
        organisation=project.organisation,
        project=project,
        terms=told["terms"],
        on=opens,
    )
    offering = offerings.open_offering(
        vehicle=vehicle,
        opens_on=opens,
        closes_on=stage.day(told["closes"]),
        minimum=Money(told["minimum"], "SEK"),
        maximum=Money(told["maximum"], "SEK") if "maximum" in told else None,
        goal_min=Money(told["goal_min"], "SEK"),
        goal_max=Money(told["goal_max"], "SEK"),
        # Room for more than the goal: a revision may follow, and a project tells what came.
        cap=Money(max(told["goal_max"] * 2, 100_000), "SEK"),
    )
    for row in told.get("revisions", []):
        stage.at(
            stage.day(row["on"]),
            partial(
                offerings.revise_goal,
                offering=offering,
                goal_min=Money(row["goal_min"], "SEK"),
                goal_max=Money(row["goal_max"], "SEK"),
                on=stage.day(row["on"]),
                reason_sv=row["sv"],
                reason_en=row["en"],
            ),
        )
    return offering


# --- Promises -------------------------------------------------------------------------------------


def _promises(stage: _Stage, told: Data, offering: Offering, people: dict[str, Giver]) -> None:
    offer = told["offer"]
    for row in stage.story["pledge"]:
        if row["project"] == told["slug"] and row["who"] in people:
            _promise(
                stage,
                told,
                offering,
                people[row["who"]],
                row["kr"],
                stage.day(row["on"]),
                row["fate"],
            )
    fates = FATES[offer["mood"]]
    kinds, weights = list(fates), list(fates.values())
    kind = offerings.terms(offering.vehicle, offering.opens_on)
    for giver in _joining(stage, offer["crowd"]):
        kr = (
            kind.suggestions()[0] // 100 * stage.chance.choice(SHARES)
            if kind.counts_units
            else stage.chance.choice(
                [kr for kr in KRONOR if offer["minimum"] <= kr <= offer["maximum"]]
            )
        )
        fate = stage.chance.choices(kinds, weights)[0]
        _promise(stage, told, offering, giver, kr, _some_day(stage, offering, offer, fate), fate)


def _joining(stage: _Stage, number: int) -> list[Giver]:
    """The next so many savers around the valley: everybody has a turn before anyone's second."""
    joining = [stage.crowd[(stage.turn + i) % len(stage.crowd)] for i in range(number)]
    stage.turn += number
    return joining


def _some_day(stage: _Stage, offering: Offering, offer: Data, fate: str) -> date:
    """Almost half of them at the fair, the rest while the offer was open; fresh ones lately."""
    last = min(offering.closes_on, stage.today)
    if fate in {"submitted", "in_reflection"}:
        return max(offering.opens_on, last - timedelta(days=stage.chance.randrange(10)))
    fair_day = timezone.localdate(stage.fairs[offer["fair"]].starts_at)
    if stage.chance.random() < 0.45 and offering.opens_on <= fair_day <= last:
        return fair_day
    # Early and late alike, with a lean towards the beginning.
    span = (last - offering.opens_on).days
    return offering.opens_on + timedelta(days=int(span * stage.chance.random() ** 1.3))


def _promise(
    stage: _Stage, told: Data, offering: Offering, giver: Giver, kr: int, on: date, fate: str
) -> None:
    chance = stage.chance
    settled = _settled_on(stage, told, offering)
    binding = Binding.SUBSCRIPTION if fate == "in_reflection" else Binding.INTENTION
    confirmed = on + timedelta(days=chance.randrange(2, 13))
    called = confirmed + timedelta(days=chance.randrange(4, 22))
    paid = called + timedelta(days=chance.choice((2, 4, 6, 9, 13, 18, 24, 28, 33, 47)))
    if fate == "paid" and settled and paid > settled:
        fate = "unfulfilled"
    slot: dict[str, Pledge] = {}

    def submit() -> None:
        fair = stage.fairs[told["offer"]["fair"]]
        at_the_fair = on == timezone.localdate(fair.starts_at)
        slot["pledge"] = pledges.submit(
            offering=offering,
            giver=giver,
            amount=Money(kr, "SEK"),
            key=f"demo:{offering.pk}:{giver.email}:{on}",
            key_owner=BY,
            on=on,
            by=BY,
            source=Pledge.Source.FAIR if at_the_fair else Pledge.Source.WEB,
            fair=fair if at_the_fair else None,
            binding=binding,
            valid_until=on + timedelta(days=60) if fate == "lapsed" else None,
        )

    def step(verb: Callable[..., object], day: date, reason: str = "") -> None:
        if settled is None or day <= settled:
            stage.at(day, lambda: verb(pledge=slot["pledge"], on=day, by=BY, reason=reason))

    stage.at(on, submit)
    if fate in {"submitted", "in_reflection"}:
        return
    if fate == "withdrawn":
        step(pledges.withdraw, confirmed, "Ångrade sig")
        return
    if fate == "declined":
        step(pledges.decline, confirmed, "Kunde inte nås")
        return
    step(pledges.confirm, confirmed, "Bekräftad per telefon")
    if fate == "lapsed":
        step(pledges.lapse, on + timedelta(days=61))
    elif fate != "confirmed" and (settled is None or called <= settled):
        stage.at(called, lambda: _called(stage, told, slot["pledge"], called, paid, fate))
        if fate == "unfulfilled":
            late = min(called + timedelta(days=60), settled or date.max)
            step(pledges.mark_unfulfilled, late, "Två påminnelser")
    if settled:
        stage.at(settled, lambda: _close(slot["pledge"], settled))


def _settled_on(stage: _Stage, told: Data, offering: Offering) -> date | None:
    """When an offer's last promises were paid or let go: before the loan runs, or with the goal."""
    if "released" in told:
        return stage.day(told["released"])
    if "repaid" in told:
        return stage.day(told["repaid"]["from"]) - timedelta(days=8)
    over = offering.closes_on + timedelta(days=60)
    return over if over <= stage.today else None


def _called(stage: _Stage, told: Data, pledge: Pledge, on: date, paid_on: date, fate: str) -> None:
    call = pledges.call(pledge=pledge, on=on, due_on=on + timedelta(days=30), by=BY)
    minor = ore(call.amount)
    if fate == "part_paid":
        minor = minor // 200 * 100
        stage.part_paid[call.ocr] = call
    if fate in {"paid", "part_paid", "converted"}:
        stage.at(paid_on, lambda: _pays(stage, told["organisation"], paid_on, minor, call.ocr))
    if fate == "converted":
        day = paid_on + timedelta(days=200)
        stage.at(
            day, lambda: pledges.convert(pledge=pledge, on=day, by=BY, reason="Blev medlemslån")
        )


def _close(pledge: Pledge, on: date) -> None:
    """The offer is over: whoever has not paid owes nothing more."""
    state = pledges.latest(pledge).to_state
    if state in {State.SUBMITTED, State.CONFIRMED}:
        pledges.release(pledge=pledge, on=on, by=BY, reason="Insamlingen avslutad")
    elif state in {State.CALLED, State.PART_PAID}:
        pledges.mark_unfulfilled(pledge=pledge, on=on, by=BY, reason="Ej betald vid avslut")


# --- The bank -------------------------------------------------------------------------------------


def _pays(stage: _Stage, slug: str, on: date, minor: int, ocr: str, name: str = "") -> None:
    """A payment reaches the bank; the treasurer fetches the file on the next Friday."""
    stage.arriving[slug].append((on, minor, ocr, name))
    friday = min(on + timedelta(days=(3 - on.weekday()) % 7 + 1), stage.today)
    if (slug, friday) not in stage.fetched:
        stage.fetched.add((slug, friday))
        stage.at(friday, lambda: _fetch(stage, slug, friday))


def _fetch(stage: _Stage, slug: str, on: date) -> None:
    waiting, stage.arriving[slug] = stage.arriving[slug], []
    if not waiting:
        return
    bank = stage.banks[slug]
    name = f"camt054-{slug}-{on}.xml"
    lines = tuple(
        camt.Line(
            key=f"camt:{bank.iban}:{on:%Y%m%d}:{number}",
            amount_minor=minor,
            currency="SEK",
            booked_on=day,
            value_on=day,
            is_reversal=False,
            reference=f"{on:%Y%m%d}",
            ordinal=number,
            ocr=ocr,
            message="",
            end_to_end="",
            payer_name=payer,
            payer_account="",
        )
        for number, (day, minor, ocr, payer) in enumerate(waiting, start=1)
    )
    statement = camt.Statement(name, "054", bank.iban, "SEK", None, None, lines)
    brought = intake.take_in(
        file=camt.StatementFile(name, None, (statement,)),
        sha256=name,
        file_name=name,
        bank_account=bank,
        by=BY,
    )
    stage.summary.lines += len(brought.new)
    incoming = [line for line in brought.new if line.amount_minor > 0]
    for line in matching.match_by_reference(lines=incoming, on=on, by=BY).waiting:
        if call := stage.part_paid.get(line.ocr):
            matching.match_by_hand(
                line=line, call=call, amount_minor=line.amount_minor, on=on, by=BY
            )


def _strays(stage: _Stage) -> None:
    """Two payments that nobody can pair by machine, waiting for the treasurer today."""
    slug = "bjorkdalens-energi"
    call = Call.objects.filter(
        pledge__offering__vehicle__slug="soltaket", matches__isnull=True
    ).latest("pk")
    stage.arriving[slug] += [
        (stage.today, ore(call.amount) - 5000, call.ocr, "Göran Fors"),
        (stage.today, 150_000, "", "Swish 0701740605"),
    ]
    _fetch(stage, slug, stage.today + timedelta(days=1))


# --- What came back -------------------------------------------------------------------------------


def _repaid(stage: _Stage, told: Data, vehicle: Vehicle, slug: str) -> None:
    start = stage.day(told["from"])
    stopped = stage.day(told["stopped"]) if "stopped" in told else date.max

    def begin() -> None:
        plan = repayments.make_plan(vehicle=vehicle, on=start)
        for instalment in plan.instalments.filter(due_on__lt=stopped):
            stage.at(instalment.due_on, partial(pay, instalment))

    def pay(instalment: Any) -> None:
        owed = repayments.owed_on(instalment).total_minor
        if not owed:
            return  # A quarter without interest on an interest-free bullet: nothing is due.
        key = f"repayment:{instalment.pk}"
        repayments.repay(instalment=instalment, on=instalment.due_on, by=BY, key=key)
        _pays(stage, slug, instalment.due_on, -owed, "")

    stage.at(start, begin)


def _dividend(stage: _Stage, told: Data, vehicle: Vehicle, slug: str) -> None:
    dee = User.objects.get(email="dee@bjorkdalen.example")
    eva = User.objects.get(email="eva@bjorkdalen.example")
    slot: dict[str, Any] = {}

    def compute() -> None:
        slot["it"] = distributions.compute(
            vehicle=vehicle,
            total=Money(told["kr"], "SEK"),
            record_on=stage.day(told["record"]),
            reason=told["reason"],
            by=dee,
            key=f"demo:dividend:{vehicle.slug}",
        )

    def approve() -> None:
        distributions.approve(distribution=slot["it"], by=eva, on=stage.day(told["approved"]))

    def pay() -> None:
        distributions.pay(distribution=slot["it"], by=dee, on=stage.day(told["paid"]))
        _pays(stage, slug, stage.day(told["paid"]), -told["kr"] * 100, "")

    stage.at(stage.day(told["computed"]), compute)
    stage.at(stage.day(told["approved"]), approve)
    stage.at(stage.day(told["paid"]), pay)
