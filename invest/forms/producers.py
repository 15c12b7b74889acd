"""What the keeper of a place types of a shop or producer."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from invest.forms.fields import PlainField, RefusingForm
from invest.forms.questions import DAY
from invest.models import AssetCard, Place, Producer


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
