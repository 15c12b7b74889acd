"""Gemensamt inköp: a group orders together, pays beforehand, and gets back what was not used.

What the buyers pay in is a debt to them (BAS 2420, förskott från kunder) until the supplier's
invoice is shared among them by the units each has ordered, largest remainder, so that no öre is
lost. Nothing of it is raised for a project, and none is lent: it is goods or money back.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar, Self

from django.utils.translation import gettext_lazy as _

from invest.schedules import Due
from invest.vehicles.deeds import (
    UNITS,
    Act,
    Agreement,
    At,
    Column,
    Done,
    Posting,
    Row,
    Shape,
    Sheet,
    Standing,
)
from invest.vehicles.kind import AccountRole, Answer, Kind, Question, Text, text, whole
from pools.errors import (
    AlreadyRecorded,
    BadTerms,
    BelowMinimum,
    NotEnough,
    NothingOwed,
    NotPaidFor,
    NotSettled,
    NotYetOrdered,
    Refused,
    UndoLaterFirst,
    WholeUnits,
)
from pools.money import MOST_MINOR, kronor, split
from pools.wording import kronor_text, number_text

MOST_UNITS = 1_000_000
_SUPPLIER = At("supplier")


@dataclass(frozen=True)
class JointPurchase(Kind):
    """`item` is sold by the `unit` for `price_minor`; at least `least` are ordered, or none."""

    kind: ClassVar[str] = "joint-purchase"
    label: ClassVar[Text] = _("Joint purchase")
    instrument: ClassVar[Text] = _("order")
    explanation: ClassVar[Text] = _(
        "We buy together: you say how much you want, pay before the order is placed, and fetch "
        "your part when it has come."
    )
    risk: ClassVar[Text] = _(
        "You buy goods; you invest nothing. Too few orders and all get their money back. What you "
        "pay beforehand is held for these goods only, never lent out and never given interest, so "
        "it is no deposit and has no deposit guarantee: if the supplier fails after the order, it "
        "can be lost."
    )
    asks: ClassVar[Text] = _("How much do you want to buy?")
    says_yes: ClassVar[Text] = _("Count me in")
    enough: ClassVar[Text] = _("Enough to place the order.")
    money_role: ClassVar[str] = "prepaid"
    weight_role: ClassVar[str] = "units"
    units_role: ClassVar[str] = "units"
    unit: ClassVar[str] = "GOODS"
    units_on_payment: ClassVar[bool] = False
    is_raised: ClassVar[bool] = False
    sets_goals: ClassVar[bool] = True
    for_goods: ClassVar[bool] = True
    certificate: ClassVar[Text] = _("Proof of order")
    certificate_sheet: ClassVar[str] = "orders"

    item: str
    unit_word: str
    price_minor: int
    least: int
    most: int

    @classmethod
    def accounts(cls) -> tuple[AccountRole, ...]:
        """Paid beforehand (BAS 2420), and what is ordered and not yet fetched."""
        return (
            AccountRole(
                "prepaid", "liability", "2420", floored=True, label=_("Paid in advance for goods")
            ),
            AccountRole("units", "liability", "", UNITS, floored=True, label=_("To fetch")),
        )

    @classmethod
    def own_accounts(cls) -> tuple[AccountRole, ...]:
        """The supplier (BAS 2440), and where goods come from and go."""
        return (
            AccountRole("supplier", "liability", "2440"),
            AccountRole("issued", "asset", "", UNITS),
            AccountRole("rest", "liability", "", UNITS, floored=True),
            AccountRole("fetched", "liability", "", UNITS, floored=True),
        )

    @classmethod
    def parse(cls, raw: Mapping[str, object]) -> Self:
        """Read stored terms."""
        read = cls(
            item=text(raw, "item", 80).strip(),
            unit_word=text(raw, "unit_word", 30).strip(),
            price_minor=whole(raw, "price_minor", 1, MOST_MINOR),
            least=whole(raw, "least", 1, MOST_UNITS),
            most=whole(raw, "most", 1, MOST_UNITS),
        )
        for name in ("item", "unit_word"):
            if not getattr(read, name):
                raise BadTerms(field=name, reason=_("say what is bought, and by which unit"))
        if read.most < read.least:
            raise BadTerms(field="most", reason=_("the most is less than the least"))
        return read

    @classmethod
    def questions(cls) -> tuple[Question, ...]:
        """What, by which unit and price, and how many."""
        return (
            Question("item", _("What we buy"), Answer.TEXT),
            Question(
                "unit_word", _("Unit"), Answer.TEXT, help=_("Such as: sack of 25 kg, box, m³.")
            ),
            Question("price_minor", _("Price per unit"), Answer.KRONOR),
            Question(
                "least",
                _("Least number to order"),
                Answer.WHOLE,
                help=_("With fewer nothing is ordered, and all get their money back."),
            ),
            Question("most", _("Most that can be ordered"), Answer.WHOLE),
        )

    def describe(self) -> list[tuple[Text, Text]]:
        """What, price, least and most."""
        return [
            (_("What we buy"), self.item),
            (_("Price"), _("%(price)s per %(unit)s") % {"price": kronor_text(self.price_minor),
                                                        "unit": self.unit_word}),
            (_("Ordered when there are"), self.units_text(self.least)),
            (_("At most"), self.units_text(self.most)),
        ]  # fmt: skip

    @property
    def one_minor(self) -> int:
        """A number of units is asked for."""
        return self.price_minor

    def units_text(self, number: int) -> str:
        """So many, in the unit of the purchase."""
        return f"{number_text(number)} × {self.unit_word}"

    def units_for(self, amount_minor: int) -> int:
        """Whole units only."""
        units, rest = divmod(amount_minor, self.price_minor)
        if rest:
            raise WholeUnits(unit=self.unit_word, price=kronor(self.price_minor))
        return units

    def schedule(self, principal_minor: int, start: date) -> list[Due]:
        """Nothing is repaid by plan."""
        return []

    def suggestions(self) -> tuple[int, ...]:
        """One, two, three or five units."""
        return tuple(number * self.price_minor for number in (1, 2, 3, 5) if number <= self.most)

    def goals_minor(self) -> tuple[int, int]:
        """What the least and the most cost."""
        return self.least * self.price_minor, self.most * self.price_minor

    @classmethod
    def acts(cls) -> tuple[Act, ...]:
        """Order, invoice, goods, money back, and the end."""
        return _ACTS

    @classmethod
    def sheets(cls) -> tuple[Sheet, ...]:
        """Who ordered, who fetches, and how it was settled."""
        return _SHEETS

    def tell(self, standing: Standing) -> list[tuple[Text, Text]]:
        """Units and money in each place, none of them added together."""
        return [
            (_("Paid for, not ordered"), number_text(sum(ready(self, standing).values()))),
            (_("Ordered"), number_text(sum(weights(standing).values()))),
            (_("Came"), number_text(arrived(standing))),
            (_("Fetched"), number_text(standing.own("fetched"))),
            (_("Paid in advance"), kronor_text(standing.all_held("prepaid"))),
            (_("Owed to the supplier"), kronor_text(standing.own("supplier"))),
        ]

    def publish(self, standing: Standing) -> list[tuple[Text, Text]]:
        """How far the goods have come."""
        return [
            (_("Ordered"), number_text(sum(weights(standing).values()))),
            (_("Came"), number_text(arrived(standing))),
        ]

    def agreements(self, standing: Standing) -> list[Agreement]:
        """What was fetched, and what the supplier is owed, by the deeds and by the accounts."""
        out = sum(d.facts["number"] for d in standing.of("fetch", "rest"))
        billed = sum(d.facts["amount"] for d in standing.of("invoice"))
        credited = sum(d.facts["amount"] for d in standing.of("credit"))
        paid = standing.moved("supplier", "pay-supplier").get(0, 0)
        return [
            Agreement(_("units fetched"), out, standing.own("fetched")),
            Agreement(_("owed to supplier"), billed - credited + paid, standing.own("supplier")),
        ]

    def why_not_undo(self, done: Done, standing: Standing) -> Refused | None:
        """Later steps rest on earlier ones; one fetch does not rest on another."""
        among = ("close",) if done.act in _LOOSE else tuple(act.name for act in _ACTS)
        later = [d for d in standing.of(*among) if d.number > done.number and d.act != "pay-more"]
        return UndoLaterFirst(number=later[-1].number) if later else None


Facts = Mapping[str, Any]
_LOOSE = ("fetch", "pay-more", "rest")


# --- How it stands ---


def ready(kind: JointPurchase, now: Standing) -> dict[int, int]:
    """Holder → whole units signed up for and paid; none once the order is placed.

    What was paid beyond a call buys nothing that nobody asked for.
    """
    if now.of("order", "cancel"):
        return {}
    paid = now.moved("prepaid", "pay-in")
    return {n: minor // kind.price_minor for n, minor in paid.items() if minor >= kind.price_minor}


def arrived(now: Standing) -> int:
    """How many units have come."""
    return sum(d.facts["number"] for d in now.of("arrive"))


def weights(now: Standing) -> dict[int, int]:
    """Holder → units ordered that come, which share the invoice; 0: the group's own."""
    return now.moved("rest", "order", "missing") | now.moved("units", "order", "missing")


