"""Signing up, and what an organiser types about a gathering. Each act of the desk has its form."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from invest.gatherings.gatherings import LARGEST_PARTY, MOST_WORDS
from invest.models import AssetCard, Fair, Gathering, Minute, Organisation, Place, Project
from invest.web.fields import KeyField, PlainField, RefusingForm, long_text, whole_number
from invest.web.questions import DAY

_MOMENT = "%Y-%m-%dT%H:%M"


def moment(label: Any, **options: Any) -> forms.DateTimeField:
    """A day and an hour, in Swedish time."""
    attrs = {"type": "datetime-local", "class": "form-control"}
    widget = forms.DateTimeInput(attrs=attrs, format=_MOMENT)
    return forms.DateTimeField(
        label=label, widget=widget, input_formats=[_MOMENT, "%Y-%m-%d %H:%M"], **options
    )


class PartyForm(RefusingForm):
    """How many come."""

    status = 422
    party = whole_number(_("How many come?"), min_value=1, max_value=LARGEST_PARTY, initial=1)


class SignUpForm(PartyForm):
    """Who comes; a name and a number are enough."""

    key = KeyField()
    name = PlainField(
        most=120,
        label=_("Your name"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        required=False,
        label=_("E-mail"),
        help_text=_("You get a link to change your mind by, and a letter if it is moved."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    words = PlainField(
        most=200,
        required=False,
        label=_("Something we should know"),
        help_text=_("Such as: I need a lift; no nuts; I can bring a projector."),
    )
    field_order = ("name", "party", "email", "words")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)


class _HoursForm(RefusingForm):
    """When and where."""

    venue = PlainField(most=120, label=_("Room or address"))
    starts_at = moment(_("Begins"))
    ends_at = moment(_("Ends"))


class _WordsForm(RefusingForm):
    """What it is called, for how many, and what will happen."""

    name = PlainField(most=120, label=_("What it is called"))
    most = whole_number(_("How many have room"), required=False, min_value=1, max_value=100_000)
    about_sv = long_text(_("What will happen, in Swedish"), most=MOST_WORDS)
    about_en = long_text(_("What will happen, in English"), most=MOST_WORDS)


class GatheringForm(_HoursForm, _WordsForm):
    """A new gathering."""

    status = 422
    form = forms.ChoiceField(label=_("Form"), choices=Gathering.Form.choices)
    place = forms.ModelChoiceField(
        Place.objects.none(), required=False, label=_("Place"), empty_label=_("none of our places")
    )
    field_order = ("form", "name", "place", "venue", "starts_at", "ends_at", "most")

    def __init__(self, *args: Any, organisation: Organisation, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["place"].queryset = organisation.places.all()  # type: ignore[attr-defined]


class DeskActForm(RefusingForm):
    """An act of one gathering's desk; a button alone asks nothing more.

    `filled` says which fields begin with what the gathering says now: field → its name there.
    """

    status = 422
    filled: ClassVar[Mapping[str, str]] = {}

    def __init__(self, *args: Any, gathering: Gathering, **options: Any) -> None:
        super().__init__(*args, **options)
        self.gathering = gathering
        for field, name in self.filled.items():
            self.initial.setdefault(field, getattr(gathering, name))


class MoveForm(_HoursForm, DeskActForm):
    """Another hour or room, and why."""

    status = 422
    filled: ClassVar[Mapping[str, str]] = {name: name for name in ("starts_at", "ends_at", "venue")}
    reason = PlainField(most=300, label=_("Why? It stands in the letter and on the page."))
    field_order = ("starts_at", "ends_at", "venue", "reason")


class CancelForm(DeskActForm):
    """Why it will not be."""

    reason = PlainField(most=300, label=_("Why? It stands in the letter and on the page."))


class MinuteForm(DeskActForm):
    """A line of the minutes."""

    kind = forms.ChoiceField(label=_("What it is"), choices=Minute.Kind.choices)
    text = PlainField(most=600, label=_("What was said or decided"))
    who = PlainField(most=120, required=False, label=_("Who does it"))
    due_on = forms.DateField(required=False, label=_("By when"), widget=DAY)


class FinishForm(DeskActForm):
    """What became of a line."""

    outcome = PlainField(most=300, label=_("What became of it?"))


class StrikeForm(DeskActForm):
    """Why a line is struck out."""

    why = PlainField(most=200, label=_("Why is it struck out?"))


class FoundForm(DeskActForm):
    """A line becomes a project."""

    name = PlainField(most=120, label=_("The project's name"))
    sector = forms.ChoiceField(label=_("Sector"), choices=Project.Sector.choices)


class CardOfForm(DeskActForm):
    """A line becomes a card of the place."""

    name = PlainField(most=120, label=_("What it is"))
    side = forms.ChoiceField(label=_("We have or lack"), choices=AssetCard.Side.choices)
    kind = forms.ChoiceField(label=_("Kind"), choices=AssetCard.Kind.choices)


class RewordForm(_WordsForm, DeskActForm):
    """Another name, text or room for more."""

    status = 422
    filled: ClassVar[Mapping[str, str]] = {name: name for name in _WordsForm.base_fields}


class OutcomeForm(DeskActForm):
    """What became of the gathering."""

    filled: ClassVar[Mapping[str, str]] = {"sv": "became_sv", "en": "became_en"}
    sv = long_text(_("In Swedish"), most=MOST_WORDS, required=True)
    en = long_text(_("In English"), most=MOST_WORDS)


class CooperationForm(RefusingForm):
    """Who is asked to take which part in what."""

    status = 422
    thing = forms.ChoiceField(label=_("In what"))
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        to_field_name="slug",
        label=_("Who is asked"),
        empty_label=_("choose an organisation"),
    )
    part = PlainField(
        most=160,
        label=_("What they would do"),
        help_text=_("Such as: coffee for a hundred; the hall; advice on bookkeeping."),
    )

    def __init__(self, *args: Any, organisation: Organisation, **options: Any) -> None:
        super().__init__(*args, **options)
        to_come = {"ends_at__gte": timezone.now()}
        gatherings = organisation.gatherings.filter(cancelled_at__isnull=True, **to_come)
        fairs = organisation.fairs.filter(gathering__isnull=True, **to_come)
        self.things = {
            f"{kind}-{thing.pk}": thing
            for kind, found in (
                ("gathering", gatherings),
                ("fair", fairs),
                ("project", organisation.projects.all()),
            )
            for thing in found
        }
        self.fields["thing"].choices = [  # type: ignore[attr-defined]
            (code, _called(thing)) for code, thing in self.things.items()
        ]
        others = Organisation.objects.exclude(pk=organisation.pk).order_by("name")
        self.fields["organisation"].queryset = others  # type: ignore[attr-defined]
        self.fields["organisation"].label_from_instance = lambda one: (  # type: ignore[attr-defined]
            f"{one.name} ({one.municipality})"
        )


def _called(thing: Gathering | Fair | Project) -> str:
    """Its name, and its day where it has one."""
    if isinstance(thing, Project):
        return thing.name
    return f"{thing.name}, {date_format(timezone.localdate(thing.starts_at))}"
