"""Aktier i ett lokalt bolag: AB, or AB (svb) with its limit on what may be paid out.

Aktiebolagslagen (2005:551): chapter 4 (shares, pre-emption), 5 (the share register), 13 (issues),
20 (redemption), 32 (svb). Shares are numbered without gaps, and the register can be told for any
day, for as long as the company lives and ten years more.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar, Self

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from invest.kinds.actions import (
    UNITS,
    Act,
    Agreement,
    Answer,
    At,
    Column,
    Done,
    Posting,
    Question,
    Row,
    Shape,
    Sheet,
    Standing,
    Text,
)
from invest.kinds.company_shares.dividends import SvbYear, dividend_per_share_minor, svb_room_minor
from invest.kinds.kind import AccountRole, chosen, whole
from invest.kinds.refusals import (
    BadTerms,
    NoSuchShares,
    NotHeld,
    NothingNew,
    OfferFirst,
    OverCeiling,
    TooEarly,
    UndoLaterFirst,
)
from invest.kinds.shares import WholeShares
from invest.kinds.sheets import BY_LAW
from pools.errors import Refused
from pools.money import MOST_MINOR, SplitResult, kronor
from pools.wording import kronor_text, number_text

# Aktier, where an association and an energy company have andelar.
_SHARES = pgettext_lazy("in a company", "Shares")
_PRICE = pgettext_lazy("in a company", "Price per share")


@dataclass(frozen=True)
class CompanyShares(WholeShares):
    """A share costs `price_minor`, of which `quota_minor` is share capital (kvotvärde).

    With `hembud_days` the owners have so long to take over shares before they go to somebody new;
    0 where the articles say nothing of it.
    """

    kind: ClassVar[str] = "company-shares"
    label: ClassVar[Text] = _("Shares in a local company")
    instrument: ClassVar[Text] = pgettext_lazy("in a company", "share")
    explanation: ClassVar[Text] = _(
        "You become part-owner of the company: a vote for each share, and a part of what the "
        "meeting decides to pay out."
    )
    risk: ClassVar[Text] = _(
        "Shares are no savings account: there is no deposit guarantee, they can be hard to sell, "
        "and you can lose all that you put in."
    )
    money_role: ClassVar[str] = "paid"
    units_on_payment: ClassVar[bool] = False
    gates: ClassVar[tuple[str, ...]] = ("public-offer",)
    is_security: ClassVar[bool] = True
    certificate: ClassVar[Text] = _("Extract from the share register")
    certificate_sheet: ClassVar[str] = "aktiebok"
    kept_for_ever: ClassVar[bool] = True
    pools_money: ClassVar[bool] = True

    quota_minor: int
    limit: str
    hembud_days: int = 0
    share_class: str = ""

    @classmethod
    def accounts(cls) -> tuple[AccountRole, ...]:
        """Paid but not registered (BAS 2082), share capital (2081), and the shares themselves."""
        return (
            AccountRole("paid", "equity", "2082", floored=True, label=_("Paid, not registered")),
            AccountRole("capital", "equity", "2081", floored=True, label=_("Share capital")),
            AccountRole("units", "liability", "", UNITS, floored=True, label=_SHARES),
        )

    @classmethod
    def own_accounts(cls) -> tuple[AccountRole, ...]:
        """Where shares come from, and what was paid above the quota value (BAS 2097)."""
        return (
            AccountRole("issued", "asset", "", UNITS),
            AccountRole("premium", "equity", "2097"),
        )

    @classmethod
    def parse(cls, raw: Mapping[str, object]) -> Self:
        """Read stored terms."""
        read = cls(
            price_minor=whole(raw, "price_minor", 1, MOST_MINOR),
            quota_minor=whole(raw, "quota_minor", 1, MOST_MINOR),
            limit=chosen(raw, "limit", ("none", "svb")),
            hembud_days=whole({"hembud_days": 0, **raw}, "hembud_days", 0, 366),
            share_class=chosen({"share_class": "", **raw}, "share_class", ("", "A", "B")),
        )
        if read.quota_minor > read.price_minor:
            raise BadTerms(reason=_("a share cannot cost less than its quota value"))
        return read

    @classmethod
    def questions(cls) -> tuple[Question, ...]:
        """Price, quota value, and what the articles say."""
        return (
            Question("price_minor", _PRICE, Answer.KRONOR),
            Question(
                "quota_minor",
                _("Quota value per share"),
                Answer.KRONOR,
                help=_("Share capital divided by the number of shares."),
            ),
            Question(
                "limit",
                _("Limit on what may be paid out"),
                Answer.CHOICE,
                choices=(("svb", _("AB (svb): the law's ceiling")), ("none", _("AB: none"))),
            ),
            Question(
                "hembud_days",
                _("Days the owners have to take over shares"),
                Answer.WHOLE,
                help=_("Hembud in the articles; 0: none."),
                initial="60",
            ),
            Question(
                "share_class",
                _("Class of shares"),
                Answer.CHOICE,
                choices=(("", _("one class only")), ("A", "A"), ("B", "B")),
                is_optional=True,
            ),
        )

    def describe(self) -> list[tuple[Text, Text]]:
        """Price, quota value, ceiling and pre-emption."""
        return [
            (_PRICE, kronor_text(self.price_minor)),
            (_("Quota value"), kronor_text(self.quota_minor)),
            *([(_("Class"), self.share_class)] if self.share_class else []),
            (
                _("Paid out at most"),
                _("the ceiling of AB (svb)") if self.limit == "svb" else _("no special limit"),
            ),
            *(
                [(_("Pre-emption for owners"), _("%(n)s days") % {"n": self.hembud_days})]
                if self.hembud_days
                else []
            ),
        ]

    @classmethod
    def acts(cls) -> tuple[Act, ...]:
        """Registration, pre-emption, transfer, redemption, certificates."""
        return _ACTS

    @classmethod
    def sheets(cls) -> tuple[Sheet, ...]:
        """The share register by numbers, its history, and the room for dividends."""
        return _SHEETS

    def tell(self, standing: Standing) -> list[tuple[Text, Text]]:
        """Shares, capital, and the room for this year."""
        room = self.ceiling(standing)
        return [
            (_("Shares registered"), number_text(standing.all_held("units"))),
            (_("Share capital"), kronor_text(standing.all_held("capital"))),
            (_("Paid, not registered"), kronor_text(standing.all_held("paid"))),
            *([(_("May be paid out this year"), kronor_text(room))] if room is not None else []),
        ]

    def ceiling(self, standing: Standing) -> int | None:
        """Öre that law lets be paid out this year; None where it sets no special limit."""
        if self.limit != "svb":
            return None
        years = svb_years(standing)
        return svb_room_minor(years, standing.as_of.year) if years else 0

    def share_out(
        self, total_minor: int, weights: Sequence[int], carry: Sequence[Fraction], *, by_days: bool
    ) -> SplitResult:
        """All shares give the same: whole öre each, and the rest stays in the company.

        Aktiebolagslagen (2005:551) 4:1. By days held nobody has the same: then as in other kinds.
        """
        if by_days:
            return super().share_out(total_minor, weights, carry, by_days=by_days)
        each = dividend_per_share_minor(total_minor, sum(weights))
        return SplitResult([each * weight for weight in weights], [Fraction(0)] * len(weights))

    def agreements(self, standing: Standing) -> list[Agreement]:
        """Numbered shares, of each and in all, are the shares on the accounts."""
        numbered: dict[int, int] = defaultdict(int)
        for block in blocks(standing):
            numbered[block.holder] += block.shares
        redeemed, held = numbered.pop(0, 0), standing.held("units")
        issued = sum(numbered.values()) + redeemed
        last = max((block.last for block in blocks(standing)), default=0)
        return [
            *(
                Agreement(_("numbered shares of holder %(n)s") % {"n": who}, numbered[who], units)
                for who, units in held.items()
            ),
            Agreement(_("numbered shares in all"), sum(numbered.values()), standing.own("issued")),
            Agreement(_("the last number"), last, issued),
        ]

    def why_not_undo(self, done: Done, standing: Standing) -> Refused | None:
        """Numbers given later rest on those given before."""
        later = [d for d in standing.of(*_NUMBERED) if d.number > done.number]
        rests = done.act in _NUMBERED and later
        return UndoLaterFirst(number=later[-1].number) if rests else None


Facts = Mapping[str, Any]
_NUMBERED = ("register-issue", "transfer", "redeem")


# --- Who holds which numbers ---


@dataclass(frozen=True, slots=True)
class Block:
    """Shares `first` to `last`, whose they are (0: redeemed), since when, and what is noted."""

    first: int
    last: int
    holder: int
    since: date
    note: str = ""

    @property
    def shares(self) -> int:
        """How many."""
        return self.last - self.first + 1


def blocks(now: Standing) -> list[Block]:
    """The share register by numbers: every number ever given is in exactly one block."""
    held: list[Block] = []
    for deed in sorted(now.of(*_NUMBERED, "note"), key=lambda d: (d.on, d.number)):
        if deed.act == "register-issue":
            given = [(c.number, c.amount) for c in now.changes if _gave(c, deed.number)]
            for holder, shares in sorted(given):
                first = held[-1].last + 1 if held else 1
                held.append(Block(first, first + shares - 1, holder, deed.on))
        else:
            held = _with(held, deed)
    return held


def _gave(change: Any, deed: int) -> bool:
    kept = not change.why.endswith("-reversed")
    return change.deed == deed and change.role == "units" and change.number > 0 and kept


def _with(held: list[Block], deed: Done) -> list[Block]:
    """The blocks after numbers changed hands, were redeemed or got a note."""
    first, last = deed.facts["first"], deed.facts["last"]
    after = []
    for block in held:
        low, high = max(block.first, first), min(block.last, last)
        if low > high:
            after.append(block)
            continue
        if block.first < low:
            after.append(replace(block, last=low - 1))
        changed = {"first": low, "last": high}
        if deed.act == "note":
            after.append(replace(block, **changed, note=deed.facts["text"]))
        else:
            holder = deed.facts["buyer"] if deed.act == "transfer" else 0
            after.append(Block(low, high, holder, deed.on))
        if high < block.last:
            after.append(replace(block, first=high + 1))
    return after


def owns(now: Standing, holder: int, first: int, last: int) -> bool:
    """Whether all those numbers are the holder's."""
    mine = [b for b in blocks(now) if b.holder == holder]
    count = sum(max(0, min(b.last, last) - max(b.first, first) + 1) for b in mine)
    return first <= last and count == last - first + 1


