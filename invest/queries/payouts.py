"""The proof sheet of a payout: how every öre came to be where it went."""

from fractions import Fraction
from math import floor

from django.utils.translation import gettext_lazy as _

from invest.models import Distribution
from invest.queries.vehicles import ToldSheet, tell_sheet
from invest.vehicles.deeds import Column, Shape, Sheet

_SHEET = Sheet(
    name="proof",
    label=_("Proof sheet"),
    caption=_("Exact to the öre; fractions are carried to the next payout"),
    columns=(
        Column("holder", _("Saver"), Shape.HOLDER),
        Column("weight", _("Weight"), Shape.NUMBER, is_summed=True),
        Column("quota", _("Exact part, öre"), Shape.DECIMAL, is_summed=True),
        Column("carried_in", _("Carried in, öre"), Shape.DECIMAL, is_summed=True),
        Column("amount", _("Part"), Shape.KRONOR, is_summed=True),
        Column("raised", _("Odd öre"), Shape.NUMBER, is_summed=True),
        Column("carried_out", _("Carried on, öre"), Shape.DECIMAL, is_summed=True),
        Column("paid", _("Paid out"), Shape.KRONOR, is_summed=True),
    ),
    rule=lambda kind, standing: [],
)


def proof(distribution: Distribution) -> ToldSheet:
    """Weight, exact part, what was carried in, what it came to, what is carried on; sums below.

    Who had the largest remainders got the odd öre. Part = exact part + carried in − carried on, so
    that whoever doubts can add it up.
    """
    lines = list(distribution.lines.select_related("holding").order_by("holding__number"))
    weights = sum(line.weight for line in lines)
    rows = []
    for line in lines:
        quota = Fraction(distribution.total_minor * line.weight, weights)
        carry = Fraction(line.carry)
        carried_in = line.amount_minor + carry - quota
        rows.append(
            (
                line.holding.number,
                line.weight,
                quota,
                carried_in,
                line.amount_minor,
                max(0, line.amount_minor - max(0, floor(quota + carried_in))),
                carry,
                line.paid_minor,
            )
        )
    return tell_sheet(distribution.vehicle, _SHEET, distribution.record_on, rows)
