"""What a saver changes about oneself: contact, letters, and leaving."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from invest.models import Letter, Person
from invest.web.fields import PlainField, RefusingForm

# Receipts are owed by law, and a call is how one pays: nobody is left without them.
CHOOSABLE = (Letter.Kind.CONFIRM, Letter.Kind.FOLLOW_UP, Letter.Kind.NEWS)
_CONTACT = ("name", "phone", "municipality", "postal_address", "language")


class ContactForm(RefusingForm):
    """How a saver is reached, and which letters are welcome."""

    name = PlainField(
        label=_("Name"), most=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = PlainField(
        label=_("Phone"),
        most=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    municipality = PlainField(
        label=_("Home municipality"),
        most=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )
    postal_address = PlainField(
        label=_("Postal address"),
        most=200,
        required=False,
        help_text=_("Such as: Storgatan 1, 123 45 Björkdalen."),
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    language = forms.ChoiceField(label=_("Language of your letters"), choices=settings.LANGUAGES)
    wanted = forms.MultipleChoiceField(
        label=_("Letters that I want"),
        choices=[(kind.value, kind.label) for kind in CHOOSABLE],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Receipts and calls for payment always come."),
    )

    def __init__(self, *args: Any, person: Person, **options: Any) -> None:
        unwanted = set(person.unwanted.values_list("kind", flat=True))
        options["initial"] = {name: getattr(person, name) for name in _CONTACT} | {
            "wanted": [kind for kind in CHOOSABLE if kind not in unwanted]
        }
        super().__init__(*args, **options)

    def contact(self) -> dict[str, str]:
        """The fields of a person."""
        return {name: self.cleaned_data[name] for name in _CONTACT}

    def unwanted(self) -> list[str]:
        """Kinds of letters that were not ticked."""
        return [kind for kind in CHOOSABLE if kind not in self.cleaned_data["wanted"]]


class ExitForm(RefusingForm):
    """Why somebody wants to leave a vehicle."""

    why = PlainField(label=_("Why I want to leave"), most=500)


class ForgetForm(RefusingForm):
    """One's own e-mail, typed by hand: nobody is forgotten by mistake."""

    email = forms.EmailField(
        label=_("Type your e-mail, to show that you mean it"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, own_email: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.own_email = own_email

    def clean_email(self) -> str:
        """Just that one."""
        typed: str = self.cleaned_data["email"]
        if typed.casefold() != self.own_email.casefold():
            raise forms.ValidationError(_("That is not the e-mail you log in with."))
        return typed
