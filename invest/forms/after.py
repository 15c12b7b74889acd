"""After a fair: who was reached, what became of it, and the steps of help in kind."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from invest.forms.fields import AmountField, PlainField, RefusingForm
from invest.forms.in_kind import QuantityField
from invest.models import FollowUp, Need


class ReachedForm(RefusingForm):
    """What whoever promised said on the phone."""

    promised = QuantityField(required=False, label=_("Another amount"))
    reason = PlainField(most=300, required=False, label=_("Note"))


class FoundForm(RefusingForm):
    """What became of a promise, on one line."""

    found = forms.ChoiceField(
        choices=[("", _("Choose …")), *FollowUp.Found.choices], label=_("What became of it?")
    )
    value = AmountField(required=False, label=_("Worth so far, in kronor"))
    comment = PlainField(most=300, required=False, label=_("Comment"))


class HelpForm(RefusingForm):
    """One step of help in kind; which fields it needs is the step's own."""

    text = PlainField(most=300, required=False, label=_("Write to the giver"))
    need = forms.ModelChoiceField(
        Need.objects.none(),
        required=False,
        label=_("For the need"),
        empty_label=_("No special one"),
    )
    due_on = forms.DateField(
        required=False, label=_("Day"), widget=forms.DateInput(attrs={"type": "date"})
    )
    quantity = QuantityField(required=False, label=_("How much it became"))

    def __init__(self, *args: Any, needs: QuerySet[Need], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["need"].queryset = needs  # type: ignore[attr-defined]

    @property
    def needs_exist(self) -> bool:
        """Whether the project asks for any help."""
        return len(self.fields["need"].choices) > 1  # type: ignore[attr-defined]
