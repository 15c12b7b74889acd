"""The limit watch as a list."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from invest.web.tables import DayColumn, DeskTable, WordColumn


class LimitTable(DeskTable):
    """Rules that are watched: rows of `limits.watch`, shown one by one."""

    caption = _("Watched")
    searched = ("label", "value", "source")

    label = WordColumn(verbose_name=_("Rule"))
    value = WordColumn(verbose_name=_("Now"), orderable=False)
    limit = WordColumn(verbose_name=_("Limit"), orderable=False)
    share = tables.Column(verbose_name=_("Percent of the limit"))
    source = WordColumn(verbose_name=_("Written in"))
    looked_on = DayColumn(accessor="review__looked_on", verbose_name=_("Looked into"))

    def value_share(self, value: float) -> int:
        """Whole percent."""
        return int(100 * value)
