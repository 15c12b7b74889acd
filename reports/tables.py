"""An organisation's publications as a list of the desk."""

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from invest.web.tables import DayColumn, DeskTable, NumberColumn, WordColumn


class PublicationTable(DeskTable):
    """Publications with their revisions, newest first: pairs of one and its lines."""

    caption = _("Publications")
    searched = ("1__0__title", "0__project__name")
    rows_a_page = 20

    title = WordColumn(accessor="1__0__title", verbose_name=_("Title"))
    project = WordColumn(accessor="0__project__name", verbose_name=_("Project"))
    revision = NumberColumn(accessor="1__0__revision__number", verbose_name=_("Revision"))
    state = tables.Column(accessor="1__0__state", verbose_name=_("State"))
    drafted_at = DayColumn(accessor="1__0__revision__drafted_at", verbose_name=_("Drafted"))
    published_from = DayColumn(
        accessor="1__0__revision__published_from", verbose_name=_("Public from")
    )

    def value_state(self, value: Any) -> str:
        """In words."""
        return str(value)
