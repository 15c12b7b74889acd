"""What comes after a fair: asking what became of what was promised there."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from invest.models.fairs import Fair
from invest.models.in_kind import InKind
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
