"""A purchase group becomes something more: founding, opening, and the answer of who is asked."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from invest.models import Organisation
from invest.pledges.forms import PledgeForm
from invest.vehicles.forms import OfferForm
from invest.web.fields import PlainField, RefusingForm
from pools.bank.accounts import read_iban


def _paper() -> PlainField:
    return PlainField(
        most=120,
        label=_("The decision it rests on"),
        help_text=_("Such as: minutes of the founding meeting, 3 March, § 4."),
    )


class FoundForm(RefusingForm):
    """A new organisation: its name, form and bank account."""

    name = PlainField(most=120, label=_("What it is called"))
    form = forms.ChoiceField(
        label=_("Legal form"),
        choices=[c for c in Organisation.Form.choices if c[0] != Organisation.Form.INFORMAL],
    )
    iban = forms.CharField(
        label=_("Its bank account (IBAN)"),
        max_length=42,
        help_text=_("Its own: what members pay in comes there, and nowhere else."),
    )
    paper = _paper()

    def clean_iban(self) -> str:
        """Without spaces, and with check digits that are right."""
        if number := read_iban(self.cleaned_data["iban"]):
            return number
        raise forms.ValidationError(
            _("That is no IBAN. A Swedish one begins with SE and has 24 signs.")
        )


class ConversionForm(OfferForm):
    """A new vehicle with its first offering, and the decision behind it."""

    paper = _paper()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields.pop("vehicle", None)
        self.fields["project"].label = _("In which project")


class JoinForm(PledgeForm):
    """How much, of somebody who is known by the link."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("fair", "name", "email", "municipality", "publish_name", "alias"):
            del self.fields[name]
