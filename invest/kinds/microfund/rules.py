"""What may be done with a microfund: what each act refuses, and what it moves."""

from dataclasses import replace
from datetime import date

from django.utils.translation import gettext_lazy as _

from invest.kinds.actions import ActionType, Answer, At, Done, Facts, Posting, Question, Snapshot
from invest.kinds.microfund.capacity import Exposure
from invest.kinds.microfund.fund import (
    FundTerms,
    bound,
    claim_left,
    exposures,
    free_for,
    guarantee_ended,
    material_minor,
)
from invest.kinds.microfund.lending import LoanStory, parts_posted, receipt_parts, steps_of, stories
from invest.kinds.plans import PLAN_QUESTIONS, loan_of
from invest.kinds.refusals import (
    AlreadyRecorded,
    BadTerms,
    LaterStepFirst,
    NothingOwed,
    NotOnRecord,
    OverCapacity,
    TooMuch,
)
from invest.kinds.schedules import plan
from pools.money import kronor


def _decision(kind: FundTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    """Granted only within what is free and the most for one borrower, or by a named override."""
    if any(d.facts["application"] == facts["application"] for d in now.of("decision")):
        raise AlreadyRecorded(what=_("the decision"))
    if facts["says"] == "declined":
        return []
    if facts["amount"] is None:
        raise BadTerms(reason=_("say how much is granted"))
    only = facts["bound_to"] or ""
    if only and only not in (known := bound(now)):
        raise BadTerms(reason=_("no money was given for just that; there is: %(known)s")
                       % {"known": ", ".join(known) or "–"})  # fmt: skip
    free = min(free_for(now, only), kind.most_per_borrower_minor)
    if facts["amount"] > free and not facts["override"]:
        raise OverCapacity(free=kronor(max(0, free)))
    return []


def _granted(now: Snapshot, facts: Facts, amount_minor: int) -> None:
    decision = now.action(facts["decision"])
    if decision.facts["says"] != "granted":
        raise NotOnRecord
    if amount_minor > decision.facts["amount"]:
        raise TooMuch(left=kronor(decision.facts["amount"]))
    if any(d.facts["decision"] == decision.number for d in now.of("lend", "guarantee")):
        raise AlreadyRecorded(what=_("what was granted"))


def _lend(kind: FundTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    _granted(now, facts, facts["principal"])
    plan(facts["plan"], loan_of(facts, facts["principal"], now.as_of))
    return [Posting(At("lent", facts["borrower"]), At("bank"), facts["principal"])]


def _told(now: Snapshot, facts: Facts) -> LoanStory:
    """A loan as it stands when its next step is put on record, which is never one in between."""
    later = [
        step
        for step in steps_of(now, facts["loan"])
        if (step.on, step.number) > (now.as_of, facts["action"])
    ]
    if later:
        raise LaterStepFirst(number=later[-1].number, on=later[-1].on)
    return stories(now)[facts["loan"]]


def _story(now: Snapshot, facts: Facts) -> LoanStory:
    story = _told(now, facts)
    if not story.left_minor:
        raise NothingOwed
    return story


def _receipt(kind: FundTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    """All comes in as an advance, and what is owed is settled from it, in order.

    What is paid in kind becomes the fund's property at its value. A little too much in the end is
    an advance to be given back; much too much is a slip of the finger. Of a loan written off there
    are still interest and fees to pay; principal that comes is recovered.
    """
    story = _told(now, facts)
    most = _most_receivable(story, facts, now.as_of)
    if most <= 0 or not (story.left_minor or story.written_off_minor):
        raise NothingOwed
    if facts["amount"] > most + material_minor(now, now.as_of):
        raise TooMuch(left=kronor(most))
    parts = receipt_parts(story, Done(0, "receipt", now.as_of, facts))
    into = At("assets:property" if facts["how"] == "kind" else "bank")
    paid_in = Posting(into, At("liabilities:advance"), facts["amount"])
    return [paid_in, *parts_posted(parts, story.action.facts["borrower"])]


def _give_back(kind: FundTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    """What a borrower paid too much, when nothing is left to settle it with."""
    story = _told(now, facts)
    return [Posting(At("liabilities:advance"), At("bank"), story.advance_minor)]


def _overpaid(now: Snapshot) -> set[int]:
    return {n for n, s in stories(now).items() if s.advance_minor and not s.left_minor}


def _most_receivable(story: LoanStory, facts: Facts, on: date) -> int:
    """All that could still be asked for: what is left, what is owed, and the interest to come."""
    coming = [row for row in story.now.rows if row.due_on > on]
    owed = story.owed(on)
    return (
        story.left_minor
        - story.advance_minor
        + owed.interest_minor
        + owed.fee_minor
        + sum(row.interest_minor + row.fee_minor for row in coming)
        + (facts["costs"] or 0)
        + (facts["late"] or 0)
    )


def _restructure(kind: FundTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    story = _story(now, facts)
    plan(facts["plan"], loan_of(facts, story.left_minor, now.as_of))
    return []


def _write_off(kind: FundTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    story = _story(now, facts)
    if facts["amount"] > story.left_minor:
        raise TooMuch(left=kronor(story.left_minor))
    borrower = story.action.facts["borrower"]
    return [Posting(At("expenses:losses"), At("lent", borrower), facts["amount"])]


def _recover(kind: FundTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    story = _told(now, facts)
    if facts["amount"] > (lost := story.written_off_minor - story.recovered_minor):
        raise TooMuch(left=kronor(lost))
    return [Posting(At("bank"), At("expenses:losses"), facts["amount"])]


def _guarantee(kind: FundTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    if facts["cover_pct"] > kind.most_cover_pct:
        raise BadTerms(reason=_("the cover is higher than the fund's terms allow"))
    if facts["until"] <= now.as_of:
        raise BadTerms(reason=_("it ends before it begins"))
    _granted(now, facts, Exposure(facts["bank_loan"], facts["cover_pct"]).amount_minor)
    return []


def _binding(now: Snapshot, facts: Facts) -> Done:
    action = now.action(facts["guarantee"])
    if guarantee_ended(now, action) is not None:
        raise NothingOwed
    return action


def _loan_balance(kind: FundTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    if facts["balance"] > (loan := _binding(now, facts).facts["bank_loan"]):
        raise TooMuch(left=kronor(loan))
    return []


def _call(kind: FundTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    """The bank's demand is paid, and the fund has a claim on the debtor (regress)."""
    action = _binding(now, facts)
    if facts["amount"] > (most := exposures(now)[action.number].amount_minor):
        raise TooMuch(left=kronor(most))
    return [Posting(At("claim", action.facts["debtor"]), At("bank"), facts["amount"])]


def _claim(kind: FundTerms, facts: Facts, now: Snapshot, into: At) -> list[Posting]:
    if facts["amount"] > (left := claim_left(now, facts["guarantee"])):
        raise TooMuch(left=kronor(left))
    debtor = now.action(facts["guarantee"]).facts["debtor"]
    return [Posting(into, At("claim", debtor), facts["amount"])]


def _claim_paid(kind: FundTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    return _claim(kind, facts, now, At("bank"))


def _claim_lost(kind: FundTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    return _claim(kind, facts, now, At("expenses:losses"))


def _release(kind: FundTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    _binding(now, facts)
    return []


def _undecided(now: Snapshot) -> set[int]:
    decided = {d.facts["application"] for d in now.of("decision")}
    return {d.number for d in now.of("application")} - decided


def _unused(now: Snapshot) -> set[int]:
    used = {d.facts["decision"] for d in now.of("lend", "guarantee")}
    return {d.number for d in now.of("decision") if d.facts["says"] == "granted"} - used


def _unpaid(now: Snapshot) -> set[int]:
    return {number for number, story in stories(now).items() if story.left_minor}


def _payable(now: Snapshot) -> set[int]:
    return {n for n, s in stories(now).items() if s.left_minor or s.written_off_minor}


def _lost(now: Snapshot) -> set[int]:
    return {n for n, s in stories(now).items() if s.written_off_minor > s.recovered_minor}


def _in_force(now: Snapshot) -> set[int]:
    return set(exposures(now))


def _claimed(now: Snapshot) -> set[int]:
    return {d.number for d in now.of("guarantee") if claim_left(now, d.number)}


_LOAN = Question("loan", _("Loan"), Answer.ACTION, of="lend", among=_unpaid, in_order=True)

_GUARANTEE = Question("guarantee", _("Guarantee"), Answer.ACTION, of="guarantee", among=_in_force)

_CLAIM = replace(_GUARANTEE, among=_claimed)

_DECISION = Question("decision", _("Decision"), Answer.ACTION, of="decision", among=_unused)

_AMOUNT = Question("amount", _("Amount, in kronor"), Answer.KRONOR)

ACTS = (
    ActionType(
        "enquiry",
        _("Somebody asks"),
        _("The first step: an enquiry, in a few words and without names."),
        (Question("what", _("About what"), Answer.TEXT),),
    ),
    ActionType(
        "application",
        _("An application"),
        _("What is applied for, and how much."),
        (
            Question("enquiry", _("Enquiry"), Answer.ACTION, of="enquiry", is_optional=True),
            Question("what", _("About what"), Answer.TEXT),
            _AMOUNT,
        ),
    ),
    ActionType(
        "decision",
        _("A decision on an application"),
        _("Granted within what the fund can carry, or declined."),
        (
            Question(
                "application",
                _("Application"),
                Answer.ACTION,
                of="application",
                among=_undecided,
            ),
            Question(
                "says",
                _("Decision"),
                Answer.CHOICE,
                choices=(("granted", _("granted")), ("declined", _("declined"))),
            ),
            Question("amount", _("Granted, in kronor"), Answer.KRONOR, is_optional=True),
            Question(
                "bound_to",
                _("From money given only for"),
                Answer.TEXT,
                help=_("Empty: from money that may be used for anything."),
                is_optional=True,
                is_reckoned=True,
            ),
            Question(
                "override",
                _("Where it is more than is free: the paper that allows it"),
                Answer.TEXT,
                is_optional=True,
            ),
        ),
        _decision,
        needs_second=True,
        needs_evidence=True,
    ),
    ActionType(
        "lend",
        _("A loan is paid out"),
        _("To the borrower, by a plan."),
        (
            _DECISION,
            Question("borrower", _("Borrower"), Answer.PERSON, role="lent"),
            Question("principal", _("Loan, in kronor"), Answer.KRONOR),
            *PLAN_QUESTIONS,
        ),
        _lend,
        needs_second=True,
        needs_evidence=True,
    ),
    ActionType(
        "receipt",
        _("A borrower pays"),
        _("Costs, late interest, interest, fee and principal are settled in that order."),
        (
            replace(_LOAN, among=_payable),
            _AMOUNT,
            Question(
                "early",
                _("Pay off more than what is due"),
                Answer.CHOICE,
                choices=(("no", _("no: keep it as an advance")), ("yes", _("yes"))),
            ),
            Question(
                "how",
                _("Paid"),
                Answer.CHOICE,
                choices=(("money", _("at the bank")), ("kind", _("in kind, at its value"))),
                is_optional=True,
            ),
            Question("costs", _("Costs claimed"), Answer.KRONOR, is_optional=True),
            Question("late", _("Late interest claimed"), Answer.KRONOR, is_optional=True),
        ),
        _receipt,
    ),
    ActionType(
        "give-back",
        _("What was paid too much is given back"),
        _("When a loan is repaid and something is left of an advance."),
        (replace(_LOAN, among=_overpaid),),
        _give_back,
    ),
    ActionType(
        "restructure",
        _("A loan gets a new plan"),
        _("Because the borrower cannot keep the old one; what was agreed stays on record."),
        (_LOAN, *PLAN_QUESTIONS),
        _restructure,
        needs_second=True,
        needs_evidence=True,
    ),
    ActionType(
        "write-off",
        _("A loan is written off"),
        _("Wholly or in part; it may still be recovered."),
        (_LOAN, _AMOUNT),
        _write_off,
        needs_second=True,
        needs_evidence=True,
    ),
    ActionType(
        "recover",
        _("Something written off comes back"),
        _("Paid after it was counted as lost."),
        (replace(_LOAN, among=_lost), _AMOUNT),
        _recover,
    ),
    ActionType(
        "guarantee",
        _("A guarantee is given"),
        _("For a part of a bank's loan; no money moves unless it is called."),
        (
            _DECISION,
            Question("debtor", _("Debtor"), Answer.PERSON, role="claim"),
            Question("lender", _("Bank or landlord"), Answer.TEXT),
            Question("bank_loan", _("The bank's loan, in kronor"), Answer.KRONOR),
            Question("cover_pct", _("Cover, per cent"), Answer.WHOLE),
            Question("until", _("Last day"), Answer.DAY),
        ),
        _guarantee,
        needs_second=True,
        needs_evidence=True,
    ),
    ActionType(
        "loan-balance",
        _("The bank reports its loan"),
        _("The exposure falls with it."),
        (_GUARANTEE, Question("balance", _("Balance, in kronor"), Answer.KRONOR, least=0)),
        _loan_balance,
        needs_evidence=True,
    ),
    ActionType(
        "call",
        _("A guarantee is called"),
        _("The bank's demand is looked into and paid; the debtor now owes the fund."),
        (_GUARANTEE, _AMOUNT),
        _call,
        needs_second=True,
        needs_evidence=True,
    ),
    ActionType(
        "claim-paid",
        _("A debtor pays on a claim"),
        _("What the fund paid for the debtor comes back."),
        (_CLAIM, _AMOUNT),
        _claim_paid,
    ),
    ActionType(
        "claim-lost",
        _("A claim is lost"),
        _("Counted as a loss of the fund."),
        (_CLAIM, _AMOUNT),
        _claim_lost,
        needs_second=True,
        needs_evidence=True,
    ),
    ActionType(
        "release",
        _("A guarantee is released"),
        _("The bank gives it back; the fund is free of it."),
        (_GUARANTEE,),
        _release,
        needs_evidence=True,
    ),
)
