"""Organisations, who does what in them, dated settings, and what somebody looked into."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from invest.models.words import Worded, WordedQuerySet
from pools.models import Ledger


class Organisation(models.Model):
    """A legal or informal actor that owns books, vehicles, projects or fairs."""

    class Form(models.TextChoices):
        LIMITED_COMPANY = "ab", _("Limited company")
        LIMITED_COMPANY_SVB = "ab-svb", _("Limited company (svb)")
        COOPERATIVE = "ek-for", _("Economic association")
        ASSOCIATION = "ideell", _("Non-profit association")
        INFORMAL = "grupp", _("Group without legal form")

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    form = models.CharField(_("legal form"), max_length=10, choices=Form)
    orgnr = models.CharField(_("organisation number"), max_length=11, blank=True)
    municipality = models.CharField(_("municipality"), max_length=60)
    about_sv = models.TextField(blank=True)
    about_en = models.TextField(blank=True)
    contact_email = models.EmailField(blank=True)
    year_ends_in = models.PositiveSmallIntegerField(
        _("last month of the financial year"), default=12
    )
    is_energy_company = models.BooleanField(default=False)
    ledger = models.OneToOneField(
        Ledger, models.PROTECT, null=True, blank=True, related_name="organisation"
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="organisation_form_is_known",
                condition=Q(form__in=["ab", "ab-svb", "ek-for", "ideell", "grupp"]),
            ),
            models.CheckConstraint(
                name="organisation_year_ends_in_a_month",
                condition=Q(year_ends_in__gte=1, year_ends_in__lte=12),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The public page."""
        return reverse("organisation", args=[self.slug])


class Role(models.Model):
    """What a user may do, in one organisation or (administrator) everywhere; read every request."""

    class Kind(models.TextChoices):
        PROJECT_OWNER = "project-owner", _("Project owner")
        TREASURER = "treasurer", _("Treasurer")
        APPROVER = "approver", _("Approver")
        ORGANISER = "organiser", _("Organiser")
        REGISTER_KEEPER = "register-keeper", _("Register keeper")
        AUDITOR = "auditor", _("Auditor")
        ADMINISTRATOR = "administrator", _("Administrator")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="roles")
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="roles"
    )
    kind = models.CharField(max_length=16, choices=Kind)
    since = models.DateField(default=timezone.localdate)
    until = models.DateField(null=True, blank=True, help_text=_("Last day. Empty: still held."))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "kind"],
                condition=Q(until__isnull=True),
                name="role_held_once_at_a_time",
            ),
            models.CheckConstraint(
                name="role_everywhere_is_administrator_only",
                condition=Q(kind="administrator", organisation__isnull=True)
                | (~Q(kind="administrator") & Q(organisation__isnull=False)),
            ),
            models.CheckConstraint(
                name="role_ends_after_it_starts",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_kind_display()}"


class Setting(models.Model):
    """A rate, limit or threshold with the days it held and where it was read. Never a constant."""

    key = models.SlugField(max_length=60)
    valid_from = models.DateField()
    value = models.JSONField()
    source = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "valid_from"], name="setting_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.valid_from}"


class LegalReviewQuerySet(WordedQuerySet["LegalReview"]):
    """Legal reviews."""


class LegalReview(Worded):
    """Somebody has looked into a rule of law, with evidence. Append-only; it stands for a time."""

    class Decided(models.TextChoices):
        OK = "ok", _("Looked into: it is all right")
        NOT_OK = "not-ok", _("Not all right: do not go on")
        LAWYER = "needs-lawyer", _("A lawyer must look")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="legal_reviews")
    code = models.SlugField(max_length=30)
    looked_on = models.DateField()
    decided = models.CharField(max_length=12, choices=Decided)
    actor = models.CharField(max_length=60, help_text="Opaque: user:7.")
    at = models.DateTimeField(default=timezone.now)

    objects = LegalReviewQuerySet.as_manager()

    class Meta:
        db_table = "invest_gate"  # The first name it had; a table keeps its own.
        ordering = ["-looked_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="gate_rests_on_evidence", condition=~Q(words_commitment="")
            ),
            models.CheckConstraint(
                name="gate_decision_is_known",
                condition=Q(decided__in=["ok", "not-ok", "needs-lawyer"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.code} {self.decided}"

    @property
    def evidence(self) -> str:
        """What shows it."""
        return self.text
