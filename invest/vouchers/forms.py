"""At a producer's till: the code of a voucher, and how much of it is taken."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from invest.web.fields import KeyField, RefusingForm, whole_number


class CodeForm(RefusingForm):
    """A code as it stands on the paper, scanned or typed."""

    code = forms.CharField(
        label=_("The code on the voucher"),
        max_length=40,
        help_text=_("Thirteen signs. Point the phone's camera at the square, or type them here."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


class RedeemForm(CodeForm):
    """Take it, or where the terms allow a part of it."""

    key = KeyField()
    worth = whole_number(_("Take so many kronor"), min_value=1, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["code"].widget = forms.HiddenInput()
