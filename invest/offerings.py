"""Opening books, vehicles and offerings; goals and terms as they stood on a day."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

from django.db import transaction
from django.db.models import DateField, Max, QuerySet, Value
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _
from moneyed import Money

from invest import limits
from invest.models import (
    Deed,
    DeedEvent,
    GoalRevision,
    Holding,
    Offering,
    Organisation,
    Person,
    Project,
    StageEvent,
    Vehicle,
    VehicleTerms,
)
from invest.vehicles import CLOSING, KINDS, Kind
from invest.vehicles.deeds import MONEY, UNITS
from pools import book
from pools.errors import BadTerms
from pools.models import Account, BankAccount, Ledger, Unit
from pools.money import ore

# The accounts an organisation's money ledger may have: code → (kind, BAS number).
CHART = {
    "assets:bank": (Account.Kind.ASSET, "1930"),
    "assets:property": (Account.Kind.ASSET, "1200"),
    "liabilities:unmatched": (Account.Kind.LIABILITY, "2999"),
    "liabilities:payable": (Account.Kind.LIABILITY, "2898"),
    "liabilities:advance": (Account.Kind.LIABILITY, "2420"),
    "liabilities:vouchers": (Account.Kind.LIABILITY, "2421"),
    "equity:retained": (Account.Kind.EQUITY, "2091"),
    "income:interest": (Account.Kind.INCOME, "8310"),
    "income:fees": (Account.Kind.INCOME, "3900"),
    "income:result": (Account.Kind.INCOME, "3000"),
    "income:lapsed": (Account.Kind.INCOME, "3990"),
    "expenses:goods": (Account.Kind.EXPENSE, "4000"),
    "expenses:interest": (Account.Kind.EXPENSE, "8410"),
    "expenses:losses": (Account.Kind.EXPENSE, "8271"),
    "expenses:running": (Account.Kind.EXPENSE, "6990"),
    "expenses:work": (Account.Kind.EXPENSE, "7010"),
    "expenses:refunds": (Account.Kind.EXPENSE, "8840"),
}
# Those that every book has from its first day; the others are opened when first needed.
FIRST_ACCOUNTS = (
    "assets:bank",
    "liabilities:unmatched",
    "liabilities:payable",
    "equity:retained",
    "expenses:interest",
)


@transaction.atomic
def open_books(
    *,
    organisation: Organisation,
    on: date,
    iban: str,
    payee: str,
    bankgiro: str = "",
    swish: str = "",
) -> BankAccount:
    """Open an organisation's money ledger, with a bank account and a place for strays."""
    ledger = book.open_ledger(
        code=f"{organisation.slug}-sek",
        name=organisation.name,
        unit=Unit.objects.get(pk="SEK"),
    )
    accounts = {code: chart_account(ledger, code, on) for code in FIRST_ACCOUNTS}
    organisation.ledger = ledger
    organisation.save(update_fields=["ledger"])
    return BankAccount.objects.create(
        account=accounts["assets:bank"],
        unmatched=accounts["liabilities:unmatched"],
        iban=iban,
        bankgiro=bankgiro,
        swish=swish,
        payee=payee,
    )


@transaction.atomic
def open_vehicle(
    *,
    kind: str,
    slug: str,
    name: str,
    organisation: Organisation,
    terms: Mapping[str, object],
    on: date,
    project: Project | None = None,
) -> Vehicle:
    """Open a vehicle with its first terms, its pool and, where the kind counts units, a ledger.

    Raises BadTerms where the kind refuses the terms.
    """
    parsed = KINDS[kind].parse(terms)
    ledger = _ledger_of(organisation)
    vehicle = Vehicle.objects.create(
        kind=kind,
        slug=slug,
        name=name,
        organisation=organisation,
        project=project,
        pool=book.open_pool(ledger=ledger, code=slug, name=name, on=on),
        units_ledger=_open_units(slug, name, parsed.unit) if parsed.counts_units else None,
        rights_ledger=_open_units(f"{slug}-rights", name, parsed.right) if parsed.right else None,
    )
    for role in parsed.own_accounts():
        book.open_account(
            ledger=book_of(vehicle, role.book),
            pool=vehicle.pool if role.book == MONEY else None,
            code=f"{slug}:{role.role}",
            kind=Account.Kind(role.kind),
            bas=role.bas,
            floor_minor=0 if role.floored else None,
            on=on,
        )
    VehicleTerms.objects.create(vehicle=vehicle, version=1, valid_from=on, terms=parsed.dump())
    return vehicle


# Code → name, kind and scale of what is counted beside money.
UNITS_COUNTED = {
    "SHARE": ("Andelar", Unit.Kind.COUNT, 0),
    "POINT": ("Sparpoäng", Unit.Kind.POINTS, 0),
    "KWH": ("Kilowattimmar", Unit.Kind.ENERGY, 0),
    "GOODS": ("Varor", Unit.Kind.COUNT, 0),
    "VOUCHER": ("Värdebevis à en krona", Unit.Kind.COUNT, 0),
}


