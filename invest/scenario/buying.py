"""What the valley buys together, and its vouchers: told as who, how many and when."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import partial

from django.utils import timezone
from moneyed import Money

from invest.models import Action, Holding, Offering, Pledge, Vehicle, VoucherCode
from invest.people import Giver, person_for
from invest.pledges import pledges
from invest.scenario import founding
from invest.scenario.bank import leaves, pays
from invest.scenario.doings import doings, done
from invest.scenario.stage import BY, Data, Stage
from invest.vehicles import actions, offerings
from invest.vouchers import codes as vouchers_codes
from pools.money import ore

# Days from an order of vouchers until it is called, paid, and the vouchers are given out.
CALLED, PAID, SOLD = timedelta(2), timedelta(4), timedelta(14)
_USES = "demo:use"


def buy(stage: Stage, told: Data, people: dict[str | int, Giver]) -> None:
    """A project of the story that raises nothing: goods bought together, or vouchers."""
    offering = founding.offer(stage, told["offer"], founding.project(stage, told))
    if "tills" in told:
        _vouchers(stage, told, offering, people)
    else:
        _goods(stage, told, offering, people)
    doings(stage, told.get("actions", []), offering.vehicle)
    for row in told["pays_out"]:
        on = stage.day(row["on"])
        stage.at(on, partial(_pay_out, stage, told["organisation"], row, offering.vehicle, on))


def _goods(stage: Stage, told: Data, offering: Offering, people: dict[str | int, Giver]) -> None:
    """Everybody is called a week after they ordered, and fetches all of it on their day.

    Without a day when it was `over` the purchase is still running, and nobody is late.
    """
    over = stage.day(told["over"]) if "over" in told else None
    for row in told["buyers"]:
        ordered, made = stage.day(row["on"]), [Pledge()]
        stage.at(ordered, partial(_order, offering, people[row["who"]], row["n"], ordered, made))
        if "withdrew" in row:
            on = stage.day(row["withdrew"])
            stage.at(on, partial(_let_go, pledges.withdraw, made, on, "Köpte på annat håll"))
            continue
        called = ordered + timedelta(days=7)
        paid = stage.day(row["paid"]) if "paid" in row else None
        stage.at(called, partial(_call, stage, told["organisation"], made, called, paid))
        if paid is None and over is not None:
            late = partial(_let_go, pledges.mark_unfulfilled, made, over, "Ej betald före order")
            stage.at(over, late)
        elif "fetched" in row:
            on = stage.day(row["fetched"])
            facts = {"number": row["n"]}
            # Goods come in the morning and are fetched later the same day.
            stage.at(on, partial(stage.at, on, partial(_to, made, "fetch", facts, on)))


def _vouchers(stage: Stage, told: Data, offering: Offering, people: dict[str | int, Giver]) -> None:
    """Sold and given batch by batch, taken at the tills, and lapsed the day after the last."""
    vehicle, tills, batches = offering.vehicle, dict[int, Holding](), dict[str, Action]()
    for number, row in enumerate(told["tills"]):
        on = stage.day(row["on"])
        stage.at(on, partial(_join, vehicle, row["name"], on, number, tills))
    for row in told["buyers"]:
        ordered, made = stage.day(row["on"]), [Pledge()]
        called, paid, sold = ordered + CALLED, ordered + PAID, ordered + SOLD
        stage.at(ordered, partial(_order, offering, people[row["who"]], row["n"], ordered, made))
        stage.at(called, partial(_call, stage, told["organisation"], made, called, paid))
        stage.at(sold, partial(_sell, stage, made, row, sold, batches))
    for row in told["given"]:
        on = stage.day(row["on"])
        stage.at(on, partial(_give, stage, vehicle, row, on, batches))
    for number, row in enumerate(told["uses"]):
        on = stage.day(row["on"])
        stage.at(on, partial(_use, row, on, tills, batches, f"{_USES}:{number}"))


# --- Ordered, called and paid ---------------------------------------------------------------------


def _order(offering: Offering, giver: Giver, number: int, on: date, made: list[Pledge]) -> None:
    one = offerings.terms(offering.vehicle, on).one_minor or 0
    made[0] = pledges.submit(
        offering=offering,
        giver=giver,
        amount=Money(number * one // 100, "SEK"),
        key=f"demo:{offering.vehicle.slug}:{giver.email}:{on}",
        key_owner=BY,
        on=on,
        by=BY,
        at=_noon(on),
    )


def _call(stage: Stage, slug: str, made: list[Pledge], on: date, paid: date | None) -> None:
    pledges.confirm(pledge=made[0], on=on, by=BY, reason="Bekräftad per telefon")
    call = pledges.call(pledge=made[0], on=on, due_on=on + timedelta(days=14), by=BY)
    if paid is not None:
        stage.at(paid, lambda: pays(stage, slug, paid, ore(call.amount), call.ocr))


def _let_go(verb: Callable[..., object], made: list[Pledge], on: date, reason: str) -> None:
    verb(pledge=made[0], on=on, by=BY, reason=reason)


def _to(made: list[Pledge], act: str, facts: Data, on: date) -> Action:
    """Something done for the buyer behind an order."""
    vehicle, person = made[0].offering.vehicle, made[0].person
    number = Holding.objects.filter(vehicle=vehicle, person=person)[0].number
    return done(vehicle, act, {"holder": number, **facts}, on)


def _pay_out(stage: Stage, slug: str, row: Data, vehicle: Vehicle, on: date) -> None:
    """All that is owed leaves the bank; the treasurer sees it in the next file."""
    done(vehicle, row["act"], {}, on)
    leaves(stage, slug, on)


def _noon(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time(12)))


# --- Vouchers -------------------------------------------------------------------------------------


def _join(vehicle: Vehicle, name: str, on: date, number: int, tills: dict[int, Holding]) -> None:
    """A producer, who is named wherever vouchers are told of, gets a till."""
    person = person_for(Giver(name, publish_name=True), at=_noon(on))
    held = actions.number_for(person=person, vehicle=vehicle, role="owed", on=on)
    action = done(vehicle, "join", {"producer": held}, on)
    tills[number] = vouchers_codes.till(vouchers_codes.till_token(action))


def _sell(
    stage: Stage, made: list[Pledge], row: Data, on: date, batches: dict[str, Action]
) -> None:
    action = _to(made, "sell", {"number": row["n"]}, on)
    batches[row["batch"]] = action
    _ends(stage, action)


def _give(stage: Stage, vehicle: Vehicle, row: Data, on: date, batches: dict[str, Action]) -> None:
    action = done(vehicle, "give", {"number": row["n"]}, on, row["evidence"])
    batches[row["batch"]] = action
    _ends(stage, action)


def _ends(stage: Stage, action: Action) -> None:
    """The daily run finds those that are over on the morning after their last day."""
    after = action.voucher_codes.all()[0].valid_until + timedelta(days=1)
    stage.at(after, partial(vouchers_codes.lapse, after, BY))


def _use(
    row: Data, on: date, tills: dict[int, Holding], batches: dict[str, Action], key: str
) -> None:
    """So many kronor are taken at a till, voucher by voucher."""
    till, owed = tills[row["till"]], row["kr"]
    codes = VoucherCode.objects.filter(action=batches[row["batch"]], left__gt=0).order_by("number")
    for voucher in codes:
        worth = min(voucher.left, owed)
        if worth:
            vouchers_codes.redeem(
                voucher=voucher,
                till=till,
                worth=worth,
                on=on,
                by=f"till:{till.pk}",
                key=f"{key}:{voucher.number}",
                at=_noon(on),
            )
        owed -= worth