def _refuse_unless_ordered(now: Standing) -> None:
    if not now.of("order"):
        raise NotYetOrdered


def _refuse_over(now: Standing) -> None:
    for done in now.of("cancel", "close"):
        label = next(act.label for act in _ACTS if act.name == done.act)
        raise AlreadyRecorded(what=label)


# --- Rules ---


def _order(kind: JointPurchase, facts: Facts, now: Standing) -> list[Posting]:
    _refuse_over(now)
    if now.of("order"):
        raise AlreadyRecorded(what=_("The order is placed"))
    units, own = ready(kind, now), facts["own"] or 0
    number = sum(units.values()) + own
    if number < kind.least:
        raise BelowMinimum(
            paid=kind.units_text(number),
            least=kind.units_text(kind.least),
            lacking=kind.units_text(kind.least - number),
        )
    if number > kind.most:
        raise NotEnough(left=kind.units_text(kind.most), wanted=kind.units_text(number))
    return [
        *(Posting(At("issued"), At("units", who), n, UNITS) for who, n in units.items()),
        Posting(At("issued"), At("rest"), own, UNITS),
    ]


def _share(amount: int, units: dict[int, int], *, back: bool = False) -> list[Posting]:
    """An amount to the supplier by units, largest remainder; `back`: from the supplier."""
    if not units:
        raise NothingOwed
    postings = []
    for who, minor in zip(units, split(amount, list(units.values())), strict=True):
        whose = At("prepaid", who) if who else At("expenses:goods")
        sides = (_SUPPLIER, whose) if back else (whose, _SUPPLIER)
        postings.append(Posting(*sides, minor))
    return postings


