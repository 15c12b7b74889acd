"""Fields and the form that every other is made of: what is typed is kept, and refused in words."""

import re
import uuid
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _

from invest.people import plain
from pools.errors import Refused
from pools.money import kronor, parse_amount

_GROUPED = re.compile(r"[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+")
_LOOKS: dict[type[forms.Widget], str] = {
    forms.TextInput: "form-control",
    forms.EmailInput: "form-control",
    forms.NumberInput: "form-control",
    forms.PasswordInput: "form-control",
    forms.URLInput: "form-control",
    forms.DateInput: "form-control",
    forms.FileInput: "form-control",
    forms.ClearableFileInput: "form-control",
    forms.Select: "form-select",
    forms.CheckboxInput: "form-check-input",
}


def look_of(widget: forms.Widget) -> str:
    """The class of a widget of this kind; empty where it has none."""
    return _LOOKS.get(type(widget), "")


class Renderer(TemplatesSetting):
    """Django's own form renderer with our way to show a field (`{{ field.as_field_group }}`)."""

    field_template_name = "invest/web/field.html"


class KeyField(forms.CharField):
    """The key that the browser made, so that what is sent twice is done once.

    No colon: those are the keys that the program makes itself, such as a pledge card's.
    """

    widget = forms.HiddenInput

    def __init__(self) -> None:
        # Made anew for each form that is shown, so that no form need think of it.
        super().__init__(
            max_length=80,
            validators=[RegexValidator(r"^[^:]+$")],
            initial=lambda: str(uuid.uuid4()),
        )


class RefusingForm(forms.Form):
    """A form that turns refusals into a sentence beside a field and a status."""

    status = 400

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            if look := look_of(field.widget):
                field.widget.attrs["class"] = look

    def refuse(self, field: str | None, refusal: Refused) -> None:
        """Say why, beside the field (None: the one that the refusal names, else above the form)."""
        self.status = refusal.status
        self.add_error(field or self._named_by(refusal), str(refusal))

    def sentences(self) -> list[str]:
        """Everything that is wrong, one sentence each."""
        return [str(error) for errors in self.errors.values() for error in errors]

    def _named_by(self, refusal: Refused) -> str | None:
        """A term has its plain name, or its unit after it, or stands among an offer's terms."""
        told = refusal.facts.get("field")
        endings = ("", "_pct", "_minor")
        names = [f"{start}{told}{end}" for start in ("", "terms_") for end in endings]
        return next((name for name in names if told and name in self.fields), None)


def typed_amount(amount_minor: int) -> str:
    """Öre as somebody would type the kronor."""
    return f"{kronor(amount_minor).amount:f}".replace(".", ",")


class AmountField(forms.CharField):
    """Kronor as people write them; cleaned to Money. See `pools.money.parse_amount`.

    With `may_be_zero` nothing at all is an amount too: an account may be empty.
    """

    def __init__(self, *, may_be_zero: bool = False, **options: Any) -> None:
        self.may_be_zero = may_be_zero
        options.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        )
        super().__init__(**options)

    def to_python(self, value: object) -> Any:
        """Money, or None where nothing was typed."""
        text = super().to_python(value)
        if not text:
            return None
        if self.may_be_zero and text.strip("0,. ") == "":
            return kronor(0)
        try:
            return kronor(parse_amount(text, scale=2))
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def prepare_value(self, value: object) -> object:
        """What was typed stays as it was typed."""
        return value


class PlainField(forms.CharField):
    """A line of text with nothing in it that would lie about itself; see `people.plain`."""

    def __init__(self, *, most: int, **options: Any) -> None:
        self.most = most
        super().__init__(**options)

    def to_python(self, value: object) -> str:
        """In one Unicode form."""
        try:
            return plain(super().to_python(value) or "", most=self.most)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


def long_text(label: Any, *, most: int, required: bool = False) -> forms.CharField:
    """Some lines, which may be left out."""
    widget = forms.Textarea(attrs={"class": "form-control", "rows": 3})
    return forms.CharField(label=label, required=required, max_length=most, widget=widget)


def whole_number(label: Any, **options: Any) -> forms.IntegerField:
    """A whole number, typed on a phone's digits."""
    attrs = {"inputmode": "numeric", "autocomplete": "off"}
    return WholeField(label=label, widget=forms.TextInput(attrs=attrs), **options)


class WholeField(forms.IntegerField):
    """A whole number as people write it: its thousands may be parted by spaces of any width."""

    def to_python(self, value: object) -> Any:
        """Spaces are let through only between groups of three."""
        text = str(value).strip() if isinstance(value, str) else value
        if isinstance(text, str) and _GROUPED.fullmatch(text):
            text = "".join(text.split())
        return super().to_python(text)


class WholeNumbersField(forms.CharField):
    """Whole numbers with commas or spaces between; cleaned to a tuple."""

    def to_python(self, value: object) -> Any:
        """An empty tuple where nothing was typed."""
        parts = (super().to_python(value) or "").replace(",", " ").split()
        if not all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts):
            raise forms.ValidationError(_("Write whole numbers with spaces between."))
        return tuple(map(int, parts))
