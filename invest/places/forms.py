"""What is typed of a place: a card, what its owner and keeper may do, a listing."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from invest.in_kind.forms import QuantityField
from invest.models import AssetCard, Place, Producer, Project
from invest.places.places import SORTS, UNITS, Asset, unit_of
from invest.web.fields import KeyField, PlainField, RefusingForm, long_text
from invest.web.questions import DAY
from invest.web.wording import unit_label
from pools.models import Unit


class ProducerForm(RefusingForm):
    """A listing, new or corrected."""

    status = 422
    card = forms.ModelChoiceField(
        AssetCard.objects.none(), required=False, widget=forms.HiddenInput
    )
    name = PlainField(most=120, label=_("Name"))
    sort = forms.ChoiceField(label=_("Sort"), choices=Producer.Sort.choices)
    what_sv = PlainField(most=240, label=_("What they make or sell, in Swedish"))
    what_en = PlainField(most=240, required=False, label=_("The same in English"))
    address = PlainField(most=160, required=False, label=_("Address"))
    hours = PlainField(
        most=160, required=False, label=_("Open"), help_text=_("Such as: Fri 10–18, Sat 9–13")
    )
    web = forms.URLField(
        required=False,
        label=_("Web"),
        assume_scheme="https",
        widget=forms.TextInput(attrs={"inputmode": "url"}),
    )
    phone = PlainField(most=30, required=False, label=_("Phone"))
    phone_agreed = forms.BooleanField(
        required=False, label=_("They have agreed that the telephone number is shown")
    )
    takes_currency = forms.BooleanField(required=False, label=_("Takes the local currency"))

    def __init__(self, *args: Any, place: Place, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["card"].queryset = place.cards.all()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A number that nobody agreed to show is not kept; the tick taken away takes it away."""
        told: dict[str, Any] = super().clean() or {}
        if told.get("phone") and not told.get("phone_agreed"):
            if told["phone"] == self.initial.get("phone"):
                return told | {"phone": ""}
            self.add_error(
                "phone", _("Ask them first, and tick that they agreed; or leave it out.")
            )
        return told


class ListingForm(ProducerForm):
    """A listing in the hands of whoever is listed."""

    phone_agreed = forms.BooleanField(
        required=False, label=_("The telephone number may be shown to everybody")
    )


class EnlistForm(ProducerForm):
    """A new listing, with the day they agreed to it."""

    agreed_on = forms.DateField(
        label=_("The day they agreed to be listed"), widget=DAY, initial=timezone.localdate
    )

    def clean_agreed_on(self) -> Any:
        """Nobody agrees tomorrow."""
        agreed_on = self.cleaned_data["agreed_on"]
        if agreed_on > timezone.localdate():
            raise forms.ValidationError(_("That day has not come yet."))
        return agreed_on


class CardForm(RefusingForm):
    """Side, kind, a line: the rest behind a fold."""

    key = KeyField()
    side = forms.ChoiceField(label=_("We have or lack"), choices=AssetCard.Side.choices)
    kind = forms.ChoiceField(label=_("Kind"), choices=AssetCard.Kind.choices)
    title = PlainField(
        most=120,
        label=_("What it is"),
        help_text=_("Such as: a room for twenty in the old school; help with bookkeeping."),
        error_messages={"required": _("Say in a few words what it is.")},
    )
    text = PlainField(most=400, required=False, label=_("More about it"))
    quantity = QuantityField(required=False, label=_("How much"))
    unit = forms.ModelChoiceField(
        Unit.objects.none(), required=False, label=_("Of what"), empty_label=_("as usual")
    )
    name = PlainField(
        most=120,
        required=False,
        label=_("Name"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        required=False,
        label=_("E-mail"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = PlainField(
        most=30,
        required=False,
        label=_("Phone"),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    agrees = forms.BooleanField(required=False, label=_("Name and contact may be shown here"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        units = Unit.objects.filter(pk__in=UNITS).order_by("name")
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["unit"].label_from_instance = lambda unit: unit_label(unit.pk)  # type: ignore[attr-defined]

    def often(self) -> list[forms.BoundField]:
        """What everybody answers."""
        return [self[name] for name in ("side", "kind", "title", "text")]

    def amounts(self) -> list[forms.BoundField]:
        """How much."""
        return [self["quantity"], self["unit"]]

    def contact(self) -> list[forms.BoundField]:
        """Who may be reached."""
        return [self["name"], self["email"], self["phone"]]

    def clean(self) -> dict[str, Any]:
        """A contact has a name."""
        told: dict[str, Any] = super().clean() or {}
        has_name = told.get("name") or "name" in self.errors
        if (told.get("email") or told.get("phone")) and not has_name:
            self.add_error("name", _("Whose address is it? Write a name."))
        return told

    def asset(self) -> Asset:
        """What was typed, as the verb takes it."""
        told = self.cleaned_data
        unit = told["unit"].pk if told["unit"] and told["quantity"] else ""
        return Asset(
            kind=told["kind"],
            side=told["side"],
            title=told["title"],
            text=told["text"],
            quantity=told["quantity"],
            unit=unit,
        )


class PlaceForm(RefusingForm):
    """A new place of a group."""

    name = PlainField(most=120, label=_("The place's name"))
    municipality = PlainField(most=60, label=_("Municipality"))
    postcodes = PlainField(
        most=120, required=False, label=_("Postcodes"), help_text="831 00–831 99, 832 10"
    )
    about_sv = long_text(_("What it is, in Swedish"), most=2000)
    about_en = long_text(_("What it is, in English"), most=2000)


class RemoveForm(RefusingForm):
    """Taking a card away."""

    why = PlainField(most=200, label=_("Why is it taken away?"))


class PromiseForm(RefusingForm):
    """Which project gets the help; how much and a name only where the card tells neither."""

    project = forms.ModelChoiceField(
        Project.objects.none(), to_field_name="slug", label=_("Project")
    )
    need = forms.IntegerField(required=False, widget=forms.HiddenInput)
    agrees = forms.BooleanField(
        label=_("I promise this, and the project may see how to reach me"),
        error_messages={"required": _("Tick that you promise it.")},
    )
    quantity = QuantityField()
    name = PlainField(most=120, required=False, label=_("Your name"))

    def __init__(
        self, *args: Any, card: AssetCard, projects: list[Project], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        chosen = Project.objects.filter(pk__in=[project.pk for project in projects])
        self.fields["project"].queryset = chosen  # type: ignore[attr-defined]
        if card.person and card.person.name:
            del self.fields["name"]
        if card.quantity is not None or card.kind not in SORTS:
            del self.fields["quantity"]
        else:
            unit = unit_label(unit_of(card.kind))
            self.fields["quantity"].label = _("How much, in %(unit)s") % {"unit": unit}


class CardFileForm(RefusingForm):
    """A table of cards."""

    file = forms.FileField(
        label=_("File (CSV)"),
        help_text=_("At most 2,000 rows. Nothing is kept before you have seen it."),
    )
