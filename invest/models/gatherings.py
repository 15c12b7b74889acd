"""Where people meet: gatherings, who comes, what was decided; and who does a thing together."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from invest.models.fairs import Fair
from invest.models.organisations import Organisation
from invest.models.people import Person
from invest.models.places import Place
from invest.models.pledges import new_token
from invest.models.projects import Project


class Gathering(models.Model):
    """A meeting, group, market or fair with a day and a place, held by an organisation."""

    class Form(models.TextChoices):
        MEETING = "meeting", _("Meeting")
        WORKING_GROUP = "working-group", _("Working group")
        INTEREST_GROUP = "interest-group", _("Interest group")
        STUDY_CIRCLE = "study-circle", _("Study circle")
        FESTIVAL = "festival", _("Festival")
        MARKET = "market", _("Market")
        THEME_WEEK = "theme-week", _("Theme week")
        FAIR = "fair", _("Local investment fair")

    slug = models.SlugField(max_length=60, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="gatherings")
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="gatherings"
    )
    fair = models.OneToOneField(
        Fair, models.PROTECT, null=True, blank=True, related_name="gathering"
    )
    form = models.CharField(max_length=14, choices=Form)
    name = models.CharField(max_length=120)
    about_sv = models.TextField(blank=True)
    about_en = models.TextField(blank=True)
    venue = models.CharField(max_length=120)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    most = models.PositiveIntegerField(null=True, blank=True, help_text="How many have room.")
    opened_at = models.DateTimeField(default=timezone.now)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    became_sv = models.TextField(blank=True, help_text="What became of it.")
    became_en = models.TextField(blank=True)

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="gathering_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its invitation page."""
        return reverse("gathering", args=[self.slug])

    @property
    def about(self) -> str:
        """What it is, in the reader's language, or in Swedish where nothing else is written."""
        return (get_language() == "en" and self.about_en) or self.about_sv

    @property
    def became(self) -> str:
        """What became of it, in the reader's language or in Swedish."""
        return (get_language() == "en" and self.became_en) or self.became_sv

    @property
    def municipality(self) -> str:
        """Where: its place's, else its organisation's."""
        return self.place.municipality if self.place else self.organisation.municipality


class GatheringChange(models.Model):
    """A gathering was moved or cancelled: from what, and why. Append-only."""

    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="changes")
    at = models.DateTimeField()
    actor = models.CharField(max_length=60, help_text="Opaque: user:7.")
    was_at = models.DateTimeField()
    was_in = models.CharField(max_length=120)
    reason = models.CharField(max_length=300)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.gathering_id} {self.at}"


class SignUp(models.Model):
    """Somebody means to come, with so many. The link lets them change their mind."""

    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="sign_ups")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="sign_ups")
    name = models.CharField(
        max_length=120, blank=True, help_text="As it was typed here; empty: the address stands."
    )
    party = models.PositiveSmallIntegerField(default=1)
    words = models.CharField(max_length=200, blank=True)
    signed_up_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)
    came = models.BooleanField(null=True, help_text="Empty: not told.")
    token = models.CharField(max_length=32, unique=True, default=new_token)
    key = models.CharField(max_length=80, unique=True, help_text="Made before the first send.")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="sign_up_of_somebody", condition=Q(party__gte=1)),
        ]

    def __str__(self) -> str:
        return f"sign-up {self.pk}"

    def get_absolute_url(self) -> str:
        """The page of whoever holds the link."""
        return reverse("sign_up", args=[self.token])

    @property
    def guest(self) -> str:
        """Whom the organiser awaits: the name typed here, never the one on record; or the address.

        Somebody else may have typed the address of whoever is on record.
        """
        return self.name or (self.person.email if self.person else "")


class Minute(models.Model):
    """A line of what was said: a note, a decision, or who does what by when, and its outcome."""

    class Kind(models.TextChoices):
        NOTE = "note", _("Note")
        DECISION = "decision", _("Decision")
        TASK = "task", _("To do")

    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="minutes")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    text = models.CharField(max_length=600)
    who = models.CharField(max_length=120, blank=True)
    due_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=300, blank=True)
    project = models.ForeignKey(
        Project, models.SET_NULL, null=True, blank=True, related_name="minutes"
    )
    actor = models.CharField(max_length=60, help_text="Opaque: user:7.")
    at = models.DateTimeField()
    struck_at = models.DateTimeField(null=True, blank=True)
    struck_by = models.CharField(max_length=60, blank=True, help_text="Opaque: user:7.")
    struck_why = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["gathering", "number"]
        constraints = [
            models.UniqueConstraint(fields=["gathering", "number"], name="minute_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.gathering_id} {self.number}"


class Cooperation(models.Model):
    """An organisation that takes part in another's gathering, fair or project, with its own role.

    Each keeps its own data: taking part opens no desk of the other.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="cooperations")
    gathering = models.ForeignKey(
        Gathering, models.CASCADE, null=True, blank=True, related_name="cooperations"
    )
    fair = models.ForeignKey(
        Fair, models.CASCADE, null=True, blank=True, related_name="cooperations"
    )
    project = models.ForeignKey(
        Project, models.CASCADE, null=True, blank=True, related_name="cooperations"
    )
    part = models.CharField(max_length=160, help_text="What they do: coffee, the hall, advice.")
    invited_on = models.DateField()
    accepted_on = models.DateField(null=True, blank=True)
    declined_on = models.DateField(null=True, blank=True)
    token = models.CharField(max_length=32, unique=True, default=new_token)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="cooperation_in_one_thing",
                condition=Q(gathering__isnull=False, fair__isnull=True, project__isnull=True)
                | Q(gathering__isnull=True, fair__isnull=False, project__isnull=True)
                | Q(gathering__isnull=True, fair__isnull=True, project__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"cooperation {self.pk}"

    def get_absolute_url(self) -> str:
        """Where the invited organisation answers."""
        return reverse("cooperation", args=[self.token])

    @property
    def thing(self) -> Gathering | Fair | Project:
        """What is done together."""
        thing = self.gathering or self.fair or self.project
        assert thing is not None  # noqa: S101 -- a constraint sees to it
        return thing


def held(at: datetime) -> Q:
    """Picks the gatherings that were held by a moment: over, and not cancelled."""
    return Q(ends_at__lt=at, cancelled_at__isnull=True)
