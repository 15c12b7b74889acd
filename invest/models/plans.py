"""What is to come back and what came: repayment plans, repayments, distributions."""

from collections.abc import Mapping
from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from invest.models.people import Holding
from invest.models.standing import StandingQuerySet
from invest.models.vehicles import Vehicle
from pools.models import Entry


class PlanQuerySet(models.QuerySet["Plan"]):
    """Plans."""

    def in_force(
        self, as_of: date | None = None, known_to: Mapping[int, int] | None = None
    ) -> Self:
        """Newest first: the first is in force. Those that an early payment began and that was
        undone are left out, as if they had not been made; `as_of` and `known_to` as in `stands`.
        """
        began = Repayment.objects.filter(
            instalment__plan=OuterRef("pk"),
            instalment__period=0,
            instalment__principal_minor__gt=0,
        )
        standing = began.standing(as_of, known_to)
        return self.filter(~Exists(began) | Exists(standing)).order_by("-version")


class Plan(models.Model):
    """A version of a vehicle's repayment plan; see `PlanQuerySet.in_force`."""

    vehicle = models.ForeignKey(Vehicle, models.PROTECT, related_name="plans")
    version = models.PositiveIntegerField()
    made_on = models.DateField()
    principal_minor = models.BigIntegerField()
    reason = models.CharField(
        max_length=300, blank=True, help_text="Why it replaces the one before."
    )
    restructured = models.BooleanField(
        default=False, help_text="The borrower could not keep to the one before."
    )

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["vehicle", "version"]
        constraints = [
            models.UniqueConstraint(fields=["vehicle", "version"], name="plan_version_once"),
            models.CheckConstraint(
                name="plan_principal_above_zero", condition=Q(principal_minor__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vehicle_id} plan {self.version}"


class Instalment(models.Model):
    """One due row of a plan."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="instalments")
    period = models.PositiveIntegerField()
    due_on = models.DateField()
    principal_minor = models.BigIntegerField()
    interest_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["plan", "period"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "period"], name="instalment_period_once"),
            models.CheckConstraint(
                name="instalment_rows_not_negative",
                condition=Q(principal_minor__gte=0, interest_minor__gte=0, fee_minor__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id}.{self.period}"


class RepaymentQuerySet(StandingQuerySet["Repayment"]):
    """Repayments."""


class Repayment(models.Model):
    """What a borrower paid back on a day, for one instalment, as one entry in the book."""

    instalment = models.ForeignKey(Instalment, models.PROTECT, related_name="repayments")
    paid_on = models.DateField()
    principal_minor = models.BigIntegerField()
    interest_minor = models.BigIntegerField()
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="repayment")

    objects = RepaymentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="repayment_of_something",
                condition=Q(principal_minor__gte=0, interest_minor__gte=0)
                & (Q(principal_minor__gte=1) | Q(interest_minor__gte=1)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instalment_id} {self.paid_on}"

    @property
    def amount_minor(self) -> int:
        """All that was paid, in öre."""
        return self.principal_minor + self.interest_minor


class RepaymentLineQuerySet(StandingQuerySet["RepaymentLine"]):
    """Lenders' parts: they stand with their repayment."""

    entry_path = "repayment__entry"


class RepaymentLine(models.Model):
    """A lender's part of a repayment, with the fractions of an öre carried to the next."""

    repayment = models.ForeignKey(Repayment, models.PROTECT, related_name="lines")
    holding = models.ForeignKey(Holding, models.PROTECT, related_name="repayment_lines")
    principal_minor = models.BigIntegerField()
    interest_minor = models.BigIntegerField()
    principal_carry = models.CharField(
        max_length=80, help_text="In öre: whole billionths, as a fraction."
    )
    interest_carry = models.CharField(max_length=80)

    objects = RepaymentLineQuerySet.as_manager()

    class Meta:
        ordering = ["repayment", "holding"]
        constraints = [
            models.UniqueConstraint(fields=["repayment", "holding"], name="repayment_line_once"),
            models.CheckConstraint(
                name="repayment_line_not_negative",
                condition=Q(principal_minor__gte=0, interest_minor__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.repayment_id} {self.holding_id}"


class Distribution(models.Model):
    """A pro-rata payout to holders: computed by one, approved by another, then paid."""

    class State(models.TextChoices):
        COMPUTED = "computed", _("Computed")
        APPROVED = "approved", _("Approved")
        PAID = "paid", _("Paid")

    vehicle = models.ForeignKey(Vehicle, models.PROTECT, related_name="distributions")
    record_on = models.DateField(help_text="Holdings at the end of this day count.")
    held_since = models.DateField(
        null=True, blank=True, help_text="Weigh by days held from this day. Empty: held is held."
    )
    total_minor = models.BigIntegerField()
    kept_minor = models.BigIntegerField(
        default=0, help_text="Decided, but not a whole öre for each share: stays where it is."
    )
    least_minor = models.BigIntegerField(
        default=0, help_text="A smaller part is owed until next time."
    )
    reason = models.CharField(max_length=200)
    key = models.CharField(max_length=80, unique=True)
    computed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="computed_distributions"
    )
    computed_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="approved_distributions",
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    decided_entry = models.OneToOneField(
        Entry, models.PROTECT, null=True, blank=True, related_name="decided_distribution"
    )
    paid_entry = models.OneToOneField(
        Entry, models.PROTECT, null=True, blank=True, related_name="paid_distribution"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="distribution_of_something",
                condition=Q(total_minor__gte=1, kept_minor__gte=0, least_minor__gte=0),
            ),
            models.CheckConstraint(
                name="distribution_days_end_on_the_record_day",
                condition=Q(held_since__isnull=True) | Q(held_since__lte=F("record_on")),
            ),
            models.CheckConstraint(
                name="distribution_approved_by_a_second_person",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("computed_by")),
            ),
            models.CheckConstraint(
                name="distribution_approval_is_whole",
                condition=Q(
                    approved_by__isnull=True, approved_at__isnull=True, decided_entry__isnull=True
                )
                | Q(
                    approved_by__isnull=False,
                    approved_at__isnull=False,
                    decided_entry__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="distribution_paid_after_approval",
                condition=Q(paid_entry__isnull=True) | Q(decided_entry__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vehicle_id} {self.record_on}"

    @property
    def decided_minor(self) -> int:
        """What was to be shared: the parts, and what was not a whole öre for each share."""
        return self.total_minor + self.kept_minor

    @property
    def state(self) -> "Distribution.State":
        """Derived from the entries it has."""
        if self.paid_entry_id:
            return self.State.PAID
        return self.State.APPROVED if self.decided_entry_id else self.State.COMPUTED


class DistributionLine(models.Model):
    """A holder's part, with the weight it rests on and the fraction of an öre carried on."""

    distribution = models.ForeignKey(Distribution, models.PROTECT, related_name="lines")
    holding = models.ForeignKey(Holding, models.PROTECT, related_name="distribution_lines")
    weight = models.BigIntegerField()
    amount_minor = models.BigIntegerField()
    paid_minor = models.BigIntegerField(
        default=0,
        help_text="With what was owed from before; 0 where it is too little to be paid.",
    )
    carry = models.CharField(max_length=80, help_text="In öre: whole billionths, as a fraction.")

    class Meta:
        ordering = ["distribution", "holding"]
        constraints = [
            models.UniqueConstraint(
                fields=["distribution", "holding"], name="distribution_line_once"
            ),
            models.CheckConstraint(
                name="distribution_line_not_negative",
                condition=Q(weight__gte=0, amount_minor__gte=0, paid_minor__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.distribution_id} {self.holding_id}"
