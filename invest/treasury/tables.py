"""The bank desk's lists: what waits to be paired, what was paired, and the files so far."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from invest.web.tables import DayColumn, DeskTable, KronorColumn, WordColumn


class WaitingTable(DeskTable):
    """Bank lines with something left to pair: rows of `queries.waiting`, shown as cards."""

    caption = _("Payments that wait to be paired")
    searched = ("part__payer_name", "part__ocr", "part__message", "amount_text")
    rows_a_page = 25

    day = DayColumn(accessor="booked_on", verbose_name=_("Day"))
    payer = WordColumn(accessor="part__payer_name", verbose_name=_("Payer"))
    ocr = tables.Column(accessor="part__ocr", verbose_name=_("Reference"))
    message = WordColumn(accessor="part__message", verbose_name=_("Message"), orderable=False)
    left = KronorColumn(accessor="left_minor", verbose_name=_("Amount"))


class PlacedTable(DeskTable):
    """Placements that stand, each with its undo: rows of `queries.placed`."""

    caption = _("Undoing books the opposite; nothing is erased")
    shows_caption = True
    row_head = "saver"
    searched = ("call__pledge__person__name", "call__ocr", "part__payer_name")
    rows_a_page = 20

    saver = WordColumn(
        accessor="call__pledge__person__name",
        verbose_name=_("Saver"),
        order_by=("call__pledge__person__name", "pk"),
        default="–",
        most=40,
    )
    day = DayColumn(accessor="counts_from", verbose_name=_("Day"), order_by=("counts_from", "pk"))
    ocr = tables.Column(accessor="call__ocr", verbose_name=_("Reference"), visible=False)
    how = tables.Column(verbose_name=_("How"), order_by=("how", "pk"))
    amount = KronorColumn(
        accessor="amount_minor", verbose_name=_("Amount"), order_by=("amount_minor", "pk")
    )
    undo = tables.TemplateColumn(
        template_name="invest/treasury/_undo.html",
        verbose_name=_("Undo"),
        orderable=False,
        exclude_from_export=True,
    )


class FileTable(DeskTable):
    """The bank's files that were imported."""

    caption = _("Bank files")
    row_head = "name"
    searched = ("name",)
    rows_a_page = 8

    name = WordColumn(verbose_name=_("File"), order_by=("name", "pk"), most=60)
    received_at = DayColumn(verbose_name=_("Imported"), order_by=("received_at", "pk"))
