"""Allotment: sharing out an issue that more was asked of than there is, by its announced rule."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from invest.kinds.company_shares.dividends import RULES, allot
from invest.kinds.refusals import AlreadyRecorded, BadTerms, NothingHeld
from invest.models import Offering, Pledge
from invest.pledges import pledges
from invest.progress import goals
from invest.vehicles import offerings
from pools.money import kronor, ore


@dataclass(frozen=True, slots=True)
class Allotted:
    """What a promise asked for and what it gets, in whole units."""

    pledge: Pledge
    asked: int
    given: int


def preview(offering: Offering, on: date) -> list[Allotted]:
    """What each confirmed promise would get, in the order they were made.

    There is as much as the highest goal buys. Raises BadTerms where no rule was announced, or the
    kind counts no units; NothingHeld where nobody has confirmed.
    """
    if offering.allotment_rule not in RULES:
        raise BadTerms(reason=_("no rule of allotment was announced"))
    confirmed = offering.pledges.all().with_state().filter(state=pledges.State.CONFIRMED)
    listed = list(confirmed.select_related("terms__vehicle").order_by("pk"))
    if not listed:
        raise NothingHeld
    asked = [offerings.read(p.terms).units_for(p.amount_now_minor) for p in listed]
    there = offerings.terms(offering.vehicle, on).units_for(
        ore(goals.revision_on(offering, on).goal_max)
    )
    given = allot(asked, there, rule=offering.allotment_rule)
    return [Allotted(*row) for row in zip(listed, asked, given, strict=True)]


@transaction.atomic
def carry_out(*, offering: Offering, on: date, by: str, reason: str) -> list[Allotted]:
    """Allot: each promise is revised to what it gets, and one that gets nothing is declined.

    Once for an issue; raises AlreadyRecorded after that, and what `preview` raises.
    """
    offering = Offering.objects.select_for_update().get(pk=offering.pk)
    if offering.allotted_on is not None:
        raise AlreadyRecorded(what=_("the allotment"))
    shared = preview(offering, on)
    for row in shared:
        if row.given == 0:
            pledges.release(pledge=row.pledge, on=on, by=by, reason=reason)
        elif row.given < row.asked:
            each = ore(pledges.latest(row.pledge).amount) // row.asked
            amount = kronor(row.given * each)
            pledges.change_amount(pledge=row.pledge, amount=amount, on=on, by=by, reason=reason)
    offering.allotted_on = on
    offering.save(update_fields=["allotted_on"])
    return shared
