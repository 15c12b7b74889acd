"""A group that becomes something more: who of its members was asked to come along."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from invest.models.people import Person
from invest.models.pledges import Pledge, new_token
from invest.models.vehicles import Offering


class JoinInvitation(models.Model):
    """Somebody of the old group is asked to join. Until they say yes they have promised nothing."""

    offering = models.ForeignKey(Offering, models.PROTECT, related_name="invitations")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="invitations")
    token = models.CharField(max_length=32, unique=True, default=new_token)
    invited_on = models.DateField()
    pledge = models.OneToOneField(
        Pledge, models.PROTECT, null=True, blank=True, related_name="invitation"
    )
    declined_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["offering", "id"]
        constraints = [
            models.UniqueConstraint(fields=["offering", "person"], name="invited_once"),
            models.CheckConstraint(
                name="invitation_has_one_answer",
                condition=Q(pledge__isnull=True) | Q(declined_on__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    def get_absolute_url(self) -> str:
        """Where it is answered."""
        return reverse("join", args=[self.token])