# --- Rules ---


def _register_issue(kind: CompanyShares, facts: Facts, now: Standing) -> list[Posting]:
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


def _offer(kind: CompanyShares, facts: Facts, now: Standing) -> list[Posting]:
    if not owns(now, facts["seller"], facts["first"], facts["last"]):
        raise NotHeld(first=facts["first"], last=facts["last"])
    return []


def _transfer(kind: CompanyShares, facts: Facts, now: Standing) -> list[Posting]:
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


def _note(kind: CompanyShares, facts: Facts, now: Standing) -> list[Posting]:
    """About numbers that there are; those redeemed may be noted too."""
    last = max((block.last for block in blocks(now)), default=0)
    if not 1 <= facts["first"] <= facts["last"] <= last:
        raise NoSuchShares(last=last)
    return []


def _refuse_before_offer(kind: CompanyShares, facts: Facts, now: Standing) -> None:
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


def _redeem(kind: CompanyShares, facts: Facts, now: Standing) -> list[Posting]:
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


# --- The svb ceiling ---


def svb_years(now: Standing) -> dict[int, SvbYear]:
    """Each year's base, rate and payouts, from the first with paid-in capital to this one.

    Base: paid in for shares at the end of the year before; rate: the state loan rate of the year
    before (dated setting `state-loan-rate-pct`).
    """
    if not now.changes:
        return {}
    first = min(change.on for change in now.changes).year
    years = {}
    for year in range(first, now.as_of.year + 1):
        before = date(year - 1, 12, 31)
        paid_in = now.all_held("capital", before) + now.own("premium", before)
        rate = Decimal(str(now.setting("state-loan-rate-pct", before)))
        paid_out = sum(p.amount for p in now.payouts if p.on.year == year)
        paid_out += sum(_above_paid_in(d, now) for d in now.of("redeem") if d.on.year == year)
        margin = Decimal(str(now.setting("svb-margin-pct", before)))
        years[year] = SvbYear(paid_in, rate, paid_out, margin)
    return years


