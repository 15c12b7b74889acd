"""Promises, what became of them, and calls for payment."""

import secrets
from datetime import date
from typing import TYPE_CHECKING, Any, TypedDict

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Cast, Round
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from djmoney.models.fields import MoneyField

from invest.models.events import Event
from invest.models.fairs import Fair
from invest.models.people import Person
from invest.models.standing import stands
from invest.models.vehicles import Offering, VehicleTerms

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


def new_token() -> str:
    """128 random bits for a link only its holder knows."""
    return secrets.token_urlsafe(16)


class PledgeNow(TypedDict):
    """What `with_state` adds to a pledge."""

    state: str
    amount_now_minor: int
    state_on: date


class PledgeQuerySet(models.QuerySet["Pledge"]):
    """Pledges, with what their events say."""

    def with_state(
        self, as_of: date | None = None
    ) -> "models.QuerySet[WithAnnotations[Pledge, PledgeNow]]":
        """Annotate `state`, `amount_now_minor` and `state_on` as at the end of `as_of` (None: now).

        A pledge made later has None in all three.
        """
        events = PledgeEvent.objects.of(OuterRef("pk"), as_of)
        rows: models.QuerySet[Pledge] = self
        return rows.annotate(
            state=Subquery(events.values("to_state")[:1]),
            amount_now_minor=Subquery(events.values("amount_minor")[:1]),
            state_on=Subquery(events.values("on")[:1]),
        )


class Pledge(models.Model):
    """A promise to take part in an offering. Its amount and state are its last `PledgeEvent`'s."""

    class Source(models.TextChoices):
        WEB = "web", _("Web")
        FAIR = "fair", _("Fair")
        PAPER = "paper", _("Paper card")

    class Binding(models.TextChoices):
        INTENTION = "intention", _("Intention")
        OFFER = "offer", _("Offer")
        SUBSCRIPTION = "subscription", _("Subscription")
        SIGNED_CONTRACT = "signed_contract", _("Signed contract")

    offering = models.ForeignKey(Offering, models.PROTECT, related_name="pledges")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="pledges")
    fair = models.ForeignKey(Fair, models.PROTECT, null=True, blank=True, related_name="pledges")
    terms = models.ForeignKey(VehicleTerms, models.PROTECT, related_name="pledges")
    source = models.CharField(max_length=5, choices=Source)
    binding = models.CharField(max_length=15, choices=Binding, default=Binding.INTENTION)
    submitted_at = models.DateTimeField()
    withdraw_until = models.DateField(help_text="Last day to withdraw without giving a reason.")
    valid_until = models.DateField(null=True, blank=True)
    shown_as = models.CharField(max_length=120, blank=True, help_text="Empty: nobody is named.")
    is_held_back = models.BooleanField(default=False, help_text="Not on the board.")
    token = models.CharField(max_length=32, unique=True, default=new_token)
    key = models.CharField(max_length=80, help_text="Made by the client before the first send.")
    key_owner = models.CharField(max_length=60, help_text="Who may send the key again.")
    fingerprint = models.CharField(max_length=64)

    objects = PledgeQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="pledge_key_once"),
        ]

    def __str__(self) -> str:
        return f"pledge {self.pk}"

    def get_absolute_url(self) -> str:
        """The receipt, for whoever holds its link."""
        return reverse("receipt", args=[self.token])


