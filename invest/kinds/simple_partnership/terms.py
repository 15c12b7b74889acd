"""Enkla bolag: partners who agree to do something together without a company of their own.

Lag (1980:1102) om handelsbolag och enkla bolag, chapters 1, 2 and 4. A simple partnership is no
legal person: a partner keeps the money and the books for all. Only those who took part in a
contract are bound by it; the result is shared equally unless something else is agreed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any, ClassVar, Self

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from invest.kinds.actions import (
    Act,
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
from invest.kinds.kind import AccountRole, Kind, text, whole
from invest.kinds.refusals import (
    AlreadyRecorded,
    BadTerms,
    ConsentMissing,
    HoldsNothing,
    NothingHeld,
    NothingOwed,
    TooEarly,
    TooMuch,
)
from invest.kinds.schedules import Due, months_after
from invest.kinds.simple_partnership.settlement import (
    LATE_MARGIN,
    OUTLAY_MARGIN,
    Settlement,
    interest_rate_pct,
    settle,
)
from pools.money import half_up, kronor, split
from pools.wording import kronor_text, number_text


@dataclass(frozen=True)
class SimplePartnership(Kind):
    """What the agreement says: who keeps the assets, and how long notice is."""

    kind: ClassVar[str] = "simple-partnership"
    label: ClassVar[Text] = _("Simple partnership")
    instrument: ClassVar[Text] = _("contribution")
    explanation: ClassVar[Text] = _(
        "You join an agreement to do something together. Everyone decides, everyone may put in "
        "money, things or work, and the result is shared."
    )
    risk: ClassVar[Text] = _(
        "A partnership is no savings account: what you put in can be lost, and you answer with "
        "all that you own for the contracts you take part in."
    )
    money_role: ClassVar[str] = "contribution"
    weight_role: ClassVar[str] = "contribution"

    keeper: str
    agreement: str
    notice_months: int

    @classmethod
    def accounts(cls) -> tuple[AccountRole, ...]:
        """What each has put in, share of results not drawn, and outlays to be repaid."""
        return (
            AccountRole("contribution", "equity", "2010", floored=True, label=_("Contribution")),
            AccountRole("result", "equity", "2019", label=_("Share of results")),
            AccountRole(
                "outlay", "liability", "2893", floored=True, label=_("Outlays to be repaid")
            ),
        )

    @classmethod
    def parse(cls, raw: Mapping[str, object]) -> Self:
        """Read stored terms."""
        read = cls(
            keeper=text(raw, "keeper", 120),
            agreement=text(raw, "agreement"),
            notice_months=whole(raw, "notice_months", 0, 60),
        )
        if not read.keeper or not read.agreement:
            raise BadTerms(reason=_("say who keeps the assets, and which paper the agreement is"))
        return read

    @classmethod
    def questions(cls) -> tuple[Question, ...]:
        """Keeper, paper, notice."""
        return (
            Question(
                "keeper",
                _("Who keeps the assets and the bank account"),
                Answer.TEXT,
                help=_("A simple partnership is no legal person: a partner must."),
            ),
            Question("agreement", _("The agreement: which paper, of what day"), Answer.TEXT),
            Question("notice_months", _("Months of notice"), Answer.WHOLE, initial="6", least=0),
        )

    def units_for(self, amount_minor: int) -> int:
        """A contribution counts no units."""
        return 0

    def schedule(self, principal_minor: int, start: date) -> list[Due]:
        """Nothing is repaid by plan."""
        return []

    def suggestions(self) -> tuple[int, ...]:
        """1 000, 5 000, 10 000 and 20 000 kr."""
        return (100_000, 500_000, 1_000_000, 2_000_000)

    def describe(self) -> list[tuple[Text, Text]]:
        """Keeper, paper, notice."""
        months = ngettext("%(n)d month", "%(n)d months", self.notice_months)
        return [
            (_("Keeps the assets"), self.keeper),
            (_("The agreement"), self.agreement),
            (_("Notice"), months % {"n": self.notice_months}),
        ]

    @classmethod
    def acts(cls) -> tuple[Act, ...]:
        """Partners in and out, decisions, contracts, outlays, results and settlement."""
        return _ACTS

    @classmethod
    def sheets(cls) -> tuple[Sheet, ...]:
        """Partners, decisions, who is bound, outlays, results."""
        return _SHEETS

    def tell(self, standing: Standing) -> list[tuple[Text, Text]]:
        """Partners, what they have put in, and what is still to come."""
        return [
            (_("Partners"), number_text(len(partners(standing)))),
            (_("Put in"), kronor_text(standing.all_held("contribution"))),
            (_("Still to put in"), kronor_text(sum(to_give(standing).values()))),
            (_("Outlays to be repaid"), kronor_text(standing.all_held("outlay"))),
        ]


Facts = Mapping[str, Any]
_REFERENCE = "reference-rate-pct"


# --- Partners ---


def joined(now: Standing) -> dict[int, Done]:
    """Every partner there was → how they joined."""
    return {d.facts["holder"]: d for d in now.of("partner-in")}


def left(now: Standing) -> dict[int, date]:
    """Who has left → the day it was settled."""
    notices = {d.number: d.facts["holder"] for d in now.of("leave")}
    return {notices[d.facts["leaving"]]: d.on for d in now.of("settle-exit")}


def partners(now: Standing, on: date | None = None) -> list[int]:
    """Those who are partners on a day, in the order they joined."""
    day = on or now.as_of
    gone = left(now)
    return [
        who
        for who, deed in joined(now).items()
        if deed.on <= day and not (who in gone and gone[who] <= day)
    ]


def to_give(now: Standing) -> dict[int, int]:
    """Partner → öre agreed and not yet put in."""
    given = now.held("contribution")
    gone = left(now)
    return {
        who: max(0, deed.facts["amount"] - given.get(who, 0)) if who not in gone else 0
        for who, deed in joined(now).items()
    }


def keys(now: Standing, who: Sequence[int], *, loss: bool) -> list[int]:
    """The agreed basis: profit and loss; where only one is agreed it serves for both (2:8)."""
    told = joined(now)
    name, other = ("loss_key", "profit_key") if loss else ("profit_key", "loss_key")
    return [told[w].facts[name] or told[w].facts[other] or 1 for w in who]


# --- Rules ---


def _partner_in(kind: SimplePartnership, facts: Facts, now: Standing) -> list[Posting]:
    if facts["holder"] in partners(now):
        raise AlreadyRecorded(what=_("this partner"))
    # Who has joined since is asked too: nobody becomes a partner behind another's back.
    needed = {*partners(now), *partners(now, date.max)}
    _refuse_without(facts["consents"] or [], sorted(needed))
    return []


def _refuse_without(consents: Sequence[int], needed: Sequence[int]) -> None:
    missing = [who for who in needed if who not in consents]
    if missing:
        raise ConsentMissing(who=", ".join(map(str, missing)))


def _contribute(kind: SimplePartnership, facts: Facts, now: Standing) -> list[Posting]:
    """Things or work at the agreed value; nobody must give more than was agreed (2:11)."""
    if facts["amount"] > (left := to_give(now).get(facts["holder"], 0)):
        raise TooMuch(left=kronor(left))
    into = "assets:property" if facts["what"] == "property" else "expenses:work"
    return [Posting(At(into), At("contribution", facts["holder"]), facts["amount"])]


def _decide(kind: SimplePartnership, facts: Facts, now: Standing) -> list[Posting]:
    """Management needs all partners, unless it cannot wait (4:3)."""
    if facts["sort"] != "urgent":
        _refuse_without(facts["consents"] or [], partners(now))
    return []


def _contract(kind: SimplePartnership, facts: Facts, now: Standing) -> list[Posting]:
    took_part = facts["partners"]
    if not took_part or set(took_part) - set(partners(now)):
        raise BadTerms(reason=_("only partners of the day can be bound"))
    return []


def _outlay(kind: SimplePartnership, facts: Facts, now: Standing) -> list[Posting]:
    if facts["holder"] not in partners(now):
        raise HoldsNothing
    return [Posting(At("expenses:running"), At("outlay", facts["holder"]), facts["amount"])]


def outlay_interest(now: Standing, who: int, until: date) -> int:
    """Öre of simple interest on a partner's outlays since it was last reckoned, ACT/365.

    Reference rate of each day + 2 percentage points (2:4 by 4:2, räntelagen 5 §).
    """
    last = [d.on for d in now.of("outlay-interest")]
    first = min((c.on for c in now.changes if c.role == "outlay"), default=until)
    since = max(last, default=first)
    turns = {since, until} | {c.on for c in now.changes if c.role == "outlay"}
    turns |= {date(y, m, 1) for y in range(since.year, until.year + 1) for m in (1, 7)}
    days = sorted(day for day in turns if since <= day <= until)
    total = Fraction(0)
    for start, end in pairwise(days):
        rate = interest_rate_pct(_reference(now, start), _margin(now, OUTLAY_MARGIN, start))
        total += now.held_by("outlay", who, start) * rate / 100 * (end - start).days / 365
    return half_up(total)


def _reference(now: Standing, on: date) -> Fraction:
    return Fraction(str(now.setting(_REFERENCE, on)))


def _margin(now: Standing, key: str, on: date) -> Fraction:
    return Fraction(str(now.setting(key, on)))


def _outlay_interest(kind: SimplePartnership, facts: Facts, now: Standing) -> list[Posting]:
    owed = {who: outlay_interest(now, who, now.as_of) for who in joined(now)}
    if not any(owed.values()):
        raise NothingOwed
    return [
        Posting(At("expenses:interest"), At("outlay", who), minor) for who, minor in owed.items()
    ]


def _repay_outlay(kind: SimplePartnership, facts: Facts, now: Standing) -> list[Posting]:
    if facts["amount"] > (left := now.held_by("outlay", facts["holder"])):
        raise TooMuch(left=kronor(left))
    return [Posting(At("outlay", facts["holder"]), At("bank"), facts["amount"])]


def _result(kind: SimplePartnership, facts: Facts, now: Standing) -> list[Posting]:
    """The year's result to those who were partners at its end, by the agreed basis."""
    if any(d.facts["year"] == facts["year"] for d in now.of("result")):
        raise AlreadyRecorded(what=_("the result of %(year)s") % facts)
    if now.as_of < (over := date(facts["year"], 12, 31)):
        raise TooEarly(on=over)
    who = partners(now, over)
    if not who:
        raise NothingHeld
    loss = facts["sort"] == "loss"
    parts = split(facts["amount"], keys(now, who, loss=loss))
    kept = At("equity:retained")
    return [
        Posting(At("result", w), kept, part) if loss else Posting(kept, At("result", w), part)
        for w, part in zip(who, parts, strict=True)
    ]


