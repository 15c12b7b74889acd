"""One table of vehicles for every kind; a kind's facts live in `invest/vehicles/<kind>.py`."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from djmoney.models.fields import MoneyField

from invest.models.organisations import Organisation
from invest.models.projects import Project
from invest.models.words import Worded, WordedQuerySet
from pools.models import MOST_MINOR, Ledger, Pool


class Vehicle(models.Model):
    """The container of money: a kind, its terms over time, its owner and its pools."""

    slug = models.SlugField(max_length=60, unique=True)
    kind = models.SlugField(max_length=24)
    name = models.CharField(max_length=120)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="vehicles")
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="vehicles"
    )
    pool = models.OneToOneField(
        Pool, models.PROTECT, related_name="vehicle", help_text="Its accounts in money."
    )
    units_ledger = models.OneToOneField(
        Ledger,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="vehicle",
        help_text="Its own unit (shares, points), where the kind has one.",
    )
    rights_ledger = models.OneToOneField(
        Ledger,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="rights_of",
        help_text="What a unit gives a right to (kilowatt-hours), where it does.",
    )
    grew_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="grew_into",
        help_text="The purchase group that became it.",
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class VehicleTermsQuerySet(WordedQuerySet["VehicleTerms"]):
    """Terms."""


class VehicleTerms(Worded):
    """The terms of a vehicle from a day on, as the kind's frozen dataclass reads them."""

    vehicle = models.ForeignKey(Vehicle, models.PROTECT, related_name="terms")
    version = models.PositiveIntegerField()
    valid_from = models.DateField()
    terms = models.JSONField()

    objects = VehicleTermsQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "vehicle terms"
        ordering = ["vehicle", "version"]
        constraints = [
            models.UniqueConstraint(fields=["vehicle", "version"], name="terms_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.vehicle_id} v{self.version}"

    @property
    def reason(self) -> str:
        """Why they changed."""
        return self.text


class Offering(models.Model):
    """An invitation to take part in a vehicle. Its goal is its last `GoalRevision`.

    `pledged_minor` counts what is promised and not withdrawn, so that the cap holds under a rush:
    one conditional UPDATE takes room, and the CHECK stands behind it.
    """

    vehicle = models.ForeignKey(Vehicle, models.PROTECT, related_name="offerings")
    opens_on = models.DateField()
    closes_on = models.DateField(help_text="Last day, inclusive.")
    minimum: Any = MoneyField(max_digits=14, decimal_places=2, help_text="Least a saver may give.")
    maximum: Any = MoneyField(
        max_digits=14, decimal_places=2, null=True, blank=True, help_text="Most; empty: no limit."
    )
    role = models.SlugField(
        max_length=20, blank=True, help_text="Account its money goes to; empty: the kind's own."
    )
    restricted_to = models.CharField(
        max_length=120, blank=True, help_text="The only thing the money may be used for."
    )
    allotment_rule = models.SlugField(
        max_length=12, blank=True, help_text="How an over-subscribed issue is shared out."
    )
    allotted_on = models.DateField(null=True, blank=True)
    cap_minor = models.BigIntegerField(help_text="Most that may be promised in all.")
    pledged_minor = models.BigIntegerField(default=0, editable=False)

    objects = models.Manager["Offering"]()

    class Meta:
        ordering = ["opens_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="offering_closes_after_it_opens", condition=Q(closes_on__gte=F("opens_on"))
            ),
            models.CheckConstraint(
                name="offering_never_oversold",
                condition=Q(pledged_minor__gte=0, pledged_minor__lte=F("cap_minor")),
            ),
            models.CheckConstraint(
                name="offering_cap_bounded",
                condition=Q(cap_minor__gte=1, cap_minor__lte=MOST_MINOR),
            ),
            models.CheckConstraint(name="offering_minimum_above_zero", condition=Q(minimum__gt=0)),
            models.CheckConstraint(
                name="offering_maximum_at_least_minimum",
                condition=Q(maximum__isnull=True) | Q(maximum__gte=F("minimum")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vehicle_id} {self.opens_on}"


class GoalRevisionQuerySet(WordedQuerySet["GoalRevision"]):
    """Goals."""


class GoalRevision(Worded):
    """What an offering aims at from a day on: the least it needs and the most it can use."""

    offering = models.ForeignKey(Offering, models.PROTECT, related_name="goals")
    number = models.PositiveIntegerField()
    on = models.DateField()
    goal_min: Any = MoneyField(max_digits=14, decimal_places=2)
    goal_max: Any = MoneyField(max_digits=14, decimal_places=2)

    objects = GoalRevisionQuerySet.as_manager()

    class Meta:
        ordering = ["offering", "number"]
        constraints = [
            models.UniqueConstraint(fields=["offering", "number"], name="goal_number_once"),
            models.CheckConstraint(
                name="goal_min_up_to_goal_max",
                condition=Q(goal_min__gt=0, goal_max__gte=F("goal_min")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offering_id} goal {self.number}"

    @property
    def reason_sv(self) -> str:
        """Why it was moved, in Swedish."""
        return str(self.texts.get("sv", ""))

    @property
    def reason_en(self) -> str:
        """Why it was moved, in English."""
        return str(self.texts.get("en", ""))
