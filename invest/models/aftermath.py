"""What comes after a fair: follow-ups, and the letters that were sent."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from invest.models.fairs import Fair
from invest.models.in_kind import InKind
from invest.models.people import Person
from invest.models.pledges import Pledge


class FollowUp(models.Model):
    """Asking, so many days after a fair, what became of a promise."""

    class Found(models.TextChoices):
        DELIVERED = "delivered", _("Done as promised")
        PARTLY = "partly", _("Done in part")
        NOT_YET = "not-yet", _("Not yet")
        NEVER = "never", _("Never came to be")

    fair = models.ForeignKey(Fair, models.CASCADE, related_name="follow_ups")
    pledge = models.ForeignKey(
        Pledge, models.CASCADE, null=True, blank=True, related_name="follow_ups"
    )
    in_kind = models.ForeignKey(
        InKind, models.CASCADE, null=True, blank=True, related_name="follow_ups"
    )
    days = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    found = models.CharField(max_length=9, choices=Found, blank=True)
    value_minor = models.BigIntegerField(null=True, blank=True)
    comment = models.CharField(max_length=300, blank=True)
    actor = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="follow_up_of_one_promise",
                condition=Q(pledge__isnull=False, in_kind__isnull=True)
                | Q(pledge__isnull=True, in_kind__isnull=False),
            ),
            models.CheckConstraint(
                name="follow_up_done_says_what_was_found",
                condition=Q(done_on__isnull=True, found="")
                | Q(
                    done_on__isnull=False,
                    found__in=["delivered", "partly", "not-yet", "never"],
                ),
            ),
            models.UniqueConstraint(
                fields=["pledge", "days"],
                condition=Q(pledge__isnull=False),
                name="follow_up_once_for_a_pledge",
            ),
            models.UniqueConstraint(
                fields=["in_kind", "days"],
                condition=Q(in_kind__isnull=False),
                name="follow_up_once_in_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fair_id} {self.days}"


class Letter(models.Model):
    """A mail as it was written: to whom, of which kind, and when it went."""

    class Kind(models.TextChoices):
        RECEIPT = "receipt", _("Receipts")
        CONFIRM = "confirm", _("Questions whether a promise still stands")
        CALL = "call", _("Calls for payment")
        FOLLOW_UP = "follow-up", _("Questions about what became of it")
        NEWS = "news", _("News from projects")
        GATHERING = "gathering", _("Gatherings you have signed up for")

    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="letters")
    kind = models.CharField(max_length=10, choices=Kind)
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField(blank=True)
    written_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True, help_text="Empty: it did not go.")

    class Meta:
        ordering = ["-written_at", "-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Unwanted(models.Model):
    """A kind of letter that a person does not want."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="unwanted")
    kind = models.CharField(max_length=10, choices=Letter.Kind)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], name="unwanted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind}"