def _above_paid_in(redeemed: Done, now: Standing) -> int:
    kind, facts = now.kind_on(redeemed.on), redeemed.facts
    if not isinstance(kind, CompanyShares):
        return 0
    above: int = (facts["last"] - facts["first"] + 1) * (facts["price"] - kind.price_minor)
    return max(0, above)


# --- What can be read ---


def _share_register(kind: CompanyShares, now: Standing) -> list[Row]:
    class_ = kind.share_class or "–"
    return [
        (b.holder, b.first, b.last, b.shares, class_, b.since, b.note, b.holder, b.holder)
        for b in blocks(now)
        if b.holder
    ]


def _history(kind: CompanyShares, now: Standing) -> list[Row]:
    """Every entry in the register, oldest first."""
    labels = {act.name: act.label for act in _ACTS}
    rows: list[Row] = []
    for deed in now.of(*_NUMBERED):
        if deed.act == "register-issue":
            rows += [
                (c.number, deed.on, labels[deed.act], "", c.amount, None, deed.evidence)
                for c in now.changes
                if _gave(c, deed.number)
            ]
            continue
        facts = deed.facts
        numbers = f"{facts['first']}–{facts['last']}"
        holder = facts["buyer"] if deed.act == "transfer" else facts["holder"]
        to = facts["seller"] if deed.act == "transfer" else None
        shares = facts["last"] - facts["first"] + 1
        rows.append((holder, deed.on, labels[deed.act], numbers, shares, to, deed.evidence))
    return rows


