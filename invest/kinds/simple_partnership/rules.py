"""What may be done in a simple partnership: what each act refuses, and what it moves.

Paragraphs are of lag (1980:1102) om handelsbolag och enkla bolag.
"""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from invest.kinds.actions import ActionType, Answer, At, Facts, Posting, Question, Snapshot
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
from invest.kinds.schedules import months_after
from invest.kinds.simple_partnership.partners import (
    joined,
    keys,
    outlay_interest,
    partners,
    to_give,
)
from invest.kinds.simple_partnership.settlement import Settlement, settle
from pools.money import kronor, split


class PartnershipTerms(Protocol):
    """What is asked of the agreement."""

    @property
    def notice_months(self) -> int:
        """How long notice is."""


def _partner_in(kind: PartnershipTerms, facts: Facts, now: Snapshot) -> list[Posting]:
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


def _contribute(kind: PartnershipTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    """Things or work at the agreed value; nobody must give more than was agreed (2:11)."""
    if facts["amount"] > (left := to_give(now).get(facts["holder"], 0)):
        raise TooMuch(left=kronor(left))
    into = "assets:property" if facts["what"] == "property" else "expenses:work"
    return [Posting(At(into), At("contribution", facts["holder"]), facts["amount"])]


def _decide(kind: PartnershipTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    """Management needs all partners, unless it cannot wait (4:3)."""
    if facts["sort"] != "urgent":
        _refuse_without(facts["consents"] or [], partners(now))
    return []


def _contract(kind: PartnershipTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    took_part = facts["partners"]
    if not took_part or set(took_part) - set(partners(now)):
        raise BadTerms(reason=_("only partners of the day can be bound"))
    return []


def _outlay(kind: PartnershipTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    if facts["holder"] not in partners(now):
        raise HoldsNothing
    return [Posting(At("expenses:running"), At("outlay", facts["holder"]), facts["amount"])]


def _outlay_interest(kind: PartnershipTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    owed = {who: outlay_interest(now, who, now.as_of) for who in joined(now)}
    if not any(owed.values()):
        raise NothingOwed
    return [
        Posting(At("expenses:interest"), At("outlay", who), minor) for who, minor in owed.items()
    ]


def _repay_outlay(kind: PartnershipTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    if facts["amount"] > (left := now.held_by("outlay", facts["holder"])):
        raise TooMuch(left=kronor(left))
    return [Posting(At("outlay", facts["holder"]), At("bank"), facts["amount"])]


def _result(kind: PartnershipTerms, facts: Facts, now: Snapshot) -> list[Posting]:
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


def _draw(kind: PartnershipTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    """What yearly accounts have given may be taken out (2:9)."""
    given = min(now.held_by("result", facts["holder"], on) for on in (now.as_of, date.max))
    if facts["amount"] > given:
        raise TooMuch(left=kronor(max(0, given)))
    return [Posting(At("result", facts["holder"]), At("bank"), facts["amount"])]


def _leave(kind: PartnershipTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    if facts["holder"] not in partners(now):
        raise HoldsNothing
    if any(d.facts["holder"] == facts["holder"] for d in now.of("leave")):
        raise AlreadyRecorded(what=_("the notice of this partner"))
    return []


def _unsettled(now: Snapshot) -> set[int]:
    settled = {d.facts["leaving"] for d in now.of("settle-exit")}
    return {d.number for d in now.of("leave")} - settled


def reckoned(now: Snapshot, facts: Facts) -> tuple[list[int], list[int], Settlement]:
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


def _paid_out(now: Snapshot, who: int, base: int, out: int) -> list[Posting]:
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


def _dissolve(kind: PartnershipTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    if now.all_held("outlay"):
        raise BadTerms(reason=_("known debts are paid first: outlays to partners are not"))
    who, base, settlement = reckoned(now, facts)
    return [
        posting
        for w, b, out in zip(who, base, settlement.out_minor, strict=True)
        for posting in _paid_out(now, w, b, out)
    ]


def _settle_exit(kind: PartnershipTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    """The one who leaves gets what the settlement of that day gives; the others go on."""
    notice = now.action(facts["leaving"])
    if notice.facts["holder"] not in partners(now):
        raise AlreadyRecorded(what=_("the settlement"))
    if now.as_of < (due := months_after(notice.on, kind.notice_months)):
        raise TooEarly(on=due)
    who, base, settlement = reckoned(now, facts)
    i = who.index(notice.facts["holder"])
    return _paid_out(now, who[i], base[i], settlement.out_minor[i])


_HOLDER = Question("holder", _("Partner"), Answer.HOLDER, role="contribution")

_AMOUNT = Question("amount", _("Amount, in kronor"), Answer.KRONOR)

YES_NO = (("yes", _("yes")), ("no", _("no")))

SORTS = (("management", _("management")), ("urgent", _("cannot wait")))

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

ACTS = (
    ActionType(
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
    ActionType(
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
    ActionType(
        "decide",
        _("A decision"),
        _("What was decided, and who agreed."),
        (
            Question("what", _("What was decided"), Answer.TEXT),
            Question("sort", _("Sort"), Answer.CHOICE, choices=SORTS),
            _CONSENTS,
        ),
        _decide,
    ),
    ActionType(
        "contract",
        _("A contract with somebody outside"),
        _("Only the partners who take part in it are bound."),
        (
            Question("what", _("With whom, and of what"), Answer.TEXT),
            _AMOUNT,
            Question("partners", _("Who takes part"), Answer.HOLDERS, role="contribution"),
            Question("jointly", _("Each answers for all of it"), Answer.CHOICE, choices=YES_NO),
        ),
        _contract,
        needs_evidence=True,
    ),
    ActionType(
        "outlay",
        _("A partner pays for the partnership"),
        _("It is owed back, with interest by law."),
        (_HOLDER, Question("what", _("For what"), Answer.TEXT), _AMOUNT),
        _outlay,
        needs_evidence=True,
    ),
    ActionType(
        "outlay-interest",
        _("Interest on outlays"),
        _("Up to the day: the reference rate and two percentage points."),
        (),
        _outlay_interest,
    ),
    ActionType(
        "repay-outlay",
        _("An outlay is repaid"),
        _("Paid at the bank."),
        (_HOLDER, _AMOUNT),
        _repay_outlay,
    ),
    ActionType(
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
    ActionType(
        "draw",
        _("A partner draws from the results"),
        _("Not more than the yearly accounts have given."),
        (_HOLDER, _AMOUNT),
        _draw,
    ),
    ActionType(
        "leave",
        _("A partner gives notice"),
        _("Starts the time after which the partner is settled with."),
        (_HOLDER,),
        _leave,
        needs_evidence=True,
    ),
    ActionType(
        "settle-exit",
        _("Settle with who leaves"),
        _("By what there is on the day: contributions first, then the result."),
        (Question("leaving", _("Notice"), Answer.ACTION, of="leave", among=_unsettled), *_NET),
        _settle_exit,
        needs_second=True,
        needs_evidence=True,
    ),
    ActionType(
        "dissolve",
        _("The partnership ends"),
        _("When known debts are paid or provided for: contributions first, then the result."),
        _NET,
        _dissolve,
        needs_second=True,
        needs_evidence=True,
    ),
)