def _invoice(kind: JointPurchase, facts: Facts, now: Standing) -> list[Posting]:
    _refuse_unless_ordered(now)
    _refuse_over(now)
    shares = _share(facts["amount"], weights(now))
    paid = now.held("prepaid")
    lacking = {
        p.debit.number: p.amount - paid.get(p.debit.number, 0)
        for p in shares
        if p.debit.number and p.amount > paid.get(p.debit.number, 0)
    }
    if lacking:
        who = ", ".join(map(str, lacking))
        raise NotPaidFor(lacking=kronor(sum(lacking.values())), who=who)
    return shares


def _credit(kind: JointPurchase, facts: Facts, now: Standing) -> list[Posting]:
    """To those whose units did not come and got nothing for it yet; else to all."""
    _refuse_over(now)
    billed = sum(d.facts["amount"] for d in now.of("invoice"))
    billed -= sum(d.facts["amount"] for d in now.of("credit"))
    if not billed:
        raise NothingOwed
    if facts["amount"] > billed:
        raise NotEnough(left=kronor_text(billed), wanted=kronor_text(facts["amount"]))
    since = max((d.number for d in now.of("invoice", "credit")), default=0)
    missing: dict[int, int] = defaultdict(int)
    for done in now.of("missing"):
        if done.number > since:
            missing[done.facts["holder"] or 0] += done.facts["number"]
    return _share(facts["amount"], dict(sorted(missing.items())) or weights(now), back=True)


