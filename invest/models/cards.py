"""Paper cards: printed with serials, filled in by hand, entered by a runner in batches."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from invest.models.fairs import Fair
from invest.models.in_kind import InKind
from invest.models.pledges import Pledge


class CardBatch(models.Model):
    """Cards entered together; closed when number and sum are those counted by hand."""

    fair = models.ForeignKey(Fair, models.PROTECT, related_name="batches")
    number = models.PositiveIntegerField()
    opened_by = models.CharField(max_length=60)
    opened_at = models.DateTimeField(default=timezone.now)
    closed_by = models.CharField(max_length=60, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["fair", "number"]
        constraints = [
            models.UniqueConstraint(fields=["fair", "number"], name="card_batch_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.fair_id} batch {self.number}"


class PledgeCard(models.Model):
    """A card by its printed serial, and the promise that was on it."""

    fair = models.ForeignKey(Fair, models.PROTECT, related_name="cards")
    batch = models.ForeignKey(CardBatch, models.PROTECT, related_name="cards")
    serial = models.PositiveIntegerField()
    pledge = models.OneToOneField(
        Pledge, models.PROTECT, null=True, blank=True, related_name="card"
    )
    in_kind = models.OneToOneField(
        InKind, models.PROTECT, null=True, blank=True, related_name="card"
    )

    class Meta:
        ordering = ["fair", "serial"]
        constraints = [
            models.UniqueConstraint(fields=["fair", "serial"], name="card_serial_once_per_fair"),
            models.CheckConstraint(
                name="card_holds_one_promise",
                condition=Q(pledge__isnull=False, in_kind__isnull=True)
                | Q(pledge__isnull=True, in_kind__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fair_id} card {self.serial}"
