"""The bank desk: a file in, and a line paired by hand."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from invest.treasury.queries import OpenCall
from invest.web.fields import AmountField, RefusingForm
from pools.bank.camt import MOST_BYTES
from pools.errors import FileTooLarge
from pools.wording import kronor_text


class BankFileForm(RefusingForm):
    """A statement file from the bank."""

    file = forms.FileField(
        label=_("Bank file (camt.053 or camt.054)"),
        error_messages={
            "required": _("Choose the file that you fetched from the bank."),
            "empty": _("The file is empty. Fetch it from the bank again."),
        },
    )

    def clean_file(self) -> "UploadedFile[Any]":
        """Refused by its size before it is read."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            refusal = FileTooLarge(most="20 MiB")
            self.status = refusal.status
            raise forms.ValidationError(str(refusal))
        return file


class PayForm(RefusingForm):
    """Which call a payment paid, and how much of it."""

    call = forms.ChoiceField(
        label=_("Call"), error_messages={"required": _("Choose what the payment is for.")}
    )
    amount = AmountField(label=_("Amount, in kronor"))

    def __init__(self, *args: Any, calls: list[OpenCall], **options: Any) -> None:
        super().__init__(*args, **options)
        self.calls = {str(found.call.pk): found.call for found in calls}
        self.fields["call"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose …")),
            *((str(found.call.pk), _described(found)) for found in calls),
        ]


def _described(found: OpenCall) -> str:
    """A call in a list of choices: who, for what, how much is left, reference."""
    pledge = found.call.pledge
    parts = [pledge.person or "–", pledge.offering.vehicle, kronor_text(found.left_minor)]
    return " · ".join([*map(str, parts), found.call.ocr])
