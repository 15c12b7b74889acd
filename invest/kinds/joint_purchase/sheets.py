"""What can be read off a joint purchase: who ordered, who fetches, and how it was settled."""

from django.utils.translation import gettext_lazy as _

from invest.kinds.actions import Column, Row, Shape, Sheet, Snapshot
from invest.kinds.joint_purchase.rules import PurchaseTerms, ready


def _orders(kind: PurchaseTerms, now: Snapshot) -> list[Row]:
    """What each has paid beforehand, the units that makes or made, and what is over."""
    paid = now.moved("prepaid", "pay-in", "pay-more")
    ordered = now.moved("units", "order", "missing")
    is_placed = bool(now.of("order"))
    to_come = ready(kind, now)
    return [
        (who, minor, ordered.get(who, 0) if is_placed else to_come.get(who, 0))
        for who, minor in paid.items()
    ]


def _collection(kind: PurchaseTerms, now: Snapshot) -> list[Row]:
    fetched = now.moved("units", "fetch")
    return [
        (who, number, -fetched.get(who, 0), number + fetched.get(who, 0), "☐")
        for who, number in now.moved("units", "order", "missing").items()
    ]


def _settlement(kind: PurchaseTerms, now: Snapshot) -> list[Row]:
    paid = now.moved("prepaid", "pay-in", "pay-more")
    cost = now.moved("prepaid", "invoice", "credit")
    back = now.moved("prepaid", "refund", "cancel")
    units = now.moved("units", "order", "missing")
    return [
        (n, units.get(n, 0), paid.get(n, 0), -cost.get(n, 0), -back.get(n, 0), left)
        for n, left in now.held("prepaid").items()
    ]


_HOLDER = Column("holder", _("Buyer"), Shape.HOLDER)

SHEETS = (
    Sheet(
        "orders",
        _("Order list"),
        _("What each has paid, and how many units that is"),
        (
            _HOLDER,
            Column("paid", _("Paid in"), Shape.KRONOR, is_summed=True),
            Column("units", _("Units"), Shape.NUMBER, is_summed=True),
        ),
        _orders,
        for_holders=True,
    ),
    Sheet(
        "collection",
        _("Collection list"),
        _("Who fetches how many; tick when it is fetched"),
        (
            _HOLDER,
            Column("units", _("Units"), Shape.NUMBER, is_summed=True),
            Column("fetched", _("Fetched before"), Shape.NUMBER, is_summed=True),
            Column("left", _("To fetch"), Shape.NUMBER, is_summed=True),
            Column("tick", _("Fetched now")),
        ),
        _collection,
    ),
    Sheet(
        "settlement",
        _("How it was settled"),
        _("Paid in, less the goods, less what was paid back, is what is left"),
        (
            _HOLDER,
            Column("units", _("Units"), Shape.NUMBER, is_summed=True),
            Column("paid", _("Paid in"), Shape.KRONOR, is_summed=True),
            Column("cost", _("Goods"), Shape.KRONOR, is_summed=True),
            Column("back", _("Paid back"), Shape.KRONOR, is_summed=True),
            Column("left", _("Left"), Shape.KRONOR, is_summed=True),
        ),
        _settlement,
        for_holders=True,
    ),
)
