"""The lists of the places' desk: places, cards of an inventory, shops and producers."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from invest.models import AssetCard
from invest.places.queries.places import keepers_contact
from invest.web.tables import DayColumn, DeskTable, TickColumn, WordColumn


class PlaceTable(DeskTable):
    """The places of an organisation."""

    caption = _("Our places")
    searched = ("name", "municipality")

    name = WordColumn(verbose_name=_("Name"), order_by=("name", "pk"))
    municipality = WordColumn(verbose_name=_("Municipality"), order_by=("municipality", "pk"))


class CardTable(DeskTable):
    """Cards as their keeper reads them: rows of `queries.places.search`."""

    caption = _("Cards")
    searched = ("title", "text")
    words_field = "text"

    side = tables.Column(verbose_name=_("We have or lack"))
    kind = tables.Column(verbose_name=_("Kind"))
    title = WordColumn(verbose_name=_("What it is"))
    text = WordColumn(verbose_name=_("More about it"), orderable=False)
    added_at = DayColumn(verbose_name=_("Added"))
    project = WordColumn(accessor="in_kind__project__name", verbose_name=_("Promised to a project"))
    contact = WordColumn(verbose_name=_("Contact"), orderable=False, empty_values=(), accessor="pk")

    def value_contact(self, record: AssetCard) -> str:
        """What the page tells the keeper, and no more."""
        return ", ".join(keepers_contact(record))


class RemovedTable(DeskTable):
    """Cards that were taken away."""

    caption = _("Taken away")
    searched = ("title", "removed_why")

    title = WordColumn(verbose_name=_("What it is"), order_by=("title", "pk"))
    removed_at = DayColumn(verbose_name=_("Taken away"), order_by=("removed_at", "pk"))
    removed_why = WordColumn(verbose_name=_("Because"), orderable=False)


class ListingTable(DeskTable):
    """Listings that stand, shown or not: rows of `queries.directory.standing`."""

    caption = _("Shops and producers")
    searched = ("producer__name", "producer__what_sv", "producer__what_en", "producer__address")

    name = WordColumn(accessor="producer__name", verbose_name=_("Name"))
    sort = tables.Column(accessor="producer__get_sort_display", verbose_name=_("Sort"))
    agreed_on = DayColumn(accessor="producer__agreed_on", verbose_name=_("Agreed"))
    checked_on = DayColumn(accessor="producer__checked_on", verbose_name=_("Checked"))
    takes_currency = TickColumn(
        accessor="producer__takes_currency",
        verbose_name=_("Takes the local currency"),
        orderable=False,
    )
    takes_vouchers = TickColumn(verbose_name=_("Takes local vouchers"), orderable=False)
