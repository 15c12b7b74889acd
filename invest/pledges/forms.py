"""Promises, bank files, pairing, payouts: the forms of the pages and the desks."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from invest import dated_settings
from invest.progress.offers import Offer
from invest.web.fields import AmountField, KeyField, PlainField, RefusingForm, whole_number
from pools.errors import NotAnAmount
from pools.money import kronor
from pools.wording import kronor_text

OTHER = "other"


@dataclass(frozen=True, slots=True)
class Chip:
    """An amount to tap on."""

    value: str
    amount: str
    note: str
    is_chosen: bool


class PledgeForm(RefusingForm):
    """Three taps and a name: an amount among a few or one's own, a name, and go."""

    key = KeyField()
    fair = forms.SlugField(required=False, widget=forms.HiddenInput)
    choice = forms.ChoiceField(required=False, widget=forms.RadioSelect)
    amount = AmountField(required=False, label=_("Another amount, in kronor"))
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
    municipality = PlainField(
        most=60,
        required=False,
        label=_("Home municipality"),
        help_text=_("Shows how much comes from nearby. You may leave it empty."),
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
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

    def __init__(self, *args: Any, offer: Offer, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer = offer
        self.one_minor = offer.kind.one_minor
        self.other_label = _("Another number") if self.one_minor else _("Another amount")
        if self.one_minor:
            self.fields["amount"] = whole_number(self.other_label, required=False, min_value=1)
            self.fields["amount"].widget.attrs["class"] = "form-control"
        suggested = [(str(minor), kronor_text(minor)) for minor in self.suggested_minor()]
        self.fields["choice"].choices = [*suggested, (OTHER, self.other_label)]  # type: ignore[attr-defined]
        self.fields["amount"].widget.attrs["data-other-amount"] = ""

    def suggested_minor(self) -> list[int]:
        """Suggestions of the kind that the offering's limits allow, in öre."""
        offering = self.offer.offering
        return [
            minor
            for minor in self.offer.kind.suggestions()
            if kronor(minor) >= offering.minimum
            and (offering.maximum is None or kronor(minor) <= offering.maximum)
        ]

    def chips(self) -> list[Chip]:
        """The amounts to tap on, with what each buys where the kind counts units."""
        kind, chosen = self.offer.kind, self["choice"].value()
        return [
            Chip(
                value=str(minor),
                amount=kronor_text(minor),
                note=kind.units_text(kind.units_for(minor)) if kind.counts_units else "",
                is_chosen=chosen == str(minor),
            )
            for minor in self.suggested_minor()
        ]

    def clean(self) -> dict[str, Any]:
        """Add `money`: what was chosen or written. Both at once is a question, not a guess."""
        data: dict[str, Any] = super().clean() or {}
        choice, written = data.get("choice", ""), data.get("amount")
        if "amount" in self.errors or "choice" in self.errors:
            return data
        if written and self.one_minor:
            written = kronor(written * self.one_minor)
        chosen = kronor(int(choice)) if choice not in {"", OTHER} else None
        if chosen and written and chosen != written:
            self.add_error("amount", _("You both chose and wrote an amount. Keep one of them."))
        elif not chosen and not written and self.one_minor:
            self.add_error("amount", _("Choose how many, at least one."))
        elif not chosen and not written:
            self.refuse("amount", NotAnAmount())
        data["money"] = chosen or written
        return data


class PledgeDeskForm(RefusingForm):
    """The ticked promises, and what is said as something is done with them."""

    pledges = forms.MultipleChoiceField(
        error_messages={"required": _("Tick at least one promise.")}
    )
    due_on = forms.DateField(
        required=False,
        label=_("To be paid by"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    reason = PlainField(most=300, required=False, label=_("Reason"))

    def __init__(self, *args: Any, allowed: list[int], **options: Any) -> None:
        super().__init__(*args, **options)
        days = dated_settings.value("call-days", timezone.localdate())
        self.initial.setdefault("due_on", timezone.localdate() + timedelta(days=days))
        self.fields["pledges"].choices = [(str(pk), str(pk)) for pk in allowed]  # type: ignore[attr-defined]


class CallForm(PledgeDeskForm):
    """Those to be called for payment, and by when."""

    def clean(self) -> dict[str, Any]:
        """A call needs a day that has not passed."""
        data: dict[str, Any] = super().clean() or {}
        due_on = data.get("due_on")
        if "due_on" not in self.errors and (due_on is None or due_on < timezone.localdate()):
            self.add_error("due_on", _("Write a day from today on."))
        return data
