"""What the chooser and the public calculators ask for."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from invest.handbook.choosing_questions import QUESTIONS
from invest.kinds.plans import DAY_COUNT_CHOICES, FEE_ON, PLAN_LABELS
from invest.kinds.schedules import MOST_PERIODS, Loan
from invest.kinds.support_saving.points import MOST_MONTHS, CarriedLoan
from invest.web.fields import AmountField, RefusingForm, WholeNumbersField
from pools.money import ore

_DAY = forms.DateInput(attrs={"type": "date"})


def _percent(label: Any, **options: Any) -> forms.DecimalField:
    options = {"min_value": 0, "max_value": 100, "max_digits": 7, "localize": True, **options}
    look = forms.TextInput(attrs={"inputmode": "decimal"})
    return forms.DecimalField(label=label, required=False, widget=look, **options)


def _count(label: Any, most: int, least: int = 0, **options: Any) -> forms.IntegerField:
    look = forms.TextInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(label=label, min_value=least, max_value=most, widget=look, **options)


class Calculator(RefusingForm):
    """A form whose first fields are always asked and the others only when wanted."""

    asked: tuple[str, ...] = ()

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        if "start" in self.fields:
            self.fields["start"].initial = today

    def first_fields(self) -> list[forms.BoundField]:
        """Those that everybody needs."""
        return [self[name] for name in self.asked]

    def more_fields(self) -> list[forms.BoundField]:
        """The rest."""
        return [self[name] for name in self.fields if name not in self.asked]

    def has_more_errors(self) -> bool:
        """Whether something is wrong among the rest, so that they must be seen."""
        return any(field.errors for field in self.more_fields())


class LoanForm(Calculator):
    """A loan to be planned; see `schedules.Loan`."""

    asked = ("kind", "principal", "rate", "periods", "start")

    kind = forms.ChoiceField(label=_("Plan"), choices=list(PLAN_LABELS.items()), initial="annuity")
    principal = AmountField(label=_("Loan, in kronor"))
    rate = _percent(_("Interest, per cent a year"))
    periods = _count(_("Number of payments"), MOST_PERIODS, least=1)
    start = forms.DateField(label=_("Paid out on"), widget=_DAY)
    months_per_period = forms.TypedChoiceField(
        label=_("Between payments"),
        coerce=int,
        required=False,
        choices=[
            (n, ngettext_lazy("%(n)d month", "%(n)d months", "n") % {"n": n})
            for n in (1, 2, 3, 4, 6, 12)
        ],
    )
    day_count = forms.ChoiceField(label=_("Day count"), required=False, choices=DAY_COUNT_CHOICES)
    grace = _count(_("First payments without principal"), MOST_PERIODS, required=False)
    fee = _percent(_("Fee, per cent a year"))
    fee_on = forms.ChoiceField(
        label=_("Fee on"),
        required=False,
        choices=FEE_ON,
    )
    weights = WholeNumbersField(label=_("Weights, one for each payment"), required=False)
    share = _percent(_("Share of revenue, per cent"))
    revenue = WholeNumbersField(label=_("Expected revenue, in kronor"), required=False)
    saving = AmountField(label=_("After-saving for each payment, in kronor"), required=False)
    units = _count(_("Units handed over in all"), 10**9, required=False)
    rolls = forms.BooleanField(
        label=_("Move a day that is no banking day to the next one"), required=False
    )

    def loan(self) -> Loan:
        """The loan as typed. Raises BadTerms where it contradicts itself."""
        told = self.cleaned_data
        return Loan(
            principal_minor=ore(told["principal"]),
            rate_pct=told["rate"] or Decimal(0),
            periods=told["periods"],
            start=told["start"],
            day_count=told["day_count"] or "30E/360",
            months_per_period=told["months_per_period"] or 1,
            fee_pct=told["fee"] or Decimal(0),
            fee_on=told["fee_on"] or "principal",
            grace=told["grace"] or 0,
            weights=told["weights"],
            revenue_minor=tuple(100 * kronor for kronor in told["revenue"]),
            revenue_pct=told["share"] or Decimal(0),
            saving_minor=ore(told["saving"]) if told["saving"] else 0,
            units=told["units"] or 0,
            rolls=told["rolls"],
        )


@dataclass(frozen=True, slots=True)
class Carried:
    """What a group's savings do for a loan; see `vehicles.support_saving`."""

    points_used: int
    points: int
    covered_pct: int
    after_saving_minor: int
    balance_to_carry_minor: int

    @property
    def is_carried(self) -> bool:
        """Whether the points are enough."""
        return self.points >= self.points_used


class CarryForm(Calculator):
    """A loan that a group thinks of carrying by support savings."""

    asked = ("principal", "months", "balance", "months_before", "factor")

    principal = AmountField(label=_("The project's loan, in kronor"))
    months = _count(_("Months to pay it back"), MOST_MONTHS, least=1)
    balance = AmountField(label=_("What we keep saved together, in kronor"))
    months_before = _count(_("Months before the loan"), MOST_MONTHS, initial=0)
    factor = forms.DecimalField(
        label=_("Points for a krona a month"),
        min_value=Decimal("0.01"),
        max_value=10,
        max_digits=5,
        localize=True,
        initial=1,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=_("As the bank's price list says; often 1."),
    )

    def carried(self) -> Carried:
        """Points from before the loan and all through it, against what the loan uses."""
        told = self.cleaned_data
        loan = CarriedLoan(ore(told["principal"]), told["months"], Fraction(told["factor"]))
        points = loan.carried_by(ore(told["balance"]), told["months_before"])
        return Carried(
            points_used=loan.points_used,
            points=points,
            covered_pct=int(100 * loan.coverage(points)),
            after_saving_minor=loan.after_saving_minor(points),
            balance_to_carry_minor=loan.balance_to_carry_minor(),
        )


class ChooseForm(RefusingForm):
    """Every question may be left open: then it says nothing of any form."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for code, (text, answers) in QUESTIONS.items():
            self.fields[code] = forms.ChoiceField(
                label=str(text),
                choices=[*answers.items(), ("", _("We do not know yet"))],
                required=False,
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": _("Choose one of the answers.")},
            )

    def answers(self) -> dict[str, str]:
        """What was answered, by question."""
        return {code: said for code, said in self.cleaned_data.items() if said}
