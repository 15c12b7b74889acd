"""The fields that a kind's questions are answered in, and the answers as they are stored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from invest.kinds.actions import Answer, Question
from invest.web.fields import AmountField, PlainField, WholeField, WholeNumbersField
from pools.money import ore


@dataclass(frozen=True, slots=True)
class Asked:
    """The fields of a kind's questions: those for everybody, and those behind a fold."""

    often: list[forms.BoundField]
    seldom: list[forms.BoundField]

    @property
    def is_open(self) -> bool:
        """Whether something behind the fold is wrong, so that it must be seen."""
        return any(field.errors for field in self.seldom)


def asked(form: forms.Form, questions: Mapping[str, Question], also: Iterable[str] = ()) -> Asked:
    """Field name → question, parted; `also` names fields of the form's own, asked of everybody."""
    seldom = [name for name, question in questions.items() if question.is_seldom]
    often = [name for name in form.fields if name in {*questions, *also} and name not in seldom]
    return Asked([form[name] for name in often], [form[name] for name in seldom])


DAY = forms.DateInput(attrs={"type": "date"})
NUMBER = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
_LOOKS: dict[type[forms.Widget], str] = {
    forms.Select: "form-select",
    forms.CheckboxSelectMultiple: "",
}


def field_for(question: Question) -> forms.Field:
    """The field that a question is answered in."""
    field = _field(question)
    field.widget.attrs["class"] = _LOOKS.get(type(field.widget), "form-control")
    return field


def _field(question: Question) -> forms.Field:
    told: dict[str, Any] = {
        "label": question.label,
        "help_text": question.help,
        "required": not question.is_optional,
    }
    if question.initial:
        told["initial"] = question.initial
    match question.answer:
        case Answer.KRONOR:
            return AmountField(may_be_zero=not question.least, **told)
        case Answer.PERCENT:
            return _decimal(100, **told)
        case Answer.DECIMAL:
            return _decimal(100_000, **told)
        case Answer.WHOLE:
            return WholeField(widget=NUMBER, min_value=question.least, max_value=10**9, **told)
        case Answer.YEAR:
            return forms.IntegerField(widget=NUMBER, min_value=1970, max_value=2999, **told)
        case Answer.HOLDERS:
            return forms.TypedMultipleChoiceField(
                coerce=int, widget=forms.CheckboxSelectMultiple, choices=question.choices, **told
            )
        case Answer.NUMBERS:
            return WholeNumbersField(widget=NUMBER, **told)
        case Answer.DAY:
            return forms.DateField(widget=DAY, **told)
        case Answer.TEXT:
            return PlainField(most=300, **told)
        case Answer.PERSON:
            return PlainField(most=120, **told)
        case _:
            may_choose = question.is_optional or question.answer in {Answer.HOLDER, Answer.ACTION}
            empty = [("", _("Choose …"))] if may_choose else []
            return forms.ChoiceField(choices=[*empty, *question.choices], **told)


def _decimal(most: int, **told: Any) -> forms.DecimalField:
    return forms.DecimalField(
        localize=True, widget=NUMBER, min_value=0, max_value=most, decimal_places=4, **told
    )


def stored(question: Question, value: Any) -> Any:
    """An answer as terms and actions keep it; None where it was left out."""
    if value is None or value in ("", (), []):
        return None
    match question.answer:
        case Answer.KRONOR:
            return ore(value)
        case Answer.PERCENT | Answer.DECIMAL:
            return format(Decimal(value).normalize(), "f")
        case Answer.HOLDER | Answer.ACTION:
            return int(value)
        case Answer.NUMBERS:
            return list(value)
        case _:
            return value