class PledgeEvent(Event):
    """A step in a pledge's life, with the amount it stood at after the step. Append-only.

    A changed amount is an event whose state stays: the revision log and the state log are one.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        IN_REFLECTION = "in_reflection", _("In reflection period")
        CONFIRMED = "confirmed", _("Confirmed")
        CALLED = "called", _("Called")
        PART_PAID = "part_paid", _("Part-paid")
        PAID = "paid", _("Paid")
        DELIVERED = "delivered", _("Delivered")
        VERIFIED = "verified", _("Verified")
        CONVERTED = "converted", _("Converted")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        DECLINED = "declined", _("Declined")
        LAPSED = "lapsed", _("Lapsed")
        UNFULFILLED = "unfulfilled", _("Unfulfilled")
        RELEASED = "released", _("Released")

    SUBJECT = "pledge"
    STATES = State
    COMMITTED = frozenset(
        {
            State.CONFIRMED,
            State.CALLED,
            State.PART_PAID,
            State.PAID,
            State.DELIVERED,
            State.VERIFIED,
            State.CONVERTED,
        }
    )
    PENDING = frozenset({State.SUBMITTED, State.IN_REFLECTION})
    OPEN = COMMITTED | PENDING  # In these it takes room under the offering's cap.
    PAYABLE = frozenset({State.CALLED, State.PART_PAID, State.UNFULFILLED})
    # From → to; a step to the same state is a changed amount.
    TRANSITIONS = {
        "": frozenset({State.SUBMITTED}),
        State.SUBMITTED: frozenset(
            {
                State.SUBMITTED,
                State.IN_REFLECTION,
                State.CONFIRMED,
                State.WITHDRAWN,
                State.DECLINED,
                State.LAPSED,
                State.RELEASED,
            }
        ),
        State.IN_REFLECTION: frozenset(
            {
                State.IN_REFLECTION,
                State.CONFIRMED,
                State.WITHDRAWN,
                State.DECLINED,
                State.RELEASED,
            }
        ),
        State.CONFIRMED: frozenset(
            {
                State.CONFIRMED,
                State.CALLED,
                State.DELIVERED,
                State.WITHDRAWN,
                State.LAPSED,
                State.RELEASED,
            }
        ),
        State.DELIVERED: frozenset({State.VERIFIED, State.CONFIRMED}),
        State.CALLED: frozenset(
            {State.PART_PAID, State.PAID, State.UNFULFILLED, State.WITHDRAWN, State.RELEASED}
        ),
        State.PART_PAID: frozenset({State.CALLED, State.PART_PAID, State.PAID, State.UNFULFILLED}),
        State.PAID: frozenset({State.CALLED, State.PART_PAID, State.CONVERTED}),
        State.UNFULFILLED: frozenset({State.PART_PAID, State.PAID}),
    }
    CARRIED = ("amount",)

    pledge = models.ForeignKey(Pledge, models.PROTECT, related_name="events")
    amount: Any = MoneyField(max_digits=14, decimal_places=2)
    # A MoneyField is never summed in SQL; this integer of it is.
    amount_minor = models.GeneratedField(
        expression=Cast(Round(F("amount") * 100), models.BigIntegerField()),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )

    class Meta(Event.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pledge", "number"], name="pledge_event_number_once"),
            models.CheckConstraint(name="pledge_amount_above_zero", condition=Q(amount__gt=0)),
        ]
        indexes = [models.Index(fields=["on"], name="pledge_event_by_day")]

    def __str__(self) -> str:
        return f"{self.pledge_id} {self.to_state}"


class CallLeft(TypedDict):
    """What `with_left` adds to a call."""

    left: int


class CallQuerySet(models.QuerySet["Call"]):
    """Calls."""

    def with_left(self) -> "models.QuerySet[WithAnnotations[Call, CallLeft]]":
        """Annotate `left`: what of a call is not paid yet, in öre, by the placements that stand."""
        paid = Sum("placements__amount_minor", filter=stands("placements__entry"), default=0)
        rows: models.QuerySet[Call] = self
        return rows.annotate(left=F("amount_minor") - paid)


class Call(models.Model):
    """A request to pay a pledge, or a part of it."""

    pledge = models.ForeignKey(Pledge, models.PROTECT, related_name="calls")
    number = models.PositiveIntegerField()
    amount: Any = MoneyField(max_digits=14, decimal_places=2)
    amount_minor = models.GeneratedField(
        expression=Cast(Round(F("amount") * 100), models.BigIntegerField()),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )
    ocr = models.CharField(max_length=25, unique=True)
    issued_on = models.DateField()
    due_on = models.DateField()

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering = ["pledge", "number"]
        constraints = [
            models.UniqueConstraint(fields=["pledge", "number"], name="call_number_once"),
            models.CheckConstraint(name="call_amount_above_zero", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="call_due_after_issue", condition=Q(due_on__gte=F("issued_on"))
            ),
        ]

    def __str__(self) -> str:
        return self.ocr
