"""What an organiser types on a fair's desk. Each step of the desk has its form."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from invest.forms.fields import PlainField, RefusingForm
from invest.forms.questions import DAY
from invest.models import Fair, FairTask, Pitch, Project
from invest.queries.fair_desk import invitable

MOST_CARDS = 400
LAST_SERIAL = 99_999


class FairStepForm(RefusingForm):
    """A step that asks nothing: a button alone."""

    def __init__(self, *args: Any, fair: Fair, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fair = fair


class _ProjectField(forms.ModelChoiceField):  # type: ignore[type-arg] # not generic at run time
    """A project with whose it is."""

    def label_from_instance(self, obj: Any) -> str:
        """Two organisations may have projects of the same name."""
        return f"{obj.name} ({obj.organisation.name})"


class InviteForm(FairStepForm):
    """Which project to ask; anybody's."""

    project = _ProjectField(
        label=_("Project"),
        queryset=Project.objects.none(),
        empty_label=_("choose a project"),
        help_text=_("Also other organisations' projects. They answer for themselves."),
    )

    def __init__(self, *args: Any, fair: Fair, **options: Any) -> None:
        super().__init__(*args, fair=fair, **options)
        choices = invitable(fair, timezone.localdate())
        self.fields["project"].queryset = choices  # type: ignore[attr-defined]


class PitchForm(FairStepForm):
    """One of the fair's pitches."""

    pitch = forms.ModelChoiceField(Pitch.objects.none())

    def __init__(self, *args: Any, fair: Fair, **options: Any) -> None:
        super().__init__(*args, fair=fair, **options)
        self.fields["pitch"].queryset = fair.pitches.all()  # type: ignore[attr-defined]


class TaskForm(FairStepForm):
    """Something to do, and by when."""

    text = PlainField(label=_("What is to be done"), most=160)
    due_on = forms.DateField(label=_("By"), widget=DAY)


class TickForm(FairStepForm):
    """One of the fair's tasks."""

    task = forms.ModelChoiceField(FairTask.objects.none())

    def __init__(self, *args: Any, fair: Fair, **options: Any) -> None:
        super().__init__(*args, fair=fair, **options)
        self.fields["task"].queryset = fair.tasks.all()  # type: ignore[attr-defined]


class CardsForm(RefusingForm):
    """Which numbers to print on pledge cards: `from` and `count`."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # `from` is a word of Python's own, so the field cannot stand in the class.
        self.fields["from"] = forms.IntegerField(
            label=_("First number"), min_value=1, max_value=LAST_SERIAL
        )
        self.fields["count"] = forms.IntegerField(
            label=_("How many cards"),
            min_value=1,
            max_value=MOST_CARDS,
            help_text=_("Four on a sheet, at most %(most)s at a time.") % {"most": MOST_CARDS},
        )
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"

    def serials(self) -> range:
        """The numbers asked for."""
        first: int = self.cleaned_data["from"]
        return range(first, first + self.cleaned_data["count"])
