"""Letters: what was written to whom, whose it is, what it is about; and which nobody wants."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from invest.models.organisations import Organisation
from invest.models.people import Person


class Letter(models.Model):
    """A mail as it was written: to whom, of which kind, and when it went.

    `organisation` is whose letter it is: the one whose promise, holding, inventory or gathering it
    tells of, or the one that it was written to. `about` names the thing (`invest.letters.about`),
    and `key` this letter about it, so that none is written twice. Where earlier versions wrote it,
    `about` may be empty and `key` is null.
    """

    class Kind(models.TextChoices):
        RECEIPT = "receipt", _("Receipts")
        CONFIRM = "confirm", _("Questions whether a promise still stands")
        CALL = "call", _("Calls for payment")
        FOLLOW_UP = "follow-up", _("Questions about what became of it")
        NEWS = "news", _("News from projects")
        GATHERING = "gathering", _("Gatherings you have signed up for")

    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="letters")
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="letters",
        help_text="Empty: of the site itself.",
    )
    about = models.CharField(max_length=100, blank=True, db_index=True, help_text="pledge:17.")
    key = models.CharField(
        max_length=160, null=True, blank=True, unique=True, help_text="pledge:17:receipt."
    )
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
