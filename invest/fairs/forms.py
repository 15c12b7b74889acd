"""What an organiser types before, during and after a fair."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from invest.fairs.queries.desk import invitable
from invest.in_kind.forms import QuantityField
from invest.in_kind.in_kind import USUAL_UNITS, Help
from invest.models import Fair, FollowUp, InKind, Project
from invest.people import Giver
from invest.web.fields import AmountField, PlainField, RefusingForm, whole_number
from invest.web.questions import DAY
from invest.web.wording import UNIT_LABELS, unit_label
from pools.errors import NotAnAmount, Refused

MOST_CARDS = 400
LAST_SERIAL = 99_999


class _ProjectField(forms.ModelChoiceField):  # type: ignore[type-arg] # not generic at run time
    """A project with whose it is."""

    def label_from_instance(self, obj: Any) -> str:
        """Two organisations may have projects of the same name."""
        return f"{obj.name} ({obj.organisation.name})"


class InviteForm(RefusingForm):
    """Which project to ask; anybody's."""

    project = _ProjectField(
        label=_("Project"),
        queryset=Project.objects.none(),
        empty_label=_("choose a project"),
        help_text=_("Also other organisations' projects. They answer for themselves."),
    )

    def __init__(self, *args: Any, fair: Fair, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = invitable(fair, timezone.localdate())
        self.fields["project"].queryset = choices  # type: ignore[attr-defined]


class TaskForm(RefusingForm):
    """Something to do, and by when."""

    text = PlainField(label=_("What is to be done"), most=160)
    due_on = forms.DateField(label=_("By"), widget=DAY)


class CardsForm(RefusingForm):
    """Which numbers to print on pledge cards: `from` and `count`."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # `from` is a word of Python's own, so the field cannot stand in the class.
        self.fields["from"] = forms.IntegerField(
            label=_("First number"), min_value=1, max_value=LAST_SERIAL
        )
        self.fields["count"] = forms.IntegerField(
            label=_("How many cards"),
            min_value=1,
            max_value=MOST_CARDS,
            help_text=_("Four on a sheet, at most %(most)s at a time.") % {"most": MOST_CARDS},
        )
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"

    def serials(self) -> range:
        """The numbers asked for."""
        first: int = self.cleaned_data["from"]
        return range(first, first + self.cleaned_data["count"])


class ReachedForm(RefusingForm):
    """What whoever promised said on the phone."""

    promised = QuantityField(required=False, label=_("Another amount"))
    reason = PlainField(most=300, required=False, label=_("Note"))


class FoundForm(RefusingForm):
    """What became of a promise, on one line."""

    found = forms.ChoiceField(
        choices=[("", _("Choose …")), *FollowUp.Found.choices], label=_("What became of it?")
    )
    value = AmountField(required=False, label=_("Worth so far, in kronor"))
    comment = PlainField(most=300, required=False, label=_("Comment"))


HIGHEST_SERIAL = 999_999
_label = lazy(unit_label, str)


class CardForm(RefusingForm):
    """A card as it lies on the table: kronor, or help in kind."""

    serial = whole_number(_("Number on the card"), min_value=1, max_value=HIGHEST_SERIAL)
    project = forms.ModelChoiceField(
        Project.objects.none(), label=_("Project"), empty_label=_("Choose …")
    )
    amount = AmountField(required=False, label=_("Kronor"))
    name = PlainField(most=120, label=_("Name or alias"))
    phone = PlainField(
        most=30, required=False, label=_("Phone"), widget=forms.TextInput(attrs={"type": "tel"})
    )
    email = forms.EmailField(required=False, label=_("E-mail"))
    publish_name = forms.BooleanField(required=False, label=_("The name may be shown"))
    sort = forms.ChoiceField(
        required=False, label=_("Sort of help"), choices=[("", _("Choose …")), *InKind.Sort.choices]
    )
    what = PlainField(most=200, required=False, label=_("What"))
    quantity = QuantityField(required=False, label=_("How much"))
    unit = forms.ChoiceField(
        required=False,
        label=_("Unit"),
        choices=[("", _("The usual one")), *((code, _label(code)) for code in UNIT_LABELS)],
    )

    MONEY = ("serial", "project", "amount", "name", "phone", "email", "publish_name")
    HELP = ("sort", "what", "quantity", "unit")

    def __init__(self, *args: Any, projects: QuerySet[Project], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["project"].queryset = projects  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Kronor or help; both at once is a question, not a guess."""
        data: dict[str, Any] = super().clean() or {}
        if self.errors:
            return data
        helps = any(data.get(name) for name in ("sort", "what", "quantity"))
        if helps and data["amount"]:
            self.add_error("amount", _("Kronor or help in kind? A card is one of them."))
        elif helps:
            self._want("sort", _("Choose what sort of help it is."))
            self._want("what", _("Write what the card says."))
            if not data.get("quantity"):
                self.refuse("quantity", NotAnAmount())
        elif not data["amount"]:
            self.refuse("amount", NotAnAmount())
        return data

    def _want(self, name: str, why: Any) -> None:
        if not self.cleaned_data.get(name):
            self.add_error(name, why)

    def giver(self) -> Giver:
        """Whoever filled in the card."""
        told = self.cleaned_data
        return Giver(
            name=told["name"],
            email=told["email"],
            phone=told["phone"],
            publish_name=told["publish_name"],
        )

    def promised(self) -> Any:
        """The kronor, or the help."""
        told = self.cleaned_data
        if told["amount"]:
            return told["amount"]
        return Help(
            sort=told["sort"],
            what=told["what"],
            quantity=told["quantity"],
            unit=told["unit"] or USUAL_UNITS[told["sort"]],
        )

    def blame(self, refusal: Refused) -> None:
        """Say beside the field that the refusal is about, if it is about one."""
        of_card = {"CardEntered": "serial", "UnsafeText": "name"}
        of_amount = "amount" if self.cleaned_data.get("amount") else "quantity"
        named = self._named_by(refusal)
        self.refuse(named or of_card.get(type(refusal).__name__, of_amount), refusal)

    def focus(self) -> None:
        """Begin at the first field that is wrong, else at the serial: the next card's."""
        wrong = next((name for name in self.fields if name in self.errors), "serial")
        self.fields[wrong].widget.attrs["autofocus"] = True

    @property
    def money_fields(self) -> list[forms.BoundField]:
        """Who, for what, and how many kronor."""
        return [self[name] for name in self.MONEY]

    @property
    def help_fields(self) -> list[forms.BoundField]:
        """What else a card may promise."""
        return [self[name] for name in self.HELP]

    @property
    def shows_help(self) -> bool:
        """Whether anything of help was typed or is wrong."""
        return any(field.errors or field.value() for field in self.help_fields)


class CorrectForm(RefusingForm):
    """What the card really says."""

    promised = QuantityField(label=_("As it stands on the card"))


class CloseForm(RefusingForm):
    """The pile as it was counted by hand."""

    number = whole_number(_("Cards in the pile"), min_value=0, max_value=HIGHEST_SERIAL)
    total = AmountField(
        may_be_zero=True,
        label=_("Kronor on them, all in all"),
        help_text=_("Cards of help in kind count as cards, and add no kronor."),
    )
