"""The lists of the vouchers' desk: what was given out, and what was taken."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from invest.web.tables import DayColumn, DeskTable, KronorColumn, NumberColumn, WordColumn


class BatchTable(DeskTable):
    """Vouchers by what gave them out: `queries.Batch`."""

    caption = _("Who has a code has the voucher: keep the papers as you keep money")
    shows_caption = True
    row_head = "given_out"
    searched = ("act", "number")
    rows_a_page = 20

    given_out = tables.TemplateColumn(
        template_name="invest/vouchers/_batch.html", accessor="number", verbose_name=_("Given out")
    )
    act = WordColumn(verbose_name=_("What"), visible=False)
    count = NumberColumn(verbose_name=_("Number"))
    lapsed = NumberColumn(verbose_name=_("Of these lapsed"))
    worth = KronorColumn(accessor="worth_minor", verbose_name=_("Worth"))
    left = KronorColumn(accessor="left_minor", verbose_name=_("Left"))
    valid_until = DayColumn(verbose_name=_("Last day"))

    nothing = _("No voucher is out.")

    def value_given_out(self, value: int) -> int:
        """The number of what gave it out."""
        return value


class UseTable(DeskTable):
    """What was taken and stands, the latest first, shown one by one."""

    caption = _("Taken lately")
    searched = ("holding__person__name", "voucher__number")
    rows_a_page = 30

    on = DayColumn(verbose_name=_("Day"), order_by=("on", "pk"))
    voucher = NumberColumn(
        accessor="voucher__number", verbose_name=_("Voucher"), order_by=("voucher__number", "pk")
    )
    who = WordColumn(
        accessor="holding__person__name",
        verbose_name=_("Taken by"),
        order_by=("holding__person__name", "pk"),
    )
    worth = KronorColumn(accessor="worth_minor", verbose_name=_("Worth"), order_by=("worth", "pk"))
