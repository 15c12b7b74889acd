"""What may be done with a joint purchase: what each act refuses, and what it moves."""

from collections import defaultdict
from dataclasses import replace
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from invest.kinds.actions import UNITS, ActionType, Answer, At, Facts, Posting, Question, Snapshot
from invest.kinds.refusals import (
    AlreadyRecorded,
    BelowMinimum,
    NotEnough,
    NothingOwed,
    NotPaidFor,
    NotSettled,
    NotYetOrdered,
)
from pools.money import kronor, split
from pools.wording import kronor_text


class PurchaseTerms(Protocol):
    """What is asked of the terms of a purchase."""

    @property
    def price_minor(self) -> int:
        """What a unit costs, in öre."""

    @property
    def least(self) -> int:
        """With fewer units nothing is ordered."""

    @property
    def most(self) -> int:
        """How many units can be ordered."""

    def units_text(self, number: int) -> str:
        """So many, in the unit of the purchase."""


_SUPPLIER = At("supplier")

LOOSE = ("fetch", "pay-more", "rest")


def ready(kind: PurchaseTerms, now: Snapshot) -> dict[int, int]:
    """Holder → whole units signed up for and paid; none once the order is placed.

    What was paid beyond a call buys nothing that nobody asked for.
    """
    if now.of("order", "cancel"):
        return {}
    paid = now.moved("prepaid", "pay-in")
    return {n: minor // kind.price_minor for n, minor in paid.items() if minor >= kind.price_minor}


def arrived(now: Snapshot) -> int:
    """How many units have come."""
    return sum(d.facts["number"] for d in now.of("arrive"))


def weights(now: Snapshot) -> dict[int, int]:
    """Holder → units ordered that come, which share the invoice; 0: the group's own."""
    return now.moved("rest", "order", "missing") | now.moved("units", "order", "missing")


def _refuse_unless_ordered(now: Snapshot) -> None:
    if not now.of("order"):
        raise NotYetOrdered


def _refuse_over(now: Snapshot) -> None:
    for done in now.of("cancel", "close"):
        label = next(act.label for act in ACTS if act.name == done.act)
        raise AlreadyRecorded(what=label)


def _order(kind: PurchaseTerms, facts: Facts, now: Snapshot) -> list[Posting]:
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


def _invoice(kind: PurchaseTerms, facts: Facts, now: Snapshot) -> list[Posting]:
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


def _credit(kind: PurchaseTerms, facts: Facts, now: Snapshot) -> list[Posting]:
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


def _pay_supplier(kind: PurchaseTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    owed = now.own("supplier")
    if not owed:
        raise NothingOwed
    sides = (_SUPPLIER, At("bank")) if owed > 0 else (At("bank"), _SUPPLIER)
    return [Posting(*sides, abs(owed))]


def _pay_more(kind: PurchaseTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    _refuse_over(now)
    return [Posting(At("bank"), At("prepaid", facts["holder"]), facts["amount"])]


def _arrive(kind: PurchaseTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    _refuse_unless_ordered(now)
    _refuse_over(now)
    _refuse_more(kind, facts["number"], sum(weights(now).values()) - arrived(now))
    return []


def _fetch(kind: PurchaseTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    _refuse_over(now)
    here = arrived(now) - now.own("fetched")
    _refuse_more(kind, facts["number"], min(here, now.held_by("units", facts["holder"])))
    return [Posting(At("units", facts["holder"]), At("fetched"), facts["number"], UNITS)]


def _missing(kind: PurchaseTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    _refuse_over(now)
    whose = At("units", facts["holder"]) if facts["holder"] else At("rest")
    to_come = sum(weights(now).values()) - arrived(now)
    _refuse_more(kind, facts["number"], min(to_come, now.held_by(whose.role, whose.number)))
    return [Posting(whose, At("issued"), facts["number"], UNITS)]


def _rest(kind: PurchaseTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    _refuse_over(now)
    here = arrived(now) - now.own("fetched")
    _refuse_more(kind, facts["number"], min(here, now.own("rest")))
    return [
        Posting(At("rest"), At("fetched"), facts["number"], UNITS),
        Posting(At("bank"), At("income:result"), facts["amount"] or 0),
    ]


def _refuse_more(kind: PurchaseTerms, wanted: int, left: int) -> None:
    if wanted > left:
        raise NotEnough(left=kind.units_text(max(0, left)), wanted=kind.units_text(wanted))


def _all_back(now: Snapshot) -> list[Posting]:
    left = {who: minor for who, minor in now.held("prepaid").items() if minor}
    return [Posting(At("prepaid", who), At("bank"), minor) for who, minor in left.items()]


def _refund(kind: PurchaseTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    """Once the goods are invoiced all that is left on the buyers' accounts is theirs."""
    if not now.of("cancel") and not now.of("invoice"):
        raise NotSettled(what=_("the supplier's invoice is not on record"))
    postings = _all_back(now)
    if not postings:
        raise NothingOwed
    return postings


def _cancel(kind: PurchaseTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    _refuse_over(now)
    if now.of("order"):
        raise AlreadyRecorded(what=_("The order is placed"))
    return _all_back(now)


def _close(kind: PurchaseTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    _refuse_over(now)
    _refuse_unless_ordered(now)
    left = (
        (_("%(much)s of the buyers' money"), kronor_text, now.all_held("prepaid")),
        (_("%(much)s to or from the supplier"), kronor_text, now.own("supplier")),
        (_("%(much)s to fetch"), kind.units_text, now.all_held("units")),
        (_("%(much)s of the group's own"), kind.units_text, now.own("rest")),
    )
    told = [words % {"much": text_of(much)} for words, text_of, much in left if much]
    if told:
        raise NotSettled(what="; ".join(map(str, told)))
    return []


_BUYER = Question("holder", _("Buyer"), Answer.HOLDER, role="units")

_NUMBER = Question("number", _("Number of units"), Answer.WHOLE)

_AMOUNT = Question("amount", _("Amount, in kronor"), Answer.KRONOR)

ACTS = (
    ActionType(
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
    ActionType(
        "invoice",
        _("The supplier's invoice"),
        _("Shared among the buyers by units, to the öre; lower or higher than reckoned."),
        (_AMOUNT,),
        _invoice,
        needs_evidence=True,
    ),
    ActionType(
        "pay-more",
        _("A buyer has paid more"),
        _("A payment no call asked for: too much, or for a higher invoice. Takes it off the "
          "unmatched money."),
        (Question("holder", _("Buyer"), Answer.HOLDER, role="prepaid"), _AMOUNT),
        _pay_more,
    ),
    ActionType(
        "pay-supplier",
        _("The supplier is paid"),
        _("All that is owed; or the supplier pays back what was credited."),
        (),
        _pay_supplier,
    ),
    ActionType(
        "arrive",
        _("Goods have come"),
        _("Each delivery, also a part of the order."),
        (_NUMBER,),
        _arrive,
    ),
    ActionType(
        "fetch", _("A buyer fetches"), _("All, or some at a time."), (_BUYER, _NUMBER), _fetch
    ),
    ActionType(
        "missing",
        _("Units did not come"),
        _("The buyer gets them no more. The invoice is shared without them, or the supplier's "
          "credit goes to those who miss something."),
        (replace(_BUYER, is_optional=True, help=_("Empty: the group's own.")), _NUMBER),
        _missing,
    ),
    ActionType(
        "credit",
        _("The supplier credits"),
        _("To those whose units did not come since the last invoice or credit; else to all."),
        (_AMOUNT,),
        _credit,
        needs_evidence=True,
    ),
    ActionType(
        "rest",
        _("The group's own units are sold or used"),
        _("What the group itself took; the income is the group's."),
        (
            _NUMBER,
            Question("amount", _("Paid for them, in kronor"), Answer.KRONOR, is_optional=True),
        ),
        _rest,
    ),
    ActionType(
        "refund",
        _("What is left is paid back"),
        _("To every buyer to the öre: leftovers, units that did not come, payments too late."),
        (),
        _refund,
    ),
    ActionType(
        "cancel",
        _("Called off: all get their money back"),
        _("Before the order only. Release those who have not paid at the promises' desk."),
        (),
        _cancel,
        needs_evidence=True,
        closes_offers=True,
    ),
    ActionType(
        "close",
        _("The purchase is over"),
        _("When nothing is left to fetch, pay or pay back."),
        (),
        _close,
    ),
)  # fmt: skip
