"""Vouchers by their codes: what each is worth, what is left of it, and where it was used."""

from django.db import models
from django.db.models import F, Q

from invest.models.actions import Action
from invest.models.people import Holding
from invest.models.standing import StandingQuerySet
from invest.models.vehicles import Vehicle
from pools.models import Entry


class VoucherCode(models.Model):
    """A voucher that was given out. `left` follows its uses; the audit holds both to the book."""

    vehicle = models.ForeignKey(Vehicle, models.PROTECT, related_name="voucher_codes")
    action = models.ForeignKey(Action, models.PROTECT, related_name="voucher_codes")
    number = models.PositiveIntegerField(help_text="1, 2, 3 … in each vehicle.")
    code = models.CharField(max_length=13, unique=True, help_text="64 random bits, base 32.")
    worth = models.PositiveIntegerField(help_text="Whole kronor.")
    left = models.PositiveIntegerField()
    valid_until = models.DateField(help_text="Last day, inclusive.")
    ended_on = models.DateField(
        null=True, blank=True, help_text="The day it lapsed, or was taken back."
    )

    class Meta:
        ordering = ["vehicle", "number"]
        constraints = [
            models.UniqueConstraint(fields=["vehicle", "number"], name="voucher_number_once"),
            models.CheckConstraint(
                name="voucher_used_at_most_once",
                condition=Q(worth__gte=1, left__gte=0, left__lte=F("worth")),
            ),
            models.CheckConstraint(
                name="voucher_ended_has_nothing_left",
                condition=Q(ended_on__isnull=True) | Q(left=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vehicle_id} {self.number}"

    @property
    def worth_minor(self) -> int:
        """In öre, as amounts are told."""
        return 100 * self.worth

    @property
    def left_minor(self) -> int:
        """What is left, in öre."""
        return 100 * self.left

    @property
    def spelled(self) -> str:
        """As it is printed: three groups, easy to read aloud."""
        return f"{self.code[:4]}-{self.code[4:8]}-{self.code[8:]}"


class VoucherUseQuerySet(StandingQuerySet["VoucherUse"]):
    """Uses of vouchers."""


class VoucherUse(models.Model):
    """A voucher, or a part of it, taken by a producer: it stands while its entry does."""

    voucher = models.ForeignKey(VoucherCode, models.PROTECT, related_name="uses")
    holding = models.ForeignKey(Holding, models.PROTECT, related_name="voucher_uses")
    worth = models.PositiveIntegerField(help_text="Whole kronor.")
    on = models.DateField()
    at = models.DateTimeField()
    key = models.CharField(max_length=80, unique=True, help_text="Made before the first send.")
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="voucher_use")

    objects = VoucherUseQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="voucher_use_of_something", condition=Q(worth__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.voucher_id} {self.worth}"

    @property
    def worth_minor(self) -> int:
        """In öre, as amounts are told."""
        return 100 * self.worth
