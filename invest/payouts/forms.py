"""Paying back and paying out: a plan, what is due, what comes early, and a payout."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from invest.models import Vehicle
from invest.payouts.repayments import Then
from invest.web.fields import AmountField, KeyField, PlainField, RefusingForm
from invest.web.questions import DAY


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


class DistributionForm(RefusingForm):
    """A payout to compute."""

    key = KeyField()
    vehicle = forms.ModelChoiceField(Vehicle.objects.none(), label=_("What the savers hold"))
    total = AmountField(label=_("To share out, in kronor"))
    record_on = forms.DateField(
        label=_("Record day"),
        help_text=_("Those who held at the end of this day share it."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    held_since = forms.DateField(
        required=False,
        label=_("By days held since"),
        help_text=_("Empty: only what is held on the record day counts."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    least = AmountField(
        required=False,
        label=_("Least to be paid out, in kronor"),
        help_text=_("A smaller part is owed until next time. Empty: all is paid."),
    )
    reason = PlainField(most=200, label=_("Decided by whom, and why"))

    def __init__(self, *args: Any, vehicles: QuerySet[Vehicle], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["vehicle"].queryset = vehicles  # type: ignore[attr-defined]

    def clean_record_on(self) -> Any:
        """Holdings of a day to come are not known."""
        if self.cleaned_data["record_on"] > timezone.localdate():
            raise forms.ValidationError(_("The record day cannot lie ahead."))
        return self.cleaned_data["record_on"]

    def clean(self) -> dict[str, Any]:
        """Days held end on the record day."""
        data: dict[str, Any] = super().clean() or {}
        since, record = data.get("held_since"), data.get("record_on")
        if since and record and since > record:
            self.add_error("held_since", _("This must be before the record day."))
        return data
