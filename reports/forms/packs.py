"""What an organiser types about a fair's report: its shape is checked here."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from invest.models import Fair
from invest.people import plain
from invest.web.fields import RefusingForm
from invest.web.questions import DAY
from pools.errors import Refused
from reports.models import Chapter

MOST_WORDS = 4000


class WordsField(forms.CharField):
    """Paragraphs of plain text; script in it is text. See `people.plain` for what is refused."""

    def __init__(self, **options: Any) -> None:
        looks = forms.Textarea(attrs={"class": "form-control", "rows": 4})
        super().__init__(widget=looks, max_length=MOST_WORDS, required=False, **options)

    def to_python(self, value: object) -> str:
        """With one sign for a line's end, in one Unicode form."""
        text = super().to_python(value) or ""
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        try:
            return "\n".join(plain(line, most=len(text) + 1) for line in lines).strip()
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class ChapterForm(RefusingForm):
    """A part of the report: shown or not, and words before its pictures."""

    is_shown = forms.BooleanField(label=gettext_lazy("Show this part"), required=False)
    words_sv = WordsField(label=gettext_lazy("Words in Swedish"))
    words_en = WordsField(label=gettext_lazy("Words in English"))

    def __init__(self, *args: Any, title: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.title = title

    @property
    def is_open(self) -> bool:
        """Whether there are words, or something wrong with them: then they are not folded away."""
        return bool(self.errors or self["words_sv"].value() or self["words_en"].value())


class PackForm(RefusingForm):
    """Of which day, in which language."""

    as_of = forms.DateField(label=gettext_lazy("Figures as of"), widget=DAY)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)

    def clean_as_of(self) -> Any:
        """Nothing is known of a day to come."""
        if self.cleaned_data["as_of"] > timezone.localdate():
            raise forms.ValidationError(_("That day is still to come."))
        return self.cleaned_data["as_of"]


def chapter_forms(fair: Fair, sent: Any = None) -> dict[str, ChapterForm]:
    """A form for each part of the fair's report, by code and in order; as it was decided last."""
    from reports.charts import CHAPTERS  # noqa: PLC0415 -- pandas: 0.5 s that only a report needs

    decided = {chapter.code: chapter for chapter in Chapter.objects.filter(fair=fair)}
    forms_by_code = {}
    for code, (title, _draws) in CHAPTERS.items():
        known = decided.get(code) or Chapter(fair=fair, code=code)
        initial = {name: getattr(known, name) for name in ("is_shown", "words_sv", "words_en")}
        forms_by_code[code] = ChapterForm(sent, prefix=code, initial=initial, title=str(title))
    return forms_by_code
