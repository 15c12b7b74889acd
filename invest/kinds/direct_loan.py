"""Direktlån: many savers lend to one project on the same terms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import ClassVar, Self

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from invest.kinds import vouchers
from invest.kinds.actions import (
    AccountRole,
    ActionType,
    Answer,
    At,
    Column,
    Done,
    Facts,
    Posting,
    Question,
    Row,
    Shape,
    Sheet,
    Snapshot,
    Text,
)
from invest.kinds.kind import Kind, chosen, exact, numbers, whole
from invest.kinds.plans import DAY_COUNT_CHOICES, FEE_ON, PLAN_LABELS, REVENUE, SHARE, WEIGHTS
from invest.kinds.refusals import AlreadyRecorded, BadTerms, NothingOwed, TooEarly, TooMuch
from invest.kinds.schedules import DAY_COUNTS, MOST_PERIODS, Due, Loan, months_after, plan, rest_of
from pools.money import half_up, kronor
from pools.wording import kronor_text, number_text

ON_NOTICE = "on-notice"
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
        return _ACTS

    @classmethod
    def sheets(cls) -> tuple[Sheet, ...]:
        """Interest of each year, and notice given."""
        return _SHEETS

    def key_figures(self, standing: Snapshot) -> list[tuple[Text, Text]]:
        """Outstanding, and how many lent it."""
        lenders = sum(1 for minor in standing.held("loan").values() if minor)
        return [
            (_("Outstanding"), kronor_text(standing.all_held("loan"))),
            (_("Lenders"), number_text(lenders)),
        ]


# --- Interest, day by day ---


def interest_of(now: Snapshot, holder: int, since: date, until: date) -> Fraction:
    """Exact öre of interest on what a lender had out, from a day to the day before another.

    Each stretch with one balance and one rate counts by the terms' day count. Money earns from the
    day it comes and not on the day it goes.
    """
    turns = {since, until}
    turns |= {c.on for c in now.changes if c.role == "loan" and c.number == holder}
    turns |= {valid_from for valid_from, _kind in now.terms}
    days = sorted(day for day in turns if since <= day <= until)
    total = Fraction(0)
    for first, last in pairwise(days):
        kind = now.kind_on(first)
        if isinstance(kind, DirectLoan):
            share = DAY_COUNTS[kind.day_count](first, last)
            balance = now.held_by("loan", holder, first)
            total += balance * Fraction(kind.rate_pct) / 100 * share
    return total


def interest_of_year(now: Snapshot, year: int, until: date | None = None) -> dict[int, int]:
    """Lender → öre of interest for a year (or to a day in it), half up once for each."""
    first = date(year, 1, 1)
    last = until or date(year + 1, 1, 1)
    told = {
        holder: half_up(interest_of(now, holder, first, last))
        for holder in now.held("loan")
        if holder
    }
    return {holder: minor for holder, minor in told.items() if minor}


# --- Rules ---


def _refuse_planned(kind: DirectLoan) -> None:
    if kind.schedule_type != ON_NOTICE:
        raise BadTerms(reason=_("this loan is repaid by its plan"))


def _year_interest(kind: DirectLoan, facts: Facts, now: Snapshot) -> list[Posting]:
    """Each lender's interest for a year that is over: added to the loan, or a debt to be paid."""
    _refuse_planned(kind)
    year = facts["year"]
    settled = {d.facts["year"] for d in now.of("year-interest")}
    if year in settled:
        raise AlreadyRecorded(what=_("the interest of %(year)s") % facts)
    if now.as_of < date(year, 12, 31):
        raise TooEarly(on=date(year, 12, 31))
    if settled and year < max(settled):
        raise AlreadyRecorded(what=_("the interest of %(year)s") % {"year": max(settled)})
    owed = interest_of_year(now, year)
    if not owed:
        raise NothingOwed
    role = "loan" if kind.interest == "added" else "interest"
    return [
        Posting(At("expenses:interest"), At(role, holder), minor) for holder, minor in owed.items()
    ]


def _pay_interest(kind: DirectLoan, facts: Facts, now: Snapshot) -> list[Posting]:
    owed = {holder: minor for holder, minor in now.held("interest").items() if minor}
    if not owed:
        raise NothingOwed
    return [Posting(At("interest", holder), At("bank"), minor) for holder, minor in owed.items()]


def _notice(kind: DirectLoan, facts: Facts, now: Snapshot) -> list[Posting]:
    _refuse_planned(kind)
    waiting = sum(d.facts["amount"] for d in _unpaid(now) if d.facts["holder"] == facts["holder"])
    left = now.held_by("loan", facts["holder"]) - waiting
    if facts["amount"] > left:
        raise TooMuch(left=kronor(max(0, left)))
    return []


