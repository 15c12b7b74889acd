"""Who a holder is, as far as a register must know."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from invest import identity
from invest.forms.fields import PlainField, RefusingForm
from invest.models import Person
from pools.errors import Refused


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
