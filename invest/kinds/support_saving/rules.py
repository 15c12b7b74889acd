"""What may be done with support savings: what each act refuses, and which points it moves."""

from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from invest.kinds.actions import UNITS, ActionType, Answer, At, Facts, Posting, Question, Snapshot
from invest.kinds.refusals import (
    AlreadyRecorded,
    BadTerms,
    NoAccount,
    NotEnough,
    NothingNew,
    NothingOwed,
    TooMuch,
)
from invest.kinds.support_saving.points import CarriedLoan
from invest.kinds.support_saving.saved import (
    PointTerms,
    balances_on,
    booked,
    months_seen,
    owed_each_month,
    points_of_month,
    savers,
)
from pools.money import half_up, kronor
from pools.wording import number_text


def _open(kind: PointTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    if facts["holder"] in savers(now):
        raise AlreadyRecorded(what=_("the account of this saver"))
    return []


def _observe(kind: PointTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    if facts["holder"] not in savers(now):
        raise NoAccount
    return []


def _withdraw(kind: PointTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    if facts["amount"] > (saved := balances_on(now).get(facts["holder"], 0)):
        raise TooMuch(left=kronor(saved))
    return []


def _earn(kind: PointTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    """Points of all whole months so far, less what is booked; each saver rounded once, in all."""
    months = months_seen(now, now.as_of)
    postings = []
    for holder in savers(now):
        exact_points = sum((points_of_month(now, holder, m) for m in months), Fraction(0))
        new = half_up(exact_points) - booked(now, holder)
        if new > 0:
            postings += _given(holder, new)
    if not postings:
        raise NothingNew
    return postings


def _given(holder: int, points: int) -> list[Posting]:
    """Earned by the saver, and in the same breath the project's."""
    return [
        Posting(At("issued"), At("points", holder), points, UNITS),
        Posting(At("points", holder), At("free"), points, UNITS),
    ]


def _donate(kind: PointTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    return _given(facts["holder"], facts["points"])


def _loan(kind: PointTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    if now.of("loan"):
        raise AlreadyRecorded(what=_("the loan"))
    CarriedLoan(facts["principal"], facts["months"])
    return []


def _use(kind: PointTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    """What the loan uses for the months begun so far, less what is booked. Never below zero."""
    begun = sum(minor for first, minor in owed_each_month(now) if first <= now.as_of)
    wanted = half_up(Fraction(begun, 100)) - now.own("used")
    if wanted < 1:
        raise NothingOwed
    free = now.own("free")
    if wanted > free:
        raise NotEnough(left=number_text(free), wanted=number_text(wanted))
    return [Posting(At("free"), At("used"), wanted, UNITS)]


def _undecided(now: Snapshot) -> set[int]:
    decided = {done.facts["application"] for done in now.of("decide")}
    return {asked.number for asked in now.of("apply")} - decided


def _reassign(kind: PointTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    """What a project that came to nothing has not used is given to another by its holders."""
    if facts["points"] > (free := now.own("free")):
        raise NotEnough(left=number_text(free), wanted=number_text(facts["points"]))
    return [Posting(At("free"), At("assigned"), facts["points"], UNITS)]


def _decide(kind: PointTerms, facts: Facts, now: Snapshot) -> list[Posting]:
    """Points of a pool to an applicant who meets the criteria."""
    asked = now.action(facts["application"])
    if any(d.facts["application"] == asked.number for d in now.of("decide")):
        raise AlreadyRecorded(what=_("the decision"))
    if facts["says"] == "no":
        return []
    points = facts["points"] or asked.facts["points"]
    if asked.facts["meets"] != "yes":
        raise BadTerms(reason=_("the applicant does not meet the criteria"))
    if points > (free := now.own("free")):
        raise NotEnough(left=number_text(free), wanted=number_text(points))
    return [Posting(At("free"), At("assigned"), points, UNITS)]


_HOLDER = Question("holder", _("Saver"), Answer.HOLDER, role="points")

YES_NO = (("yes", _("yes")), ("no", _("no")))

ACTS = (
    ActionType(
        "open",
        _("A saver opens an account"),
        _("The saver has told the bank whom the points go to; note how we know."),
        (
            Question("holder", _("Saver"), Answer.PERSON, role="points"),
            Question("account", _("Last digits of the account"), Answer.TEXT, is_optional=True),
        ),
        _open,
    ),
    ActionType(
        "observe",
        _("What stands on an account"),
        _("As the saver or the bank shows it on a day. It is the saver's own money."),
        (_HOLDER, Question("balance", _("Balance, in kronor"), Answer.KRONOR, least=0)),
        _observe,
        needs_evidence=True,
    ),
    ActionType(
        "withdraw",
        _("A saver withdraws"),
        _("Stops the points from then on; points already given stay with the project."),
        (
            _HOLDER,
            Question("amount", _("Withdrawn, in kronor"), Answer.KRONOR),
            Question("told_on", _("Notice given on"), Answer.DAY, is_optional=True),
        ),
        _withdraw,
    ),
    ActionType(
        "close",
        _("A saver ends the account"),
        _("Nothing is saved any more; points already given stay with the project."),
        (_HOLDER,),
        _observe,
    ),
    ActionType(
        "points",
        _("Count the points"),
        _("For every whole month so far that is not counted yet, by the terms of each month."),
        (),
        _earn,
    ),
    ActionType(
        "donate",
        _("Points given by others"),
        _("A member of the bank gives points of their own to the project."),
        (
            Question("holder", _("Who gives"), Answer.PERSON, role="points"),
            Question("points", _("Points"), Answer.WHOLE),
        ),
        _donate,
        needs_evidence=True,
    ),
    ActionType(
        "loan",
        _("The loan is paid out"),
        _("The day the bank paid the loan that the points carry: straight amortisation."),
        (
            Question("principal", _("Loan, in kronor"), Answer.KRONOR),
            Question("months", _("Months to pay it back"), Answer.WHOLE),
        ),
        _loan,
        needs_evidence=True,
    ),
    ActionType(
        "use",
        _("The loan uses points"),
        _("For every month begun so far: one point for each krona owed at its start."),
        (),
        _use,
    ),
    ActionType(
        "apply",
        _("Somebody applies for points"),
        _("For a pool: who asks, for what, and whether the criteria are met."),
        (
            Question("what", _("Who, and for what"), Answer.TEXT),
            Question("points", _("Points asked for"), Answer.WHOLE),
            Question("meets", _("Meets the criteria"), Answer.CHOICE, choices=YES_NO),
        ),
    ),
    ActionType(
        "decide",
        _("Decide on an application"),
        _("The committee says yes or no; granted points leave the pool."),
        (
            Question("application", _("Application"), Answer.ACTION, of="apply", among=_undecided),
            Question("says", _("Granted"), Answer.CHOICE, choices=YES_NO),
            Question("points", _("Points, if fewer than asked"), Answer.WHOLE, is_optional=True),
        ),
        _decide,
        needs_second=True,
        needs_evidence=True,
    ),
    ActionType(
        "reassign",
        _("Points are given to another project"),
        _("Where the project came to nothing: those who gave the points decide who gets the rest."),
        (
            Question("what", _("Whom they are given to"), Answer.TEXT),
            Question("points", _("Points"), Answer.WHOLE),
        ),
        _reassign,
        needs_second=True,
        needs_evidence=True,
    ),
)
