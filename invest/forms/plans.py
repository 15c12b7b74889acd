"""Paying back by a plan: a first plan, what is due, what comes early, and a plan made anew."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from invest.forms.fields import AmountField, KeyField, PlainField, RefusingForm
from invest.forms.questions import DAY
from invest.repayments import Then


class _DatedForm(RefusingForm):
    """A form with a day up to today."""

    on = forms.DateField(label=_("Day"), widget=DAY)

    def __init__(self, *args: Any, **options: Any) -> None:
        options["initial"] = {
            "on": timezone.localdate(),
            **options.get("initial", {}),
        }
        super().__init__(*args, **options)

    def clean_on(self) -> Any:
        """What lies ahead has not happened."""
        if self.cleaned_data["on"] > timezone.localdate():
            raise forms.ValidationError(_("The day cannot lie ahead."))
        return self.cleaned_data["on"]


class PlanForm(_DatedForm):
    """A plan for all that is outstanding, by the terms in force."""

    reason = PlainField(label=_("Why, where it replaces another"), most=300, required=False)
    restructured = forms.BooleanField(
        required=False, label=_("The borrower could not keep to the plan before")
    )

    def __init__(self, *args: Any, is_again: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].required = is_again


class RepayForm(_DatedForm):
    """A payment of what is due."""

    key = KeyField()
    amount = AmountField(label=_("Paid, in kronor"))


class EarlyForm(RepayForm):
    """A payment of more than what is due."""

    then = forms.ChoiceField(label=_("After that"), choices=Then.choices)