def _draw(kind: SimplePartnership, facts: Facts, now: Standing) -> list[Posting]:
    """What yearly accounts have given may be taken out (2:9)."""
    given = min(now.held_by("result", facts["holder"], on) for on in (now.as_of, date.max))
    if facts["amount"] > given:
        raise TooMuch(left=kronor(max(0, given)))
    return [Posting(At("result", facts["holder"]), At("bank"), facts["amount"])]


def _leave(kind: SimplePartnership, facts: Facts, now: Standing) -> list[Posting]:
    if facts["holder"] not in partners(now):
        raise HoldsNothing
    if any(d.facts["holder"] == facts["holder"] for d in now.of("leave")):
        raise AlreadyRecorded(what=_("the notice of this partner"))
    return []


def _unsettled(now: Standing) -> set[int]:
    settled = {d.facts["leaving"] for d in now.of("settle-exit")}
    return {d.number for d in now.of("leave")} - settled


def reckoned(now: Standing, facts: Facts) -> tuple[list[int], list[int], Settlement]:
    """Partners, what each has in the partnership by the accounts, and the settlement (2:34)."""
    who = partners(now)
    base = [max(0, now.held_by("contribution", w) + now.held_by("result", w)) for w in who]
    net = facts["assets"] - (facts["debts"] or 0) - (facts["provisions"] or 0)
    settlement = settle(
        contributions_minor=base,
        assets_minor=facts["assets"],
        debts_minor=facts["debts"] or 0,
        provisions_minor=facts["provisions"] or 0,
        shares=keys(now, who, loss=net < sum(base)),
    )
    return who, base, settlement


