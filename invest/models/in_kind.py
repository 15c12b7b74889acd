"""Help in kind: hours, advice, tools, rooms, goods. Beside money, never added to it."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from invest.models.fairs import Fair
from invest.models.organisations import Event
from invest.models.people import Person
from invest.models.pledges import Pledge, new_token
from invest.models.projects import Need, Project
from pools.models import Unit


class InKind(models.Model):
    """A promise of help in kind to a project. Its quantity and state are its last event's.

    `unit_value_minor` is what one unit was worth in öre when it was offered: for information,
    frozen, and told beside the quantity only.
    """

    class Sort(models.TextChoices):
        TIME = "time", _("Time")
        ADVICE = "advice", _("Advice")
        TASK = "task", _("A task")
        GOODS = "goods", _("Goods")
        TOOL = "tool", _("Loan of a tool or machine")
        SPACE = "space", _("A room or ground")
        INTRODUCTIONS = "introductions", _("Introductions")
        PRE_PURCHASE = "pre-purchase", _("Buying beforehand")
        CHILDCARE = "childcare", _("Childcare")
        PUBLICITY = "publicity", _("Spreading the word")
        LOCAL_CURRENCY = "local-currency", _("Local currency")
        OTHER = "other", _("Something else")

    class ValuedBy(models.TextChoices):
        MARKET = "market", _("market price")
        STANDARD = "standard", _("standard hour")
        GIVER = "giver", _("the giver's own word")

    project = models.ForeignKey(Project, models.PROTECT, related_name="in_kind")
    need = models.ForeignKey(Need, models.SET_NULL, null=True, blank=True, related_name="in_kind")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="in_kind")
    fair = models.ForeignKey(Fair, models.PROTECT, null=True, blank=True, related_name="in_kind")
    source = models.CharField(max_length=5, choices=Pledge.Source)
    sort = models.CharField(max_length=14, choices=Sort)
    what = models.CharField(max_length=200)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    available_from = models.DateField(null=True, blank=True)
    available_until = models.DateField(null=True, blank=True)
    conditions = models.CharField(max_length=300, blank=True)
    unit_value_minor = models.BigIntegerField(null=True, blank=True)
    valued_by = models.CharField(max_length=8, choices=ValuedBy, blank=True)
    shown_as = models.CharField(max_length=120, blank=True, help_text="Empty: nobody is named.")
    is_held_back = models.BooleanField(default=False, help_text="Not on the board.")
    submitted_at = models.DateTimeField()
    token = models.CharField(max_length=32, unique=True, default=new_token)
    key = models.CharField(max_length=80, unique=True)
    key_owner = models.CharField(max_length=90)
    fingerprint = models.CharField(max_length=64)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="in_kind_available_in_order",
                condition=Q(available_from__isnull=True)
                | Q(available_until__isnull=True)
                | Q(available_until__gte=F("available_from")),
            ),
            models.CheckConstraint(
                name="in_kind_value_says_whose_word_it_is",
                condition=Q(unit_value_minor__isnull=True, valued_by="")
                | Q(unit_value_minor__gt=0, valued_by__in=["market", "standard", "giver"]),
            ),
        ]

    def __str__(self) -> str:
        return f"in kind {self.pk}"

    def get_absolute_url(self) -> str:
        """The receipt, for whoever holds its link."""
        return reverse("in_kind_receipt", args=[self.token])


class InKindEvent(Event):
    """A step of help in kind, with the quantity it stood at after the step. Append-only."""

    class State(models.TextChoices):
        OFFERED = "offered", _("Offered")
        ACCEPTED = "accepted", _("Accepted")
        SCHEDULED = "scheduled", _("Scheduled")
        DELIVERED = "delivered", _("Delivered")
        VERIFIED = "verified", _("Verified")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    in_kind = models.ForeignKey(InKind, models.PROTECT, related_name="events")
    quantity = models.DecimalField(max_digits=10, decimal_places=2)
    due_on = models.DateField(null=True, blank=True, help_text="The day it is scheduled for.")

    class Meta(Event.Meta):
        constraints = [
            models.UniqueConstraint(fields=["in_kind", "number"], name="in_kind_event_once"),
            models.CheckConstraint(name="in_kind_of_something", condition=Q(quantity__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.in_kind_id} {self.to_state}"

    @property
    def label(self) -> str:
        """The state in the reader's language."""
        return str(self.State(self.to_state).label)


class InKindMessage(models.Model):
    """A line between giver and project about help in kind."""

    in_kind = models.ForeignKey(InKind, models.CASCADE, related_name="messages")
    at = models.DateTimeField()
    is_from_giver = models.BooleanField()
    text = models.CharField(max_length=500)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.in_kind_id} {self.at}"


OPEN_STATES = frozenset(
    {
        InKindEvent.State.OFFERED,
        InKindEvent.State.ACCEPTED,
        InKindEvent.State.SCHEDULED,
        InKindEvent.State.DELIVERED,
        InKindEvent.State.VERIFIED,
    }
)
ACCEPTED_STATES = OPEN_STATES - {InKindEvent.State.OFFERED}
