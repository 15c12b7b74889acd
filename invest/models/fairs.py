"""Local investment fairs: an evening where projects meet savers."""

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


class Pitch(models.Model):
    """A project's slot at a fair."""

    fair = models.ForeignKey(Fair, models.CASCADE, related_name="pitches")
    project = models.ForeignKey(Project, models.PROTECT, related_name="pitches")
    position = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name_plural = "pitches"
        ordering = ["fair", "position"]
        constraints = [
            models.UniqueConstraint(fields=["fair", "project"], name="pitch_once_per_fair"),
            models.UniqueConstraint(fields=["fair", "position"], name="pitch_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.fair_id} {self.position}"
