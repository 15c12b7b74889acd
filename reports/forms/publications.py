"""What is typed at the desks of publications, and what is brought to be verified."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from invest.models import Project
from invest.web.fields import PlainField, RefusingForm
from reports.publish.files import MOST_BYTES
from reports.publish.freeze import Words
from reports.publish.verbs import MOST


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"class": "form-control", "rows": rows})


class WordsForm(RefusingForm):
    """What an author writes beside the figures."""

    title_sv = PlainField(label=_("Title, in Swedish"), most=MOST["title"])
    text_sv = forms.CharField(
        label=_("Text, in Swedish"),
        widget=_area(8),
        help_text=_("As you would send it to a newspaper. The figures stand beside it."),
    )
    use_sv = forms.CharField(
        label=_("What the money is used for, in Swedish"), widget=_area(3), required=False
    )
    title_en = PlainField(label=_("Title, in English"), most=MOST["title"], required=False)
    text_en = forms.CharField(label=_("Text, in English"), widget=_area(6), required=False)
    use_en = forms.CharField(
        label=_("What the money is used for, in English"),
        widget=_area(3),
        required=False,
        help_text=_("Empty: the Swedish is shown to everybody."),
    )
    embargo_until = forms.DateTimeField(
        label=_("Hold it until"),
        required=False,
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local", "class": "form-control"}, format="%Y-%m-%dT%H:%M"
        ),
        help_text=_("Empty: published as soon as a second person has approved it."),
    )

    def words(self) -> Words:
        """What was written."""
        names = ("title_sv", "text_sv", "use_sv", "title_en", "text_en", "use_en")
        return Words(**{name: self.cleaned_data[name] for name in names})


class PublicationForm(WordsForm):
    """A new publication: of what, and as of which day."""

    project = forms.ModelChoiceField(
        Project.objects.none(),
        label=_("What it tells of"),
        required=False,
        empty_label=_("The whole organisation"),
    )
    as_of = forms.DateField(
        label=_("Figures as of"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    field_order = ("project", "as_of")

    def __init__(self, *args: Any, projects: QuerySet[Project], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["project"].queryset = projects  # type: ignore[attr-defined]


class RevisionForm(WordsForm):
    """What shall stand instead, and why."""

    reason = PlainField(
        label=_("Why it is revised"),
        most=300,
        help_text=_("Everybody will read it beside the old revision."),
    )
    as_of = forms.DateField(
        label=_("New figures as of"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: the same figures, with other words."),
    )
    field_order = ("reason", "as_of")


class VerifyForm(forms.Form):
    """A signed file: pasted, or brought as it is."""

    text = forms.CharField(
        label=_("Paste the signed file"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 6, "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=_("Or choose it: signed.json, or the PDF"),
        required=False,
        widget=forms.FileInput(
            attrs={"class": "form-control", "accept": ".json,.pdf,application/json,application/pdf"}
        ),
    )

    def clean(self) -> dict[str, Any]:
        """`data`: the bytes that were brought; the file before the paste."""
        told = super().clean() or {}
        brought, pasted = told.get("file"), told.get("text", "")
        if brought and brought.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is too large to be one of ours."))
        if not brought and not pasted.strip():
            raise forms.ValidationError(_("Paste a signed file, or choose one."))
        return {**told, "data": brought.read() if brought else pasted.encode()}