def _paid_out(now: Standing, who: int, base: int, out: int) -> list[Posting]:
    """One partner's accounts closed: what is gained from, or lost to, what all have kept."""
    result, kept = now.held_by("result", who), At("equity:retained")
    own, share = At("contribution", who), At("result", who)
    postings = [Posting(share, own, result)] if result > 0 else [Posting(own, share, -result)]
    gets = max(0, out)
    postings += [
        Posting(kept, own, max(0, gets - base)),
        Posting(own, kept, max(0, base - gets)),
        Posting(own, At("bank"), gets),
        # Below zero the partner owes it: it stands as a negative share of results.
        Posting(share, kept, max(0, -out)),
    ]
    return postings


def _dissolve(kind: SimplePartnership, facts: Facts, now: Standing) -> list[Posting]:
    if now.all_held("outlay"):
        raise BadTerms(reason=_("known debts are paid first: outlays to partners are not"))
    who, base, settlement = reckoned(now, facts)
    return [
        posting
        for w, b, out in zip(who, base, settlement.out_minor, strict=True)
        for posting in _paid_out(now, w, b, out)
    ]


def _settle_exit(kind: SimplePartnership, facts: Facts, now: Standing) -> list[Posting]:
    """The one who leaves gets what the settlement of that day gives; the others go on."""
    notice = now.deed(facts["leaving"])
    if notice.facts["holder"] not in partners(now):
        raise AlreadyRecorded(what=_("the settlement"))
    if now.as_of < (due := months_after(notice.on, kind.notice_months)):
        raise TooEarly(on=due)
    who, base, settlement = reckoned(now, facts)
    i = who.index(notice.facts["holder"])
    return _paid_out(now, who[i], base[i], settlement.out_minor[i])


