"""How long what is known of somebody must be kept, and forgetting them after that.

Bookkeeping is kept to the end of the seventh year after the calendar year in which the financial
year ended (bokföringslagen (1999:1078) 7:2). A share register is kept for as long as the company
lives and ten years more (aktiebolagslagen (2005:551) 5:3). What law does not order goes at once
when somebody asks for it (the General Data Protection Regulation, articles 17(1) and 17(3)(b)).
"""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from invest.gatherings.queries import GUESTS_KEPT
from invest.kinds import KINDS
from invest.models import (
    AssetCard,
    Consent,
    EventText,
    Holding,
    Organisation,
    Person,
    Placement,
    Producer,
    SignUp,
)
from invest.places import directory
from pools.models import Transfer

YEARS = 7


def financial_until(booked_on: date, *, year_ends_in: int = 12) -> date:
    """The last day on which a financial record must still be there."""
    ends = booked_on.year + (booked_on.month > year_ends_in)
    return date(ends + YEARS, 12, 31)


def kept_until(person: Person) -> date | None:
    """The last day on which law orders that this person is known; None: nothing orders it.

    `date.max` where a register has no end yet.
    """
    holdings = list(Holding.objects.filter(person=person).select_related("vehicle__organisation"))
    if any(KINDS[held.vehicle.kind].kept_for_ever for held in holdings):
        return date.max
    days = [_last(held.account_id, held.vehicle.organisation) for held in holdings]
    paid = Placement.objects.filter(call__pledge__person=person).values_list(
        "entry__booked_on", "call__pledge__offering__vehicle__organisation__year_ends_in"
    )
    held = Placement.objects.filter(person=person).values_list(
        "entry__booked_on", "entry__ledger__organisation__year_ends_in"
    )
    days += [financial_until(on, year_ends_in=month or 12) for on, month in [*paid, *held]]
    return max((day for day in days if day), default=None)


def _last(account: int, organisation: Organisation) -> date | None:
    newest = [
        Transfer.objects.filter(**{side: account}).aggregate(on=Max("entry__booked_on"))["on"]
        for side in ("debit", "credit")
    ]
    days = [day for day in newest if day]
    return financial_until(max(days), year_ends_in=organisation.year_ends_in) if days else None


@transaction.atomic
def forget(*, person: Person, on: date) -> date | None:
    """Forget somebody who asks for it: at once, or as far as law lets and the rest later.

    Contact, consents and what was written at each step of their promises go now, and nothing is
    shown any more. Where law orders it, the name,
    identity number and address stay for the registers until the day that is returned; None: nothing
    is left. The book has never known who it was, and is not touched.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    until = kept_until(person)
    for listing in Producer.objects.filter(card__person=person):
        directory.end(producer=listing, on=on)
    AssetCard.objects.filter(person=person).update(person=None, contact_agreed_at=None)
    SignUp.objects.filter(person=person).update(person=None, name="", words="")
    EventText.objects.filter(
        Q(pledgeevent__pledge__person=person) | Q(inkindevent__in_kind__person=person)
    ).delete()
    user, person.user = person.user, None
    if until is None or until < on:
        person.delete()
        until = None
    else:
        person.email, person.phone, person.municipality = "", "", ""
        person.restricted_on = on
        person.save()
        Consent.objects.filter(person=person).delete()
    if user is not None and not user.roles.exists():
        user.delete()
    return until


@transaction.atomic
def forget_guests(at: datetime) -> int:
    """Forget who came to gatherings that ended a year ago: how many came stays. Returns how many.

    Somebody of whom nothing else is known is forgotten altogether. Nothing of it is a record that
    law orders (the General Data Protection Regulation, article 5(1)(e)).
    """
    over = SignUp.objects.filter(person__isnull=False, gathering__ends_at__lt=at - GUESTS_KEPT)
    people = set(over.values_list("person", flat=True))
    number = over.update(person=None, name="", words="")
    ties = ("pledges", "holdings", "in_kind", "asset_cards", "invitations", "sign_ups", "held_for")
    untied = Person.objects.filter(pk__in=people, user__isnull=True)
    untied.filter(**{f"{tie}__isnull": True for tie in ties}).delete()
    return number


def due(on: date) -> QuerySet[Person]:
    """Those who asked to be forgotten, and whom no law keeps any longer."""
    asked = Person.objects.filter(restricted_on__isnull=False)
    over = [person.pk for person in asked if (until := kept_until(person)) is None or until < on]
    return Person.objects.filter(pk__in=over)


@transaction.atomic
def purge(on: date) -> int:
    """Forget for good those whose time is over. Returns how many."""
    people = due(on)
    number = people.count()
    people.delete()
    return number
