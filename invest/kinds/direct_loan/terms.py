"""The terms of a direct loan, and how it is repaid by a plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Self

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from invest.kinds import vouchers
from invest.kinds.actions import (
    AccountRole,
    ActionType,
    Answer,
    Done,
    Question,
    Sheet,
    Snapshot,
    Text,
)
from invest.kinds.direct_loan.on_notice import ACTS, ON_NOTICE, SHEETS, what_rests_on
from invest.kinds.kind import Kind, chosen, exact, numbers, whole
from invest.kinds.plans import DAY_COUNT_CHOICES, FEE_ON, PLAN_LABELS, REVENUE, SHARE, WEIGHTS
from invest.kinds.schedules import DAY_COUNTS, MOST_PERIODS, Due, Loan, months_after, plan, rest_of
from pools.errors import Refused
from pools.money import half_up
from pools.wording import kronor_text, number_text

# A lender is paid back in kronor, and saves nothing beside: plans in kind and the like are others'.
_PLANNED = ("straight", "annuity", "bullet", "zero", "fee-flat", "weighted", "revenue-share")
_OF_PLANS = {"grace", "fee_pct", "fee_on", "weights", "share", "revenue"}
SCHEDULE_LABELS: dict[str, Text] = {
    **{code: PLAN_LABELS[code] for code in _PLANNED},
    ON_NOTICE: _("when the lender gives notice, with interest once a year"),
}


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
    is_security: ClassVar[bool] = True
    right: ClassVar[str] = vouchers.UNIT

    schedule_type: str
    rate_pct: Decimal
    periods: int
    months_per_period: int
    day_count: str
    fee_pct: Decimal = Decimal(0)
    fee_on: str = "principal"
    grace: int = 0
    weights: tuple[int, ...] = ()
    share: Decimal = Decimal(0)
    revenue: tuple[int, ...] = ()
    notice_months: int = 6
    interest: str = "paid"

    @classmethod
    def accounts(cls) -> tuple[AccountRole, ...]:
        """Outstanding (BAS 2390), interest to be paid (BAS 2960), and vouchers not yet used."""
        return (
            AccountRole("loan", "liability", "2390", floored=True, label=_("Outstanding")),
            AccountRole(
                "interest", "liability", "2960", floored=True, label=_("Interest to be paid")
            ),
            *vouchers.ACCOUNTS,
        )

    @classmethod
    def own_accounts(cls) -> tuple[AccountRole, ...]:
        """Where vouchers come from and go."""
        return vouchers.OWN_ACCOUNTS

    @classmethod
    def parse(cls, raw: Mapping[str, object]) -> Self:
        """Read stored terms."""
        plan_code = chosen(raw, "schedule_type", SCHEDULE_LABELS)
        if plan_code == ON_NOTICE:  # Then nothing of a plan holds, whatever was filled in.
            raw = {name: raw[name] for name in raw if name not in _OF_PLANS}
        read = cls(
            schedule_type=plan_code,
            rate_pct=exact(raw, "rate_pct", 100),
            periods=whole(raw, "periods", 1, MOST_PERIODS),
            months_per_period=whole(raw, "months_per_period", 1, 12),
            day_count=chosen({"day_count": "30E/360", **raw}, "day_count", DAY_COUNTS),
            fee_pct=exact({"fee_pct": "0", **raw}, "fee_pct", 100),
            fee_on=chosen({"fee_on": "principal", **raw}, "fee_on", dict(FEE_ON)),
            grace=whole({"grace": 0, **raw}, "grace", 0, MOST_PERIODS),
            weights=numbers(raw, "weights"),
            share=exact({"share": "0", **raw}, "share", 100),
            revenue=numbers(raw, "revenue"),
            notice_months=whole({"notice_months": 6, **raw}, "notice_months", 0, 120),
            interest=chosen({"interest": "paid", **raw}, "interest", ("paid", "added")),
        )
        read.schedule(100, date(2000, 1, 1))  # Terms that contradict are refused here, not later.
        return read

    @classmethod
    def questions(cls) -> tuple[Question, ...]:
        """Plan, rate, length, and what is seldom asked."""
        plans = tuple(SCHEDULE_LABELS.items())
        return (
            Question("schedule_type", _("Plan"), Answer.CHOICE, choices=plans, initial="annuity"),
            Question("rate_pct", _("Interest, per cent a year"), Answer.PERCENT, initial="0"),
            Question("periods", _("Number of payments"), Answer.WHOLE),
            Question("months_per_period", _("Months between them"), Answer.WHOLE, initial="1"),
            Question(
                "day_count",
                _("Day count"),
                Answer.CHOICE,
                help=_("How days are counted in interest; 30E/360: every month has thirty."),
                choices=DAY_COUNT_CHOICES,
                is_seldom=True,
            ),
            Question(
                "grace",
                _("First payments without principal"),
                Answer.WHOLE,
                initial="0",
                least=0,
                is_seldom=True,
            ),
            Question(
                "fee_pct", _("Fee, per cent a year"), Answer.PERCENT, initial="0", is_seldom=True
            ),
            WEIGHTS,
            SHARE,
            REVENUE,
            Question(
                "notice_months",
                _("Months of notice, where there is no plan"),
                Answer.WHOLE,
                initial="6",
                is_optional=True,
                least=0,
            ),
            Question(
                "interest",
                _("Interest once a year, where there is no plan"),
                Answer.CHOICE,
                choices=(("paid", _("is paid out")), ("added", _("is added to the loan"))),
                is_optional=True,
            ),
        )

    def units_for(self, amount_minor: int) -> int:
        """A loan counts no units: any amount will do."""
        return 0

    def schedule(self, principal_minor: int, start: date) -> list[Due]:
        """The plan of the whole loan, from its pay-out day; none where it is repaid on notice."""
        if self.schedule_type == ON_NOTICE:
            return []
        return plan(self.schedule_type, self._loan(principal_minor, start))

    def _loan(self, principal_minor: int, start: date) -> Loan:
        return Loan(
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
            revenue_minor=tuple(100 * kronor for kronor in self.revenue),
            revenue_pct=self.share,
        )

    @property
    def due_days(self) -> tuple[object, ...]:
        """What says when something is due: while it is the same a plan made anew keeps its days."""
        return (self.schedule_type, self.periods, self.months_per_period, self.grace)

    @property
    def planned_by(self) -> tuple[object, ...]:
        """All that says what is due."""
        fees = (self.fee_pct, self.fee_on, self.weights, self.share, self.revenue)
        return (*self.due_days, self.rate_pct, self.day_count, *fees)

    def interest_between(self, balance_minor: int, since: date, until: date) -> int:
        """Interest on a balance from a day to the day before another, half up to the öre."""
        share = DAY_COUNTS[self.day_count](since, until)
        return half_up(balance_minor * Fraction(self.rate_pct) / 100 * share)

    def replan(
        self, left_minor: int, on: date, days: Sequence[date], level_minor: int, shorter: bool
    ) -> list[Due]:
        """The rows to come after an early repayment, on the days they were due before.

        Shorter: each payment is `level_minor`, interest and principal together, and the last is
        what then is left; else as many as before. Where a payment is no more than interest, as in a
        bullet or a grace, there is nothing to shorten. Interest counts from the early repayment.
        """
        if not left_minor or not days:
            return []
        level = self._level_rows(left_minor, on, days, level_minor) if shorter else []
        return level or self._rows(left_minor, on, days)

    def _level_rows(
        self, left_minor: int, on: date, days: Sequence[date], level_minor: int
    ) -> list[Due]:
        """As much each time until nothing is left; no rows where the days do not suffice."""
        loan, rows = self._loan(left_minor, on), []
        balance, since = left_minor, on
        for period, day in enumerate(days, start=1):
            interest, fee = self.interest_between(balance, since, day), loan.fee(balance)
            principal = min(balance, max(0, level_minor - interest))
            balance, since = balance - principal, day
            rows.append(Due(period, day, principal, interest, fee, balance))
            if not balance:
                return rows
        return []

    def _rows(self, left_minor: int, on: date, days: Sequence[date]) -> list[Due]:
        start = months_after(days[0], -self.months_per_period)
        rest = rest_of(self._loan(left_minor, start), left_minor, len(days), start)
        rows = plan(self.schedule_type, rest)
        first = replace(rows[0], interest_minor=self.interest_between(left_minor, on, days[0]))
        told = zip([first, *rows[1:]], days, strict=True)
        return [replace(row, due_on=day) for row, day in told]

    def suggestions(self) -> tuple[int, ...]:
        """500, 1 000, 5 000 and 10 000 kr."""
        return (50_000, 100_000, 500_000, 1_000_000)

    def describe(self) -> list[tuple[Text, Text]]:
        """Rate, plan and length, or rate, notice and what becomes of the interest."""
        months = self.periods * self.months_per_period
        told: list[tuple[Text, Text]] = [
            (_("Interest"), f"{self.rate_pct} %".replace(".", ",")),
            *([(_("Fee"), f"{self.fee_pct} %".replace(".", ","))] if self.fee_pct else []),
            (_("Repayment"), SCHEDULE_LABELS[self.schedule_type]),
        ]
        if self.schedule_type == ON_NOTICE:
            notice = ngettext("%(n)d month", "%(n)d months", self.notice_months)
            added = _("is added to the loan") if self.interest == "added" else _("is paid out")
            told += [
                (_("Notice"), notice % {"n": self.notice_months}),
                (_("Interest once a year"), added),
            ]
        else:
            over = ngettext("%(n)d month", "%(n)d months", months)
            told.append((_("Over"), over % {"n": months}))
        return [*told, (_("Day count"), self.day_count)]

    @classmethod
    def acts(cls) -> tuple[ActionType, ...]:
        """For loans without a plan: notice, interest once a year."""
        return ACTS

    @classmethod
    def sheets(cls) -> tuple[Sheet, ...]:
        """Interest of each year, and notice given."""
        return SHEETS

    def why_not_undo(self, done: Done, standing: Snapshot) -> Refused | None:
        """A later year, or the year that it was in, rests on it."""
        return what_rests_on(done, standing)

    def key_figures(self, standing: Snapshot) -> list[tuple[Text, Text]]:
        """Outstanding, and how many lent it."""
        lenders = sum(1 for minor in standing.held("loan").values() if minor)
        return [
            (_("Outstanding"), kronor_text(standing.all_held("loan"))),
            (_("Lenders"), number_text(lenders)),
        ]
