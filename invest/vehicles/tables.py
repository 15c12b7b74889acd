"""The lists of the vehicles' desk: registers, what was done, and offers."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from invest.kinds import KINDS
from invest.models import Vehicle
from invest.web.tables import DayColumn, DeskTable, KronorColumn, NumberColumn, WordColumn


def _to_vehicle(record: Vehicle) -> str:
    return reverse("vehicle", args=[record.organisation.slug, record.slug])


class VehicleTable(DeskTable):
    """Registers of an organisation: rows of `registers.vehicles_of`."""

    caption = _("Registers")
    row_head = "name"
    searched = ("name", "project__name")

    name = WordColumn(verbose_name=_("Register"), order_by=("name", "pk"), linkify=_to_vehicle)
    project = WordColumn(
        accessor="project__name", verbose_name=_("Project"), order_by=("project__name", "pk")
    )
    kind = tables.Column(verbose_name=_("Form"), order_by=("kind", "pk"))

    nothing = _("Nothing to keep a register of yet.")

    def render_kind(self, record: Vehicle) -> str:
        """In words."""
        return str(KINDS[record.kind].label)


class ActionTable(DeskTable):
    """What was done with a vehicle: `labels.DescribedAction`, shown one by one."""

    caption = _("What was done")
    searched = ("act__label", "facts_text", "action__evidence", "why")
    rows_a_page = 12

    number = NumberColumn(accessor="action__number", verbose_name=_("No."))
    on = DayColumn(
        accessor="action__on", verbose_name=_("Day"), order_by=("action__on", "action__number")
    )
    act = WordColumn(accessor="act__label", verbose_name=_("What"))
    state = tables.Column(accessor="state__label", verbose_name=_("State"))
    facts_text = WordColumn(verbose_name=_("Facts"), orderable=False)
    evidence = WordColumn(accessor="action__evidence", verbose_name=_("Rests on"), orderable=False)
    why = WordColumn(verbose_name=_("Because"), orderable=False)


class OfferTable(DeskTable):
    """Offers to savers: pairs of an offering and the goal in force."""

    caption = _("Offers")
    row_head = "name"
    searched = ("0__vehicle__name", "0__vehicle__project__name")

    name = tables.TemplateColumn(
        template_name="invest/vehicles/_offer_name.html",
        accessor="0__vehicle__name",
        verbose_name=_("Offer"),
    )
    project = WordColumn(
        accessor="0__vehicle__project__name", verbose_name=_("Project"), visible=False
    )
    opens = DayColumn(accessor="0__opens_on", verbose_name=_("Opens"))
    closes = DayColumn(accessor="0__closes_on", verbose_name=_("Closes"))
    least = KronorColumn(accessor="1__goal_min", verbose_name=_("Needs at least"))
    most = KronorColumn(accessor="1__goal_max", verbose_name=_("Can use up to"))
    goal = tables.TemplateColumn(
        template_name="invest/vehicles/_offer_goal.html",
        verbose_name=_("Goal"),
        orderable=False,
        exclude_from_export=True,
    )

    nothing = _("Nothing is offered yet.")

    def value_name(self, value: Any) -> str:
        """The name alone; its project has a column."""
        return str(value)
