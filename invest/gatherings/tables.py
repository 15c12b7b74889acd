"""The lists of the gatherings' desk: gatherings, who comes, and what is done with others."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from invest.models import Cooperation, SignUp
from invest.web.tables import DayColumn, DeskTable, NumberColumn, WordColumn


class GatheringTable(DeskTable):
    """Gatherings to come, or held: rows of `queries.coming` and `queries.past`."""

    searched = ("name", "venue")
    rows_a_page = 20

    name = WordColumn(verbose_name=_("Name"), order_by=("name", "pk"))
    starts_at = DayColumn(verbose_name=_("Begins"), order_by=("starts_at", "pk"))
    form = tables.Column(verbose_name=_("Form"), order_by=("form", "pk"))
    venue = WordColumn(verbose_name=_("Where"), order_by=("venue", "pk"))
    cancelled_at = DayColumn(verbose_name=_("Cancelled"), orderable=False)


class GuestTable(DeskTable):
    """Who comes, by the name that was typed: rows of `queries.gathering_desk`."""

    caption = _("Who comes")
    searched = ("guest", "words")

    guest = WordColumn(verbose_name=_("Name"))
    email = WordColumn(accessor="person__email", verbose_name=_("E-mail"), orderable=False)
    party = NumberColumn(verbose_name=_("How many"))
    words = WordColumn(verbose_name=_("Words"), orderable=False)
    signed_up_at = DayColumn(verbose_name=_("Signed up"))
    state = tables.Column(verbose_name=_("State"), orderable=False, empty_values=())

    def value_state(self, record: SignUp) -> str:
        """In words; empty before it is told."""
        if record.cancelled_at:
            return str(_("withdrawn"))
        return str({True: _("came"), False: _("did not come"), None: ""}[record.came])


class CooperationTable(DeskTable):
    """Who was asked to take part in what."""

    searched = ("organisation__name", "thing__name", "part")

    organisation = WordColumn(accessor="organisation__name", verbose_name=_("Organisation"))
    thing = WordColumn(accessor="thing__name", verbose_name=_("In what"))
    part = WordColumn(verbose_name=_("The part"), orderable=False)
    answer = tables.Column(verbose_name=_("Answer"), orderable=False, empty_values=())

    def value_answer(self, record: Cooperation) -> str:
        """In a word."""
        if record.accepted_on:
            return str(_("yes"))
        return str(_("no") if record.declined_on else _("no answer yet"))
