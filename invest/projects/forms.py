"""A project's way: a line of a gate, a step, and how it sees itself."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from invest.kinds.schedules import months_after
from invest.models import Assessment, StageEvent
from invest.projects.assessments import PAYS, QUESTIONS, STEPS
from invest.projects.gates import WORDS
from invest.web.fields import KeyField, PlainField, RefusingForm


class AnswerForm(RefusingForm):
    """Somebody answers for a line of a gate, or says that it is not so."""

    status = 422
    code = forms.ChoiceField(choices=[(code, code) for code in WORDS], widget=forms.HiddenInput)
    is_met = forms.TypedChoiceField(
        label=_("Is it so?"),
        choices=[("yes", _("Yes, and I answer for it")), ("no", _("No, or no longer"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
        initial="yes",
    )
    words = PlainField(
        most=300,
        label=_("What shows it, or where the paper is"),
        help_text=_("Such as: minutes of 12 March, § 7; the insurance letter in the green binder."),
    )


class MoveForm(RefusingForm):
    """On to a stage; a reason lets an organiser through a gate that is not met."""

    status = 422
    to = forms.ChoiceField(choices=StageEvent.Stage.choices, widget=forms.HiddenInput)
    after = forms.IntegerField(min_value=0, max_value=10**6, widget=forms.HiddenInput)
    reason = PlainField(
        most=300,
        required=False,
        label=_("Why, or the decision it rests on"),
        help_text=_("Everybody can read it on the project's page."),
    )


class AssessForm(RefusingForm):
    """Seven questions, each by itself, and one before them."""

    status = 422
    pays = forms.ChoiceField(
        label=_("Does it pay its way?"), choices=Assessment.Pays.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, on: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields[f"evidence_{PAYS}"] = _evidence()
        for code, asked in QUESTIONS.items():
            self.fields[f"step_{code}"] = forms.TypedChoiceField(
                label=str(asked.text),
                choices=[(str(n), f"{n} · {step}") for n, step in enumerate(STEPS)],
                coerce=int,
                widget=forms.RadioSelect,
            )
            self.fields[f"evidence_{code}"] = _evidence()
        self.fields["words"] = PlainField(
            most=400, required=False, label=_("The question you will work with until next time")
        )
        self.fields["next_on"] = forms.DateField(
            label=_("When you look again"),
            initial=months_after(on, 12),
            widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}),
        )
        self.fields["key"] = KeyField()
        for name, field in self.fields.items():
            if name == "words" or name.startswith("evidence_"):
                field.widget.attrs["class"] = "form-control"

    def groups(self) -> list[tuple[Any, forms.BoundField, forms.BoundField]]:
        """The name of each question, its steps, and what shows it."""
        return [
            (asked.name, self[f"step_{code}"], self[f"evidence_{code}"])
            for code, asked in QUESTIONS.items()
        ]

    def rest(self) -> list[forms.BoundField]:
        """What is asked after the questions."""
        return [self[name] for name in ("words", "next_on")]

    def as_assessment(self) -> dict[str, Any]:
        """As `assessments.assess` takes it."""
        typed = self.cleaned_data
        return {
            "pays": typed["pays"],
            "answers": {code: typed[f"step_{code}"] for code in QUESTIONS},
            "evidence": {code: typed[f"evidence_{code}"] for code in (PAYS, *QUESTIONS)},
            "words": typed["words"],
            "next_on": typed["next_on"],
            "key": typed["key"],
        }


def _evidence() -> PlainField:
    return PlainField(most=200, required=False, label=_("What shows it?"))
