"""Projects, the stages they pass, what they need and what they tell."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, Round
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from djmoney.models.fields import MoneyField

from invest.models.events import Event
from invest.models.organisations import Organisation
from invest.models.words import Worded, WordedQuerySet


class Project(models.Model):
    """A time-bound effort seeking resources. Its stage is its last `StageEvent`."""

    class Sector(models.TextChoices):
        ENERGY = "energy", _("Energy")
        FOOD = "food", _("Food")
        HOUSING = "housing", _("Housing")
        SERVICES = "services", _("Local services")
        CRAFT = "craft", _("Craft and repair")
        CULTURE = "culture", _("Culture and meeting places")
        TRANSPORT = "transport", _("Transport")

    slug = models.SlugField(max_length=60, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="projects")
    name = models.CharField(max_length=120)
    sector = models.CharField(max_length=10, choices=Sector)
    municipality = models.CharField(max_length=60)
    summary_sv = models.CharField(max_length=240)
    summary_en = models.CharField(max_length=240)
    story_sv = models.TextField(blank=True)
    story_en = models.TextField(blank=True)
    use_of_money_sv = models.TextField(blank=True)
    use_of_money_en = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The public page."""
        return reverse("project", args=[self.slug])

    @property
    def summary(self) -> str:
        """One sentence in the reader's language."""
        return self.summary_en if get_language() == "en" else self.summary_sv

    @property
    def story(self) -> str:
        """The long text in the reader's language."""
        return self.story_en if get_language() == "en" else self.story_sv


class StageEvent(Event):
    """A project's step from idea to enterprise."""

    class Stage(models.TextChoices):
        IDEA = "idea", _("Idea")
        INVENTORIED = "inventoried", _("Inventoried")
        FORMED = "formed", _("Formed")
        VETTED = "vetted", _("Vetted")
        RAISING = "raising", _("Raising")
        FUNDED = "funded", _("Funded")
        FAILED = "failed", _("Goal missed")
        CONTRACTING = "contracting", _("Contracting")
        BUILDING = "building", _("Building")
        OPERATING = "operating", _("Operating")
        REPAYING = "repaying", _("Repaying")
        COMPLETED = "completed", _("Completed")
        RESTRUCTURED = "restructured", _("Restructured")
        WOUND_UP = "wound_up", _("Wound up")

    SUBJECT = "project"
    STATES = Stage

    project = models.ForeignKey(Project, models.PROTECT, related_name="stages")
    lacking = models.JSONField(
        default=list, blank=True, help_text="Codes of what was passed over, for the reason given."
    )

    class Meta(Event.Meta):
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="stage_event_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.to_state}"


class StageAnswerQuerySet(WordedQuerySet["StageAnswer"]):
    """Answers."""


class StageAnswer(Worded):
    """Somebody answers for a line of a gate that no data can show, or takes it back. Append-only.

    The newest row of a code holds.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="stage_answers")
    code = models.SlugField(max_length=30)
    is_met = models.BooleanField()
    on = models.DateField()
    actor = models.CharField(max_length=60, help_text="Opaque: user:7.")
    at = models.DateTimeField()

    objects = StageAnswerQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="stage_answer_has_words", condition=~Q(words_commitment="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.code} {self.is_met}"

    @property
    def words(self) -> str:
        """What shows it, or where the paper lies."""
        return self.text


class Need(models.Model):
    """A line a project asks for, in money or in kind."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="needs")
    text_sv = models.CharField(max_length=160)
    text_en = models.CharField(max_length=160)
    money: Any = MoneyField(max_digits=14, decimal_places=2, null=True, blank=True)
    quantity = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    unit = models.CharField(max_length=20, blank=True, help_text="Hours, metres, pieces.")

    objects = models.Manager["Need"]()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="need_in_money_or_in_kind",
                condition=Q(money__isnull=False, quantity__isnull=True)
                | Q(money__isnull=True, quantity__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.text_sv

    @property
    def text(self) -> str:
        """The line in the reader's language."""
        return self.text_en if get_language() == "en" else self.text_sv


class FinanceSource(models.Model):
    """Money from elsewhere that a project's plan rests on: a bank loan, a grant, a gift.

    A signed bank loan counts as *enabled*; it is never added to what savers promised or paid.
    """

    class Kind(models.TextChoices):
        BANK_LOAN = "bank-loan", _("Bank loan")
        GRANT = "grant", _("Grant")
        GIFT = "gift", _("Gift")
        OWN = "own", _("Own money")

    project = models.ForeignKey(Project, models.CASCADE, related_name="finance")
    kind = models.CharField(max_length=10, choices=Kind)
    text_sv = models.CharField(max_length=160)
    text_en = models.CharField(max_length=160)
    amount: Any = MoneyField(max_digits=14, decimal_places=2)
    amount_minor = models.GeneratedField(
        expression=Cast(Round(F("amount") * 100), models.BigIntegerField()),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )
    signed_on = models.DateField(null=True, blank=True, help_text="Empty: applied for.")

    objects = models.Manager["FinanceSource"]()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="finance_amount_above_zero", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return self.text_sv

    @property
    def text(self) -> str:
        """The source in the reader's language."""
        return self.text_en if get_language() == "en" else self.text_sv


class Update(models.Model):
    """News from a project, dated."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="updates")
    on = models.DateField()
    title_sv = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    text_sv = models.TextField()
    text_en = models.TextField()

    class Meta:
        ordering = ["-on", "-id"]

    def __str__(self) -> str:
        return self.title_sv

    @property
    def title(self) -> str:
        """The heading in the reader's language."""
        return self.title_en if get_language() == "en" else self.title_sv

    @property
    def text(self) -> str:
        """The news in the reader's language."""
        return self.text_en if get_language() == "en" else self.text_sv


class Milestone(models.Model):
    """A dated aim, and the day it was reached."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="milestones")
    text_sv = models.CharField(max_length=160)
    text_en = models.CharField(max_length=160)
    planned_on = models.DateField()
    reached_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["planned_on", "id"]

    def __str__(self) -> str:
        return self.text_sv

    @property
    def text(self) -> str:
        """The aim in the reader's language."""
        return self.text_en if get_language() == "en" else self.text_sv
