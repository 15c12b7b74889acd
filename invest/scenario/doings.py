"""What a story's keepers do with a vehicle: told in the fixture as acts, days and facts."""

from datetime import date
from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.text import slugify

from invest.kinds import KINDS
from invest.kinds.actions import Answer, Question
from invest.kinds.refusals import NothingOwed
from invest.kinds.schedules import months_after
from invest.models import Action, Holding, Person, Pledge, User, Vehicle
from invest.people import Giver, person_for
from invest.pledges import pledges
from invest.scenario.bank import leaves
from invest.scenario.stage import BY, Data, Stage
from invest.vehicles import actions


def doings(stage: Stage, told: list[Data], vehicle: Vehicle) -> None:
    """Every row is an act on a day; with `every` months and `times` it is done again and again.

    A fact that is a list has one value for each time. Holders are told by name, earlier actions by
    the row's own `as`, amounts in kronor.
    """
    named: dict[str, Action] = {}
    for row in told:
        for turn in range(row.get("times", 1)):
            on = stage.day(months_after(row["on"], turn * row.get("every", 1)))
            stage.at(on, partial(_do, stage, vehicle, row, turn, on, named))


def _do(
    stage: Stage, vehicle: Vehicle, row: Data, turn: int, on: date, named: dict[str, Action]
) -> None:
    act = KINDS[vehicle.kind].act(row["act"])
    facts = {
        asked.name: _fact(stage, vehicle, asked, row.get("facts", {}).get(asked.name), turn, named)
        for asked in act.questions
    }
    for asked in act.questions:
        if asked.answer is Answer.PERSON and facts[asked.name]:
            facts[asked.name] = _number(vehicle, facts[asked.name], asked.role, on)
    try:
        action = done(vehicle, act.name, facts, on, row.get("evidence", ""))
    except NothingOwed:
        # The story moves with the day it is played on: a year may have come to hold nothing.
        if row.get("may_be_nothing"):
            return
        raise
    leaves(stage, vehicle.organisation.slug, on)
    if "as" in row:
        named[row["as"]] = action


def done(vehicle: Vehicle, act: str, facts: dict[str, Any], on: date, evidence: str = "") -> Action:
    """Done by the treasurer, and approved by the approver where two are needed."""
    key = f"demo:{vehicle.slug}:{vehicle.actions.count()}"
    action = actions.do(
        vehicle=vehicle, act=act, facts=facts, on=on, by=_user("dee"), key=key, evidence=evidence
    )
    needs_second = KINDS[vehicle.kind].act(act).needs_second
    return actions.approve(action=action, by=_user("eva")) if needs_second else action


def _user(name: str) -> str:
    return f"user:{User.objects.get(email=f'{name}@bjorkdalen.example').pk}"


def _fact(
    stage: Stage,
    vehicle: Vehicle,
    asked: Question,
    told: Any,
    turn: int,
    named: dict[str, Action],
) -> Any:
    value = told[turn] if isinstance(told, list) else told
    if value is None:
        return asked.choices[0][0] if asked.choices and not asked.is_optional else None
    match asked.answer:
        case Answer.KRONOR:
            return round(value * 100)
        case Answer.DAY:
            return stage.day(months_after(value, turn) if not isinstance(told, list) else value)
        case Answer.HOLDER if isinstance(value, str):
            return Holding.objects.filter(vehicle=vehicle, person__name=value)[0].number
        case Answer.ACTION:
            return named[value].number
        case Answer.PERCENT | Answer.DECIMAL:
            return str(value)
        case Answer.HOLDERS:
            return [int(number) for number in value.split()]
        case _:
            return value


def _number(vehicle: Vehicle, name: str, role: str, on: date) -> int:
    known = Person.objects.filter(name=name, user__isnull=False).first()
    email = f"{slugify(name)}@bjorkdalen.example"
    giver = Giver(name=name, email=email, municipality="Björkdalen")
    person = known or person_for(giver, at=timezone.now())
    return actions.number_for(person=person, vehicle=vehicle, role=role, on=on)


def saves(stage: Stage, told: Data, pledge: Pledge, kr: int, on: date) -> None:
    """Who promised to save opens an account, and shows what stands on it twice a year."""
    vehicle, person = pledge.offering.vehicle, pledge.person
    if person is None:
        return
    pledges.deliver(pledge=pledge, on=on, by=BY, reason="Sparar på stödsparkonto")
    number = actions.number_for(person=person, vehicle=vehicle, role="points", on=on)
    done(vehicle, "open", {"holder": number, "account": "…412"}, on)
    for turn in range(20):
        day = months_after(on, 6 * turn)
        # Most keep what they promised, or a little more; one in fourteen takes it out in the end.
        if turn == 3 and number % 14 == 3:
            stage.at(day, partial(done, vehicle, "close", {"holder": number}, day))
            break
        facts = {"holder": number, "balance": 100 * (kr + 500 * turn)}
        stage.at(day, partial(done, vehicle, "observe", facts, day, "Kontoutdrag visat för Dee"))
