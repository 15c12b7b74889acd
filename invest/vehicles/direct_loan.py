"""Direktlån: many savers lend to one project on the same terms."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, Self

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from invest.schedules import DAY_COUNTS, MOST_PERIODS, Due, Loan, plan
from invest.vehicles.kind import AccountRole, Answer, Kind, Question, Text, exact, whole
from pools.errors import BadTerms

SCHEDULE_LABELS: dict[str, Text] = {
    "straight": _("equal principal"),
    "annuity": _("equal payments (annuity)"),
    "bullet": _("all at the end"),
    "zero": _("equal principal, no interest"),
    "fee-flat": _("equal principal, a fee instead of interest"),
    "weighted": _("by weights of your own"),
}

_ASKED = ("straight", "annuity", "bullet", "zero", "fee-flat")


@dataclass(frozen=True)
class DirectLoan(Kind):
    """Repaid over `periods` of `months_per_period` by one of the schedule types."""

    kind: ClassVar[str] = "direct-loan"
    label: ClassVar[Text] = _("Direct loan")
    instrument: ClassVar[Text] = _("loan")
    explanation: ClassVar[Text] = _(
        "You lend to the project together with your neighbours, and are repaid by a plan "
        "that everyone can see."
    )
    risk: ClassVar[Text] = _(
        "A loan to a project is no savings account: there is no deposit guarantee, "
        "repayment can be late, and you can lose all that you lent."
    )
    money_role: ClassVar[str] = "loan"
    weight_role: ClassVar[str] = "loan"
    is_repaid: ClassVar[bool] = True

    schedule_type: str
    rate_pct: Decimal
    periods: int
    months_per_period: int
    day_count: str
    fee_pct: Decimal = Decimal(0)
    fee_on: str = "principal"
    grace: int = 0
    weights: tuple[int, ...] = ()

    @classmethod
    def accounts(cls) -> tuple[AccountRole, ...]:
        """What each lender has outstanding (BAS 2390); never below zero."""
        return (AccountRole("loan", "liability", "2390", floored=True, label=_("Outstanding")),)

    @classmethod
    def parse(cls, raw: Mapping[str, object]) -> Self:
        """Read stored terms."""
        schedule_type, day_count = raw.get("schedule_type"), raw.get("day_count", "30E/360")
        if schedule_type not in SCHEDULE_LABELS or day_count not in DAY_COUNTS:
            raise BadTerms(reason="schedule_type")
        rate = exact(raw, "rate_pct", 100)
        weights = raw.get("weights", [])
        if not isinstance(weights, list | tuple) or not all(type(w) is int for w in weights):
            raise BadTerms(reason="weights")
        read = cls(
            schedule_type=str(schedule_type),
            rate_pct=rate,
            periods=whole(raw, "periods", 1, MOST_PERIODS),
            months_per_period=whole(raw, "months_per_period", 1, 12),
            day_count=str(day_count),
            fee_pct=exact({"fee_pct": "0", **raw}, "fee_pct", 100),
            fee_on=str(raw.get("fee_on", "principal")),
            grace=whole({"grace": 0, **raw}, "grace", 0, MOST_PERIODS),
            weights=tuple(weights),
        )
        read.schedule(100, date(2000, 1, 1))  # Terms that contradict are refused here, not later.
        return read

    @classmethod
    def questions(cls) -> tuple[Question, ...]:
        """Plan, rate, length, and what is seldom asked."""
        plans = tuple((code, SCHEDULE_LABELS[code]) for code in _ASKED)
        counts = tuple((code, code) for code in DAY_COUNTS)
        return (
            Question("schedule_type", _("Plan"), Answer.CHOICE, choices=plans, initial="annuity"),
            Question("rate_pct", _("Interest, per cent a year"), Answer.PERCENT, initial="0"),
            Question("periods", _("Number of payments"), Answer.WHOLE),
            Question("months_per_period", _("Months between them"), Answer.WHOLE, initial="1"),
            Question("day_count", _("Day count"), Answer.CHOICE, choices=counts),
            Question(
                "grace",
                _("First payments without principal"),
                Answer.WHOLE,
                initial="0",
            ),
            Question("fee_pct", _("Fee, per cent a year"), Answer.PERCENT, initial="0"),
        )

    def units_for(self, amount_minor: int) -> int:
        """A loan counts no units: any amount will do."""
        return 0

    def schedule(self, principal_minor: int, start: date) -> list[Due]:
        """The plan of the whole loan, from its pay-out day."""
        return plan(
            self.schedule_type,
            Loan(
                principal_minor=principal_minor,
                rate_pct=self.rate_pct,
                periods=self.periods,
                start=start,
                day_count=self.day_count,
                months_per_period=self.months_per_period,
                fee_pct=self.fee_pct,
                fee_on=self.fee_on,
                grace=self.grace,
                weights=self.weights,
            ),
        )

    def suggestions(self) -> tuple[int, ...]:
        """500, 1 000, 5 000 and 10 000 kr."""
        return (50_000, 100_000, 500_000, 1_000_000)

    def describe(self) -> list[tuple[Text, Text]]:
        """Rate, plan and length."""
        months = self.periods * self.months_per_period
        return [
            (_("Interest"), f"{self.rate_pct} %".replace(".", ",")),
            *([(_("Fee"), f"{self.fee_pct} %".replace(".", ","))] if self.fee_pct else []),
            (_("Repayment"), SCHEDULE_LABELS[self.schedule_type]),
            (
                _("Over"),
                ngettext("%(n)d month", "%(n)d months", months) % {"n": months},
            ),
            (_("Day count"), self.day_count),
        ]
