"""Looking into a rule of law: what was decided, and on what it rests."""

from django import forms
from django.utils.translation import gettext_lazy as _

from invest.legal_review import LABELS
from invest.models import Gate
from invest.web.fields import PlainField, RefusingForm


class GateForm(RefusingForm):
    """A look at one rule."""

    code = forms.ChoiceField(label=_("Which rule"), choices=list(LABELS.items()))
    decided = forms.ChoiceField(label=_("What was found"), choices=Gate.Decided.choices)
    evidence = PlainField(
        most=300,
        label=_("The paper it rests on"),
        help_text=_("Such as: minutes of 12 March, § 7; letter from the bank of 3 May."),
        error_messages={"required": _("Say which decision or paper it rests on.")},
    )
