"""The promises as a list of the desk."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from invest.models import PledgeEvent
from invest.pledges.queries import tone
from invest.web.tables import (
    DayColumn,
    DeskTable,
    KronorColumn,
    NumberColumn,
    WordColumn,
    WordTemplateColumn,
    badge,
    summed,
)


class AllottedTable(DeskTable):
    """What each would get of an issue: rows of `allotments.preview`, and all of it below."""

    caption = _("Confirmed promises in the order they were made")
    shows_caption = True
    row_head = "saver"
    searched = ("pledge__person__name",)

    saver = WordColumn(
        accessor="pledge__person__name",
        verbose_name=_("Saver"),
        default="–",
        most=40,
        footer=_("In all"),
    )
    asked_for = NumberColumn(accessor="asked", verbose_name=_("Asked for"), footer=summed)
    given = NumberColumn(verbose_name=_("Gets"), footer=summed)


class PledgeTable(DeskTable):
    """Promises as the desk handles them: `PledgeEvent` rows of `queries.pledges_of`."""

    caption = _("Promises")
    row_head = "saver"
    searched = (
        "pledge__person__name",
        "pledge__person__email",
        "pledge__person__phone",
        "pledge__offering__vehicle__project__name",
    )

    tick = tables.TemplateColumn(
        template_name="invest/pledges/_tick.html",
        verbose_name=_("Tick"),
        orderable=False,
        exclude_from_export=True,
    )
    saver = WordTemplateColumn(
        template_name="invest/pledges/_saver_cell.html",
        verbose_name=_("Saver"),
        order_by=("pledge__person__name", "pledge"),
    )
    email = WordColumn(accessor="pledge__person__email", verbose_name=_("E-mail"), visible=False)
    phone = WordColumn(accessor="pledge__person__phone", verbose_name=_("Phone"), visible=False)
    project = WordColumn(
        accessor="pledge__offering__vehicle__project__name",
        verbose_name=_("Project"),
        order_by=("pledge__offering__vehicle__project__name", "pledge"),
    )
    state = tables.Column(
        accessor="label", verbose_name=_("State"), order_by=("to_state", "pledge")
    )
    since = DayColumn(accessor="on", verbose_name=_("Since"), order_by=("on", "pledge"))
    amount = KronorColumn(verbose_name=_("Amount"), order_by=("amount_minor", "pledge"))

    nothing = _("No promises here.")

    class Meta:
        sequence = ("tick", "saver", "email", "phone", "project", "state", "since", "amount")

    def value_saver(self, record: PledgeEvent) -> str:
        """The name alone; mail and phone have columns of their own."""
        person = record.pledge.person
        return person.name if person else ""

    def render_state(self, record: PledgeEvent) -> str:
        """In words, with a colour beside them."""
        return badge(record.label, tone(record.to_state))

    def value_state(self, record: PledgeEvent) -> str:
        """The words alone."""
        return str(record.label)
