"""What was done with a vehicle: the facts that its registers, figures and gates are read from."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from invest.models.vehicles import Vehicle


class Deed(models.Model):
    """One act on one day with its facts, as the vehicle's kind reads them. Never edited.

    It counts from when it is done. An act that needs a second person is first proposed; what was
    wrong is undone, and both stay on record. The facts name holders by number, never by name.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Waits for a second person")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")
        UNDONE = "undone", _("Undone")

    vehicle = models.ForeignKey(Vehicle, models.PROTECT, related_name="deeds")
    number = models.PositiveIntegerField(help_text="1, 2, 3 … in each vehicle.")
    act = models.SlugField(max_length=40)
    on = models.DateField(help_text="The day it counts.")
    facts = models.JSONField()
    evidence = models.CharField(max_length=300, blank=True, help_text="The paper it rests on.")
    needs_second = models.BooleanField(default=False)
    key = models.CharField(max_length=80, unique=True)
    fingerprint = models.CharField(max_length=64)
    proposed_by = models.CharField(max_length=60, help_text="Opaque: user:7, job:demo.")
    proposed_at = models.DateTimeField()
    done_by = models.CharField(max_length=60, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    refused_by = models.CharField(max_length=60, blank=True)
    undone_on = models.DateField(null=True, blank=True)
    undone_by = models.CharField(max_length=60, blank=True)
    why_undone = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["vehicle", "number"]
        constraints = [
            models.UniqueConstraint(fields=["vehicle", "number"], name="deed_number_once"),
            models.CheckConstraint(
                name="deed_approved_by_a_second_person",
                condition=Q(needs_second=False) | Q(done_by="") | ~Q(done_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="deed_done_by_somebody",
                condition=Q(done_by="", done_at__isnull=True)
                | (~Q(done_by="") & Q(done_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="deed_undone_after_it_was_done",
                condition=Q(undone_on__isnull=True)
                | (Q(undone_on__gte=F("on")) & ~Q(done_by="") & ~Q(undone_by="")),
            ),
            models.CheckConstraint(
                name="deed_refused_or_done", condition=Q(refused_by="") | Q(done_by="")
            ),
        ]
        indexes = [models.Index(fields=["vehicle", "act", "on"], name="deed_by_act")]

    def __str__(self) -> str:
        return f"{self.vehicle_id} {self.act} {self.number}"

    @property
    def state(self) -> "Deed.State":
        """Derived from what was done to it."""
        if self.undone_on:
            return self.State.UNDONE
        if self.done_by:
            return self.State.DONE
        return self.State.REFUSED if self.refused_by else self.State.PROPOSED
