"""What a part of a bank's movement became: the one tie between the bank and the promises."""

from collections.abc import Mapping
from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from invest.models.people import Person
from invest.models.pledges import Call
from invest.models.standing import StandingQuerySet, stands, was_known
from pools.models import Entry, Part


class PlacementQuerySet(StandingQuerySet["Placement"]):
    """Placements. They count from the bank's day, whatever day they could be booked on."""

    def standing(
        self, as_of: date | None = None, known_to: Mapping[int, int] | None = None
    ) -> Self:
        """Those that stand; with `as_of` those that counted at the end of that day.

        `known_to` (ledger pk → last seq) leaves out what was booked or undone later.
        """
        if as_of is None:
            return super().standing(known_to=known_to)
        counts = Q(counts_from__lte=as_of)
        counted = counts & Q(counted_until__gt=as_of)
        return self.filter(counted | counts & stands(known_to=known_to)).filter(was_known(known_to))

    def payments(self) -> Self:
        """Those that pay a call."""
        return self.filter(kind=Placement.Kind.PAYMENT)


class Placement(models.Model):
    """A part of a movement, or some of it, and what it became; undone by reversing its entry.

    `amount_minor` is above zero, in the part's own direction. It counts from the bank's day,
    whenever somebody placed it and on whatever day it could be booked.
    """

    class Kind(models.TextChoices):
        PAYMENT = "payment", _("Payment of a call")
        CONFIRMED = "confirmed", _("Told by the bank of what the book has")
        RETURNED = "returned", _("Set off against its return")
        SENT_BACK = "sent-back", _("Sent back")
        TRANSFERRED = "transferred", _("Between own accounts")
        HELD = "held", _("Held for somebody")
        FEE = "fee", _("The bank's fee")
        BOOKKEEPER = "bookkeeper", _("The bookkeeper's")

    class How(models.TextChoices):
        AUTO = "auto", _("By reference")
        MANUAL = "manual", _("By hand")

    AGAINST = (Kind.RETURNED, Kind.SENT_BACK, Kind.TRANSFERRED)

    part = models.ForeignKey(Part, models.PROTECT, related_name="placements")
    kind = models.CharField(max_length=11, choices=Kind)
    amount_minor = models.BigIntegerField()
    how = models.CharField(max_length=6, choices=How)
    counts_from = models.DateField(help_text="The bank's day.")
    counted_until = models.DateField(
        null=True,
        blank=True,
        help_text="Of what is undone: that day and later it does not count. The first day: never.",
    )
    call = models.ForeignKey(Call, models.PROTECT, null=True, blank=True, related_name="placements")
    confirms = models.ForeignKey(
        Entry, models.PROTECT, null=True, blank=True, related_name="confirmations"
    )
    against = models.ForeignKey(
        Part, models.PROTECT, null=True, blank=True, related_name="set_off_by"
    )
    person = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="held_for"
    )
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="placement")

    objects = PlacementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="placement_amount_above_zero", condition=Q(amount_minor__gte=1)
            ),
            models.CheckConstraint(
                name="placement_has_the_one_target_of_its_kind",
                condition=Q(
                    kind="payment",
                    call__isnull=False,
                    confirms=None,
                    against=None,
                    person=None,
                )
                | Q(
                    kind="confirmed",
                    call=None,
                    confirms__isnull=False,
                    against=None,
                    person=None,
                )
                | Q(
                    kind__in=["returned", "sent-back", "transferred"],
                    call=None,
                    confirms=None,
                    against__isnull=False,
                    person=None,
                )
                | Q(kind="held", call=None, confirms=None, against=None)
                | Q(
                    kind__in=["fee", "bookkeeper"],
                    call=None,
                    confirms=None,
                    against=None,
                    person=None,
                ),
            ),
            models.CheckConstraint(
                name="placement_counted_until_after_it_counts",
                condition=Q(counted_until=None) | Q(counted_until__gte=F("counts_from")),
            ),
            models.CheckConstraint(
                name="placement_not_against_itself", condition=~Q(against=F("part"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part_id} → {self.kind}"
