"""Opening an offer to savers, and moving its goal. Each kind of vehicle says what it must know."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from invest.forms.fields import AmountField, PlainField, RefusingForm
from invest.forms.questions import DAY, Asked, asked, field_for, stored
from invest.models import Project, Vehicle
from invest.vehicles import Kind
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
