"""The bank desk's lists: what waits for a place, what has one, the files and the statements."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from invest.treasury.suggesting import name_of
from invest.web.tables import (
    DayColumn,
    DeskTable,
    KronorColumn,
    NumberColumn,
    WordColumn,
    WordTemplateColumn,
)


class WaitingTable(DeskTable):
    """Parts with something left to place: rows of `queries.waiting_on`, shown as cards."""

    caption = _("To place")
    searched = (
        "part__payer_name",
        "part__on_behalf_of",
        "part__ocr",
        "part__references",
        "part__message",
        "part__movement__message",
        "amount_text",
    )
    rows_a_page = 25

    day = DayColumn(accessor="booked_on", verbose_name=_("Day"))
    age = NumberColumn(accessor="age_days", verbose_name=_("Days waited"))
    payer = WordColumn(accessor="part__payer_name", verbose_name=_("Other party"))
    ocr = tables.Column(accessor="part__ocr", verbose_name=_("Reference"), visible=False)
    message = WordColumn(accessor="part__message", verbose_name=_("Message"), orderable=False)
    account = tables.Column(
        accessor="part__movement__bank_account__iban", verbose_name=_("Account"), visible=False
    )
    left = KronorColumn(accessor="signed_minor", verbose_name=_("Amount"))


class PlacedTable(DeskTable):
    """Placements that stand, each with its undo: rows of `queries.placed`."""

    caption = _("Undoing books the opposite; nothing is erased")
    shows_caption = True
    row_head = "what"
    searched = (
        "call__pledge__person__name",
        "person__name",
        "call__ocr",
        "part__payer_name",
        "part__message",
    )
    rows_a_page = 10

    what = WordTemplateColumn(
        template_name="invest/treasury/_placed_what.html",
        verbose_name=_("What it became"),
        order_by=("kind", "pk"),
    )
    amount = KronorColumn(
        accessor="amount_minor", verbose_name=_("Amount"), order_by=("amount_minor", "pk")
    )
    day = DayColumn(accessor="counts_from", verbose_name=_("Day"), order_by=("counts_from", "pk"))
    how = tables.Column(verbose_name=_("How"), order_by=("how", "pk"))
    undo = tables.TemplateColumn(
        template_name="invest/treasury/_undo.html",
        verbose_name=_("Undo"),
        orderable=False,
        exclude_from_export=True,
    )

    def value_what(self, record: object) -> str:
        """In a file: the kind, and whose it is."""
        call = record.call  # type: ignore[attr-defined]
        person = call.pledge.person if call else record.person  # type: ignore[attr-defined]
        label = record.get_kind_display()  # type: ignore[attr-defined]
        return f"{label}: {name_of(person)}" if person else str(label)

    def render_amount(self, record: object) -> str:
        """With its direction."""
        return str(_AMOUNT.render(_signed(record)))

    def value_amount(self, record: object) -> object:
        """With its direction."""
        return _AMOUNT.value(_signed(record))


_AMOUNT = KronorColumn()


def _signed(placement: object) -> int:
    minor: int = placement.amount_minor  # type: ignore[attr-defined]
    return minor if placement.part.amount_minor > 0 else -minor  # type: ignore[attr-defined]


class FileTable(DeskTable):
    """The bank's files that were imported, as they were received."""

    caption = _("Bank files")
    row_head = "name"
    searched = ("name",)
    rows_a_page = 8

    name = WordTemplateColumn(
        template_name="invest/treasury/_file.html",
        verbose_name=_("File"),
        order_by=("name", "pk"),
    )
    received_at = DayColumn(verbose_name=_("Imported"), order_by=("received_at", "pk"))

    def value_name(self, record: object) -> str:
        """The name it came with."""
        return str(record.name)  # type: ignore[attr-defined]


class StatementTable(DeskTable):
    """The chain of an account's statements: rows of `agreement.chain`, newest first."""

    caption = _("The chain of statements")
    row_head = "closes"
    rows_a_page = 25

    closes = DayColumn(accessor="closes_on", verbose_name=_("To"), order_by=("closes_on", "pk"))
    opens = DayColumn(accessor="opens_on", verbose_name=_("From"), order_by=("opens_on", "pk"))
    opening = KronorColumn(
        accessor="opening_minor", verbose_name=_("Opening balance"), order_by=("opening_minor",)
    )
    closing = KronorColumn(
        accessor="closing_minor", verbose_name=_("Closing balance"), order_by=("closing_minor",)
    )
    file = WordTemplateColumn(
        template_name="invest/treasury/_statement_file.html",
        verbose_name=_("File"),
        order_by=("file__name", "pk"),
    )

    def value_file(self, record: object) -> str:
        """The name it came with."""
        return str(record.file.name)  # type: ignore[attr-defined]
