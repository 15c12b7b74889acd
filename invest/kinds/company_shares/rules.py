"""What may be done with a company's shares: what each act refuses, and what it moves."""

from datetime import timedelta
from typing import Protocol

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from invest.kinds.actions import UNITS, ActionType, Answer, At, Facts, Posting, Question, Snapshot
from invest.kinds.company_shares.numbers import blocks, owns
from invest.kinds.refusals import (
    NoSuchShares,
    NotHeld,
    NothingNew,
    OfferFirst,
    OverCeiling,
    TooEarly,
)
from pools.money import kronor


class ShareTerms(Protocol):
    """What the rules ask of the terms."""

    @property
    def price_minor(self) -> int:
        """What a share costs, in öre."""

    @property
    def quota_minor(self) -> int:
        """What of that is share capital, in öre."""

    @property
    def hembud_days(self) -> int:
        """How long the owners have to take over shares; 0: not at all."""

    def ceiling(self, standing: Snapshot) -> int | None:
        """Öre that law lets be paid out this year; None: no special limit."""


PRICE = pgettext_lazy("in a company", "Price per share")


def _register_issue(kind: ShareTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    """What is paid becomes shares: quota value to share capital, the rest to the premium fund."""
    postings = []
    for holder, paid in now.held("paid", now.as_of).items():
        shares = paid // kind.price_minor
        if shares:
            quota = shares * kind.quota_minor
            premium = shares * kind.price_minor - quota
            postings += [
                Posting(At("paid", holder), At("capital", holder), quota),
                Posting(At("paid", holder), At("premium"), premium),
                Posting(At("issued"), At("units", holder), shares, UNITS),
            ]
    if not postings:
        raise NothingNew
    return postings


def _offer(kind: ShareTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    if not owns(now, facts["seller"], facts["first"], facts["last"]):
        raise NotHeld(first=facts["first"], last=facts["last"])
    return []


def _transfer(kind: ShareTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    """Numbers and their share capital go over; to somebody new only after the owners' time."""
    first, last = facts["first"], facts["last"]
    if facts["seller"] == facts["buyer"] or not owns(now, facts["seller"], first, last):
        raise NotHeld(first=first, last=last)
    is_owner = now.held_by("units", facts["buyer"], now.as_of) > 0
    if kind.hembud_days and not is_owner:
        _refuse_before_offer(kind, facts, now)
    shares = last - first + 1
    capital = shares * kind.quota_minor
    return [
        Posting(At("capital", facts["seller"]), At("capital", facts["buyer"]), capital),
        Posting(At("units", facts["seller"]), At("units", facts["buyer"]), shares, UNITS),
    ]


def _note(kind: ShareTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    """About numbers that there are; those redeemed may be noted too."""
    last = max((block.last for block in blocks(now)), default=0)
    if not 1 <= facts["first"] <= facts["last"] <= last:
        raise NoSuchShares(last=last)
    return []


def _refuse_before_offer(kind: ShareTerms, facts: Facts, now: Snapshot) -> None:
    offers = [
        offer
        for offer in now.of("offer-to-owners")
        if offer.facts["seller"] == facts["seller"]
        and offer.facts["first"] <= facts["first"]
        and facts["last"] <= offer.facts["last"]
        and offer.on <= now.as_of
    ]
    if not offers:
        raise OfferFirst
    free = min(offer.on for offer in offers) + timedelta(days=kind.hembud_days)
    if now.as_of < free:
        raise TooEarly(on=free)


def _redeem(kind: ShareTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    """Shares end; the holder is paid, above the quota value from what the company has kept.

    What is above what was paid in is paid out as a dividend is: within the ceiling of AB (svb).
    """
    first, last, holder = facts["first"], facts["last"], facts["holder"]
    if not owns(now, holder, first, last):
        raise NotHeld(first=first, last=last)
    shares = last - first + 1
    quota, paid = shares * kind.quota_minor, shares * facts["price"]
    room = kind.ceiling(now)
    if room is not None and paid - shares * kind.price_minor > room:
        raise OverCeiling(room=kronor(room))
    postings = [Posting(At("units", holder), At("issued"), shares, UNITS)]
    postings.append(Posting(At("capital", holder), At("bank"), min(quota, paid)))
    if paid > quota:
        postings.append(Posting(At("equity:retained"), At("bank"), paid - quota))
    else:
        postings.append(Posting(At("capital", holder), At("equity:retained"), quota - paid))
    return postings


_SELLER = Question("seller", _("Who sells"), Answer.HOLDER, role="units")

_FIRST = Question("first", _("From share number"), Answer.WHOLE)

_LAST = Question("last", _("To share number"), Answer.WHOLE)

ACTS = (
    ActionType(
        "register-issue",
        _("The issue is registered"),
        _(
            "When the companies registration office has registered it: all that is paid in "
            "becomes numbered shares."
        ),
        (),
        _register_issue,
        needs_evidence=True,
    ),
    ActionType(
        "offer-to-owners",
        _("Shares are offered to the owners"),
        _("Hembud: from this day the owners have the time of the articles to take them over."),
        (
            _SELLER,
            _FIRST,
            _LAST,
            Question("price", PRICE, Answer.KRONOR, is_optional=True),
        ),
        _offer,
        needs_evidence=True,
    ),
    ActionType(
        "transfer",
        _("Shares change hands"),
        _("Enters the new owner in the share register. The money goes between the two of them."),
        (
            _SELLER,
            Question("buyer", _("Who buys"), Answer.PERSON, role="units"),
            _FIRST,
            _LAST,
            Question("price", PRICE, Answer.KRONOR, is_optional=True),
        ),
        _transfer,
        needs_evidence=True,
    ),
    ActionType(
        "redeem",
        _("Shares are redeemed"),
        _("The company takes shares back and pays for them; their numbers are used no more."),
        (
            Question("holder", _("Holder"), Answer.HOLDER, role="units"),
            _FIRST,
            _LAST,
            Question("price", _("Paid per share"), Answer.KRONOR),
        ),
        _redeem,
        needs_second=True,
        needs_evidence=True,
    ),
    ActionType(
        "note",
        _("A note in the share register"),
        _("Share certificate issued, pledge, or a reservation in the articles."),
        (_FIRST, _LAST, Question("text", _("Remark"), Answer.TEXT)),
        _note,
    ),
)
