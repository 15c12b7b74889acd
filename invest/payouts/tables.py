"""The lists of payouts, and the rows of a loan's plan."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from invest.models import Distribution
from invest.payouts.queries import PlanRow
from invest.web.tables import DayColumn, DeskTable, KronorColumn, NumberColumn, WordColumn, badge


def _to_distribution(record: Distribution) -> str:
    return reverse("distribution", args=[record.vehicle.organisation.slug, record.pk])


class DistributionTable(DeskTable):
    """Payouts so far."""

    caption = _("Payouts to savers")
    row_head = "record_on"
    searched = ("vehicle__name", "reason")

    record_on = DayColumn(
        verbose_name=_("Record day"), order_by=("record_on", "pk"), linkify=_to_distribution
    )
    vehicle = WordColumn(
        accessor="vehicle__name",
        verbose_name=_("What the savers hold"),
        order_by=("vehicle__name", "pk"),
    )
    reason = WordColumn(verbose_name=_("Reason"), order_by=("reason", "pk"), visible=False)
    state = tables.Column(accessor="state__label", verbose_name=_("State"), orderable=False)
    total = KronorColumn(
        accessor="total_minor", verbose_name=_("In all"), order_by=("total_minor", "pk")
    )

    nothing = _("No payout yet.")

    def render_state(self, value: str) -> str:
        """With a colour."""
        return badge(value)

    def value_state(self, value: str) -> str:
        """The words alone."""
        return str(value)


class PlanTable(DeskTable):
    """Every row of a loan's plan, with what is still open of it."""

    caption = _("Every row of the plan")
    shows_caption = True
    row_head = "period"
    rows_a_page = 60

    period = NumberColumn(accessor="instalment__period", verbose_name=_("No."))
    due_on = DayColumn(accessor="instalment__due_on", verbose_name=_("Due"))
    principal = KronorColumn(accessor="instalment__principal_minor", verbose_name=_("Principal"))
    interest = KronorColumn(accessor="interest_and_fee_minor", verbose_name=_("Interest and fee"))
    still_open = KronorColumn(accessor="open_minor", verbose_name=_("Still open"))
    state = tables.Column(
        accessor="late_days", verbose_name=_("State"), order_by=("late_days", "instalment__period")
    )

    def render_state(self, record: PlanRow) -> str:
        """In words, with a colour beside them."""
        return badge(self.value_state(record), record.tone)

    def value_state(self, record: PlanRow) -> str:
        """The words alone."""
        if not record.open_minor:
            return str(_("paid"))
        if record.late_days:
            told = ngettext("%(n)s day late", "%(n)s days late", record.late_days)
            return told % {"n": record.late_days}
        return str(_("to come"))
