"""The bank desk: a file in, what a payment became, and what an account shall be."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from invest.models import Person, Placement
from invest.treasury import suggesting
from invest.treasury.accounts import Told
from invest.treasury.queries import OpenCall
from invest.treasury.suggesting import Expected, name_of
from invest.web.fields import AmountField, KeyField, PlainField, RefusingForm
from invest.web.questions import DAY
from pools.bank.xml import MOST_BYTES
from pools.errors import FileTooLarge
from pools.models import BankMode, Part
from pools.wording import kronor_text

CHOOSE = ("", _("Choose …"))


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


class PlaceForm(RefusingForm):
    """How much of a part, by a page that showed so many placements of it."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    amount = AmountField(label=_("Amount, in kronor"))


class PayForm(PlaceForm):
    """Which call a payment paid."""

    call = forms.ChoiceField(
        label=_("Call"), error_messages={"required": _("Choose what the payment is for.")}
    )
    field_order = ("call", "amount")

    def __init__(self, *args: Any, calls: Sequence[OpenCall], **options: Any) -> None:
        super().__init__(*args, **options)
        self.calls = {str(found.call.pk): found.call for found in calls}
        described = [(str(found.call.pk), _described(found)) for found in calls]
        self.fields["call"].choices = [CHOOSE, *described]  # type: ignore[attr-defined]


class HoldForm(PlaceForm):
    """For whom money is held; nobody where that is not known yet."""

    person = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("For whom"),
        required=False,
        empty_label=_("Not known yet"),
        help_text=_("Those who have promised or hold something here."),
    )
    field_order = ("person", "amount")

    def __init__(self, *args: Any, persons: QuerySet[Person], **options: Any) -> None:
        super().__init__(*args, **options)
        field: forms.ModelChoiceField[Person] = self.fields["person"]  # type: ignore[assignment]
        field.queryset = persons
        field.label_from_instance = name_of  # type: ignore[method-assign, assignment]


class ConfirmForm(PlaceForm):
    """Which of the payments that the book expects the bank has told of."""

    entry = forms.ChoiceField(
        label=_("What the book expects"),
        error_messages={"required": _("Choose what the bank has told of.")},
    )
    field_order = ("entry", "amount")

    def __init__(self, *args: Any, rows: Sequence[Expected], **options: Any) -> None:
        super().__init__(*args, **options)
        self.entries = {str(row.entry.pk): row.entry for row in rows}
        described = [(str(row.entry.pk), row.label) for row in rows]
        self.fields["entry"].choices = [CHOOSE, *described]  # type: ignore[attr-defined]


class SetOffForm(RefusingForm):
    """Which payment the other way answers it, and what the two are."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    against = forms.ChoiceField(
        label=_("The payment the other way"),
        error_messages={"required": _("Choose the payment that answers it.")},
    )
    kind = forms.ChoiceField(
        label=_("What the two are"),
        choices=[(kind.value, kind.label) for kind in Placement.AGAINST],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what the two payments are.")},
    )

    def __init__(self, *args: Any, parts: Sequence[Part], **options: Any) -> None:
        super().__init__(*args, **options)
        self.parts = {str(part.pk): part for part in parts}
        described = [(str(part.pk), suggesting.told_of(part)) for part in parts]
        self.fields["against"].choices = [CHOOSE, *described]  # type: ignore[attr-defined]


class AccountForm(RefusingForm):
    """What an account at the bank shall be."""

    key = KeyField()
    iban = forms.CharField(
        label="IBAN",
        max_length=42,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Write the account's IBAN, as the bank tells it.")},
    )
    payee = PlainField(label=_("The name that a payer sees"), most=120)
    bankgiro = forms.CharField(label=_("Bankgiro"), max_length=12, required=False)
    plusgiro = forms.CharField(label=_("Plusgiro"), max_length=14, required=False)
    swish = forms.CharField(label=_("Swish"), max_length=16, required=False)
    mode = forms.ChoiceField(
        label=_("What the account is for"),
        choices=BankMode.Mode.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "Shared: the bookkeeping program books the account, also its fees. Lines that are "
            "not about savers' money are then the bookkeeper's."
        ),
        error_messages={"required": _("Choose what the account is for.")},
    )
    since = forms.DateField(label=_("It is so since"), widget=DAY)
    asks_here = forms.BooleanField(label=_("Calls ask to be paid to this account"), required=False)

    def told(self) -> Told:
        """What was typed."""
        typed = {name: self.cleaned_data[name] for name in Told.__dataclass_fields__}
        since: date = typed["since"]
        return Told(**{**typed, "since": since.isoformat()})


class KeyForm(RefusingForm):
    """Nothing but the key that makes what is sent twice one."""

    key = KeyField()


def _described(found: OpenCall) -> str:
    """A call in a list of choices: who, for what, how much is left, reference."""
    pledge = found.call.pledge
    parts = [name_of(pledge.person), pledge.offering.vehicle, kronor_text(found.left_minor)]
    return " · ".join([*map(str, parts), found.call.ocr])
