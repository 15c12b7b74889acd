"""What was done with a vehicle: the facts that its registers, figures and gates are read from."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from invest.models.organisations import Event
from invest.models.vehicles import Vehicle


class Deed(models.Model):
    """One act on one day with its facts, as the vehicle's kind reads them. Append-only.

    It counts when its last `DeedEvent` says that it is done. The facts name holders by number,
    never by name.
    """

    vehicle = models.ForeignKey(Vehicle, models.PROTECT, related_name="deeds")
    number = models.PositiveIntegerField(help_text="1, 2, 3 … in each vehicle.")
    act = models.SlugField(max_length=40)
    on = models.DateField(help_text="The day it counts.")
    facts = models.JSONField()
    evidence = models.CharField(max_length=300, blank=True, help_text="The paper it rests on.")
    key = models.CharField(max_length=80, unique=True)
    fingerprint = models.CharField(max_length=64)

    class Meta:
        ordering = ["vehicle", "number"]
        constraints = [
            models.UniqueConstraint(fields=["vehicle", "number"], name="deed_number_once"),
        ]
        indexes = [models.Index(fields=["vehicle", "act", "on"], name="deed_by_act")]

    def __str__(self) -> str:
        return f"{self.vehicle_id} {self.act} {self.number}"

    @property
    def state(self) -> "DeedEvent.State":
        """What its last event says."""
        return DeedEvent.State(max(self.events.all(), key=lambda event: event.number).to_state)


class DeedEvent(Event):
    """A step of a deed: proposed, done, refused or undone. Append-only."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Waits for a second person")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")
        UNDONE = "undone", _("Undone")

    deed = models.ForeignKey(Deed, models.PROTECT, related_name="events")

    class Meta(Event.Meta):
        constraints = [
            models.UniqueConstraint(fields=["deed", "number"], name="deed_event_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.deed_id} {self.to_state}"