def _open_units(slug: str, name: str, code: str) -> Ledger:
    told, kind, scale = UNITS_COUNTED[code]
    unit, _created = Unit.objects.get_or_create(
        pk=code, defaults={"name": told, "kind": kind, "scale": scale}
    )
    return book.open_ledger(code=f"{slug}-units", name=name, unit=unit)


@transaction.atomic
def chart_account(ledger: Ledger, code: str, on: date) -> Account:
    """An organisation's own account by its code in `CHART`, opened when first needed."""
    kind, bas = CHART[code]
    accounts = Account.objects.filter(ledger=ledger, code=code)
    if standing := accounts.first():
        return standing
    Ledger.objects.select_for_update().get(pk=ledger.pk)
    return accounts.first() or book.open_account(
        ledger=ledger, code=code, kind=kind, bas=bas, on=on
    )


def book_of(vehicle: Vehicle, which: str) -> Ledger:
    """The ledger a vehicle keeps of money, units or rights. Raises BadTerms where it has none."""
    ledgers = {MONEY: vehicle.pool.ledger, UNITS: vehicle.units_ledger}
    ledger = ledgers.get(which, vehicle.rights_ledger)
    if ledger is None:
        raise BadTerms(reason=_("%(what)s has no such book") % {"what": vehicle})
    return ledger


@transaction.atomic
def change_terms(
    *,
    vehicle: Vehicle,
    terms: Mapping[str, object],
    on: date,
    reason: str = "",
    today: date | None = None,
) -> VehicleTerms:
    """New terms from a day on, as a new version; the old ones stay on record.

    A change that is not yet in force on `today` (None: none is) may be overtaken by an earlier
    one. Raises BadTerms where the kind refuses them, nothing changes, or the day lies before the
    last change.
    """
    Vehicle.objects.select_for_update().get(pk=vehicle.pk)
    newest = vehicle.terms.latest("version")
    is_to_come = today is not None and newest.valid_from > today and newest.version > 1
    if on < newest.valid_from and not is_to_come:
        later = _("the terms in force are from %(on)s") % {"on": newest.valid_from}
        raise BadTerms(field="on", reason=later)
    parsed = KINDS[vehicle.kind].parse(terms)
    if parsed == terms_on(vehicle, on):
        raise BadTerms(reason=_("nothing in them is changed"))
    return VehicleTerms.objects.create(
        vehicle=vehicle,
        version=newest.version + 1,
        valid_from=on,
        terms=parsed.dump(),
        reason=reason,
    )


def first_day(vehicle: Vehicle) -> date:
    """The day its first terms came into force."""
    return vehicle.terms.earliest("version").valid_from


def terms_row(vehicle: Vehicle, on: date) -> VehicleTerms:
    """The version of the terms in force on a day."""
    return vehicle.terms.filter(valid_from__lte=on).latest("version")


def terms(vehicle: Vehicle, on: date) -> Kind:
    """The terms in force on a day, as the kind reads them."""
    return read(terms_row(vehicle, on))


def terms_on(vehicle: Vehicle, on: date) -> Kind:
    """The terms in force on a day; the first ones before that."""
    rows = vehicle.terms.filter(valid_from__lte=on)
    return read(rows.latest("version") if rows else vehicle.terms.earliest("version"))


def read(row: VehicleTerms) -> Kind:
    """A version of a vehicle's terms, as its kind reads them."""
    return _parsed(row.vehicle.kind, json.dumps(row.terms, sort_keys=True))


@lru_cache(maxsize=512)
def _parsed(kind: str, terms: str) -> Kind:
    """Terms never change once they are written, and are read at every step."""
    return KINDS[kind].parse(json.loads(terms))


@transaction.atomic
def open_offering(
    *,
    vehicle: Vehicle,
    opens_on: date,
    closes_on: date,
    minimum: Money,
    goal_min: Money,
    goal_max: Money,
    maximum: Money | None = None,
    cap: Money | None = None,
    role: str = "",
    restricted_to: str = "",
    allotment_rule: str = "",
) -> Offering:
    """Invite savers. No more than `cap` (None: the highest goal) is ever promised.

    The money goes to the holders' accounts of `role` (empty: the kind's own), and may be used only
    for what it is `restricted_to`. With an `allotment_rule` more than there is may be asked for.

    Raises BadTerms where days, limits or goals contradict each other, and GateClosed where a
    private company has not looked into a rule that its kind of offer must pass.
    """
    limits.refuse_unseen(vehicle.organisation, KINDS[vehicle.kind].gates, opens_on)
    if closes_on < opens_on:
        raise BadTerms(field="closes_on", reason=_("it closes before it opens"))
    if maximum is not None and maximum < minimum:
        raise BadTerms(field="maximum", reason=_("the most is less than the least"))
    if minimum > goal_max:
        raise BadTerms(field="minimum", reason=_("one saver must give more than it can use"))
    _refuse_bad_goals(goal_min, goal_max)
    if allotment_rule and cap is None:
        cap = 10 * goal_max  # Room for many times what there is.
    offering = Offering.objects.create(
        vehicle=vehicle,
        opens_on=opens_on,
        closes_on=closes_on,
        minimum=minimum,  # type: ignore[misc] # django-money has no stubs
        maximum=maximum,
        cap_minor=ore(cap or goal_max),
        role=role,
        restricted_to=restricted_to,
        allotment_rule=allotment_rule,
    )
    GoalRevision.objects.create(
        offering=offering,
        number=1,
        on=opens_on,
        goal_min=goal_min,  # type: ignore[misc] # django-money has no stubs
        goal_max=goal_max,
    )
    return offering


