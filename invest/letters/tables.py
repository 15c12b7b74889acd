"""The letters as a list of the desk."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from invest.web.tables import DayColumn, DeskTable, WordColumn


class LetterTable(DeskTable):
    """Letters without their text: rows of `queries.letters_of`, shown one by one."""

    caption = _("Letters")
    searched = ("subject", "to")

    written_at = DayColumn(verbose_name=_("Written"), order_by=("written_at", "pk"))
    to = WordColumn(verbose_name=_("To"), order_by=("to", "pk"))
    subject = WordColumn(verbose_name=_("Subject"), order_by=("subject", "pk"))
    kind = tables.Column(verbose_name=_("Sort"), orderable=False)
    sent_at = DayColumn(verbose_name=_("Sent"), orderable=False)