def _unpaid(now: Snapshot) -> list[Done]:
    paid = {d.facts["notice"] for d in now.of("pay-notice")}
    return [d for d in now.of("notice") if d.number not in paid]


def _open(now: Snapshot) -> set[int]:
    return {d.number for d in _unpaid(now)}


def due_after_notice(now: Snapshot, given_on: date) -> date:
    """When notice given on a day falls due, by the terms of that day."""
    kind = now.kind_on(given_on)
    return months_after(given_on, kind.notice_months if isinstance(kind, DirectLoan) else 0)


def _pay_notice(kind: DirectLoan, facts: Facts, now: Snapshot) -> list[Posting]:
    notice = now.action(facts["notice"])
    if notice.number not in {d.number for d in _unpaid(now)}:
        raise AlreadyRecorded(what=_("the payment"))
    if now.as_of < (due := due_after_notice(now, notice.on)):
        raise TooEarly(on=due)
    return [Posting(At("loan", notice.facts["holder"]), At("bank"), notice.facts["amount"])]


# --- What can be read ---


def _interest(kind: DirectLoan, now: Snapshot) -> list[Row]:
    """Settled years as they were booked, and the running year up to the day: a preview."""
    rows: list[Row] = []
    settled = {d.number: d.facts["year"] for d in now.of("year-interest")}
    for change in now.changes:
        if change.action in settled and not change.why.endswith("-reversed"):
            what = _("added to the loan") if change.role == "loan" else _("to be paid")
            rows.append((change.number, str(settled[change.action]), change.amount, what))
    last = max(settled.values(), default=min((c.on.year for c in now.changes), default=0) - 1)
    if kind.schedule_type == ON_NOTICE and now.changes:
        for year in range(last + 1, now.as_of.year + 1):
            until = min(now.as_of + timedelta(days=1), date(year + 1, 1, 1))
            for holder, minor in interest_of_year(now, year, until).items():
                rows.append((holder, str(year), minor, _("so far, not settled")))
    return rows


def _notices(kind: DirectLoan, now: Snapshot) -> list[Row]:
    unpaid = {d.number for d in _unpaid(now)}
    return [
        (
            d.facts["holder"],
            d.on,
            due_after_notice(now, d.on),
            d.facts["amount"],
            "" if d.number in unpaid else _("paid"),
        )
        for d in now.of("notice")
    ]


_ACTS = (
    ActionType(
        "year-interest",
        _("Interest of a year"),
        _("Settles every lender's interest for a year that is over. See the sheet first."),
        (Question("year", _("Year"), Answer.YEAR),),
        _year_interest,
        needs_second=True,
    ),
    ActionType(
        "pay-interest",
        _("Interest is paid"),
        _("All interest that lenders have to get, paid at the bank."),
        (),
        _pay_interest,
    ),
    ActionType(
        "notice",
        _("A lender gives notice"),
        _("Starts the time after which the money is paid back."),
        (
            Question("holder", _("Lender"), Answer.HOLDER, role="loan"),
            Question("amount", _("Amount, in kronor"), Answer.KRONOR),
        ),
        _notice,
    ),
    ActionType(
        "pay-notice",
        _("Pay what notice was given of"),
        _("When the time of notice is over."),
        (Question("notice", _("Notice"), Answer.ACTION, of="notice", among=_open),),
        _pay_notice,
    ),
    *vouchers.acts("loan", (("loan", _("the loan")), ("interest", _("the interest")))),
)
_SHEETS = (
    Sheet(
        "interest",
        _("Interest by year"),
        _("Settled years, and what the running year has come to"),
        (
            Column("holder", _("Lender"), Shape.HOLDER),
            Column("year", _("Year")),
            Column("interest", _("Interest"), Shape.KRONOR, is_summed=True),
            Column("what", _("Remark")),
        ),
        _interest,
        for_holders=True,
    ),
    Sheet(
        "notices",
        _("Notice given"),
        _("And when it falls due"),
        (
            Column("holder", _("Lender"), Shape.HOLDER),
            Column("on", _("Given"), Shape.DAY),
            Column("due_on", _("Falls due"), Shape.DAY),
            Column("amount", _("Amount"), Shape.KRONOR, is_summed=True),
            Column("paid", _("Remark")),
        ),
        _notices,
        for_holders=True,
    ),
    vouchers.SHEET,
)