# --- What can be read ---


def late_interest(now: Standing, who: int) -> int:
    """Öre on what a partner should have put in by the agreed day: reference rate + 8 points."""
    told = joined(now)[who]
    due = told.facts["due_on"]
    missing = to_give(now)[who]
    if due is None or due >= now.as_of or not missing:
        return 0
    rate = interest_rate_pct(_reference(now, due), _margin(now, LATE_MARGIN, due))
    return half_up(missing * rate / 100 * (now.as_of - due).days / 365)


def _partners(kind: SimplePartnership, now: Standing) -> list[Row]:
    gone, owed = left(now), to_give(now)
    return [
        (
            who,
            deed.on,
            gone.get(who),
            deed.facts["amount"],
            now.held_by("contribution", who),
            owed[who],
            late_interest(now, who),
            *(keys(now, [who], loss=loss)[0] for loss in (False, True)),
        )
        for who, deed in joined(now).items()
    ]


def _decisions(kind: SimplePartnership, now: Standing) -> list[Row]:
    sorts = dict(_SORTS)
    rows = [
        (d.on, d.facts["what"], sorts[d.facts["sort"]], d.facts["consents"] or [], d.evidence)
        for d in now.of("decide")
    ]
    rows += [
        (d.on, _("Partner no. %(n)s") % {"n": d.facts["holder"]}, _("new partner"),
         d.facts["consents"] or [], d.evidence)
        for d in now.of("partner-in")
    ]  # fmt: skip
    return sorted(rows, key=lambda row: row[0])


def _contracts(kind: SimplePartnership, now: Standing) -> list[Row]:
    jointly = dict(_YES_NO)
    return [
        (
            d.on,
            d.facts["what"],
            d.facts["amount"],
            d.facts["partners"],
            jointly[d.facts["jointly"]],
        )
        for d in now.of("contract")
    ]


def _outlays(kind: SimplePartnership, now: Standing) -> list[Row]:
    words = {d.number: d.facts.get("what") for d in now.done}
    labels = {act.name: act.label for act in _ACTS}
    return [
        (c.number, c.on, words.get(c.deed) or labels.get(c.why.removesuffix("-reversed"), c.why),
         c.amount)
        for c in now.changes
        if c.role == "outlay"
    ]  # fmt: skip


def _results(kind: SimplePartnership, now: Standing) -> list[Row]:
    years = {d.number: d.facts["year"] for d in now.of("result")}
    return [
        (c.number, str(years[c.deed]), c.amount)
        for c in now.changes
        if c.deed in years and c.role == "result"
    ]


