"""Local investment fairs: an evening where projects meet savers."""

import secrets
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language

from invest.models.organisations import Organisation
from invest.models.projects import Project


class Fair(models.Model):
    """An event with a place, an hour and projects that pitch."""

    slug = models.SlugField(max_length=60, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="fairs")
    name = models.CharField(max_length=120)
    venue = models.CharField(max_length=120)
    municipality = models.CharField(max_length=60)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    about_sv = models.TextField(blank=True)
    about_en = models.TextField(blank=True)

    class Meta:
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(
                name="fair_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The public page."""
        return reverse("fair", args=[self.slug])

    @property
    def about(self) -> str:
        """The text in the reader's language."""
        return self.about_en if get_language() == "en" else self.about_sv

    @property
    def cancelled_at(self) -> datetime | None:
        """When it was cancelled: as the gathering that it is."""
        gathering = getattr(self, "gathering", None)
        return gathering.cancelled_at if gathering else None


# No letters or digits that are taken for each other on paper.
CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_code() -> str:
    """Six letters and digits that are easy to read aloud and to type."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(6))


class Pitch(models.Model):
    """A project's slot at a fair."""

    fair = models.ForeignKey(Fair, models.CASCADE, related_name="pitches")
    project = models.ForeignKey(Project, models.PROTECT, related_name="pitches")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(
        max_length=6, unique=True, default=new_code, help_text="Printed beside the QR code."
    )
    invited_on = models.DateField(null=True, blank=True)
    accepted_on = models.DateField(null=True, blank=True, help_text="Empty: not yet.")
    declined_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "pitches"
        ordering = ["fair", "position"]
        constraints = [
            models.UniqueConstraint(fields=["fair", "project"], name="pitch_once_per_fair"),
            models.UniqueConstraint(fields=["fair", "position"], name="pitch_position_once"),
            models.CheckConstraint(
                name="pitch_accepted_or_declined",
                condition=Q(accepted_on__isnull=True) | Q(declined_on__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fair_id} {self.position}"


class FairTask(models.Model):
    """Something to be done before or after a fair, by a day."""

    fair = models.ForeignKey(Fair, models.CASCADE, related_name="tasks")
    text = models.CharField(max_length=160)
    due_on = models.DateField()
    done_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["due_on", "id"]

    def __str__(self) -> str:
        return self.text
