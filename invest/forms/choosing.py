"""The questions of the chooser, each with an answer or none."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from invest.choosing import QUESTIONS
from invest.forms.fields import RefusingForm


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
