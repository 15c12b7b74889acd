"""What a keeper types of a vehicle: an action, new terms, a holder, an offer."""

from dataclasses import replace
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from invest import identity
from invest.kinds.actions import Act, Answer, Question
from invest.kinds.kind import Kind
from invest.kinds.schedules import months_after
from invest.models import Person, Project, Vehicle
from invest.web.fields import AmountField, KeyField, PlainField, RefusingForm, typed_amount
from invest.web.questions import DAY, Asked, asked, field_for, stored
from pools.errors import Refused
from pools.money import kronor

RULE_LABELS = {
    "first-come": _("first come, first served"),
    "pro-rata": _("by how much each asked for"),
    "equal": _("the same to all, as far as each asked"),
}


class OfferForm(RefusingForm):
    """A vehicle of a kind with its first offering: terms, days, limits and goals."""

    vehicle = forms.ModelChoiceField(
        Vehicle.objects.none(),
        label=_("In which vehicle"),
        required=False,
        empty_label=_("a new one"),
        help_text=_("One that there is keeps its own terms: leave the terms below empty then."),
    )
    name = PlainField(label=_("What it is called"), most=120)
    project = forms.ModelChoiceField(label=_("Project"), queryset=Project.objects.none())
    opens_on = forms.DateField(label=_("Opens on"), widget=DAY)
    closes_on = forms.DateField(label=_("Last day"), widget=DAY)
    minimum = AmountField(label=_("Least per saver, in kronor"))
    maximum = AmountField(
        label=_("Most per saver, in kronor"), required=False, help_text=_("Empty: no limit.")
    )
    goal_min = AmountField(
        label=_("The project needs at least, in kronor"),
        help_text=_("From here the project goes ahead."),
    )
    goal_max = AmountField(label=_("It can use up to, in kronor"))
    role = forms.ChoiceField(label=_("What savers put in"))
    restricted_to = PlainField(
        label=_("The only thing the money may be used for"),
        most=120,
        required=False,
        help_text=_("Empty: anything that the terms allow."),
    )
    allotment_rule = forms.ChoiceField(
        label=_("If more is asked for than there is"),
        required=False,
        choices=[("", _("it is full, and nobody can promise more")), *RULE_LABELS.items()],
        help_text=_("Announced now, and followed when the issue is shared out."),
    )

    def __init__(
        self,
        *args: Any,
        kind: type[Kind],
        projects: QuerySet[Project],
        vehicles: QuerySet[Vehicle],
        **options: Any,
    ) -> None:
        self.questions = {f"terms_{q.name}": q for q in kind.questions()}
        super().__init__(*args, **options)
        for name, question in self.questions.items():
            self.fields[name] = field_for(question)
        if not kind.units_role or not kind.money_role:
            del self.fields["allotment_rule"]
        if kind.sets_goals:
            del self.fields["minimum"], self.fields["goal_min"], self.fields["goal_max"]
        if not kind.is_raised:
            self.fields.pop("allotment_rule", None)
            self.fields["vehicle"].label = _("In which purchase or issue")
            self.fields["maximum"].label = _("Most per buyer, in kronor")
        if len(kind.offered_roles) < 2:
            del self.fields["role"], self.fields["restricted_to"]
        else:
            labels = {role.role: role.label for role in kind.accounts()}
            roles = [(role, labels[role]) for role in kind.offered_roles]
            self.fields["role"].choices = roles  # type: ignore[attr-defined]
        if not vehicles:
            del self.fields["vehicle"]
        else:
            self.fields["vehicle"].queryset = vehicles  # type: ignore[attr-defined]
        self.fields["project"].queryset = projects  # type: ignore[attr-defined]

    def clean_closes_on(self) -> Any:
        """What has closed already invites nobody."""
        if self.cleaned_data["closes_on"] < timezone.localdate():
            raise forms.ValidationError(_("The last day has passed already."))
        return self.cleaned_data["closes_on"]

    def clean(self) -> dict[str, Any]:
        """Terms are asked only of a new vehicle: one that there is has its own."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("vehicle"):
            for name in [*self.questions, "name", "project"]:
                self.errors.pop(name, None)
        return data

    def term_fields(self) -> Asked:
        """What the kind asks."""
        return asked(self, self.questions)

    def offer_fields(self) -> list[forms.BoundField]:
        """What every offer asks."""
        return [self[name] for name in self.fields if name not in self.questions]

    def terms(self) -> dict[str, object]:
        """The kind's terms, as `Kind.parse` reads them."""
        told = {
            question.name: stored(question, self.cleaned_data[name])
            for name, question in self.questions.items()
        }
        return {name: answer for name, answer in told.items() if answer is not None}

    def offer(self, kind: Kind) -> dict[str, Any]:
        """Days, limits, goals and rule, as `offerings.open_offering` takes them.

        The terms of a `kind` that sets them say goals and least.
        """
        names = (
            "opens_on",
            "closes_on",
            "minimum",
            "maximum",
            "goal_min",
            "goal_max",
            "allotment_rule",
            "role",
            "restricted_to",
        )
        told = {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}
        if kind.sets_goals:
            least, most = map(kronor, kind.goals_minor())
            told |= {"minimum": kronor(kind.one_minor), "goal_min": least, "goal_max": most}
        return told


class GoalForm(RefusingForm):
    """A goal that moves, and why: everybody will see both."""

    goal_min = AmountField(label=_("The project needs at least, in kronor"))
    goal_max = AmountField(label=_("It can use up to, in kronor"))
    reason_sv = PlainField(label=_("Why, in Swedish"), most=200)
    reason_en = PlainField(label=_("Why, in English"), most=200, required=False)


class ReasonForm(RefusingForm):
    """Who decided it, and where that is written."""

    reason = PlainField(label=_("Decided by whom, and when"), most=200)


def said_of(project: Project | None) -> dict[str, Any]:
    """What a project says already is not asked again; empty where none is chosen."""
    if project is None:
        return {}
    return {"project": project, "name": project.name, "opens_on": timezone.localdate()}


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


class HolderForm(RefusingForm):
    """What law orders of a register; name and home only where nobody else keeps them."""

    name = PlainField(label=_("Name"), most=120)
    municipality = PlainField(label=_("Home municipality"), most=60, required=False)
    phone = PlainField(label=_("Phone"), most=30, required=False)
    postal_address = PlainField(
        label=_("Postal address"),
        most=200,
        required=False,
        help_text=_("Such as: Storgatan 1, 123 45 Björkdalen."),
    )
    identity_number = forms.CharField(
        label=_("Personal or organisation number"),
        max_length=20,
        required=False,
        help_text=_("Kept encrypted. Empty: it stays as it is."),
    )
    is_protected = forms.BooleanField(
        label=_("Protected identity"),
        required=False,
        help_text=_("Name, number and address are shown to nobody; the keeper has them on paper."),
    )

    def __init__(self, *args: Any, person: Person, is_shared: bool, **options: Any) -> None:
        names = ("name", "municipality", "phone", "postal_address", "is_protected")
        options["initial"] = {name: getattr(person, name) for name in names}
        super().__init__(*args, **options)
        if is_shared:  # Known to others too, or logs in: they keep their own name and contact.
            for name in ("name", "municipality", "phone"):
                del self.fields[name]

    def clean_identity_number(self) -> str:
        """In one form, or empty."""
        typed = self.cleaned_data["identity_number"]
        try:
            return identity.read(typed, today=timezone.localdate()) if typed else ""
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
