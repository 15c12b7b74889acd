"""Narrowing down the list of projects."""

from functools import cached_property
from typing import Any

import django_filters as filters
from django import forms
from django.utils.translation import gettext_lazy as _

from invest.kinds import KINDS
from invest.models import Project
from invest.progress.listed import STAGE_GROUPS

STAGE_GROUP_LABELS = {
    "preparing": _("Getting ready"),
    "raising": _("Raising money"),
    "building": _("Funded, building"),
    "operating": _("Up and running"),
    "ended": _("Ended"),
}


class ProjectFilter(filters.FilterSet):  # type: ignore[misc] # django-filter has no stubs
    """Works on projects annotated by `with_stage`."""

    text = filters.CharFilter(
        label=_("Search"),
        method="with_text",
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    stage = filters.ChoiceFilter(
        label=_("Stage"),
        method="in_stage",
        choices=[(group, STAGE_GROUP_LABELS[group]) for group in STAGE_GROUPS],
        empty_label=_("All stages"),
    )
    sector = filters.ChoiceFilter(
        label=_("Sector"), choices=Project.Sector.choices, empty_label=_("All sectors")
    )
    kind = filters.ChoiceFilter(
        label=_("Form"),
        method="of_kind",
        choices=[(code, kind.label) for code, kind in KINDS.items()],
        empty_label=_("All forms"),
    )
    municipality = filters.ChoiceFilter(
        label=_("Municipality"), choices=[], empty_label=_("All municipalities")
    )

    class Meta:
        model = Project
        fields = ["text", "stage", "sector", "kind", "municipality"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        places = sorted({row[-1] for row in self._words})
        self.filters["municipality"].extra["choices"] = [(place, place) for place in places]

    @cached_property
    def _words(self) -> list[tuple[int, str, str]]:
        """Every project's pk, all its words casefolded, and its municipality. One query.

        Folded in Python: SQLite folds no å, ä, ö.
        """
        rows = Project.objects.values_list(
            "pk", "name", "summary_sv", "summary_en", "organisation__name", "municipality"
        )
        return [(pk, " ".join(words).casefold(), words[-1]) for pk, *words in rows]

    def with_text(self, projects: Any, name: str, value: str) -> Any:
        """Those that hold every word, in any order."""
        wanted = value.casefold().split()
        return projects.filter(
            pk__in=[pk for pk, text, _place in self._words if all(word in text for word in wanted)]
        )

    def in_stage(self, projects: Any, name: str, value: str) -> Any:
        """Those in a group of stages."""
        return projects.filter(stage__in=STAGE_GROUPS[value])

    def of_kind(self, projects: Any, name: str, value: str) -> Any:
        """Those that offer a kind of vehicle."""
        return projects.filter(vehicles__kind=value).distinct()
