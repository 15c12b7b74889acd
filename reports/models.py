"""What is kept of telling: an organiser's words, packs that were made, and what was published.

Figures are never kept here but as they were published: signed, and revised rather than changed.
"""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from invest.models import Fair, Organisation, Project


class Chapter(models.Model):
    """What an organiser decided of a part of a fair's report: shown or not, and words before it."""

    fair = models.ForeignKey(Fair, models.CASCADE, related_name="chapters")
    code = models.CharField(max_length=20, help_text="A code of reports.fair.CHAPTERS.")
    is_shown = models.BooleanField(default=True)
    words_sv = models.TextField(blank=True, max_length=4000)
    words_en = models.TextField(blank=True, max_length=4000)

    class Meta:
        ordering = ["fair", "code"]
        constraints = [models.UniqueConstraint(fields=["fair", "code"], name="chapter_once")]

    def __str__(self) -> str:
        return f"{self.fair_id} {self.code}"


class Pack(models.Model):
    """A fair's report in all its formats, asked for by somebody and made by the worker."""

    fair = models.ForeignKey(Fair, models.CASCADE, related_name="packs")
    as_of = models.DateField()
    language = models.CharField(max_length=5)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=60, help_text="Opaque: user:7.")
    done = models.PositiveSmallIntegerField(default=0, help_text="Formats made so far.")
    of = models.PositiveSmallIntegerField(help_text="Formats to make.")
    finished_at = models.DateTimeField(null=True, blank=True)
    failed = models.CharField(max_length=300, blank=True, help_text="Why it was not made.")
    notes = models.JSONField(default=list, help_text="What fell back, in the pack's language.")
    archive = models.BinaryField(null=True, help_text="A zip with the files.")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"pack {self.pk}"


class Publication(models.Model):
    """What a project or organisation tells everybody, in revisions that are never changed."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="publications")
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="publications"
    )

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"publication {self.pk}"

    def get_absolute_url(self) -> str:
        """Where everybody reads it."""
        return reverse("publication", args=[self.pk])


class PublicationRevision(models.Model):
    """One telling: frozen when it is drafted, signed when a second person approves.

    Draft: no `approved_at`. Held: approved, and `embargo_until` is to come. Published: approved and
    past its embargo. `content` is what is signed: figures, words, heads of the books, and the
    SHA-256 of the revision before.
    """

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    drafted_by = models.CharField(max_length=60, help_text="Opaque: user:7.")
    drafted_at = models.DateTimeField()
    reason = models.CharField(
        max_length=300, blank=True, help_text="Why the one before was revised."
    )
    approved_by = models.CharField(max_length=60, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    embargo_until = models.DateTimeField(null=True, blank=True, help_text="Empty: at once.")
    discarded_at = models.DateTimeField(
        null=True, blank=True, help_text="A draft that came to nothing."
    )
    signed = models.TextField(blank=True, help_text="The canonical JSON that the signature covers.")
    signature = models.CharField(max_length=128, blank=True, help_text="Ed25519, in hexadecimal.")
    key = models.CharField(max_length=64, blank=True, help_text="The public key, in hexadecimal.")

    class Meta:
        ordering = ["publication", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "number"], name="publication_revision_number_once"
            ),
            models.CheckConstraint(
                name="publication_approved_by_another",
                condition=Q(approved_by="") | ~Q(approved_by=F("drafted_by")),
            ),
            models.CheckConstraint(
                name="publication_approved_is_signed",
                condition=Q(approved_at__isnull=True, approved_by="", signature="", signed="")
                | (
                    Q(approved_at__isnull=False, discarded_at__isnull=True)
                    & ~Q(approved_by="")
                    & ~Q(signature="")
                    & ~Q(signed="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.publication_id}.{self.number}"

    def get_absolute_url(self) -> str:
        """Where everybody reads just this revision, once it is published."""
        return f"{self.publication.get_absolute_url()}?revision={self.number}"

    @property
    def published_from(self) -> datetime | None:
        """From when everybody may read it; None for a draft."""
        return self.approved_at and (self.embargo_until or self.approved_at)
