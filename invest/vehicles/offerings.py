"""Opening books, vehicles and offerings; goals and terms as they stood on a day."""

import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from django.db import transaction
from django.db.models import DateField, QuerySet, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _
from moneyed import Money

from invest import legal_review
from invest.kinds import CLOSING, KINDS
from invest.kinds.actions import MONEY
from invest.kinds.kind import Kind
from invest.kinds.refusals import BadTerms
from invest.models import (
    Action,
    ActionEvent,
    EventText,
    GoalRevision,
    Offering,
    Organisation,
    Project,
    Vehicle,
    VehicleTerms,
)
from invest.vehicles.books import _ledger_of, _open_units, book_of
from pools import book
from pools.models import Account
from pools.money import ore


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
        **EventText.objects.beside(reason),
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

    Raises BadTerms where days, limits or goals contradict each other, and NotReviewed where a
    private company has not looked into a rule that its kind of offer must pass.
    """
    legal_review.refuse_unseen(vehicle.organisation, KINDS[vehicle.kind].legal_reviews, opens_on)
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


def closing_actions() -> QuerySet[Action]:
    """Actions after which nobody can join, as the order of a joint purchase; not undone ones."""
    done = Action.objects.filter(act__in=CLOSING, events__to_state=ActionEvent.State.DONE)
    return done.exclude(events__to_state=ActionEvent.State.UNDONE)


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
        **EventText.objects.beside({"sv": reason_sv, "en": reason_en}),
    )
    Offering.objects.filter(pk=offering.pk, cap_minor__lt=ore(goal_max)).update(
        cap_minor=ore(goal_max)
    )
    return revision


def _refuse_bad_goals(goal_min: Money, goal_max: Money) -> None:
    if goal_max < goal_min:
        raise BadTerms(field="goal_max", reason=_("the highest goal is below the least"))