def _pay_supplier(kind: JointPurchase, facts: Facts, now: Standing) -> list[Posting]:
    owed = now.own("supplier")
    if not owed:
        raise NothingOwed
    sides = (_SUPPLIER, At("bank")) if owed > 0 else (At("bank"), _SUPPLIER)
    return [Posting(*sides, abs(owed))]


def _pay_more(kind: JointPurchase, facts: Facts, now: Standing) -> list[Posting]:
    _refuse_over(now)
    return [Posting(At("bank"), At("prepaid", facts["holder"]), facts["amount"])]


def _arrive(kind: JointPurchase, facts: Facts, now: Standing) -> list[Posting]:
    _refuse_unless_ordered(now)
    _refuse_over(now)
    _refuse_more(kind, facts["number"], sum(weights(now).values()) - arrived(now))
    return []


def _fetch(kind: JointPurchase, facts: Facts, now: Standing) -> list[Posting]:
    _refuse_over(now)
    here = arrived(now) - now.own("fetched")
    _refuse_more(kind, facts["number"], min(here, now.held_by("units", facts["holder"])))
    return [Posting(At("units", facts["holder"]), At("fetched"), facts["number"], UNITS)]


def _missing(kind: JointPurchase, facts: Facts, now: Standing) -> list[Posting]:
    _refuse_over(now)
    whose = At("units", facts["holder"]) if facts["holder"] else At("rest")
    to_come = sum(weights(now).values()) - arrived(now)
    _refuse_more(kind, facts["number"], min(to_come, now.held_by(whose.role, whose.number)))
    return [Posting(whose, At("issued"), facts["number"], UNITS)]


def _rest(kind: JointPurchase, facts: Facts, now: Standing) -> list[Posting]:
    _refuse_over(now)
    here = arrived(now) - now.own("fetched")
    _refuse_more(kind, facts["number"], min(here, now.own("rest")))
    return [
        Posting(At("rest"), At("fetched"), facts["number"], UNITS),
        Posting(At("bank"), At("income:result"), facts["amount"] or 0),
    ]


def _refuse_more(kind: JointPurchase, wanted: int, left: int) -> None:
    if wanted > left:
        raise NotEnough(left=kind.units_text(max(0, left)), wanted=kind.units_text(wanted))


def _all_back(now: Standing) -> list[Posting]:
    left = {who: minor for who, minor in now.held("prepaid").items() if minor}
    return [Posting(At("prepaid", who), At("bank"), minor) for who, minor in left.items()]


def _refund(kind: JointPurchase, facts: Facts, now: Standing) -> list[Posting]:
    """Once the goods are invoiced all that is left on the buyers' accounts is theirs."""
    if not now.of("cancel") and not now.of("invoice"):
        raise NotSettled(what=_("the supplier's invoice is not on record"))
    postings = _all_back(now)
    if not postings:
        raise NothingOwed
    return postings


def _cancel(kind: JointPurchase, facts: Facts, now: Standing) -> list[Posting]:
    _refuse_over(now)
    if now.of("order"):
        raise AlreadyRecorded(what=_("The order is placed"))
    return _all_back(now)


def _close(kind: JointPurchase, facts: Facts, now: Standing) -> list[Posting]:
    _refuse_over(now)
    _refuse_unless_ordered(now)
    left = (
        (_("%(much)s of the buyers' money"), kronor_text, now.all_held("prepaid")),
        (_("%(much)s to or from the supplier"), kronor_text, now.own("supplier")),
        (_("%(much)s to fetch"), kind.units_text, now.all_held("units")),
        (_("%(much)s of the group's own"), kind.units_text, now.own("rest")),
    )
    told = [words % {"much": tell(much)} for words, tell, much in left if much]
    if told:
        raise NotSettled(what="; ".join(map(str, told)))
    return []


# --- What can be read ---


def _orders(kind: JointPurchase, now: Standing) -> list[Row]:
    """What each has paid beforehand, the units that makes or made, and what is over."""
    paid = now.moved("prepaid", "pay-in", "pay-more")
    ordered = now.moved("units", "order", "missing")
    is_placed = bool(now.of("order"))
    to_come = ready(kind, now)
    return [
        (who, minor, ordered.get(who, 0) if is_placed else to_come.get(who, 0))
        for who, minor in paid.items()
    ]