def _settlements(kind: SimplePartnership, now: Standing) -> list[Row]:
    """What each settlement gave, reckoned again from how things stood before it."""
    rows: list[Row] = []
    for deed in now.of("dissolve", "settle-exit"):
        before = replace(
            now,
            as_of=deed.on,
            done=tuple(d for d in now.done if d.number < deed.number),
            changes=tuple(c for c in now.changes if c.on <= deed.on and c.deed != deed.number),
        )
        who, base, settlement = reckoned(before, deed.facts)
        leaving = before.deed(deed.facts["leaving"]) if deed.act == "settle-exit" else None
        rows += [
            (w, deed.on, had, out - had, out)
            for w, had, out in zip(who, base, settlement.out_minor, strict=True)
            if leaving is None or leaving.facts["holder"] == w
        ]
    return rows


_HOLDER = Question("holder", _("Partner"), Answer.HOLDER, role="contribution")
_AMOUNT = Question("amount", _("Amount, in kronor"), Answer.KRONOR)
_YES_NO = (("yes", _("yes")), ("no", _("no")))
_SORTS = (("management", _("management")), ("urgent", _("cannot wait")))
_CONSENTS = Question(
    "consents",
    _("Who agrees"),
    Answer.HOLDERS,
    role="contribution",
    help=_("All partners must, unless it cannot wait."),
    is_optional=True,
)
_NET = (
    Question("assets", _("Assets, in kronor"), Answer.KRONOR, least=0),
    Question("debts", _("Debts, in kronor"), Answer.KRONOR, is_optional=True, least=0),
    Question("provisions", _("Set aside, in kronor"), Answer.KRONOR, is_optional=True, least=0),
)
_ACTS = (
    Act(
        "partner-in",
        _("A partner joins"),
        _("By everyone's consent, with what the new partner is to put in and by when."),
        (
            Question("holder", _("Who joins"), Answer.PERSON, role="contribution"),
            Question("amount", _("Contribution agreed, in kronor"), Answer.KRONOR),
            Question(
                "what",
                _("Put in as"),
                Answer.CHOICE,
                choices=(
                    ("cash", _("money")),
                    ("property", _("things")),
                    ("work", _("work")),
                ),
            ),
            Question("due_on", _("To be put in by"), Answer.DAY, is_optional=True),
            Question("profit_key", _("Shares of a profit"), Answer.WHOLE, is_optional=True),
            Question(
                "loss_key",
                _("Shares of a loss"),
                Answer.WHOLE,
                help=_("Where only one is agreed it serves for both; where none is, all alike."),
                is_optional=True,
            ),
            _CONSENTS,
        ),
        _partner_in,
        needs_evidence=True,
    ),
    Act(
        "contribute",
        _("Things or work are put in"),
        _("At the value that was agreed. Money comes in through the bank."),
        (
            _HOLDER,
            Question(
                "what",
                _("Put in as"),
                Answer.CHOICE,
                choices=(("property", _("things")), ("work", _("work"))),
            ),
            _AMOUNT,
        ),
        _contribute,
        needs_evidence=True,
    ),
    Act(
        "decide",
        _("A decision"),
        _("What was decided, and who agreed."),
        (
            Question("what", _("What was decided"), Answer.TEXT),
            Question("sort", _("Sort"), Answer.CHOICE, choices=_SORTS),
            _CONSENTS,
        ),
        _decide,
    ),
    Act(
        "contract",
        _("A contract with somebody outside"),
        _("Only the partners who take part in it are bound."),
        (
            Question("what", _("With whom, and of what"), Answer.TEXT),
            _AMOUNT,
            Question("partners", _("Who takes part"), Answer.HOLDERS, role="contribution"),
            Question("jointly", _("Each answers for all of it"), Answer.CHOICE, choices=_YES_NO),
        ),
        _contract,
        needs_evidence=True,
    ),
    Act(
        "outlay",
        _("A partner pays for the partnership"),
        _("It is owed back, with interest by law."),
        (_HOLDER, Question("what", _("For what"), Answer.TEXT), _AMOUNT),
        _outlay,
        needs_evidence=True,
    ),
    Act(
        "outlay-interest",
        _("Interest on outlays"),
        _("Up to the day: the reference rate and two percentage points."),
        (),
        _outlay_interest,
    ),
    Act(
        "repay-outlay",
        _("An outlay is repaid"),
        _("Paid at the bank."),
        (_HOLDER, _AMOUNT),
        _repay_outlay,
    ),
    Act(
        "result",
        _("the result of a year"),
        _("Shared among those who were partners at the end of the year."),
        (
            Question("year", _("Year"), Answer.YEAR),
            Question(
                "sort",
                _("Sort"),
                Answer.CHOICE,
                choices=(("profit", _("profit")), ("loss", _("loss"))),
            ),
            _AMOUNT,
        ),
        _result,
        needs_second=True,
        needs_evidence=True,
    ),
    Act(
        "draw",
        _("A partner draws from the results"),
        _("Not more than the yearly accounts have given."),
        (_HOLDER, _AMOUNT),
        _draw,
    ),
    Act(
        "leave",
        _("A partner gives notice"),
        _("Starts the time after which the partner is settled with."),
        (_HOLDER,),
        _leave,
        needs_evidence=True,
    ),
    Act(
        "settle-exit",
        _("Settle with who leaves"),
        _("By what there is on the day: contributions first, then the result."),
        (Question("leaving", _("Notice"), Answer.DEED, of="leave", among=_unsettled), *_NET),
        _settle_exit,
        needs_second=True,
        needs_evidence=True,
    ),
    Act(
        "dissolve",
        _("The partnership ends"),
        _("When known debts are paid or provided for: contributions first, then the result."),
        _NET,
        _dissolve,
        needs_second=True,
        needs_evidence=True,
    ),
)
_SHEETS = (
    Sheet(
        "partners",
        _("Partners"),
        _("What each agreed to put in, and what is still to come"),
        (
            Column("holder", _("Partner"), Shape.HOLDER),
            Column("since", _("Since"), Shape.DAY),
            Column("until", _("Until"), Shape.DAY),
            Column("agreed", _("Agreed"), Shape.KRONOR, is_summed=True),
            Column("given", _("Put in"), Shape.KRONOR, is_summed=True),
            Column("to_give", _("Still to put in"), Shape.KRONOR, is_summed=True),
            Column("late_interest", _("Late interest so far"), Shape.KRONOR),
            Column("profit_key", _("Shares of a profit"), Shape.NUMBER),
            Column("loss_key", _("Shares of a loss"), Shape.NUMBER),
        ),
        _partners,
        for_holders=True,
    ),
    Sheet(
        "decisions",
        _("Decisions"),
        _("And who agreed, by number"),
        (
            Column("on", _("Day"), Shape.DAY),
            Column("what", _("What")),
            Column("sort", _("Sort")),
            Column("consents", _("Who agreed"), Shape.HOLDERS),
            Column("evidence", _("Rests on")),
        ),
        _decisions,
    ),
    Sheet(
        "contracts",
        _("Contracts"),
        _("Only those who took part are bound"),
        (
            Column("on", _("Day"), Shape.DAY),
            Column("what", _("What")),
            Column("amount", _("Amount"), Shape.KRONOR),
            Column("partners", _("Who is bound"), Shape.HOLDERS),
            Column("jointly", _("Each for all")),
        ),
        _contracts,
    ),
    Sheet(
        "outlays",
        _("Outlays"),
        _("What partners have paid for all, with interest, and what was repaid"),
        (
            Column("holder", _("Partner"), Shape.HOLDER),
            Column("on", _("Day"), Shape.DAY),
            Column("what", _("What")),
            Column("amount", _("Amount"), Shape.KRONOR, is_summed=True),
        ),
        _outlays,
        for_holders=True,
    ),
    Sheet(
        "results",
        _("Results"),
        _("Each year's result, shared"),
        (
            Column("holder", _("Partner"), Shape.HOLDER),
            Column("year", _("Year")),
            Column("amount", _("Share"), Shape.KRONOR, is_summed=True),
        ),
        _results,
        for_holders=True,
    ),
    Sheet(
        "settlement",
        _("Settlement"),
        _("Contributions back first, then profit or loss; below zero the partner owes"),
        (
            Column("holder", _("Partner"), Shape.HOLDER),
            Column("on", _("Day"), Shape.DAY),
            Column("base", _("Had in it"), Shape.KRONOR, is_summed=True),
            Column("result", _("Profit or loss"), Shape.KRONOR, is_summed=True),
            Column("out", _("Gets, or owes"), Shape.KRONOR, is_summed=True),
        ),
        _settlements,
        for_holders=True,
    ),
)
