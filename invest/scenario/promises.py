"""Who promises what in a story, and what becomes of it."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from moneyed import Money

from invest.models import Offering, Pledge
from invest.people import Giver, person_for
from invest.pledges import pledges
from invest.scenario.bank import pays
from invest.scenario.doings import saves
from invest.scenario.stage import BY, Data, Stage
from invest.vehicles import offerings
from pools.money import ore

# Where nothing is paid in: those who would have paid save at the bank.
_SAVED = {"paid": "delivered", "converted": "delivered", "unfulfilled": "confirmed"}
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


def promises(stage: Stage, told: Data, offering: Offering, people: dict[str, Giver]) -> None:
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
            if (kind.counts_units and kind.money_role) or kind.one_minor
            else stage.chance.choice(
                [kr for kr in KRONOR if offer["minimum"] <= kr <= offer["maximum"]]
            )
        )
        fate = stage.chance.choices(kinds, weights)[0]
        _promise(stage, told, offering, giver, kr, _some_day(stage, offering, offer, fate), fate)


def _joining(stage: Stage, number: int) -> list[Giver]:
    """The next so many savers around the valley: everybody has a turn before anyone's second."""
    joining = [stage.crowd[(stage.turn + i) % len(stage.crowd)] for i in range(number)]
    stage.turn += number
    return joining


def _some_day(stage: Stage, offering: Offering, offer: Data, fate: str) -> date:
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
    stage: Stage, told: Data, offering: Offering, giver: Giver, kr: int, on: date, fate: str
) -> None:
    chance = stage.chance
    settled = _settled_on(stage, told, offering)
    binding = Binding.SUBSCRIPTION if fate == "in_reflection" else Binding.INTENTION
    confirmed = on + timedelta(days=chance.randrange(2, 13))
    called = confirmed + timedelta(days=chance.randrange(4, 22))
    paid = called + timedelta(days=chance.choice((2, 4, 6, 9, 13, 18, 24, 28, 33, 47)))
    if not offerings.read(offerings.terms_row(offering.vehicle, on)).money_role:
        fate = _SAVED.get(fate, fate)
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
            person=person_for(giver, at=timezone.make_aware(datetime.combine(on, time(12)))),
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
    elif fate == "delivered":
        stage.at(called, lambda: saves(stage, told, slot["pledge"], kr, called))
    elif fate != "confirmed" and (settled is None or called <= settled):
        stage.at(called, lambda: _called(stage, told, slot["pledge"], called, paid, fate))
        if fate == "unfulfilled":
            late = min(called + timedelta(days=60), settled or date.max)
            step(pledges.mark_unfulfilled, late, "Två påminnelser")
    if settled:
        stage.at(settled, lambda: _close(slot["pledge"], settled))


def _settled_on(stage: Stage, told: Data, offering: Offering) -> date | None:
    """When an offer's last promises were paid or let go: before the loan runs, or with the goal."""
    if "released" in told:
        return stage.day(told["released"])
    if "repaid" in told:
        return stage.day(told["repaid"]["from"]) - timedelta(days=8)
    over = offering.closes_on + timedelta(days=60)
    return over if over <= stage.today else None


def _called(stage: Stage, told: Data, pledge: Pledge, on: date, paid_on: date, fate: str) -> None:
    call = pledges.call(pledge=pledge, on=on, due_on=on + timedelta(days=30), by=BY)
    minor = ore(call.amount)
    if fate == "part_paid":
        minor = minor // 200 * 100
        stage.part_paid[call.ocr] = call
    if fate in {"paid", "part_paid", "converted"}:
        stage.at(paid_on, lambda: pays(stage, told["organisation"], paid_on, minor, call.ocr))
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