def _collection(kind: JointPurchase, now: Standing) -> list[Row]:
    fetched = now.moved("units", "fetch")
    return [
        (who, number, -fetched.get(who, 0), number + fetched.get(who, 0), "☐")
        for who, number in now.moved("units", "order", "missing").items()
    ]


def _settlement(kind: JointPurchase, now: Standing) -> list[Row]:
    paid = now.moved("prepaid", "pay-in", "pay-more")
    cost = now.moved("prepaid", "invoice", "credit")
    back = now.moved("prepaid", "refund", "cancel")
    units = now.moved("units", "order", "missing")
    return [
        (n, units.get(n, 0), paid.get(n, 0), -cost.get(n, 0), -back.get(n, 0), left)
        for n, left in now.held("prepaid").items()
    ]


_HOLDER = Column("holder", _("Buyer"), Shape.HOLDER)
_SHEETS = (
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


_BUYER = Question("holder", _("Buyer"), Answer.HOLDER, role="units")
_NUMBER = Question("number", _("Number of units"), Answer.WHOLE)
_AMOUNT = Question("amount", _("Amount, in kronor"), Answer.KRONOR)
_ACTS = (
    Act(
        "order",
        _("The order is placed"),
        _("Once, for all whole units that are paid for. What is paid later is paid back."),
        (
            Question(
                "own",
                _("Units that the group itself takes"),
                Answer.WHOLE,
                help=_("To fill a pallet or reach the least number, with the group's own money."),
                initial="0",
                least=0,
                is_optional=True,
            ),
        ),
        _order,
        needs_evidence=True,
        closes_offers=True,
    ),
    Act(
        "invoice",
        _("The supplier's invoice"),
        _("Shared among the buyers by units, to the öre; lower or higher than reckoned."),
        (_AMOUNT,),
        _invoice,
        needs_evidence=True,
    ),
    Act(
        "pay-more",
        _("A buyer has paid more"),
        _("A payment no call asked for: too much, or for a higher invoice. Takes it off the "
          "unmatched money."),
        (Question("holder", _("Buyer"), Answer.HOLDER, role="prepaid"), _AMOUNT),
        _pay_more,
    ),
    Act(
        "pay-supplier",
        _("The supplier is paid"),
        _("All that is owed; or the supplier pays back what was credited."),
        (),
        _pay_supplier,
    ),
    Act(
        "arrive",
        _("Goods have come"),
        _("Each delivery, also a part of the order."),
        (_NUMBER,),
        _arrive,
    ),
    Act("fetch", _("A buyer fetches"), _("All, or some at a time."), (_BUYER, _NUMBER), _fetch),
    Act(
        "missing",
        _("Units did not come"),
        _("The buyer gets them no more. The invoice is shared without them, or the supplier's "
          "credit goes to those who miss something."),
        (replace(_BUYER, is_optional=True, help=_("Empty: the group's own.")), _NUMBER),
        _missing,
    ),
    Act(
        "credit",
        _("The supplier credits"),
        _("To those whose units did not come since the last invoice or credit; else to all."),
        (_AMOUNT,),
        _credit,
        needs_evidence=True,
    ),
    Act(
        "rest",
        _("The group's own units are sold or used"),
        _("What the group itself took; the income is the group's."),
        (
            _NUMBER,
            Question("amount", _("Paid for them, in kronor"), Answer.KRONOR, is_optional=True),
        ),
        _rest,
    ),
    Act(
        "refund",
        _("What is left is paid back"),
        _("To every buyer to the öre: leftovers, units that did not come, payments too late."),
        (),
        _refund,
    ),
    Act(
        "cancel",
        _("Called off: all get their money back"),
        _("Before the order only. Release those who have not paid at the promises' desk."),
        (),
        _cancel,
        needs_evidence=True,
        closes_offers=True,
    ),
    Act(
        "close",
        _("The purchase is over"),
        _("When nothing is left to fetch, pay or pay back."),
        (),
        _close,
    ),
)  # fmt: skip
