"""A place, what it has and lacks, who makes and sells there, and how far an enterprise has come."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from invest.models.in_kind import InKind
from invest.models.organisations import Organisation
from invest.models.people import Person
from invest.models.pledges import new_token
from invest.models.projects import Project
from invest.models.words import Worded, WordedQuerySet
from pools.models import Unit


class Place(models.Model):
    """A village, a valley, a part of a town: where a group gathers its own economy."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    municipality = models.CharField(max_length=60)
    postcodes = models.CharField(max_length=120, blank=True, help_text="831 00–831 99, 832 10")
    about_sv = models.TextField(blank=True)
    about_en = models.TextField(blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="places", help_text="The group that keeps it."
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "name"], name="place_name_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("place", args=[self.slug])

    @property
    def about(self) -> str:
        """What it is, in the reader's language, or in Swedish where nothing else is written."""
        return (get_language() == "en" and self.about_en) or self.about_sv


class AssetCard(models.Model):
    """Something a place has or lacks, on a card that anybody in the group writes.

    How to reach the owner is told only when the owner has agreed: `contact_agreed_at`.
    """

    class Kind(models.TextChoices):
        SKILL = "skill", _("Skill")
        ROOM = "room", _("Room")
        LAND = "land", _("Land")
        TOOL = "tool", _("Tool or machine")
        SHOP = "shop", _("Shop or workshop")
        ORGANISATION = "organisation", _("Organisation")
        MONEY = "money", _("Money that lies idle")
        ENERGY = "energy", _("Energy")
        STORY = "story", _("Story")

    class Side(models.TextChoices):
        HAVE = "have", _("We have")
        LACK = "lack", _("We lack")

    place = models.ForeignKey(Place, models.PROTECT, related_name="cards")
    kind = models.CharField(max_length=12, choices=Kind)
    side = models.CharField(max_length=4, choices=Side, default=Side.HAVE)
    title = models.CharField(max_length=120)
    text = models.CharField(max_length=400, blank=True)
    quantity = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="asset_cards"
    )
    contact_agreed_at = models.DateTimeField(null=True, blank=True)
    token = models.CharField(max_length=32, unique=True, default=new_token)
    key = models.CharField(max_length=80, unique=True, help_text="Made before the first send.")
    added_by = models.CharField(max_length=60, help_text="Opaque: user:7, public, import:…")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.CharField(max_length=60, blank=True, help_text="Opaque: user:7, public.")
    removed_why = models.CharField(max_length=200, blank=True)
    in_kind = models.OneToOneField(
        InKind,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="asset_card",
        help_text="The promise that it became.",
    )

    class Meta:
        ordering = ["-added_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="asset_card_quantity_has_a_unit",
                condition=Q(quantity__isnull=True) | Q(quantity__gt=0, unit__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its owner's page, for whoever holds the link."""
        return reverse("asset_card", args=[self.token])

    @property
    def code(self) -> str:
        """Its number as plain digits, for forms."""
        return str(self.pk)


class Producer(models.Model):
    """A shop or producer in the directory of who sells locally, by its own word."""

    class Sort(models.TextChoices):
        FOOD = "food", _("Food and drink")
        CRAFT = "craft", _("Craft and repair")
        SERVICE = "service", _("Services")
        STAY = "stay", _("Eat, stay, meet")
        OTHER = "other", _("Other things")

    place = models.ForeignKey(Place, models.PROTECT, related_name="producers")
    name = models.CharField(max_length=120)
    sort = models.CharField(max_length=8, choices=Sort, default=Sort.OTHER)
    what_sv = models.CharField(max_length=240)
    what_en = models.CharField(max_length=240, blank=True)
    address = models.CharField(max_length=160, blank=True)
    hours = models.CharField(max_length=160, blank=True)
    web = models.URLField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    phone_agreed_on = models.DateField(
        null=True, blank=True, help_text="The day they agreed that it is shown; empty: it is not."
    )
    takes_currency = models.BooleanField(default=False)
    agreed_on = models.DateField(help_text="The day they agreed to be listed.")
    checked_on = models.DateField(help_text="The day somebody last saw that it is right.")
    card = models.OneToOneField(
        AssetCard,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="producer",
        help_text="The card of the inventory that it was made from.",
    )
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["place", "name"], name="producer_name_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_shown(self) -> bool:
        """It stands, and whoever is on its card is neither protected nor restricted."""
        person = self.card.person if self.card else None
        return self.ended_on is None and not (person and person.is_hidden)

    @property
    def what(self) -> str:
        """What they make and sell, in the reader's language, or in Swedish."""
        return (get_language() == "en" and self.what_en) or self.what_sv

    @property
    def code(self) -> str:
        """Its number as plain digits, for forms."""
        return str(self.pk)


class AssessmentQuerySet(WordedQuerySet["Assessment"]):
    """Assessments."""


class Assessment(Worded):
    """How a project sees itself as a transition enterprise, on a day. Append-only.

    The questions are those of `invest.assessments`: each by itself, never a sum.
    """

    class Pays(models.TextChoices):
        YES = "yes", _("Yes")
        NOT_YET = "not-yet", _("Not yet, but we see when")
        NO = "no", _("No")

    project = models.ForeignKey(Project, models.PROTECT, related_name="assessments")
    on = models.DateField()
    pays = models.CharField(max_length=8, choices=Pays, help_text="Whether it pays its way.")
    answers = models.JSONField(help_text="Question code → 0…4.")
    next_on = models.DateField(help_text="When to look again.")
    actor = models.CharField(max_length=60, help_text="Opaque: user:7.")
    at = models.DateTimeField()
    key = models.CharField(max_length=80, unique=True, help_text="Made before the first send.")

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["project", "-on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="assessment_next_is_later", condition=Q(next_on__gt=F("on"))
            ),
            models.CheckConstraint(
                name="assessment_pays_is_known", condition=Q(pays__in=["yes", "not-yet", "no"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.on}"

    @property
    def evidence(self) -> dict[str, str]:
        """What shows it: question code, or pays → words."""
        return dict(self.texts.get("evidence", {}))

    @property
    def words(self) -> str:
        """What to work with until the next."""
        return str(self.texts.get("words", ""))
