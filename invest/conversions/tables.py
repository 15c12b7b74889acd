"""Who was asked to join what a group becomes, as a list."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from invest.models import JoinInvitation
from invest.web.tables import DeskTable, WordColumn


class InvitationTable(DeskTable):
    """Questions to a group's people, shown one by one."""

    caption = _("Who was asked")
    searched = ("person__name", "offering__vehicle__name")

    name = WordColumn(
        accessor="person__name", verbose_name=_("Name"), order_by=("person__name", "pk")
    )
    joins = WordColumn(
        accessor="offering__vehicle__name",
        verbose_name=_("What they would join"),
        order_by=("offering__vehicle__name", "pk"),
    )
    answer = tables.Column(verbose_name=_("Answer"), orderable=False, empty_values=())

    def value_answer(self, record: JoinInvitation) -> str:
        """In words."""
        if record.pledge_id:
            return str(_("said yes"))
        return str(_("said no") if record.declined_on else _("has not answered"))
