"""Help in kind: hours, advice, tools, rooms, goods. Beside money, never added to it."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, TypedDict

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from invest.models.events import Event
from invest.models.fairs import Fair
from invest.models.people import Person
from invest.models.pledges import Pledge, new_token
from invest.models.projects import Need, Project
from pools.models import Unit

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class InKindNow(TypedDict):
    """What `with_state` adds to help in kind."""

    state: str
    quantity_now: Decimal
    state_on: date


class InKindQuerySet(models.QuerySet["InKind"]):
    """Help in kind, with what its events say."""

    def with_state(
        self, as_of: date | None = None
    ) -> "models.QuerySet[WithAnnotations[InKind, InKindNow]]":
        """Annotate `state`, `quantity_now` and `state_on` as at the end of `as_of` (None: now).

        What was offered later has None in all three.
        """
        events = InKindEvent.objects.of(OuterRef("pk"), as_of)
        rows: models.QuerySet[InKind] = self
        return rows.annotate(
            state=Subquery(events.values("to_state")[:1]),
            quantity_now=Subquery(events.values("quantity")[:1]),
            state_on=Subquery(events.values("on")[:1]),
        )


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

    objects = InKindQuerySet.as_manager()

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

    SUBJECT = "in_kind"
    STATES = State
    ACCEPTED = frozenset({State.ACCEPTED, State.SCHEDULED, State.DELIVERED, State.VERIFIED})
    OPEN = ACCEPTED | {State.OFFERED}
    # From → to; a step to the same state is a changed quantity.
    TRANSITIONS = {
        "": frozenset({State.OFFERED}),
        State.OFFERED: frozenset({State.OFFERED, State.ACCEPTED, State.DECLINED, State.WITHDRAWN}),
        State.ACCEPTED: frozenset(
            {State.ACCEPTED, State.SCHEDULED, State.DELIVERED, State.DECLINED, State.WITHDRAWN}
        ),
        State.SCHEDULED: frozenset(
            {State.SCHEDULED, State.ACCEPTED, State.DELIVERED, State.DECLINED, State.WITHDRAWN}
        ),
        State.DELIVERED: frozenset({State.VERIFIED, State.ACCEPTED}),
    }
    CARRIED = ("quantity", "due_on")

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