def _svb(kind: CompanyShares, now: Standing) -> list[Row]:
    if kind.limit != "svb":
        return []
    years = svb_years(now)
    return [
        (
            str(year),
            told.paid_in_minor,
            told.state_loan_rate_pct,
            told.own_limit_minor,
            told.paid_out_minor,
            svb_room_minor(years, year),
        )
        for year, told in years.items()
    ]


_SELLER = Question("seller", _("Who sells"), Answer.HOLDER, role="units")
_FIRST = Question("first", _("From share number"), Answer.WHOLE)
_LAST = Question("last", _("To share number"), Answer.WHOLE)
_ACTS = (
    Act(
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
    Act(
        "offer-to-owners",
        _("Shares are offered to the owners"),
        _("Hembud: from this day the owners have the time of the articles to take them over."),
        (
            _SELLER,
            _FIRST,
            _LAST,
            Question("price", _PRICE, Answer.KRONOR, is_optional=True),
        ),
        _offer,
        needs_evidence=True,
    ),
    Act(
        "transfer",
        _("Shares change hands"),
        _("Enters the new owner in the share register. The money goes between the two of them."),
        (
            _SELLER,
            Question("buyer", _("Who buys"), Answer.PERSON, role="units"),
            _FIRST,
            _LAST,
            Question("price", _PRICE, Answer.KRONOR, is_optional=True),
        ),
        _transfer,
        needs_evidence=True,
    ),
    Act(
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
    Act(
        "note",
        _("A note in the share register"),
        _("Share certificate issued, pledge, or a reservation in the articles."),
        (_FIRST, _LAST, Question("text", _("Remark"), Answer.TEXT)),
        _note,
    ),
)
_SHEETS = (
    Sheet(
        "aktiebok",
        _("Share register"),
        _("Aktiebok: anyone has the right to see it"),
        (
            Column("holder", _("Owner"), Shape.HOLDER),
            Column("first", _("From no."), Shape.NUMBER),
            Column("last", _("To no."), Shape.NUMBER),
            Column("shares", _SHARES, Shape.NUMBER, is_summed=True),
            Column("class", _("Class")),
            Column("since", _("Entered"), Shape.DAY),
            Column("note", _("Remark")),
            *BY_LAW,
        ),
        _share_register,
        for_holders=True,
    ),
    Sheet(
        "share-history",
        _("History of the share register"),
        _("Every entry, oldest first"),
        (
            Column("holder", _("Owner"), Shape.HOLDER),
            Column("on", _("Day"), Shape.DAY),
            Column("what", _("What")),
            Column("numbers", _("Numbers")),
            Column("shares", _SHARES, Shape.NUMBER),
            Column("seller", _("From holder"), Shape.HOLDER),
            Column("evidence", _("Rests on")),
        ),
        _history,
    ),
    Sheet(
        "svb-room",
        _("Room for dividends"),
        _("Paid in · (state loan rate + 1 percentage point), and five years' unused room"),
        (
            Column("year", _("Year")),
            Column("paid_in", _("Paid in for shares"), Shape.KRONOR),
            Column("rate", _("State loan rate"), Shape.PERCENT),
            Column("limit", _("The year's own room"), Shape.KRONOR),
            Column("paid_out", _("Paid out"), Shape.KRONOR),
            Column("room", _("Room left"), Shape.KRONOR),
        ),
        _svb,
    ),
)
