"""The promises as a list of the desk."""

from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from invest.models import PledgeEvent
from invest.pledges.queries import tone
from invest.web.tables import NUMBER, DayColumn, DeskTable, WordColumn, WordTemplateColumn, badge
from pools.wording import money_text


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
    amount = tables.Column(
        verbose_name=_("Amount"), order_by=("amount_minor", "pledge"), attrs=NUMBER
    )

    class Meta(DeskTable.Meta):
        empty_text = _("No promises here.")
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

    def render_amount(self, value: Any) -> str:
        """In the reader's language."""
        return money_text(value)

    def value_amount(self, value: Any) -> Decimal:
        """Kronor, two decimals."""
        amount: Decimal = value.amount
        return amount.quantize(Decimal("0.01"))
