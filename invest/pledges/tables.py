"""Lists that are sorted, paged and taken home as CSV."""

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from invest.models import PledgeEvent
from invest.pledges.queries import tone
from pools.wording import money_text


class PledgeTable(tables.Table):  # type: ignore[misc] # django-tables2 has no stubs
    """Promises as the desk handles them: `PledgeEvent` rows of `queries.desk.pledges_of`.

    In CSV amounts are kronor with two decimals and a point, days are ISO 8601.
    """

    caption = _("Promises")

    tick = tables.TemplateColumn(
        template_name="invest/pledges/_tick.html",
        verbose_name=_("Tick"),
        orderable=False,
        exclude_from_export=True,
    )
    saver = tables.TemplateColumn(
        template_name="invest/pledges/_saver_cell.html",
        verbose_name=_("Saver"),
        order_by=("pledge__person__name", "pledge"),
        attrs={"td": {"class": "user-text"}},
    )
    email = tables.Column(accessor="pledge__person__email", verbose_name=_("E-mail"), visible=False)
    phone = tables.Column(accessor="pledge__person__phone", verbose_name=_("Phone"), visible=False)
    project = tables.Column(
        accessor="pledge__offering__vehicle__project__name",
        verbose_name=_("Project"),
        order_by=("pledge__offering__vehicle__project__name", "pledge"),
    )
    state = tables.Column(
        accessor="label", verbose_name=_("State"), order_by=("to_state", "pledge")
    )
    since = tables.Column(accessor="on", verbose_name=_("Since"), order_by=("on", "pledge"))
    amount = tables.Column(
        verbose_name=_("Amount"),
        order_by=("amount_minor", "pledge"),
        attrs={"td": {"class": "number"}, "th": {"class": "number"}},
    )

    class Meta:
        model = PledgeEvent
        fields = ("tick", "saver", "email", "phone", "project", "state", "since", "amount")
        sequence = fields
        attrs = {"class": "figures"}
        template_name = "components/table.html"
        empty_text = _("No promises here.")

    def value_saver(self, record: PledgeEvent) -> str:
        """The name alone; mail and phone have columns of their own."""
        person = record.pledge.person
        return person.name if person else ""

    def render_state(self, record: PledgeEvent) -> str:
        """In words, with a colour beside them."""
        return format_html(
            '<span class="badge-state {}">{}</span>', tone(record.to_state), record.label
        )

    def value_state(self, record: PledgeEvent) -> str:
        """The words alone."""
        return str(record.label)

    def value_since(self, record: PledgeEvent) -> str:
        """ISO 8601."""
        return record.on.isoformat()

    def render_amount(self, value: Any) -> str:
        """In the reader's language."""
        return money_text(value)

    def value_amount(self, value: Any) -> str:
        """Kronor, two decimals."""
        return f"{value.amount:.2f}"
