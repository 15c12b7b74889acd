"""How a loan is repaid, in words and questions: what every kind that plans repayments asks."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from invest.kinds.actions import Answer, Question, Text
from invest.kinds.schedules import DAY_COUNTS, NEVER_REPAID, Loan

PLAN_LABELS: dict[str, Text] = {
    "straight": _("equal principal"),
    "annuity": _("equal payments (annuity)"),
    "bullet": _("all at the end"),
    "zero": _("equal principal, no interest"),
    "fee-flat": _("equal principal, a fee instead of interest"),
    "weighted": _("by weights of your own"),
    "revenue-share": _("a share of revenue"),
    "saving-linked": _("equal principal, with after-saving"),
    "in-kind": _("in kind: so many units each time"),
    "dividend": _("a dividend by days held; nothing is repaid"),
}
DAY_COUNT_CHOICES = tuple((code, code) for code in DAY_COUNTS)
FEE_ON = (("principal", _("the whole loan")), ("balance", _("what is left")))


def _seldom(name: str, label: Text, answer: Answer, **more: Any) -> Question:
    return Question(name, label, answer, is_optional=True, is_seldom=True, **more)


# What is seldom asked, and only of the plans that need it.
WEIGHTS = _seldom(
    "weights",
    _("Weights, one for each payment of principal"),
    Answer.NUMBERS,
    help=_("By weights of your own. Such as: 1 1 1 2."),
)
SHARE = _seldom("share", _("Share of revenue, per cent"), Answer.PERCENT)
REVENUE = _seldom(
    "revenue",
    _("Expected revenue, in kronor, one for each payment"),
    Answer.NUMBERS,
    help=_("For a share of revenue. Whole kronor with spaces between."),
)

PLAN_QUESTIONS = (
    Question(
        "plan",
        _("Plan"),
        Answer.CHOICE,
        choices=tuple((c, label) for c, label in PLAN_LABELS.items() if c not in NEVER_REPAID),
    ),
    Question("rate", _("Interest, per cent a year"), Answer.PERCENT, initial="0"),
    Question("periods", _("Number of payments"), Answer.WHOLE),
    Question("months_per_period", _("Months between them"), Answer.WHOLE, initial="1"),
    _seldom(
        "grace",
        _("First payments without principal"),
        Answer.WHOLE,
        help=_("Such as 6: the first six payments are interest only."),
        least=0,
    ),
    _seldom("fee", _("Fee, per cent a year"), Answer.PERCENT),
    _seldom("fee_on", _("Fee on"), Answer.CHOICE, choices=FEE_ON),
    _seldom("day_count", _("Day count"), Answer.CHOICE, choices=DAY_COUNT_CHOICES),
    WEIGHTS,
    SHARE,
    REVENUE,
    _seldom(
        "saving",
        _("After-saving for each payment, in kronor"),
        Answer.KRONOR,
    ),
    _seldom("units", _("Units handed over in all"), Answer.WHOLE),
)


def loan_of(facts: Mapping[str, Any], principal_minor: int, start: date) -> Loan:
    """The loan that answers to `PLAN_QUESTIONS` describe; what was not answered is not there.

    Raises BadTerms where they contradict each other.
    """
    told = {name: value for name, value in facts.items() if value is not None}
    return Loan(
        principal_minor=principal_minor,
        rate_pct=told["rate"],
        periods=told["periods"],
        start=start,
        day_count=told.get("day_count", "30E/360"),
        months_per_period=told.get("months_per_period", 1),
        fee_pct=told.get("fee", Decimal(0)),
        fee_on=told.get("fee_on", "principal"),
        grace=told.get("grace", 0),
        weights=tuple(told.get("weights", ())),
        revenue_minor=tuple(100 * kronor for kronor in told.get("revenue", ())),
        revenue_pct=told.get("share", Decimal(0)),
        saving_minor=told.get("saving", 0),
        units=told.get("units", 0),
    )
