"""The offers of help as a list of the desk."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from invest.web.tables import DayColumn, DeskTable, WordColumn


class HelpTable(DeskTable):
    """Offers of help, by state: `queries.Offer`, shown one by one."""

    caption = _("Help in kind")
    searched = ("giver", "in_kind__what", "in_kind__need__text", "how_much", "now__label")
    rows_a_page = 30

    giver = WordColumn(verbose_name=_("Name"))
    how_much = tables.Column(verbose_name=_("How much"), orderable=False)
    what = WordColumn(accessor="in_kind__what", verbose_name=_("What it is"))
    need = WordColumn(accessor="in_kind__need__text", verbose_name=_("For the need"))
    state = tables.Column(accessor="now__label", verbose_name=_("State"))
    since = DayColumn(accessor="now__on", verbose_name=_("Since"))
    due_on = DayColumn(accessor="now__due_on", verbose_name=_("The day"))
