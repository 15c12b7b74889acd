"""Offering help in kind, and the talk about it."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from invest.in_kind.in_kind import USUAL_UNITS, Help, parse_quantity
from invest.models import InKind, Need, Project
from invest.web.fields import AmountField, KeyField, PlainField, RefusingForm
from invest.web.questions import DAY
from invest.web.wording import unit_label
from pools.models import Unit
from pools.money import ore


class QuantityField(forms.CharField):
    """A number above zero with at most two decimals, comma or point; cleaned to Decimal."""

    def __init__(self, **options: Any) -> None:
        options.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        )
        super().__init__(**options)

    def to_python(self, value: object) -> Any:
        """None where nothing was typed."""
        text = super().to_python(value) or ""
        if not text:
            return None
        if (number := parse_quantity(text)) is None:
            raise forms.ValidationError(_("Write how much in digits, such as 8 or 2,5."))
        return number


class InKindForm(RefusingForm):
    """What, how much, a name: the rest behind a fold."""

    key = KeyField()
    fair = forms.SlugField(required=False, widget=forms.HiddenInput)
    need = forms.ModelChoiceField(
        Need.objects.none(),
        required=False,
        label=_("Something they ask for"),
        empty_label=_("something else"),
    )
    sort = forms.ChoiceField(label=_("What sort of help"), choices=InKind.Sort.choices)
    what = PlainField(
        most=200,
        label=_("In your own words"),
        help_text=_("Such as: a day with the excavator; help with the bookkeeping."),
        error_messages={"required": _("Say in a few words what you offer.")},
    )
    quantity = QuantityField(label=_("How much"))
    unit = forms.ModelChoiceField(
        Unit.objects.none(), required=False, label=_("Of what"), empty_label=_("as usual")
    )
    name = PlainField(
        most=120,
        label=_("Your name"),
        error_messages={"required": _("Write your name, so that we know who promises.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        required=False,
        label=_("E-mail"),
        help_text=_("For your receipt. You may leave it empty."),
    )
    phone = PlainField(
        most=30,
        required=False,
        label=_("Phone"),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    municipality = PlainField(most=60, required=False, label=_("Home municipality"))
    available_from = forms.DateField(required=False, label=_("From"), widget=DAY)
    available_until = forms.DateField(required=False, label=_("Until"), widget=DAY)
    conditions = PlainField(
        most=300,
        required=False,
        label=_("Conditions"),
        help_text=_("Such as: not in harvest time; you fetch it yourselves."),
    )
    value = AmountField(
        required=False,
        label=_("What one is worth, in kronor"),
        help_text=_("If you like. It is told beside, and never added to money."),
    )
    publish_name = forms.BooleanField(
        required=False, label=_("My name may be shown on the board and the project's page")
    )
    alias = PlainField(
        most=120,
        required=False,
        label=_("Shown as, if not by my name"),
        help_text=_("Such as: a neighbour in Norrby."),
    )

    always = ("need", "sort", "what", "quantity", "unit", "name", "email", "phone")

    def __init__(self, *args: Any, project: Project, **options: Any) -> None:
        super().__init__(*args, **options)
        needs = project.needs.filter(quantity__isnull=False)
        self.fields["need"].queryset = needs  # type: ignore[attr-defined]
        units = Unit.objects.filter(pk__in={*USUAL_UNITS.values(), "KG", "METRE", "SQM", "PERSON"})
        self.fields["unit"].queryset = units.order_by("name")  # type: ignore[attr-defined]
        self.fields["unit"].label_from_instance = lambda unit: unit_label(unit.pk)  # type: ignore[attr-defined]
        if not needs:
            del self.fields["need"]

    def often(self) -> list[forms.BoundField]:
        """What everybody answers."""
        return [self[name] for name in self.always if name in self.fields]

    def seldom(self) -> list[forms.BoundField]:
        """What is behind the fold."""
        shown = {*self.always, "key", "fair", "publish_name", "alias"}
        return [self[name] for name in self.fields if name not in shown]

    def is_open(self) -> bool:
        """Whether something behind the fold is wrong."""
        return any(field.errors for field in self.seldom())

    def clean(self) -> dict[str, Any]:
        """Days in order."""
        data: dict[str, Any] = super().clean() or {}
        since, until = data.get("available_from"), data.get("available_until")
        if since and until and until < since:
            self.add_error("available_until", _("It ends before it begins."))
        return data

    def help_offered(self) -> Help:
        """What was typed, as the verb takes it; the unit that goes without saying where none."""
        told = self.cleaned_data
        unit = told["unit"].pk if told["unit"] else USUAL_UNITS[told["sort"]]
        return Help(
            sort=told["sort"],
            what=told["what"],
            quantity=told["quantity"],
            unit=unit,
            available_from=told["available_from"],
            available_until=told["available_until"],
            conditions=told["conditions"],
            unit_value_minor=ore(told["value"]) if told["value"] else None,
        )

    def shown_as(self) -> str:
        """The name for others to see; empty where none may be."""
        told = self.cleaned_data
        return (told["alias"] or told["name"]) if told["publish_name"] else ""


class MessageForm(RefusingForm):
    """A line to the other side."""

    text = PlainField(most=500, label=_("Write a line"))


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