def close(vehicle: Vehicle, on: date) -> None:
    """Let a day be the last of every offering in a vehicle; one that was to open never does."""
    last = Greatest("opens_on", Value(on, output_field=DateField()))
    Offering.objects.filter(vehicle=vehicle, closes_on__gt=on).update(closes_on=last)


def closing_deeds() -> QuerySet[Deed]:
    """Deeds after which nobody can join, such as the order of a joint purchase; not undone ones."""
    done = Deed.objects.filter(act__in=CLOSING, events__to_state=DeedEvent.State.DONE)
    return done.exclude(events__to_state=DeedEvent.State.UNDONE)


@transaction.atomic
def revise_goal(
    *,
    offering: Offering,
    goal_min: Money,
    goal_max: Money,
    on: date,
    reason_sv: str = "",
    reason_en: str = "",
) -> GoalRevision:
    """Move the goals from a day on; a higher highest goal raises the cap with it.

    Raises BadTerms where the goals contradict each other, or the day lies before the last move.
    """
    _refuse_bad_goals(goal_min, goal_max)
    Offering.objects.select_for_update().get(pk=offering.pk)
    newest = offering.goals.latest("number")
    if on < newest.on:
        later = _("the goal was moved later, on %(on)s") % {"on": newest.on}
        raise BadTerms(field="on", reason=later)
    revision = GoalRevision.objects.create(
        offering=offering,
        number=newest.number + 1,
        on=on,
        goal_min=goal_min,  # type: ignore[misc] # django-money has no stubs
        goal_max=goal_max,
        reason_sv=reason_sv,
        reason_en=reason_en,
    )
    Offering.objects.filter(pk=offering.pk, cap_minor__lt=ore(goal_max)).update(
        cap_minor=ore(goal_max)
    )
    return revision


def _refuse_bad_goals(goal_min: Money, goal_max: Money) -> None:
    if goal_max < goal_min:
        raise BadTerms(field="goal_max", reason=_("the highest goal is below the least"))


def goal(offering: Offering, as_of: date) -> GoalRevision:
    """The goals in force on a day."""
    return offering.goals.filter(on__lte=as_of).latest("number")


@transaction.atomic
def set_stage(
    *,
    project: Project,
    to: StageEvent.Stage,
    on: date,
    by: str,
    reason: str = "",
    lacking: Sequence[str] = (),
) -> StageEvent:
    """Write that a project has come to a stage. `invest.stages.move` keeps the gates before it."""
    Project.objects.select_for_update().get(pk=project.pk)
    newest = project.stages.order_by("-number").first()
    return StageEvent.objects.create(
        project=project,
        number=newest.number + 1 if newest else 1,
        on=on,
        at=timezone.now(),
        actor=by,
        from_state=newest.to_state if newest else "",
        to_state=to,
        reason=reason,
        lacking=list(lacking),
    )


@transaction.atomic
def holding(*, person: Person | None, vehicle: Vehicle, role: str, on: date) -> Holding:
    """A person's holding of one role in a vehicle, with its account, opened when first needed.

    The account is named by the holder's number: the book never learns who it is.
    """
    if standing := Holding.objects.filter(person=person, vehicle=vehicle, role=role).first():
        return standing
    Vehicle.objects.select_for_update().get(pk=vehicle.pk)
    # Two first payments at once: the second to come in finds what the first has opened.
    if standing := Holding.objects.filter(person=person, vehicle=vehicle, role=role).first():
        return standing
    account_role = next(r for r in KINDS[vehicle.kind].accounts() if r.role == role)
    number = _number_of(person, vehicle)
    account = book.open_account(
        ledger=book_of(vehicle, account_role.book),
        pool=vehicle.pool if account_role.book == MONEY else None,
        code=f"{vehicle.slug}:{role}:{number:05d}",
        kind=Account.Kind(account_role.kind),
        bas=account_role.bas,
        floor_minor=0 if account_role.floored else None,
        on=on,
    )
    return Holding.objects.create(
        person=person, vehicle=vehicle, role=role, number=number, account=account
    )


def _number_of(person: Person | None, vehicle: Vehicle) -> int:
    """The number a person has in a vehicle, the same in every role; the next one for a new one."""
    held = Holding.objects.filter(vehicle=vehicle)
    if person is not None and (own := held.filter(person=person).first()):
        return own.number
    return (held.aggregate(last=Max("number"))["last"] or 0) + 1


def _ledger_of(organisation: Organisation) -> Ledger:
    if organisation.ledger is None:
        raise BadTerms(reason=_("%(what)s has no such book") % {"what": organisation})
    return organisation.ledger
