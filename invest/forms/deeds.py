"""Doing something with a vehicle, undoing it, and new terms: each kind says what it must know."""

from dataclasses import replace
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from invest.forms.fields import KeyField, PlainField, RefusingForm, typed_amount
from invest.forms.questions import DAY, Asked, asked, field_for, stored
from invest.schedules import months_after
from invest.vehicles import Answer, Kind, Question
from invest.vehicles.deeds import Act

Choices = list[tuple[str, str]]


class ActForm(RefusingForm):
    """An act: its day, its questions, the paper it rests on."""

    key = KeyField()
    on = forms.DateField(label=_("The day it counts"), widget=DAY)
    evidence = PlainField(
        most=300,
        required=False,
        label=_("The paper it rests on"),
        help_text=_("Such as: minutes of 12 March, § 7; letter from the bank of 3 May."),
    )

    def __init__(
        self, *args: Any, act: Act, holders: Choices, deeds: dict[str, Choices], **options: Any
    ) -> None:
        self.act = act
        super().__init__(*args, **options)
        self.initial.setdefault("on", timezone.localdate())
        self.fields["evidence"].required = act.needs_evidence
        for question in act.questions:
            if question.answer in {Answer.HOLDER, Answer.HOLDERS}:
                question = replace(question, choices=tuple(holders))  # noqa: PLW2901
            elif question.answer is Answer.DEED:
                among = tuple(deeds.get(question.of, []))
                question = replace(question, choices=among)  # noqa: PLW2901
            self.fields[question.name] = field_for(question)
            if question.answer is Answer.PERSON:
                mail = forms.EmailField(
                    required=False, label=_("E-mail, if it is somebody new or not yet a holder")
                )
                mail.widget.attrs["class"] = "form-control"
                self.fields[f"{question.name}_email"] = mail
        self.order_fields(["key", "on", *(n for n in self.fields if n not in _LAST), "evidence"])

    def shown(self) -> Asked:
        """What is asked: the day and the paper among what everybody answers."""
        told = {question.name: question for question in self.act.questions}
        own = [field.name for field in self.visible_fields() if field.name not in told]
        return asked(self, told, own)

    def facts(self) -> dict[str, Any]:
        """Answers as the deed keeps them; a PERSON is (name, e-mail) still."""
        return {
            q.name: (self.cleaned_data[q.name], self.cleaned_data[f"{q.name}_email"])
            if q.answer is Answer.PERSON
            else stored(q, self.cleaned_data[q.name])
            for q in self.act.questions
        }


_LAST = ("key", "on", "evidence")


class UndoForm(RefusingForm):
    """Why something is undone."""

    why = PlainField(
        most=300, label=_("Why"), widget=forms.TextInput(attrs={"class": "form-control"})
    )


class TermsForm(RefusingForm):
    """New terms from a day on: the kind's questions, with the terms in force filled in."""

    on = forms.DateField(label=_("In force from"), widget=DAY)
    reason = PlainField(
        most=300, label=_("Why, as the letter to the holders will say"), required=True
    )

    def __init__(self, *args: Any, kind: Kind, **options: Any) -> None:
        self.questions = kind.questions()
        now = kind.dump()
        options["initial"] = {
            **{a.name: _shown(a, now.get(a.name)) for a in self.questions},
            **options.get("initial", {}),
        }
        super().__init__(*args, **options)
        for question in self.questions:
            self.fields[question.name] = field_for(replace(question, initial=""))

    def shown(self) -> Asked:
        """The day, the reason, and the terms."""
        return asked(self, {a.name: a for a in self.questions}, ("on", "reason"))

    def clean_on(self) -> Any:
        """Within two years."""
        on = self.cleaned_data["on"]
        if on > months_after(timezone.localdate(), 24):
            raise forms.ValidationError(_("New terms begin within two years."))
        return on

    def terms(self) -> dict[str, object]:
        """As `Kind.parse` reads them."""
        told = {a.name: stored(a, self.cleaned_data[a.name]) for a in self.questions}
        return {name: answer for name, answer in told.items() if answer is not None}


def _shown(question: Question, value: object) -> object:
    """A stored answer as somebody would have typed it."""
    if question.answer is Answer.KRONOR and isinstance(value, int):
        return typed_amount(value)
    if question.answer is Answer.NUMBERS and isinstance(value, list | tuple):
        return " ".join(map(str, value))
    return value
